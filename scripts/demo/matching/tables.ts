import type { Draws } from '../random.ts';

/**
 * A table to draw from very often: A. J. Walker's aliases as M. D. Vose builds them (IEEE Trans. Software Eng. 17(9), 1991), one
 * draw and one comparison each. Sums and products only, so that every machine draws the same.
 */
export const aliasTable = <T>(values: readonly (readonly [T, number])[]): ((draws: Draws) => T) => {
  const { limits, aliases } = aliasesOf(values.map(([, weight]) => weight));
  const results = values.map(([value]) => value);
  const size = results.length;
  return (draws) => {
    const drawn = draws.next() * size;
    const at = Math.floor(drawn);
    return results[drawn - at < (limits[at] ?? 1) ? at : (aliases[at] ?? at)] as T;
  };
};

const aliasesOf = (weights: readonly number[]): { readonly limits: Float64Array; readonly aliases: Int32Array } => {
  if (weights.length === 0) throw new RangeError('nothing to draw from');
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const left = weights.map((weight) => (weight * weights.length) / total);
  const limits = new Float64Array(weights.length).fill(1);
  const aliases = Int32Array.from(weights, (_, i) => i);
  const below = left.flatMap((share, i) => (share < 1 ? [i] : []));
  const above = left.flatMap((share, i) => (share < 1 ? [] : [i]));
  while (below.length > 0 && above.length > 0) {
    const small = below.pop() ?? 0;
    const large = above[above.length - 1] ?? 0;
    limits[small] = left[small] ?? 1;
    aliases[small] = large;
    left[large] = (left[large] ?? 1) + (left[small] ?? 1) - 1;
    if ((left[large] ?? 1) < 1) below.push(above.pop() ?? 0);
  }
  return { limits, aliases };
};

/** log2 of 1 + x for x in [0, 1), by series: the same on every machine, and near enough to shape a table. */
const log2OfOnePlus = (x: number): number => {
  const y = x / (2 + x);
  const square = y * y;
  return 2.885_390_081_777_927 * y * (1 + square * (1 / 3 + square * (1 / 5 + square * (1 / 7 + square / 9))));
};

const log2 = (value: number): number => {
  let [whole, rest] = [0, value];
  for (; rest >= 2; rest /= 2) whole += 1;
  return whole + log2OfOnePlus(rest - 1);
};

/** 2^x for x in [0, 1), by series. */
const powerOfTwo = (x: number): number => {
  const y = x * 0.693_147_180_559_945_3;
  return 1 + y * (1 + (y / 2) * (1 + (y / 3) * (1 + (y / 4) * (1 + (y / 5) * (1 + y / 6)))));
};

/**
 * Ranks from 0 to `size - 1`, each as often as 1 / (rank + offset): Zipf's law as B. Mandelbrot bends it for the frequent.
 */
export const zipfRank = (size: number, offset: number): ((draws: Draws) => number) => {
  const octaves = log2(1 + size / offset);
  return (draws) => {
    const drawn = draws.next() * octaves;
    const whole = Math.floor(drawn);
    return Math.min(size - 1, Math.floor(offset * ((1 << whole) * powerOfTwo(drawn - whole) - 1)));
  };
};
