import type { DescribedObject, Org } from './port.ts';

const PREFIX = 'Permissions';

export type UserPermissions = {
  /** Held by the running user: `QueryAllFiles`, without the prefix. */
  readonly held: ReadonlySet<string>;
  /** What this org's edition and features know at all; a permission that is not among them can be granted to nobody. */
  readonly known: ReadonlySet<string>;
};

const permissionNames = (access: DescribedObject | undefined): readonly string[] =>
  (access?.fields ?? [])
    .filter((field) => field.type === 'boolean' && field.name.startsWith(PREFIX))
    .map((field) => field.name.slice(PREFIX.length));

/**
 * The running user's system permissions, all sources added up by the platform; one query. Only `wanted` ones are asked.
 * https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_userpermissionaccess.htm
 */
export const readPermissions = async (org: Org, wanted: readonly string[]): Promise<UserPermissions> => {
  const known = new Set(permissionNames(await org.describe('UserPermissionAccess')));
  const asked = wanted.filter((name) => known.has(name));
  const held = new Set<string>();
  if (asked.length === 0) return { held, known };
  for await (const row of org.query(
    `SELECT ${asked.map((name) => PREFIX + name).join(', ')} FROM UserPermissionAccess`,
  )) {
    for (const name of asked) if (row[PREFIX + name] === true) held.add(name);
  }
  return { held, known };
};
