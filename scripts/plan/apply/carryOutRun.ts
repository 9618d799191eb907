import type { NoteKey } from '../../evidence/signedNote.ts';
import type { Clock, Random } from '../../kernel/clock.ts';
import type { PlanHeader } from '../../model/plan.ts';
import type { ReportProgress } from '../../model/progress.ts';
import type { RunSummary } from '../../model/run.ts';
import { OrgError } from '../../org/orgProblems.ts';
import type { Org, OrgRow } from '../../org/port.ts';
import type { Vault } from '../../vault/port.ts';
import { peopleNeeded, type ApprovalPolicy } from '../approve/approvalPolicy.ts';
import type { OfflineApproval } from '../approve/offlineApproval.ts';
import type { CallBudget } from './callBudget.ts';
import { createCallMeter, type CallMeter } from './callMeter.ts';
import type { CreateGuard } from './guard.ts';
import type { Journal } from './journal.ts';
import { pauseOf } from './judgeAnswers.ts';
import { oweEnd } from './owedEnd.ts';
import type { OpenPlan, PlanUse } from '../file/openPlan.ts';
import { publishPlan, type PlanStatus } from '../file/publishPlan.ts';
import type { Tier } from './ramp.ts';
import type { CrashPoint } from './runCalls.ts';
import { RunHalt } from './runHalt.ts';
import { writeRunLedger } from '../prove/runLedger.ts';
import { keepLease, writeRun, type RunRecord } from './runLock.ts';
import { runSteps } from './runSteps.ts';
import { readStepEnds, type StepEnds } from './stepEnds.ts';
import { summarise, type SummaryInput } from './runSummary.ts';
import { isInWindow, type RunWindow } from './runWindow.ts';

export type ApplyInput = {
  readonly planPath: string;
  /** What the plan must be bound to now, beside org, user and time, which are asked for. */
  readonly use: Pick<PlanUse, 'toolVersion' | 'charterDigest' | 'packs' | 'ruleSets'>;
  readonly policy: ApprovalPolicy;
  /** The org's name as the user typed it; asked of every org that is no sandbox. */
  readonly orgName?: string;
  /** Share of today's remaining API requests, 0 to 1; a fifth by default. */
  readonly budgetShare?: number;
  /** Ends with this tier; the rest waits for `resume`. */
  readonly upTo?: Tier;
  /** Hours in which something may begin, in a time zone; outside them the run pauses. */
  readonly window?: RunWindow & { readonly timeZone: string };
  /** What others are told of this machine when the org is locked. */
  readonly machine?: string;
  /** Keys of other machines whose checkpoints the run's own may follow. */
  readonly ledgerKeys?: readonly NoteKey[];
  /** Approvals by signature; a resumed run remembers those it began with. */
  readonly approvals?: readonly OfflineApproval[];
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
  /** Steps of one object from which on they go as a Bulk job; tests make it small. */
  readonly bulkFrom?: number;
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

/** A run that holds the lock. */
export type Run = {
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

const closeRun = async (run: Run, summary: RunSummary, ends: StepEnds): Promise<ApplyResult> => {
  const { ports, plan, record } = run;
  const counts = {
    DoneCount__c: summary.counts.done + summary.counts['already-done'],
    SkippedCount__c: summary.counts.changed + summary.counts['put-back'],
    FailedCount__c: summary.counts.refused,
    State__c: summary.state,
    ErrorCode__c: summary.stopCode,
  };
  if (summary.state === 'paused') {
    await writeRun(ports, record, counts, summary.stopCause !== 'lease-lost');
    return { summary, checkpoint: null, runRecordId: record.id, header: plan.header };
  }
  return endRun(run, summary, ends, counts);
};

/** Writes down for good what came of the run: ledger, plan record, run record. */
const endRun = async (run: Run, summary: RunSummary, ends: StepEnds, counts: OrgRow): Promise<ApplyResult> => {
  const { ports, journal, plan, record, input } = run;
  const { org, clock } = ports;
  const ledgerPorts = { ...ports, journal, plan: plan.store, ends, trusted: input.ledgerKeys ?? [] };
  const ledger = await writeRunLedger(ledgerPorts, record, plan.header, summary);
  const fields = { RootHash__c: ledger.root, TreeSize__c: ledger.size, FinishedAt__c: clock.now() };
  const shown = { status: PLAN_STATUS[summary.state], approvals: peopleNeeded(input.policy) };
  await publishPlan(org, plan.header, shown, ports.wait);
  await writeRun(ports, record, { ...counts, ...fields }, true);
  const { size, previousSize, root, leafFileHash } = ledger;
  const end = { summary, checkpoint: { size, previousSize, root, leafFileHash }, runRecordId: record.id };
  oweEnd(journal, end);
  journal.set('finished', clock.now());
  // The copy of the org has done its work; it would only be one more copy of people's data. Totals are counted again
  // from it: whoever follows the run removes it then.
  const hasTotals = (plan.header.terms.anonymisation?.statistics ?? []).length > 0;
  if (!hasTotals) ports.vault.remove(plan.header.snapshotHolding);
  return { ...end, header: plan.header };
};

/** Milliseconds after which the lease is looked at again inside a batch. */
const LEASE_LOOK = 180_000;

/** Keeps the lock: always at a batch's begin, inside a batch when some minutes have passed. */
const leaseKeeper = ({ ports, journal, record, owner }: Run) => {
  const { org, clock, wait } = ports;
  let last = Date.parse(clock.now());
  const keep = async (): Promise<void> => {
    await keepLease({ org, clock, journal, wait }, record, owner);
    last = Date.parse(clock.now());
  };
  return {
    keepLease: keep,
    stayAlive: async (): Promise<void> => {
      if (Date.parse(clock.now()) - last < LEASE_LOOK) return;
      try {
        await keep();
      } catch (error) {
        // What was begun is ended first: the batch's end hears of the pause again.
        if (!(error instanceof RunHalt) || error.stopCause !== 'pause-asked') throw error;
      }
    },
  };
};

const windowOf = ({ window }: ApplyInput, now: () => string) =>
  window === undefined ? {} : { inWindow: () => isInWindow(window, now(), window.timeZone) };

/** What ends some work before its end: RunHalt as it is, a question that the org does not answer as a pause. */
const haltOfWork = async (work: () => Promise<void>): Promise<RunHalt | undefined> => {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof RunHalt) return error;
    if (error instanceof OrgError) return pauseOf(error);
    throw error;
  }
};

type Measured = { readonly meter: CallMeter; readonly windows: readonly number[] };

const callsOf = ({ budget }: Run, meter: CallMeter): SummaryInput['calls'] => {
  const by = meter.counts();
  const frame = budget.used() - by.reduce((sum, one) => sum + one.calls, 0);
  return {
    used: budget.used(),
    budget: budget.limit,
    by: [...by, { purpose: 'frame' as const, object: null, calls: frame }],
  };
};

const summaryOf = (run: Run, { meter, windows }: Measured, ends: StepEnds, halt: RunHalt | undefined): RunSummary => {
  const { journal, plan, record } = run;
  const calls = callsOf(run, meter);
  const { header, store } = plan;
  return summarise({ ...{ runKey: record.runKey, header, plan: store, journal, ends, halt, calls, windows } });
};

/**
 * Carries out the plan's steps and closes the run: paused, or ended in the ledger. What the org does not answer pauses it,
 * with the code on its record; when not even that can be written, the org's error is thrown, and the run goes on later.
 */
export const carryOut = async (run: Run): Promise<ApplyResult> => {
  const { ports, journal, plan, record, budget } = run;
  const { org, clock } = ports;
  const windows: number[] = [];
  const meter = createCallMeter(org);
  const ends = readStepEnds(journal, plan.header.terms.steps);
  const halt = await haltOfWork(async () => {
    const guard = await ports.createGuard(org, plan.header);
    const steps = {
      ...{ ...ports, ...leaseKeeper(run), ...windowOf(run.input, clock.now) },
      ...{ journal, guard, budget, meter, plan: plan.store, header: plan.header, now: clock.now },
      window: (milliseconds: number) => void windows.push(milliseconds),
      enterTier: (tier: Tier) =>
        writeRun(ports, record, { RampTier__c: tier, ...(tier === 'first-twenty' ? { State__c: 'running' } : {}) }),
      ...{ tell: run.tell, ends },
    };
    await runSteps(steps, run.input.upTo);
  });
  const measured = { meter, windows };
  if (halt?.state === 'paused') return closeRun(run, summaryOf(run, measured, ends, halt), ends);
  let closed: ApplyResult | undefined;
  const unwritten = await haltOfWork(async () => {
    closed = await closeRun(run, summaryOf(run, measured, ends, halt), ends);
  });
  // the ending is asked for part by part, so that resuming ends it once
  return closed ?? closeRun(run, summaryOf(run, measured, ends, unwritten), ends);
};
