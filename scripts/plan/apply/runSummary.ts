import type { PlanHeader } from '../../model/plan.ts';
import type { RunCounts, RunState, RunSummary, StepOutcome } from '../../model/run.ts';
import type { EncryptedStore } from '../../vault/port.ts';
import type { Journal } from './journal.ts';
import { readSteps, type StoredStep } from '../file/planStore.ts';
import { TIERS } from './ramp.ts';
import type { RunHalt } from './runHalt.ts';
import type { StepEnd, StepEnds } from './stepEnds.ts';

const OUTCOMES: readonly StepOutcome[] = ['done', 'already-done', 'changed', 'put-back', 'refused'];

type PersonEnd = keyof RunSummary['persons'];

const endOf = (outcomes: readonly (StepEnd | undefined)[]): PersonEnd => {
  const has = (outcome: StepOutcome): boolean => outcomes.some((one) => one?.outcome === outcome);
  if (has('refused')) return 'refused';
  if (has('changed') || has('put-back')) return 'changed';
  return outcomes.every((one) => one !== undefined) ? 'done' : 'left';
};

type Counts = Pick<RunSummary, 'persons' | 'doneBy'>;

const tallyGroup = (
  group: readonly StoredStep[],
  ends: StepEnds,
  persons: Record<PersonEnd, number>,
  done: Map<string, RunSummary['doneBy'][number]>,
): void => {
  const outcomes = ends.of(group);
  const people = new Map<string, (StepEnd | undefined)[]>();
  for (const [at, { step }] of group.entries()) {
    const outcome = outcomes[at];
    const own = people.get(step.subject);
    if (own === undefined) people.set(step.subject, [outcome]);
    else own.push(outcome);
    if (outcome?.outcome !== 'done' && outcome?.outcome !== 'already-done') continue;
    const key = `${step.object} ${step.operation}`;
    const { object, operation } = step;
    done.set(key, { object, operation, count: (done.get(key)?.count ?? 0) + 1 });
  }
  for (const own of people.values()) persons[endOf(own)] += 1;
};

const countPersons = (plan: EncryptedStore, ends: StepEnds): Counts => {
  const persons = { done: 0, changed: 0, refused: 0, left: 0 };
  const done = new Map<string, RunSummary['doneBy'][number]>();
  let group: StoredStep[] = [];
  for (const stored of readSteps(plan)) {
    // A person's steps stand together in the plan's order.
    if (group.length >= 1000 && group.at(-1)?.step.subject !== stored.step.subject) {
      tallyGroup(group, ends, persons, done);
      group = [];
    }
    group.push(stored);
  }
  tallyGroup(group, ends, persons, done);
  return { persons, doneBy: [...done].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one) };
};

const countSteps = (journal: Journal): Pick<RunSummary, 'counts' | 'notDone'> => {
  const counts: Record<StepOutcome, number> = Object.fromEntries(OUTCOMES.map((one) => [one, 0])) as RunCounts;
  const notDone = new Map<string, number>();
  for (const { outcome, code, count } of journal.counts()) {
    counts[outcome] += count;
    if (outcome === 'done' || outcome === 'already-done' || outcome === 'put-back') continue;
    notDone.set(code ?? outcome, (notDone.get(code ?? outcome) ?? 0) + count);
  }
  return { counts, notDone: [...notDone].sort().map(([code, count]) => ({ code, count })) };
};

/** How a run that came to this point ends: done, partly done, or as it was halted. */
export const stateAfter = (persons: RunSummary['persons'], halt: RunHalt | undefined): RunState => {
  if (halt !== undefined) return halt.state;
  return persons.changed + persons.refused + persons.left > 0 ? 'partly-done' : 'done';
};

const median = (sorted: readonly number[]): number => sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;

export type SummaryInput = {
  readonly runKey: string;
  readonly header: PlanHeader;
  readonly plan: EncryptedStore;
  readonly journal: Journal;
  readonly ends: StepEnds;
  readonly halt: RunHalt | undefined;
  readonly calls: Omit<RunSummary['calls'], 'predicted'>;
  readonly windows: readonly number[];
};

export const summarise = (input: SummaryInput): RunSummary => {
  const { journal, header, halt } = input;
  const { persons, doneBy } = countPersons(input.plan, input.ends);
  const windows = [...input.windows].sort((a, b) => a - b);
  return {
    runId: input.runKey,
    planDigest: header.digest,
    state: stateAfter(persons, halt),
    stopCause: halt?.stopCause ?? null,
    stopCode: halt?.code ?? null,
    persons,
    doneBy,
    ...countSteps(journal),
    tiers: TIERS.map((tier) => ({ tier, state: journal.get(`tier ${tier}`) === 'done' ? 'done' : 'waiting' })),
    calls: { predicted: header.terms.calls, ...input.calls },
    window: { median: median(windows), longest: windows.at(-1) ?? 0 },
  };
};
