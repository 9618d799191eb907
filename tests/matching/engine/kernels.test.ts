import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { levenshtein, oneEditAway } from '../../../scripts/matching/engine/kernels/editDistance.ts';
import { dayAndMonthSwapped, oneDigitAway } from '../../../scripts/matching/engine/kernels/digits.ts';
import {
  jaroWinkler,
  headOf,
  letterMask,
  mostSimilar,
  type Texts,
} from '../../../scripts/matching/engine/kernels/jaroWinkler.ts';
import { makeSortRoom, sortByKey } from '../../../scripts/matching/engine/block/radixSort.ts';

const textsOf = (...texts: string[]): Texts => {
  const bytes = Buffer.from(texts.join(''));
  const at = Int32Array.from(texts, (_, i) => texts.slice(0, i).join('').length);
  const length = Uint8Array.from(texts, (text) => text.length);
  return {
    bytes,
    at,
    length,
    head: Int32Array.from(texts, (text, i) => headOf(bytes, at[i]!, text.length)),
    mask: Int32Array.from(texts, (text, i) => letterMask(bytes, at[i]!, text.length)),
  };
};

const slowJaro = (a: string, b: string): number => {
  if (a.length === 0 || b.length === 0) return a === b ? 1 : 0;
  const reach = Math.max(0, Math.floor(Math.max(a.length, b.length) / 2) - 1);
  const taken = new Set<number>();
  const left: string[] = [];
  Array.from(a).forEach((letter, i) => {
    for (let j = Math.max(0, i - reach); j <= Math.min(b.length - 1, i + reach); j += 1) {
      if (taken.has(j) || b[j] !== letter) continue;
      taken.add(j);
      left.push(letter);
      return;
    }
  });
  const right = Array.from(b).filter((_, j) => taken.has(j));
  if (left.length === 0) return 0;
  const moved = Math.floor(left.filter((letter, i) => letter !== right[i]).length / 2);
  return (left.length / a.length + left.length / b.length + (left.length - moved) / left.length) / 3;
};

const slowJaroWinkler = (a: string, b: string): number => {
  const jaro = slowJaro(a, b);
  let prefix = 0;
  while (prefix < 4 && prefix < a.length && a[prefix] === b[prefix]) prefix += 1;
  return jaro + prefix * 0.1 * (1 - jaro);
};

const slowDistance = (a: string, b: string, swaps: boolean): number => {
  const table = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (__, j) => (i === 0 ? j : i)),
  );
  for (let i = 1; i <= a.length; i += 1) {
    for (let j = 1; j <= b.length; j += 1) {
      const change = table[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      table[i]![j] = Math.min(change, table[i - 1]![j]! + 1, table[i]![j - 1]! + 1);
      if (swaps && i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        table[i]![j] = Math.min(table[i]![j]!, table[i - 2]![j - 2]! + 1);
    }
  }
  return table[a.length]![b.length]!;
};

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'z'), maxLength: 32 });
const near = fc.tuple(word, fc.nat(31), fc.constantFrom('swap', 'drop', 'change')).map(([text, at, what]) => {
  const i = Math.min(at, Math.max(0, text.length - 2));
  if (what === 'swap')
    return [text, text.slice(0, i) + (text[i + 1] ?? '') + (text[i] ?? '') + text.slice(i + 2)] as const;
  return [text, text.slice(0, i) + (what === 'drop' ? '' : 'q') + text.slice(i + 1)] as const;
});
const pairs = fc.oneof(fc.tuple(word, word), near).map(([a, b]) => [a, b.slice(0, 32)] as const);

describe('kernels', () => {
  it('Jaro-Winkler equals the definition, and the bound from letters is never below it', () => {
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        const texts = textsOf(a, b);
        const expected = slowJaroWinkler(a, b);
        expect(jaroWinkler(texts, 0, 1)).toBeCloseTo(expected, 12);
        expect(mostSimilar(texts, 0, 1)).toBeGreaterThanOrEqual(expected - 1e-12);
      }),
    );
  });

  it('Levenshtein equals the definition, and one edit is a distance of one at most, swaps included', () => {
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        const texts = textsOf(a, b);
        expect(levenshtein(texts, 0, 1)).toBe(slowDistance(a, b, false));
        expect(oneEditAway(texts, 0, 1)).toBe(slowDistance(a, b, true) <= 1);
      }),
    );
  });

  it('packed digits are one digit away when one is changed or two neighbours are swapped', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{8}$/), fc.stringMatching(/^\d{8}$/), fc.nat(6), (text, other, i) => {
        const left = Array.from(text);
        const swapped = [...left];
        [swapped[i], swapped[i + 1]] = [left[i + 1]!, left[i]!];
        for (const right of [other.split(''), swapped, [...left.slice(0, i), other[i]!, ...left.slice(i + 1)]]) {
          const differing = left.filter((digit, at) => digit !== right[at]).length;
          const at = left.findIndex((digit, n) => digit !== right[n]);
          const isSwap = differing === 2 && left[at] === right[at + 1] && left[at + 1] === right[at];
          const pack = (digits: string[]): number => Number.parseInt(digits.join(''), 16) | 0;
          expect(oneDigitAway(pack(left), pack(right))).toBe(differing === 1 || isSwap);
        }
      }),
    );
  });

  it('swapping day and month twice gives the date back', () => {
    expect(dayAndMonthSwapped(0x19780217) === 0x19781702).toBe(true);
    expect(dayAndMonthSwapped(dayAndMonthSwapped(0x19780217))).toBe(0x19780217);
  });

  it('the radix sort orders keys and leaves equal ones in their order', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(5), fc.integer({ min: 0, max: 2 ** 32 - 1 }))), (keys) => {
        const room = makeSortRoom(keys.length);
        keys.forEach((key, i) => {
          room.keys[i] = key;
          room.rows[i] = i;
        });
        sortByKey(room, keys.length);
        const expected = keys.map((key, i) => [key, i] as const).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
        expect([...room.rows]).toEqual(expected.map(([, i]) => i));
      }),
    );
  });
});
