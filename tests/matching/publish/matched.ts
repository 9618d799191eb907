import { LINKS, ZONES } from '../../../scripts/matching/contract.ts';
import type { Link, MatchResult, Zone } from '../../../scripts/matching/contract.ts';
import type { MatchedRecord } from '../../../scripts/model/duplicateGroup.ts';

export type GivenPair = {
  readonly a: number;
  readonly b: number;
  readonly probability: number;
  readonly link?: Link;
  readonly zone?: Zone;
};

/** As much of a result as publishing reads, from pairs; automatic ones make clusters. */
export const matched = (
  rows: number,
  given: readonly GivenPair[],
): Pick<MatchResult, 'rows' | 'pairs' | 'clusters'> => {
  const pairs = given
    .map((pair) => ({ ...pair, a: Math.min(pair.a, pair.b), b: Math.max(pair.a, pair.b) }))
    .sort((x, y) => x.a - y.a || x.b - y.b);
  const clusters = Int32Array.from({ length: rows }, (_, row) => row);
  const join = (from: number, to: number): void => {
    for (const [row, root] of clusters.entries()) if (root === from) clusters[row] = to;
  };
  for (const { a, b } of pairs.filter(({ zone }) => zone === 'auto')) {
    const roots = [clusters[a] ?? a, clusters[b] ?? b];
    join(Math.max(...roots), Math.min(...roots));
  }
  return {
    rows,
    clusters,
    pairs: {
      count: pairs.length,
      a: Int32Array.from(pairs, ({ a }) => a),
      b: Int32Array.from(pairs, ({ b }) => b),
      probability: Float64Array.from(pairs, ({ probability }) => probability),
      link: Uint8Array.from(pairs, ({ link }) => LINKS.indexOf(link ?? 'person')),
      zone: Uint8Array.from(pairs, ({ zone }) => ZONES.indexOf(zone ?? 'review')),
      rule: new Uint8Array(pairs.length),
    },
  };
};

export const recordOfRow = (row: number): MatchedRecord => ({ object: 'Contact', id: `r${row}` });
