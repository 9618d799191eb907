import { failed, ok, type Problem, type Result } from '../../kernel/result.ts';
import type { PlanHeader } from '../../model/plan.ts';
import type { Org } from '../../org/port.ts';
import type { ApprovalPolicy } from './approvalPolicy.ts';
import { approvalRecords, isUntouched, type ApprovalRecord } from './approvalRecords.ts';
import { auditFieldSetters, namedApprovers } from './approverRights.ts';
import { acceptedSummaries } from '../file/shownSummary.ts';
import type { OfflineApproval } from './offlineApproval.ts';
import { offlineApprovers, type SignedApproval } from './offlineApprovers.ts';

const problem = (code: string, subject: string, message: string, ...actions: string[]): Problem => ({
  code,
  subject,
  message,
  actions,
});

const AGAIN = 'Let the approver decide again by their own login: `garde plan approve`, or the page of approvals.';

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
  return setters.value.has(userId) ? failed(bySetter(subject)) : ok(null);
};

const bySetter = (subject: string): Problem =>
  problem(
    'ApproverMaySetAuditFields',
    subject,
    'This user may write Created By and Created Date, so their approval would prove nothing.',
    'Approve as a user without the permission Set Audit Fields upon Record Creation.',
  );

export type ApprovalNeed = {
  readonly policy: ApprovalPolicy;
  readonly runningUserId: string;
  readonly now: string;
  /** Approvals by signature, as their files say; read from files, not from the org. */
  readonly offline?: readonly OfflineApproval[];
};

export type Approvals = {
  /** Ids of users, each once. */
  readonly approvers: readonly string[];
  /** Those of them who signed instead of logging in. */
  readonly signed: readonly SignedApproval[];
};

type Frame = ApprovalNeed & { readonly header: PlanHeader; readonly setters: ReadonlySet<string> };

/** The last decision on this plan of each creator, deleted ones included. */
const lastDecisions = (rows: readonly ApprovalRecord[]): readonly ApprovalRecord[] => [
  ...new Map(rows.map((row) => [row.CreatedById, row])).values(),
];

/** Why an approval does not count; undefined = it does. The first reason that applies. */
const flawOf = (row: ApprovalRecord, { header, setters, runningUserId, now }: Frame): Problem | undefined => {
  const flaws: readonly (readonly [boolean, () => Problem])[] = [
    [
      row.CreatedById === header.terms.userId || row.CreatedById === runningUserId,
      () => problem('SelfApproval', row.Name, 'Whoever planned or runs cannot approve.', 'Ask another person.'),
    ],
    [setters.has(row.CreatedById), () => bySetter(row.Name)],
    [
      !(Date.parse(row.ExpiresAt__c) > Date.parse(now)),
      () => problem('ApprovalExpired', row.Name, 'This approval is past its expiry.', AGAIN),
    ],
    [
      row.SummaryHash__c === null || !acceptedSummaries(header).has(row.SummaryHash__c),
      () => problem('ApprovalOfOtherSummary', row.Name, 'What the approver read is not what this plan says.', AGAIN),
    ],
  ];
  return flaws.find(([applies]) => applies)?.[1]();
};

/**
 * What stands against a run whatever else was approved: refusals, deleted ones too, and decisions that were edited or
 * deleted, since each may have been a refusal.
 */
const blocksOf = (last: readonly ApprovalRecord[], subject: string): readonly Problem[] => [
  ...(last.some((row) => row.Decision__c === 'refused')
    ? [
        problem(
          'PlanRefused',
          subject,
          'Somebody refused this plan.',
          'Talk to them: they withdraw it by a new decision (approved or revoked); or plan again.',
        ),
      ]
    : []),
  ...last
    .filter((row) => row.IsDeleted)
    .map((row) => problem('ApprovalDeleted', row.Name, 'The last decision of somebody was deleted.', AGAIN)),
  ...last
    .filter((row) => !row.IsDeleted && !isUntouched(row))
    .map((row) =>
      problem(
        'ApprovalEdited',
        row.Name,
        'This decision is not as its author saved it: somebody edited it, handed it over or wrote its audit fields.',
        AGAIN,
      ),
    ),
];

const tooFew = (subject: string, rule: string | null, counted: number, needed: number): Problem =>
  problem(
    'ApprovalMissing',
    subject,
    `${counted} of ${needed} approvals count${rule === null ? '' : ` for the rule ${rule}`}. Those of whoever planned or runs, of users who may set audit fields or whom the charter does not name, edited and expired ones do not.`,
    'Ask another person to run `garde plan approve` by their own login.',
  );

/** Approvers by requirement: who is missing, and who approved without being named. */
const shortfalls = async (
  org: Org,
  subject: string,
  policy: ApprovalPolicy,
  approvers: readonly string[],
): Promise<Result<readonly Problem[]>> => {
  const problems: Problem[] = [];
  for (const { rule, people, by } of policy.requirements) {
    const named = await namedApprovers(org, by, approvers);
    if (!named.ok) return named;
    if (named.value.size >= people) continue;
    problems.push(tooFew(subject, rule, named.value.size, people));
    if (named.value.size < approvers.length)
      problems.push(
        problem(
          'ApproverNotNamed',
          rule ?? subject,
          'Somebody approved whom the charter does not let approve this.',
          'Ask one of those the charter names under `approvals`, or change the charter and plan again.',
        ),
      );
  }
  return ok(problems);
};

const ofOtherDigest = (rows: readonly ApprovalRecord[]): readonly Problem[] =>
  rows
    .filter((row) => row.Decision__c === 'approved')
    .map((row) => problem('ApprovalOfOtherPlan', row.Name, 'This approval is bound to another plan’s digest.', AGAIN));

/**
 * The approvals that count for a plan. Problems, all at once: PlanRefused, ApprovalDeleted, ApprovalEdited,
 * ApprovalMissing with what each approval that does not count lacks (SelfApproval, ApproverMaySetAuditFields,
 * ApprovalExpired, ApprovalOfOtherSummary, ApprovalOfOtherPlan, ApproverNotNamed), ApproverRightsHidden, and those of
 * offlineApprovers.
 */
export const countingApprovals = async (
  org: Org,
  header: PlanHeader,
  need: ApprovalNeed,
): Promise<Result<Approvals>> => {
  const subject = header.digest.slice(0, 8);
  const rows = await approvalRecords(org, header.digest);
  const own = rows.filter((row) => row.PlanDigest__c === header.digest);
  const last = lastDecisions(own);
  const approved = last.filter((row) => row.Decision__c === 'approved');
  const setters = await auditFieldSetters(
    org,
    approved.map((row) => row.CreatedById),
  );
  if (!setters.ok) return setters;
  const frame: Frame = { ...need, header, setters: setters.value };
  const flaws = approved.flatMap((row) => flawOf(row, frame) ?? []);
  const decided = new Map(last.map((row) => [row.CreatedById, row.Decision__c]));
  const { signed, problems: unsigned } = await offlineApprovers(org, header, {
    ...{ approvals: need.offline ?? [], runningUserId: need.runningUserId, now: need.now, decided },
  });
  const approvers = distinct([
    ...approved
      .filter((row) => !row.IsDeleted && isUntouched(row) && flawOf(row, frame) === undefined)
      .map((row) => row.CreatedById),
    ...signed.map(({ userId }) => userId),
  ]);
  const missing = await shortfalls(org, subject, need.policy, approvers);
  if (!missing.ok) return missing;
  const others = ofOtherDigest(rows.filter((row) => row.PlanDigest__c !== header.digest));
  const lacking = missing.value.length === 0 ? [] : [...missing.value, ...flaws, ...others];
  const problems = [...blocksOf(last, subject), ...unsigned, ...lacking];
  return problems.length > 0 ? failed(...problems) : ok({ approvers, signed });
};

const distinct = (ids: readonly string[]): readonly string[] => [...new Set(ids)];
