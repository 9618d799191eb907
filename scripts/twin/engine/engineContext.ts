import { TwinError, type Session } from '../contract.ts';
import type { Access, FieldDefinition, ObjectDefinition, SchemaRegistry } from '../schema/definitions.ts';
import { refuseKnownObject } from '../schema/notEmulatedObjects.ts';
import { requireId } from './ids.ts';
import type { Journal } from './journal.ts';
import type { PlatformRules } from './platformRules.ts';
import type { RowStore } from './rowStore.ts';

/** What every part of the engine works with. */
export type EngineContext = {
  readonly registry: SchemaRegistry;
  readonly store: RowStore;
  readonly journal: Journal;
  readonly rules: PlatformRules;
  readonly clock: { now(): number };
  readonly orgId: string;
  /** What the user may do; computed again whenever permission rows or the schema changed. */
  readonly accessOf: (userId: string) => Access;
};

/** Rows of these objects decide what a user may do. */
const permissionObjects = [
  'User',
  'Profile',
  'PermissionSet',
  'PermissionSetAssignment',
  'PermissionSetGroup',
  'PermissionSetGroupComponent',
  'ObjectPermissions',
  'FieldPermissions',
] as const;

/** Keeps each user's access until a permission row or the schema changes, or a minute is over (assignments expire). */
export const keepAccess = (
  registry: SchemaRegistry,
  store: RowStore,
  clock: { now(): number },
): ((compute: (userId: string) => Access) => (userId: string) => Access) => {
  let kept = new Map<string, Access>();
  let [minute, version, revisions] = [-1, -1, -1];
  return (compute) => (userId) => {
    const thisMinute = Math.floor(clock.now() / 60_000);
    // revisions only grow: their sum tells as much as all of them, at no cost per request
    let sum = 0;
    for (const object of permissionObjects) sum += store.revision(object);
    if (thisMinute !== minute || registry.version !== version || sum !== revisions) {
      kept = new Map();
      [minute, version, revisions] = [thisMinute, registry.version, sum];
    }
    const known = kept.get(userId);
    if (known !== undefined) return known;
    const access = compute(userId);
    kept.set(userId, access);
    return access;
  };
};

/** The objects of a key prefix; history objects share one. */
export const objectsByPrefix = (registry: SchemaRegistry): ((prefix: string) => readonly ObjectDefinition[]) => {
  let version = -1;
  let index = new Map<string, ObjectDefinition[]>();
  return (prefix) => {
    if (registry.version !== version) {
      version = registry.version;
      index = new Map();
      for (const object of registry.objects()) {
        if (object.keyPrefix === null) continue;
        const list = index.get(object.keyPrefix) ?? [];
        list.push(object);
        index.set(object.keyPrefix, list);
      }
    }
    return index.get(prefix) ?? [];
  };
};

/** Finds the object an id belongs to; where objects share a prefix, the one that holds the row. */
export const objectFinder = (registry: SchemaRegistry, store: RowStore): ((id: string) => string | undefined) => {
  const byPrefix = objectsByPrefix(registry);
  return (given) => {
    const id = requireId(given);
    const candidates = byPrefix(id.slice(0, 3));
    if (candidates.length <= 1) return candidates[0]?.name;
    return (candidates.find((object) => store.isDeleted(object.name, id) !== undefined) ?? candidates[0])?.name;
  };
};

/** The object as this user may see it; TwinError INVALID_TYPE when hidden or absent, in the platform's words. */
export const visibleObject = (context: EngineContext, session: Session, name: string): ObjectDefinition => {
  const object = context.registry.object(name);
  if (object === undefined || !context.accessOf(session.userId).object(object.name).read) {
    refuseKnownObject(context.registry, name);
    throw new TwinError(
      'INVALID_TYPE',
      `sObject type '${name}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.`,
    );
  }
  return object;
};

/** The field as this user may see it, or undefined. */
export const visibleField = (
  context: EngineContext,
  session: Session,
  object: string,
  name: string,
): FieldDefinition | undefined => {
  const field = context.registry.field(object, name);
  if (field === undefined) return undefined;
  return context.accessOf(session.userId).field(object, field.name).read ? field : undefined;
};
