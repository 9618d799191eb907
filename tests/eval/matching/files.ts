import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { Row } from './labelledSet.ts';

/** A set whose files are not there: said by name, never passed over. */
export class AbsentSet extends Error {
  constructor(path: string) {
    super(`${basename(path)} is not there`);
  }
}

/** A cell, quoted or not, and what ends it. */
const CELL = /("(?:[^"]|"")*"|[^,\r\n]*)(,|\r?\n|$)/gy;

const splitLines = (text: string): string[][] => {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [all, cell = '', end] of text.matchAll(CELL)) {
    if (all === '' && row.length === 0) break;
    row.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end === ',') continue;
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  }
  return rows;
};

const present = (path: string): string => {
  if (!existsSync(path)) throw new AbsentSet(path);
  return path;
};

/** A CSV file by its header, cells trimmed. */
export const csvRows = (folder: string, ...path: readonly string[]): Row[] => {
  const [header = [], ...rows] = splitLines(readFileSync(present(join(folder, ...path)), 'utf8'));
  return rows.map((row) => Object.fromEntries(header.map((name, at) => [name.trim(), (row[at] ?? '').trim()])));
};

const words = (value: unknown): string => {
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' ? String(value) : '';
};

/** A Parquet file by its columns, values as text. */
export const parquetRows = async (folder: string, ...path: readonly string[]): Promise<Row[]> => {
  const bytes = readFileSync(present(join(folder, ...path)));
  const file = new Uint8Array(bytes).buffer;
  const rows = await parquetReadObjects({ file, compressors });
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, words(value)])));
};
