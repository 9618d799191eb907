import { failed, ok, type Problem, type Result } from '../../kernel/result.ts';
import { soqlList, soqlString } from '../../kernel/soql.ts';
import type { Approver } from '../../model/charter.ts';
import { OrgError } from '../../org/orgProblems.ts';
import type { Org } from '../../org/port.ts';

const rightsHidden: Problem = {
  code: 'ApproverRightsHidden',
  subject: 'PermissionSetAssignment',
  message: 'The running user cannot see which permissions approvers have, so no approval can be trusted.',
  actions: ['Give the running user the permission View Setup and Configuration.'],
};

const idsIn = async (org: Org, soql: string, field: string): Promise<Result<ReadonlySet<string>>> => {
  const ids = new Set<string>();
  try {
    for await (const row of org.query(soql)) {
      const id = row[field];
      if (typeof id === 'string') ids.add(id);
    }
  } catch (error) {
    if (!(error instanceof OrgError) || error.name !== 'PlaceNotFound') throw error;
    return failed(rightsHidden);
  }
  return ok(ids);
};

/**
 * Users who may write Created By themselves: their records prove nothing. The permission comes by permission set or by
 * profile, which the platform keeps as a permission set too.
 * https://help.salesforce.com/s/articleView?id=000386875&type=1 (Set Audit Fields upon Record Creation)
 */
export const auditFieldSetters = (org: Org, userIds: readonly string[]): Promise<Result<ReadonlySet<string>>> =>
  userIds.length === 0
    ? Promise.resolve(ok(new Set<string>()))
    : idsIn(
        org,
        `SELECT AssigneeId FROM PermissionSetAssignment
         WHERE PermissionSet.PermissionsCreateAuditFields = true AND AssigneeId IN ${soqlList(userIds)}`,
        'AssigneeId',
      );

const holdersOf = (org: Org, one: Approver, userIds: readonly string[]): Promise<Result<ReadonlySet<string>>> =>
  'user' in one
    ? idsIn(org, `SELECT Id FROM User WHERE Username = ${soqlString(one.user)} AND Id IN ${soqlList(userIds)}`, 'Id')
    : idsIn(
        org,
        `SELECT AssigneeId FROM PermissionSetAssignment
         WHERE PermissionSet.Name = ${soqlString(one.permissionSet)} AND AssigneeId IN ${soqlList(userIds)}`,
        'AssigneeId',
      );

/** Those of the users whom the charter lets approve; all of them when it names nobody. */
export const namedApprovers = async (
  org: Org,
  by: readonly Approver[],
  userIds: readonly string[],
): Promise<Result<ReadonlySet<string>>> => {
  if (by.length === 0 || userIds.length === 0) return ok(new Set(userIds));
  const named = new Set<string>();
  for (const one of by) {
    const holders = await holdersOf(org, one, userIds);
    if (!holders.ok) return holders;
    for (const id of holders.value) named.add(id);
  }
  return ok(named);
};
