import type { RowIds } from './contract.ts';

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** The id of a row as text. */
export const idOf = (ids: RowIds, row: number): string =>
  decoder.decode(ids.bytes.subarray(ids.starts[row], ids.starts[row + 1]));

/** Takes ids as bytes, one after the other, and grows with them. */
export type RowIdWriter = {
  add(bytes: Uint8Array, start: number, end: number): void;
  done(): RowIds;
};

/** A writer of ids that expects about `rows` of them. Errors: RangeError above 4 GiB of ids. */
export const createRowIdWriter = (rows: number): RowIdWriter => {
  let starts = new Uint32Array(Math.max(16, rows + 1));
  let store = new Uint8Array(Math.max(256, rows * 12));
  let count = 0;
  let at = 0;
  const grow = (needed: number): void => {
    if (needed > 0xff_ff_ff_ff) throw new RangeError('ids of more than 4 GiB');
    const larger = new Uint8Array(Math.max(needed, Math.min(store.length * 2, 0xff_ff_ff_ff)));
    larger.set(store);
    store = larger;
  };
  return {
    add: (bytes, start, end) => {
      if (at + end - start > store.length) grow(at + end - start);
      if (count + 2 > starts.length) {
        const larger = new Uint32Array(starts.length * 2);
        larger.set(starts);
        starts = larger;
      }
      for (let i = start; i < end; i += 1) store[at++] = bytes[i] ?? 0;
      count += 1;
      starts[count] = at;
    },
    done: () => ({ count, bytes: store.subarray(0, at), starts: starts.subarray(0, count + 1) }),
  };
};

/** Ids given as texts. */
export const rowIdsOf = (ids: Iterable<string>): RowIds => {
  const writer = createRowIdWriter(1024);
  for (const id of ids) {
    const bytes = encoder.encode(id);
    writer.add(bytes, 0, bytes.length);
  }
  return writer.done();
};

/** Records numbered from 1, for a file without an id column. */
export const numberedIds = (count: number): RowIds => {
  const writer = createRowIdWriter(count);
  const digits = new Uint8Array(16);
  for (let row = 1; row <= count; row += 1) {
    let from = digits.length;
    for (let rest = row; rest > 0; rest = Math.floor(rest / 10)) digits[--from] = 48 + (rest % 10);
    writer.add(digits, from, digits.length);
  }
  return writer.done();
};

/** FNV-1a over the id's bytes, mixed: for hash tables only. */
export const hashBytes = (bytes: Uint8Array, start: number, end: number): number => {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i += 1) hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193);
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x2c1b3c6d) >>> 0;
};

const sameBytes = (ids: RowIds, row: number, other: { bytes: Uint8Array; start: number; end: number }): boolean => {
  const start = ids.starts[row] ?? 0;
  const length = (ids.starts[row + 1] ?? 0) - start;
  if (length !== other.end - other.start) return false;
  for (let i = 0; i < length; i += 1) if (ids.bytes[start + i] !== other.bytes[other.start + i]) return false;
  return true;
};

/** Finds rows by their id. */
export type RowIdIndex = {
  /** The row with this id; undefined when there is none. */
  readonly rowOf: (id: string) => number | undefined;
  /** Pairs of rows that share an id, the first `most` of them: earlier row, later row. */
  readonly repeated: readonly (readonly [number, number])[];
  readonly repeatedCount: number;
};

/** An index over ids: 8 bytes a row. */
export const indexRowIds = (ids: RowIds, most = 10): RowIdIndex => {
  const size = 2 ** Math.ceil(Math.log2(Math.max(16, ids.count * 2)));
  const slots = new Int32Array(size).fill(-1);
  const repeated: (readonly [number, number])[] = [];
  let repeatedCount = 0;
  const find = (bytes: Uint8Array, start: number, end: number): number => {
    let slot = hashBytes(bytes, start, end) & (size - 1);
    for (;;) {
      const row = slots[slot] ?? -1;
      if (row < 0 || sameBytes(ids, row, { bytes, start, end })) return slot;
      slot = (slot + 1) & (size - 1);
    }
  };
  for (let row = 0; row < ids.count; row += 1) {
    const slot = find(ids.bytes, ids.starts[row] ?? 0, ids.starts[row + 1] ?? 0);
    const known = slots[slot] ?? -1;
    if (known < 0) slots[slot] = row;
    else {
      repeatedCount += 1;
      if (repeated.length < most) repeated.push([known, row]);
    }
  }
  return {
    rowOf: (id) => {
      const bytes = encoder.encode(id);
      const row = slots[find(bytes, 0, bytes.length)] ?? -1;
      return row < 0 ? undefined : row;
    },
    repeated,
    repeatedCount,
  };
};
