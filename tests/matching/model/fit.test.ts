import { describe, expect, it } from '@jest/globals';
import type { FittedModel } from '../../../scripts/matching/model/contract.ts';
import { fitModel } from '../../../scripts/matching/model/fit.ts';
import { scoreLevels } from '../../../scripts/matching/model/score.ts';
import { people, shown } from './drawn.ts';

const world = people();
const fitted = fitModel(shown(world));
const [MISSING, CONFLICT, CLOSE, EXACT] = [0, 1, 2, 3];
/** given name, family name, birth date, e-mail, address */
const TWINS_OF_A_HOUSEHOLD = [CONFLICT, EXACT, CONFLICT, MISSING, EXACT];
const SAME_PERSON_MOVED = [EXACT, EXACT, EXACT, CONFLICT, CONFLICT];

const probabilities = (model: FittedModel): number[] => {
  const found: number[] = [];
  for (let code = 0; code < 4 ** 5; code += 1) {
    const levels = [0, 1, 2, 3, 4].map((at) => Math.floor(code / 4 ** at) % 4);
    found.push(scoreLevels(model, levels, 0).match);
  }
  return found;
};
const furthest = (one: readonly number[], other: readonly number[]): number =>
  one.reduce((most, value, at) => Math.max(most, Math.abs(value - (other[at] ?? 0))), 0);

describe('the model of three latent classes', () => {
  it('finds the number of duplicates nobody told it, within a tenth', () => {
    expect(fitted.duplicates.value / world.pairs.match).toBeGreaterThan(0.9);
    expect(fitted.duplicates.value / world.pairs.match).toBeLessThan(1.1);
  });

  it('learns how duplicates differ, from rules that do not settle the field', () => {
    fitted.comparisons.forEach(({ levels }, comparison) => {
      expect(Math.abs((levels[EXACT]?.match ?? 0) - (world.match[comparison]?.[EXACT] ?? 0))).toBeLessThan(0.04);
    });
  });

  it('announces the probability that the classes of the world give, at every pattern that pairs have', () => {
    const product = (tables: typeof world.match, levels: readonly number[]): number =>
      tables.reduce((all, table, at) => all * ((levels[at] ?? 0) === 0 ? 1 : (table[levels[at] ?? 0] ?? 0)), 1);
    const wrong: string[] = [];
    for (const levels of [
      TWINS_OF_A_HOUSEHOLD,
      SAME_PERSON_MOVED,
      [EXACT, EXACT, MISSING, MISSING, CONFLICT],
      [CLOSE, EXACT, EXACT, MISSING, MISSING],
      [EXACT, CONFLICT, EXACT, MISSING, EXACT],
    ]) {
      const match = world.pairs.match * product(world.match, levels);
      const all =
        match +
        world.pairs.related * product(world.related, levels) +
        world.pairs.unrelated * product(world.unrelated, levels);
      const told = scoreLevels(fitted, levels, 0).match;
      if (Math.abs(told - match / all) > 0.1) wrong.push(`${levels.join('')} told ${told} is ${match / all}`);
    }
    expect(wrong).toEqual([]);
  });

  it('calls two people of one household a household, not one person', () => {
    const told = scoreLevels(fitted, TWINS_OF_A_HOUSEHOLD, 0);
    expect(told.match).toBeLessThan(0.01);
    expect(told.household).toBeGreaterThan(0.85);
  });

  it('estimates the share of duplicates that each rule brings together', () => {
    world.rules.forEach((fixed, rule) => {
      const truth = fixed.reduce((product, comparison) => {
        const [missing = 0, , , exact = 0] = world.match[comparison] ?? [];
        return product * (1 - missing) * exact;
      }, 1);
      expect(Math.abs((fitted.recallByRule[rule] ?? 0) - truth)).toBeLessThan(0.05);
    });
  });

  it('does not move when a smaller sample of the same candidates is counted', () => {
    expect(furthest(probabilities(fitModel(shown(world, 0.01))), probabilities(fitted))).toBeLessThan(1e-6);
  });

  it('does not move when all counts are larger: file of ten times and of fifty times the records', () => {
    for (const times of [10, 50]) {
      const larger = shown({
        ...world,
        pairs: {
          match: world.pairs.match * times,
          related: world.pairs.related * times,
          unrelated: world.pairs.unrelated * times,
        },
      });
      expect(furthest(probabilities(fitModel(larger)), probabilities(fitted))).toBeLessThan(0.05);
    }
  });

  it('is the same to the last bit when it is fitted again', () => {
    expect(JSON.stringify(fitModel(shown(world)))).toBe(JSON.stringify(fitted));
  });

  it('never lets a stronger agreement speak less for a duplicate', () => {
    for (const { levels } of fitted.comparisons) {
      for (let at = 2; at < levels.length; at += 1) {
        expect(levels[at]?.weight ?? 0).toBeGreaterThanOrEqual((levels[at - 1]?.weight ?? 0) - 1e-9);
      }
    }
  });

  it('is not led astray by a rule that holds a hundred times more strangers than all others', () => {
    const flooded = shown({ ...world, rules: [...world.rules, [0]] });
    const told = probabilities(fitModel(flooded));
    expect(furthest(told, probabilities(fitted))).toBeLessThan(0.1);
  });

  it('has something to say of a file without a single candidate', () => {
    const input = shown(world);
    const empty = fitModel({ ...input, rules: [] });
    expect(Number.isFinite(empty.odds.unrelated)).toBe(true);
    expect(scoreLevels(empty, [EXACT, EXACT, EXACT, EXACT, EXACT], 0).match).toBeGreaterThan(0.5);
  });
});
