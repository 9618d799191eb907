import type { AnonymityTerms } from './contract.ts';
import type { Combinations } from './encode.ts';
import { splitGroups } from './numbering.ts';

/** How coarse each column is, by its place; sensitive columns have none and stay 0. */
export type Levels = readonly number[];

/** People who look alike at some levels. */
export type Groups = {
  /** By combination. */
  readonly groupOf: Int32Array;
  /** Per group: everybody, and those who are still to be anonymised. */
  readonly people: Int32Array;
  readonly toDo: Int32Array;
  /** Per group: 1 where somebody stands out, or where too little differs in a sensitive column. */
  readonly fails: Uint8Array;
  /** Least number of values of a sensitive column over the groups that do not fail and have any; null without columns. */
  readonly diversity: number | null;
  /** People to be anonymised who are in groups that fail. */
  readonly outliers: number;
};

const isOneForAll = (codes: Int32Array): boolean => codes.every((code) => code === codes[0]);

/**
 * Groups of combinations that are written the same. Columns with few words first: groups stay few for longer. Groups
 * more than `most` are not counted further.
 */
export const groupsAt = (
  { columns, codes, toDo }: Combinations,
  levels: Levels,
  most?: number,
): { readonly groupOf: Int32Array; readonly size: number } => {
  const groupOf = new Int32Array(toDo.length);
  let size = toDo.length === 0 ? 0 : 1;
  const split = columns.flatMap((column, at) => {
    const map = column.coarsening === undefined ? undefined : column.levels[levels[at] ?? 0];
    const own = codes[at];
    return map === undefined || own === undefined || isOneForAll(map) ? [] : [{ codes: own, map, words: column.words }];
  });
  for (const by of split.toSorted((a, b) => a.words - b.words)) {
    size = splitGroups(groupOf, size, by, most);
    if (most !== undefined && size > most) break;
  }
  return { groupOf, size };
};

const add = (sums: Int32Array, at: number, value: number): void => {
  sums[at] = (sums[at] ?? 0) + value;
};

/** How many different values each group has in a sensitive column, no value among them; 0 where nobody has one. */
const valuesIn = (groupOf: Int32Array, size: number, codes: Int32Array): Int32Array => {
  const words = codes.reduce((most, code) => Math.max(most, code + 1), 1);
  const pairOf = groupOf.slice();
  const pairs = splitGroups(pairOf, size, { codes, words });
  const [values, some, seen] = [new Int32Array(size), new Uint8Array(size), new Uint8Array(pairs)];
  for (let i = 0; i < groupOf.length; i += 1) {
    const [group, pair] = [groupOf[i] ?? 0, pairOf[i] ?? 0];
    if (seen[pair] === 0) add(values, group, 1);
    seen[pair] = 1;
    if (codes[i] !== 0) some[group] = 1;
  }
  return values.map((count, group) => (some[group] === 1 ? count : 0));
};

type Judged = Pick<Groups, 'fails' | 'diversity'>;

const judge = (
  encoded: Combinations,
  { groupOf, people }: Pick<Groups, 'groupOf' | 'people'>,
  terms: Pick<AnonymityTerms, 'k' | 'l'>,
  watched: readonly number[],
): Judged => {
  const fails = Uint8Array.from(people, (count) => (count < terms.k ? 1 : 0));
  let diversity: number | null = null;
  for (const at of watched) {
    const values = valuesIn(groupOf, people.length, encoded.codes[at] ?? new Int32Array(0));
    values.forEach((count, group) => {
      if (count > 0 && count < terms.l) fails[group] = 1;
      if (count > 0 && fails[group] === 0) diversity = Math.min(diversity ?? count, count);
    });
  }
  return { fails, diversity };
};

/** Places of the sensitive columns. */
export const sensitiveColumns = ({ columns }: Combinations): readonly number[] =>
  columns.flatMap(({ coarsening }, at) => (coarsening === undefined ? [at] : []));

/**
 * Who looks alike at these levels, and which groups are too small or too uniform (distinct l-diversity). `watched` are
 * the sensitive columns that are kept.
 */
export const judgeLevels = (
  encoded: Combinations,
  levels: Levels,
  terms: Pick<AnonymityTerms, 'k' | 'l'>,
  watched: readonly number[],
): Groups => judgeGroups(encoded, groupsAt(encoded, levels), terms, watched);

/** The same of groups that were counted already. */
export const judgeGroups = (
  encoded: Combinations,
  { groupOf, size }: ReturnType<typeof groupsAt>,
  terms: Pick<AnonymityTerms, 'k' | 'l'>,
  watched: readonly number[],
): Groups => {
  const [people, toDo] = [new Int32Array(size), new Int32Array(size)];
  for (let i = 0; i < groupOf.length; i += 1) {
    const [group, open] = [groupOf[i] ?? 0, encoded.toDo[i] ?? 0];
    add(people, group, open + (encoded.done[i] ?? 0));
    add(toDo, group, open);
  }
  const judged = judge(encoded, { groupOf, people }, terms, watched);
  let outliers = 0;
  toDo.forEach((count, group) => (outliers += judged.fails[group] === 1 ? count : 0));
  return { groupOf, people, toDo, ...judged, outliers };
};
