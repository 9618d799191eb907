import type { FittedModel } from '../../model/contract.ts';
import { levelWeights } from '../../model/score.ts';
import type { Comparison } from '../compare/contract.ts';
import { NOTHING_TO_COMPARE } from '../compare/nameComparisons.ts';
import type { Rarity } from '../compare/rarity.ts';

/** One comparison on the way to a verdict: what its levels weigh (in log2, low is good). */
export type Step = {
  readonly comparison: number;
  readonly compare: Comparison;
  readonly unrelated: Float64Array;
  readonly related: Float64Array;
  /** Unrelated over household. */
  readonly apart: Float64Array;
  /** Most bits that a rare value can bring here, and the level from which it does; -1 where none does. */
  readonly rarest: number;
  readonly rareLevel: number;
};

/** What tells most for its cost first: names and places leave least of the pairs that share a date or a head of a name. */
const COSTS = [
  'identifier',
  'family-name',
  'given-name',
  'organisation-name',
  'address',
  'birth-date',
  'email',
  'phone',
  'sex',
  'birth-place',
];
const costOf = (name: string): number => {
  const at = COSTS.findIndex((known) => name.startsWith(known));
  return at < 0 ? COSTS.length : at;
};

export const stepsOf = (model: FittedModel, comparisons: readonly Comparison[], rarity: Rarity): readonly Step[] => {
  const weights = levelWeights(model);
  const steps: Step[] = model.shapes.map((_, comparison) => {
    const unrelated = weights.unrelated[comparison] ?? new Float64Array(1);
    const related = weights.related[comparison] ?? new Float64Array(1);
    const apart = unrelated.map((value, level) => value - (related[level] ?? 0));
    return {
      comparison,
      compare: comparisons[comparison] ?? NOTHING_TO_COMPARE,
      unrelated,
      related,
      apart,
      rarest: rarity.most(comparison),
      rareLevel: rarity.level(comparison),
    };
  });
  const cost = (step: Step): number => costOf(model.shapes[step.comparison]?.name ?? '');
  return steps.sort((a, b) => cost(a) - cost(b) || a.comparison - b.comparison);
};

/** What a pair must not exceed to be told. */
export type Limits = {
  readonly unrelated: number;
  readonly related: number;
  readonly apart: number;
  readonly rarity: number;
};

/** Weights are added in another order here than where pairs are scored. */
const ROUNDING = 1e-6;

/** From this probability of a household on, pairs are told. */
export const HOUSEHOLD = 0.5;

/** Told are pairs with a match probability of `model.emit`, or a household probability of one half. */
export const limitsOf = (model: FittedModel): Limits => {
  const odds = Math.log2((1 - model.emit) / model.emit) + ROUNDING;
  return { unrelated: odds, related: odds, apart: ROUNDING, rarity: model.rarityLimit };
};

/** True when values at their best, with the rarity they could bring, would make a pair worth telling. */
export const worthIt = (
  limits: Limits,
  best: { unrelated: number; apart: number; related: number; rarity: number },
): boolean => {
  const rarity = Math.max(-limits.rarity, Math.min(limits.rarity, best.rarity));
  if (best.apart - rarity <= limits.apart) return true;
  return best.unrelated - rarity <= limits.unrelated && best.related <= limits.related;
};
