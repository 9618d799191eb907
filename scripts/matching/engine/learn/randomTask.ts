import { comparisonsOf } from '../compare/data.ts';
import { PAIRS_TOGETHER, PairList } from '../compare/pairList.ts';
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
  const pairs = new PairList();
  const out = new Uint8Array(PAIRS_TOGETHER);
  const count = (): void => {
    comparisons.forEach((comparison, c) => {
      comparison.fill(pairs, out);
      const own = counts[c] ?? new Float64Array(0);
      for (let i = 0; i < pairs.count; i += 1) own[out[i] ?? 0] = (own[out[i] ?? 0] ?? 0) + 1;
    });
    pairs.count = 0;
  };
  for (let i = item.from; i < item.to; i += 1) {
    for (let step = 0; step < item.steps; step += 1) {
      const left = a[i] ?? 0;
      const right = b[(i + FIRST_STEP + step) % b.length] ?? 0;
      if (left !== right && pairs.add(left, right)) count();
    }
  }
  count();
  return counts;
};
