import type { Clock } from '../../kernel/clock.ts';
import { GardeError, valueOf } from '../../kernel/result.ts';
import { soqlString } from '../../kernel/soql.ts';
import type { PlanHeader } from '../../model/plan.ts';
import type { Org } from '../../org/port.ts';
import { mayApprove } from './approvals.ts';
import { readPlanHeader } from '../file/openPlan.ts';
import { termsSummary } from '../file/shownSummary.ts';

export type ApproveInput = {
  readonly planPath: string;
  readonly decision: 'approved' | 'refused' | 'revoked';
  /** Kept in the org with the approval; may name people although it should not. */
  readonly comment?: string;
};

export type ApproveResult = {
  readonly approvalId: string;
  readonly planDigest: string;
  readonly decision: ApproveInput['decision'];
  readonly approver: string;
  readonly expiresAt: string;
};

const refuse = (code: string, subject: string, message: string, action: string): GardeError =>
  new GardeError([{ code, subject, message, actions: [action] }]);

const assertOpen = (header: PlanHeader, orgId: string, now: string): void => {
  const subject = header.digest.slice(0, 8);
  if (header.terms.orgId !== orgId) {
    throw refuse(
      'PlanForOtherOrg',
      subject,
      'This plan was made for another org.',
      'Use --target-org with the org it was made for.',
    );
  }
  if (header.terms.expiresAt <= now) {
    throw refuse('PlanExpired', subject, 'This plan is past its expiry.', 'Plan again from the org as it is now.');
  }
};

/** An approver may not see permission sets; the run, which does, decides again. */
const assertMay = (result: Awaited<ReturnType<typeof mayApprove>>): void => {
  if (!result.ok && result.problems.every((problem) => problem.code === 'ApproverRightsHidden')) return;
  valueOf(result);
};

type PlanRecord = {
  readonly id: string;
  readonly isRehearsed: boolean;
  readonly mustRehearse: boolean;
  readonly open: number;
};

/** The plan's record in the org, where it was published. */
const planRecord = async (org: Org, digest: string): Promise<PlanRecord | undefined> => {
  const soql = `SELECT Id, RehearsedAt__c, IsRehearsalRequired__c, OpenDifferenceCount__c FROM GardePlan__c
    WHERE PlanDigest__c = ${soqlString(digest)}`;
  for await (const row of org.query(soql)) {
    return {
      id: row['Id'] as string,
      isRehearsed: typeof row['RehearsedAt__c'] === 'string',
      mustRehearse: row['IsRehearsalRequired__c'] === true,
      open: typeof row['OpenDifferenceCount__c'] === 'number' ? row['OpenDifferenceCount__c'] : 0,
    };
  }
  return undefined;
};

/** Nobody approves what was not rehearsed, or did not go as planned, where the charter asks for it; refusing is always possible. */
const assertRehearsalShown = (record: PlanRecord | undefined, subject: string): void => {
  if (record?.mustRehearse !== true) return;
  if (!record.isRehearsed)
    throw refuse(
      'RehearsalMissing',
      subject,
      'This plan was never rehearsed, and the charter asks for it.',
      'Ask whoever planned to run `garde plan rehearse`.',
    );
  if (record.open > 0)
    throw refuse(
      'RehearsalDiffers',
      subject,
      `The rehearsal did not go as planned: ${record.open} differences are open.`,
      'Ask whoever planned to plan again, or to accept each by name: `garde plan rehearse --accept`.',
    );
};

/**
 * Records a decision on a plan in the org, by the approver's own login: the platform says who. The approver needs the
 * readable header only, not the sealed steps; the run compares its own digest with the approved one. Errors:
 * PlanUnreadable, PlanForOtherOrg, PlanExpired, SelfApproval, ApproverMaySetAuditFields, RehearsalMissing,
 * RehearsalDiffers, ApprovalRefused, the org's.
 */
export const approvePlan = async (
  input: ApproveInput,
  ports: { readonly org: Org; readonly clock: Clock },
): Promise<ApproveResult> => {
  const header = readPlanHeader(input.planPath);
  const { digest, terms } = header;
  const identity = await ports.org.identity();
  assertOpen(header, identity.orgId, ports.clock.now());
  assertMay(await mayApprove(ports.org, header, identity.userId));
  const record = await planRecord(ports.org, digest);
  if (input.decision === 'approved') assertRehearsalShown(record, digest.slice(0, 8));
  const [outcome] = await ports.org.create('GardeApproval__c', [
    {
      PlanDigest__c: digest,
      Decision__c: input.decision,
      ExpiresAt__c: terms.expiresAt,
      SummaryHash__c: termsSummary(header),
      ...(input.comment === undefined ? {} : { Comment__c: input.comment }),
      ...(record === undefined ? {} : { Plan__c: record.id }),
    },
  ]);
  if (outcome?.success !== true || outcome.id === null) {
    const codes = outcome?.errors.map((error) => error.code).join(', ') ?? '';
    throw refuse(
      'ApprovalRefused',
      'GardeApproval__c',
      `The org refused the approval (${codes}).`,
      'Assign the permission set GardeOfficer to the approver.',
    );
  }
  return {
    approvalId: outcome.id,
    planDigest: digest,
    decision: input.decision,
    approver: identity.username,
    expiresAt: terms.expiresAt,
  };
};
