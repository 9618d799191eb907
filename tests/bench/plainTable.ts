import { DatabaseSync } from 'node:sqlite';

export type PlainRow = Readonly<Record<string, string | number | null>>;

/** Plain node:sqlite, in memory unless a path is given, with the settings the vault's stores have. */
export const plainDatabase = (path = ':memory:'): DatabaseSync => {
  const database = new DatabaseSync(path);
  for (const pragma of ['journal_mode = WAL', 'synchronous = NORMAL']) database.exec(`PRAGMA ${pragma}`);
  return database;
};

/** Makes a table; the function given back inserts rows in one transaction, one statement each. */
export const plainTable = (
  database: DatabaseSync,
  name: string,
  columns: readonly string[],
): ((rows: Iterable<PlainRow>) => void) => {
  database.exec(`CREATE TABLE "${name}" (${columns.map((column) => `"${column}"`).join(', ')})`);
  const statement = database.prepare(`INSERT INTO "${name}" VALUES (${columns.map(() => '?').join(', ')})`);
  return (rows) => {
    database.exec('BEGIN');
    for (const row of rows) statement.run(...columns.map((column) => row[column] ?? null));
    database.exec('COMMIT');
  };
};
