import type { DistinctTexts } from '../text/byteDictionary.ts';
import { kept, knowledgeOf, need, type ThreadState } from '../threads/state.ts';
import type { Domain } from '../values/contract.ts';
import { cellWriter, type CellWriter, makeReading, type Reading } from './cellWriters.ts';
import type { Cell } from './memo.ts';
import { makeRowCursor, nextRow, type RowCursor } from './rowCursor.ts';
import type { RowRange } from './survey.ts';

const readingOf = (state: ThreadState): Reading =>
  kept(state, 'reading', () => makeReading(knowledgeOf(state), need(state, 'columns')));

const unquoted = new Uint8Array(2 ** 16);
const QUOTE = 34;

/** The cell's content; doubled marks made single in a buffer of the thread's own. */
const place = (cell: Cell, cursor: RowCursor, column: number): void => {
  cell.bytes = cursor.bytes;
  cell.from = cursor.from[column] ?? 0;
  cell.to = cursor.to[column] ?? 0;
  if (cursor.doubled[column] !== 1) return;
  let length = 0;
  for (let i = cell.from; i < cell.to && length < unquoted.length; i += 1) {
    const byte = cell.bytes[i] ?? 0;
    if (byte === QUOTE) i += 1;
    unquoted[length++] = byte;
  }
  cell.bytes = unquoted;
  cell.from = 0;
  cell.to = length;
};

/** Reads one stretch of rows into columns; answers which thread did, since numbers of texts are that thread's. */
export const readTask = (state: ThreadState, range: RowRange): number => {
  const table = need(state, 'tables')[range.table];
  const readers = need(state, 'plan').readers[range.table];
  if (table === undefined || readers === undefined) throw new Error('a stretch of an unknown table');
  const reading = readingOf(state);
  const starts = need(state, 'rowStarts');
  const writers: readonly (readonly [number, CellWriter])[] = readers.map((reader) => [
    reader.column,
    cellWriter(reading, reader),
  ]);
  const cursor = makeRowCursor(new Uint8Array(table.bytes), table, table.columns.length);
  const home = table.country ?? '';
  const cell: Cell = { bytes: cursor.bytes, from: 0, to: 0, row: 0, country: home };
  cursor.at = range.from;
  for (let i = 0; i < range.rows; i += 1) {
    cell.row = range.firstRow + i;
    cell.country = home;
    starts[cell.row] = cursor.at;
    nextRow(cursor);
    for (const [column, write] of writers) {
      if (column >= cursor.cells || cursor.from[column] === cursor.to[column]) continue;
      place(cell, cursor, column);
      write(cell);
    }
  }
  return state.thread;
};

/** The thread's distinct texts of these domains, given up. */
export const distinctTask = (state: ThreadState, only: readonly Domain[]): Partial<Record<Domain, DistinctTexts>> => {
  const reading = readingOf(state);
  const distinct = Object.fromEntries(
    [...reading.dictionaries]
      .filter(([domain]) => only.includes(domain))
      .map(([domain, texts]) => [domain, texts.distinct()]),
  );
  state.kept.delete('reading');
  return distinct;
};
