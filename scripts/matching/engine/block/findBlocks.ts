import type { MatchRequest } from '../../contract.ts';
import type { Pool } from '../threads/pool.ts';
import { need } from '../threads/state.ts';
import { limitsFor, pairBudget } from './budget.ts';
import type { BlockReport, NarrowReport, Rule } from './contract.ts';
import { rulesFor } from './rules.ts';

export type FoundBlocks = {
  readonly rules: readonly Rule[];
  readonly reports: readonly BlockReport[];
  /** Of rules that were over budget. */
  readonly narrowed: ReadonlyMap<number, NarrowReport>;
};

/** Blocks of all rules that the columns allow, within the budget of pairs; shared with the threads of the pool. */
export const findBlocks = async (
  pool: Pool,
  request: MatchRequest,
  tell: (done: number, total: number) => void,
): Promise<FoundBlocks> => {
  const rules = rulesFor(need(pool.local, 'plan'));
  pool.share({ rules });
  const reports = await pool.run(
    'block',
    rules.map((_, rule) => rule),
    (done) => tell(done, rules.length),
  );
  const blocks = reports.map(({ set }) => set);
  pool.share({ blocks, narrowed: [] });
  const limits = limitsFor(reports, pairBudget(need(pool.local, 'kinds').length, request.pairsPerRecord));
  const answers = await pool.run('narrow', limits);
  const narrowed = new Map(
    limits
      .map(({ rule }, i) => [rule, answers[i]] as const)
      .filter((one): one is [number, NarrowReport] => one[1] !== undefined),
  );
  if (narrowed.size > 0)
    pool.share({ blocks: blocks.map((set, rule) => narrowed.get(rule)?.set ?? set), narrowed: [...narrowed.keys()] });
  return { rules, reports, narrowed };
};
