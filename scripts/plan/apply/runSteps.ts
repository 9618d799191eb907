import { isHistoryObject } from '../../model/discoverPaths.ts';
import type { PlanHeader, PlanStep } from '../../model/plan.ts';
import type { ReportProgress } from '../../model/progress.ts';
import { binRoom, countRows } from './binRoom.ts';
import type { CallBudget } from './callBudget.ts';
import { REST_BATCH } from './callBudget.ts';
import { endBulkJob } from '../channels/bulkSteps.ts';
import { settlePending } from './settleCalls.ts';
import { batchesOf, chooseRamp, TIERS, type BatchSize, type Ramp, type Tier } from './ramp.ts';
import { runBatch, type BatchPorts } from './runBatch.ts';
import { rememberingJournal, type RememberingJournal } from './rememberingJournal.ts';
import { RunHalt } from './runHalt.ts';
import { createPace } from './runPace.ts';
import type { StepEnds } from './stepEnds.ts';
import { stepsOf } from '../file/planStore.ts';

export type RunPorts = BatchPorts & {
  readonly header: PlanHeader;
  readonly budget: CallBudget;
  /** Renews the lease of the lock; throws RunHalt `lease-lost` or `pause-asked`. */
  readonly keepLease: () => Promise<void>;
  /** Told when a tier begins; the run's record shows it. */
  readonly enterTier: (tier: Tier) => Promise<void>;
  /** Whether something new may begin at this hour; always, when the run has no window. */
  readonly inWindow?: () => boolean;
  readonly tell: ReportProgress;
  /** Told how the steps of each batch ended. */
  readonly ends?: Pick<StepEnds, 'learn'>;
};

/**
 * Objects whose rows a tier may take away: those of steps and of foreseen cascades. History goes with its record as the
 * platform wants; its rows have one key prefix for all objects, so that what went is not told apart by it.
 */
const countedObjects = ({ terms }: PlanHeader): readonly string[] =>
  [
    ...new Set([
      ...terms.stepCounts.map((one) => one.object),
      ...terms.effects
        .filter(({ object, effect }) => effect === 'cascade' && !isHistoryObject(object))
        .map((one) => one.object),
    ]),
  ].sort();

const measuredCheck = <T>(ports: RunPorts, work: () => Promise<T>): Promise<T> =>
  ports.meter === undefined ? work() : ports.meter.measure('check', null, work);

const countAll = async (ports: RunPorts): Promise<Readonly<Record<string, number>>> =>
  Object.fromEntries(await measuredCheck(ports, () => countRows(ports.org, countedObjects(ports.header))));

const prefixOf = (id: string): string => id.slice(0, 3);

/** Rows that are no longer counted once the step is done: their key prefix, or for history, which shares one, its object. */
const rowsGone = ({
  operation,
  object,
  recordId,
  precondition,
  payload,
}: PlanStep): readonly (readonly [string, string])[] => {
  if (operation === 'delete') return [recordId, ...precondition.goesWith].map((id) => [id, prefixOf(id)] as const);
  if (operation === 'merge') return (payload?.losers ?? []).map((id) => [id, prefixOf(id)] as const);
  return operation === 'deleteHistory' ? (payload?.historyIds ?? []).map((id) => [id, object] as const) : [];
};

/** Whether how many rows go is known only to the run: history that was still to be written when the plan was made. */
const takesAllHistory = ({ operation, payload }: PlanStep): boolean =>
  operation === 'deleteHistory' && payload?.historyOf !== undefined;

/** Rows that the done steps of these people account for, by key prefix of their ids or by object. */
const explained = (ports: RunPorts, subjects: readonly string[]): ReadonlyMap<string, number> => {
  const steps = stepsOf(ports.plan, subjects).map((stored) => stored.step);
  const outcomes = ports.journal.outcomesOf(steps.map((step) => step.key));
  const done = steps.filter((step) => outcomes.get(step.key)?.outcome === 'done');
  const counts = new Map<string, number>();
  for (const place of new Map(done.flatMap(rowsGone)).values()) counts.set(place, (counts.get(place) ?? 0) + 1);
  for (const { object } of done.filter(takesAllHistory)) counts.set(object, Number.POSITIVE_INFINITY);
  return counts;
};

/** Ids that tell no object explain nothing: links of files and messages have no prefix of their own. */
const mayBeGone = (object: string, prefix: string | undefined, reasons: ReadonlyMap<string, number>): number => {
  if (prefix === undefined) return reasons.get(object) ?? Number.POSITIVE_INFINITY;
  return (reasons.get(prefix) ?? 0) + (reasons.get(object) ?? 0);
};

/**
 * After an early tier no more rows of any object may be missing than its steps and their foreseen cascades explain: a
 * trigger that deletes something else is found on twenty records, not on all.
 */
const compareCounts = async (ports: RunPorts, tier: Tier, ramp: Ramp): Promise<void> => {
  const before = JSON.parse(ports.journal.get(`counts ${tier}`) ?? '{}') as Record<string, number>;
  const after = await countAll(ports);
  const reasons = explained(ports, ramp.early[TIERS.indexOf(tier)] ?? []);
  for (const [object, count] of Object.entries(before)) {
    const described = await ports.org.describe(object);
    if (count - (after[object] ?? 0) > mayBeGone(object, described?.keyPrefix ?? undefined, reasons)) {
      throw new RunHalt('stopped', 'read-back-differs', `MORE_ROWS_GONE ${object}`);
    }
  }
  const next = TIERS[TIERS.indexOf(tier) + 1];
  if (next !== undefined && next !== 'rest') ports.journal.set(`counts ${next}`, JSON.stringify(after));
};

const beforeBatch = async (ports: RunPorts): Promise<boolean> => {
  await ports.keepLease();
  if (ports.budget.isSpent()) throw new RunHalt('paused', 'call-budget');
  if (ports.inWindow?.() === false) throw new RunHalt('paused', 'outside-window');
  return ports.now() < ports.header.terms.expiresAt;
};

/** Batches of the last tier are as large as pays: bounded by what the recycle bin takes. */
const sizeOf = async (ports: RunPorts, tier: Tier): Promise<BatchSize> => {
  const objects = [...new Set(ports.header.terms.stepCounts.map((one) => one.object))].sort();
  if (tier !== 'rest' || objects.length === 0) return { people: REST_BATCH, rows: Number.POSITIVE_INFINITY };
  return { people: REST_BATCH, rows: await measuredCheck(ports, () => binRoom(ports.org, objects)) };
};

const doneSoFar = (ports: RunPorts): number => ports.journal.counts().reduce((sum, one) => sum + one.count, 0);

type Remembering = RunPorts & { readonly journal: RememberingJournal };

const runTier = async (ports: Remembering, ramp: Ramp, tier: Tier): Promise<void> => {
  const isEarly = tier !== 'rest';
  await ports.enterTier(tier);
  if (isEarly && ports.journal.get(`counts ${tier}`) === undefined) {
    ports.journal.set(`counts ${tier}`, JSON.stringify(await countAll(ports)));
  }
  const pace = createPace(ports.header.terms.steps, doneSoFar(ports), ports.now);
  let left = 0;
  for (const subjects of batchesOf(ports.plan, ramp, tier, await sizeOf(ports, tier))) {
    const end = await runBatch(ports, subjects, await beforeBatch(ports));
    left += end.left;
    ports.ends?.learn(end.stored, ports.journal);
    ports.journal.forget();
    ports.tell({ stage: `plan.apply.${tier}`, ...pace.after(end.steps) });
  }
  if (left > 0) throw new RunHalt('stopped', 'plan-expired');
  if (isEarly) await compareCounts(ports, tier, ramp);
  ports.journal.set(`tier ${tier}`, 'done');
};

/**
 * Settles calls whose outcome is unknown, then runs tier after tier: 20 steps with one of each kind, 200, the rest,
 * reading the org back after each. Ends by returning, or by RunHalt.
 */
export const runSteps = async (given: RunPorts, upTo: Tier = 'rest'): Promise<void> => {
  const journal = rememberingJournal(given.journal);
  const ports: Remembering = { ...given, journal };
  await settlePending(ports, () => endBulkJob(ports));
  const ramp = chooseRamp(ports.plan);
  for (const tier of TIERS) {
    if (ports.journal.get(`tier ${tier}`) !== 'done') await runTier(ports, ramp, tier);
    if (tier === upTo && tier !== 'rest') throw new RunHalt('paused', 'tier-reached', tier);
  }
};
