import type { ClusterInput } from './contract.ts';

/** Cross pairs looked at when two groups might join; more say the same at a higher price. */
const LOOKS = 24;
/** Share of contradicting cross pairs that keeps two groups apart: one liar in a crowd does not. */
const LIARS = 0.34;
/** A single pair joins two groups of several rows only when their rows are at least this likely one on the average. */
const BRIDGE = 0.2;

export type Verdict = 'join' | 'contradicted' | 'weakBridge' | 'forbidden';

type Forbidden = (one: readonly number[], other: readonly number[]) => boolean;

/** Tests two groups against the decisions that keep rows apart. */
export const forbiddenBy = (apart: ClusterInput['apart']): Forbidden => {
  const foes = new Map<number, Set<number>>();
  const note = (one: number, other: number): void => {
    const known = foes.get(one) ?? new Set();
    known.add(other);
    foes.set(one, known);
  };
  for (const [one, other] of apart) {
    note(one, other);
    note(other, one);
  }
  if (foes.size === 0) return () => false;
  return (one, other) =>
    one.some((row) => {
      const known = foes.get(row);
      return known !== undefined && other.some((candidate) => known.has(candidate));
    });
};

/** Evenly spread cross pairs of two groups of ascending rows: the same ones whatever came first. */
const crossPairs = function* (one: readonly number[], other: readonly number[]): Generator<readonly [number, number]> {
  const all = one.length * other.length;
  const looks = Math.min(all, LOOKS);
  for (let look = 0; look < looks; look += 1) {
    const at = Math.floor((look * all) / looks);
    yield [one[Math.floor(at / other.length)] ?? 0, other[at % other.length] ?? 0];
  }
};

/** Whether two groups that a pair of theirs would join may become one. */
export const verdictOn = (
  one: readonly number[],
  other: readonly number[],
  { judge, forbidden }: { readonly judge: ClusterInput['judge']; readonly forbidden: Forbidden },
): Verdict => {
  if (forbidden(one, other)) return 'forbidden';
  if (one.length === 1 && other.length === 1) return 'join';
  let looks = 0;
  let against = 0;
  let match = 0;
  for (const [left, right] of crossPairs(one, other)) {
    const said = judge(Math.min(left, right), Math.max(left, right));
    looks += 1;
    match += said.match;
    if (said.contradicts) against += 1;
  }
  if (against > 0 && against >= looks * LIARS) return 'contradicted';
  if (one.length > 1 && other.length > 1 && match / looks < BRIDGE) return 'weakBridge';
  return 'join';
};
