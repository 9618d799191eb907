import { describe, expect, it } from '@jest/globals';
import type { LabelledSet } from './labelledSet.ts';
import { bCubed, bestThreshold, clusterPairs, pairsWithin } from './metrics.ts';

const set = (truth: readonly number[], side = truth.map(() => 0)): LabelledSet => ({
  name: 'by hand',
  tables: [],
  truth: Int32Array.from(truth),
  side: Uint8Array.from(side),
});

describe('measures of an evaluation', () => {
  it('count the pairs within groups, and only those across when there are two sides', () => {
    expect(pairsWithin(Int32Array.of(0, 0, 0, 1), new Uint8Array(4))).toBe(3);
    expect(pairsWithin(Int32Array.of(0, 0, 0, 1), Uint8Array.of(0, 1, 1, 1))).toBe(2);
  });

  it('give precision, recall and F1 of the pairs that clusters imply', () => {
    const { precision, recall, f1 } = clusterPairs(Int32Array.of(0, 0, 2, 2), set([0, 0, 0, 1]));
    expect([precision, recall]).toEqual([1 / 2, 1 / 3]);
    expect(f1).toBeCloseTo(0.4, 10);
  });

  it('give B³ by hand: one entity of three in a pair and a single', () => {
    const { precision, recall } = bCubed(Int32Array.of(0, 0, 2), set([0, 0, 0]));
    expect(precision).toBe(1);
    expect(recall).toBeCloseTo((2 / 3 + 2 / 3 + 1 / 3) / 3, 10);
  });

  it('leave rows without a label out', () => {
    expect(clusterPairs(Int32Array.of(0, 0, 0), set([0, 0, -1])).f1).toBe(1);
    expect(bCubed(Int32Array.of(0, 0, 0), set([0, 0, -1])).precision).toBe(1);
  });

  it('find the threshold with the highest F1', () => {
    const pairs = [
      { probability: 0.9, right: true },
      { probability: 0.8, right: true },
      { probability: 0.7, right: false },
      { probability: 0.6, right: false },
    ];
    expect(bestThreshold(pairs, 2)).toMatchObject({ threshold: 0.8, f1: 1 });
    expect(bestThreshold([], 2).f1).toBe(0);
  });
});
