import type { FieldValue } from '../contract.ts';
import { setsOf } from './access.ts';

type Row = Readonly<Record<string, FieldValue>>;

/** The rows that tell who has a permission. */
export type PermissionWorld = {
  /** `now` in milliseconds: assignments expire. */
  readonly environment: { readonly now: number };
  readonly readRow: (object: string, id: string) => Row | undefined;
  readonly find: (object: string, field: string, value: string) => readonly Row[];
};

/**
 * Whether a user has a custom permission, by profile or permission set (SetupEntityAccess).
 * Source: https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_setupentityaccess.htm
 */
export const hasCustomPermission = (world: PermissionWorld, userId: string, name: string): boolean => {
  const [permission] = world.find('CustomPermission', 'DeveloperName', name);
  if (permission === undefined) return false;
  const sets = new Set(setsOf(world, userId, world.environment.now));
  return world
    .find('SetupEntityAccess', 'SetupEntityId', String(permission['Id']))
    .some((row) => sets.has(String(row['ParentId'])));
};
