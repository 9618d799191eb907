import type { RowStore } from '../engine/rowStore.ts';
import { isPermissionable } from './defineField.ts';
import type { FieldDefinition, ObjectDefinition, SchemaRegistry } from './definitions.ts';
import type { OrgProfile } from './orgFile.ts';

/** Objects with ObjectPermissions rows of their own. */
export const isGoverned = (object: ObjectDefinition): boolean =>
  (object.access?.governedBy ?? 'own') === 'own' && object.historyOf === undefined && object.tooling !== true;

/** Components follow their compound, so that FieldPermissions has a row for `MailingAddress` and none for its parts. */
export const hasOwnFieldPermissions = (field: FieldDefinition): boolean =>
  isPermissionable(field) && (field.compoundFieldName === undefined || field.compoundFieldName === field.name);

/** `{ PermissionsModifyAllData: true, … }` */
export const permissionColumns = (permissions: readonly string[]): Record<string, boolean> =>
  Object.fromEntries(permissions.map((name) => [`Permissions${name}`, true]));

const rightsRow = (parent: string, object: string, letters: string): Record<string, string | boolean> => ({
  ParentId: parent,
  SobjectType: object,
  PermissionsCreate: letters.includes('c'),
  PermissionsRead: letters.includes('r'),
  PermissionsEdit: letters.includes('e'),
  PermissionsDelete: letters.includes('d'),
  PermissionsViewAllRecords: letters.includes('v'),
  PermissionsModifyAllRecords: letters.includes('m'),
  PermissionsViewAllFields: false,
});

const lettersFor = (profile: OrgProfile, object: ObjectDefinition): string =>
  profile.objects[object.name] ?? profile.objects['*'] ?? '';

const writable = (field: FieldDefinition): boolean => field.createable || field.updateable || isCompound(field);

const isCompound = (field: FieldDefinition): boolean => field.type === 'address' || field.type === 'location';

const withheld = (registry: SchemaRegistry, profile: OrgProfile): string | undefined =>
  (profile.withoutFirstOf ?? []).find((path) => {
    const [object, field] = path.split('.');
    return object !== undefined && field !== undefined && registry.field(object, field) !== undefined;
  });

const FIELD_COLUMNS = ['ParentId', 'SobjectType', 'Field', 'PermissionsRead', 'PermissionsEdit'];

/** Thousands of rows at every boot: as values, without a record of names for each. */
const seedFields = (store: RowStore, object: ObjectDefinition, set: string, hidden: string | undefined): void => {
  for (const field of object.fields) {
    if (!hasOwnFieldPermissions(field)) continue;
    const path = `${object.name}.${field.name}`;
    if (path === hidden) continue;
    store.insertValues('FieldPermissions', FIELD_COLUMNS, [set, object.name, path, true, writable(field)]);
  }
};

/** Writes the ObjectPermissions and FieldPermissions of a profile's own permission set. */
export const seedProfilePermissions = (
  registry: SchemaRegistry,
  store: RowStore,
  profile: OrgProfile,
  set: string,
): void => {
  const hidden = withheld(registry, profile);
  for (const object of registry.objects()) {
    const letters = isGoverned(object) ? lettersFor(profile, object) : '';
    if (letters !== '') store.insertRaw('ObjectPermissions', rightsRow(set, object.name, letters));
    if (profile.fields === 'all' && (letters !== '' || !isGoverned(object))) seedFields(store, object, set, hidden);
  }
};
