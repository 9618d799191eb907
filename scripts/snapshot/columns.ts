import { soqlName } from '../kernel/soql.ts';
import type { OrgRow, OrgValue } from '../org/port.ts';
import { placeValue, readPath, type OpenRow } from '../org/rowPaths.ts';
import type { StoreTable, StoreValue } from '../vault/port.ts';
import type { SnapshotColumn } from './wants.ts';

/** A name as a quoted SQL identifier; anything that is not an API name or path is refused. */
export const sqlName = (name: string): string => `"${soqlName(name)}"`;

const STORED: Readonly<Record<string, 'integer' | 'real'>> = {
  boolean: 'integer',
  int: 'integer',
  long: 'integer',
  double: 'real',
  currency: 'real',
  percent: 'real',
};

/** How a describe type is stored. */
export const storedType = (type: string): 'text' | 'integer' | 'real' => STORED[type] ?? 'text';

export const tableOf = (object: string, columns: readonly SnapshotColumn[]): StoreTable => ({
  name: object,
  columns: Object.fromEntries(columns.map((column) => [column.path, storedType(column.type)])),
});

/** REST writes instants as `…+0000`; stored ones end in `Z`, so that they compare and SQLite reads them. */
const stored = (value: OrgValue, type: string): StoreValue => {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return type === 'datetime' && typeof value === 'string' ? value.replace(/\+0000$/, 'Z') : value;
};

export const storedRow = (columns: readonly SnapshotColumn[], row: OrgRow): readonly StoreValue[] =>
  columns.map((column) => stored(readPath(row, column.path), column.type));

const restored = (value: StoreValue | undefined, type: string): OrgValue =>
  type === 'boolean' && value !== null && value !== undefined ? value === 1 : (value ?? null);

/** A stored row as the org port gives rows, parents nested; instants end in `Z`. */
export const restoredRow = (
  columns: readonly SnapshotColumn[],
  record: Readonly<Record<string, StoreValue>>,
): OrgRow => {
  const row: OpenRow = {};
  for (const { path, type } of columns) placeValue(row, path.split('.'), restored(record[path], type));
  return row;
};
