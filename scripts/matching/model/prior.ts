import type { Estimate } from '../contract.ts';
import type { FitInput } from './contract.ts';
import { weightedQuantile } from './estimate.ts';
import { SHARE_PAIRS, type Classes } from './expectation.ts';

type Reached = { readonly comparison: number; readonly level: number };

/** Chance that a pair of the class reaches all these levels, given that both sides have values. */
export const chanceOf = (tables: readonly Float64Array[], reached: readonly Reached[]): number =>
  reached.reduce((product, { comparison, level }) => {
    const table = tables[comparison] ?? new Float64Array(0);
    return product * table.reduce((sum, chance, at) => (at >= level ? sum + chance : sum), 0);
  }, 1);

/**
 * Records with one mistake have others: rules meet the clean duplicates, expect as many of the rest, and all read too low.
 * So not their middle is taken.
 */
const UPPER = 0.75;
/** A rule that would bring together a smaller share of the class says nothing about how large it is. */
const SEEING = 0.05;

/** What one rule says of the number of duplicates: those it holds, over the share of them it should hold. */
type Reading = { readonly found: number; readonly total: number; readonly trust: number };

const readings = (input: FitInput, classes: Classes, kept: readonly number[], kind: 0 | 1): Reading[] =>
  kept.flatMap((at, pass) => {
    const rule = input.rules[at];
    const share = classes.shares[pass]?.[kind] ?? 0;
    if (rule === undefined) return [];
    const found = Math.max(rule.pairs * share - (SHARE_PAIRS[kind] ?? 0), 0);
    const chance = chanceOf(kind === 0 ? classes.match : classes.related, rule.fixed);
    const reach = (rule.possible / Math.max(input.possiblePairs, 1)) * chance;
    if (reach === 0 || chance < SEEING) return [];
    // a rule of mostly strangers counts its few duplicates badly, and one that could hold few says little
    const trust =
      (found + 1) * (kind === 0 ? share : chance) * (rule.fixed.some(({ about }) => about === true) ? 0.25 : 1);
    return [{ found, total: found / reach, trust }];
  });

/**
 * The number of duplicates (kind 0) or of pairs of one household (kind 1) among all possible pairs, from the counts and not
 * guessed: every rule extrapolates from what it holds; the interval is their spread.
 */
export const amountOf = (input: FitInput, classes: Classes, kept: readonly number[], kind: 0 | 1): Estimate => {
  const read = readings(input, classes, kept, kind);
  const most = Math.max(0, ...read.map(({ found }) => found));
  const floor = kind === 0 ? 1 : 0.1;
  if (read.length === 0) return { value: floor, low: 0, high: floor };
  const points = read.map(({ total, trust }) => [Math.max(total, floor), trust] as const);
  const at = (share: number): number => weightedQuantile(points, share);
  const value = Math.min(Math.max(at(kind === 0 ? UPPER : 0.5), most, floor), input.possiblePairs / 2);
  return { value, low: Math.min(value, at(0.25)), high: Math.max(value, at(0.95)) };
};
