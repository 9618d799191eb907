import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { JournalEntry } from '../contract.ts';
import { areConsecutive, consecutiveIds } from './ids.ts';
import type { RowStore } from './rowStore.ts';

/** What many changes share; kept once. */
export type JournalKind = Pick<JournalEntry, 'object' | 'change' | 'cause' | 'fields' | 'user'>;

/** Changes that followed one another in one transaction, column by column. */
export type JournalBlock = {
  readonly first: number;
  readonly transaction: number;
  readonly ids: readonly string[];
  /** Numbers of `JournalTables.kindOf`. */
  readonly kinds: readonly number[];
  readonly because: readonly (string | undefined)[];
};

export type JournalTables = {
  /** The number a kind goes by. */
  kindOf(kind: JournalKind): number;
  kind(number: number): JournalKind;
  add(block: JournalBlock): void;
  /** Blocks that reach past `since`, in order, a page at a time. */
  blocks(since: number): Iterable<JournalBlock>;
  last(): { readonly sequence: number; readonly transaction: number };
};

const blocksPerPage = 20;
/** Small enough for positions of two bytes. */
export const entriesPerBlock = 1_000;

const schema = `
  CREATE TABLE IF NOT EXISTS "_journal_kind" (kind INTEGER PRIMARY KEY, content NOT NULL);
  CREATE TABLE IF NOT EXISTS "_journal" (first INTEGER PRIMARY KEY, count NOT NULL, tx NOT NULL, ids NOT NULL, kinds NOT NULL, because NOT NULL, others NOT NULL)`;

/** Reasons as numbers: 0 none, n the nth id of the block, -n the nth of `others`. */
const packReasons = ({ ids, because }: JournalBlock): { readonly places: Int16Array; readonly others: string[] } => {
  const places = new Int16Array(ids.length);
  const others: string[] = [];
  let last = 0;
  because.forEach((reason, index) => {
    if (reason === undefined) return;
    // most often the reason of the entry before, or the one after that
    if (reason === because[index - 1]) last = places[index - 1] ?? 0;
    else if (last >= 0 && reason === ids[last]) last += 1;
    else last = ids.lastIndexOf(reason, index) + 1 || -others.push(reason);
    places[index] = last;
  });
  return { places, others };
};

const bytesOf = (array: Int16Array | Uint32Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/** From so many entries on a block is packed: their ids follow each other, so that little is left of them. */
const worthPacking = 100;

type Stored = { readonly ids: string | Uint8Array; readonly kinds: Uint8Array; readonly because: Uint8Array };

const packed = (bytes: string | Uint8Array): Uint8Array => zstdCompressSync(bytes);

/** Rows saved alike bring the same number again and again: its bytes once, fewer than a packed block has. */
const repeated = 4;

const repeats = (bytes: Uint8Array): boolean => {
  for (let at = repeated; at < bytes.length; at += 1) if (bytes[at] !== bytes[at - repeated]) return false;
  return bytes.length > repeated;
};

const packedNumbers = (bytes: Uint8Array): Uint8Array => (repeats(bytes) ? bytes.slice(0, repeated) : packed(bytes));

const unpackedNumbers = (bytes: Uint8Array, length: number): Uint8Array =>
  bytes.length === repeated
    ? Uint8Array.from({ length }, (_, at) => bytes[at % repeated] ?? 0)
    : zstdDecompressSync(bytes);

/** Rows that were inserted one after the other: their first id tells the others. No packed bytes begin so. */
const RUN = '+';

const packedIds = (ids: readonly string[]): Uint8Array =>
  areConsecutive(ids) ? Buffer.from(`${RUN}${ids[0] ?? ''}`) : packed(ids.join('\n'));

const lines = (value: unknown): readonly string[] => (value === '' ? [] : String(value).split('\n'));

const unpackedIds = (bytes: Uint8Array, count: number): readonly string[] =>
  bytes[0] === RUN.charCodeAt(0)
    ? consecutiveIds(Buffer.from(bytes).toString().slice(RUN.length), count)
    : lines(zstdDecompressSync(bytes).toString());

const packColumns = (ids: readonly string[], kinds: Uint8Array, because: Uint8Array): Stored => {
  if (ids.length < worthPacking) return { ids: ids.join('\n'), kinds, because };
  return { ids: packedIds(ids), kinds: packedNumbers(kinds), because: packedNumbers(because) };
};

/** Ids that are bytes tell that the block is packed. */
const unpackColumns = ({ ids, kinds, because, count }: Record<string, unknown>) => {
  if (!(ids instanceof Uint8Array && kinds instanceof Uint8Array && because instanceof Uint8Array)) {
    return { ids: lines(ids), kinds, because };
  }
  return {
    ids: unpackedIds(ids, Number(count)),
    kinds: unpackedNumbers(kinds, Number(count) * Uint32Array.BYTES_PER_ELEMENT),
    because: unpackedNumbers(because, Number(count) * Int16Array.BYTES_PER_ELEMENT),
  };
};

/** A copy, because the bytes of an answer need not lie on a boundary of the numbers. */
const bufferOf = (value: unknown): ArrayBuffer => {
  if (!(value instanceof Uint8Array)) throw new Error('The journal holds no bytes where it should.');
  return new Uint8Array(value).buffer;
};

const blockOf = (row: Record<string, unknown>): JournalBlock => {
  const { ids, ...columns } = unpackColumns(row);
  const others = lines(row['others']);
  const because = Array.from(new Int16Array(bufferOf(columns.because)), (place) =>
    place === 0 ? undefined : place > 0 ? ids[place - 1] : others[-place - 1],
  );
  const kinds = Array.from(new Uint32Array(bufferOf(columns.kinds)));
  return { first: Number(row['first']), transaction: Number(row['tx']), ids, kinds, because };
};

/** Some 25 bytes a change, a few where many come in one transaction. */
class SqliteJournalTables implements JournalTables {
  readonly #store: RowStore;
  readonly #kinds: JournalKind[] = [];
  readonly #numbers = new Map<string, number>();
  /** Kinds that are in the store. */
  #stored: number;

  constructor(store: RowStore) {
    this.#store = store;
    store.database.exec(schema);
    for (const { content } of store.statement('SELECT content FROM "_journal_kind" ORDER BY kind').all()) {
      this.#numbers.set(String(content), this.#kinds.push(JSON.parse(String(content)) as JournalKind) - 1);
    }
    this.#stored = this.#kinds.length;
  }

  kindOf({ object, change, cause, fields, user }: JournalKind): number {
    const content = JSON.stringify({ object, change, cause, fields, user });
    const known = this.#numbers.get(content);
    if (known !== undefined) return known;
    const number = this.#kinds.push(JSON.parse(content) as JournalKind) - 1;
    this.#numbers.set(content, number);
    return number;
  }

  kind(number: number): JournalKind {
    const kind = this.#kinds[number];
    if (kind === undefined) throw new Error(`The journal has no kind ${number}.`);
    return kind;
  }

  #storeKinds(): void {
    const statement = this.#store.statement('INSERT INTO "_journal_kind" (kind, content) VALUES (?, ?)');
    for (; this.#stored < this.#kinds.length; this.#stored += 1) {
      statement.run(this.#stored, JSON.stringify(this.kind(this.#stored)));
    }
  }

  add(block: JournalBlock): void {
    this.#storeKinds();
    const statement = this.#store.statement(
      'INSERT INTO "_journal" (first, count, tx, ids, kinds, because, others) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    for (let from = 0; from < block.ids.length; from += entriesPerBlock) {
      const to = from + entriesPerBlock;
      const { first, transaction } = block;
      const ids = block.ids.slice(from, to);
      const kinds = block.kinds.slice(from, to);
      const { places, others } = packReasons({
        first,
        transaction,
        ids,
        kinds,
        because: block.because.slice(from, to),
      });
      const columns = packColumns(ids, bytesOf(Uint32Array.from(kinds)), bytesOf(places));
      const { ids: names, kinds: numbers, because } = columns;
      statement.run(first + from, ids.length, transaction, names, numbers, because, others.join('\n'));
    }
  }

  *blocks(since: number): Generator<JournalBlock> {
    const from = this.#store.statement('SELECT MAX(first) AS first FROM "_journal" WHERE first <= ?').get(since + 1)?.[
      'first'
    ];
    let next = typeof from === 'number' ? from : since + 1;
    const sql = `SELECT * FROM "_journal" WHERE first >= ? ORDER BY first LIMIT ${blocksPerPage}`;
    for (;;) {
      const page = this.#store.statement(sql).all(next);
      for (const row of page) yield blockOf(row);
      const last = page.at(-1);
      if (last === undefined || page.length < blocksPerPage) return;
      next = Number(last['first']) + 1;
    }
  }

  last(): { readonly sequence: number; readonly transaction: number } {
    const row = this.#store.statement('SELECT first, count, tx FROM "_journal" ORDER BY first DESC LIMIT 1').get();
    if (row === undefined) return { sequence: 0, transaction: 0 };
    return { sequence: Number(row['first']) + Number(row['count']) - 1, transaction: Number(row['tx']) };
  }
}

export const openJournalTables = (store: RowStore): JournalTables => new SqliteJournalTables(store);
