import { soqlName } from '../kernel/soql.ts';
import type { PlanHeader } from '../model/plan.ts';
import type { ReportProgress } from '../model/progress.ts';
import type { CallBudget } from './callBudget.ts';
import { isRecordCall, settleCall } from './runCalls.ts';
import { batchesOf, chooseRamp, TIERS, type Ramp, type Tier } from './ramp.ts';
import { runBatch, type BatchPorts } from './runBatch.ts';
import { RunHalt } from './runHalt.ts';
import { stepsOf } from './planStore.ts';

export type RunPorts = BatchPorts & {
  readonly header: PlanHeader;
  readonly budget: CallBudget;
  /** Renews the lease of the lock; throws RunHalt `lease-lost`. */
  readonly keepLease: () => Promise<void>;
  /** Told when a tier begins; the run's record shows it. */
  readonly enterTier: (tier: Tier) => Promise<void>;
  readonly tell: ReportProgress;
};

/** Objects whose rows a tier may take away: those of steps and of foreseen cascades. */
const countedObjects = ({ terms }: PlanHeader): readonly string[] =>
  [
    ...new Set([
      ...terms.stepCounts.map((one) => one.object),
      ...terms.effects.filter((one) => one.effect === 'cascade').map((one) => one.object),
    ]),
  ].sort();

const countRows = async (ports: RunPorts): Promise<Readonly<Record<string, number>>> => {
  const counts: Record<string, number> = {};
  for (const object of countedObjects(ports.header)) {
    counts[object] = await ports.org.count(`SELECT COUNT() FROM ${soqlName(object)}`);
  }
  return counts;
};

/** Rows that the done steps of these people account for. */
const explained = (ports: RunPorts, subjects: readonly string[]): number => {
  const steps = stepsOf(ports.plan, subjects).map((stored) => stored.step);
  const outcomes = ports.journal.outcomesOf(steps.map((step) => step.key));
  const done = steps.filter((step) => step.operation === 'delete' && outcomes.get(step.key)?.outcome === 'done');
  return new Set(done.flatMap((step) => [step.recordId, ...step.precondition.goesWith])).size;
};

/**
 * After an early tier no more rows may be missing than its steps and their foreseen cascades explain: a trigger that
 * deletes something else is found on twenty records, not on all.
 */
const compareCounts = async (ports: RunPorts, tier: Tier, ramp: Ramp): Promise<void> => {
  const before = JSON.parse(ports.journal.get(`counts ${tier}`) ?? '{}') as Record<string, number>;
  const after = await countRows(ports);
  const missing = Object.entries(before).reduce((sum, [object, n]) => sum + Math.max(0, n - (after[object] ?? 0)), 0);
  if (missing > explained(ports, ramp.early[TIERS.indexOf(tier)] ?? [])) {
    throw new RunHalt('stopped', 'read-back-differs', 'MORE_ROWS_GONE');
  }
};

const beforeBatch = async (ports: RunPorts): Promise<boolean> => {
  await ports.keepLease();
  if (ports.budget.isSpent()) throw new RunHalt('paused', 'call-budget');
  return ports.now() < ports.header.terms.expiresAt;
};

const runTier = async (ports: RunPorts, ramp: Ramp, tier: Tier): Promise<void> => {
  const isEarly = tier !== 'rest';
  await ports.enterTier(tier);
  if (isEarly && ports.journal.get(`counts ${tier}`) === undefined) {
    ports.journal.set(`counts ${tier}`, JSON.stringify(await countRows(ports)));
  }
  const total = ports.header.terms.steps;
  let left = 0;
  for (const subjects of batchesOf(ports.plan, ramp, tier)) {
    left += await runBatch(ports, subjects, await beforeBatch(ports));
    const done = ports.journal.counts().reduce((sum, one) => sum + one.count, 0);
    ports.tell({ stage: `plan.apply.${tier}`, done, total });
  }
  if (left > 0) throw new RunHalt('stopped', 'plan-expired');
  if (isEarly) await compareCounts(ports, tier, ramp);
  ports.journal.set(`tier ${tier}`, 'done');
};

/**
 * Settles calls whose outcome is unknown, then runs tier after tier: 20 steps with one of each kind, 200, the rest,
 * reading the org back after each. Ends by returning, or by RunHalt.
 */
export const runSteps = async (ports: RunPorts, upTo: Tier = 'rest'): Promise<void> => {
  for (const call of ports.journal.pending()) if (isRecordCall(call)) await settleCall(ports, call);
  const ramp = chooseRamp(ports.plan);
  for (const tier of TIERS) {
    if (ports.journal.get(`tier ${tier}`) !== 'done') await runTier(ports, ramp, tier);
    if (tier === upTo && tier !== 'rest') throw new RunHalt('paused', 'tier-reached', tier);
  }
};
