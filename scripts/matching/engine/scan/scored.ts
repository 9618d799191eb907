import type { PairJudgement, ScoredPairs } from '../../model/contract.ts';

type JudgePair = (a: number, b: number) => PairJudgement;

/** Where the pairs of each first row begin among pairs in the order of rows, and where the last ones end. */
const startsOf = ({ count, a }: ScoredPairs, rows: number): Int32Array => {
  const starts = new Int32Array(rows + 1);
  for (let i = 0; i < count; i += 1) {
    const next = (a[i] ?? 0) + 1;
    starts[next] = (starts[next] ?? 0) + 1;
  }
  for (let row = 0; row < rows; row += 1) starts[row + 1] = (starts[row + 1] ?? 0) + (starts[row] ?? 0);
  return starts;
};

/** Judges pairs by what was found of them, and asks only about those that were not told. */
export const judgeFrom = (pairs: ScoredPairs, rows: number, ask: JudgePair): JudgePair => {
  const starts = startsOf(pairs, rows);
  return (one, other) => {
    const a = Math.min(one, other);
    const b = Math.max(one, other);
    let low = starts[a] ?? 0;
    let high = starts[a + 1] ?? 0;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((pairs.b[middle] ?? 0) < b) low = middle + 1;
      else high = middle;
    }
    if (low >= (starts[a + 1] ?? 0) || pairs.b[low] !== b) return ask(one, other);
    return { match: pairs.match[low] ?? 0, household: pairs.household[low] ?? 0, guards: pairs.guards[low] ?? 0 };
  };
};

/** Two lists of pairs in the order of rows as one; no pair is in both. */
export const mergePairs = (one: ScoredPairs, other: ScoredPairs): ScoredPairs => {
  const count = one.count + other.count;
  const from = new Uint8Array(count);
  const at = new Int32Array(count);
  let [left, right] = [0, 0];
  const isFirst = (): boolean => {
    if (left >= one.count || right >= other.count) return left < one.count;
    const apart = (one.a[left] ?? 0) - (other.a[right] ?? 0);
    return apart < 0 || (apart === 0 && (one.b[left] ?? 0) < (other.b[right] ?? 0));
  };
  for (let i = 0; i < count; i += 1) {
    const first = isFirst();
    from[i] = first ? 0 : 1;
    at[i] = first ? left++ : right++;
  }
  const lists = [one, other] as const;
  const pick = (column: 'a' | 'b' | 'match' | 'household' | 'guards' | 'rule') => (_: unknown, i: number) =>
    lists[from[i] as 0 | 1][column][at[i] ?? 0] ?? 0;
  const length = { length: count };
  return {
    count,
    a: Int32Array.from(length, pick('a')),
    b: Int32Array.from(length, pick('b')),
    match: Float64Array.from(length, pick('match')),
    household: Float64Array.from(length, pick('household')),
    guards: Uint8Array.from(length, pick('guards')),
    rule: Uint8Array.from(length, pick('rule')),
  };
};
