import type { Encoded } from './encode.ts';
import type { Groups, Levels } from './groups.ts';

/** What is visible in the org once everything is written. */
export type Crowd = {
  /** Per group: 1 where those still to be anonymised are emptied. */
  readonly suppressed: Uint8Array;
  /** People whose attributes are emptied. */
  readonly count: number;
  /** Per group: how many look like it afterwards; those without any value are counted in `empty`. */
  readonly sizes: Int32Array;
  /** Everybody without any value: the emptied, and those who had none. */
  readonly empty: number;
  /** People anonymised earlier who now stand alone. */
  readonly left: number;
};

/** Groups that are written without any value: who is emptied joins them. */
const withoutValues = ({ columns, codes }: Encoded, { groupOf, people }: Groups, levels: Levels): Uint8Array => {
  const none = new Uint8Array(people.length).fill(1);
  columns.forEach((column, at) => {
    if (column.coarsening === undefined) return;
    const written = column.levels[levels[at] ?? 0] ?? new Int32Array(0);
    const own = codes[at] ?? new Int32Array(0);
    for (let i = 0; i < groupOf.length; i += 1) if (written[own[i] ?? 0] !== 0) none[groupOf[i] ?? 0] = 0;
  });
  return none;
};

const sum = (numbers: Int32Array, where: (at: number) => boolean): number => {
  let total = 0;
  numbers.forEach((count, at) => (total += where(at) ? count : 0));
  return total;
};

/** Groups whose people may be emptied too, the smallest first: those in which nobody was anonymised earlier. */
const inReserve = ({ people, toDo }: Groups, suppressed: Uint8Array, none: Uint8Array): readonly number[] =>
  [...people.keys()]
    .filter((group) => suppressed[group] === 0 && none[group] === 0 && people[group] === toDo[group])
    .sort((a, b) => (people[a] ?? 0) - (people[b] ?? 0) || a - b);

/**
 * Empties everybody in groups that fail; who has no value at all must not stand out for it either, so further groups,
 * the smallest first, are emptied until the emptied are k.
 */
export const gatherCrowd = (encoded: Encoded, groups: Groups, levels: Levels, k: number): Crowd => {
  const { people, toDo, fails } = groups;
  const none = withoutValues(encoded, groups, levels);
  const suppressed = Uint8Array.from(fails, (failing, group) => (failing === 1 && (toDo[group] ?? 0) > 0 ? 1 : 0));
  const isEmpty = (group: number): boolean => none[group] === 1;
  let empty = sum(people, isEmpty) + sum(toDo, (group) => suppressed[group] === 1 && !isEmpty(group));
  for (const group of empty === 0 ? [] : inReserve(groups, suppressed, none)) {
    if (empty >= k) break;
    suppressed[group] = 1;
    empty += toDo[group] ?? 0;
  }
  const sizes = people.map((count, group) =>
    isEmpty(group) ? 0 : count - (suppressed[group] === 1 ? (toDo[group] ?? 0) : 0),
  );
  return {
    suppressed,
    count: sum(toDo, (group) => suppressed[group] === 1),
    sizes,
    empty,
    left: sum(sizes, (group) => (sizes[group] ?? 0) > 0 && (sizes[group] ?? 0) < k),
  };
};
