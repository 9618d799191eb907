import { GardeError } from '../kernel/result.ts';
import { soqlList, soqlString } from '../kernel/soql.ts';
import type { Org } from '../org/port.ts';

export type Assignment = { readonly permissionSet: string; readonly outcome: 'assigned' | 'already-assigned' };

const namesById = async (org: Org, names: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  const found = new Map<string, string>();
  for await (const row of org.query(`SELECT Id, Name FROM PermissionSet WHERE Name IN ${soqlList(names)}`)) {
    if (typeof row['Id'] === 'string' && typeof row['Name'] === 'string') found.set(row['Id'], row['Name']);
  }
  return found;
};

const assignedAlready = async (org: Org, userId: string, ids: readonly string[]): Promise<ReadonlySet<string>> => {
  const soql =
    `SELECT PermissionSetId FROM PermissionSetAssignment WHERE AssigneeId = ${soqlString(userId)}` +
    ` AND PermissionSetId IN ${soqlList(ids)}`;
  const found = new Set<string>();
  for await (const row of org.query(soql)) {
    if (typeof row['PermissionSetId'] === 'string') found.add(row['PermissionSetId']);
  }
  return found;
};

const refuseUnknown = (wanted: readonly string[], found: ReadonlyMap<string, string>): void => {
  const known = new Set(found.values());
  const unknown = wanted.filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new GardeError(
    unknown.map((name) => ({
      code: 'PermissionSetUnknown',
      subject: name,
      message: `The org has no permission set ${name}.`,
      actions: ['Deploy the package first, and check the name.'],
    })),
  );
};

const userIdOf = async (org: Org, username: string): Promise<string> => {
  for await (const row of org.query(`SELECT Id FROM User WHERE Username = ${soqlString(username)}`)) {
    if (typeof row['Id'] === 'string') return row['Id'];
  }
  throw new GardeError([
    {
      code: 'UserUnknown',
      subject: username,
      message: 'The org has no such user, or you may not see them.',
      actions: ['Check the username.'],
    },
  ]);
};

/** Gives permission sets to a user, the running one by default; one already given is told, not repeated. */
export const assignPermissionSets = async (
  org: Org,
  names: readonly string[],
  username?: string,
): Promise<readonly Assignment[]> => {
  const wanted = [...new Set(names)];
  if (wanted.length === 0) return [];
  const found = await namesById(org, wanted);
  refuseUnknown(wanted, found);
  const userId = username === undefined ? (await org.identity()).userId : await userIdOf(org, username);
  const already = await assignedAlready(org, userId, [...found.keys()]);
  const missing = [...found.keys()].filter((id) => !already.has(id));
  const rows = missing.map((id) => ({ AssigneeId: userId, PermissionSetId: id }));
  const outcomes = rows.length === 0 ? [] : await org.create('PermissionSetAssignment', rows);
  const refused = outcomes.flatMap((outcome, i) => (outcome.success ? [] : [{ outcome, id: missing[i] ?? '' }]));
  if (refused.length > 0) {
    throw new GardeError(
      refused.map(({ outcome, id }) => ({
        code: 'PermissionSetNotAssigned',
        subject: found.get(id) ?? id,
        message: `The org refused to assign ${found.get(id) ?? id} (${outcome.errors.map(({ code }) => code).join(', ')}).`,
        actions: ['Assign it in Setup → Users → Permission Sets, with a user who may manage users.'],
      })),
    );
  }
  return [...found].map(([id, permissionSet]) => ({
    permissionSet,
    outcome: already.has(id) ? 'already-assigned' : 'assigned',
  }));
};
