import { LINKS, ZONES, type Estimate, type Link, type MatchResult, type Zone } from '../contract.ts';
import type { RowSpace } from '../rowSpace.ts';

/** A cluster by size; ids only. */
export type LargeCluster = { readonly cluster: string; readonly size: number };

/** What a run found, in numbers: for the terminal, `--json` and the report. */
export type MatchSummary = {
  readonly rows: number;
  readonly pairs: number;
  readonly byZone: Readonly<Record<Zone, number>>;
  readonly byLink: Readonly<Record<Link, number>>;
  /** Groups of two and more that would be one. */
  readonly clusters: number;
  readonly rowsInClusters: number;
  readonly households: number;
  readonly largest: readonly LargeCluster[];
  readonly precision: Estimate;
  readonly recall: Estimate;
  /** Probabilities that begin the zones. */
  readonly review: number;
  readonly auto: number;
  readonly unmatchable: number;
  readonly excluded: number;
  readonly caps: MatchResult['caps'];
};

const MOST_TOLD = 20;

/** How many rows carry each label of a row's group; index is the label. */
const sizesOf = (labels: Int32Array): Int32Array => {
  const sizes = new Int32Array(labels.length);
  for (let row = 0; row < labels.length; row += 1) {
    const label = labels[row] ?? row;
    sizes[label] = (sizes[label] ?? 0) + 1;
  }
  return sizes;
};

const largestOf = (sizes: Int32Array, nameOf: (label: number) => string): readonly LargeCluster[] => {
  const found: number[] = [];
  let least = 1;
  for (let label = 0; label < sizes.length; label += 1) {
    if ((sizes[label] ?? 0) <= least) continue;
    found.push(label);
    if (found.length < 50 * MOST_TOLD) continue;
    found.sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0)).splice(MOST_TOLD);
    // as many as the smallest that is told stay in, so that ties are broken by name
    least = Math.max(1, (sizes[found.at(-1) ?? 0] ?? 2) - 1);
  }
  return found
    .map((label) => ({ cluster: nameOf(label), size: sizes[label] ?? 0 }))
    .sort((a, b) => b.size - a.size || (a.cluster < b.cluster ? -1 : 1))
    .slice(0, MOST_TOLD);
};

const countGroups = (sizes: Int32Array): { readonly groups: number; readonly rows: number } => {
  let groups = 0;
  let rows = 0;
  for (const size of sizes) {
    if (size < 2) continue;
    groups += 1;
    rows += size;
  }
  return { groups, rows };
};

const count = <T extends string>(
  names: readonly T[],
  values: Uint8Array,
  length: number,
): Readonly<Record<T, number>> => {
  const counts = new Float64Array(names.length);
  for (let i = 0; i < length; i += 1) {
    const value = values[i] ?? 0;
    counts[value] = (counts[value] ?? 0) + 1;
  }
  return Object.fromEntries(names.map((name, i) => [name, counts[i] ?? 0])) as Record<T, number>;
};

/** Counts of a result; `naming`: the row that names each cluster. */
export const summaryOf = (result: MatchResult, space: RowSpace, naming: Int32Array): MatchSummary => {
  const { pairs, clusters, households, model } = result;
  const sizes = sizesOf(clusters);
  const { groups, rows } = countGroups(sizes);
  return {
    ...{ rows: result.rows, pairs: pairs.count },
    byZone: count(ZONES, pairs.zone, pairs.count),
    byLink: count(LINKS, pairs.link, pairs.count),
    ...{ clusters: groups, rowsInClusters: rows, households: countGroups(sizesOf(households)).groups },
    largest: largestOf(sizes, (label) => space.idOf(naming[label] ?? label)),
    ...{ precision: result.precision, recall: result.recall, review: model.review, auto: model.auto },
    ...{ unmatchable: result.unmatchable, excluded: result.excluded, caps: result.caps },
  };
};
