import type { ComparisonShape, FitInput } from './contract.ts';
import { strides } from './passes.ts';

/** A level that was never seen among random pairs is given this many sightings. */
const UNSEEN = 0.5;
/** No level is rarer than this among strangers: beyond it a weight would rest on nothing. */
const FLOOR = 1e-9;

/**
 * Chances of levels between strangers, without what duplicates add to them: `share` of all pairs are duplicates, and they
 * show level l with chance `among[l]`.
 */
export const withoutDuplicates = (seen: Float64Array, among: Float64Array, share: number): Float64Array => {
  const cleaned = seen.map((chance, level) =>
    level === 0 ? 0 : Math.max(chance - share * (among[level] ?? 0), chance * 0.02, FLOOR),
  );
  const sum = cleaned.reduce((total, chance) => total + chance, 0);
  return sum === 0 ? cleaned : cleaned.map((chance) => chance / sum);
};

const sumOf = (counts: Float64Array): number => counts.reduce((sum, count) => sum + count, 0);

/** Levels of equal values, strongest last, with the share each has of the pairs that the rule of this field alone brings together. */
const equalLevels = (input: FitInput, shape: ComparisonShape, comparison: number): ReadonlyMap<number, number> => {
  const last = shape.levels.length - 1;
  const equal = shape.levels.flatMap(({ meaning }, at) => (meaning === 'exact' || meaning === 'shared' ? [at] : []));
  if (equal.length < 2) return new Map([[last, 1]]);
  const rule = input.rules.find(({ name }) => name === shape.name);
  const step = strides(input.comparisons)[comparison] ?? 1;
  const counts = new Map(equal.map((level) => [level, UNSEEN]));
  rule?.codes.forEach((code, at) => {
    const level = Math.floor(code / step) % shape.levels.length;
    const before = counts.get(level);
    if (before !== undefined) counts.set(level, before + (rule.counts[at] ?? 0));
  });
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return new Map([...counts].map(([level, count]) => [level, count / total]));
};

/** Chances of levels in pairs drawn at random; equal values come from their frequencies where they are known. */
export const strangers = (input: FitInput): Float64Array[] =>
  input.comparisons.map((shape, comparison) => {
    const counted = input.random[comparison] ?? new Float64Array(shape.levels.length);
    const equal = equalLevels(input, shape, comparison);
    const drawn = Math.max(sumOf(counted), 1);
    const present = 1 - (counted[0] ?? 0) / drawn;
    // a small file is drawn from many times over: that makes it no larger
    const unseen = UNSEEN * Math.max(1, drawn / Math.max(input.possiblePairs, 1));
    const least = Math.max(UNSEEN / Math.max(input.possiblePairs * present, 1), FLOOR);
    const coincidence = input.coincidence[comparison] ?? Number.NaN;
    const exact = Number.isFinite(coincidence) ? Math.min(Math.max(coincidence, least), 0.999) : Number.NaN;
    const smoothed = Float64Array.from(shape.levels, (_level, at) => (at === 0 ? 0 : (counted[at] ?? 0) + unseen));
    const known = Number.isFinite(exact);
    const rest = smoothed.reduce((sum, count, at) => (known && equal.has(at) ? sum : sum + count), 0);
    return smoothed.map((count, at) => {
      if (known && equal.has(at)) return Math.max(exact * (equal.get(at) ?? 1), FLOOR);
      return rest === 0 ? 0 : Math.max((count / rest) * (known ? 1 - exact : 1), at === 0 ? 0 : FLOOR);
    });
  });

/** Share of random pairs in which both sides have a value. */
export const filled = (input: FitInput): Float64Array =>
  Float64Array.from(input.comparisons, (_shape, comparison) => {
    const counted = input.random[comparison] ?? new Float64Array(0);
    const sum = sumOf(counted);
    return sum === 0 ? 1 : 1 - (counted[0] ?? 0) / sum;
  });
