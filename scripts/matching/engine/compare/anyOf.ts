import type { Comparison, Data } from './contract.ts';
import type { LevelOf } from './textLevels.ts';

/** The columns of a field, one for each value a row may have. */
export const columnsOf = (data: Data, field: string): readonly Int32Array[] =>
  Array.from({ length: data.plan.width[field] ?? 0 }, (_, i) => data.columns[`${field}${i}`]).filter(
    (column) => column !== undefined,
  );

/** The best level over all values of a field; `missing` (0) when a side has none. */
export const anyOf = (columns: readonly Int32Array[], level: LevelOf): Comparison => {
  const [only] = columns;
  if (columns.length === 1 && only !== undefined)
    return (a, b) => {
      const left = only[a] ?? 0;
      const right = only[b] ?? 0;
      return left === 0 || right === 0 ? 0 : level(left, right);
    };
  return (a, b) => {
    let best = 0;
    for (const first of columns) {
      const left = first[a] ?? 0;
      if (left === 0) continue;
      for (const second of columns) {
        const right = second[b] ?? 0;
        if (right !== 0) best = Math.max(best, level(left, right));
      }
    }
    return best;
  };
};
