import type { SQLOutputValue } from 'node:sqlite';
import type { FieldValue } from '../contract.ts';
import type { Column, Table } from './tables.ts';

/** A stored row: canonical field names, every stored field present. */
export type StoredRow = Record<string, FieldValue>;

export const decode = (column: Column, value: SQLOutputValue | undefined): FieldValue => {
  if (value === null || value === undefined) return null;
  if (column.boolean) return value === 1;
  return value as string | number;
};

let lastSecond = Number.NaN;
let lastStamp = '';

/** An instant (ms) as stored: whole seconds, as the platform keeps them. */
export const stamp = (milliseconds: number): string => {
  const second = Math.floor(milliseconds / 1000);
  if (second !== lastSecond) {
    lastSecond = second;
    lastStamp = new Date(second * 1000).toISOString();
  }
  return lastStamp;
};

/** A row as SQLite answers it. */
export const readRaw = (table: Table, raw: Record<string, SQLOutputValue>): StoredRow => {
  const row: StoredRow = {};
  for (const column of table.ordered) {
    const name = column.field.name;
    row[name] = decode(column, raw[name === 'IsDeleted' ? '_deleted' : name]);
  }
  return row;
};
