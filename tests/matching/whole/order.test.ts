import { describe, expect, it } from '@jest/globals';
import { groupsById, inOrder, match, pairsById, peopleOf, shuffled, type People } from './run.ts';
import type { Estimate, MatchRequest } from '../../../scripts/matching/contract.ts';

/** Above what the engine thinks worth threads, so that several of them work. */
const large = peopleOf({ rows: 18_000, seed: 31 });
const small = peopleOf({ rows: 1_500, seed: 32, profile: 'rough', organisations: 0.1 });

/** Sums of chances in another order of rows may differ in their last bits. */
const inDigits = ({ value, low, high }: Estimate) => [value, low, high].map((one) => one.toPrecision(10));

const told = async (people: People, more: Partial<MatchRequest> = {}) => {
  const result = await match(people, more);
  return {
    pairs: pairsById(result, people.ids),
    clusters: groupsById(result.clusters, people.ids),
    households: groupsById(result.households, people.ids),
    auto: result.model.auto,
    review: result.model.review,
    precision: inDigits(result.precision),
    recall: inDigits(result.recall),
    candidates: result.blocking.map(({ name, candidates, tightened }) => [name, candidates, tightened]),
    caps: result.caps,
  };
};

describe('the answer does not depend on', () => {
  it('the number of threads, nor on the order of rows over threads', async () => {
    const one = await told(large, { threads: 1 });
    expect(one.clusters.length).toBeGreaterThan(500);
    expect(await told(large, { threads: 2 })).toEqual(one);
    expect(await told(large, { threads: 4 })).toEqual(one);
    expect(await told(inOrder(large, shuffled(large.lines.length, 1)), { threads: 2 })).toEqual(one);
  });

  it('the order of rows, with organisations and rough data', async () => {
    const first = await told(small);
    expect(first.pairs.length).toBeGreaterThan(100);
    for (const seed of [3, 4]) expect(await told(inOrder(small, shuffled(small.lines.length, seed)))).toEqual(first);
    expect(
      await told(
        inOrder(
          small,
          small.lines.map((_, i) => small.lines.length - 1 - i),
        ),
      ),
    ).toEqual(first);
  });

  it('runs that were made before', async () => {
    const first = await told(small);
    await match(peopleOf({ rows: 900, seed: 33 }));
    expect(await told(small)).toEqual(first);
  });

  it('how rows are cut into tables', async () => {
    const { runMatch } = await import('../../../scripts/matching/engine/match.ts');
    const { requestOf, tableOf } = await import('./run.ts');
    const whole = await match(small);
    const third = Math.floor(small.lines.length / 3);
    const parts = [small.lines.slice(0, third), small.lines.slice(third, 2 * third), small.lines.slice(2 * third)];
    const cut = await runMatch(requestOf(parts.map((lines) => tableOf(lines, small.columns))));
    expect(pairsById(cut, small.ids)).toEqual(pairsById(whole, small.ids));
    expect(cut.clusters).toEqual(whole.clusters);
  });
});
