import type { Component } from './components.ts';
import type { DeployContext } from './deployContext.ts';
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
  const type = { id, developerName: name, label, active };
  context.registry.put({ ...definition, recordTypes: [...types.filter((each) => each !== known), type] });
};

const checkValidationRule = ({ element }: Part): void => {
  for (const name of ['errorConditionFormula', 'errorMessage']) {
    if (textIn(element, name) === undefined) throw new ComponentProblem(`Required field is missing: ${name}`, element);
  }
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
  ValidationRule: (_context, part) => checkValidationRule(part),
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
