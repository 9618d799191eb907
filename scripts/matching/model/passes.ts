import type { ComparisonShape, FitInput, RulePatterns } from './contract.ts';

/** One rule's candidates, scaled to a mass of nearly 1 so that no rule drowns another. */
export type Pass = {
  /** Comparisons its key settles. */
  readonly fixed: readonly number[];
  /** [entry × fixed + n] → cell of the n-th of them. */
  readonly settled: Int32Array;
  /** Row in `cells`. */
  readonly pattern: Int32Array;
  /** 2^-bits: how much rarer strangers agree on these values. */
  readonly rarity: Float64Array;
  readonly mass: Float64Array;
  /** Sum of `mass`, and the pairs it stands for. */
  readonly weight: number;
  readonly pairs: number;
};

/** All patterns that were seen, taken apart once. */
export type Passes = {
  readonly patterns: number;
  readonly comparisons: number;
  /** [pattern × comparisons + comparison] → cell: where the level lies in a table of all comparisons. */
  readonly cells: Int32Array;
  readonly rules: readonly Pass[];
};

/** Levels of comparison `i` lie at `i × CELLS` and after it in a table of all comparisons. */
export const CELLS = 8;

export const strides = (shapes: readonly ComparisonShape[]): Float64Array => {
  const found = new Float64Array(shapes.length);
  let stride = 1;
  shapes.forEach((shape, at) => {
    found[at] = stride;
    stride *= shape.levels.length;
  });
  return found;
};

/** Rarity beyond this says more about the file than about the pair. */
export const RARITY_LIMIT = 16;

const positions = (codes: Float64Array, all: Float64Array): Int32Array => {
  const found = new Int32Array(codes.length);
  let at = 0;
  codes.forEach((code, entry) => {
    while (at > 0 && (all[at] ?? 0) > code) at -= 1;
    while ((all[at] ?? Infinity) < code) at += 1;
    found[entry] = at;
  });
  return found;
};

/** A rule of fewer pairs than this has hardly the mass of its pairs: one odd pair must not speak as loud as a thousand. */
const FULL_MASS = 300;

/** Rarities this near to each other are one entry: the mean of what strangers would do is what counts. */
const STEP_BITS = 2;

const settledIn = (
  fixed: readonly number[],
  pattern: readonly number[],
  cells: Int32Array,
  width: number,
): Int32Array =>
  Int32Array.from({ length: pattern.length * fixed.length }, (_, i) => {
    const own = pattern[Math.floor(i / fixed.length)] ?? 0;
    return cells[own * width + (fixed[i % fixed.length] ?? 0)] ?? 0;
  });

type Patterns = { readonly all: Float64Array; readonly cells: Int32Array; readonly comparisons: number };

const passOf = (rule: RulePatterns, { all, cells, comparisons }: Patterns): Pass => {
  const counted = rule.counts.reduce((total, count) => total + count, 0);
  const weight = rule.pairs / (rule.pairs + FULL_MASS) / counted;
  const places = positions(rule.codes, all);
  const pattern: number[] = [];
  const mass: number[] = [];
  const strangers: number[] = [];
  let before = Number.NaN;
  places.forEach((place, entry) => {
    const bits = Math.min(Math.max(rule.frequency[entry] ?? 0, -RARITY_LIMIT), RARITY_LIMIT);
    const share = (rule.counts[entry] ?? 0) * weight;
    const step = Math.round(bits / STEP_BITS);
    const at = pattern.length - 1;
    if (place === pattern[at] && step === before) {
      mass[at] = (mass[at] ?? 0) + share;
      strangers[at] = (strangers[at] ?? 0) + share * 2 ** -bits;
      return;
    }
    before = step;
    pattern.push(place);
    mass.push(share);
    strangers.push(share * 2 ** -bits);
  });
  const fixed = rule.fixed.map(({ comparison }) => comparison);
  return {
    fixed,
    settled: settledIn(fixed, pattern, cells, comparisons),
    pattern: Int32Array.from(pattern),
    rarity: Float64Array.from(strangers, (amount, at) => amount / (mass[at] ?? 1)),
    mass: Float64Array.from(mass),
    weight: rule.pairs / (rule.pairs + FULL_MASS),
    pairs: rule.pairs,
  };
};

/** Rules without candidates are left out; `kept` tells which remain. */
export const passesOf = (input: FitInput): { readonly passes: Passes; readonly kept: readonly number[] } => {
  const kept = input.rules.flatMap((rule, at) => (rule.counts.some((count) => count > 0) ? [at] : []));
  const seen = Float64Array.from(kept.flatMap((at) => Array.from(input.rules[at]?.codes ?? []))).sort();
  const all = seen.filter((code, at) => at === 0 || code !== seen[at - 1]);
  const comparisons = input.comparisons.length;
  const cells = new Int32Array(all.length * comparisons);
  all.forEach((code, pattern) => {
    let rest = code;
    input.comparisons.forEach((shape, comparison) => {
      cells[pattern * comparisons + comparison] = comparison * CELLS + (rest % shape.levels.length);
      rest = Math.floor(rest / shape.levels.length);
    });
  });
  const rules = kept.flatMap((at) => {
    const rule = input.rules[at];
    return rule === undefined ? [] : [passOf(rule, { all, cells, comparisons })];
  });
  return { passes: { patterns: all.length, comparisons, cells, rules }, kept };
};
