import { describe, expect, it } from '@jest/globals';
import { LINKS } from '../../../scripts/matching/contract.ts';
import { explainPair } from '../../../scripts/matching/engine/explain.ts';
import { runMatch } from '../../../scripts/matching/engine/match.ts';
import type { FittedModel } from '../../../scripts/matching/model/contract.ts';
import { peopleOf, requestOf, tableOf } from './run.ts';

const mixed = peopleOf({ rows: 2_000, seed: 63, organisations: 0.3 });
const nameAt = mixed.columns.findIndex(({ role }) => role === 'organisation-name');
const isOrganisation = (row: number): boolean =>
  (mixed.lines[row]?.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/)[nameAt] ?? '') !== '';

describe('people and organisations in one file', () => {
  const request = requestOf([{ ...tableOf(mixed.lines, mixed.columns), entity: 'mixed' }]);
  const run = runMatch(request);

  it('have a model each', async () => {
    const model = (await run).model as FittedModel;
    expect(model.organisations?.shapes).toEqual(model.shapes);
    expect(model.organisations?.comparisons).not.toEqual(model.comparisons);
  });

  it('are never linked to each other, and their links are called by what they are', async () => {
    const { pairs } = await run;
    const seen = new Set<string>();
    for (let at = 0; at < pairs.count; at += 1) {
      const [a, b] = [pairs.a[at] ?? 0, pairs.b[at] ?? 0];
      const link = LINKS[pairs.link[at] ?? 0] ?? '';
      seen.add(link);
      expect(isOrganisation(a)).toBe(isOrganisation(b));
      if (link === 'person') expect(isOrganisation(a)).toBe(false);
      if (link === 'organisation') expect(isOrganisation(a)).toBe(true);
    }
    expect([...seen]).toEqual(expect.arrayContaining(['person', 'organisation']));
  });

  it('are explained by the model of their kind, as the run judged them', async () => {
    const result = await run;
    for (const wanted of [0, 2]) {
      const at = result.pairs.link.findIndex((link) => link === wanted);
      const pair = { a: result.pairs.a[at] ?? 0, b: result.pairs.b[at] ?? 0 };
      const { probability, evidence } = explainPair(request, result, pair);
      expect(probability).toBeCloseTo(result.pairs.probability[at] ?? 0, 9);
      expect(evidence.length).toBeGreaterThan(0);
    }
  });

  it('are explained as nothing to each other', async () => {
    const person = mixed.lines.findIndex((_line, row) => !isOrganisation(row));
    const organisation = mixed.lines.findIndex((_line, row) => isOrganisation(row));
    expect(explainPair(request, await run, { a: person, b: organisation })).toMatchObject({
      link: 'none',
      evidence: [],
    });
  });
});

describe('two files against each other', () => {
  const people = peopleOf({ rows: 1_500, seed: 64 });
  const half = 750;
  const request = requestOf([
    { ...tableOf(people.lines.slice(0, half), people.columns), side: 'a' },
    { ...tableOf(people.lines.slice(half), people.columns), side: 'b' },
  ]);

  it('explain the pairs of their run with its probability and zone', async () => {
    const result = await runMatch(request);
    expect(result.pairs.count).toBeGreaterThan(20);
    for (let at = 0; at < 20; at += 1) {
      const pair = { a: result.pairs.a[at] ?? 0, b: result.pairs.b[at] ?? 0 };
      expect(pair.a < half && pair.b >= half).toBe(true);
      expect(explainPair(request, result, pair).probability).toBeCloseTo(result.pairs.probability[at] ?? 0, 9);
    }
  });
});
