import { type FittedModel, type PairJudgement, TWO_PEOPLE } from '../../model/contract.ts';
import { classOdds, levelWeights, posterior, rarityWithin } from '../../model/score.ts';
import type { Comparison } from '../compare/contract.ts';
import type { Rarity } from '../compare/rarity.ts';
import type { GuardsOf } from './guards.ts';
import { HOUSEHOLD, limitsOf, stepsOf, worthIt } from './steps.ts';

export type Judge = {
  readonly levels: Uint8Array;
  /** True when the pair may be told; `levels` and `answer` are then the pair's. */
  consider(a: number, b: number): boolean;
  /** Any pair, without giving up early. */
  judge(a: number, b: number): PairJudgement;
  readonly answer: { match: number; household: number; guards: number };
};

type Inputs = {
  readonly model: FittedModel;
  readonly comparisons: readonly Comparison[];
  readonly rarity: Rarity;
  readonly guards: GuardsOf;
};

const ODDS_ROOM = 2 ** 16;

type Score = (a: number, b: number, code: number) => void;

const scorer = ({ model, rarity }: Inputs, levels: Uint8Array, answer: Judge['answer']): Score => {
  const weights = levelWeights(model);
  const odds = new Map<number, { readonly related: number; readonly unrelated: number }>();
  return (a, b, code) => {
    let known = odds.get(code);
    if (known === undefined) {
      known = classOdds(model, weights, levels);
      if (odds.size < ODDS_ROOM) odds.set(code, known);
    }
    const probability = posterior(known.related, known.unrelated - rarityWithin(model, rarity.of(a, b, levels)));
    answer.match = probability.match;
    answer.household = probability.household;
  };
};

/** What is known of two people outweighs all that a family has in common. */
const asRelated = (answer: Judge['answer']): void => {
  if ((answer.guards & TWO_PEOPLE) === 0) return;
  answer.household += answer.match;
  answer.match = 0;
};

/**
 * Compares pairs cheapest field first and gives up as soon as no values of the rest could make them worth telling: lossless,
 * since what is left can add at most what its strongest levels and rarest values would.
 */
export const makeJudge = (inputs: Inputs): Judge => {
  const { model, rarity, guards } = inputs;
  const steps = stepsOf(model, inputs.comparisons, rarity);
  const limits = limitsOf(model);
  const levels = new Uint8Array(model.shapes.length);
  const answer = { match: 0, household: 0, guards: 0 };
  const score = scorer(inputs, levels, answer);
  const best = { unrelated: 0, apart: 0, related: 0, rarity: 0 };
  const consider: Judge['consider'] = (a, b) => {
    let { unrelated, household: related } = model.odds;
    let bits = 0;
    let code = 0;
    for (const step of steps) {
      const level = step.compare(a, b);
      levels[step.comparison] = level;
      code += level * step.stride;
      unrelated += step.unrelated[level] ?? 0;
      related += step.related[level] ?? 0;
      if (step.rarest !== 0) bits += rarity.part(step.comparison, a, b, levels);
      best.unrelated = unrelated + step.leastUnrelated;
      best.related = related + step.leastRelated;
      best.apart = unrelated - related + step.leastApart;
      best.rarity = bits + step.mostRarity;
      if (!worthIt(limits, best)) return false;
    }
    score(a, b, code);
    if (answer.match < model.emit && answer.household < HOUSEHOLD) return false;
    answer.guards = guards(a, b, levels);
    asRelated(answer);
    return true;
  };
  const judge: Judge['judge'] = (a, b) => {
    let code = 0;
    for (const step of steps) {
      const level = step.compare(a, b);
      levels[step.comparison] = level;
      code += level * step.stride;
    }
    score(a, b, code);
    answer.guards = guards(a, b, levels);
    asRelated(answer);
    return { ...answer };
  };
  return { levels, answer, consider, judge };
};
