import { describe, expect, it } from '@jest/globals';
import { explainPair } from '../../../scripts/matching/engine/explain.ts';
import { match, peopleOf, requestOf, tableOf } from './run.ts';

/** Enough rows to learn from; of the first of them, every pair is looked at one by one. */
const people = peopleOf({ rows: 1_200, seed: 71, duplicates: 0.5 });
const LOOKED_AT = 90;
const result = await match(people);
const told = new Set(
  Array.from({ length: result.pairs.count }, (_, i) => `${result.pairs.a[i]!} ${result.pairs.b[i]!}`),
);
const request = requestOf([tableOf(people.lines, people.columns)]);
const cells = people.lines.map((line) => line.split(','));

const share = (a: number, b: number, ...columns: readonly number[]): boolean =>
  columns.every((column) => cells[a]![column] !== '' && cells[a]![column] === cells[b]![column]);

describe('looking at every pair one by one', () => {
  it('finds no duplicate that shares a key with its other record and that the run passed over', () => {
    const passedOver: string[] = [];
    let seen = 0;
    for (let a = 0; a < LOOKED_AT; a += 1)
      for (let b = a + 1; b < people.lines.length; b += 1) {
        const key = share(a, b, 7) || share(a, b, 2, 5) || share(a, b, 3, 5) || share(a, b, 2, 3);
        if (!key) continue;
        seen += 1;
        const { zone } = explainPair(request, result, { a, b });
        if (zone !== 'no' && !told.has(`${a} ${b}`)) passedOver.push(`${a} ${b} ${zone}`);
      }
    expect(seen).toBeGreaterThan(60);
    expect(passedOver).toEqual([]);
  });

  it('calls strangers strangers', () => {
    const taken: string[] = [];
    for (let a = 0; a < 40; a += 1)
      for (let b = a + 1; b < LOOKED_AT; b += 1) {
        if (people.households[a] === people.households[b] || people.entities[a] === people.entities[b]) continue;
        const { zone, link } = explainPair(request, result, { a, b });
        if (zone === 'auto' && link === 'person') taken.push(`${a} ${b}`);
      }
    expect(taken).toEqual([]);
  });
});
