import { GardeError, valueOf } from '../../kernel/result.ts';
import { ARCHIVE } from '../../model/archive.ts';
import type { PlanTerms } from '../../model/plan.ts';
import type { ReportProgress } from '../../model/progress.ts';
import type { OrgIdentity } from '../../org/port.ts';
import { assertLedgerWhole } from '../../evidence/appendLedger.ts';
import { peopleNeeded } from '../approve/approvalPolicy.ts';
import type { SignedApproval } from '../approve/offlineApprovers.ts';
import { countingApprovals } from '../approve/approvals.ts';
import { DEFAULT_BUDGET_SHARE, openBudget } from './callBudget.ts';
import { carryOut, type ApplyInput, type ApplyPorts, type ApplyResult, type Run } from './carryOutRun.ts';
import { createJournal, findJournal, type Journal } from './journal.ts';
import { assertPlanFits, openPlan, type OpenPlan } from '../file/openPlan.ts';
import { publishPlan } from '../file/publishPlan.ts';
import { assertRehearsed } from '../rehearse/rehearsalRecord.ts';
import { SIGNED, signedApprovals } from '../prove/ledgerApprovals.ts';
import { ledgerSigner } from '../prove/runLedger.ts';
import { leaseOwner, takeLock, writeRun } from './runLock.ts';
import { stepsExpiry } from '../file/writePlan.ts';

export type { ApplyInput, ApplyPorts, ApplyResult } from './carryOutRun.ts';

const refuse = (code: string, subject: string, message: string, action: string): GardeError =>
  new GardeError([{ code, subject, message, actions: [action] }]);

const assertOrgNamed = (identity: OrgIdentity, typed: string | undefined): void => {
  if (identity.isSandbox || typed === identity.orgName) return;
  throw refuse(
    'OrgNameNotConfirmed',
    identity.orgId,
    'This org is in production: its name must be typed before anything is deleted in it.',
    'Give the name of the org as Setup > Company Information shows it.',
  );
};

const begin = async (
  input: ApplyInput,
  ports: ApplyPorts,
  plan: OpenPlan,
  journal: Journal,
): Promise<Omit<Run, 'tell'>> => {
  const { org, clock } = ports;
  const owner = leaseOwner(input.machine ?? 'unnamed', Buffer.from(ports.random(16)).toString('hex'));
  const budget = await openBudget(org, input.budgetShare ?? DEFAULT_BUDGET_SHARE);
  const shown = { status: 'running' as const, approvals: peopleNeeded(input.policy) };
  const planId = await publishPlan(org, plan.header, shown, ports.wait);
  const resumed = Number(journal.get('resumed') ?? '0');
  const record = await takeLock({ ...ports, journal }, journal.get('run') ?? '', owner, {
    PlanDigest__c: plan.header.digest,
    Plan__c: planId,
    State__c: 'starting',
    StartedAt__c: clock.now(),
  });
  if (resumed > 0) await writeRun(ports, record, { ResumedCount__c: resumed });
  return { input, ports, plan, journal, record, owner, budget };
};

/** Who can restore the org's key before anything is archived under it. */
const RECIPIENTS_OF_ARCHIVES = 2;

const isArchiving = ({ operation, object }: PlanTerms['stepCounts'][number]): boolean =>
  operation === 'sealLocal' || (operation === 'create' && object === ARCHIVE);

const assertAllowed = async (
  input: ApplyInput,
  ports: ApplyPorts,
  plan: OpenPlan,
  isResume: boolean,
): Promise<readonly SignedApproval[]> => {
  const { org, clock } = ports;
  const { header } = plan;
  const identity = await org.identity();
  assertOrgNamed(identity, input.orgName);
  const use = { ...input.use, orgId: identity.orgId, userId: identity.userId };
  // A resumed run of an expired plan may end what it began: it begins nothing new.
  assertPlanFits(header, { ...use, now: isResume ? header.createdAt : clock.now() });
  if (header.terms.steps === 0) return [];
  // an archive that only one key opens, and nobody else can restore, is one mishap away from lost
  if (header.terms.stepCounts.some(isArchiving)) {
    ports.vault.requireRecipients(identity.orgId, RECIPIENTS_OF_ARCHIVES);
  }
  const need = { policy: input.policy, runningUserId: identity.userId, offline: input.approvals ?? [] };
  const now = isResume ? header.createdAt : clock.now();
  assertRehearsed(plan, input.policy);
  const { signed } = valueOf(await countingApprovals(org, header, { ...need, now }));
  const signers = [ledgerSigner(ports.vault, identity.orgId), ...(input.ledgerKeys ?? [])];
  if (!isResume) await assertLedgerWhole(org, signers);
  return signed;
};

const uuidOf = (bytes: Uint8Array): string => {
  const hex = Buffer.from(bytes).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
};

/**
 * Carries out an approved plan: lock, ramp with read-back, decisions taken again before each batch, journal, ledger.
 * Returns how it ended; a paused run goes on with `resumePlan`. Errors before the first change: those of openPlan,
 * planProblems, countingApprovals, OrgNameNotConfirmed, RunLocked, RunUnfinished, PlanAlreadyApplied, the org's.
 */
export const applyPlan = async (
  input: ApplyInput,
  ports: ApplyPorts,
  tell: ReportProgress = () => undefined,
): Promise<ApplyResult> => {
  const plan = openPlan(input.planPath, ports.vault);
  let journal: Journal | undefined;
  try {
    const { digest, terms } = plan.header;
    journal = findJournal(ports.vault, terms.orgId, digest);
    if (journal !== undefined) throw begunAlready(journal, digest);
    const signed = await assertAllowed(input, ports, plan, false);
    journal = createJournal(ports.vault, {
      orgId: terms.orgId,
      expiresAt: stepsExpiry(terms.expiresAt),
      meta: {
        ...{ plan: digest, run: uuidOf(ports.random(16)), header: JSON.stringify(plan.header) },
        [SIGNED]: JSON.stringify(signed),
      },
    });
    return await carryOut({ ...(await beginOrForget(input, ports, plan, journal)), tell });
  } finally {
    journal?.close();
    plan.store.close();
  }
};

/** A run that never got the lock leaves no journal: the plan can be applied later as if nothing had been tried. */
const beginOrForget = async (
  input: ApplyInput,
  ports: ApplyPorts,
  plan: OpenPlan,
  journal: Journal,
): Promise<Omit<Run, 'tell'>> => {
  try {
    return await begin(input, ports, plan, journal);
  } catch (error) {
    const isRefused = error instanceof GardeError && NEVER_BEGAN.has(error.name);
    if (isRefused) ports.vault.remove(journal.holdingId);
    throw error;
  }
};

const NEVER_BEGAN = new Set(['RunLocked', 'RunRecordRefused', 'PlanRecordRefused']);

const begunAlready = (journal: Journal, digest: string): GardeError =>
  journal.get('finished') === undefined
    ? refuse(
        'RunUnfinished',
        digest.slice(0, 8),
        'A run of this plan was begun and did not end.',
        'Run `garde plan resume`.',
      )
    : refuse('PlanAlreadyApplied', digest.slice(0, 8), 'This plan was carried out already.', 'Plan again.');

/**
 * Goes on with a run that was paused or killed: asks the org what became of calls without an outcome, then continues
 * where it was. Errors: as applyPlan, and RunNotFound, RunInUse.
 */
export const resumePlan = async (
  input: ApplyInput,
  ports: ApplyPorts,
  tell: ReportProgress = () => undefined,
): Promise<ApplyResult> => {
  const plan = openPlan(input.planPath, ports.vault);
  let journal: Journal | undefined;
  try {
    const { digest, terms } = plan.header;
    journal = findJournal(ports.vault, terms.orgId, digest);
    if (journal === undefined) {
      throw refuse(
        'RunNotFound',
        digest.slice(0, 8),
        'No run of this plan was begun on this machine.',
        'Run `garde plan apply`.',
      );
    }
    if (journal.get('finished') !== undefined) throw begunAlready(journal, digest);
    const known = signedApprovals(journal).map(({ approval }) => approval);
    await assertAllowed({ ...input, approvals: known }, ports, plan, true);
    journal.set('resumed', String(Number(journal.get('resumed') ?? '0') + 1));
    return await carryOut({ ...(await begin(input, ports, plan, journal)), tell });
  } finally {
    journal?.close();
    plan.store.close();
  }
};
