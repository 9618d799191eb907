import type { MatchProgress, MatchRequest, MatchResult, RunMatch } from '../contract.ts';
import { conclude } from '../model/conclude.ts';
import type { ConcludeInput, FittedModel, ScoredPairs } from '../model/contract.ts';
import { withOrganisations } from '../model/kinds.ts';
import { type KindPass, kindsIn, runKind } from './kindPass.ts';
import { planOf } from './plan.ts';
import { readTables } from './read/readTables.ts';
import { resultOf } from './result.ts';
import { mergePairs } from './scan/scored.ts';
import { makePool, type Pool } from './threads/pool.ts';
import { need } from './threads/state.ts';
import { take } from './threads/steps.ts';
import { type Clock, makeClock } from './work.ts';

type Joined = { readonly pairs: ScoredPairs; readonly model: FittedModel; readonly judge: ConcludeInput['judge'] };

/** Below this many bytes threads would cost more than they bring. */
const WORTH_THREADS = 2 * 2 ** 20;

const threadsFor = (request: MatchRequest): number => {
  const bytes = request.tables.reduce((sum, { start, end }) => sum + end - start, 0);
  return bytes < WORTH_THREADS ? 1 : request.threads;
};

/** Passes in the order of rows, as one run: pairs of rows of different kinds are none. */
const together = (passes: readonly KindPass[], entity: Uint8Array): Joined => {
  const [first, ...others] = passes;
  if (first === undefined) throw new Error('no rows of any kind');
  const pairs = others.reduce((merged, { pairs: more }) => mergePairs(merged, more), first.pairs);
  const model = others.reduce((one, other) => withOrganisations(one, other.model), first.model);
  const judge: Joined['judge'] = (a, b) => {
    if (others.length === 0) return first.judge(a, b);
    if (entity[a] !== entity[b]) return { match: 0, household: 0, guards: 0 };
    return (passes.find(({ kind }) => kind === entity[a]) ?? first).judge(a, b);
  };
  return { pairs, model, judge };
};

const runWith = async (request: MatchRequest, pool: Pool, clock: Clock): Promise<MatchResult> => {
  const plan = planOf(request.tables);
  const tell = (stage: MatchProgress['stage']) => (done: number, total: number) =>
    request.tell?.({ stage, done, total });
  pool.share({ knowledge: request.knowledge, tables: request.tables, plan });
  const read = await take(pool, readTables(pool, request, tell('read')));
  clock.mark('read');
  const kinds = kindsIn(need(pool.local, 'kinds'));
  const passes: KindPass[] = [];
  for (const kind of kinds) passes.push(await runKind({ pool, request, read, clock, tell }, kind, kinds.length === 1));
  const entity = need(pool.local, 'kinds').map((kind) => kind & 1);
  const { pairs, model, judge } = together(passes, entity);
  const conclusion = conclude({
    rows: read.rows,
    model,
    pairs,
    decisions: request.decisions,
    targetError: request.targetError,
    ...(request.tellFrom === undefined ? {} : { tellFrom: request.tellFrom }),
    entity,
    judge,
  });
  clock.mark('cluster');
  const sum = (of: 'compared' | 'considered'): number => passes.reduce((all, pass) => all + pass[of], 0);
  const made = { compared: sum('compared'), considered: sum('considered'), found: pairs.count };
  return resultOf({ pool, passes, pairs, conclusion, work: { ...clock.work, ...made } });
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
