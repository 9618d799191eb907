import { type FittedModel, type PairJudgement, TWO_PEOPLE } from '../../model/contract.ts';
import { classOdds, levelWeights, posterior, rarityWithin } from '../../model/score.ts';
import type { Comparison } from '../compare/contract.ts';
import type { Rarity } from '../compare/rarity.ts';
import { stridesOf } from '../learn/codes.ts';
import type { GuardsOf } from './guards.ts';

export type Judge = {
  readonly levels: Uint8Array;
  /** Any pair, without giving up early; `levels` are then the pair's. */
  judge(a: number, b: number): PairJudgement;
};

export type JudgeInputs = {
  readonly model: FittedModel;
  readonly comparisons: readonly Comparison[];
  readonly rarity: Rarity;
  readonly guards: GuardsOf;
};

const ODDS_ROOM = 2 ** 16;

/** What a pair comes to: changed by every call. */
export type Answer = { match: number; household: number; guards: number };

/** Probabilities of one pattern, by its code and its levels. */
export type Score = (a: number, b: number, code: number) => void;

export const scorer = ({ model, rarity }: JudgeInputs, levels: Uint8Array, answer: Answer): Score => {
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
export const asRelated = (answer: Answer): void => {
  if ((answer.guards & TWO_PEOPLE) === 0) return;
  answer.household += answer.match;
  answer.match = 0;
};

/** Judges pairs one by one: those whose whole evidence is wanted, whatever it is. */
export const makeJudge = (inputs: JudgeInputs): Judge => {
  const { model, guards } = inputs;
  const levels = new Uint8Array(model.shapes.length);
  const answer = { match: 0, household: 0, guards: 0 };
  const score = scorer(inputs, levels, answer);
  const strides = stridesOf(model.shapes);
  const judge: Judge['judge'] = (a, b) => {
    let code = 0;
    for (let comparison = 0; comparison < levels.length; comparison += 1) {
      const level = inputs.comparisons[comparison]?.of(a, b) ?? 0;
      levels[comparison] = level;
      code += level * (strides[comparison] ?? 0);
    }
    score(a, b, code);
    answer.guards = guards(a, b, levels);
    asRelated(answer);
    return { ...answer };
  };
  return { levels, judge };
};
