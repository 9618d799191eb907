import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fitModel } from '../../../scripts/matching/model/fit.ts';
import { codeTables, levelWeights, posterior, scoreLevels } from '../../../scripts/matching/model/score.ts';
import { people, shown } from './drawn.ts';

const model = fitModel(shown(people()));
const someLevels = fc.array(fc.nat(3), { minLength: 5, maxLength: 5 });

describe('scores of patterns', () => {
  it('are the same by table and level by level', () => {
    const tables = codeTables(model, 2_000);
    fc.assert(
      fc.property(someLevels, fc.double({ min: -8, max: 8, noNaN: true }), (levels, rarity) => {
        const code = levels.reduce((sum, level, at) => sum + level * 4 ** at, 0);
        const told = posterior(tables?.related[code] ?? 0, (tables?.unrelated[code] ?? 0) - rarity);
        expect(told.match).toBeCloseTo(scoreLevels(model, levels, rarity).match, 4);
      }),
    );
  });

  it('have no table when there are more codes than asked for', () => {
    expect(codeTables(model, 1_000)).toBeUndefined();
  });

  it('rise with the rarity of the values agreed on', () => {
    fc.assert(
      fc.property(someLevels, fc.double({ min: -8, max: 7, noNaN: true }), (levels, rarity) => {
        expect(scoreLevels(model, levels, rarity + 1).match).toBeGreaterThanOrEqual(
          scoreLevels(model, levels, rarity).match,
        );
      }),
    );
  });

  it('are bounded from above by the weights without dependences', () => {
    const weights = levelWeights(model);
    fc.assert(
      fc.property(someLevels, (levels) => {
        const sum = (table: readonly Float64Array[], odds: number): number =>
          levels.reduce((total, level, at) => total + (table[at]?.[level] ?? 0), odds);
        const bound = posterior(
          sum(weights.related, model.odds.household),
          sum(weights.unrelated, model.odds.unrelated),
        );
        expect(bound.match).toBeGreaterThanOrEqual(scoreLevels(model, levels, 0).match - 1e-12);
      }),
    );
  });

  it('stay probabilities at any distance', () => {
    for (const [related, unrelated] of [
      [-2000, 3000],
      [3000, -2000],
      [-3000, -3000],
      [0, 0],
    ] as const) {
      const { match, household } = posterior(related, unrelated);
      expect(match).toBeGreaterThanOrEqual(0);
      expect(match + household).toBeLessThanOrEqual(1 + 1e-12);
    }
  });
});
