import type { CodeTables, Dependence, FittedModel, LevelWeights, ScoreLevels } from './contract.ts';
import { strides } from './passes.ts';

const ratio = (above: number, below: number): number => Math.log2(Math.max(above, 1e-12) / Math.max(below, 1e-12));

/** [comparison][level] → log2 of household over match and of unrelated over match; level 0 weighs nothing. */
export const levelWeights: LevelWeights = (model) => ({
  related: model.comparisons.map(({ levels }) =>
    Float64Array.from(levels, (level, at) => (at === 0 ? 0 : ratio(level.household, level.match))),
  ),
  unrelated: model.comparisons.map(({ levels }) =>
    Float64Array.from(levels, (level, at) => (at === 0 ? 0 : ratio(level.unrelated, level.match))),
  ),
});

/** Namesakes are namesakes to the letter: what agrees nearly meets little of the dependence. */
const TO_THE_LETTER = 6;

/** How much of what a rule asks for a pattern reaches, from 0 to 1, by weight. */
const shareReached = (model: FittedModel, dependence: Dependence, level: (comparison: number) => number): number => {
  let least = 1;
  for (const { comparison, level: top } of dependence.reached) {
    const levels = model.comparisons[comparison]?.levels;
    const here = levels?.[level(comparison)]?.weight ?? 0;
    if (here <= 0) return 0;
    least = Math.min(least, here / Math.max(levels?.[top]?.weight ?? 0, here));
  }
  return least;
};

/** The largest dependence that a pattern meets, in bits: rules overlap, so theirs are not added. */
const dependenceAt = (model: FittedModel, level: (comparison: number) => number): number => {
  let most = 0;
  for (const one of model.dependences) {
    const share = shareReached(model, one, level);
    if (share === 0) continue;
    let surplus = 0;
    one.surplus.forEach((levels, comparison) => {
      surplus += levels[level(comparison)] ?? 0;
    });
    most = Math.max(most, one.unrelated * share ** TO_THE_LETTER + surplus * share);
  }
  return most;
};

/**
 * log2 of related and of unrelated over match for each code from 0, dependences included, rarity 0; `undefined` when there
 * are more than `limit` codes.
 */
export const codeTables: CodeTables = (model, limit) => {
  const sizes = model.shapes.map(({ levels }) => levels.length);
  const codes = sizes.reduce((product, size) => product * size, 1);
  if (codes > limit) return undefined;
  const weights = levelWeights(model);
  const related = new Float32Array(codes);
  const unrelated = new Float32Array(codes);
  const step = strides(model.shapes);
  related[0] = model.odds.household;
  unrelated[0] = model.odds.unrelated;
  sizes.forEach((size, comparison) => {
    const stride = step[comparison] ?? 1;
    for (let level = 1; level < size; level += 1) {
      for (let below = 0; below < stride; below += 1) {
        const code = level * stride + below;
        related[code] = (related[below] ?? 0) + (weights.related[comparison]?.[level] ?? 0);
        unrelated[code] = (unrelated[below] ?? 0) + (weights.unrelated[comparison]?.[level] ?? 0);
      }
    }
  });
  for (let code = 0; code < codes; code += 1) {
    const level = (comparison: number): number => Math.floor(code / (step[comparison] ?? 1)) % (sizes[comparison] ?? 1);
    unrelated[code] = (unrelated[code] ?? 0) + dependenceAt(model, level);
  }
  return { related, unrelated };
};

/** log2 of the two classes over match for one pattern, rarity 0; `weights` are `levelWeights(model)`. */
export const classOdds = (
  model: FittedModel,
  weights: ReturnType<LevelWeights>,
  levels: ArrayLike<number>,
): { readonly related: number; readonly unrelated: number } => {
  let { household: related, unrelated } = model.odds;
  model.shapes.forEach((_shape, comparison) => {
    const level = levels[comparison] ?? 0;
    related += weights.related[comparison]?.[level] ?? 0;
    unrelated += weights.unrelated[comparison]?.[level] ?? 0;
  });
  return { related, unrelated: unrelated + dependenceAt(model, (comparison) => levels[comparison] ?? 0) };
};

/** From log2 of the two classes over match, the first two probabilities of the three; stable at any size. */
export const posterior = (
  related: number,
  unrelated: number,
): { readonly match: number; readonly household: number } => {
  const most = Math.max(0, related, unrelated);
  const match = 2 ** -most;
  const household = 2 ** (related - most);
  const sum = match + household + 2 ** (unrelated - most);
  return { match: match / sum, household: household / sum };
};

/** Rarity within the limit of the model. */
export const rarityWithin = (model: Pick<FittedModel, 'rarityLimit'>, rarity: number): number =>
  Math.min(Math.max(rarity, -model.rarityLimit), model.rarityLimit);

/**
 * One pattern as levels, with the rarity (bits) of the values agreed on. Dependences only lower the probability of a match:
 * the weights without them bound it from above.
 */
export const scoreLevels: ScoreLevels = (model, levels, rarity) => {
  const { related, unrelated } = classOdds(model, levelWeights(model), levels);
  return posterior(related, unrelated - rarityWithin(model, rarity));
};
