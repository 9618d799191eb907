import type { Clock, Random } from '../kernel/clock.ts';
import { GardeError } from '../kernel/result.ts';
import type { PlanHeader, PlanStep } from '../model/plan.ts';
import type { ReportProgress } from '../model/progress.ts';
import type { DescribedObject, Org, OrgRow } from '../org/port.ts';
import { createSnapshotReader, type SnapshotReader } from '../snapshot/reader.ts';
import type { Vault } from '../vault/port.ts';
import type { CreateGuard } from './guard.ts';
import { createJournal, type Journal } from './journal.ts';
import { openPlan, type OpenPlan } from './openPlan.ts';
import { readSteps } from './planStore.ts';
import { RunHalt } from './runHalt.ts';
import { runSteps } from './runSteps.ts';
import { summarise } from './runSummary.ts';
import type { RunSummary } from '../model/run.ts';

/** One row that a rehearsal changed, and why. */
export type RehearsedChange = {
  readonly object: string;
  readonly id: string;
  readonly change: 'insert' | 'update' | 'delete' | 'undelete' | 'purge';
  readonly cause: string;
};

/** An org to try a plan on: as the real one at the snapshot, changed by nobody else. */
export type RehearsalOrg = {
  readonly org: Org;
  /** Changes since it was loaded, in order. */
  changes(): Promise<readonly RehearsedChange[]>;
  /** What the real org runs and this one does not: Apex, packages, flows. */
  readonly notCovered: readonly string[];
  close(): Promise<void>;
};

export type RehearsalContent = {
  readonly orgName: string;
  readonly describes: readonly DescribedObject[];
  /** Objects to load, parents before children as far as lookups allow. */
  readonly objects: readonly string[];
  readonly rows: (object: string) => Iterable<OrgRow>;
};

/** Loads a twin from a snapshot; the composition root provides it. */
export type OpenRehearsal = (content: RehearsalContent) => Promise<RehearsalOrg>;

export type RehearsePorts = {
  /** The real org, for its describes only. */
  readonly org: Org;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly random: Random;
  readonly createGuard: CreateGuard;
  readonly openRehearsal: OpenRehearsal;
};

export type RehearsalDifference = {
  readonly kind: 'not-predicted' | 'did-not-happen' | 'step-not-done';
  readonly object: string;
  /** Records concerned. */
  readonly count: number;
  /** Cause the twin gives, or code of a decision or of the org. */
  readonly because: string;
};

export type RehearsalResult = {
  readonly planDigest: string;
  /** First in every rendering. */
  readonly notCovered: readonly string[];
  readonly summary: RunSummary;
  readonly predicted: Effects;
  readonly actual: Effects;
  /** Empty: the rehearsal did exactly what the plan says. */
  readonly differences: readonly RehearsalDifference[];
};
export type Effects = readonly {
  readonly object: string;
  readonly change: 'delete' | 'purge';
  readonly count: number;
}[];

const tally = (entries: Iterable<readonly [string, 'delete' | 'purge']>): Effects => {
  const counts = new Map<string, Effects[number]>();
  for (const [object, change] of entries) {
    const key = `${object} ${change}`;
    counts.set(key, { object, change, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
};

const isDeletion = (step: PlanStep): step is PlanStep & { operation: 'delete' | 'purge' } =>
  step.operation === 'delete' || step.operation === 'purge';

/** Rows that the plan says will be deleted: those of steps and those that go with them. */
const predictedRows = (plan: OpenPlan): ReadonlyMap<string, string> => {
  const rows = new Map<string, string>();
  for (const { step } of readSteps(plan.store)) {
    if (step.operation !== 'delete') continue;
    rows.set(step.recordId, step.object);
    for (const id of step.precondition.goesWith) if (!rows.has(id)) rows.set(id, '');
  }
  return rows;
};

const grouped = (
  kind: RehearsalDifference['kind'],
  found: Iterable<{ readonly object: string; readonly because: string }>,
): readonly RehearsalDifference[] => {
  const counts = new Map<string, RehearsalDifference>();
  for (const { object, because } of found) {
    const key = `${object} ${because}`;
    counts.set(key, { kind, object, because, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
};

const compare = (
  plan: OpenPlan,
  changes: readonly RehearsedChange[],
  summary: RunSummary,
): readonly RehearsalDifference[] => {
  const predicted = predictedRows(plan);
  const deleted = new Map(changes.filter((one) => one.change === 'delete').map((one) => [one.id, one] as const));
  const surprises = [...deleted.values()].filter((one) => !predicted.has(one.id));
  const missing = [...predicted].filter(([id]) => !deleted.has(id)).map(([, object]) => object);
  return [
    ...grouped(
      'not-predicted',
      surprises.map(({ object, cause }) => ({ object, because: cause })),
    ),
    ...grouped(
      'did-not-happen',
      missing.map((object) => ({ object: object === '' ? '*' : object, because: 'cascade' })),
    ),
    ...summary.notDone.map(({ code, count }) => ({
      kind: 'step-not-done' as const,
      object: '*',
      count,
      because: code,
    })),
  ];
};

const snapshotOf = (plan: OpenPlan, vault: Vault): ReturnType<Vault['openStore']> => {
  const id = plan.header.snapshotHolding;
  if (vault.holdings(plan.header.terms.orgId).some((holding) => holding.id === id)) return vault.openStore(id);
  throw new GardeError([
    {
      code: 'SnapshotGone',
      subject: plan.header.digest.slice(0, 8),
      message: 'The copy of the org that this plan was made from is no longer held.',
      actions: ['Plan again, then rehearse.'],
    },
  ]);
};

const contentOf = async (org: Org, header: PlanHeader, reader: SnapshotReader): Promise<RehearsalContent> => {
  const names = reader.objects.map((copied) => copied.object);
  const describes: DescribedObject[] = [];
  for (const name of names) {
    const described = await org.describe(name);
    if (described !== undefined) describes.push(described);
  }
  return { orgName: header.terms.orgName, describes, objects: names, rows: (object) => reader.rows(object) };
};

const predictedEffects = function* (plan: OpenPlan): Iterable<readonly [string, 'delete' | 'purge']> {
  for (const { step } of readSteps(plan.store)) if (isDeletion(step)) yield [step.object, step.operation];
};

const directEffects = (changes: readonly RehearsedChange[]): readonly (readonly [string, 'delete' | 'purge'])[] =>
  changes.flatMap(({ object, change, cause }) =>
    cause === 'direct' && (change === 'delete' || change === 'purge') ? [[object, change] as const] : [],
  );

const nothing = (): Promise<void> => Promise.resolve();

const runSilently = async (
  rehearsal: RehearsalOrg,
  plan: OpenPlan,
  journal: Journal,
  ports: RehearsePorts & { readonly tell: ReportProgress },
): Promise<RunHalt | undefined> => {
  const guard = await ports.createGuard(rehearsal.org, plan.header);
  const unlimited = { limit: Number.MAX_SAFE_INTEGER, used: () => 0, isSpent: () => false };
  try {
    await runSteps({
      ...{ org: rehearsal.org, journal, guard, header: plan.header, plan: plan.store, budget: unlimited },
      ...{ keepLease: nothing, enterTier: nothing, wait: nothing, window: () => undefined },
      ...{ now: ports.clock.now, tell: ports.tell },
    });
    return undefined;
  } catch (error) {
    if (error instanceof RunHalt) return error;
    throw error;
  }
};

const runOn = async (
  rehearsal: RehearsalOrg,
  plan: OpenPlan,
  ports: RehearsePorts & { readonly tell: ReportProgress },
): Promise<RehearsalResult> => {
  const { header, store } = plan;
  const { orgId, expiresAt } = header.terms;
  const journal = createJournal(ports.vault, { orgId, expiresAt, meta: { rehearsal: header.digest } });
  const before = rehearsal.org.calls();
  try {
    const halt = await runSilently(rehearsal, plan, journal, ports);
    const changes = await rehearsal.changes();
    const calls = { used: rehearsal.org.calls() - before, budget: 0 };
    const summary = summarise({ runKey: 'rehearsal', header, plan: store, journal, halt, calls, windows: [] });
    return {
      planDigest: header.digest,
      notCovered: rehearsal.notCovered,
      summary,
      predicted: tally(predictedEffects(plan)),
      actual: tally(directEffects(changes)),
      differences: compare(plan, changes, summary),
    };
  } finally {
    journal.close();
    ports.vault.remove(journal.holdingId);
  }
};

/**
 * Runs a plan on a twin loaded from the plan's own snapshot, with the executor that will run it on the org, and compares
 * what happened with what the plan says. Errors: those of openPlan, SnapshotGone, the twin's.
 */
export const rehearsePlan = async (
  planPath: string,
  ports: RehearsePorts,
  tell: ReportProgress = () => undefined,
): Promise<RehearsalResult> => {
  const plan = openPlan(planPath, ports.vault);
  const snapshot = snapshotOf(plan, ports.vault);
  try {
    const content = await contentOf(ports.org, plan.header, createSnapshotReader(snapshot));
    tell({ stage: 'plan.rehearse.load' });
    const rehearsal = await ports.openRehearsal(content);
    try {
      return await runOn(rehearsal, plan, { ...ports, tell });
    } finally {
      await rehearsal.close();
    }
  } finally {
    snapshot.close();
    plan.store.close();
  }
};
