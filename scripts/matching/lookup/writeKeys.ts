import type { Rule } from '../engine/block/contract.ts';
import { EntryList, keysOf } from '../engine/block/keyEntries.ts';
import type { PartData } from '../engine/block/parts.ts';
import { makeSortRoom, sortByKey } from '../engine/block/radixSort.ts';
import type { SectionWriter } from './bytes.ts';
import type { KeySection, RuleSection, Uses } from './contract.ts';

/** More rows than this under one key are looked at by further parts of the rule only. */
const ROWS_A_KEY = 80;
/** Entries that share the upper bits of their keys, about. */
const A_BUCKET = 64;
const MOST_BITS = 16;

/** A growing list of keys with their rows. */
class Entries {
  room = makeSortRoom(1024);
  count = 0;

  add(key: number, row: number): void {
    if (this.count === this.room.keys.length) {
      const more = makeSortRoom(this.count * 2);
      more.keys.set(this.room.keys);
      more.rows.set(this.room.rows);
      this.room = more;
    }
    this.room.keys[this.count] = key;
    this.room.rows[this.count++] = row;
  }
}

const writeEntries = (writer: SectionWriter, { keys, rows }: EntryList['room'], count: number): KeySection => {
  const bits = Math.min(MOST_BITS, Math.max(1, Math.ceil(Math.log2(Math.max(2, count / A_BUCKET)))));
  const starts = new Uint32Array(2 ** bits + 1);
  const pairs = new Uint32Array(count * 2);
  for (let i = 0; i < count; i += 1) {
    const key = keys[i] ?? 0;
    pairs[2 * i] = key;
    pairs[2 * i + 1] = rows[i] ?? 0;
    const bucket = key >>> (32 - bits);
    starts[bucket + 1] = (starts[bucket + 1] ?? 0) + 1;
  }
  for (let b = 0; b < 2 ** bits; b += 1) starts[b + 1] = (starts[b + 1] ?? 0) + (starts[b] ?? 0);
  return { entries: writer.add(pairs), starts: writer.add(starts), bits };
};

/** Calls `each` for the entries of every key of a sorted room. */
const forRuns = (
  { keys }: EntryList['room'],
  count: number,
  each: (key: number, from: number, to: number) => void,
): void => {
  for (let from = 0; from < count;) {
    const key = keys[from] ?? 0;
    let to = from + 1;
    while (to < count && keys[to] === key) to += 1;
    each(key, from, to);
    from = to;
  }
};

type Narrowing = {
  readonly data: PartData;
  readonly rule: Rule;
  readonly entries: Entries;
  readonly large: number[];
  readonly numbers: Int32Array;
};

/** The key of a block's rows that agree on one more part: as the engine narrows. */
export const narrowedKey = (key: number, part: number): number => (Math.imul(key, 31) ^ part) >>> 0;

/** Puts the rows of a large key under keys with the part at `depth`, and goes on where those are large too. */
const narrow = (narrowing: Narrowing, rows: Int32Array, key: number, depth: number): void => {
  const { data, rule, entries, large, numbers } = narrowing;
  const part = rule.narrow[depth];
  if (part === undefined) return;
  const list = new EntryList(rows.length);
  const read = keysOf(data, [part]);
  for (const row of rows) list.addRow(row, read);
  sortByKey(list.room, list.count);
  forRuns(list.room, list.count, (own, from, to) => {
    const under = narrowedKey(key, own);
    if (to - from > ROWS_A_KEY) {
      large.push(under, to - from);
      narrow(narrowing, list.room.rows.slice(from, to), under, depth + 1);
      return;
    }
    for (let i = from; i < to; i += 1) entries.add(under, numbers[list.room.rows[i] ?? 0] ?? 0);
  });
};

export type KeyInput = {
  readonly data: PartData;
  /** Rows that take part. */
  readonly rows: Int32Array;
  /** The row's number in the index, by row. */
  readonly numbers: Int32Array;
  /** Kept from rule to rule. */
  readonly list: EntryList;
};

/** Writes all keys of one rule; also tells what the blocks of a rule of one field say of its values. */
export const writeKeys = (
  writer: SectionWriter,
  rule: Rule,
  { data, rows, numbers, list }: KeyInput,
): { readonly section: RuleSection; readonly uses: Uses; readonly keyed: number } => {
  const read = keysOf(data, rule.parts);
  let keyed = 0;
  list.count = 0;
  for (const row of rows) if (list.addRow(row, read) > 0) keyed += 1;
  sortByKey(list.room, list.count);
  const entries = list.count;
  const large: number[] = [];
  const narrowing: Narrowing = { data, rule, entries: new Entries(), large: [], numbers };
  let squares = 0;
  let kept = 0;
  const { room } = list;
  forRuns(room, entries, (key, from, to) => {
    squares += (to - from) ** 2;
    if (to - from > ROWS_A_KEY) {
      large.push(key, to - from);
      narrow(narrowing, room.rows.slice(from, to), key, 0);
      return;
    }
    for (let i = from; i < to; i += 1) {
      room.keys[kept] = key;
      room.rows[kept++] = numbers[room.rows[i] ?? 0] ?? 0;
    }
  });
  const { entries: narrowed } = narrowing;
  sortByKey(narrowed.room, narrowed.count);
  const section = {
    name: rule.name,
    plain: writeEntries(writer, room, kept),
    narrowed: writeEntries(writer, narrowed.room, narrowed.count),
    large: writer.add(Uint32Array.from(large)),
    largeNarrowed: writer.add(Uint32Array.from(narrowing.large)),
  };
  return { section, uses: { entries, squares }, keyed };
};
