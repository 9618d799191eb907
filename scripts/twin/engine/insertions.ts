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

/** A statement with room for what it takes: a row's own values, stamps, Id and row number, then what differs from what it follows. */
type Bound = { readonly statement: StatementSync; readonly values: SQLInputValue[] };

/** How rows with one set of names are inserted. */
export type Insertion = {
  readonly names: readonly string[];
  /** For rows of which everything is what it follows, as in those nobody touched yet. */
  readonly plain: Bound;
  /** For the others; made when first needed. */
  readonly whole: () => Bound;
  /** Where the row brings its Id; -1 when one is minted. */
  readonly idAt: number;
  /** For each name one of the above, or where the row brings what the name follows. */
  readonly how: readonly number[];
  /** Which of the names follow another. */
  readonly followers: readonly number[];
  /** Where the Id is bound, before the row number; stamps are before it. */
  readonly idPlace: number;
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

/** A row's values in the order of the names it was prepared for. */
type Given = readonly (FieldValue | undefined)[];

const followed = (given: Given, at: number, now: string): SQLInputValue => {
  if (at === FOLLOWS_STAMP) return now;
  return at === FOLLOWS_NOTHING ? null : bindable(given[at]);
};

const isFollower = (kind: number): boolean => kind >= 0 || kind === FOLLOWS_NOTHING || kind === FOLLOWS_STAMP;

/** Binds the row's own values; false when one of them has no column yet. */
const bindOwn = (given: Given, { how, plain }: Insertion): boolean => {
  let place = 0;
  for (let index = 0; index < how.length; index += 1) {
    const kind = how[index] ?? BOUND;
    if (kind === BOUND) {
      plain.values[place] = bindable(given[index]);
      place += 1;
    } else if (kind === EMPTY || kind === UNTICKED) {
      if (bindable(given[index]) !== (kind === EMPTY ? null : 0)) return false;
    }
  }
  return true;
};

/** What the statement to run takes, without Id and row number; undefined when one of the values has no column yet. */
export const bind = (given: Given, insertion: Insertion, now: string): Bound | undefined => {
  const { how, plain, whole, followers, idPlace, stamps: count } = insertion;
  if (!bindOwn(given, insertion)) return undefined;
  for (let place = idPlace - count; place < idPlace; place += 1) plain.values[place] = now;
  const own = (at: number): SQLInputValue =>
    ownValue(bindable(given[at]), followed(given, how[at] ?? FOLLOWS_NOTHING, now));
  if (followers.every((at) => own(at) === null)) return plain;
  const { statement, values } = whole();
  for (let place = 0; place < idPlace; place += 1) values[place] = plain.values[place] ?? null;
  followers.forEach((at, index) => {
    values[idPlace + 2 + index] = own(at);
  });
  return { statement, values };
};

const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => (made ??= make());
};

const columnName = ({ sql, follows }: Column): string => follows?.own ?? sql;

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
    const how = columns.map((column) => howOf(column, fields, stampsCreation));
    const own = columns.filter((_, index) => how[index] === BOUND);
    const added = stamps.flatMap((name) => {
      const column = table.columns.get(name);
      // what follows its creation is stamped with it
      return column === undefined || fields.includes(name) || (column.follows !== undefined && stampsCreation)
        ? []
        : [column];
    });
    const followers = [...how.keys()].filter((index) => isFollower(how[index] ?? BOUND));
    const bound = [...[...own, ...added].map(columnName), '"Id"', '"_row"'];
    const following = followers.flatMap((index) => columns.slice(index, index + 1)).map(columnName);
    const empty = emptied(table, fields);
    return {
      names: [...names],
      plain: this.#bound(table, bound, empty),
      whole: once(() => this.#bound(table, [...bound, ...following], empty)),
      idAt: fields.indexOf('Id'),
      how,
      followers,
      idPlace: bound.length - 2,
      stamps: added.length,
    };
  }

  /** @param empty columns that get an empty value of their own. */
  #bound(table: Table, names: readonly string[], empty: readonly string[]): Bound {
    const marks = [...names.map(() => '?'), ...empty.map(() => '0')].join(', ');
    const sql = `INSERT INTO ${table.sql} (${[...names, ...empty].join(', ')}) VALUES (${marks})`;
    return { statement: this.#database.prepare(sql), values: names.map(() => null) };
  }
}
