import type { Column, Combinations } from './encode.ts';
import type { Levels } from './groups.ts';
import { numberPairs, splitGroups } from './numbering.ts';

/**
 * Per level: values that are written the same at this level and at every coarser one have the same number. Being the
 * same at one level alone is not enough: a department that two countries have both.
 */
const classesOf = ({ levels }: Column): readonly { readonly map: Int32Array; readonly words: number }[] => {
  const found: { readonly map: Int32Array; readonly words: number }[] = [];
  let above = new Int32Array(levels[0]?.length ?? 0);
  for (const written of levels.toReversed()) {
    const pairs = numberPairs(above.length);
    const coarser = above;
    above = coarser.map((number, code) => pairs.of(number, written[code] ?? 0));
    found.unshift({ map: above, words: Math.max(1, pairs.size()) });
  }
  return found;
};

const representatives = (groupOf: Int32Array, size: number): Int32Array => {
  const first = new Int32Array(size).fill(-1);
  groupOf.forEach((group, at) => {
    if (first[group] === -1) first[group] = at;
  });
  return first;
};

const summed = (counts: Int32Array, groupOf: Int32Array, size: number): Int32Array => {
  const sums = new Int32Array(size);
  groupOf.forEach((group, at) => {
    sums[group] = (sums[group] ?? 0) + (counts[at] ?? 0);
  });
  return sums;
};

/** Joins combinations that no level from `levels` on tells apart: fewer of them say the same. */
export const createJoiner = (columns: readonly Column[]): ((of: Combinations, levels: Levels) => Combinations) => {
  const classes = columns.map((column) => (column.coarsening === undefined ? [] : classesOf(column)));
  return (of, levels) => {
    const groupOf = new Int32Array(of.toDo.length);
    let size = groupOf.length === 0 ? 0 : 1;
    columns.forEach((column, at) => {
      const codes = of.codes[at] ?? new Int32Array(0);
      const own = classes[at]?.[levels[at] ?? 0];
      const by = own === undefined ? { codes, words: column.words } : { codes, ...own };
      size = splitGroups(groupOf, size, by);
    });
    const first = representatives(groupOf, size);
    return {
      columns,
      codes: of.codes.map((codes) => first.map((at) => codes[at] ?? 0)),
      toDo: summed(of.toDo, groupOf, size),
      done: summed(of.done, groupOf, size),
    };
  };
};
