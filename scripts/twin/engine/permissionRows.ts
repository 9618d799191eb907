import type { FieldValue } from '../contract.ts';
import type { ObjectDefinition } from '../schema/definitions.ts';
import type { EngineContext } from './engineContext.ts';
import type { SqlPart } from './sharing.ts';

const name = 'UserPermissionAccess';
const prefix = 'Permissions';

const rowOf = (
  context: EngineContext,
  object: ObjectDefinition,
  userId: string,
): Readonly<Record<string, FieldValue>> => {
  const access = context.accessOf(userId);
  const permissions = object.fields
    .filter((field) => field.name.startsWith(prefix))
    .map((field): [string, FieldValue] => [field.name, access.has(field.name.slice(prefix.length))]);
  return {
    Id: userId,
    LastCacheUpdate: new Date(context.clock.now()).toISOString(),
    ...Object.fromEntries(permissions),
  };
};

/**
 * UserPermissionAccess: the asking user's permissions, all sources added up; one row, made anew for each query.
 * https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_userpermissionaccess.htm
 */
export const userPermissions = (
  context: EngineContext,
  object: ObjectDefinition,
  userId: string,
  alias: string,
): SqlPart | undefined => {
  if (object.name !== name) return undefined;
  const { sql } = context.store.tableFor(name);
  context.store.transaction(() => {
    context.store.statement(`DELETE FROM ${sql}`).run();
    context.store.insertRaw(name, rowOf(context, object, userId));
  });
  return { sql: `${alias}."Id" = ?`, values: [userId] };
};
