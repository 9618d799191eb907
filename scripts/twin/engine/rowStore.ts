import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { FieldValue } from '../contract.ts';
import type { SchemaRegistry } from '../schema/definitions.ts';
import { copyDatabase } from './copyDatabase.ts';
import type { Companion } from './companion.ts';
import { createIdMint, toId18 } from './ids.ts';
import type { IdMint } from './ids.ts';
import { assigned, assignments, encode, inNeedOfRoom, withRoom } from './columnWrites.ts';
import { bind, Insertions } from './insertions.ts';
import { readRaw, stamp, type StoredRow } from './storedValues.ts';
import { addTextFunctions } from './textOrder.ts';
import { columnNamed, SETTLED_ROWS, Tables, quote, type Table } from './tables.ts';

export { stamp } from './storedValues.ts';
export type { StoredRow } from './storedValues.ts';

/** `UPDATE ${sql} SET ${sets} …`, the values bound first. */
export type Setting = { readonly sql: string; readonly sets: readonly string[]; readonly values: SQLInputValue[] };

export type RowStore = {
  readonly database: DatabaseSync;
  /** A prepared statement, kept; never iterate it lazily (`get`, `all`, `run` only). */
  statement(sql: string): StatementSync;
  tableFor(object: string): Table;
  /** Canonical names of the objects that have a table. */
  tables(): readonly string[];
  index(object: string, field: string): void;
  /** For the first rows in the order of a text field. */
  orderIndex(object: string, field: string): void;
  newId(object: string): string;
  /**
   * Writes a row as given, without any rule. Names in any case; mints `Id` and stamps CreatedDate, LastModifiedDate and
   * SystemModstamp when missing. Returns the 18-character id; throws on a field the object does not store.
   */
  insertRaw(object: string, row: Readonly<Record<string, FieldValue>>): string;
  /** The same of values in the order of `names`. */
  insertValues(object: string, names: readonly string[], given: readonly (FieldValue | undefined)[]): string;
  /** Changes exactly the named fields; false when there is no such row. */
  updateRaw(object: string, id: string, changes: Readonly<Record<string, FieldValue>>): boolean;
  /** The same for an UPDATE of many rows by own SQL. */
  setting(object: string, changes: Readonly<Record<string, FieldValue>>): Setting;
  /** Removes the row itself (no bin). */
  removeRaw(object: string, id: string): boolean;
  /** Live or in the bin (see `IsDeleted` / `isDeleted`). */
  readRow(object: string, id: string): StoredRow | undefined;
  isDeleted(object: string, id: string): boolean | undefined;
  /** Live rows whose field equals the value (text: without case). Uses an index. */
  find(object: string, field: string, value: FieldValue): readonly StoredRow[];
  /** Whether a live row has this value; reads an index only. */
  has(object: string, field: string, value: FieldValue): boolean;
  /** Live rows, in insertion order, a page at a time. */
  iterate(object: string): Iterable<StoredRow>;
  count(object: string): number;
  /** Changes whenever rows of the object may have changed: what is computed from them can be kept until then. */
  revision(object: string): number;
  /** For writes made with own SQL. */
  touched(object: string): void;
  /** All or nothing; nests. */
  transaction<T>(work: () => T): T;
  /** What is kept beside the tables goes the way of the transactions. */
  accompany<Mark>(companion: Companion<Mark>): void;
  /** A store of its own with the same rows, ids going on from here. TwinError SERVER_UNAVAILABLE amid a statement. */
  copy(registry: SchemaRegistry, clock: { now(): number }): RowStore;
  close(): void;
};

const pageSize = 500;
const maxStatements = 2000;
const maxStates = 10_000;

/** Rows in memory, one table per object; the only place that writes tables. */
class SqliteRowStore implements RowStore {
  readonly database: DatabaseSync;
  readonly #tables: Tables;
  readonly #clock: { now(): number };
  readonly #mint: IdMint;
  readonly #statements = new Map<string, StatementSync>();
  readonly #insertions: Insertions;
  readonly #rows = new Map<string, number>();
  #lastMinted = '';
  readonly #companions: Companion<unknown>[] = [];
  readonly #writes = new Map<string, number>();
  /** Of objects whose rows are asked for again and again while they do not change. */
  readonly #states = new Map<string, { readonly revision: number; readonly known: Map<string, boolean | undefined> }>();
  #epoch = 0;
  #depth = 0;

  constructor(registry: SchemaRegistry, clock: { now(): number }, from?: { database: DatabaseSync; mint: IdMint }) {
    this.#clock = clock;
    this.database = from?.database ?? new DatabaseSync(':memory:');
    this.#mint = from?.mint ?? createIdMint();
    // rows of wide objects fill large pages better
    this.database.exec(
      'PRAGMA page_size = 16384; PRAGMA foreign_keys = OFF; PRAGMA temp_store = MEMORY; PRAGMA journal_mode = MEMORY',
    );
    this.#insertions = new Insertions(this.database);
    addTextFunctions(this.database);
    this.#tables = new Tables(this.database, registry);
  }

  statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    if (this.#statements.size >= maxStatements) this.#statements.clear();
    const statement = this.database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  tableFor(object: string): Table {
    return this.#tables.tableFor(object);
  }

  tables(): readonly string[] {
    return this.#tables.existing();
  }

  index(object: string, field: string): void {
    this.#tables.index(object, field);
  }

  orderIndex(object: string, field: string): void {
    this.#tables.orderIndex(object, field);
  }

  newId(object: string): string {
    const prefix = this.tableFor(object).object.keyPrefix;
    if (prefix === null) throw new Error(`${object} has no key prefix`);
    this.#lastMinted = this.#mint.next(prefix);
    return this.#lastMinted;
  }

  insertRaw(object: string, row: Readonly<Record<string, FieldValue>>): string {
    return this.insertValues(object, Object.keys(row), Object.values(row));
  }

  insertValues(object: string, names: readonly string[], given: readonly (FieldValue | undefined)[]): string {
    let table = this.tableFor(object);
    const number = this.#nextRow(table);
    if (number >= SETTLED_ROWS && !table.settled) table = this.#tables.settle(table);
    const now = stamp(this.#clock.now());
    let insertion = this.#insertions.of(table, names);
    let bound = bind(given, insertion, now);
    if (bound === undefined) {
      const row = Object.fromEntries(names.map((name, index) => [name, given[index] ?? null]));
      table = this.#tables.keep(table, inNeedOfRoom(table, row));
      insertion = this.#insertions.of(table, names);
      bound = bind(given, insertion, now) ?? insertion.plain;
    }
    const id = this.#idFor(table, given[insertion.idAt]);
    bound.values[insertion.idPlace] = id;
    bound.values[insertion.idPlace + 1] = number;
    this.touched(table.object.name);
    bound.statement.run(...bound.values);
    return id;
  }

  /** Row numbers only grow, also past rows that were purged or rolled back. */
  #nextRow(table: Table): number {
    const { name } = table.object;
    const last =
      this.#rows.get(name) ??
      Number(this.statement(`SELECT MAX("_row") AS last FROM ${table.sql}`).get()?.['last'] ?? 0);
    this.#rows.set(name, last + 1);
    return last + 1;
  }

  #idFor(table: Table, given: FieldValue | undefined): string {
    if (typeof given !== 'string') return this.newId(table.object.name);
    if (given === this.#lastMinted) return given;
    const id = toId18(given) ?? given;
    this.#mint.seen(id);
    return id;
  }

  updateRaw(object: string, id: string, changes: Readonly<Record<string, FieldValue>>): boolean {
    const { sql, sets, values } = this.setting(object, changes);
    if (sets.length === 0) return this.isDeleted(object, id) !== undefined;
    this.touched(this.tableFor(object).object.name);
    return this.statement(`UPDATE ${sql} SET ${sets.join(', ')} WHERE "Id" = ?`).run(...values, id).changes === 1;
  }

  setting(object: string, changes: Readonly<Record<string, FieldValue>>): Setting {
    const known = this.tableFor(object);
    const table = this.#tables.keep(known, inNeedOfRoom(known, changes));
    const written = withRoom(table, changes);
    return { sql: table.sql, sets: assignments(table, Object.keys(written)), values: assigned(table, written) };
  }

  removeRaw(object: string, id: string): boolean {
    const table = this.tableFor(object);
    this.touched(table.object.name);
    return this.statement(`DELETE FROM ${table.sql} WHERE "Id" = ?`).run(id).changes === 1;
  }

  readRow(object: string, id: string): StoredRow | undefined {
    const table = this.tableFor(object);
    const raw = this.statement(`SELECT ${table.list} FROM ${table.sql} WHERE "Id" = ?`).get(id);
    return raw === undefined ? undefined : readRaw(table, raw);
  }

  isDeleted(object: string, id: string): boolean | undefined {
    const { name } = this.tableFor(object).object;
    const revision = this.revision(name);
    let states = this.#states.get(name);
    if (states?.revision !== revision || states.known.size > maxStates) {
      states = { revision, known: new Map() };
      this.#states.set(name, states);
    }
    if (states.known.has(id)) return states.known.get(id);
    const state = this.#readState(name, id);
    states.known.set(id, state);
    return state;
  }

  #readState(object: string, id: string): boolean | undefined {
    const raw = this.statement(`SELECT "_deleted" AS d FROM ${this.tableFor(object).sql} WHERE "Id" = ?`).get(id);
    return raw === undefined ? undefined : raw['d'] === 1;
  }

  find(object: string, field: string, value: FieldValue): readonly StoredRow[] {
    const table = this.tableFor(object);
    const column = columnNamed(table, field);
    this.index(object, field);
    const exact = column.field.type === 'reference' || column.field.type === 'id' || column.field.caseSensitive;
    const test = exact || typeof value !== 'string' ? `${column.sql} IS ?` : `${column.sql} = ? COLLATE NOCASE`;
    return this.statement(`SELECT ${table.list} FROM ${table.sql} WHERE ${test} AND "_deleted" = 0 ORDER BY rowid`)
      .all(encode(value))
      .map((raw) => readRaw(table, raw));
  }

  has(object: string, field: string, value: FieldValue): boolean {
    const table = this.tableFor(object);
    const column = columnNamed(table, field);
    this.index(object, field);
    const sql = `SELECT 1 AS yes FROM ${table.sql} WHERE ${column.sql} IS ? AND "_deleted" = 0 LIMIT 1`;
    return this.statement(sql).get(encode(value)) !== undefined;
  }

  *iterate(object: string): Iterable<StoredRow> {
    let after = -1;
    for (;;) {
      const table = this.tableFor(object);
      const page = this.statement(
        `SELECT "_row", ${table.list} FROM ${table.sql} WHERE rowid > ? AND "_deleted" = 0 ORDER BY rowid LIMIT ${pageSize}`,
      ).all(after);
      for (const raw of page) {
        after = Number(raw['_row']);
        yield readRaw(table, raw);
      }
      if (page.length < pageSize) return;
    }
  }

  count(object: string): number {
    const sql = `SELECT COUNT(*) AS n FROM ${this.tableFor(object).sql} WHERE "_deleted" = 0`;
    return Number(this.statement(sql).get()?.['n']);
  }

  revision(object: string): number {
    return this.#epoch + (this.#writes.get(object) ?? 0);
  }

  touched(object: string): void {
    this.#writes.set(object, (this.#writes.get(object) ?? 0) + 1);
  }

  transaction<T>(work: () => T): T {
    const name = quote(`t${this.#depth}`);
    const alterations = this.#tables.alterations;
    this.statement(`SAVEPOINT ${name}`).run();
    this.#depth += 1;
    const marks = this.#companions.map((companion) => companion.mark());
    try {
      const result = work();
      if (this.#depth === 1) for (const companion of this.#companions) companion.commit();
      this.statement(`RELEASE ${name}`).run();
      return result;
    } catch (error) {
      this.statement(`ROLLBACK TO ${name}`).run();
      this.statement(`RELEASE ${name}`).run();
      this.#companions.forEach((companion, index) => {
        companion.undo(marks[index]);
      });
      this.#epoch += 1;
      if (this.#tables.alterations !== alterations) this.#tables.forget();
      throw error;
    } finally {
      this.#depth -= 1;
    }
  }

  accompany<Mark>(companion: Companion<Mark>): void {
    this.#companions.push(companion as Companion<unknown>);
  }

  copy(registry: SchemaRegistry, clock: { now(): number }): RowStore {
    return new SqliteRowStore(registry, clock, { database: copyDatabase(this.database), mint: this.#mint.copy() });
  }

  close(): void {
    this.database.close();
  }
}

/** A fresh, empty store whose tables follow the registry. */
export const createRowStore = (registry: SchemaRegistry, clock: { now(): number }): RowStore =>
  new SqliteRowStore(registry, clock);
