/** Two columns sorted together, and the room to do it in. */
export type SortRoom = {
  keys: Uint32Array;
  rows: Int32Array;
  otherKeys: Uint32Array;
  otherRows: Int32Array;
};

export const makeSortRoom = (size: number): SortRoom => ({
  keys: new Uint32Array(size),
  rows: new Int32Array(size),
  otherKeys: new Uint32Array(size),
  otherRows: new Int32Array(size),
});

const BITS = 11;
const BUCKETS = 2 ** BITS;
const counts = new Int32Array(BUCKETS);

const pass = (room: SortRoom, count: number, shift: number): void => {
  const { keys, rows, otherKeys, otherRows } = room;
  counts.fill(0);
  for (let i = 0; i < count; i += 1) {
    const bucket = ((keys[i] ?? 0) >>> shift) & (BUCKETS - 1);
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  let at = 0;
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    const size = counts[bucket] ?? 0;
    counts[bucket] = at;
    at += size;
  }
  for (let i = 0; i < count; i += 1) {
    const key = keys[i] ?? 0;
    const bucket = (key >>> shift) & (BUCKETS - 1);
    const to = counts[bucket] ?? 0;
    counts[bucket] = to + 1;
    otherKeys[to] = key;
    otherRows[to] = rows[i] ?? 0;
  }
  room.keys = otherKeys;
  room.rows = otherRows;
  room.otherKeys = keys;
  room.otherRows = rows;
};

/** Sorts the first `count` entries by key, equal keys staying in order: three passes of eleven bits. */
export const sortByKey = (room: SortRoom, count: number): void => {
  pass(room, count, 0);
  pass(room, count, BITS);
  pass(room, count, 2 * BITS);
};
