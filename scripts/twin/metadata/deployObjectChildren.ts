import type { Component } from './components.ts';
import type { DeployContext } from './deployContext.ts';
import { applyValidationRule } from './checkFormulas.ts';
import { keep } from './keep.ts';
import { childTypes } from './metadataTypes.ts';
import { checkElements } from './fieldChecks.ts';
import { ComponentProblem } from './problem.ts';
import { childrenOf, textIn, type XmlElement } from './xmlTree.ts';

const typeByElement = new Map(
  [...childTypes].filter(([, child]) => child.parent === 'CustomObject').map(([type, child]) => [child.element, type]),
);

/** Whether an element of an object file is a component of its own (a field, a list view, …). */
export const isChildElement = (name: string): boolean => typeByElement.has(name);

type Part = { readonly object: string; readonly name: string; readonly element: XmlElement };

const checkListView = (context: DeployContext, { object, element }: Part): void => {
  if (textIn(element, 'label') === undefined) throw new ComponentProblem('Required field is missing: label', element);
  for (const column of childrenOf(element, 'columns')) {
    const name = column.text.trim();
    // Standard columns have codes of their own (NAME, CREATED_DATE); only custom ones are field names.
    if (!name.endsWith('__c') || context.registry.field(object, name) !== undefined) continue;
    throw new ComponentProblem(`Could not resolve list view column: ${name}`, column);
  }
};

const applyListView = (context: DeployContext, part: Part): void => {
  checkListView(context, part);
  const row = { Name: textIn(part.element, 'label') ?? part.name, DeveloperName: part.name, SobjectType: part.object };
  const known = context.store
    .find('ListView', 'DeveloperName', part.name)
    .find((candidate) => candidate['SobjectType'] === part.object);
  if (known === undefined) context.store.insertRaw('ListView', { ...row, IsSoqlCompatible: true });
  else context.store.updateRaw('ListView', String(known['Id']), row);
};

/** The values each picklist offers to records of a type; undefined when the file says nothing about any. */
const offeredValues = (
  context: DeployContext,
  object: string,
  element: XmlElement,
): Readonly<Record<string, readonly string[]>> | undefined => {
  const lists = childrenOf(element, 'picklistValues').map((list) => {
    const name = textIn(list, 'picklist') ?? '';
    const field = context.registry.field(object, name);
    if (field === undefined) throw new ComponentProblem(`Picklist ${name} does not exist on ${object}`, list);
    // Metadata writes the separators of labels as %3B and the like.
    const values = childrenOf(list, 'values').map((value) => decodeURIComponent(textIn(value, 'fullName') ?? ''));
    return [field.name, values] as const;
  });
  return lists.length === 0 ? undefined : Object.fromEntries(lists);
};

const applyRecordType = (context: DeployContext, { object, name, element }: Part): void => {
  const definition = context.registry.object(object);
  if (definition === undefined) throw new ComponentProblem('Parent entity failed to deploy', element);
  const types = definition.recordTypes ?? [];
  const known = types.find((type) => type.developerName === name);
  const label = textIn(element, 'label');
  if (label === undefined) throw new ComponentProblem('Required field is missing: label', element);
  const active = textIn(element, 'active') !== 'false';
  const row = { Name: label, DeveloperName: name, SobjectType: object, IsActive: active };
  const id = known?.id ?? context.store.insertRaw('RecordType', { ...row, CreatedById: context.userId });
  if (known !== undefined) context.store.updateRaw('RecordType', id, row);
  const description = textIn(element, 'description');
  const offered = offeredValues(context, object, element);
  const type = {
    id,
    developerName: name,
    label,
    active,
    ...(description === undefined ? {} : { description }),
    ...(known?.person === undefined ? {} : { person: known.person }),
    ...(offered === undefined ? {} : { picklistValues: offered }),
  };
  context.registry.put({ ...definition, recordTypes: [...types.filter((each) => each !== known), type] });
};

const checkFieldSet = (context: DeployContext, { object, element }: Part): void => {
  for (const item of [...childrenOf(element, 'displayedFields'), ...childrenOf(element, 'availableFields')]) {
    const name = textIn(item, 'field') ?? '';
    if (name.includes('.') || context.registry.field(object, name) !== undefined) continue;
    throw new ComponentProblem(`In field: field - no CustomField named ${object}.${name} found`, item);
  }
};

const appliers: Readonly<Record<string, (context: DeployContext, part: Part) => void>> = {
  ListView: applyListView,
  RecordType: applyRecordType,
  ValidationRule: applyValidationRule,
  FieldSet: checkFieldSet,
};

/** A part of an object other than a field: applied or checked where the twin knows how, and kept. */
export const deployChild = (context: DeployContext, component: Component, element: XmlElement): void => {
  const type = typeByElement.get(element.name) ?? '';
  const name = textIn(element, 'fullName') ?? '';
  const child = { type, fullName: `${component.fullName}.${name}`, fileName: component.fileName };
  context.report.attempt(child, () => {
    if (name === '') throw new ComponentProblem('Required field is missing: fullName', element);
    checkElements(type, element);
    appliers[type]?.(context, { object: component.fullName, name, element });
    keep(context, { ...child, element });
  });
};
