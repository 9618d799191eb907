import type { OrgValue } from '../../org/port.ts';
import type { Coarsening } from './coarsen.ts';
import type { Attribute, Population, PopulationRow } from './contract.ts';
import { createIntegers, splitGroups, type Integers } from './numbering.ts';

/** An attribute's values as numbers. */
export type Column = {
  readonly attribute: Attribute;
  /** Undefined for sensitive attributes, which are not made coarser. */
  readonly coarsening?: Coarsening;
  /** What is written, by number; 0 is no value. */
  readonly written: readonly (string | number | null)[];
  /** By level, from number of a value as read to number of what is written. */
  readonly levels: readonly Int32Array[];
  /** How many numbers there are of what is written, at most. */
  readonly words: number;
};

/**
 * People as combinations of values: those who are the same in everything stand together, with how many they are. Memory
 * grows with the number of different combinations, and by one number per person.
 */
export type Combinations = {
  readonly columns: readonly Column[];
  /** Number of the value as read, by column, then by combination. */
  readonly codes: readonly Int32Array[];
  /** People of each combination who are to be anonymised, and those who were already. */
  readonly toDo: Int32Array;
  readonly done: Int32Array;
};

export type Encoded = Combinations & {
  /** The combination of each person, in the order of the population's rows. */
  readonly combinationOf: Int32Array;
};

/** Gives the same number to the same value. */
const createWords = () => {
  const numbers = new Map<string | number | null, number>([[null, 0]]);
  const words: (string | number | null)[] = [null];
  return {
    words,
    of: (word: string | number | null): number => {
      const known = numbers.get(word);
      if (known !== undefined) return known;
      numbers.set(word, words.length);
      words.push(word);
      return words.length - 1;
    },
  };
};

type Reading = {
  readonly of: (value: OrgValue, country: string, isDone: boolean) => number;
  readonly column: () => Column;
};

const plain = (value: OrgValue): string | number | null =>
  value === '' || value === null ? null : typeof value === 'number' ? value : String(value);

/** A sensitive attribute: its values as they are. */
const sensitive = (attribute: Attribute): Reading => {
  const words = createWords();
  return {
    of: (value) => words.of(plain(value)),
    column: () => ({ attribute, written: words.words, levels: [], words: words.words.length }),
  };
};

/** Raw values remembered at most, with the number they have. */
const MOST_REMEMBERED = 200_000;

/** Values that are written the same at every step are one: exact days of birth need no number each. */
const coarsened = (attribute: Attribute, coarsening: Coarsening): Reading => {
  const written = createWords();
  const remembered = new Map<string, number>();
  const known = new Map<string, number>();
  const levels = coarsening.steps.map(() => createIntegers());
  const numberOf = (words: readonly (string | number | null)[]): number => {
    const codes = words.map((word) => written.of(word));
    const key = codes.join(' ');
    const number = known.get(key) ?? known.size;
    if (number === known.size) {
      known.set(key, number);
      codes.forEach((code, level) => levels[level]?.add(code));
    }
    return number;
  };
  const wordsOf = (value: OrgValue, country: string, isDone: boolean): readonly (string | number | null)[] =>
    // what an earlier plan wrote is not made coarser again: it stands there as it is
    coarsening.steps.map((step) => (isDone ? plain(value) : coarsening.at(value, step, country)));
  return {
    of: (value, country, isDone) => {
      const key = `${isDone ? '=' : country} ${typeof value} ${String(value)}`;
      const number = remembered.get(key) ?? numberOf(wordsOf(value, country, isDone));
      if (remembered.size < MOST_REMEMBERED) remembered.set(key, number);
      return number;
    },
    column: () => ({
      ...{ attribute, coarsening, written: written.words, words: written.words.length },
      levels: levels.map((level) => level.all()),
    }),
  };
};

export type EncodeInput = {
  readonly coarsenings: ReadonlyMap<string, Coarsening>;
  readonly countryOf: (row: PopulationRow) => string;
};

const readings = ({ attributes }: Population, { coarsenings }: EncodeInput): readonly Reading[] =>
  attributes.map((attribute) => {
    const coarsening = coarsenings.get(attribute.key);
    return coarsening === undefined ? sensitive(attribute) : coarsened(attribute, coarsening);
  });

const increase = (counts: number[], at: number): void => {
  counts[at] = (counts[at] ?? 0) + 1;
};

/** Every person's values as numbers, in one reading of the rows. */
export const encode = (population: Population, input: EncodeInput): Encoded => {
  const own = readings(population, input);
  const people = own.map((): Integers => createIntegers());
  const isDone = createIntegers();
  let count = 0;
  for (const row of population.rows()) {
    const country = input.countryOf(row);
    const done = row.isDone === true;
    own.forEach((reading, at) => people[at]?.add(reading.of(row.values[at] ?? null, country, done)));
    isDone.add(done ? 1 : 0);
    count += 1;
  }
  const combinationOf = new Int32Array(count);
  let size = 1;
  for (const codes of people) {
    const all = codes.all();
    const words = all.reduce((most, code) => Math.max(most, code + 1), 1);
    size = splitGroups(combinationOf, size, { codes: all, words });
  }
  return { columns: own.map((reading) => reading.column()), ...gathered(people, combinationOf, isDone.all()) };
};

type Gathered = Pick<Encoded, 'codes' | 'toDo' | 'done' | 'combinationOf'>;

const gathered = (people: readonly Integers[], combinationOf: Int32Array, isDone: Int32Array): Gathered => {
  const first: number[] = [];
  const [toDo, done]: [number[], number[]] = [[], []];
  combinationOf.forEach((combination, person) => {
    first[combination] ??= person;
    increase(isDone[person] === 1 ? done : toDo, combination);
  });
  const counts = (from: readonly number[]): Int32Array => Int32Array.from(first, (_, at) => from[at] ?? 0);
  return {
    codes: people.map((codes) => {
      const all = codes.all();
      return Int32Array.from(first, (person) => all[person] ?? 0);
    }),
    toDo: counts(toDo),
    done: counts(done),
    combinationOf,
  };
};
