import { MOST_KEYS, keysOf } from '../engine/block/keyEntries.ts';
import type { PartData } from '../engine/block/parts.ts';
import type { LookupAnswer } from './contract.ts';
import type { OpenIndex, OpenKeys, OpenKind, OpenRule } from './openIndex.ts';
import { narrowedKey } from './writeKeys.ts';

const ENTRY_BYTES = 8;

/** The rows that have a key, as often as they have it. */
const rowsWith = ({ reader }: OpenIndex, { entries, firsts, bits }: OpenKeys, key: number): readonly number[] => {
  const bucket = key >>> (32 - bits);
  const first = firsts[bucket] ?? 0;
  const count = (firsts[bucket + 1] ?? first) - first;
  if (count === 0) return [];
  const pairs = reader.words({ at: entries.at + first * ENTRY_BYTES, length: count * ENTRY_BYTES });
  const rows: number[] = [];
  for (let i = 0; i < pairs.length; i += 2) if (pairs[i] === key) rows.push(pairs[i + 1] ?? 0);
  return rows;
};

const room = new Uint32Array(MOST_KEYS);

/** The keys of the row under one rule or part. */
const keysWith = (data: PartData, parts: Parameters<typeof keysOf>[1]): readonly number[] =>
  Array.from(room.subarray(0, keysOf(data, parts)(0, room)));

export type Candidates = {
  /** Numbers of records in the index, ascending. */
  readonly rows: Int32Array;
  readonly leftOut: LookupAnswer['leftOut'];
};

type Found = {
  readonly data: PartData;
  readonly rows: Set<number>;
  readonly leaveOut: (records: number) => void;
};

const addRows = ({ rows }: Found, more: readonly number[]): void => {
  for (const row of more) rows.add(row);
};

/** Goes from a key that `size` rows have, which are too many, to keys with the parts of the rule from `depth` on. */
const addNarrowed = (
  index: OpenIndex,
  one: OpenRule,
  found: Found,
  { key, size, depth }: { readonly key: number; readonly size: number; readonly depth: number },
): void => {
  const part = one.rule.narrow[depth];
  if (part === undefined) {
    found.leaveOut(size);
    return;
  }
  for (const own of keysWith(found.data, [part])) {
    const under = narrowedKey(key, own);
    const more = one.largeNarrowed.get(under);
    if (more === undefined) addRows(found, rowsWith(index, one.narrowed, under));
    else addNarrowed(index, one, found, { key: under, size: more, depth: depth + 1 });
  }
};

/** Rows that some rule brings together with the one that was read into row 0 of `data`. */
export const candidatesOf = (index: OpenIndex, { rules }: OpenKind, data: PartData): Candidates => {
  const rows = new Set<number>();
  const leftOut = new Map<string, number>();
  for (const one of rules) {
    const { name, parts } = one.rule;
    const leaveOut = (records: number): void => void leftOut.set(name, (leftOut.get(name) ?? 0) + records);
    const found = { data, rows, leaveOut };
    for (const key of keysWith(data, parts)) {
      const size = one.large.get(key);
      if (size === undefined) addRows(found, rowsWith(index, one.plain, key));
      else addNarrowed(index, one, found, { key, size, depth: 0 });
    }
  }
  return {
    rows: Int32Array.from(rows).sort(),
    leftOut: [...leftOut].map(([rule, records]) => ({ rule, records })),
  };
};

/** A mailbox or number of the row: how many entries its rule has for it without the row, and in the row itself. */
export type ValueUse = { readonly low: number; readonly high: number; readonly before: number; own: number };

const SLOTS = { email: '', phone: ':high' } as const;

/** Values of the row's columns of a field in the order of their keys: mailboxes each once. */
const valuesOf = ({ columns, plan }: PartData, field: keyof typeof SLOTS): readonly (readonly [number, number])[] => {
  const found: (readonly [number, number])[] = [];
  for (let i = 0; i < (plan.width[field] ?? 0); i += 1) {
    const low = columns[`${field}${i}`]?.[0] ?? 0;
    const high = columns[`${field}${i}${SLOTS[field]}`]?.[0] ?? 0;
    const again = field === 'email' && found.some(([known]) => known === low);
    if (low !== 0 && !again) found.push([low, high]);
  }
  return found;
};

/** What is counted of the row's mailboxes or numbers. */
export const usesOf = (
  index: OpenIndex,
  { rules }: OpenKind,
  data: PartData,
  field: keyof typeof SLOTS,
): readonly ValueUse[] => {
  const one = rules.find(({ rule }) => rule.name === field);
  if (one === undefined) return [];
  const uses = new Map<number, ValueUse>();
  const values = valuesOf(data, field);
  keysWith(data, one.rule.parts).forEach((key, i) => {
    const [low = 0, high = 0] = values[i] ?? [];
    const use = uses.get(key) ?? {
      ...{ low, high, own: 0 },
      before: one.large.get(key) ?? rowsWith(index, one.plain, key).length,
    };
    use.own += 1;
    uses.set(key, use);
  });
  return [...uses.values()];
};
