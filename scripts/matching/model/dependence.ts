import type { Dependence, FitInput, RulePatterns } from './contract.ts';
import type { Classes } from './expectation.ts';
import { chanceOf } from './prior.ts';
import type { Surplus } from './strangersInside.ts';

/** More than this many bits are not believed, and fewer are not worth a line. */
const MOST = 14;
const LEAST = 0.25;
/** Pairs by which expectation and sighting are both raised: a handful of strangers proves no dependence. */
const DOUBT = 3;

const bits = (seen: number, expected: number, most: number): number => {
  const more = Math.log2((seen + DOUBT) / (expected + DOUBT));
  return more < LEAST ? 0 : Math.min(more, most);
};

/** Strangers a rule must hold before it tells what else goes together with its key. */
const ENOUGH = 30;

const surplusBits = (surplus: Surplus): number[][] =>
  surplus.map((levels) =>
    Array.from(levels, (more) => (more < LEAST * Math.LN2 ? 0 : Math.min(more / Math.LN2, MOST))),
  );

/** The least that one of a rule's fields weighs at its level: a dependence may take that back, no more. */
const leastWeight = (classes: Classes, fixed: RulePatterns['fixed']): number =>
  fixed.reduce((least, { comparison, level }) => {
    const match = classes.match[comparison]?.[level] ?? 0;
    const unrelated = classes.unrelated[comparison]?.[level] ?? 0;
    return Math.min(least, Math.max(Math.log2(match / unrelated), 0));
  }, MOST);

export type Amounts = { readonly match: number; readonly household: number };

/**
 * Where fields go together between strangers (names of one generation, a street and its postcode, a surname and its
 * village), a rule holds more strangers than its fields foretell one by one. The surplus of every rule, in bits, is taken off
 * pairs that agree on its fields; what it holds too few of gives nothing back.
 */
export const dependences = (
  input: FitInput,
  classes: Classes,
  kept: readonly number[],
  amounts: Amounts,
): Dependence[] =>
  kept.flatMap((at, pass) => {
    const rule = input.rules[at];
    if (rule === undefined || rule.fixed.length === 0 || rule.fixed.some(({ about }) => about === true)) return [];
    const strangers = Math.max(rule.possible - amounts.match - amounts.household, 1);
    const share = classes.shares[pass] ?? new Float64Array(3);
    const expected = strangers * chanceOf(classes.unrelated, rule.fixed);
    const unrelated = bits(rule.pairs * (share[2] ?? 0), expected, leastWeight(classes, rule.fixed));
    const surplus = rule.pairs * (share[2] ?? 0) < ENOUGH ? [] : surplusBits(classes.inside[pass] ?? []);
    const nothing = unrelated === 0 && surplus.every((levels) => levels.every((more) => more === 0));
    return nothing ? [] : [{ rule: rule.name, reached: rule.fixed, unrelated, surplus }];
  });
