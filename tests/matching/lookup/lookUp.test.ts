import { describe, expect, it } from '@jest/globals';
import type { MatchResult, MatchTable } from '../../../scripts/matching/contract.ts';
import { explainPair } from '../../../scripts/matching/engine/explain.ts';
import { runMatch } from '../../../scripts/matching/engine/match.ts';
import { buildIndex } from '../../../scripts/matching/lookup/buildIndex.ts';
import { lookUp } from '../../../scripts/matching/lookup/lookUp.ts';
import { openIndex, type OpenIndex } from '../../../scripts/matching/lookup/openIndex.ts';
import type { FittedModel } from '../../../scripts/matching/model/contract.ts';
import { rowIdsOf } from '../../../scripts/matching/read/rowIds.ts';
import { peopleOf, requestOf, tableOf, type People } from '../whole/run.ts';
import { plainPages } from './plainPages.ts';

const ROWS = 600;
const ASKED = 24;
const READ_AT = '2026-03-01T10:00:00.000Z';

type Indexed = {
  readonly people: People;
  readonly table: MatchTable;
  readonly result: MatchResult;
  readonly index: OpenIndex;
};

const indexOf = async (
  people: People,
  excluded: ReadonlySet<number> = new Set(),
  about: Partial<MatchTable> = {},
): Promise<Indexed> => {
  const table = tableOf(people.lines, people.columns, about);
  const request = requestOf([table], { threads: 1, excluded });
  const result = await runMatch(request);
  const pages = plainPages();
  const model = result.model as FittedModel;
  await buildIndex({ tables: [table], ids: [rowIdsOf(people.ids)], excluded, model, readAt: READ_AT }, pages.sink, {
    knowledge: request.knowledge,
    threads: 1,
    pageBytes: pages.pageBytes,
  });
  return { people, table, result, index: openIndex(pages.source(), request.knowledge) };
};

const without = (people: People, asked: number): { readonly rest: People; readonly lines: readonly string[] } => {
  const step = Math.floor(people.lines.length / asked);
  const taken = new Set(Array.from({ length: asked }, (_, i) => i * step));
  const pick = <T>(values: readonly T[]): T[] => values.filter((_, i) => !taken.has(i));
  return {
    lines: people.lines.filter((_, i) => taken.has(i)),
    rest: {
      ...{ lines: pick(people.lines), ids: pick(people.ids), columns: people.columns },
      ...{ entities: pick(people.entities), households: pick(people.households) },
    },
  };
};

const drawn = (organisations: number): ReturnType<typeof without> =>
  without(peopleOf({ rows: ROWS, seed: 11, organisations }), ASKED);

describe('one record looked up in an index', () => {
  it.each<{ what: string; organisations: number; about: Partial<MatchTable> }>([
    { what: 'people', organisations: 0, about: { entity: 'person' } },
    { what: 'people and organisations', organisations: 0.4, about: { entity: 'mixed' } },
  ])('is judged to the last bit as beside all records: $what', async ({ organisations, about }) => {
    const { rest, lines } = drawn(organisations);
    const { index, table, result } = await indexOf(rest, new Set(), about);
    let compared = 0;
    for (const line of lines) {
      const one = tableOf([line], rest.columns, about);
      const { hits } = lookUp(index, one);
      const request = { tables: [table, one], knowledge: index.data, decisions: [] };
      for (const { row, probability, link, zone } of hits) {
        const said = explainPair(request, result, { a: row, b: rest.lines.length });
        expect({ probability, link, zone }).toEqual({
          probability: said.probability,
          link: said.link,
          zone: said.zone,
        });
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(ASKED / 4);
  });

  it('finds who a run of all records finds', async () => {
    const { rest, lines } = drawn(0);
    const { index } = await indexOf(rest);
    const all = tableOf([...rest.lines, ...lines], rest.columns);
    const { pairs } = await runMatch(requestOf([all], { threads: 1 }));
    const answers = lines.map(
      (line) => new Set(lookUp(index, tableOf([line], rest.columns)).hits.map(({ row }) => row)),
    );
    const missed: number[] = [];
    let found = 0;
    for (let i = 0; i < pairs.count; i += 1) {
      const [a = 0, b = 0] = [pairs.a[i], pairs.b[i]];
      if ((pairs.probability[i] ?? 0) < 0.9 || b < rest.lines.length || a >= rest.lines.length) continue;
      if (answers[b - rest.lines.length]?.has(a) === true) found += 1;
      else missed.push(b);
    }
    expect(missed).toEqual([]);
    expect(found).toBeGreaterThan(ASKED / 4);
  });
});
