import type { FieldValue } from '../contract.ts';
import type { RowStore } from '../engine/rowStore.ts';
import { isPermissionable } from './defineField.ts';
import type { Access, FieldDefinition, ObjectDefinition, SchemaRegistry } from './definitions.ts';

type Rights = ReturnType<Access['object']>;
type Row = Readonly<Record<string, FieldValue>>;

const none: Rights = { read: false, create: false, edit: false, delete: false, viewAll: false, modifyAll: false };

/** Everything granted to one user, as the union of the profile's own set and the assigned sets. */
type Grants = {
  readonly permissions: ReadonlySet<string>;
  readonly objects: ReadonlyMap<string, Rights>;
  /** Objects on which every field may be read. */
  readonly allFields: ReadonlySet<string>;
  /** `account.phone` → read or edit. */
  readonly fields: ReadonlyMap<string, 'read' | 'edit'>;
};

const text = (value: FieldValue | undefined): string => (typeof value === 'string' ? value : '');

const assignmentCounts = (row: Row, now: number): boolean => {
  const expires = text(row['ExpirationDate']);
  return row['IsRevoked'] !== true && (expires === '' || Date.parse(expires) > now);
};

type Sets = {
  readonly readRow: (object: string, id: string) => Row | undefined;
  readonly find: (object: string, field: string, value: string) => readonly Row[];
};

const assignedSets = (store: Sets, userId: string, now: number): readonly string[] => {
  const assignments = store.find('PermissionSetAssignment', 'AssigneeId', userId);
  return assignments
    .filter((row) => assignmentCounts(row, now))
    .flatMap((row) => {
      const group = text(row['PermissionSetGroupId']);
      const set = text(row['PermissionSetId']);
      if (group === '') return [set];
      const members = store.find('PermissionSetGroupComponent', 'PermissionSetGroupId', group);
      return [set, ...members.map((member) => text(member['PermissionSetId']))];
    })
    .filter((id) => id !== '');
};

/** Ids of the permission sets that count for a user: the profile's own and those assigned, also through groups. */
export const setsOf = (store: Sets, userId: string, now: number): readonly string[] => {
  const profile = text(store.readRow('User', userId)?.['ProfileId']);
  const own = profile === '' ? [] : store.find('PermissionSet', 'ProfileId', profile).map((row) => text(row['Id']));
  return [...new Set([...own, ...assignedSets(store, userId, now)])];
};

const systemPermissions = (row: Row): readonly string[] =>
  Object.entries(row)
    .filter(([name, value]) => value === true && name.startsWith('Permissions'))
    .map(([name]) => name.slice('Permissions'.length));

const rightsOf = (row: Row): Rights => ({
  read: row['PermissionsRead'] === true,
  create: row['PermissionsCreate'] === true,
  edit: row['PermissionsEdit'] === true,
  delete: row['PermissionsDelete'] === true,
  viewAll: row['PermissionsViewAllRecords'] === true,
  modifyAll: row['PermissionsModifyAllRecords'] === true,
});

const either = (a: Rights, b: Rights): Rights => ({
  read: a.read || b.read,
  create: a.create || b.create,
  edit: a.edit || b.edit,
  delete: a.delete || b.delete,
  viewAll: a.viewAll || b.viewAll,
  modifyAll: a.modifyAll || b.modifyAll,
});

const grantsOf = (store: RowStore, userId: string, now: number): Grants => {
  const permissions = new Set<string>();
  const objects = new Map<string, Rights>();
  const allFields = new Set<string>();
  const fields = new Map<string, 'read' | 'edit'>();
  for (const set of setsOf(store, userId, now)) {
    for (const name of systemPermissions(store.readRow('PermissionSet', set) ?? {})) permissions.add(name);
    for (const row of store.find('ObjectPermissions', 'ParentId', set)) {
      const object = text(row['SobjectType']).toLowerCase();
      objects.set(object, either(objects.get(object) ?? none, rightsOf(row)));
      if (row['PermissionsViewAllFields'] === true) allFields.add(object);
    }
    for (const row of store.find('FieldPermissions', 'ParentId', set)) {
      const field = text(row['Field']).toLowerCase();
      if (row['PermissionsEdit'] === true) fields.set(field, 'edit');
      else if (row['PermissionsRead'] === true && !fields.has(field)) fields.set(field, 'read');
    }
  }
  return { permissions, objects, allFields, fields };
};

const all: Rights = { read: true, create: true, edit: true, delete: true, viewAll: true, modifyAll: true };

const administrative = (permissions: ReadonlySet<string>): Rights => {
  if (permissions.has('ModifyAllData')) return all;
  return permissions.has('ViewAllData') ? { ...none, read: true, viewAll: true } : none;
};

const openRights = (object: ObjectDefinition, permissions: ReadonlySet<string>): Rights => {
  const rule = object.access;
  if (rule?.readNeeds !== undefined && !permissions.has(rule.readNeeds)) return none;
  const write = rule?.writeNeeds === undefined || permissions.has(rule.writeNeeds);
  return { ...none, read: true, create: write, edit: write, delete: write };
};

/**
 * What a user may do, from the rows of PermissionSet (profile-owned and assigned, also through groups),
 * ObjectPermissions and FieldPermissions. View All Data and Modify All Data open objects but no field: field-level
 * security stays. Assignments past their ExpirationDate count for nothing.
 * Sources: https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_objectpermissions.htm
 * and …/sforce_api_objects_fieldpermissions.htm. The caller may keep the answer while no permission row
 * and no definition changes and no assignment expires; `now` in ms.
 */
export const computeAccess = (registry: SchemaRegistry, store: RowStore, userId: string, now: number): Access =>
  new GrantedAccess(registry, grantsOf(store, userId, now));

class GrantedAccess implements Access {
  readonly #registry: SchemaRegistry;
  readonly #grants: Grants;
  readonly #objects = new Map<string, Rights>();

  constructor(registry: SchemaRegistry, grants: Grants) {
    this.#registry = registry;
    this.#grants = grants;
  }

  has(permission: string): boolean {
    return this.#grants.permissions.has(permission);
  }

  object(object: string): Rights {
    const name = object.toLowerCase();
    const known = this.#objects.get(name);
    if (known !== undefined) return known;
    const rights = this.#compute(name);
    this.#objects.set(name, rights);
    return rights;
  }

  #compute(name: string): Rights {
    const object = this.#registry.object(name);
    if (object === undefined) return none;
    const governed = object.access?.governedBy ?? 'own';
    if (object.historyOf !== undefined) return this.#history(object.historyOf);
    if (governed === 'open') return openRights(object, this.#grants.permissions);
    if (typeof governed === 'object') return this.object(governed.parent);
    const granted = this.#grants.objects.get(name) ?? none;
    return either(granted, administrative(this.#grants.permissions));
  }

  /** History rows are read with the record and deleted by a permission of their own; nobody writes them. */
  #history(parent: string): Rights {
    const { read, viewAll } = this.object(parent);
    return { ...none, read, viewAll, delete: read && this.has('DeleteFieldHistory') };
  }

  field(object: string, field: string): { readonly read: boolean; readonly edit: boolean } {
    const rights = this.object(object);
    const definition = this.#registry.field(object, field);
    if (!rights.read || definition === undefined) return { read: false, edit: false };
    if (definition.mirrors !== undefined) return this.field(definition.mirrors.object, definition.mirrors.field);
    if (!isPermissionable(definition)) return { read: true, edit: rights.edit || rights.create };
    const level = this.#level(object, definition);
    if (level !== undefined) return { read: true, edit: level === 'edit' && (rights.edit || rights.create) };
    return { read: this.#seesAllFields(object), edit: false };
  }

  /** Components of a compound (a street of an address) have the compound's security. */
  #level(object: string, field: FieldDefinition): 'read' | 'edit' | undefined {
    const { fields } = this.#grants;
    const own = fields.get(`${object}.${field.name}`.toLowerCase());
    if (own !== undefined || field.compoundFieldName === undefined) return own;
    return fields.get(`${object}.${field.compoundFieldName}`.toLowerCase());
  }

  #seesAllFields(object: string): boolean {
    return this.#grants.allFields.has(object.toLowerCase()) || this.has('ViewAllFieldsGlobal');
  }
}
