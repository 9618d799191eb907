import type { MatchRequest } from '../../contract.ts';
import { each, type Ground, run, type Steps } from '../threads/steps.ts';
import { sharedBytes, sharedInts, sharedWords } from '../threads/sharedArrays.ts';
import { need } from '../threads/state.ts';
import { DOMAINS } from '../values/contract.ts';
import { ownerSlots } from '../values/fillOwners.ts';
import { makeValues } from '../values/makeValues.ts';
import { rangesOf, type RowRange, rowRangesOf } from './survey.ts';

export type ReadTables = {
  readonly rows: number;
  readonly tableRows: readonly number[];
  /** Rows that have a value, by field. */
  readonly filled: Readonly<Record<string, number>>;
};

export type ReadRequest = Pick<MatchRequest, 'tables' | 'excluded' | 'touching'>;

const EXCLUDED = 2;

const firstRows = (request: ReadRequest, ranges: readonly RowRange[]): readonly number[] => {
  const rows = request.tables.map((_, table) =>
    ranges.reduce((sum, range) => sum + (range.table === table ? range.rows : 0), 0),
  );
  const starts = [0];
  for (const count of rows) starts.push((starts.at(-1) ?? 0) + count);
  return starts;
};

const marked = (rows: number, numbers: Iterable<number>, bit: number): Uint8Array => {
  const marks = sharedBytes(rows);
  for (const row of numbers) if (row >= 0 && row < rows) marks[row] = bit;
  return marks;
};

/** Which rows may lead a pair; see Shared. */
const pairing = (
  request: ReadRequest,
  tableRows: readonly number[],
): { leads: Uint8Array; cross: boolean; touched: Uint8Array } => {
  const rows = tableRows.at(-1) ?? 0;
  const cross = new Set(request.tables.map(({ side }) => side)).size > 1;
  const touched = request.touching === undefined ? sharedBytes(0) : marked(rows, request.touching, 1);
  if (!cross) return { leads: touched, cross, touched: sharedBytes(0) };
  const leads = sharedBytes(rows);
  request.tables.forEach(({ side }, i) => {
    if (side === 'a') leads.fill(1, tableRows[i], tableRows[i + 1]);
  });
  return { leads, cross, touched };
};

const MOST_BYTES = 2 ** 32;
const MORE_COLUMNS = ['content', 'email:uses', 'phone:uses'];

const filledIn = (columns: Readonly<Record<string, Int32Array>>, names: readonly string[]): Record<string, number> =>
  Object.fromEntries(
    names.map((name) => {
      const column = columns[`${name}0`];
      let count = 0;
      if (column !== undefined) for (const value of column) if (value !== 0) count += 1;
      return [name, count];
    }),
  );

/** Rows, columns of integers and distinct values of all tables, shared with the threads of the pool. */
export function* readTables(
  pool: Ground,
  request: ReadRequest,
  tell: (done: number, total: number) => void,
): Steps<ReadTables> {
  for (const { name, bytes } of request.tables)
    if (bytes.byteLength > MOST_BYTES) throw new TypeError(`${name} has more than 4 GiB: split it`);
  const byteRanges = rangesOf(request.tables);
  const ranges = rowRangesOf(request.tables, byteRanges, yield* run('survey', byteRanges));
  const tableRows = firstRows(request, ranges);
  const rows = tableRows.at(-1) ?? 0;
  const plan = need(pool.local, 'plan');
  const slots = [...plan.slots, ...MORE_COLUMNS, ...ownerSlots(plan)];
  const columns = Object.fromEntries(slots.map((slot) => [slot, sharedInts(rows)]));
  const kinds = marked(rows, request.excluded, EXCLUDED);
  pool.share({ columns, rowStarts: sharedWords(rows), tableRows, kinds, ...pairing(request, tableRows) });
  const threads = yield* run('read', ranges, (done) => tell(done, ranges.length));
  const { values, renumbered } = yield* makeValues(pool, yield* each('distinct', DOMAINS));
  pool.share({ values, renumbered });
  yield* run(
    'resolve',
    ranges.map((range, i) => ({ range, thread: threads[i] ?? 0 })),
  );
  return { rows, tableRows, filled: filledIn(columns, ['email', 'phone']) };
}
