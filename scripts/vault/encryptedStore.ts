import Database from 'libsql';
import { soqlName } from '../kernel/soql.ts';
import type { EncryptedStore, StoreTable, StoreValue } from './port.ts';

const ROWS_PER_STATEMENT = 100;
/** SQLite's own limit of bound values; a row of a wide object alone may have many hundreds. */
const SQL_VARIABLES = 32_766;
const ROWS_PER_TRANSACTION = 10_000;

/** libsql has these options, its types do not. */
type EncryptedOptions = Database.Options & { readonly encryptionCipher: string; readonly encryptionKey: string };

const name = (text: string): string => `"${soqlName(text)}"`;

const insertStatement = (table: string, columns: readonly string[], rows: number): string => {
  const row = `(${columns.map(() => '?').join(',')})`;
  return `INSERT INTO ${name(table)} (${columns.map(name).join(',')}) VALUES ${Array<string>(rows).fill(row).join(',')}`;
};

function* inGroups<T>(rows: Iterable<T>, size: number): Iterable<readonly T[]> {
  let group: T[] = [];
  for (const row of rows) {
    group.push(row);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

type Prepare = (sql: string) => Database.Statement;

/** Insert statements that are kept ready: a statement that is left behind holds the values of its last rows for long. */
const MOST_PREPARED = 30;

const preparedIn = (database: Database.Database): Prepare => {
  const ready = new Map<string, Database.Statement>();
  return (sql) => {
    const known = ready.get(sql);
    if (known !== undefined) return known;
    if (ready.size >= MOST_PREPARED) ready.clear();
    const made = database.prepare(sql);
    ready.set(sql, made);
    return made;
  };
};

const insertInto = (
  { database, prepare }: { readonly database: Database.Database; readonly prepare: Prepare },
  table: string,
  columns: readonly string[],
  rows: Iterable<readonly StoreValue[]>,
): number => {
  const size = Math.max(1, Math.min(ROWS_PER_STATEMENT, Math.floor(SQL_VARIABLES / columns.length)));
  const full = insertStatement(table, columns, size);
  let written = 0;
  for (const batch of inGroups(rows, ROWS_PER_TRANSACTION)) {
    database.transaction(() => {
      for (const group of inGroups(batch, size)) {
        const sql = group.length === size ? full : insertStatement(table, columns, group.length);
        prepare(sql).run(group.flat());
      }
    })();
    written += batch.length;
  }
  return written;
};

const PRAGMAS = [
  // first: two processes may open a store at once
  'busy_timeout = 10000',
  'journal_mode = WAL',
  'temp_store = MEMORY',
  'secure_delete = ON',
  'synchronous = NORMAL',
];

/** Of a store that is only there while this process works: nobody opens it again, and its key goes with it. */
const TEMPORARY_PRAGMAS = ['journal_mode = OFF', 'synchronous = OFF', 'secure_delete = OFF'];

/** The engine itself, for the vault's own stores. */
export const openDatabase = (path: string, key: Uint8Array): Database.Database => {
  // libsql takes an empty key as "no encryption", without a word.
  if (key.length !== 32) throw new RangeError('an encrypted store needs a key of 32 bytes');
  const options: EncryptedOptions = {
    encryptionCipher: 'aes256cbc',
    encryptionKey: Buffer.from(key).toString('hex'),
  };
  const database = new Database(path, options);
  for (const pragma of PRAGMAS) database.pragma(pragma);
  return database;
};

/** Opens (or makes) an encrypted SQL store at `path`; temporary tables stay in memory, deleted content is overwritten. */
export const openEncryptedStore = (path: string, key: Uint8Array, isTemporary = false): EncryptedStore => {
  const database = openDatabase(path, key);
  const prepare = preparedIn(database);
  if (isTemporary) for (const pragma of TEMPORARY_PRAGMAS) database.pragma(pragma);
  return {
    create: (table: StoreTable) => {
      const columns = Object.entries(table.columns).map(([column, type]) => `${name(column)} ${type}`);
      database.exec(`CREATE TABLE ${name(table.name)} (${columns.join(', ')})`);
    },
    insert: (table, columns, rows) => insertInto({ database, prepare }, table, columns, rows),
    read: (sql, parameters = []) =>
      database.prepare(sql).iterate([...parameters]) as Iterable<Readonly<Record<string, StoreValue>>>,
    run: (sql, parameters = []) => {
      database.prepare(sql).run([...parameters]);
    },
    flush: () => {
      database.pragma('wal_checkpoint(FULL)');
    },
    close: () => {
      database.close();
    },
  };
};
