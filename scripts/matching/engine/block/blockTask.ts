import { kept, need, type Shared, type ThreadState } from '../threads/state.ts';
import { BlockBuilder, type Pairing, pairsIn } from './blockBuilder.ts';
import type { BlockReport, NarrowReport, PartName } from './contract.ts';
import { EntryList, keysOf, type KeysOf } from './keyEntries.ts';
import type { PartData } from './parts.ts';
import { sortByKey } from './radixSort.ts';

const EXCLUDED = 2;
const KEYED = 4;
const SIZE_CLASSES = 48;

const dataOf = (state: ThreadState): PartData => ({
  columns: need(state, 'columns'),
  values: need(state, 'values'),
  plan: need(state, 'plan'),
});
const pairingOf = (state: ThreadState): Pairing => ({ leads: need(state, 'leads'), cross: need(state, 'cross') });

const collect = (
  state: ThreadState,
  list: EntryList,
  read: KeysOf,
): { readonly keyed: number; readonly leading: number } => {
  const kinds = need(state, 'kinds');
  const leads = need(state, 'leads');
  const all = leads.length === 0;
  const keyed = { keyed: 0, leading: 0 };
  list.count = 0;
  for (let row = 0; row < kinds.length; row += 1) {
    const kind = kinds[row] ?? 0;
    if ((kind & EXCLUDED) !== 0 || list.addRow(row, read) === 0) continue;
    if ((kind & KEYED) === 0) kinds[row] = kind | KEYED;
    keyed.keyed += 1;
    if (all || leads[row] === 1) keyed.leading += 1;
  }
  return keyed;
};

/** Columns that count how many rows have the same value as this one. */
const USES: Readonly<Record<string, string>> = { email: 'email:uses', phone: 'phone:uses' };

const writeUses = (uses: Int32Array | undefined, list: EntryList, from: number, to: number): void => {
  if (uses === undefined) return;
  const { rows } = list.room;
  for (let i = from; i < to; i += 1) {
    const row = rows[i] ?? 0;
    uses[row] = Math.max(uses[row] ?? 0, to - from);
  }
};

/** Finds the blocks of one rule: keys of all rows, sorted, runs of two and more. */
export const blockTask = (state: ThreadState, rule: number): BlockReport => {
  const parts = need(state, 'rules')[rule]?.parts ?? [];
  const list = kept(state, 'entries', () => new EntryList(need(state, 'kinds').length));
  const { keyed, leading } = collect(state, list, keysOf(dataOf(state), parts));
  sortByKey(list.room, list.count);
  const uses = need(state, 'columns')[USES[parts.join('+')] ?? ''];
  const pairing = pairingOf(state);
  const builder = new BlockBuilder(pairing);
  const sizes = new Float64Array(SIZE_CLASSES);
  const { keys, rows } = list.room;
  let squares = 0;
  for (let from = 0; from < list.count;) {
    const key = keys[from] ?? 0;
    let to = from + 1;
    while (to < list.count && keys[to] === key) to += 1;
    squares += (to - from) ** 2;
    if (to - from > 1) {
      writeUses(uses, list, from, to);
      const pairs = builder.add(rows, from, to, key);
      if (pairs > 0) {
        const size = Math.floor(Math.log2(pairs));
        sizes[size] = (sizes[size] ?? 0) + pairs;
      }
    }
    from = to;
  }
  const coincidence = list.count === 0 ? NaN : squares / list.count ** 2;
  return { set: builder.set(), keyed, possible: pairsIn(keyed, leading, pairing.cross), coincidence, sizes };
};

/** Narrow one rule's blocks of more than `limit` pairs. */
export type NarrowItem = { readonly rule: number; readonly limit: number };

type Narrowing = {
  readonly data: PartData;
  readonly limit: number;
  readonly parts: readonly PartName[];
  readonly builder: BlockBuilder;
  readonly pairing: Pairing;
  readonly used: Set<PartName>;
  skippedBlocks: number;
  skippedPairs: number;
};

const leadingIn = (rows: Int32Array, leads: Uint8Array): number => {
  if (leads.length === 0) return rows.length;
  let count = 0;
  for (const row of rows) count += leads[row] ?? 0;
  return count;
};

/** Splits one block by the next part; what is still too large goes on to the part after it. */
const split = (narrowing: Narrowing, rows: Int32Array, key: number, depth: number): void => {
  const pairs = pairsIn(rows.length, leadingIn(rows, narrowing.pairing.leads), narrowing.pairing.cross);
  if (pairs <= narrowing.limit) {
    narrowing.builder.add(rows, 0, rows.length, key);
    return;
  }
  const part = narrowing.parts[depth];
  if (part === undefined) {
    narrowing.skippedBlocks += 1;
    narrowing.skippedPairs += pairs;
    return;
  }
  narrowing.used.add(part);
  const list = new EntryList(rows.length);
  const read = keysOf(narrowing.data, [part]);
  for (const row of rows) list.addRow(row, read);
  sortByKey(list.room, list.count);
  for (let from = 0; from < list.count;) {
    const own = list.room.keys[from] ?? 0;
    let to = from + 1;
    while (to < list.count && list.room.keys[to] === own) to += 1;
    if (to - from > 1) split(narrowing, list.room.rows.slice(from, to), Math.imul(key, 31) ^ own, depth + 1);
    from = to;
  }
};

export const narrowTask = (state: ThreadState, item: NarrowItem): NarrowReport => {
  const before: Shared['blocks'][number] | undefined = need(state, 'blocks')[item.rule];
  const rule = need(state, 'rules')[item.rule];
  if (before === undefined || rule === undefined) throw new Error('no blocks to narrow');
  const pairing = pairingOf(state);
  const builder = new BlockBuilder(pairing);
  const narrowing: Narrowing = {
    data: dataOf(state),
    limit: item.limit,
    parts: rule.narrow,
    builder,
    pairing,
    used: new Set(),
    skippedBlocks: 0,
    skippedPairs: 0,
  };
  let narrowed = 0;
  for (let block = 0; block < before.count; block += 1) {
    const from = before.starts[block] ?? 0;
    const to = before.starts[block + 1] ?? 0;
    const key = before.keys[block] ?? 0;
    if (pairsIn(to - from, before.leads[block] ?? 0, pairing.cross) <= item.limit)
      builder.add(before.rows, from, to, key);
    else {
      narrowed += 1;
      split(narrowing, before.rows.slice(from, to), key, 0);
    }
  }
  const { skippedBlocks, skippedPairs } = narrowing;
  return { set: builder.set(), narrowed, parts: [...narrowing.used], skippedBlocks, skippedPairs };
};
