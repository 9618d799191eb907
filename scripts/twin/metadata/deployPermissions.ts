import type { FieldValue } from '../contract.ts';
import type { RowStore } from '../engine/rowStore.ts';
import { isPermissionable } from '../schema/defineField.ts';
import { isGoverned } from '../schema/seedPermissions.ts';
import type { Component } from './components.ts';
import { named, type DeployContext } from './deployContext.ts';
import { checkElements } from './fieldChecks.ts';
import { keep } from './keep.ts';
import { isUserPermission } from './metadataTypes.ts';
import { checkReferences } from './permissionReferences.ts';
import { ComponentProblem } from './problem.ts';
import { childrenOf, flagIn, parseXml, textIn, type XmlElement } from './xmlTree.ts';

type Row = Record<string, FieldValue>;

const OBJECT_RIGHTS: readonly (readonly [string, string, string])[] = [
  ['allowCreate', 'PermissionsCreate', 'Create'],
  ['allowRead', 'PermissionsRead', 'Read'],
  ['allowEdit', 'PermissionsEdit', 'Edit'],
  ['allowDelete', 'PermissionsDelete', 'Delete'],
  ['viewAllRecords', 'PermissionsViewAllRecords', 'View All'],
  ['modifyAllRecords', 'PermissionsModifyAllRecords', 'Modify All'],
];

/** What each right cannot be without. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  allowCreate: ['allowRead'],
  allowEdit: ['allowRead'],
  allowDelete: ['allowRead', 'allowEdit'],
  viewAllRecords: ['allowRead'],
  modifyAllRecords: ['allowRead', 'allowEdit', 'allowDelete', 'viewAllRecords'],
};

const wordOf = (right: string): string => OBJECT_RIGHTS.find(([name]) => name === right)?.[2] ?? right;

const checkRights = (element: XmlElement, object: string): void => {
  for (const [right, , word] of OBJECT_RIGHTS) {
    if (!flagIn(element, right)) continue;
    const missing = (NEEDS[right] ?? []).filter((need) => !flagIn(element, need));
    if (missing.length === 0) continue;
    const wanted = missing.map((need) => `${wordOf(need)} ${object}`).join(', ');
    throw new ComponentProblem(`Permission ${word} ${object} depends on permission(s): ${wanted}`, element);
  }
};

const objectRow = (context: DeployContext, element: XmlElement): Row => {
  const name = textIn(element, 'object') ?? '';
  const object = context.registry.object(name);
  if (object === undefined || !isGoverned(object)) {
    throw new ComponentProblem(`In field: field - no CustomObject named ${name} found`, element);
  }
  checkRights(element, object.name);
  return {
    SobjectType: object.name,
    PermissionsViewAllFields: flagIn(element, 'viewAllFields'),
    ...Object.fromEntries(OBJECT_RIGHTS.map(([right, column]) => [column, flagIn(element, right)])),
  };
};

const fieldRow = (context: DeployContext, element: XmlElement): Row => {
  const path = textIn(element, 'field') ?? '';
  const [objectName = '', fieldName = ''] = path.split('.');
  const object = context.registry.object(objectName);
  const field = context.registry.field(objectName, fieldName) ?? context.registry.field(objectName, `${fieldName}Id`);
  if (object === undefined || field === undefined) {
    throw new ComponentProblem(`In field: field - no CustomField named ${path} found`, element);
  }
  if (!isPermissionable(field)) throw new ComponentProblem(`You cannot deploy to a required field: ${path}`, element);
  const editable = flagIn(element, 'editable');
  return {
    SobjectType: object.name,
    Field: `${object.name}.${field.name}`,
    PermissionsRead: editable || flagIn(element, 'readable'),
    PermissionsEdit: editable && (field.createable || field.updateable || field.type === 'address'),
  };
};

/** Columns of the PermissionSet row. Permissions that the twin does not model are kept in the file alone. */
const systemColumns = (context: DeployContext, root: XmlElement): Row => {
  const columns: Row = {};
  for (const element of childrenOf(root, 'userPermissions')) {
    const name = textIn(element, 'name') ?? '';
    if (!isUserPermission(name)) throw new ComponentProblem(`Unknown user permission: ${name}`, element);
    if (context.registry.field('PermissionSet', `Permissions${name}`) !== undefined) {
      columns[`Permissions${name}`] = flagIn(element, 'enabled');
    }
  }
  return columns;
};

const noPermissions = (context: DeployContext): Row =>
  Object.fromEntries(
    (context.registry.object('PermissionSet')?.fields ?? [])
      .filter((field) => field.name.startsWith('Permissions') && field.type === 'boolean')
      .map((field) => [field.name, false]),
  );

const replaceChildren = (store: RowStore, object: string, parent: string, rows: readonly Row[]): void => {
  for (const row of store.find(object, 'ParentId', parent)) store.removeRaw(object, String(row['Id']));
  for (const row of rows) store.insertRaw(object, { ...row, ParentId: parent });
};

/** Custom permissions that the file names are given or taken away; others stay as they are. */
const saveCustomPermissions = ({ store }: DeployContext, parent: string, root: XmlElement): void => {
  for (const element of childrenOf(root, 'customPermissions')) {
    const permission = store.find('CustomPermission', 'DeveloperName', textIn(element, 'name') ?? '')[0];
    if (permission === undefined) continue;
    const id = String(permission['Id']);
    const given = store.find('SetupEntityAccess', 'SetupEntityId', id).find((row) => row['ParentId'] === parent);
    if (flagIn(element, 'enabled') === (given !== undefined)) continue;
    if (given !== undefined) store.removeRaw('SetupEntityAccess', String(given['Id']));
    else
      store.insertRaw('SetupEntityAccess', {
        ParentId: parent,
        SetupEntityId: id,
        SetupEntityType: 'CustomPermission',
      });
  }
};

const saveSet = (context: DeployContext, name: string, root: XmlElement, columns: Row): string => {
  const { store, userId } = context;
  const row: Row = {
    Name: name,
    Label: textIn(root, 'label') ?? name,
    Description: textIn(root, 'description') ?? null,
    ...noPermissions(context),
    ...columns,
  };
  const known = store.find('PermissionSet', 'Name', name).find((each) => each['IsOwnedByProfile'] !== true);
  if (known !== undefined) {
    const id = String(known['Id']);
    store.updateRaw('PermissionSet', id, { ...row, LastModifiedById: userId });
    return id;
  }
  const made = { CreatedById: userId, LastModifiedById: userId };
  return store.insertRaw('PermissionSet', {
    ...row,
    ...made,
    IsOwnedByProfile: false,
    IsCustom: true,
    Type: 'Regular',
  });
};

const grants = (row: Row): boolean =>
  Object.entries(row).some(([name, value]) => name.startsWith('Permissions') && value === true);

/** A permission set replaces what the org had under its name: its row, object and field permissions. */
export const deployPermissionSet = (context: DeployContext, component: Component): void => {
  context.report.attempt(named(component), () => {
    const root = parseXml(component.files[0]?.content ?? new Uint8Array());
    checkElements('PermissionSet', root);
    if (textIn(root, 'label') === undefined) throw new ComponentProblem('Required field is missing: label', root);
    checkReferences(context, root);
    const objects = childrenOf(root, 'objectPermissions').map((element) => objectRow(context, element));
    const fields = childrenOf(root, 'fieldPermissions').map((element) => fieldRow(context, element));
    const known = context.store.find('PermissionSet', 'Name', component.fullName).length > 0;
    const id = saveSet(context, component.fullName, root, systemColumns(context, root));
    replaceChildren(context.store, 'ObjectPermissions', id, objects.filter(grants));
    replaceChildren(context.store, 'FieldPermissions', id, fields.filter(grants));
    replaceChildren(context.store, 'SetupEntityAccess', id, []);
    saveCustomPermissions(context, id, root);
    keep(context, { ...named(component), element: root }, known);
  });
};

/** Names of standard profiles in metadata. */
const profileNames: Readonly<Record<string, string>> = { Admin: 'System Administrator', Standard: 'Standard User' };

const keyOf: Readonly<Record<string, string>> = { ObjectPermissions: 'SobjectType', FieldPermissions: 'Field' };

const mergeRows = (store: RowStore, object: string, parent: string, rows: readonly Row[]): void => {
  const key = keyOf[object] ?? 'Id';
  const known = new Map(store.find(object, 'ParentId', parent).map((row) => [row[key], String(row['Id'])]));
  for (const row of rows) {
    const id = known.get(row[key] ?? null);
    if (id === undefined) store.insertRaw(object, { ...row, ParentId: parent });
    else store.updateRaw(object, id, row);
  }
};

/** A profile file says only what it changes; profiles that the org lacks are not made. */
export const deployProfile = (context: DeployContext, component: Component): void => {
  const { store } = context;
  context.report.attempt(named(component), () => {
    const root = parseXml(component.files[0]?.content ?? new Uint8Array());
    checkElements('Profile', root);
    const profile = store.find('Profile', 'Name', profileNames[component.fullName] ?? component.fullName)[0];
    const set = profile === undefined ? undefined : store.find('PermissionSet', 'ProfileId', profile['Id'] ?? null)[0];
    if (set === undefined) throw new ComponentProblem(`NOT_EMULATED: creation of profile ${component.fullName}`, root);
    checkReferences(context, root);
    const id = String(set['Id']);
    const objects = childrenOf(root, 'objectPermissions').map((element) => objectRow(context, element));
    const fields = childrenOf(root, 'fieldPermissions').map((element) => fieldRow(context, element));
    store.updateRaw('PermissionSet', id, systemColumns(context, root));
    mergeRows(store, 'ObjectPermissions', id, objects);
    mergeRows(store, 'FieldPermissions', id, fields);
    saveCustomPermissions(context, id, root);
    keep(context, { ...named(component), element: root }, true);
  });
};
