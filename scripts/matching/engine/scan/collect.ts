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

type Columns = Omit<ScoredPairs, 'count'>;

const columnsFor = (count: number): Columns => ({
  a: new Int32Array(count),
  b: new Int32Array(count),
  match: new Float64Array(count),
  household: new Float64Array(count),
  guards: new Uint8Array(count),
  rule: new Uint8Array(count),
});

/** All of them one after the other. */
const joined = (scanned: readonly Scanned[], rules: readonly number[]): Columns => {
  const all = columnsFor(scanned.reduce((sum, { a }) => sum + a.length, 0));
  let at = 0;
  scanned.forEach((part, task) => {
    for (const column of ['a', 'b', 'match', 'household', 'guards'] as const) all[column].set(part[column], at);
    all.rule.fill(rules[task] ?? 0, at, at + part.a.length);
    at += part.a.length;
  });
  return all;
};

/** What all tasks found (in the order of rules) as one list in the order of rows, each pair once. */
export const collectPairs = (scanned: readonly Scanned[], rules: readonly number[]): ScoredPairs => {
  const all = joined(scanned, rules);
  const order = orderOf(all.a, all.b);
  const pairs = columnsFor(order.length);
  let count = 0;
  let [lastA, lastB] = [-1, -1];
  for (const i of order) {
    const [a, b] = [all.a[i] ?? 0, all.b[i] ?? 0];
    if (a === lastA && b === lastB) continue;
    [lastA, lastB] = [a, b];
    pairs.a[count] = a;
    pairs.b[count] = b;
    pairs.match[count] = all.match[i] ?? 0;
    pairs.household[count] = all.household[i] ?? 0;
    pairs.guards[count] = all.guards[i] ?? 0;
    pairs.rule[count] = all.rule[i] ?? 0;
    count += 1;
  }
  return {
    count,
    a: pairs.a.slice(0, count),
    b: pairs.b.slice(0, count),
    match: pairs.match.slice(0, count),
    household: pairs.household.slice(0, count),
    guards: pairs.guards.slice(0, count),
    rule: pairs.rule.slice(0, count),
  };
};
