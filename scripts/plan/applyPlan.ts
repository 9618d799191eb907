import type { Clock, Random } from '../kernel/clock.ts';
import { GardeError, valueOf } from '../kernel/result.ts';
import type { PlanHeader } from '../model/plan.ts';
import type { ReportProgress } from '../model/progress.ts';
import type { RunSummary } from '../model/run.ts';
import type { Org, OrgIdentity } from '../org/port.ts';
import type { Vault } from '../vault/port.ts';
import { countingApprovals } from './approvals.ts';
import { DEFAULT_BUDGET_SHARE, openBudget, type CallBudget } from './callBudget.ts';
import type { CreateGuard } from './guard.ts';
import { createJournal, findJournal, type Journal } from './journal.ts';
import { assertPlanFits, openPlan, type OpenPlan, type PlanUse } from './openPlan.ts';
import { publishPlan, type PlanStatus } from './publishPlan.ts';
import type { Tier } from './ramp.ts';
import type { CrashPoint } from './runCalls.ts';
import { RunHalt } from './runHalt.ts';
import { writeRunLedger } from './runLedger.ts';
import { keepLease, takeLock, writeRun, type RunRecord } from './runLock.ts';
import { runSteps } from './runSteps.ts';
import { summarise } from './runSummary.ts';
import { stepsExpiry } from './writePlan.ts';

export type ApplyInput = {
  readonly planPath: string;
  /** What the plan must be bound to now, beside org, user and time, which are asked for. */
  readonly use: Pick<PlanUse, 'toolVersion' | 'charterDigest' | 'packs' | 'ruleSets'>;
  readonly approvalsNeeded: number;
  /** The org's name as the user typed it; asked of every org that is no sandbox. */
  readonly orgName?: string;
  /** Share of today's remaining API requests, 0 to 1; a fifth by default. */
  readonly budgetShare?: number;
  /** Ends with this tier; the rest waits for `resume`. */
  readonly upTo?: Tier;
};

export type ApplyPorts = {
  readonly org: Org;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly random: Random;
  readonly createGuard: CreateGuard;
  readonly wait: (milliseconds: number) => Promise<unknown>;
  /** Where tests kill a run; the product passes none. */
  readonly crashPoint?: CrashPoint;
};

/** Where a run's leaves end in the ledger. */
export type LedgerEntryPoint = {
  readonly size: number;
  readonly previousSize: number;
  readonly root: string;
  readonly leafFileHash: string;
};

export type ApplyResult = {
  readonly summary: RunSummary;
  /** The ledger's checkpoint of the run; null while the run can be resumed. */
  readonly checkpoint: LedgerEntryPoint | null;
  readonly runRecordId: string;
  readonly header: PlanHeader;
};

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

type Run = {
  readonly input: ApplyInput;
  readonly ports: ApplyPorts;
  readonly tell: ReportProgress;
  readonly plan: OpenPlan;
  readonly journal: Journal;
  readonly record: RunRecord;
  readonly owner: string;
  readonly budget: CallBudget;
};

const PLAN_STATUS: Readonly<Record<RunSummary['state'], PlanStatus>> = {
  starting: 'running',
  running: 'running',
  paused: 'running',
  stopped: 'stopped',
  failed: 'stopped',
  done: 'done',
  'partly-done': 'partly-done',
};

const closeRun = async (run: Run, summary: RunSummary): Promise<ApplyResult> => {
  const { ports, journal, plan, record, input } = run;
  const { org, clock } = ports;
  const counts = {
    DoneCount__c: summary.counts.done + summary.counts['already-done'],
    SkippedCount__c: summary.counts.changed + summary.counts['put-back'],
    FailedCount__c: summary.counts.refused,
    State__c: summary.state,
    ErrorCode__c: summary.stopCode,
  };
  if (summary.state === 'paused') {
    await writeRun(org, record, counts, summary.stopCause !== 'lease-lost');
    return { summary, checkpoint: null, runRecordId: record.id, header: plan.header };
  }
  const ledger = await writeRunLedger({ ...ports, journal, plan: plan.store }, record, plan.header, summary);
  const fields = { RootHash__c: ledger.root, TreeSize__c: ledger.size, FinishedAt__c: clock.now() };
  await publishPlan(org, plan.header, { status: PLAN_STATUS[summary.state], approvals: input.approvalsNeeded });
  await writeRun(org, record, { ...counts, ...fields }, true);
  journal.set('finished', clock.now());
  // The copy of the org has done its work; it would only be one more copy of people's data.
  ports.vault.remove(plan.header.snapshotHolding);
  const { size, previousSize, root, leafFileHash } = ledger;
  const checkpoint = { size, previousSize, root, leafFileHash };
  return { summary, checkpoint, runRecordId: record.id, header: plan.header };
};

const carryOut = async (run: Run): Promise<ApplyResult> => {
  const { ports, journal, plan, record, budget, owner } = run;
  const { org, clock } = ports;
  const windows: number[] = [];
  const guard = await ports.createGuard(org, plan.header);
  let halt: RunHalt | undefined;
  try {
    await runSteps(
      {
        ...ports,
        journal,
        guard,
        budget,
        plan: plan.store,
        header: plan.header,
        now: clock.now,
        window: (milliseconds) => windows.push(milliseconds),
        keepLease: () => keepLease({ org, clock, journal }, record, owner),
        enterTier: (tier) => writeRun(org, record, { RampTier__c: tier, State__c: 'running' }),
        tell: run.tell,
      },
      run.input.upTo,
    );
  } catch (error) {
    if (!(error instanceof RunHalt)) throw error;
    halt = error;
  }
  const calls = { used: budget.used(), budget: budget.limit };
  const summary = summarise({
    ...{ runKey: record.runKey, header: plan.header, plan: plan.store, journal, halt, calls, windows },
  });
  return closeRun(run, summary);
};

const begin = async (
  input: ApplyInput,
  ports: ApplyPorts,
  plan: OpenPlan,
  journal: Journal,
): Promise<Omit<Run, 'tell'>> => {
  const { org, clock } = ports;
  const owner = Buffer.from(ports.random(16)).toString('hex');
  const budget = await openBudget(org, input.budgetShare ?? DEFAULT_BUDGET_SHARE);
  const planId = await publishPlan(org, plan.header, { status: 'running', approvals: input.approvalsNeeded });
  const resumed = Number(journal.get('resumed') ?? '0');
  const record = await takeLock({ ...ports, journal }, journal.get('run') ?? '', owner, {
    PlanDigest__c: plan.header.digest,
    Plan__c: planId,
    State__c: 'starting',
    StartedAt__c: clock.now(),
  });
  if (resumed > 0) await writeRun(org, record, { ResumedCount__c: resumed });
  return { input, ports, plan, journal, record, owner, budget };
};

const assertAllowed = async (
  input: ApplyInput,
  ports: ApplyPorts,
  header: PlanHeader,
  isResume: boolean,
): Promise<void> => {
  const { org, clock } = ports;
  const identity = await org.identity();
  assertOrgNamed(identity, input.orgName);
  const use = { ...input.use, orgId: identity.orgId, userId: identity.userId };
  // A resumed run of an expired plan may end what it began: it begins nothing new.
  assertPlanFits(header, { ...use, now: isResume ? header.createdAt : clock.now() });
  const need = { people: input.approvalsNeeded, runningUserId: identity.userId };
  const approvals = await countingApprovals(org, header, { ...need, now: isResume ? header.createdAt : clock.now() });
  if (header.terms.steps > 0) valueOf(approvals);
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
    await assertAllowed(input, ports, plan.header, false);
    journal = createJournal(ports.vault, {
      orgId: terms.orgId,
      expiresAt: stepsExpiry(terms.expiresAt),
      meta: { plan: digest, run: uuidOf(ports.random(16)) },
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
    await assertAllowed(input, ports, plan.header, true);
    journal.set('resumed', String(Number(journal.get('resumed') ?? '0') + 1));
    return await carryOut({ ...(await begin(input, ports, plan, journal)), tell });
  } finally {
    journal?.close();
    plan.store.close();
  }
};
