import type { DatabaseSync } from 'node:sqlite';
import { contactCells, CONTACT_COLUMNS } from './bulkContacts.ts';
import { plainDatabase } from './plainTable.ts';

/** What an org keeps of each row besides what was sent. */
const SYSTEM_COLUMNS = [
  'OwnerId',
  'CreatedById',
  'CreatedDate',
  'LastModifiedById',
  'LastModifiedDate',
  'SystemModstamp',
];
const ROWS_PER_TRANSACTION = 200;
const NOW = '2026-11-22T00:00:00.000Z';

/** An empty table of contacts in plain node:sqlite with the indexes the twin has on its own. */
export const plainContacts = (): DatabaseSync => {
  const database = plainDatabase();
  const columns = [...CONTACT_COLUMNS, ...SYSTEM_COLUMNS].map((name) => `"${name}"`).join(', ');
  database.exec(`CREATE TABLE "Contact" ("_row" INTEGER PRIMARY KEY, "Id" NOT NULL UNIQUE, ${columns})`);
  return database;
};

/** Prepared inserts, 200 a transaction. */
export const insertPlain = (database: DatabaseSync, rows: number, accountIds: readonly string[]): number => {
  const width = 1 + CONTACT_COLUMNS.length + SYSTEM_COLUMNS.length;
  const names = ['Id', ...CONTACT_COLUMNS, ...SYSTEM_COLUMNS].map((name) => `"${name}"`).join(', ');
  const marks = Array.from({ length: width }, () => '?').join(', ');
  const statement = database.prepare(`INSERT INTO "Contact" (${names}) VALUES (${marks})`);
  for (let start = 0; start < rows; start += ROWS_PER_TRANSACTION) {
    database.exec('BEGIN');
    for (let n = start; n < Math.min(rows, start + ROWS_PER_TRANSACTION); n += 1) {
      const id = `003${String(n).padStart(15, '0')}`;
      statement.run(id, ...contactCells(n, accountIds), '005', '005', NOW, '005', NOW, NOW);
    }
    database.exec('COMMIT');
  }
  return rows;
};

const cell = (value: unknown): string => {
  const text = typeof value === 'string' ? value : '';
  return `"${text.includes('"') ? text.replaceAll('"', '""') : text}"`;
};

const LINES_AT_ONCE = 1_000;

/** A raw select to CSV text; answers its bytes. */
export const selectPlain = (database: DatabaseSync): number => {
  const statement = database.prepare(
    `SELECT "Id", ${CONTACT_COLUMNS.map((name) => `"${name}"`).join(', ')} FROM "Contact"`,
  );
  statement.setReturnArrays(true);
  let bytes = 0;
  let lines: string[] = [];
  const flush = (): void => {
    bytes += Buffer.from(lines.join('')).length;
    lines = [];
  };
  for (const row of statement.iterate() as unknown as Iterable<readonly unknown[]>) {
    lines.push(`${row.map(cell).join(',')}\n`);
    if (lines.length === LINES_AT_ONCE) flush();
  }
  flush();
  return bytes;
};
