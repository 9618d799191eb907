import type { LabelledSet } from './labelledSet.ts';

export type Score = { readonly precision: number; readonly recall: number; readonly f1: number };

export const scoreOf = (right: number, told: number, truth: number): Score => ({
  precision: told === 0 ? 1 : right / told,
  recall: truth === 0 ? 1 : right / truth,
  f1: told + truth === 0 ? 1 : (2 * right) / (told + truth),
});

const pairsOf = (size: number): number => (size * (size - 1)) / 2;

/** Pairs within groups of rows: all of them, or with two sides those across. */
export const pairsWithin = (labels: Int32Array, side: Uint8Array): number => {
  const two = side.includes(1);
  const left = new Map<number, number>();
  const right = new Map<number, number>();
  labels.forEach((label, row) => {
    if (label < 0) return;
    const counts = two && side[row] === 1 ? right : left;
    counts.set(label, (counts.get(label) ?? 0) + 1);
  });
  let sum = 0;
  for (const [label, size] of left) sum += two ? size * (right.get(label) ?? 0) : pairsOf(size);
  return sum;
};

const together = (one: Int32Array, other: Int32Array): Int32Array => {
  const known = new Map<string, number>();
  return Int32Array.from(one, (label, row) => {
    const second = other[row] ?? -1;
    if (label < 0 || second < 0) return -1;
    const name = `${label} ${second}`;
    const found = known.get(name) ?? known.size;
    known.set(name, found);
    return found;
  });
};

/** Precision, recall and F1 of the pairs that clusters imply; rows without a label do not count. */
export const clusterPairs = (clusters: Int32Array, { truth, side }: LabelledSet): Score => {
  const counted = clusters.map((cluster, row) => ((truth[row] ?? -1) < 0 ? -1 : cluster));
  return scoreOf(pairsWithin(together(counted, truth), side), pairsWithin(counted, side), pairsWithin(truth, side));
};

/** B³: every record's own precision and recall, averaged over records. */
export const bCubed = (clusters: Int32Array, { truth }: LabelledSet): Score => {
  const sizes = (labels: Int32Array): Map<number, number> => {
    const found = new Map<number, number>();
    labels.forEach((label) => found.set(label, (found.get(label) ?? 0) + 1));
    return found;
  };
  const counted = clusters.map((cluster, row) => ((truth[row] ?? -1) < 0 ? -1 : cluster));
  const both = together(counted, truth);
  const [inBoth, inCluster, inTruth] = [sizes(both), sizes(counted), sizes(truth)];
  let precision = 0;
  let recall = 0;
  let rows = 0;
  both.forEach((label, row) => {
    if (label < 0) return;
    rows += 1;
    precision += (inBoth.get(label) ?? 0) / (inCluster.get(counted[row] ?? -1) ?? 1);
    recall += (inBoth.get(label) ?? 0) / (inTruth.get(truth[row] ?? -1) ?? 1);
  });
  if (rows === 0) return { precision: 1, recall: 1, f1: 1 };
  precision /= rows;
  recall /= rows;
  return { precision, recall, f1: (2 * precision * recall) / (precision + recall) };
};

export type ScoredPair = { readonly probability: number; readonly right: boolean };

/** The threshold with the highest F1 over scored pairs, and what it gives. */
export const bestThreshold = (pairs: readonly ScoredPair[], truth: number): Score & { readonly threshold: number } => {
  const sorted = [...pairs].sort((one, other) => other.probability - one.probability);
  let right = 0;
  let best = { ...scoreOf(0, 0, truth), threshold: 1 };
  sorted.forEach((pair, at) => {
    if (pair.right) right += 1;
    if (sorted[at + 1]?.probability === pair.probability) return;
    const score = scoreOf(right, at + 1, truth);
    if (score.f1 > best.f1) best = { ...score, threshold: pair.probability };
  });
  return best;
};
