import type { Clock, Random } from '../../kernel/clock.ts';
import type { PlanHeader } from '../../model/plan.ts';
import type { ReportProgress } from '../../model/progress.ts';
import type { RunSummary } from '../../model/run.ts';
import type { Org } from '../../org/port.ts';
import { createSnapshotReader } from '../../snapshot/reader.ts';
import type { Vault } from '../../vault/port.ts';
import type { CreateGuard } from '../apply/guard.ts';
import { createJournal, type Journal } from '../apply/journal.ts';
import { openPlan, type OpenPlan } from '../file/openPlan.ts';
import { readSteps } from '../file/planStore.ts';
import { contentOf, snapshotOf, type RehearsalContent } from './rehearsalContent.ts';
import { collectDifferences, compareEffects, foresightOf } from './rehearsalEffects.ts';
import type { Comparison, Effect, RehearsedChange } from './rehearsalEffects.ts';
import {
  rehearsalState,
  writeRehearsal,
  type NotCovered,
  type RehearsalDifference,
  type RehearsalRecord,
  type RehearsalState,
} from './rehearsalRecord.ts';
import { RunHalt } from '../apply/runHalt.ts';
import { runSteps } from '../apply/runSteps.ts';
import { readStepEnds, type StepEnds } from '../apply/stepEnds.ts';
import { summarise } from '../apply/runSummary.ts';

export type { RehearsalContent } from './rehearsalContent.ts';
export type { NotCovered, RehearsalDifference } from './rehearsalRecord.ts';
export type { RehearsedChange } from './rehearsalEffects.ts';

/** An org to try a plan on: as the real one at the snapshot, changed by nobody else. */
export type RehearsalOrg = {
  readonly org: Org;
  readonly tier: RehearsalRecord['tier'];
  /** Changes since it was loaded, in order. */
  changes(): Promise<Iterable<RehearsedChange>>;
  /** What the real org has and this one has not, or does not run. */
  readonly notCovered: readonly NotCovered[];
  /** Records of the plan that this org has not got: what concerns them is no difference. */
  readonly absent?: ReadonlySet<string>;
  close(): Promise<void>;
};

/** Looks at an org once the plan was run on it: what else the plan promised. */
export type LookAfter = (org: Org, plan: OpenPlan) => Promise<readonly Omit<RehearsalDifference, 'key'>[]>;

/** Loads a twin from a snapshot; the composition root provides it. */
export type OpenRehearsal = (content: RehearsalContent) => Promise<RehearsalOrg>;

export type RehearsePorts = {
  /** The real org, for what it holds now: describes, metadata names, rows that hang on the plan's records. */
  readonly org: Org;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly random: Random;
  readonly createGuard: CreateGuard;
  readonly lookAfter?: LookAfter;
};

export type RehearsalResult = {
  readonly planDigest: string;
  readonly header: PlanHeader;
  readonly tier: RehearsalRecord['tier'];
  /** First in every rendering. */
  readonly notCovered: readonly NotCovered[];
  readonly summary: RunSummary;
  readonly effects: readonly Effect[];
  /** Empty: the rehearsal did exactly what the plan says. */
  readonly differences: readonly RehearsalDifference[];
  /** With what earlier rehearsals found and what was accepted. */
  readonly state: RehearsalState;
};

const nothing = (): Promise<void> => Promise.resolve();

/** What a rehearsal seals on this machine goes when it ends: files, archives and letters are made for real only by a run. */
const scratchVault = (vault: Vault): { readonly vault: Vault; readonly drop: () => void } => {
  const made: string[] = [];
  return {
    vault: {
      ...vault,
      seal: async (...given) => {
        const holding = await vault.seal(...given);
        made.push(holding.id);
        return holding;
      },
    },
    drop: () => {
      for (const id of made) vault.remove(id);
    },
  };
};

type Rehearsing = RehearsePorts & { readonly tell: ReportProgress };

const runSilently = async (
  rehearsal: RehearsalOrg,
  plan: OpenPlan,
  memory: { readonly journal: Journal; readonly ends: StepEnds },
  ports: Rehearsing,
): Promise<RunHalt | undefined> => {
  const guard = await ports.createGuard(rehearsal.org, plan.header);
  const unlimited = { limit: Number.MAX_SAFE_INTEGER, used: () => 0, isSpent: () => false };
  const { vault, drop } = scratchVault(ports.vault);
  try {
    await runSteps({
      ...{ org: rehearsal.org, ...memory, guard, header: plan.header, plan: plan.store, budget: unlimited },
      ...{ keepLease: nothing, enterTier: nothing, wait: nothing, window: () => undefined },
      ...{ now: ports.clock.now, tell: ports.tell, vault },
    });
    return undefined;
  } catch (error) {
    if (error instanceof RunHalt) return error;
    throw error;
  } finally {
    drop();
  }
};

/** Steps that were not done, those of absent records apart. */
const notDone = (summary: RunSummary, plan: OpenPlan, absent: ReadonlySet<string>): readonly RehearsalDifference[] => {
  const differences = collectDifferences();
  let away = 0;
  if (absent.size > 0) for (const { step } of readSteps(plan.store)) away += absent.has(step.recordId) ? 1 : 0;
  for (const { code, count } of summary.notDone) {
    const left = code === 'record-gone' ? count - away : count;
    if (left > 0) differences.add({ kind: 'step-not-done', object: '*', field: null, because: code }, left);
  }
  if (summary.stopCause !== null) {
    const because = summary.stopCode ?? summary.stopCause;
    differences.add({ kind: 'step-not-done', object: '*', field: null, because }, summary.persons.left);
  }
  return differences.sorted();
};

const lookedAfter = async (
  { org, absent }: RehearsalOrg,
  plan: OpenPlan,
  look: LookAfter | undefined,
): Promise<readonly RehearsalDifference[]> => {
  const differences = collectDifferences();
  // an org without some of the plan's records has other totals
  const found = (absent?.size ?? 0) > 0 ? [] : ((await look?.(org, plan)) ?? []);
  for (const { count, ...one } of found) differences.add(one, count);
  return differences.sorted();
};

type Ran = Comparison & { readonly summary: RunSummary };

const runOn = async (rehearsal: RehearsalOrg, plan: OpenPlan, ports: Rehearsing): Promise<Ran> => {
  const { header, store } = plan;
  const { orgId, expiresAt } = header.terms;
  const foresight = foresightOf(header, store);
  const absent = rehearsal.absent ?? new Set<string>();
  for (const key of foresight.byId.keys()) if (absent.has(key.split(' ')[1] ?? '')) foresight.byId.delete(key);
  const journal = createJournal(ports.vault, { orgId, expiresAt, meta: { rehearsal: header.digest } });
  const before = rehearsal.org.calls();
  try {
    const ends = readStepEnds(journal, header.terms.steps);
    const halt = await runSilently(rehearsal, plan, { journal, ends }, ports);
    const calls = { used: rehearsal.org.calls() - before, budget: 0 };
    const comparison = compareEffects(foresight, await rehearsal.changes());
    const looked = await lookedAfter(rehearsal, plan, halt === undefined ? ports.lookAfter : undefined);
    const summary = summarise({ runKey: 'rehearsal', header, plan: store, journal, ends, halt, calls, windows: [] });
    const differences = [...comparison.differences, ...notDone(summary, plan, absent), ...looked];
    return { summary, effects: comparison.effects, differences };
  } finally {
    journal.close();
    ports.vault.remove(journal.holdingId);
  }
};

const conclude = async (
  rehearsal: RehearsalOrg,
  plan: OpenPlan,
  ran: Ran,
  context: { readonly ports: RehearsePorts; readonly notCovered: readonly NotCovered[] },
): Promise<RehearsalResult> => {
  const { username } = await context.ports.org.identity();
  const { tier } = rehearsal;
  const { notCovered } = context;
  const { differences, effects, summary } = ran;
  const at = context.ports.clock.now();
  writeRehearsal(plan.store, { at, tier, by: username, notCovered: [...notCovered], differences: [...differences] });
  const { header, store } = plan;
  const state = rehearsalState(store);
  return { planDigest: header.digest, header, tier, notCovered, summary, effects, differences, state };
};

/**
 * Runs a plan on a twin loaded from the plan's own snapshot, with the executor that will run it on the org, compares what
 * happened with what the plan says, and records it with the plan. Errors: those of openPlan, SnapshotGone,
 * RehearsalWithoutDescribe, the twin's.
 */
export const rehearsePlan = async (
  planPath: string,
  ports: RehearsePorts & { readonly openRehearsal: OpenRehearsal },
  tell: ReportProgress = () => undefined,
): Promise<RehearsalResult> => {
  const plan = openPlan(planPath, ports.vault);
  try {
    const snapshot = snapshotOf(plan, ports.vault);
    try {
      const content = await contentOf(ports.org, plan, createSnapshotReader(snapshot));
      tell({ stage: 'plan.rehearse.load' });
      const rehearsal = await ports.openRehearsal(content);
      try {
        const ran = await runOn(rehearsal, plan, { ...ports, tell });
        const notCovered = [...content.notCovered, ...rehearsal.notCovered];
        return await conclude(rehearsal, plan, ran, { ports, notCovered });
      } finally {
        await rehearsal.close();
      }
    } finally {
      snapshot.close();
    }
  } finally {
    plan.store.close();
  }
};

/** Opens another org to try a plan on, for real: `openSandbox`. */
export type OpenTrial = (plan: OpenPlan) => Promise<RehearsalOrg>;

/** Runs a plan on a sandbox, for real, with the same executor, and records it with the plan. */
export const tryPlan = async (
  planPath: string,
  ports: RehearsePorts & { readonly openTrial: OpenTrial },
  tell: ReportProgress = () => undefined,
): Promise<RehearsalResult> => {
  const plan = openPlan(planPath, ports.vault);
  try {
    const trial = await ports.openTrial(plan);
    const ran = await runOn(trial, plan, { ...ports, tell });
    return await conclude(trial, plan, ran, { ports, notCovered: trial.notCovered });
  } finally {
    plan.store.close();
  }
};
