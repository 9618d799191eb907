import type { ComparisonWeights, Estimate } from '../contract.ts';
import { blockingRecall } from './blockingRecall.ts';
import type { FitInput, FitModel } from './contract.ts';
import { dependences } from './dependence.ts';
import { beginning, expectationMaximisation, withOwnStrangers, type Classes } from './expectation.ts';
import { increasing } from './increasing.ts';
import { passesOf, RARITY_LIMIT } from './passes.ts';
import { amountOf, chanceOf } from './prior.ts';
import { filled, strangers, withoutDuplicates } from './strangers.ts';
import { templatesFor } from './templates.ts';

/** Below this probability a pair is nobody's business: it is pruned where it is compared. */
const EMIT = 0.02;

const shareOf = (amount: Estimate, input: FitInput): number => amount.value / Math.max(input.possiblePairs, 1);

const weightsOf = (input: FitInput, classes: Classes): ComparisonWeights[] =>
  input.comparisons.map((shape, comparison) => ({
    name: shape.name,
    levels: shape.levels.map(({ name }, level) => {
      const match = classes.match[comparison]?.[level] ?? 0;
      const household = classes.related[comparison]?.[level] ?? 0;
      const unrelated = classes.unrelated[comparison]?.[level] ?? 0;
      const weight = level === 0 ? 0 : Math.log2(Math.max(match, 1e-12) / Math.max(unrelated, 1e-12));
      return { name, match, household, unrelated, weight };
    }),
  }));

const ROUNDS = 50;
const LAST_ROUNDS = 20;

/** What share of a rule's pairs chance brings together, by its fields one by one. */
const chanceShares = (input: FitInput, kept: readonly number[], unrelated: Float64Array[]): number[] =>
  kept.map((at) => {
    const rule = input.rules[at];
    return rule === undefined ? 0 : (rule.possible * chanceOf(unrelated, rule.fixed)) / Math.max(rule.pairs, 1);
  });

/** Twice: what duplicates add to the chances between strangers is known only once the duplicates are. */
const learn = (input: FitInput): { readonly classes: Classes; readonly kept: readonly number[] } => {
  const { passes, kept } = passesOf(input);
  const seen = strangers(input);
  const templates = templatesFor(input);
  const ground = { shapes: input.comparisons, templates };
  const first = expectationMaximisation(
    passes,
    ground,
    beginning(templates, seen, chanceShares(input, kept, seen)),
    ROUNDS,
  );
  const share = shareOf(amountOf(input, first, kept, 0), input);
  const cleaned = seen.map((table, at) => withoutDuplicates(table, first.match[at] ?? table, share));
  const second = expectationMaximisation(passes, ground, { ...first, unrelated: cleaned }, ROUNDS);
  const own = withOwnStrangers(passes, input.comparisons, second);
  return { classes: expectationMaximisation(passes, ground, own, LAST_ROUNDS), kept };
};

/**
 * The model from counts of patterns: three latent classes, learnt without labels. The same input gives the same model to the
 * last bit; scaling all counts leaves it where it is.
 */
export const fitModel: FitModel = (input) => {
  const learnt = learn(input);
  const { kept } = learnt;
  const classes = increasing(learnt.classes, input.comparisons);
  const match = amountOf(input, classes, kept, 0);
  const household = amountOf(input, classes, kept, 1);
  const recall = blockingRecall(input, classes, filled(input));
  const all = Math.max(input.possiblePairs, match.value + household.value + 1);
  const strangersLeft = all - match.value - household.value;
  const missedShare = Math.max(1 - recall.any, 0);
  return {
    version: 1,
    comparisons: weightsOf(input, classes),
    shapes: input.comparisons,
    prior: { match: match.value / all, household: household.value / all, unrelated: strangersLeft / all },
    odds: { household: Math.log2(household.value / match.value), unrelated: Math.log2(strangersLeft / match.value) },
    dependences: dependences(input, classes, kept, { match: match.value, household: household.value }),
    rarityLimit: RARITY_LIMIT,
    emit: EMIT,
    review: 0.5,
    auto: 0.95,
    duplicates: match,
    missed: {
      value: match.value * missedShare,
      low: match.low * missedShare,
      high: match.high * Math.min(1, missedShare * 2),
    },
    recallByRule: recall.byRule,
  };
};
