import type { StepOutcome } from '../../model/run.ts';
import type { Journal } from './journal.ts';
import type { StoredStep } from '../file/planStore.ts';

/** What became of a step, without whose it was. */
export type StepEnd = { readonly outcome: StepOutcome; readonly code: string | null };

export type StepEnds = {
  /** What became of each of these steps, in their order; undefined = not begun. */
  of(group: readonly StoredStep[]): readonly (StepEnd | undefined)[];
  /** Remembers how steps ended that nothing is written about any more, while a journal still has them at hand. */
  learn(group: readonly StoredStep[], journal: Pick<Journal, 'outcomesOf'>): void;
};

const UNKNOWN = 0;
const NOT_BEGUN = 1;
const FIRST = 2;

/**
 * Reads the journal once for summary and ledger, when nothing is written to it any more, for the steps that it did not
 * learn of before. Two bytes a step: the outcomes
 * themselves, with their codes, are few.
 */
export const readStepEnds = (journal: Pick<Journal, 'outcomesOf'>, steps: number): StepEnds => {
  const known = new Uint16Array(steps);
  const ends: StepEnd[] = [];
  const places = new Map<string, number>();
  const placeOf = ({ outcome, code }: StepEnd): number => {
    const name = `${outcome} ${code ?? ''}`;
    const place = places.get(name) ?? FIRST + ends.length;
    if (!places.has(name)) ends.push({ outcome, code });
    places.set(name, place);
    return place;
  };
  const learn = (group: readonly StoredStep[], from: Pick<Journal, 'outcomesOf'>, otherwise: number): void => {
    const outcomes = from.outcomesOf(group.map(({ step }) => step.key));
    for (const { ordinal, step } of group) {
      const found = outcomes.get(step.key);
      known[ordinal] = found === undefined ? otherwise : placeOf(found);
    }
  };
  return {
    learn: (group, from) => {
      learn(group, from, UNKNOWN);
    },
    of: (group) => {
      const unread = group.filter(({ ordinal }) => known[ordinal] === UNKNOWN);
      if (unread.length > 0) learn(unread, journal, NOT_BEGUN);
      return group.map(({ ordinal }) => ends[(known[ordinal] ?? NOT_BEGUN) - FIRST]);
    },
  };
};
