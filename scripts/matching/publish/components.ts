import { LINKS } from '../contract.ts';
import type { Link, MatchPairs, Zone } from '../contract.ts';

/** Rows that would make one group, before anything is looked up about them. */
export type Component = {
  readonly link: Link;
  readonly zone: Zone;
  readonly rows: readonly number[];
  /** The lowest probability of the links that joined them; 1 when none was needed. */
  readonly joinedAt: number;
};

type Part = { rows: readonly number[]; joinedAt: number; hasReview: boolean };

/** Rows of the clusters that are asked for, each list ascending. */
const rowsByCluster = (clusters: Int32Array, roots: ReadonlySet<number>): ReadonlyMap<number, readonly number[]> => {
  const rows = new Map<number, number[]>([...roots].map((root) => [root, []]));
  for (const [row, root] of clusters.entries()) rows.get(root)?.push(row);
  return rows;
};

const clusterOf = (clusters: Int32Array, row: number): number => clusters[row] ?? row;

const touchedRoots = (pairs: MatchPairs, clusters: Int32Array, places: Int32Array): ReadonlySet<number> => {
  const roots = new Set<number>();
  for (const place of places) {
    roots.add(clusterOf(clusters, pairs.a[place] ?? 0));
    roots.add(clusterOf(clusters, pairs.b[place] ?? 0));
  }
  return roots;
};

export type Joining = {
  readonly pairs: MatchPairs;
  readonly clusters: Int32Array;
  /** Places of review pairs by falling probability. */
  readonly review: Int32Array;
  readonly largest: number;
};

/**
 * Joins clusters along review links of one kind, the most probable first. A link that would make a group of more than
 * `largest` rows makes a group of its own two rows, so that nothing is lost and nobody looks at a crowd.
 */
export const joinReview = (
  { pairs, clusters, review, largest }: Joining,
  link: Link,
): { readonly components: readonly Component[]; readonly tooLarge: number } => {
  const wanted = review.filter((place) => LINKS[pairs.link[place] ?? -1] === link);
  const members = rowsByCluster(clusters, touchedRoots(pairs, clusters, wanted));
  const parts = new Map<number, Part>(
    [...members].map(([root, rows]) => [root, { rows, joinedAt: 1, hasReview: false }]),
  );
  const alone: Component[] = [];
  for (const place of wanted) {
    const [a, b] = [pairs.a[place] ?? 0, pairs.b[place] ?? 0];
    const left = parts.get(clusterOf(clusters, a));
    const right = parts.get(clusterOf(clusters, b));
    if (left === undefined || right === undefined || left === right) continue;
    const joinedAt = pairs.probability[place] ?? 0;
    if (left.rows.length + right.rows.length > largest) {
      alone.push({ link, zone: 'review', rows: [a, b], joinedAt });
      continue;
    }
    const joined: Part = { rows: [...left.rows, ...right.rows], joinedAt, hasReview: true };
    for (const row of joined.rows) parts.set(clusterOf(clusters, row), joined);
  }
  const made = [...new Set(parts.values())].filter((part) => part.hasReview);
  const components = made.map(({ rows, joinedAt }): Component => ({ link, zone: 'review', rows, joinedAt }));
  return { components: [...components, ...alone], tooLarge: alone.length };
};

/** Clusters of the automatic zone with a link of this kind in them that no review group holds. */
export const autoClusters = (
  { pairs, clusters }: Pick<Joining, 'pairs' | 'clusters'>,
  auto: Int32Array,
  link: Link,
  taken: ReadonlySet<number>,
): readonly Component[] => {
  const wanted = auto.filter(
    (place) =>
      LINKS[pairs.link[place] ?? -1] === link &&
      clusterOf(clusters, pairs.a[place] ?? 0) === clusterOf(clusters, pairs.b[place] ?? 0),
  );
  const members = rowsByCluster(clusters, touchedRoots(pairs, clusters, wanted));
  return [...members.values()]
    .filter((rows) => rows.length > 1 && !rows.some((row) => taken.has(row)))
    .map((rows) => ({ link, zone: 'auto', rows, joinedAt: 1 }));
};
