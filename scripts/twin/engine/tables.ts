import type { DatabaseSync } from 'node:sqlite';
import { TwinError } from '../contract.ts';
import type { FieldDefinition, ObjectDefinition, SchemaRegistry } from '../schema/definitions.ts';
import { addColumn, columnsOf, createTable, dropEmpty, layoutOf, makeReal, quote, standAlone } from './tableLayout.ts';
import type { Column, Layout } from './tableLayout.ts';

/** One object's table: rows carry `_deleted` (0 live, 1 in the bin) and `_batch` (what was deleted together). */
export type Table = {
  readonly object: ObjectDefinition;
  /** Quoted for SQL. */
  readonly sql: string;
  /** By field name, canonical and in lower case. */
  readonly columns: ReadonlyMap<string, Column>;
  readonly ordered: readonly Column[];
  /** All columns, for SELECT. */
  readonly list: string;
  /** So many rows that columns without a value were taken out, or are kept out from now on. */
  readonly settled: boolean;
};

/** Compounds are built from their components, formulas are never stored, bytes live in a table of their own. */
export const isStored = (field: FieldDefinition): boolean =>
  field.type !== 'address' && field.type !== 'location' && field.type !== 'base64' && field.formula === undefined;

/** From so many rows on it is known which columns an org uses. */
export const SETTLED_ROWS = 1_000;

const alterTable = (database: DatabaseSync, table: Table, layout: Layout): void => {
  const wanted = new Set(table.ordered.map((column) => column.field.name.toLowerCase()));
  const leaves = (name: string): boolean => !name.startsWith('_') && !wanted.has(name);
  for (const column of table.ordered) {
    if (column.follows !== undefined && leaves(column.follows.name.toLowerCase()))
      standAlone(database, table.sql, column);
  }
  const existing = [...layout.real, ...layout.computed];
  for (const name of existing.filter(leaves)) {
    dropIndexes(database, table.object.name, name);
    database.exec(`ALTER TABLE ${table.sql} DROP COLUMN ${quote(name)}`);
    if (layout.real.has(`_${name}`)) database.exec(`ALTER TABLE ${table.sql} DROP COLUMN ${quote(`_${name}`)}`);
  }
  const present = new Set(existing);
  for (const column of table.ordered) {
    if (column.sql === '"_deleted"' || present.has(column.field.name.toLowerCase())) continue;
    addColumn(database, table.sql, column);
  }
};

const exactTypes = new Set<FieldDefinition['type']>([
  ...(['id', 'reference', 'boolean', 'int', 'long', 'double', 'currency', 'percent'] as const),
  ...(['date', 'datetime', 'time'] as const),
]);

/** Whether values are compared without case; an index serves only comparisons of its own kind. */
const foldsCase = (field: FieldDefinition): boolean => !field.caseSensitive && !exactTypes.has(field.type);

const indexName = (object: string, field: string): string => `i_${object}_${field}`.toLowerCase();

const orderName = (object: string, field: string): string => `o_${object}_${field}`.toLowerCase();

export { quote } from './tableLayout.ts';
export type { Column } from './tableLayout.ts';

const dropIndexes = (database: DatabaseSync, object: string, field: string): void => {
  for (const name of [indexName, orderName]) database.exec(`DROP INDEX IF EXISTS ${quote(name(object, field))}`);
};

const tableOf = (object: ObjectDefinition, ordered: readonly Column[], settled: boolean): Table => {
  const columns = new Map(
    ordered.flatMap((column) => [
      [column.field.name.toLowerCase(), column] as const,
      [column.field.name, column] as const,
    ]),
  );
  return { object, sql: quote(object.name), columns, ordered, list: ordered.map(({ sql }) => sql).join(', '), settled };
};

/** The column of a field, in any case; throws when the object does not store it. */
export const columnNamed = (table: Table, name: string): Column => {
  const column = table.columns.get(name) ?? table.columns.get(name.toLowerCase());
  if (column === undefined) throw new Error(`${table.object.name} stores no field ${name}`);
  return column;
};

/** Tables follow the registry lazily: a table is brought up to date when next asked for. */
export class Tables {
  readonly #database: DatabaseSync;
  readonly #registry: SchemaRegistry;
  #version = -1;
  /** By object name, canonical and in lower case. */
  #ready = new Map<string, Table>();
  readonly #indexed = new Set<string>();
  #alterations = 0;

  constructor(database: DatabaseSync, registry: SchemaRegistry) {
    this.#database = database;
    this.#registry = registry;
  }

  /** The object's table, created or altered to what the registry says now. TwinError INVALID_TYPE when unknown. */
  tableFor(name: string): Table {
    if (this.#registry.version !== this.#version) {
      this.#version = this.#registry.version;
      this.#reconcile();
    }
    const known = this.#ready.get(name) ?? this.#ready.get(name.toLowerCase());
    return known ?? this.#remember(this.#build(name));
  }

  /** What was removed from the schema loses its data at once, not when next asked for. */
  #reconcile(): void {
    this.#indexed.clear();
    for (const name of this.existing()) {
      const object = this.#registry.object(name);
      if (object === undefined) {
        this.#alterations += 1;
        this.#database.exec(`DROP TABLE ${quote(name)}`);
        this.#ready.delete(name);
        this.#ready.delete(name.toLowerCase());
      } else if (this.#ready.get(name)?.object !== object) {
        this.#remember(this.#build(name));
      }
    }
  }

  #build(name: string): Table {
    const object = this.#registry.object(name);
    if (object === undefined) throw new TwinError('INVALID_TYPE', `sObject type '${name}' is not supported.`);
    const layout = layoutOf(this.#database, object.name);
    const isNew = layout.real.size === 0;
    this.#alterations += 1;
    if (isNew) {
      const table = tableOf(object, columnsOf(object.fields.filter(isStored)), false);
      createTable(this.#database, table.sql, table.ordered);
      return table;
    }
    const settled = this.#isSettled(object.name);
    alterTable(this.#database, tableOf(object, this.#columns(object, layout, settled), settled), layout);
    return this.#read(object, settled);
  }

  #isSettled(name: string): boolean {
    const last = this.#database.prepare(`SELECT MAX("_row") AS last FROM ${quote(name)}`).get()?.['last'];
    return Number(last ?? 0) >= SETTLED_ROWS;
  }

  #columns(object: ObjectDefinition, layout: Layout, settled: boolean): readonly Column[] {
    const columns = columnsOf(object.fields.filter(isStored), layout);
    if (!settled) return columns;
    return columns.map((column) =>
      layout.real.has(column.field.name.toLowerCase()) || column.follows !== undefined || column.sql === '"_deleted"'
        ? column
        : { ...column, stored: false },
    );
  }

  /** The table as it now is in the database. */
  #read(object: ObjectDefinition, settled: boolean): Table {
    return tableOf(object, columnsOf(object.fields.filter(isStored), layoutOf(this.#database, object.name)), settled);
  }

  /** The table after its empty columns were taken out. */
  settle(table: Table): Table {
    dropEmpty(this.#database, table.object.name, table.ordered);
    return this.#changed(this.#read(table.object, true));
  }

  /** The table with columns for these fields' own values. */
  keep(table: Table, names: readonly string[]): Table {
    const columns = names.map((name) => columnNamed(table, name)).filter((column) => !column.stored);
    if (columns.length === 0) return table;
    for (const column of columns) makeReal(this.#database, table.sql, column);
    return this.#changed(this.#read(table.object, table.settled));
  }

  #changed(table: Table): Table {
    this.#alterations += 1;
    return this.#remember(table);
  }

  #remember(table: Table): Table {
    const { name } = table.object;
    this.#ready.set(name, table);
    this.#ready.set(name.toLowerCase(), table);
    return table;
  }

  /** Grows with every table or index made or checked; a rollback that spans a change must `forget`. */
  get alterations(): number {
    return this.#alterations;
  }

  /** Every table that exists, canonical object names. */
  existing(): readonly string[] {
    return this.#database
      .prepare(
        `SELECT name FROM sqlite_schema WHERE type = 'table' AND substr(name, 1, 1) <> '_' AND substr(name, 1, 7) <> 'sqlite_'`,
      )
      .all()
      .map((row) => String(row['name']));
  }

  /** Creates the index that answers `field = value`, once. */
  index(object: string, field: string): void {
    this.#create(object, field, indexName, ({ field: of, sql }) => (foldsCase(of) ? `${sql} COLLATE NOCASE` : sql));
  }

  /** Creates the index that answers the first rows in the order of a text, once. */
  orderIndex(object: string, field: string): void {
    this.#create(object, field, orderName, ({ sql }) => `order_key(${sql})`);
  }

  #create(
    object: string,
    field: string,
    named: (object: string, field: string) => string,
    expression: (column: Column) => string,
  ): void {
    const table = this.tableFor(object);
    const column = table.columns.get(field.toLowerCase());
    if (column === undefined || column.field.name === 'Id') return;
    if (!column.stored) this.keep(table, [column.field.name]);
    const name = named(table.object.name, column.field.name);
    if (this.#indexed.has(name)) return;
    this.#database.exec(`CREATE INDEX IF NOT EXISTS ${quote(name)} ON ${table.sql} (${expression(column)})`);
    this.#alterations += 1;
    this.#indexed.add(name);
  }

  /** Forgets what was seen, after a rollback may have undone table changes. */
  forget(): void {
    this.#version = -1;
    this.#ready = new Map();
    this.#indexed.clear();
  }
}
