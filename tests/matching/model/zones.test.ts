import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sumOfChances, wilson } from '../../../scripts/matching/model/estimate.ts';
import { zonesOf } from '../../../scripts/matching/model/zones.ts';

const spread = (probabilities: readonly number[], guarded: readonly number[] = []) => ({
  probability: Float64Array.from(probabilities),
  count: new Float64Array(probabilities.length).fill(1),
  guarded: Uint8Array.from(probabilities, (_one, at) => (guarded.includes(at) ? 1 : 0)),
});
const someProbabilities = fc.array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: 1, maxLength: 60 });

describe('zones', () => {
  it('hold no more false merges than the target, as far as probabilities tell', () => {
    fc.assert(
      fc.property(someProbabilities, fc.constantFrom(0.001, 0.01, 0.05), (probabilities, targetError) => {
        const { auto } = zonesOf(spread(probabilities), { targetError, missed: 0 });
        const inside = probabilities.filter((probability) => probability >= auto);
        const wrong = inside.reduce((sum, probability) => sum + 1 - probability, 0);
        expect(wrong).toBeLessThanOrEqual(targetError * inside.length + 1e-9);
      }),
    );
  });

  it('begin the review where a pair helps the expected F1 rather than harms it', () => {
    fc.assert(
      fc.property(someProbabilities, (probabilities) => {
        const { review } = zonesOf(spread(probabilities), { targetError: 0.001, missed: 0 });
        const truth = probabilities.reduce((sum, probability) => sum + probability, 0);
        const f1 = (from: number): number => {
          const told = probabilities.filter((probability) => probability >= from);
          return (2 * told.reduce((sum, probability) => sum + probability, 0)) / (told.length + truth);
        };
        const best = Math.max(...probabilities.map(f1));
        if (review > 0.1) expect(f1(review)).toBeGreaterThan(best - 0.05);
      }),
    );
  });

  it('ask for more review where many duplicates are expected to be missed', () => {
    const probabilities = [0.99, 0.9, 0.6, 0.45, 0.3];
    const seen = zonesOf(spread(probabilities), { targetError: 0.001, missed: 0 }).review;
    expect(zonesOf(spread(probabilities), { targetError: 0.001, missed: 5 }).review).toBeLessThan(seen);
  });

  it('leave guarded pairs out of the count of the automatic zone', () => {
    const { auto } = zonesOf(spread([1, 0.93, 0.93], [0]), { targetError: 0.001, missed: 0 });
    expect(auto).toBe(1);
  });

  it('are there for a file without pairs', () => {
    expect(zonesOf(spread([]), { targetError: 0.001, missed: 0 })).toEqual({ review: 0.1, auto: 1 });
  });
});

describe('the Wilson interval', () => {
  it('holds the share and stays within 0 and 1', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1000), (one, other) => {
        const [hits, of] = [Math.min(one, other), Math.max(one, other, 1)];
        const { value, low, high } = wilson(hits, of);
        expect(low).toBeLessThanOrEqual(value + 1e-12);
        expect(high).toBeGreaterThanOrEqual(value - 1e-12);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('gives the values of the book: 9 of 10', () => {
    const { low, high } = wilson(9, 10);
    expect(low).toBeCloseTo(0.5958, 3);
    expect(high).toBeCloseTo(0.9821, 3);
  });
});

describe('sums of chances', () => {
  it('are the same to the last bit in any order', () => {
    const chances = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 200 });
    fc.assert(
      fc.property(chances, (some) => {
        const sum = sumOfChances(some);
        expect(sumOfChances(some.toReversed())).toBe(sum);
        expect(sumOfChances(some.toSorted((one, other) => one - other))).toBe(sum);
        expect(Math.abs(sum - some.reduce((total, one) => total + one, 0))).toBeLessThan(1e-6);
      }),
    );
  });
});
