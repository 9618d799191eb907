import { isFilterOperation } from '../engine/filterItems.ts';
import { filterLogic } from '../engine/filterLogic.ts';
import type {
  DuplicateAction,
  DuplicateRuleDefinition,
  MatchingRuleDefinition,
} from '../schema/duplicateDefinitions.ts';
import type { ObjectDefinition } from '../schema/definitions.ts';
import type { Component } from './components.ts';
import { named, type DeployContext } from './deployContext.ts';
import { checkElements } from './fieldChecks.ts';
import { keep } from './keep.ts';
import { ComponentProblem, notEmulatedComponent } from './problem.ts';
import { childOf, childrenOf, flagIn, parseXml, textIn, type XmlElement } from './xmlTree.ts';

const rootOf = (component: Component, name: string): XmlElement => {
  const root = parseXml(component.files[0]?.content ?? new Uint8Array());
  if (root.name === name) return root;
  throw new ComponentProblem(`The root element of this file is ${name}, not ${root.name}`, root);
};

const need = (element: XmlElement, name: string): string => {
  const text = textIn(element, name);
  if (text === undefined) throw new ComponentProblem(`Required field is missing: ${name}`, element);
  return text;
};

const requireObject = (context: DeployContext, name: string, place: XmlElement): ObjectDefinition => {
  const object = context.registry.object(name);
  if (object === undefined)
    throw new ComponentProblem(`In field: sobjectType - no CustomObject named ${name} found`, place);
  return object;
};

const readLogic = (place: XmlElement, conditions: number): { readonly logic?: string } => {
  const logic = textIn(place, 'booleanFilter');
  if (filterLogic(logic, conditions) === undefined)
    throw new ComponentProblem(`Invalid boolean filter: ${logic ?? ''}`, place);
  return logic === undefined ? {} : { logic };
};

const fieldName = (context: DeployContext, object: string, name: string, place: XmlElement): string => {
  const field = context.registry.field(object, name);
  if (field !== undefined) return field.name;
  throw new ComponentProblem(`In field: fieldName - no CustomField named ${object}.${name} found`, place);
};

const matchingItem = (
  context: DeployContext,
  object: string,
  item: XmlElement,
): MatchingRuleDefinition['items'][number] => {
  const method = need(item, 'matchingMethod');
  if (method !== 'Exact') throw notEmulatedComponent(`matching method ${method}`, item);
  return {
    field: fieldName(context, object, need(item, 'fieldName'), item),
    blanksMatch: textIn(item, 'blankValueBehavior') === 'MatchBlanks',
  };
};

const matchingRuleOf = (context: DeployContext, object: string, rule: XmlElement): MatchingRuleDefinition => {
  const developerName = need(rule, 'fullName');
  const items = childrenOf(rule, 'matchingRuleItems').map((item) => matchingItem(context, object, item));
  return {
    developerName,
    label: textIn(rule, 'label') ?? developerName,
    active: need(rule, 'ruleStatus') === 'Active',
    ...readLogic(rule, items.length),
    items,
  };
};

/**
 * `matchingRules/Contact.matchingRule`: the matching rules of one object. Only the method Exact is taken; the fuzzy ones
 * are refused by name, and so are the standard rules, which are made of them.
 */
export const deployMatchingRules = (context: DeployContext, component: Component): void => {
  context.report.attempt(named(component), () => {
    const root = rootOf(component, 'MatchingRules');
    const object = requireObject(context, component.fullName, root);
    const rules = childrenOf(root, 'matchingRules').map((rule) => matchingRuleOf(context, object.name, rule));
    const names = new Set(rules.map((rule) => rule.developerName));
    const kept = (object.matchingRules ?? []).filter((rule) => !names.has(rule.developerName));
    context.registry.put({ ...object, matchingRules: [...kept, ...rules] });
    keep(context, { ...named(component), element: root });
    for (const rule of childrenOf(root, 'matchingRules')) {
      const fullName = `${object.name}.${need(rule, 'fullName')}`;
      keep(context, { type: 'MatchingRule', fullName, fileName: component.fileName, element: rule });
    }
  });
};

const actionOf = (root: XmlElement, on: 'Insert' | 'Update'): DuplicateAction => {
  const action = need(root, `actionOn${on}`);
  if (action !== 'Allow' && action !== 'Block') {
    throw new ComponentProblem(`'${action}' is not a valid value for the enum 'DupeActionType'`, root);
  }
  const operations = childrenOf(root, `operationsOn${on}`).map((operation) => operation.text.trim().toLowerCase());
  const allows = action === 'Allow';
  return {
    block: !allows,
    alert: allows && operations.includes('alert'),
    report: allows && operations.includes('report'),
  };
};

const filterOf = (
  context: DeployContext,
  object: string,
  root: XmlElement,
): Pick<DuplicateRuleDefinition, 'filter'> => {
  const source = childOf(root, 'duplicateRuleFilter');
  if (source === undefined || source.attributes['xsi:nil'] === 'true') return {};
  const elements = [...childrenOf(source, 'duplicateRuleFilterItems')].sort(
    (a, b) => Number(textIn(a, 'sortOrder') ?? 0) - Number(textIn(b, 'sortOrder') ?? 0),
  );
  const items = elements.map((item) => {
    const operation = need(item, 'operation');
    if (!isFilterOperation(operation)) throw notEmulatedComponent(`duplicate rule filter operation ${operation}`, item);
    const table = textIn(item, 'table') ?? object;
    if (table !== object && table !== 'User') throw notEmulatedComponent(`duplicate rule filter on ${table}`, item);
    return {
      table,
      field: fieldName(context, table, need(item, 'field'), item),
      operation,
      value: textIn(item, 'value') ?? '',
    };
  });
  return items.length === 0 ? {} : { filter: { ...readLogic(source, items.length), items } };
};

const matchOf = (context: DeployContext, match: XmlElement): DuplicateRuleDefinition['matches'][number] => {
  const object = requireObject(context, need(match, 'matchRuleSObjectType'), match);
  const rule = need(match, 'matchingRule');
  if (!(object.matchingRules ?? []).some((one) => one.developerName === rule)) {
    if (rule.startsWith('Standard_')) throw notEmulatedComponent(`standard matching rule ${rule}`, match);
    throw new ComponentProblem(`In field: matchingRule - no MatchingRule named ${object.name}.${rule} found`, match);
  }
  const mapping = childOf(match, 'objectMapping');
  const fields = mapping === undefined ? [] : childrenOf(mapping, 'mappingFields');
  return {
    object: object.name,
    rule,
    mapping: Object.fromEntries(fields.map((field) => [need(field, 'outputField'), need(field, 'inputField')])),
  };
};

const rowOf = (context: DeployContext, rule: Omit<DuplicateRuleDefinition, 'id'>, object: string): string => {
  const row = {
    DeveloperName: rule.developerName,
    MasterLabel: rule.label,
    SobjectType: object,
    IsActive: rule.active,
    Language: 'en_US',
  };
  const known = context.store
    .find('DuplicateRule', 'DeveloperName', rule.developerName)
    .find((candidate) => candidate['SobjectType'] === object);
  if (known === undefined) return context.store.insertRaw('DuplicateRule', { ...row, CreatedById: context.userId });
  context.store.updateRaw('DuplicateRule', String(known['Id']), row);
  return String(known['Id']);
};

const duplicateRuleOf = (
  context: DeployContext,
  object: ObjectDefinition,
  developerName: string,
  root: XmlElement,
): DuplicateRuleDefinition => {
  const alertText = textIn(root, 'alertText');
  const rule = {
    developerName,
    label: need(root, 'masterLabel'),
    active: flagIn(root, 'isActive'),
    sortOrder: Number(need(root, 'sortOrder')),
    ...(alertText === undefined ? {} : { alertText }),
    onInsert: actionOf(root, 'Insert'),
    onUpdate: actionOf(root, 'Update'),
    enforcesSharing: need(root, 'securityOption') === 'EnforceSharingRules',
    ...filterOf(context, object.name, root),
    matches: childrenOf(root, 'duplicateRuleMatchRules').map((match) => matchOf(context, match)),
  };
  return { ...rule, id: rowOf(context, rule, object.name) };
};

/** `duplicateRules/Contact.Same_Email.duplicateRule`. */
export const deployDuplicateRule = (context: DeployContext, component: Component): void => {
  context.report.attempt(named(component), () => {
    const root = rootOf(component, 'DuplicateRule');
    checkElements('DuplicateRule', root);
    const dot = component.fullName.indexOf('.');
    const object = requireObject(context, component.fullName.slice(0, Math.max(dot, 0)), root);
    const rule = duplicateRuleOf(context, object, component.fullName.slice(dot + 1), root);
    const kept = (object.duplicateRules ?? []).filter((one) => one.developerName !== rule.developerName);
    context.registry.put({ ...object, duplicateRules: [...kept, rule] });
    keep(context, { ...named(component), element: root });
  });
};
