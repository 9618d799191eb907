import { z } from 'zod';
import { failed, ok, type Problem, type Result } from '../kernel/result.ts';
import { soqlList, soqlString } from '../kernel/soql.ts';
import type { PlanHeader } from '../model/plan.ts';
import { OrgError } from '../org/orgProblems.ts';
import type { Org } from '../org/port.ts';

const approvalRow = z.object({
  CreatedById: z.string(),
  LastModifiedById: z.string(),
  CreatedDate: z.string(),
  Decision__c: z.string(),
  ExpiresAt__c: z.string(),
});
type ApprovalRow = z.infer<typeof approvalRow>;

const problem = (code: string, subject: string, message: string, ...actions: string[]): Problem => ({
  code,
  subject,
  message,
  actions,
});

const approvalsOf = async (org: Org, digest: string): Promise<readonly ApprovalRow[]> => {
  const rows: ApprovalRow[] = [];
  const soql = `SELECT CreatedById, LastModifiedById, CreatedDate, Decision__c, ExpiresAt__c FROM GardeApproval__c
    WHERE PlanDigest__c = ${soqlString(digest)} ORDER BY CreatedDate, Id`;
  for await (const row of org.query(soql)) rows.push(approvalRow.parse(row));
  return rows;
};

/** The last decision of each approver, by the platform's own Created By. */
const lastDecisions = (rows: readonly ApprovalRow[]): ReadonlyMap<string, ApprovalRow> =>
  new Map(rows.map((row) => [row.CreatedById, row]));

/**
 * Users who may write Created By themselves: their records prove nothing. The permission comes by permission set or by
 * profile, which the platform keeps as a permission set too.
 * https://help.salesforce.com/s/articleView?id=000386875&type=1 (Set Audit Fields upon Record Creation)
 */
const auditFieldSetters = async (org: Org, userIds: readonly string[]): Promise<Result<ReadonlySet<string>>> => {
  const soql = `SELECT AssigneeId FROM PermissionSetAssignment
    WHERE PermissionSet.PermissionsCreateAuditFields = true AND AssigneeId IN ${soqlList(userIds)}`;
  const setters = new Set<string>();
  try {
    for await (const row of org.query(soql)) if (typeof row['AssigneeId'] === 'string') setters.add(row['AssigneeId']);
  } catch (error) {
    if (!(error instanceof OrgError) || error.name !== 'PlaceNotFound') throw error;
    return failed(
      problem(
        'ApproverRightsHidden',
        'PermissionSetAssignment',
        'The running user cannot see whether approvers may set audit fields, so no approval can be trusted.',
        'Give the running user the permission View Setup and Configuration.',
      ),
    );
  }
  return ok(setters);
};

/** Whether a user may approve: not who planned, not who runs, not who may write audit fields. */
export const mayApprove = async (org: Org, header: PlanHeader, userId: string): Promise<Result<null>> => {
  const subject = header.digest.slice(0, 8);
  if (userId === header.terms.userId) {
    return failed(
      problem(
        'SelfApproval',
        subject,
        'Whoever planned cannot approve.',
        'Ask another person to approve by their own login.',
      ),
    );
  }
  const setters = await auditFieldSetters(org, [userId]);
  if (!setters.ok) return setters;
  if (!setters.value.has(userId)) return ok(null);
  return failed(
    problem(
      'ApproverMaySetAuditFields',
      subject,
      'This user may write Created By and Created Date, so their approval would prove nothing.',
      'Approve as a user without the permission Set Audit Fields upon Record Creation.',
    ),
  );
};

const tooFew = (subject: string, counted: number, needed: number): Problem =>
  problem(
    'ApprovalMissing',
    subject,
    `${counted} of ${needed} approvals count. Those of whoever planned or runs, of users who may set audit fields, edited and expired ones do not.`,
    'Ask another person to run `garde plan approve` by their own login.',
  );

export type ApprovalNeed = {
  /** How many people other than planner and runner. */
  readonly people: number;
  readonly runningUserId: string;
  readonly now: string;
};

export type Approvals = { readonly approvers: readonly string[] };

/**
 * The approvals that count for a plan. Problems, all at once: ApprovalMissing, PlanRefused, SelfApproval,
 * ApproverMaySetAuditFields, ApproverRightsHidden.
 */
export const countingApprovals = async (
  org: Org,
  header: PlanHeader,
  need: ApprovalNeed,
): Promise<Result<Approvals>> => {
  const subject = header.digest.slice(0, 8);
  const last = lastDecisions(await approvalsOf(org, header.digest));
  const setters = last.size === 0 ? ok(new Set<string>()) : await auditFieldSetters(org, [...last.keys()]);
  if (!setters.ok) return setters;
  const counts = ([userId, row]: readonly [string, ApprovalRow]): boolean =>
    row.Decision__c === 'approved' &&
    userId !== header.terms.userId &&
    userId !== need.runningUserId &&
    row.LastModifiedById === userId &&
    !setters.value.has(userId) &&
    Date.parse(row.ExpiresAt__c) > Date.parse(need.now);
  const approvers = [...last].filter(counts).map(([userId]) => userId);
  const isRefused = [...last.values()].some((row) => row.Decision__c === 'refused');
  const problems: readonly Problem[] = [
    ...(isRefused
      ? [problem('PlanRefused', subject, 'An approver refused this plan.', 'Talk to them; plan again if needed.')]
      : []),
    ...(approvers.length < need.people ? [tooFew(subject, approvers.length, need.people)] : []),
  ];
  return problems.length > 0 ? failed(...problems) : ok({ approvers });
};
