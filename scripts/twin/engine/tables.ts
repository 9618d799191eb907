import type { DatabaseSync } from 'node:sqlite';
import { TwinError } from '../contract.ts';
import type { FieldDefinition, ObjectDefinition, SchemaRegistry } from '../schema/definitions.ts';

export type Column = {
  readonly field: FieldDefinition;
  /** Quoted for SQL. */
  readonly sql: string;
  readonly boolean: boolean;
};

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
};

export const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Compounds are built from their components, formulas are never stored, bytes live in a table of their own. */
export const isStored = (field: FieldDefinition): boolean =>
  field.type !== 'address' && field.type !== 'location' && field.type !== 'base64' && field.formula === undefined;

const columnOf = (field: FieldDefinition): Column => ({
  field,
  sql: field.name === 'IsDeleted' ? '"_deleted"' : quote(field.name),
  boolean: field.type === 'boolean',
});

const existingColumns = (database: DatabaseSync, name: string): Set<string> => {
  const rows = database.prepare('SELECT name FROM pragma_table_info(?)').all(name);
  return new Set(rows.map((row) => String(row['name'])));
};

/** A checkbox nobody set is unticked; SQLite fills it in, so that rows need not bring hundreds of them. */
const declaration = (column: Column): string => {
  if (column.field.name === 'Id') return '"Id" NOT NULL UNIQUE';
  return column.boolean ? `${column.sql} DEFAULT 0` : column.sql;
};

/** Given by the store and never twice, so that a query still being read cannot meet another row in a purged one's place. */
const rowNumber = '"_row" INTEGER PRIMARY KEY';

const createTable = (database: DatabaseSync, table: Table): void => {
  const columns = table.ordered.filter((column) => column.sql !== '"_deleted"').map(declaration);
  database.exec(
    `CREATE TABLE ${table.sql} (${[rowNumber, ...columns, '"_deleted" NOT NULL DEFAULT 0', '"_batch"'].join(', ')})`,
  );
};

const alterTable = (database: DatabaseSync, table: Table, existing: ReadonlySet<string>): void => {
  const wanted = new Set(table.ordered.map((column) => column.field.name.toLowerCase()));
  const present = new Set([...existing].map((name) => name.toLowerCase()));
  for (const name of existing) {
    if (name.startsWith('_') || wanted.has(name.toLowerCase())) continue;
    dropIndexes(database, table.object.name, name);
    database.exec(`ALTER TABLE ${table.sql} DROP COLUMN ${quote(name)}`);
  }
  for (const column of table.ordered) {
    if (column.sql === '"_deleted"' || present.has(column.field.name.toLowerCase())) continue;
    database.exec(`ALTER TABLE ${table.sql} ADD COLUMN ${declaration(column)}`);
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

const dropIndexes = (database: DatabaseSync, object: string, field: string): void => {
  for (const name of [indexName, orderName]) database.exec(`DROP INDEX IF EXISTS ${quote(name(object, field))}`);
};

/** Tables follow the registry lazily: a table is brought up to date when next asked for. */
export class Tables {
  readonly #database: DatabaseSync;
  readonly #registry: SchemaRegistry;
  #version = -1;
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
    const key = name.toLowerCase();
    const known = this.#ready.get(key);
    if (known !== undefined) return known;
    const table = this.#build(name);
    this.#ready.set(key, table);
    return table;
  }

  /** What was removed from the schema loses its data at once, not when next asked for. */
  #reconcile(): void {
    this.#indexed.clear();
    for (const name of this.existing()) {
      const object = this.#registry.object(name);
      const key = name.toLowerCase();
      if (object === undefined) {
        this.#alterations += 1;
        this.#database.exec(`DROP TABLE ${quote(name)}`);
        this.#ready.delete(key);
      } else if (this.#ready.get(key)?.object !== object) {
        this.#ready.set(key, this.#build(name));
      }
    }
  }

  #build(name: string): Table {
    const object = this.#registry.object(name);
    if (object === undefined) throw new TwinError('INVALID_TYPE', `sObject type '${name}' is not supported.`);
    const ordered = object.fields.filter(isStored).map(columnOf);
    const columns = new Map(
      ordered.flatMap((column) => [
        [column.field.name.toLowerCase(), column] as const,
        [column.field.name, column] as const,
      ]),
    );
    const list = ordered.map((column) => column.sql).join(', ');
    const table: Table = { object, sql: quote(object.name), columns, ordered, list };
    const existing = existingColumns(this.#database, object.name);
    this.#alterations += 1;
    if (existing.size === 0) createTable(this.#database, table);
    else alterTable(this.#database, table, existing);
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
