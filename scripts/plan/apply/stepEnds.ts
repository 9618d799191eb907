import type { Journal, KnownOutcomes } from './journal.ts';
import { createTally, type StepEnd, type Tally } from './endTally.ts';
import type { PlacedStep } from '../file/planStore.ts';

export type StepEnds = {
  /** What became of each of these steps, in their order; undefined = not begun. */
  of(group: readonly PlacedStep[]): readonly (StepEnd | undefined)[];
  /** Remembers how people ended of whom nothing is written any more, while a journal still has it at hand. */
  learn(group: readonly PlacedStep[], journal: Pick<Journal, 'outcomesOf'>): void;
  /** How all ended; `all` reads the plan's steps and is called only when some were not learned of. */
  tally(all: () => Iterable<PlacedStep>): Tally;
};

const UNKNOWN = 0;
const NOT_BEGUN = 1;
const FIRST = 2;

/** Outcomes by their place in a short list: there are few different ones. */
const createPlaces = () => {
  const ends: StepEnd[] = [];
  const places = new Map<string, number>();
  return {
    of: ({ outcome, code }: StepEnd): number => {
      const name = code === null ? outcome : `${outcome} ${code}`;
      const known = places.get(name);
      if (known !== undefined) return known;
      ends.push({ outcome, code });
      places.set(name, FIRST + ends.length - 1);
      return FIRST + ends.length - 1;
    },
    at: (place: number): StepEnd | undefined => ends[place - FIRST],
  };
};

/** Steps by person, in the order in which their people come. */
const byPerson = (group: readonly PlacedStep[]): Iterable<readonly PlacedStep[]> => {
  const people = new Map<string, PlacedStep[]>();
  for (const placed of group) {
    const own = people.get(placed.step.subject);
    if (own === undefined) people.set(placed.step.subject, [placed]);
    else own.push(placed);
  }
  return people.values();
};

const STEPS_AT_ONCE = 1000;

/** A person's steps stand together in the plan's order: no group ends in the middle of somebody. */
function* inGroups(steps: Iterable<PlacedStep>): Iterable<readonly PlacedStep[]> {
  let group: PlacedStep[] = [];
  for (const placed of steps) {
    if (group.length >= STEPS_AT_ONCE && group.at(-1)?.step.subject !== placed.step.subject) {
      yield group;
      group = [];
    }
    group.push(placed);
  }
  yield group;
}

/** Two bytes a step: the outcomes themselves, with their codes, are few. */
const createMemory = (steps: number) => {
  const known = new Uint16Array(steps);
  const places = createPlaces();
  return {
    isUnknown: ({ ordinal }: PlacedStep): boolean => known[ordinal] === UNKNOWN,
    endOf: ({ ordinal }: PlacedStep): StepEnd | undefined => places.at(known[ordinal] ?? NOT_BEGUN),
    keep: (group: readonly PlacedStep[], outcomes: KnownOutcomes): void => {
      for (const { ordinal, step } of group) {
        const found = outcomes.get(step.key);
        known[ordinal] = found === undefined ? NOT_BEGUN : places.of(found);
      }
    },
  };
};

const keysOf = (group: readonly PlacedStep[]): readonly string[] => group.map(({ step }) => step.key);

/**
 * Reads the journal once for summary and ledger, when nothing is written to it any more, for the steps that it did not
 * learn of before.
 */
export const readStepEnds = (journal: Pick<Journal, 'outcomesOf'>, steps: number): StepEnds => {
  const { isUnknown, endOf, keep } = createMemory(steps);
  const tally = createTally();
  let untold = steps;
  const read = (group: readonly PlacedStep[]): void => {
    if (group.length > 0) keep(group, journal.outcomesOf(keysOf(group)));
  };
  const tell = (own: readonly PlacedStep[]): void => {
    tally.person(own, own.map(endOf));
    untold -= own.length;
  };
  return {
    learn: (group, from) => {
      const outcomes = from.outcomesOf(keysOf(group));
      for (const own of byPerson(group.filter(isUnknown))) {
        if (!own.every(({ step }) => outcomes.has(step.key))) continue;
        keep(own, outcomes);
        tell(own);
      }
    },
    of: (group) => {
      read(group.filter(isUnknown));
      return group.map(endOf);
    },
    tally: (all) => {
      for (const group of untold > 0 ? inGroups(all()) : []) {
        const unread = group.filter(isUnknown);
        read(unread);
        for (const own of byPerson(unread)) tell(own);
      }
      return tally.result();
    },
  };
};
