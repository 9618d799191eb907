import type { BlockingRule, MatchRequest } from '../contract.ts';
import { fitModel } from '../model/fit.ts';
import type { FittedModel, PairJudgement, ScoredPairs } from '../model/contract.ts';
import { type FoundBlocks, findBlocks } from './block/findBlocks.ts';
import { coincidences, learnInput } from './learn/learn.ts';
import type { ReadTables } from './read/readTables.ts';
import { blockingOf } from './result.ts';
import { scanBlocks } from './scan/scanBlocks.ts';
import { judgeOf } from './scan/scanTask.ts';
import { judgeFrom } from './scan/scored.ts';
import { writeRecords } from './scan/writeRecords.ts';
import type { Pool } from './threads/pool.ts';
import { sharedBytes } from './threads/sharedArrays.ts';
import { need } from './threads/state.ts';
import { take } from './threads/steps.ts';
import type { Clock } from './work.ts';

const ORGANISATION = 1;
const EXCLUDED = 2;
const KEYED = 4;

/** What came of the rows of one kind: people and organisations have blocks, a model and links of their own. */
export type KindPass = {
  readonly kind: number;
  readonly found: FoundBlocks;
  readonly model: FittedModel;
  readonly pairs: ScoredPairs;
  readonly compared: number;
  readonly considered: number;
  readonly blocking: readonly BlockingRule[];
  readonly judge: (a: number, b: number) => PairJudgement;
};

/** Kinds that two rows or more have: 0 people, 1 organisations. */
export const kindsIn = (kinds: Uint8Array): readonly number[] => {
  const counts = [0, 0];
  for (const kind of kinds)
    if ((kind & EXCLUDED) === 0) counts[kind & ORGANISATION] = (counts[kind & ORGANISATION] ?? 0) + 1;
  const there = [0, ORGANISATION].filter((kind) => (counts[kind] ?? 0) > 1);
  return there.length === 0 ? [0] : there;
};

/** Rows of all other kinds take no part. */
export const onlyKind = (kinds: Uint8Array, kind: number): Uint8Array => {
  const only = sharedBytes(kinds.length);
  kinds.forEach((one, row) => {
    only[row] = (one & ORGANISATION) === kind ? one : one | EXCLUDED;
  });
  return only;
};

const possiblePairs = ({ tables }: MatchRequest, tableRows: readonly number[], kinds: Uint8Array): number => {
  const sides = { a: 0, b: 0 };
  tables.forEach(({ side }, table) => {
    for (let row = tableRows[table] ?? 0; row < (tableRows[table + 1] ?? 0); row += 1)
      if (((kinds[row] ?? 0) & EXCLUDED) === 0) sides[side] += 1;
  });
  const { a, b } = sides;
  return new Set(tables.map(({ side }) => side)).size > 1 ? a * b : ((a + b) * (a + b - 1)) / 2;
};

/** How many rows have a value, where that is asked: among those that take part. */
export const filledAmong = (found: Pick<FoundBlocks, 'rules' | 'reports'>, all: Readonly<Record<string, number>>) =>
  Object.fromEntries(
    Object.entries(all).map(([name, filled]) => [
      name,
      found.reports[found.rules.findIndex((rule) => rule.name === name)]?.keyed ?? filled,
    ]),
  );

export type PassInputs = {
  readonly pool: Pool;
  readonly request: MatchRequest;
  readonly read: ReadTables;
  readonly clock: Clock;
  readonly tell: (stage: 'block' | 'learn' | 'compare') => (done: number, total: number) => void;
};

/** Blocks, model and scored pairs of one kind of rows; `alone`: there is no other. */
export const runKind = async (inputs: PassInputs, kind: number, alone: boolean): Promise<KindPass> => {
  const { pool, request, read, clock, tell } = inputs;
  const all = need(pool.local, 'kinds');
  const kinds = alone ? all : onlyKind(all, kind);
  pool.share({ kinds });
  const found = await findBlocks(pool, request, tell('block'));
  const coincidence = coincidences(need(pool.local, 'plan'), need(pool.local, 'values'), found.rules, found.reports);
  pool.share({ coincidence, filled: alone ? read.filled : filledAmong(found, read.filled) });
  await take(pool, writeRecords(pool));
  clock.mark('block');
  tell('learn')(0, 1);
  const model = fitModel(
    await learnInput(pool, {
      ...found,
      coincidence,
      possiblePairs: possiblePairs(request, read.tableRows, kinds),
    }),
  );
  pool.share({ model });
  tell('learn')(1, 1);
  // records hold all that is compared
  if (alone) pool.share({ columns: {} });
  request.signal?.throwIfAborted();
  clock.mark('learn');
  const scanned = await scanBlocks(pool, tell('compare'));
  clock.mark('compare');
  const blocking = blockingOf(found, need(pool.local, 'blocks'), model);
  // the next kind's model takes this one's place in the pool
  const own = alone ? undefined : judgeOf(pool.local);
  const judge = judgeFrom(scanned.pairs, read.rows, (a, b) => (own ?? judgeOf(pool.local)).judge(a, b));
  if (!alone) {
    kinds.forEach((one, row) => {
      all[row] = (all[row] ?? 0) | (one & KEYED);
    });
    pool.share({ kinds: all });
  }
  return { kind, found, model, ...scanned, blocking, judge };
};
