import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { FieldValue } from '../contract.ts';
import { ownValue } from './columnWrites.ts';
import { columnNamed, type Column, type Table } from './tables.ts';

/** How the value of one name goes into the statement: bound as it is, or not at all, or beside what it follows. */
const BOUND = -1;
const BROUGHT_LAST = -2;
/** Not kept while it is empty, while it is unticked. */
const EMPTY = -3;
const UNTICKED = -4;
/** What it follows is not brought: nothing, or stamped. */
const FOLLOWS_NOTHING = -5;
const FOLLOWS_STAMP = -6;

/** How rows with one set of names are inserted. */
export type Insertion = {
  readonly names: readonly string[];
  readonly statement: StatementSync;
  /** Where the row brings its Id; -1 when one is minted. */
  readonly idAt: number;
  /** For each name one of the above, or where the row brings what the name follows. */
  readonly how: readonly number[];
  /** How many stamps follow the row's own values; then come the Id and the row number. */
  readonly stamps: number;
};

const maxKept = 500;
const stamps: readonly string[] = ['CreatedDate', 'LastModifiedDate', 'SystemModstamp'];
const isStamp = (name: string): boolean => stamps.includes(name);

const sameNames = (a: readonly string[], b: readonly string[]): boolean => {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false;
  return true;
};

const bindable = (value: FieldValue | undefined): SQLInputValue =>
  typeof value === 'boolean' ? Number(value) : (value ?? null);

const followed = (row: Row, { names, how }: Insertion, index: number, now: string): SQLInputValue => {
  const at = how[index] ?? FOLLOWS_NOTHING;
  if (at === FOLLOWS_STAMP) return now;
  return at === FOLLOWS_NOTHING ? null : bindable(row[names[at] ?? '']);
};

type Row = Readonly<Record<string, FieldValue>>;

/** The row's own values as the statement takes them; undefined when one of them has no column yet. */
export const boundValues = (row: Row, insertion: Insertion, now: string): SQLInputValue[] | undefined => {
  const { names, how } = insertion;
  const values: SQLInputValue[] = [];
  for (let index = 0; index < names.length; index += 1) {
    const kind = how[index];
    if (kind === BROUGHT_LAST) continue;
    const value = bindable(row[names[index] ?? '']);
    if (kind === BOUND) values.push(value);
    else if (kind === EMPTY || kind === UNTICKED) {
      if (value !== (kind === EMPTY ? null : 0)) return undefined;
    } else values.push(ownValue(value, followed(row, insertion, index, now)));
  }
  return values;
};

const howOf = (column: Column, names: readonly string[], isStamped: boolean): number => {
  if (column.field.name === 'Id') return BROUGHT_LAST;
  if (!column.stored) return column.boolean ? UNTICKED : EMPTY;
  if (column.follows === undefined) return BOUND;
  const at = names.indexOf(column.follows.name);
  if (at >= 0) return at;
  return isStamped && column.follows.name === 'CreatedDate' ? FOLLOWS_STAMP : FOLLOWS_NOTHING;
};

/** What stays empty although the row brings what it follows. */
const emptied = (table: Table, fields: readonly string[]): readonly string[] =>
  table.ordered.flatMap(({ field, follows }) =>
    follows !== undefined && fields.includes(follows.name) && !fields.includes(field.name) && !isStamp(field.name)
      ? [follows.own]
      : [],
  );

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
    const fields = columns.map((column) => column.field.name);
    const stampsCreation = table.columns.has('CreatedDate') && !fields.includes('CreatedDate');
    const own = columns.filter((column) => column.stored && column.field.name !== 'Id');
    const added = stamps.flatMap((name) => {
      const column = table.columns.get(name);
      // what follows its creation is stamped with it
      return column === undefined || fields.includes(name) || (column.follows !== undefined && stampsCreation)
        ? []
        : [column];
    });
    const bound = [...own, ...added].map((column) => column.follows?.own ?? column.sql);
    const empty = emptied(table, fields);
    const into = [...bound, ...empty].map((name) => `${name}, `).join('');
    const marks = '?, '.repeat(bound.length) + '0, '.repeat(empty.length);
    const sql = `INSERT INTO ${table.sql} (${into}"Id", "_row") VALUES (${marks}?, ?)`;
    return {
      names: [...names],
      statement: this.#database.prepare(sql),
      idAt: fields.indexOf('Id'),
      how: columns.map((column) => howOf(column, fields, stampsCreation)),
      stamps: added.length,
    };
  }
}
