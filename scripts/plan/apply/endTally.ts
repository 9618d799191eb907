import type { RunCounts, RunSummary, StepOutcome } from '../../model/run.ts';
import type { PlacedStep } from '../file/planStore.ts';

/** What became of a step, without whose it was. */
export type StepEnd = { readonly outcome: StepOutcome; readonly code: string | null };

export type Tally = Pick<RunSummary, 'persons' | 'doneBy' | 'counts' | 'notDone'>;

const OUTCOMES: readonly StepOutcome[] = ['done', 'already-done', 'changed', 'put-back', 'refused'];
/** Outcomes that need no reason. */
const PLAIN: ReadonlySet<StepOutcome> = new Set(['done', 'already-done', 'put-back']);

type PersonEnd = keyof RunSummary['persons'];

const endOf = (ends: readonly (StepEnd | undefined)[]): PersonEnd => {
  let end: PersonEnd = 'done';
  for (const one of ends) {
    if (one?.outcome === 'refused') return 'refused';
    if (one?.outcome === 'changed' || one?.outcome === 'put-back') end = 'changed';
    else if (one === undefined && end === 'done') end = 'left';
  }
  return end;
};

const addOne = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};

/** Counts how people and their steps ended, person by person. */
export const createTally = () => {
  const persons: Record<PersonEnd, number> = { done: 0, changed: 0, refused: 0, left: 0 };
  const counts = Object.fromEntries(OUTCOMES.map((one) => [one, 0])) as Record<StepOutcome, number> & RunCounts;
  const notDone = new Map<string, number>();
  const done = new Map<string, { object: string; operation: PlacedStep['step']['operation']; count: number }>();
  const addDone = ({ object, operation }: PlacedStep['step']): void => {
    const key = `${object} ${operation}`;
    const known = done.get(key);
    if (known === undefined) done.set(key, { object, operation, count: 1 });
    else known.count += 1;
  };
  return {
    /** All steps of one person, each with how it ended; undefined = not begun. */
    person: (steps: readonly PlacedStep[], ends: readonly (StepEnd | undefined)[]): void => {
      persons[endOf(ends)] += 1;
      for (const [at, { step }] of steps.entries()) {
        const end = ends[at];
        if (end === undefined) continue;
        counts[end.outcome] += 1;
        if (end.outcome === 'done' || end.outcome === 'already-done') addDone(step);
        else if (!PLAIN.has(end.outcome)) addOne(notDone, end.code ?? end.outcome);
      }
    },
    result: (): Tally => ({
      ...{ persons: { ...persons }, counts: { ...counts } },
      doneBy: [...done].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => ({ ...one })),
      notDone: [...notDone].sort().map(([code, count]) => ({ code, count })),
    }),
  };
};
