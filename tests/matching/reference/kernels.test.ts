import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dayAndMonthSwapped, oneDigitAway, yearOf } from '../../../scripts/matching/engine/kernels/digits.ts';
import { levenshtein, oneEditAway } from '../../../scripts/matching/engine/kernels/editDistance.ts';
import {
  jaroWinkler,
  headOf,
  letterMask,
  mostSimilar,
  type Texts,
} from '../../../scripts/matching/engine/kernels/jaroWinkler.ts';
import { unionFind } from '../../../scripts/matching/clusters/unionFind.ts';
import { connected } from './groups.ts';
import * as slow from './similarity.ts';

type Pair = readonly [readonly number[], readonly number[]];

/** Bytes of few letters, so that strings have much in common; now and then a digit or a blank. */
const text = (longest: number) =>
  fc.array(fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 97, max: 101 }) }, fc.constantFrom(32, 48, 122)), {
    maxLength: longest,
  });
const near = (longest: number) =>
  fc.tuple(text(longest), fc.integer({ min: 0, max: 3 }), fc.nat(), fc.nat()).map(([a, how, at, letter]): Pair => {
    const i = a.length === 0 ? 0 : at % a.length;
    const other = 97 + (letter % 5);
    if (how === 0) return [a, a.toSpliced(i, 1)];
    if (how === 1) return [a, a.toSpliced(i, 0, other)];
    if (how === 2) return [a, a.toSpliced(i, 1, other)];
    return [a, a.toSpliced(i, 2, ...a.slice(i, i + 2).toReversed())];
  });
const pairs = (longest: number) => fc.oneof(fc.tuple(text(longest), text(longest)), near(longest));

const store = (...strings: readonly (readonly number[])[]): Texts => {
  const bytes = Uint8Array.from([0, 0, ...strings.flat()]);
  const at = new Int32Array(strings.length);
  let next = 2;
  strings.forEach((string, i) => {
    at[i] = next;
    next += string.length;
  });
  const length = Uint8Array.from(strings, (string) => string.length);
  const mask = Int32Array.from(strings, (string, i) => letterMask(bytes, at[i]!, string.length));
  const head = Int32Array.from(strings, (string, i) => headOf(bytes, at[i]!, string.length));
  return { bytes, at, length, mask, head };
};

const eachPair = (longest: number, holds: (texts: Texts, pair: Pair) => void): void =>
  fc.assert(
    fc.property(pairs(longest), (pair) => holds(store(...pair), pair)),
    { numRuns: 3_000 },
  );

describe('Jaro-Winkler', () => {
  it('is what the definition gives, for strings of up to 32 bytes', () => {
    eachPair(32, (texts, [a, b]) => expect(jaroWinkler(texts, 0, 1)).toBeCloseTo(slow.jaroWinkler(a, b), 12));
  });

  it('compares longer strings by their first 32 bytes', () => {
    eachPair(60, (texts, [a, b]) =>
      expect(jaroWinkler(texts, 0, 1)).toBeCloseTo(slow.jaroWinkler(a.slice(0, 32), b.slice(0, 32)), 12),
    );
  });

  it('is the same from both sides', () => {
    eachPair(32, (texts) => expect(jaroWinkler(texts, 0, 1)).toBeCloseTo(jaroWinkler(texts, 1, 0), 12));
  });

  it('leaves nothing behind for the next pair', () => {
    eachPair(20, (texts) => {
      const first = jaroWinkler(texts, 0, 1);
      jaroWinkler(texts, 1, 0);
      expect(jaroWinkler(texts, 0, 1)).toBe(first);
    });
  });

  it('never passes the bound of the letters that occur', () => {
    eachPair(40, (texts) => expect(mostSimilar(texts, 0, 1)).toBeGreaterThanOrEqual(jaroWinkler(texts, 0, 1)));
  });
});

describe('edit distances', () => {
  it('Levenshtein is what the table of Wagner and Fischer gives', () => {
    eachPair(32, (texts, [a, b]) => expect(levenshtein(texts, 0, 1)).toBe(slow.editDistance(a, b, false)));
  });

  it('one edit away is an alignment of cost one or none', () => {
    eachPair(45, (texts, [a, b]) => expect(oneEditAway(texts, 0, 1)).toBe(slow.editDistance(a, b, true) <= 1));
  });
});

const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 8, maxLength: 8 });
const packed = (list: readonly number[]): number => list.reduce((bits, digit) => (bits << 4) | digit, 0);

describe('packed digits', () => {
  it('one digit away is an alignment of cost one without insertions', () => {
    const changed = fc
      .tuple(digits, fc.nat(7), fc.nat(9), fc.boolean())
      .map(([a, at, digit, swap]): Pair => [
        a,
        swap ? a.toSpliced(at, 2, ...a.slice(at, at + 2).toReversed()) : a.with(at, digit),
      ]);
    const together = fc.oneof(changed, fc.tuple(digits, digits));
    fc.assert(
      fc.property(together, ([a, b]) => {
        const differing = a.flatMap((digit, i) => (digit === b[i] ? [] : [i]));
        const [i = 0, j = -1] = differing;
        const swapped = differing.length === 2 && j === i + 1 && a[i] === b[j] && a[j] === b[i];
        expect(oneDigitAway(packed(a), packed(b))).toBe(differing.length === 1 || swapped);
      }),
      { numRuns: 3_000 },
    );
  });

  it('day and month change places and the year stays', () => {
    fc.assert(
      fc.property(digits, (a) => {
        const [y1, y2, y3, y4, m1, m2, d1, d2] = a as [number, number, number, number, number, number, number, number];
        expect(dayAndMonthSwapped(packed(a))).toBe(packed([y1, y2, y3, y4, d1, d2, m1, m2]));
        expect(yearOf(packed(a))).toBe(Number(`${y1}${y2}${y3}${y4}`));
      }),
    );
  });
});

describe('disjoint sets', () => {
  const edges = fc.array(fc.tuple(fc.nat(39), fc.nat(39)), { maxLength: 60 });

  it('are the connected components, named by their lowest row', () => {
    fc.assert(
      fc.property(edges, (list) => {
        const sets = unionFind(40);
        for (const [a, b] of list) sets.union(a, b);
        expect([...sets.labels()]).toEqual(connected(40, list));
      }),
      { numRuns: 500 },
    );
  });

  it('do not depend on the order of unions', () => {
    fc.assert(
      fc.property(edges, (list) => {
        const [one, other] = [unionFind(40), unionFind(40)];
        for (const [a, b] of list) one.union(a, b);
        for (const [a, b] of list.toReversed()) other.union(b, a);
        expect(other.labels()).toEqual(one.labels());
      }),
    );
  });
});
