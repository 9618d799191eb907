import type { Estimate, MatchModel, PairDecision } from '../contract.ts';

/**
 * What the engine tells the model and what it gets back. A pair is seen through its *pattern*: one level for each comparison,
 * as a mixed-radix number: `code = Σ level[i] × stride[i]`, `stride[0] = 1`, `stride[i + 1] = stride[i] × levels[i].length`.
 */

/** What an agreement level says, weakest first; level 0 is always `missing` (a side has no value): it says nothing. */
export const LEVEL_MEANINGS = ['missing', 'conflict', 'weak', 'similar', 'close', 'shared', 'exact'] as const;
/**
 * conflict: both filled, nothing in common. weak: something in common that strangers often have (same département, same
 * domain, same year). similar: alike (Jaro-Winkler ≥ .8, nickname, phonetic). close: one slip of the pen, swapped day and
 * month, equivalent spelling. shared: equal, and what a home has in common. exact: equal after folding.
 */
export type LevelMeaning = (typeof LEVEL_MEANINGS)[number];

export const COMPARISON_KINDS = [
  'given-name',
  'family-name',
  'full-name',
  'organisation-name',
  'birth-date',
  'birth-place',
  'email',
  'phone',
  'address',
  'place',
  'identifier',
  'sex',
  'other',
] as const;
/** `address`: street, number and postcode in one comparison or street alone; `place`: city, postcode, region, country. */
export type ComparisonKind = (typeof COMPARISON_KINDS)[number];

export type ComparisonShape = {
  /** Told in explanations: `given-name`, `identifier:siren`. */
  readonly name: string;
  readonly kind: ComparisonKind;
  /** `missing` first, strongest last; several levels may share a meaning, the later one being the stronger. */
  readonly levels: readonly { readonly name: string; readonly meaning: LevelMeaning }[];
};

/** Candidate pairs of one blocking rule as counts of patterns, or a sample of them weighted back to the whole. */
export type RulePatterns = {
  readonly name: string;
  /**
   * What sharing the rule's key settles: inside the rule these comparisons say nothing. `level`: the lowest one a pair has;
   * `about`: the nearest one, where the key (an initial, a sound) is no level.
   */
  readonly fixed: readonly { readonly comparison: number; readonly level: number; readonly about?: boolean }[];
  /** Pairs of rows that both have a key for this rule: what the rule could at most bring together. */
  readonly possible: number;
  /** All pairs of the rule before any sample; without those of skipped blocks. */
  readonly pairs: number;
  /** Pairs that caps left out. */
  readonly skipped: number;
  /** Patterns, ascending, then by frequency; including pairs that other rules bring too. */
  readonly codes: Float64Array;
  /**
   * Bits by which the values agreed on are rarer (positive) or commoner (negative) than the average of their levels:
   * Σ log2(u[level] / frequency of the value), rounded to half bits so that patterns stay few. 0 where nothing is counted.
   */
  readonly frequency: Float32Array;
  /** Pairs with this pattern and frequency, weighted to the whole of the rule. */
  readonly counts: Float64Array;
};

export type FitInput = {
  readonly comparisons: readonly ComparisonShape[];
  readonly rows: number;
  /** N(N-1)/2, or the product of two sides. */
  readonly possiblePairs: number;
  /** Levels of pairs drawn at random: [comparison][level] → pairs. */
  readonly random: readonly Float64Array[];
  /** [comparison] → probability that two rows that have values have the same one: Σ frequency²; NaN: see `random`. */
  readonly coincidence: Float64Array;
  readonly rules: readonly RulePatterns[];
};

/**
 * One correction: where all of these levels are reached, strangers are commoner by so many bits than field by field; where
 * they are nearly reached (by weight), by less. Never more bits than one of the fields weighs: a field that is filled and
 * agrees never speaks against.
 */
export type Dependence = {
  readonly rule: string;
  readonly reached: readonly { readonly comparison: number; readonly level: number }[];
  readonly unrelated: number;
  /** [comparison][level] → bits more for what goes together with them: mailboxes made of names, years that names date. */
  readonly surplus: readonly (readonly number[])[];
};

/**
 * The fitted model. In log2: with pattern g and rarity t (bits as above),
 *   related(g)   = P(household, g) / P(match, g),   unrelated(g) = P(unrelated, g) / P(match, g) × 2^-t
 *   probability  = 1 / (1 + related + unrelated)
 * where each is prior odds × Π over comparisons, and unrelated × the largest dependence that applies. Plain data.
 */
export type FittedModel = MatchModel & {
  readonly shapes: readonly ComparisonShape[];
  /** log2 of the odds of the class against match, over all possible pairs, before any evidence. */
  readonly odds: { readonly household: number; readonly unrelated: number };
  readonly dependences: readonly Dependence[];
  /** Rarity is cut to ± this many bits a pair. */
  readonly rarityLimit: number;
  /** Probability from which pairs must reach `conclude`; below it they may be pruned. */
  readonly emit: number;
  /** Expected number of true pairs among all possible ones, and of those no rule brings together. */
  readonly duplicates: Estimate;
  readonly missed: Estimate;
  /** Share of the duplicates each rule of the input brings together, in their order. */
  readonly recallByRule: readonly number[];
  /** Where there are people and organisations: the model of the latter, this one being that of people. */
  readonly organisations?: FittedModel;
};

/** Bits of `guards`: facts about a pair that forbid doing anything automatically. */
export const GUARDS = {
  /** two complete birth dates that are no slip of each other, and different given names */
  birthAndName: 1,
  /** same name, birth years 15 or more apart in one place, or generation marks that differ: father and son */
  generation: 2,
  /** an identifier of one scheme is filled on both sides and differs by more than a slip */
  identifier: 4,
  /** complete given names that differ (no nickname, initial or part of each other), or that are two known names */
  givenName: 8,
  /** people of one home with given names that are alike and not the same, and nothing agrees that is a person's own */
  nearNames: 16,
  /**
   * two known given names, one family name and one home, telephone or mailbox: twins, brothers and sisters, couples; two
   * organisations of different names at one address and telephone
   */
  siblings: 32,
  /** organisations: parent and section, sections of different places, or two names in one place */
  section: 64,
  /** nothing agrees but name, sex and town, which father and son or two namesakes have in common too */
  nothingPersonal: 128,
} as const;

/** Two people (or organisations) of one home, however much else agrees: they are related, and never one. */
export const TWO_PEOPLE = GUARDS.generation | GUARDS.siblings;

export type PairJudgement = { readonly match: number; readonly household: number; readonly guards: number };

/** Scored pairs in order of their rows; one entry a pair. */
export type ScoredPairs = {
  readonly count: number;
  /** The lower row. */
  readonly a: Int32Array;
  readonly b: Int32Array;
  /** Probability of match, and of same household or related. */
  readonly match: Float64Array;
  readonly household: Float64Array;
  readonly guards: Uint8Array;
  readonly rule: Uint8Array;
};

export type ConcludeInput = {
  readonly rows: number;
  readonly model: FittedModel;
  readonly pairs: ScoredPairs;
  readonly decisions: readonly PairDecision[];
  readonly targetError: number;
  /** `tellFrom` of the request. */
  readonly tellFrom?: number;
  /** Every row's kind: 0 person, 1 organisation. */
  readonly entity: Uint8Array;
  /** Any two rows under the model, for pairs that no rule brought together (repair of clusters asks for a few). */
  readonly judge: (a: number, b: number) => PairJudgement;
};

/** Pairs that are told (zone auto or review), clusters and what is estimated of them; the engine copies this into its result. */
export type Conclusion = {
  readonly count: number;
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly probability: Float64Array;
  readonly link: Uint8Array;
  readonly zone: Uint8Array;
  readonly rule: Uint8Array;
  readonly clusters: Int32Array;
  /** Groups from the review threshold on: the best estimate, as `clusters` are the safe one. */
  readonly groups: Int32Array;
  readonly households: Int32Array;
  readonly model: FittedModel;
  readonly precision: Estimate;
  readonly recall: Estimate;
  readonly caps: readonly { readonly what: string; readonly count: number }[];
};

/** `scripts/matching/model/fit.ts` */
export type FitModel = (input: FitInput) => FittedModel;
/**
 * `scripts/matching/model/score.ts`: log2 of related and of unrelated (rarity 0) for every code from 0; `undefined` when there
 * are more than `limit` codes (score level by level then, with `levelWeights`).
 */
export type CodeTables = (
  model: FittedModel,
  limit: number,
) => { readonly related: Float32Array; readonly unrelated: Float32Array } | undefined;
/** `scripts/matching/model/score.ts`: [comparison][level] → log2 household/match and unrelated/match, without dependences. */
export type LevelWeights = (model: FittedModel) => {
  readonly related: readonly Float64Array[];
  readonly unrelated: readonly Float64Array[];
};
/** `scripts/matching/model/score.ts`: one pattern; dependences only lower `match`, so weights without them bound it from above. */
export type ScoreLevels = (
  model: FittedModel,
  levels: ArrayLike<number>,
  rarity: number,
) => { readonly match: number; readonly household: number };
/** `scripts/matching/model/conclude.ts` */
export type Conclude = (input: ConcludeInput) => Conclusion;
