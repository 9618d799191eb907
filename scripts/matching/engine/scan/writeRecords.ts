import { layoutIn } from '../compare/data.ts';
import { sharedInts } from '../threads/sharedArrays.ts';
import { need } from '../threads/state.ts';
import { type Ground, run, type Steps } from '../threads/steps.ts';
import type { FactsItem } from './factsTask.ts';

const ROWS_A_TASK = 65_536;

const stretchesOf = (rows: number): readonly FactsItem[] =>
  Array.from({ length: Math.ceil(rows / ROWS_A_TASK) }, (_, i) => ({
    from: i * ROWS_A_TASK,
    to: Math.min(rows, (i + 1) * ROWS_A_TASK),
  }));

/** Columns, and what blocks counted, as one record a row: what comparisons look at from here on. */
export function* writeRecords(pool: Ground): Steps<void> {
  const rows = need(pool.local, 'kinds').length;
  const room = rows * layoutIn(pool.local).stride;
  if (pool.local.shared.records?.length !== room) pool.share({ records: sharedInts(room) });
  yield* run('facts', stretchesOf(rows));
}
