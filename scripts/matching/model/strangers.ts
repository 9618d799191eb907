import type { FitInput } from './contract.ts';

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

/** Chances of levels in pairs drawn at random; the strongest level comes from the frequencies of values where they are known. */
export const strangers = (input: FitInput): Float64Array[] =>
  input.comparisons.map((shape, comparison) => {
    const counted = input.random[comparison] ?? new Float64Array(shape.levels.length);
    const last = shape.levels.length - 1;
    const drawn = Math.max(sumOf(counted), 1);
    const present = 1 - (counted[0] ?? 0) / drawn;
    // a small file is drawn from many times over: that makes it no larger
    const unseen = UNSEEN * Math.max(1, drawn / Math.max(input.possiblePairs, 1));
    const least = Math.max(UNSEEN / Math.max(input.possiblePairs * present, 1), FLOOR);
    const coincidence = input.coincidence[comparison] ?? Number.NaN;
    const exact = Number.isFinite(coincidence) ? Math.min(Math.max(coincidence, least), 0.999) : Number.NaN;
    const smoothed = Float64Array.from(shape.levels, (_level, at) => (at === 0 ? 0 : (counted[at] ?? 0) + unseen));
    const known = Number.isFinite(exact);
    const rest = smoothed.reduce((sum, count, at) => (known && at === last ? sum : sum + count), 0);
    return smoothed.map((count, at) => {
      if (known && at === last) return exact;
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
