import { comparisonsOf } from '../compare/data.ts';
import { need, type ThreadState } from '../threads/state.ts';

/** Rows of the sample in the order of their content, and the stretch of it whose pairs are compared. */
export type RandomItem = {
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly from: number;
  readonly to: number;
  readonly steps: number;
};

/** Equal rows lie next to each other: pairs are taken this far apart, so that they are strangers. */
const FIRST_STEP = 97;

/** Levels of pairs drawn at random: [comparison][level] → pairs. */
export const randomTask = (state: ThreadState, item: RandomItem): readonly Float64Array[] => {
  const comparisons = comparisonsOf(state);
  const counts = need(state, 'plan').comparisons.map(({ levels }) => new Float64Array(levels.length));
  const { a, b } = item;
  for (let i = item.from; i < item.to; i += 1) {
    for (let step = 0; step < item.steps; step += 1) {
      const left = a[i] ?? 0;
      const right = b[(i + FIRST_STEP + step) % b.length] ?? 0;
      if (left === right) continue;
      comparisons.forEach((compare, c) => {
        const level = compare(left, right);
        const own = counts[c];
        if (own !== undefined) own[level] = (own[level] ?? 0) + 1;
      });
    }
  }
  return counts;
};
