import type { DatabaseSync } from 'node:sqlite';
import type { FieldDefinition } from '../schema/definitions.ts';

export type Column = {
  readonly field: FieldDefinition;
  /** Quoted for SQL. */
  readonly sql: string;
  readonly boolean: boolean;
  /** False: no row has had a value of its own so far, and rows take no room for it. */
  readonly stored: boolean;
  /** The field whose value it has until it gets one of its own, which then is kept in `own`. */
  readonly follows?: { readonly name: string; readonly own: string };
};

export const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/**
 * A row that nobody else touched repeats its creation: whom and when. Such values are kept once, until they differ.
 */
const FOLLOWERS: ReadonlyMap<string, string> = new Map([
  ['LastModifiedDate', 'CreatedDate'],
  ['SystemModstamp', 'CreatedDate'],
  ['LastModifiedById', 'CreatedById'],
  ['OwnerId', 'CreatedById'],
]);

/** Given by the store and never twice, so that a query still being read cannot meet another row in a purged one's place. */
const rowNumber = '"_row" INTEGER PRIMARY KEY';

/** What is in the database of a table's columns, in lower case: real ones, and those that are only computed. */
export type Layout = { readonly real: ReadonlySet<string>; readonly computed: ReadonlySet<string> };

const VIRTUAL = 2;

/** https://sqlite.org/pragma.html#pragma_table_xinfo */
export const layoutOf = (database: DatabaseSync, table: string): Layout => {
  const real = new Set<string>();
  const computed = new Set<string>();
  for (const { name, hidden } of database.prepare('SELECT name, hidden FROM pragma_table_xinfo(?)').all(table)) {
    (hidden === VIRTUAL ? computed : real).add(String(name).toLowerCase());
  }
  return { real, computed };
};

/** The columns of fields as a fresh table has them, or as `layout` says they are. */
export const columnsOf = (fields: readonly FieldDefinition[], layout?: Layout): readonly Column[] => {
  const names = new Set(fields.map(({ name }) => name));
  return fields.map((field) => {
    const column = {
      field,
      sql: field.name === 'IsDeleted' ? '"_deleted"' : quote(field.name),
      boolean: field.type === 'boolean',
    };
    const base = FOLLOWERS.get(field.name);
    const follows = layout === undefined ? names.has(base ?? '') : layout.real.has(`_${field.name}`.toLowerCase());
    if (base !== undefined && follows)
      return { ...column, stored: true, follows: { name: base, own: quote(`_${field.name}`) } };
    return { ...column, stored: layout?.computed.has(field.name.toLowerCase()) !== true };
  });
};

/** A checkbox nobody set is unticked; SQLite fills it in, so that rows need not bring hundreds of them. */
const realColumn = ({ field, sql, boolean }: Column): string => {
  if (field.name === 'Id') return '"Id" NOT NULL UNIQUE';
  return boolean ? `${sql} DEFAULT 0` : sql;
};

/** Columns without a value take no byte of a row. https://sqlite.org/gencol.html */
const emptyColumn = ({ sql, boolean }: Column): string =>
  `${sql} GENERATED ALWAYS AS (${boolean ? '0' : 'NULL'}) VIRTUAL`;

/** 0 stands for an empty value of its own. */
const following = (column: Column, { name, own }: { readonly name: string; readonly own: string }): string =>
  `${column.sql} GENERATED ALWAYS AS (CASE WHEN ${own} IS NULL THEN ${quote(name)} ELSE nullif(${own}, 0) END) VIRTUAL`;

/** @param table quoted. */
export const createTable = (database: DatabaseSync, table: string, columns: readonly Column[]): void => {
  const shown = columns.filter((column) => column.sql !== '"_deleted"');
  const real = shown.filter((column) => column.stored);
  const first = real.map((column) => column.follows?.own ?? realColumn(column));
  const last = shown.flatMap((column) => {
    if (!column.stored) return [emptyColumn(column)];
    return column.follows === undefined ? [] : [following(column, column.follows)];
  });
  const all = [rowNumber, ...first, '"_deleted" NOT NULL DEFAULT 0', '"_batch"', ...last];
  database.exec(`CREATE TABLE ${table} (${all.join(', ')})`);
};

export const addColumn = (database: DatabaseSync, table: string, column: Column): void => {
  database.exec(`ALTER TABLE ${table} ADD COLUMN ${column.stored ? realColumn(column) : emptyColumn(column)}`);
};

/** Makes a column real that was only computed; no row is written anew. */
export const makeReal = (database: DatabaseSync, table: string, column: Column): void => {
  database.exec(`ALTER TABLE ${table} DROP COLUMN ${column.sql}`);
  database.exec(`ALTER TABLE ${table} ADD COLUMN ${realColumn(column)}`);
};

/** Ends following: each row gets the value it shows. */
export const standAlone = (database: DatabaseSync, table: string, column: Column): void => {
  if (column.follows === undefined) return;
  const { own } = column.follows;
  database.exec(`UPDATE ${table} SET ${own} = ${column.sql}`);
  database.exec(`ALTER TABLE ${table} DROP COLUMN ${column.sql}`);
  database.exec(`ALTER TABLE ${table} RENAME COLUMN ${own} TO ${column.sql}`);
};

const indexesOf = (database: DatabaseSync, name: string): readonly string[] =>
  database
    .prepare(`SELECT sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL`)
    .all(name)
    .map((row) => String(row['sql']));

const isIndexed = (column: Column, indexes: readonly string[]): boolean =>
  indexes.some((sql) => sql.slice(sql.indexOf(' ON ')).includes(column.sql));

/** Columns that no row has a value in, no index reads and no other column follows. */
const emptyOf = (
  database: DatabaseSync,
  table: string,
  columns: readonly Column[],
  indexes: readonly string[],
): readonly Column[] => {
  const followed = new Set(columns.map(({ follows }) => follows?.name));
  const isPlain = ({ stored, follows, field }: Column): boolean =>
    stored && follows === undefined && !followed.has(field.name);
  const asked = columns.filter(isPlain);
  const tests = asked.map(({ sql, boolean }) => `MAX(${sql} IS NOT ${boolean ? '0' : 'NULL'})`);
  const statement = database.prepare(`SELECT ${tests.join(', ')} FROM ${table}`);
  statement.setReturnArrays(true);
  const found = statement.get() as unknown as readonly unknown[];
  return asked.filter((column, at) => found[at] === 0 && column.sql !== '"_deleted"' && !isIndexed(column, indexes));
};

/**
 * Writes a small table anew without its empty columns: of the hundreds that an object may have, rows fill a few dozen,
 * and each of the others would take a byte of every row.
 */
export const dropEmpty = (database: DatabaseSync, name: string, columns: readonly Column[]): void => {
  const table = quote(name);
  const indexes = indexesOf(database, name);
  const empty = new Set(emptyOf(database, table, columns, indexes));
  if (empty.size === 0) return;
  const kept = columns.map((column) => (empty.has(column) ? { ...column, stored: false } : column));
  const draft = quote(`_new ${name}`);
  createTable(database, draft, kept);
  const filled = kept.filter((column) => column.stored && column.sql !== '"_deleted"');
  const list = ['"_row"', ...filled.map((column) => column.follows?.own ?? column.sql), '"_deleted"', '"_batch"'].join(
    ', ',
  );
  database.exec(`INSERT INTO ${draft} (${list}) SELECT ${list} FROM ${table} ORDER BY "_row"`);
  database.exec(`DROP TABLE ${table}`);
  database.exec(`ALTER TABLE ${draft} RENAME TO ${table}`);
  for (const sql of indexes) database.exec(sql);
};
