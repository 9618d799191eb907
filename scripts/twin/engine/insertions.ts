import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Column, Table } from './tables.ts';

/** How rows with one set of names are inserted. */
export type Insertion = {
  readonly names: readonly string[];
  readonly statement: StatementSync;
  /** Where the row brings its Id; -1 when one is minted. */
  readonly idAt: number;
  /** How many stamps follow the row's own values; then come the Id and the row number. */
  readonly stamps: number;
};

const maxKept = 500;
const stamps = ['CreatedDate', 'LastModifiedDate', 'SystemModstamp'] as const;

/** The column of a field, in any case; throws when the object does not store it. */
export const columnNamed = (table: Table, name: string): Column => {
  const column = table.columns.get(name) ?? table.columns.get(name.toLowerCase());
  if (column === undefined) throw new Error(`${table.object.name} stores no field ${name}`);
  return column;
};

const sameNames = (a: readonly string[], b: readonly string[]): boolean => {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false;
  return true;
};

/** Prepared inserts by table and names; rows of a request mostly have the names of the row before. */
export class Insertions {
  readonly #database: DatabaseSync;
  readonly #known = new WeakMap<Table, Map<string, Insertion>>();
  readonly #last = new WeakMap<Table, Insertion>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  of(table: Table, names: readonly string[]): Insertion {
    const last = this.#last.get(table);
    if (last !== undefined && sameNames(last.names, names)) return last;
    const known = this.#known.get(table) ?? new Map<string, Insertion>();
    this.#known.set(table, known);
    const key = names.join(',');
    const insertion = known.get(key) ?? this.#prepare(table, names);
    if (known.size >= maxKept) known.clear();
    known.set(key, insertion);
    this.#last.set(table, insertion);
    return insertion;
  }

  #prepare(table: Table, names: readonly string[]): Insertion {
    const columns = names.map((name) => columnNamed(table, name));
    const own = columns.filter((column) => column.field.name !== 'Id').map((column) => column.sql);
    const added = stamps.flatMap((name) => {
      const sql = table.columns.get(name)?.sql;
      return sql === undefined || own.includes(sql) ? [] : [sql];
    });
    const all = [...own, ...added];
    const into = all.map((name) => `${name}, `).join('');
    const sql = `INSERT INTO ${table.sql} (${into}"Id", "_row") VALUES (${'?, '.repeat(all.length)}?, ?)`;
    return {
      names: [...names],
      statement: this.#database.prepare(sql),
      idAt: columns.findIndex((column) => column.field.name === 'Id'),
      stamps: added.length,
    };
  }
}
