import type { RowStore } from '../engine/rowStore.ts';
import { element, rootElement, type XmlElement } from './xmlTree.ts';

const flag = (name: string, value: unknown): XmlElement => element(name, String(value === true));

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const fieldElements = (store: RowStore, set: string): readonly XmlElement[] =>
  store
    .find('FieldPermissions', 'ParentId', set)
    .map((row) =>
      element('fieldPermissions', [
        flag('editable', row['PermissionsEdit']),
        element('field', text(row['Field'])),
        flag('readable', row['PermissionsRead']),
      ]),
    );

const objectElements = (store: RowStore, set: string): readonly XmlElement[] =>
  store
    .find('ObjectPermissions', 'ParentId', set)
    .map((row) =>
      element('objectPermissions', [
        flag('allowCreate', row['PermissionsCreate']),
        flag('allowDelete', row['PermissionsDelete']),
        flag('allowEdit', row['PermissionsEdit']),
        flag('allowRead', row['PermissionsRead']),
        flag('modifyAllRecords', row['PermissionsModifyAllRecords']),
        element('object', text(row['SobjectType'])),
        flag('viewAllFields', row['PermissionsViewAllFields']),
        flag('viewAllRecords', row['PermissionsViewAllRecords']),
      ]),
    );

const systemElements = (row: Readonly<Record<string, unknown>>): readonly XmlElement[] =>
  Object.entries(row)
    .filter(([name, value]) => name.startsWith('Permissions') && value === true)
    .map(([name]) =>
      element('userPermissions', [element('enabled', 'true'), element('name', name.slice('Permissions'.length))]),
    );

/** A permission set as the org has it now, from its rows (whatever changed since it was deployed included). */
export const permissionSetToXml = (store: RowStore, name: string): XmlElement | undefined => {
  const row = store.find('PermissionSet', 'Name', name).find((each) => each['IsOwnedByProfile'] !== true);
  if (row === undefined) return undefined;
  const id = text(row['Id']);
  const description = text(row['Description']);
  return rootElement('PermissionSet', [
    ...(description === '' ? [] : [element('description', description)]),
    ...fieldElements(store, id),
    element('label', text(row['Label'])),
    ...objectElements(store, id),
    ...systemElements(row),
  ]);
};

/** A profile's permissions as the org has them now. */
export const profileToXml = (store: RowStore, name: string): XmlElement | undefined => {
  const profile = store.find('Profile', 'Name', name)[0];
  const set = profile === undefined ? undefined : store.find('PermissionSet', 'ProfileId', profile['Id'] ?? null)[0];
  if (set === undefined) return undefined;
  const id = text(set['Id']);
  return rootElement('Profile', [
    element('custom', 'false'),
    ...fieldElements(store, id),
    ...objectElements(store, id),
    ...systemElements(set),
  ]);
};
