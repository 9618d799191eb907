import { describe, expect, it } from '@jest/globals';
import { LINKS, ZONES, type MatchResult, type PairDecision } from '../../../scripts/matching/contract.ts';
import { explainPair } from '../../../scripts/matching/engine/explain.ts';
import { runMatch } from '../../../scripts/matching/engine/match.ts';
import { match, peopleOf, requestOf, tableOf } from './run.ts';

const people = peopleOf({ rows: 2_000, seed: 41 });
const result = await match(people);
const AUTO = ZONES.indexOf('auto');
const PERSON = LINKS.indexOf('person');

const pairsWhere = ({ pairs }: MatchResult, holds: (i: number) => boolean) =>
  Array.from({ length: pairs.count }, (_, i) => i).filter(holds);
const personPairs = (of: MatchResult, zone: number) =>
  pairsWhere(of, (i) => of.pairs.zone[i] === zone && of.pairs.link[i] === PERSON);

describe('pairs', () => {
  it('come in the order of their rows, the lower row first, each once', () => {
    const { count, a, b } = result.pairs;
    expect(count).toBeGreaterThan(300);
    for (let i = 0; i < count; i += 1) expect(a[i]!).toBeLessThan(b[i]!);
    for (let i = 1; i < count; i += 1) expect(a[i - 1]! < a[i]! || (a[i - 1] === a[i] && b[i - 1]! < b[i]!)).toBe(true);
  });

  it('have probabilities, links, zones and a rule that brought them', () => {
    for (const list of [result.pairs.a, result.pairs.b, result.pairs.probability, result.pairs.link, result.pairs.zone])
      expect(list.length).toBe(result.pairs.count);
    for (let i = 0; i < result.pairs.count; i += 1) {
      expect(result.pairs.probability[i]!).toBeGreaterThan(0);
      expect(result.pairs.probability[i]!).toBeLessThanOrEqual(1);
      expect(ZONES[result.pairs.zone[i]!]).toBeDefined();
      expect(LINKS[result.pairs.link[i]!]).toBeDefined();
      expect(result.blocking[result.pairs.rule[i]!]).toBeDefined();
    }
  });
});

describe('groups', () => {
  it('are named by their lowest row', () => {
    for (const labels of [result.clusters, result.households]) {
      expect(labels.length).toBe(people.lines.length);
      labels.forEach((label, row) => {
        expect(label).toBeLessThanOrEqual(row);
        expect(labels[label]).toBe(label);
      });
    }
  });

  it('hold every row for itself unless a pair of the automatic zone or a decision joins it', () => {
    const joined = new Set(personPairs(result, AUTO).flatMap((i) => [result.pairs.a[i]!, result.pairs.b[i]!]));
    const sizes = new Map<number, number>();
    for (const label of result.clusters) sizes.set(label, (sizes.get(label) ?? 0) + 1);
    result.clusters.forEach((label, row) => {
      if (sizes.get(label)! > 1) expect(joined.has(row)).toBe(true);
    });
  });
});

describe('an explanation', () => {
  const request = requestOf([tableOf(people.lines, people.columns)]);

  it('arrives at the probability, link and zone that the run told', () => {
    const { pairs } = result;
    for (let i = 0; i < pairs.count; i += Math.ceil(pairs.count / 150)) {
      const explained = explainPair(request, result, { a: pairs.a[i]!, b: pairs.b[i]! });
      expect(explained.probability).toBeCloseTo(pairs.probability[i]!, 6);
      expect(explained.link).toBe(LINKS[pairs.link[i]!]);
      expect(explained.zone).toBe(ZONES[pairs.zone[i]!]);
    }
  });

  it('is the same from both sides', () => {
    const { pairs } = result;
    for (let i = 0; i < pairs.count; i += Math.ceil(pairs.count / 60)) {
      const [a, b] = [pairs.a[i]!, pairs.b[i]!];
      const [there, back] = [explainPair(request, result, { a, b }), explainPair(request, result, { a: b, b: a })];
      expect(back.probability).toBeCloseTo(there.probability, 12);
      expect([back.link, back.zone]).toEqual([there.link, there.zone]);
      expect(back.evidence.map(({ weight, level }) => [level, weight])).toEqual(
        there.evidence.map(({ weight, level }) => [level, weight]),
      );
    }
  });
});

describe('decisions', () => {
  const decided = async (decisions: readonly PairDecision[]) => match(people, { decisions });

  it('that two rows are not duplicates keep them apart, whatever else speaks for it', async () => {
    const apart = personPairs(result, AUTO)
      .slice(0, 40)
      .map((i): PairDecision => ({
        a: result.pairs.a[i]!,
        b: result.pairs.b[i]!,
        decision: 'not-duplicate',
      }));
    expect(apart.length).toBe(40);
    const after = await decided(apart);
    for (const { a, b } of apart) expect(after.clusters[a]).not.toBe(after.clusters[b]);
    const told = new Set(
      pairsWhere(after, (i) => after.pairs.link[i] === PERSON).map((i) => `${after.pairs.a[i]!} ${after.pairs.b[i]!}`),
    );
    for (const { a, b } of apart) expect(told.has(`${Math.min(a, b)} ${Math.max(a, b)}`)).toBe(false);
  });

  it('that two rows are duplicates join them, even when nothing speaks for it', async () => {
    const strangers = [3, 300, 700, 1_200].map((row): PairDecision => ({
      a: row,
      b: row + 601,
      decision: 'duplicate',
    }));
    const after = await decided(strangers);
    for (const { a, b } of strangers) {
      expect(result.clusters[a]).not.toBe(result.clusters[b]);
      expect(after.clusters[a]).toBe(after.clusters[b]);
    }
  });

  it('that two rows are related are no reason to merge them', async () => {
    const related = personPairs(result, AUTO)
      .slice(0, 10)
      .map((i): PairDecision => ({
        a: result.pairs.a[i]!,
        b: result.pairs.b[i]!,
        decision: 'related',
      }));
    const after = await decided(related);
    for (const { a, b } of related) expect(after.clusters[a]).not.toBe(after.clusters[b]);
  });
});

describe('rows that take no part', () => {
  it('are counted and in no pair and no group', async () => {
    const excluded = new Set(
      personPairs(result, AUTO)
        .slice(0, 100)
        .map((i) => result.pairs.b[i]!),
    );
    const after = await match(people, { excluded });
    expect(after.excluded).toBe(excluded.size);
    for (let i = 0; i < after.pairs.count; i += 1) {
      expect(excluded.has(after.pairs.a[i]!)).toBe(false);
      expect(excluded.has(after.pairs.b[i]!)).toBe(false);
    }
    for (const row of excluded) expect([after.clusters[row], after.households[row]]).toEqual([row, row]);
  });
});

describe('a run over part of the rows', () => {
  it('tells pairs with at least one of the rows that are new', async () => {
    const touching = new Set(Array.from({ length: 200 }, (_, i) => i * 10));
    const after = await match(people, { touching });
    expect(after.pairs.count).toBeGreaterThan(20);
    for (let i = 0; i < after.pairs.count; i += 1)
      expect(touching.has(after.pairs.a[i]!) || touching.has(after.pairs.b[i]!)).toBe(true);
  });

  it('of two sides tells pairs across them alone', async () => {
    const half = people.lines.length / 2;
    const after = await runMatch(
      requestOf([
        tableOf(people.lines.slice(0, half), people.columns, { side: 'a' }),
        tableOf(people.lines.slice(half), people.columns, { side: 'b', name: 'others.csv' }),
      ]),
    );
    expect(after.pairs.count).toBeGreaterThan(100);
    for (let i = 0; i < after.pairs.count; i += 1) {
      expect(after.pairs.a[i]!).toBeLessThan(half);
      expect(after.pairs.b[i]!).toBeGreaterThanOrEqual(half);
    }
  });
});

describe('a run that is called off', () => {
  it('ends with the reason, before and in the middle of it', async () => {
    const reason = new Error('enough');
    await expect(match(people, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const large = peopleOf({ rows: 18_000, seed: 42 });
    for (const stage of ['read', 'block', 'learn', 'compare'] as const) {
      const control = new AbortController();
      const run = match(large, {
        signal: control.signal,
        tell: (progress) => {
          if (progress.stage === stage) control.abort(reason);
        },
      });
      await expect(run).rejects.toBe(reason);
    }
  });

  it('tells how far it is, stage after stage, never backwards', async () => {
    const told: string[] = [];
    const last: Record<string, number> = {};
    await match(people, {
      tell: ({ stage, done, total }) => {
        if (told.at(-1) !== stage) told.push(stage);
        expect(done).toBeGreaterThanOrEqual(last[stage] ?? 0);
        expect(done).toBeLessThanOrEqual(total);
        last[stage] = done;
      },
    });
    expect(told).toEqual(['read', 'block', 'learn', 'compare', 'cluster'].filter((stage) => told.includes(stage)));
    expect(told.length).toBeGreaterThanOrEqual(3);
  });
});

describe('more of the same evidence', () => {
  /** The rows alone, so that reading them again costs nothing. */
  const chanceOf = (left: string, right: string): number => {
    const explained = explainPair(requestOf([tableOf([left, right], people.columns)]), result, { a: 0, b: 1 });
    return explained.link === 'person' ? explained.probability : 0;
  };

  it.each([
    ['e-mail address', 7, 'the.very.same.482913@gmail.example'],
    ['telephone', 8, '0709123456'],
  ])('never speaks against: both rows gain one %s', (_, column, value) => {
    let looked = 0;
    for (let i = 0; i < result.pairs.count; i += 1) {
      const left = people.lines[result.pairs.a[i]!]!.split(',');
      const right = people.lines[result.pairs.b[i]!]!.split(',');
      if (left[column] !== '' || right[column] !== '' || left.length !== 12 || right.length !== 12) continue;
      if (LINKS[result.pairs.link[i]!] !== 'person') continue;
      looked += 1;
      const before = chanceOf(left.join(','), right.join(','));
      expect(chanceOf(left.with(column, value).join(','), right.with(column, value).join(','))).toBeGreaterThanOrEqual(
        before - 1e-9,
      );
    }
    expect(looked).toBeGreaterThan(5);
  });
});
