import type { DeployContext } from './deployContext.ts';
import type { Manifest } from './manifest.ts';
import { childTypes, metadataTypes } from './metadataTypes.ts';
import { removeValidationRule } from './checkFormulas.ts';
import { ComponentProblem } from './problem.ts';

type Remover = (context: DeployContext, fullName: string) => boolean;

const notFound = (type: string, fullName: string): ComponentProblem =>
  new ComponentProblem(`No ${type} named: ${fullName} found`);

const dropPermissions = (context: DeployContext, object: string, field: string | undefined): void => {
  const { store } = context;
  for (const row of store.find('FieldPermissions', 'SobjectType', object)) {
    if (field === undefined || row['Field'] === `${object}.${field}`)
      store.removeRaw('FieldPermissions', String(row['Id']));
  }
  if (field !== undefined) return;
  for (const row of store.find('ObjectPermissions', 'SobjectType', object)) {
    store.removeRaw('ObjectPermissions', String(row['Id']));
  }
};

/** Lookups from elsewhere keep an object from being deleted. */
const removeObject: Remover = (context, fullName) => {
  const object = context.registry.object(fullName);
  if (object?.custom !== true) return false;
  const user = context.registry
    .children(object.name)
    .find(
      (child) =>
        child.childObject !== object.name && !child.childObject.endsWith('History') && isCustomLookup(context, child),
    );
  if (user !== undefined) {
    throw new ComponentProblem(
      `This custom object is referenced elsewhere in salesforce.com. Remove the usage and try again. : Custom Field - ${user.childObject}.${user.field}`,
    );
  }
  for (const row of context.store.iterate(object.name)) context.store.removeRaw(object.name, String(row['Id']));
  dropPermissions(context, object.name, undefined);
  for (const type of ['CustomField', ...childTypes.keys()]) {
    for (const child of context.state.all(type)) {
      if (child.fullName.toLowerCase().startsWith(`${fullName.toLowerCase()}.`))
        context.state.remove(type, child.fullName);
    }
  }
  context.registry.remove(object.name);
  return true;
};

const isCustomLookup = (
  context: DeployContext,
  child: { readonly childObject: string; readonly field: string },
): boolean => context.registry.field(child.childObject, child.field)?.custom === true;

const removeField: Remover = (context, fullName) => {
  const [objectName = '', fieldName = ''] = fullName.split('.');
  const targets = objectName === 'Activity' ? ['Task', 'Event'] : [objectName];
  let found = false;
  for (const target of targets) {
    const object = context.registry.object(target);
    const field = context.registry.field(target, fieldName);
    if (object === undefined || field?.custom !== true) continue;
    const gone = new Set([
      field.name,
      ...object.fields.filter((each) => each.compoundFieldName === field.name).map((each) => each.name),
    ]);
    context.registry.put({ ...object, fields: object.fields.filter((each) => !gone.has(each.name)) });
    dropPermissions(context, object.name, field.name);
    found = true;
  }
  return found;
};

const removePermissionSet: Remover = ({ store }, fullName) => {
  const row = store.find('PermissionSet', 'Name', fullName).find((each) => each['IsOwnedByProfile'] !== true);
  if (row === undefined) return false;
  const id = String(row['Id']);
  if (store.find('PermissionSetAssignment', 'PermissionSetId', id).length > 0) {
    throw new ComponentProblem(
      `The permission set ${fullName} can't be deleted because it's assigned to one or more users. Remove the assignments and try again.`,
    );
  }
  for (const object of ['ObjectPermissions', 'FieldPermissions']) {
    for (const child of store.find(object, 'ParentId', id)) store.removeRaw(object, String(child['Id']));
  }
  return store.removeRaw('PermissionSet', id);
};

const removeRow =
  (object: string, field: string): Remover =>
  ({ store }, fullName) => {
    const name = fullName.split('.').at(-1) ?? fullName;
    const row = store.find(object, field, name)[0];
    return row !== undefined && store.removeRaw(object, String(row['Id']));
  };

const removeRecordType: Remover = (context, fullName) => {
  const [objectName = '', name = ''] = fullName.split('.');
  const object = context.registry.object(objectName);
  const type = object?.recordTypes?.find((each) => each.developerName === name);
  if (object === undefined || type === undefined) return false;
  context.store.removeRaw('RecordType', type.id);
  context.registry.put({ ...object, recordTypes: (object.recordTypes ?? []).filter((each) => each !== type) });
  return true;
};

const removeDuplicateRule: Remover = (context, fullName) => {
  const [objectName = '', name = ''] = fullName.split('.');
  const object = context.registry.object(objectName);
  const rule = object?.duplicateRules?.find((each) => each.developerName === name);
  if (object === undefined || rule === undefined) return false;
  context.store.removeRaw('DuplicateRule', rule.id);
  context.registry.put({ ...object, duplicateRules: (object.duplicateRules ?? []).filter((each) => each !== rule) });
  return true;
};

/** A matching rule that a duplicate rule uses stays, in the platform's order of things. */
const removeMatchingRule: Remover = (context, fullName) => {
  const [objectName = '', name = ''] = fullName.split('.');
  const object = context.registry.object(objectName);
  const rule = object?.matchingRules?.find((each) => each.developerName === name);
  if (object === undefined || rule === undefined) return false;
  const user = context.registry
    .objects()
    .flatMap((each) => each.duplicateRules ?? [])
    .find((each) => each.matches.some((match) => match.object === object.name && match.rule === name));
  if (user !== undefined) {
    throw new ComponentProblem(`This matching rule is referenced elsewhere: Duplicate Rule - ${user.developerName}`);
  }
  context.registry.put({ ...object, matchingRules: (object.matchingRules ?? []).filter((each) => each !== rule) });
  return true;
};

const removers: Readonly<Record<string, Remover>> = {
  CustomObject: removeObject,
  CustomField: removeField,
  PermissionSet: removePermissionSet,
  RecordType: removeRecordType,
  DuplicateRule: removeDuplicateRule,
  MatchingRule: removeMatchingRule,
  ValidationRule: removeValidationRule,
  ListView: removeRow('ListView', 'DeveloperName'),
  CustomPermission: removeRow('CustomPermission', 'DeveloperName'),
  CustomLabel: removeRow('ExternalString', 'Name'),
  Flow: removeRow('FlowDefinitionView', 'ApiName'),
};

const removeOne = (context: DeployContext, type: string, fullName: string): void => {
  if (fullName === '*') throw new ComponentProblem('Wildcards are not supported in destructive changes');
  if (!metadataTypes.has(type) && !childTypes.has(type)) {
    throw new ComponentProblem(`NOT_EMULATED: deletion of metadata type ${type}`);
  }
  const applied = removers[type]?.(context, fullName) ?? false;
  const stored = context.state.get(type, fullName);
  context.state.remove(type, fullName);
  if (!applied && stored === undefined) throw notFound(type, fullName);
};

/** Children go before their parents, permission sets before what they name. */
const rank = (type: string): number => {
  if (type === 'PermissionSet' || type === 'CustomApplication' || type === 'FlexiPage') return 0;
  if (type === 'CustomObject') return 3;
  return type === 'CustomField' ? 2 : 1;
};

/** Deletes what a destructive manifest names; what the org does not have is a warning, as on the platform. */
export const destroy = (context: DeployContext, manifest: Manifest, fileName: string): void => {
  const sorted = [...manifest].sort((a, b) => rank(a.type) - rank(b.type));
  for (const { type, members } of sorted) {
    for (const fullName of members) {
      const component = { type, fullName, fileName };
      context.report.attempt(component, () => {
        removeOne(context, type, fullName);
        context.report.succeed({ ...component, id: '' }, { created: false, changed: true });
      });
    }
  }
};
