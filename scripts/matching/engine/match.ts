import type { MatchProgress, MatchRequest, MatchResult, RunMatch } from '../contract.ts';
import { conclude } from '../model/conclude.ts';
import { fitModel } from '../model/fit.ts';
import { findBlocks } from './block/findBlocks.ts';
import { coincidences, learnInput } from './learn/learn.ts';
import { planOf } from './plan.ts';
import { readTables } from './read/readTables.ts';
import { resultOf } from './result.ts';
import { scanBlocks } from './scan/scanBlocks.ts';
import { makePool, type Pool } from './threads/pool.ts';
import { need } from './threads/state.ts';
import { take } from './threads/steps.ts';
import { type Clock, makeClock } from './work.ts';
import { judgeOf } from './scan/scanTask.ts';

/** Below this many bytes threads would cost more than they bring. */
const WORTH_THREADS = 2 * 2 ** 20;

const threadsFor = (request: MatchRequest): number => {
  const bytes = request.tables.reduce((sum, { start, end }) => sum + end - start, 0);
  return bytes < WORTH_THREADS ? 1 : request.threads;
};

const possiblePairs = (request: MatchRequest, rows: readonly number[]): number => {
  const total = rows.at(-1) ?? 0;
  const sideA = request.tables.reduce(
    (sum, { side }, i) => sum + (side === 'a' ? (rows[i + 1] ?? 0) - (rows[i] ?? 0) : 0),
    0,
  );
  return sideA === total || sideA === 0 ? (total * (total - 1)) / 2 : sideA * (total - sideA);
};

const runWith = async (request: MatchRequest, pool: Pool, clock: Clock): Promise<MatchResult> => {
  const plan = planOf(request.tables);
  const tell = (stage: MatchProgress['stage']) => (done: number, total: number) =>
    request.tell?.({ stage, done, total });
  pool.share({ knowledge: request.knowledge, tables: request.tables, plan });
  const read = await take(pool, readTables(pool, request, tell('read')));
  clock.mark('read');
  const found = await findBlocks(pool, request, tell('block'));
  const coincidence = coincidences(plan, need(pool.local, 'values'), found.rules, found.reports);
  pool.share({ coincidence, filled: read.filled });
  clock.mark('block');
  tell('learn')(0, 1);
  const input = await learnInput(pool, {
    ...found,
    coincidence,
    possiblePairs: possiblePairs(request, read.tableRows),
  });
  const model = fitModel(input);
  pool.share({ model });
  tell('learn')(1, 1);
  request.signal?.throwIfAborted();
  clock.mark('learn');
  const { pairs, compared, considered } = await scanBlocks(pool, tell('compare'));
  clock.mark('compare');
  const conclusion = conclude({
    rows: read.rows,
    model,
    pairs,
    decisions: request.decisions,
    targetError: request.targetError,
    ...(request.tellFrom === undefined ? {} : { tellFrom: request.tellFrom }),
    entity: need(pool.local, 'kinds').map((kind) => kind & 1),
    judge: (a, b) => judgeOf(pool.local).judge(a, b),
  });
  clock.mark('cluster');
  return resultOf({
    request,
    pool,
    found,
    model,
    pairs,
    conclusion,
    work: { ...clock.work, compared, considered, found: pairs.count },
  });
};

/**
 * Finds duplicates in the request's tables. The answer is the same for any order of rows (up to their numbers) and any
 * number of threads. Errors: the signal's reason when it is aborted; TypeError for a table of more than 4 GiB.
 */
export const runMatch: RunMatch = async (request) => {
  request.signal?.throwIfAborted();
  const pool = makePool(threadsFor(request), request.signal);
  try {
    return await runWith(request, pool, makeClock());
  } finally {
    await pool.close();
  }
};
