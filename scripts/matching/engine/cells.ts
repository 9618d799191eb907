import type { ColumnRole } from '../../model/columnMap.ts';
import { cellTextOf, makeRowCursor, nextRow } from './read/rowCursor.ts';
import { need, type ThreadState } from './threads/state.ts';

const ROLES: Readonly<Record<string, readonly ColumnRole[]>> = {
  'given-name': ['given-name', 'full-name'],
  'family-name': ['family-name', 'birth-name', 'full-name'],
  'organisation-name': ['organisation-name', 'full-name'],
  'birth-date': ['birth-date'],
  'birth-place': ['birth-place'],
  email: ['email'],
  phone: ['phone'],
  address: ['house-number', 'street', 'address-line', 'postcode', 'city', 'region'],
  sex: ['sex', 'civility'],
};

/** What a row holds for one comparison, as its file has it; several cells in their order, joined by blanks. */
export const cellsOf = (state: ThreadState, row: number, comparison: string): string => {
  const tableRows = need(state, 'tableRows');
  const table = tableRows.findLastIndex((first, i) => i + 1 < tableRows.length && first <= row);
  const source = need(state, 'tables')[table];
  if (source === undefined) return '';
  const cursor = makeRowCursor(new Uint8Array(source.bytes), source, source.columns.length);
  cursor.at = need(state, 'rowStarts')[row] ?? 0;
  nextRow(cursor);
  const roles: readonly string[] = ROLES[comparison] ?? [comparison];
  return source.columns
    .flatMap(({ role }, column) => (roles.includes(role) ? [cellTextOf(cursor, column).trim()] : []))
    .filter((text) => text !== '')
    .join(' ');
};
