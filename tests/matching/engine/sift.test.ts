import { describe, expect, it } from '@jest/globals';
import { findBlocks } from '../../../scripts/matching/engine/block/findBlocks.ts';
import { makeComparisons } from '../../../scripts/matching/engine/compare/comparer.ts';
import { dataOf } from '../../../scripts/matching/engine/compare/data.ts';
import { PAIRS_TOGETHER, PairList } from '../../../scripts/matching/engine/compare/pairList.ts';
import { coincidences, learnInput } from '../../../scripts/matching/engine/learn/learn.ts';
import { GIVEN } from '../../../scripts/matching/engine/contract.ts';
import { planOf } from '../../../scripts/matching/engine/plan.ts';
import { readTables } from '../../../scripts/matching/engine/read/readTables.ts';
import { Glimpses, narrowed } from '../../../scripts/matching/engine/scan/glimpse/glimpses.ts';
import { scanBlocks } from '../../../scripts/matching/engine/scan/scanBlocks.ts';
import { judgeOf } from '../../../scripts/matching/engine/scan/scanTask.ts';
import { judgeFrom } from '../../../scripts/matching/engine/scan/scored.ts';
import { writeRecords } from '../../../scripts/matching/engine/scan/writeRecords.ts';
import { makePool } from '../../../scripts/matching/engine/threads/pool.ts';
import { need } from '../../../scripts/matching/engine/threads/state.ts';
import { take } from '../../../scripts/matching/engine/threads/steps.ts';
import { fitModel } from '../../../scripts/matching/model/fit.ts';
import { peopleOf, requestOf, tableOf } from '../whole/run.ts';

const people = peopleOf({ rows: 1_500, seed: 23, duplicates: 0.4 });
const request = requestOf([tableOf(people.lines, people.columns)]);
const silent = (): void => undefined;

/** The stages of a run up to its scored pairs. */
const scanned = async () => {
  const pool = makePool(1, undefined);
  const plan = planOf(request.tables);
  pool.share({ knowledge: request.knowledge, tables: request.tables, plan });
  const read = await take(pool, readTables(pool, request, silent));
  const found = await findBlocks(pool, request, silent);
  const coincidence = coincidences(plan, need(pool.local, 'values'), found.rules, found.reports);
  pool.share({ coincidence, filled: read.filled });
  await take(pool, writeRecords(pool));
  const possiblePairs = (read.rows * (read.rows - 1)) / 2;
  pool.share({ model: fitModel(await learnInput(pool, { ...found, coincidence, possiblePairs })) });
  const { pairs } = await scanBlocks(pool, silent);
  return { state: pool.local, pairs, rows: read.rows };
};
const { state, pairs, rows } = await scanned();
const told = new Set(Array.from({ length: pairs.count }, (_, i) => `${pairs.a[i]!} ${pairs.b[i]!}`));
const HOUSEHOLD = 0.5;

describe('comparing pairs side by side', () => {
  it('gives every pair the level it has alone', () => {
    const list = new PairList();
    for (let i = 0; list.count < PAIRS_TOGETHER - 1; i += 1) {
      const a = (i * 7) % rows;
      const b = i % 3 === 0 ? (pairs.b[i % pairs.count] ?? 0) : (i * 131 + 1) % rows;
      list.add(i % 3 === 0 ? (pairs.a[i % pairs.count] ?? 0) : a, b);
    }
    const out = new Uint8Array(PAIRS_TOGETHER);
    for (const comparison of makeComparisons(dataOf(state))) {
      comparison.fill(list, out);
      const alone = Array.from({ length: list.count }, (_, i) => comparison.of(list.a[i]!, list.b[i]!));
      expect(Array.from(out.subarray(0, list.count))).toEqual(alone);
    }
  });

  it('sees nothing at a glimpse that rules out the level of a closer look', () => {
    const data = dataOf(state);
    const glimpses = new Glimpses(data);
    const comparisons = makeComparisons(data);
    let told = 0;
    for (let i = 0; i < 4_000; i += 1) {
      const a = i % 3 === 0 ? (pairs.a[i % pairs.count] ?? 0) : (i * 7) % rows;
      const b = i % 3 === 0 ? (pairs.b[i % pairs.count] ?? 0) : (i * 131 + 1) % rows;
      const glimpse = glimpses.of(a, b);
      data.plan.comparisons.forEach(({ name }, c) => {
        const level = comparisons[c]!.of(a, b);
        // texts that are equal are told by facts
        if (level === 0 || (name.endsWith('-name') && level === GIVEN.exact)) return;
        const reach = narrowed(name, -1, glimpse);
        expect({ name, isOpen: (reach >>> level) & 1 }).toEqual({ name, isOpen: 1 });
        if (reach !== -1) told += 1;
      });
    }
    expect(told).toBeGreaterThan(10_000);
  });

  it('leaves no candidate early that was worth telling', () => {
    const { emit } = need(state, 'model');
    let left = 0;
    for (const set of need(state, 'blocks')) {
      for (let block = 0; block < set.count; block += 1) {
        const members = set.rows.subarray(set.starts[block], set.starts[block + 1]);
        members.forEach((one, i) => {
          for (const other of members.subarray(i + 1)) {
            const [a, b] = [Math.min(one, other), Math.max(one, other)];
            if (told.has(`${a} ${b}`)) continue;
            left += 1;
            const { match, household } = judgeOf(state).judge(a, b);
            expect(match).toBeLessThan(emit);
            expect(household).toBeLessThan(HOUSEHOLD + emit);
          }
        });
      }
    }
    expect(left).toBeGreaterThan(100);
  });

  it('tells what each pair comes to when it is judged alone, and finds it again', () => {
    const again = judgeFrom(pairs, rows, () => ({ match: -1, household: -1, guards: 0 }));
    for (let i = 0; i < pairs.count; i += 1) {
      const [a, b] = [pairs.a[i]!, pairs.b[i]!];
      const said = { match: pairs.match[i]!, household: pairs.household[i]!, guards: pairs.guards[i]! };
      expect(judgeOf(state).judge(a, b)).toEqual(said);
      expect(again(b, a)).toEqual(said);
    }
    expect(again(0, 0).match).toBe(-1);
  });
});
