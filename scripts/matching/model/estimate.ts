import type { Estimate } from '../contract.ts';

const Z = 1.959964;

/**
 * Wilson's 95 % interval of a share: honest with few cases, where the normal one is not. `of` 0: nothing is known, and the
 * value is the middle of 0 to 1.
 */
export const wilson = (hits: number, of: number): Estimate => {
  if (of <= 0) return { value: 0.5, low: 0, high: 1 };
  const share = hits / of;
  const centre = (share + (Z * Z) / (2 * of)) / (1 + (Z * Z) / of);
  const half = (Z / (1 + (Z * Z) / of)) * Math.sqrt((share * (1 - share)) / of + (Z * Z) / (4 * of * of));
  return { value: share, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
};

/** Steps of chances that are added: sums of so coarse numbers are exact, and so the same in any order (up to 2^25 of them). */
const STEPS = 2 ** 28;

/** The sum of chances (0 to 1), the same to the last bit in whatever order they come. */
export const sumOfChances = (chances: Iterable<number>): number => {
  let sum = 0;
  for (const chance of chances) sum += Math.round(chance * STEPS);
  return sum / STEPS;
};

/** The value at which half of the weight lies below; [value, weight] pairs. */
export const weightedQuantile = (points: readonly (readonly [number, number])[], share: number): number => {
  const sorted = [...points].sort(([one], [other]) => one - other);
  const total = sorted.reduce((sum, [, weight]) => sum + weight, 0);
  let passed = 0;
  for (const [value, weight] of sorted) {
    passed += weight;
    if (passed >= total * share) return value;
  }
  return sorted.at(-1)?.[0] ?? Number.NaN;
};
