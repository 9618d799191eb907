import type { ScoredPairs } from '../../model/contract.ts';
import { makeSortRoom, sortByKey } from '../block/radixSort.ts';
import type { Scanned } from './scanTask.ts';

/** Positions of all pairs in the order of their rows; pairs of lower rules first where the same pair came twice. */
const orderOf = (first: Int32Array, second: Int32Array): Int32Array => {
  const count = first.length;
  const room = makeSortRoom(count);
  for (let i = 0; i < count; i += 1) {
    room.keys[i] = second[i] ?? 0;
    room.rows[i] = i;
  }
  sortByKey(room, count);
  for (let i = 0; i < count; i += 1) room.keys[i] = first[room.rows[i] ?? 0] ?? 0;
  sortByKey(room, count);
  return room.rows.subarray(0, count);
};

/** What all tasks found (in the order of rules) as one list in the order of rows, each pair once. */
export const collectPairs = (scanned: readonly Scanned[], rules: readonly number[]): ScoredPairs => {
  const total = scanned.reduce((sum, { a }) => sum + a.length, 0);
  const a = new Int32Array(total);
  const b = new Int32Array(total);
  const from = new Int32Array(total);
  const within = new Int32Array(total);
  let at = 0;
  scanned.forEach((part, task) => {
    a.set(part.a, at);
    b.set(part.b, at);
    from.fill(task, at, at + part.a.length);
    for (let i = 0; i < part.a.length; i += 1) within[at + i] = i;
    at += part.a.length;
  });
  const order = orderOf(a, b);
  const kept = order.filter((i, n) => n === 0 || a[order[n - 1] ?? 0] !== a[i] || b[order[n - 1] ?? 0] !== b[i]);
  const value = (i: number, column: 'match' | 'household' | 'guards'): number =>
    scanned[from[i] ?? 0]?.[column][within[i] ?? 0] ?? 0;
  const count = kept.length;
  const length = { length: count };
  const pick = (n: number): number => kept[n] ?? 0;
  return {
    count,
    a: Int32Array.from(length, (_, n) => a[pick(n)] ?? 0),
    b: Int32Array.from(length, (_, n) => b[pick(n)] ?? 0),
    match: Float64Array.from(length, (_, n) => value(pick(n), 'match')),
    household: Float64Array.from(length, (_, n) => value(pick(n), 'household')),
    guards: Uint8Array.from(length, (_, n) => value(pick(n), 'guards')),
    rule: Uint8Array.from(length, (_, n) => rules[from[pick(n)] ?? 0] ?? 0),
  };
};
