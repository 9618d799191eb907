import type { PairDecision } from '../contract.ts';
import type { RowSpace } from '../rowSpace.ts';
import type { Decision } from './contract.ts';

/** A decision by ids, from wherever it is remembered. */
export type NamedDecision = {
  readonly a: { readonly id: string; readonly table?: string };
  readonly b: { readonly id: string; readonly table?: string };
  readonly decision: Decision;
  /** ISO instant; of two decisions about the same records the later one counts. */
  readonly at: string | null;
};

export type BoundDecisions = {
  readonly decisions: readonly PairDecision[];
  /** Decisions about records that are not in this run. */
  readonly elsewhere: number;
};

const later = (a: string | null, b: string | null): boolean => (a ?? '') >= (b ?? '');

const pairsHere = (space: RowSpace, a: NamedDecision['a'], b: NamedDecision['b']) =>
  space.find(a.id, a.table).flatMap((first) =>
    space
      .find(b.id, b.table)
      .filter((second) => second !== first)
      .map((second) => ({ a: Math.min(first, second), b: Math.max(first, second) })),
  );

/** Decisions as pairs of rows: the latest of each pair, in the order of the rows. */
export const bindDecisions = (named: Iterable<NamedDecision>, space: RowSpace): BoundDecisions => {
  const bound = new Map<string, PairDecision & { readonly at: string | null }>();
  let elsewhere = 0;
  for (const { a, b, decision, at } of named) {
    const pairs = pairsHere(space, a, b);
    if (pairs.length === 0) elsewhere += 1;
    for (const pair of pairs) {
      const key = `${pair.a} ${pair.b}`;
      const known = bound.get(key);
      if (known === undefined || later(at, known.at)) bound.set(key, { ...pair, decision, at });
    }
  }
  const decisions = [...bound.values()]
    .sort((x, y) => x.a - y.a || x.b - y.b)
    .map(({ a, b, decision }): PairDecision => ({ a, b, decision }));
  return { decisions, elsewhere };
};
