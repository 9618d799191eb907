import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cluster } from '../../../scripts/matching/clusters/cluster.ts';
import type { ClusterInput } from '../../../scripts/matching/clusters/contract.ts';

type Edge = readonly [number, number, number];

const input = (rows: number, edges: readonly Edge[], more: Partial<ClusterInput> = {}): ClusterInput => ({
  rows,
  edges: {
    a: Int32Array.from(edges, ([a]) => a),
    b: Int32Array.from(edges, ([, b]) => b),
    probability: Float64Array.from(edges, ([, , probability]) => probability),
  },
  together: [],
  apart: [],
  judge: () => ({ contradicts: false, match: 0.9 }),
  ...more,
});
const labels = (of: ClusterInput): number[] => Array.from(cluster(of).labels);
const between = (pairs: readonly (readonly [number, number])[]) => (a: number, b: number) =>
  pairs.some(([one, other]) => one === a && other === b)
    ? { contradicts: true, match: 0.001 }
    : { contradicts: false, match: 0.9 };

describe('groups of duplicates', () => {
  it('joins connected rows under their lowest row', () => {
    expect(
      labels(
        input(6, [
          [1, 4, 0.99],
          [4, 5, 0.98],
          [2, 3, 0.97],
        ]),
      ),
    ).toEqual([0, 1, 2, 2, 1, 1]);
  });

  it('keeps father and son apart when a record with an initial only resembles both', () => {
    // 0 father, 1 the initial, 2 son
    const found = cluster(
      input(
        3,
        [
          [0, 1, 0.99],
          [1, 2, 0.95],
        ],
        { judge: between([[0, 2]]) },
      ),
    );
    expect(Array.from(found.labels)).toEqual([0, 0, 2]);
    expect(found.contradicted).toBe(1);
  });

  it('does not let one contradicting pair break up a group that all others hold together', () => {
    const all: Edge[] = [0, 1, 2, 3].flatMap((a) => [0, 1, 2, 3].filter((b) => b > a).map((b): Edge => [a, b, 0.99]));
    const edges = all.filter(([a, b]) => !(a === 0 && b === 3));
    expect(new Set(labels(input(4, edges, { judge: between([[0, 3]]) }))).size).toBe(1);
  });

  it('joins no two groups by a single pair when their other rows are strangers', () => {
    const groups: Edge[] = [
      [0, 1, 0.99],
      [0, 2, 0.99],
      [1, 2, 0.99],
      [3, 4, 0.99],
      [3, 5, 0.99],
      [4, 5, 0.99],
      [2, 3, 0.9],
    ];
    const judge: ClusterInput['judge'] = (a, b) => ({
      contradicts: false,
      match: a < 3 === b < 3 ? 0.99 : a === 2 && b === 3 ? 0.9 : 0,
    });
    const found = cluster(input(6, groups, { judge }));
    expect(Array.from(found.labels)).toEqual([0, 0, 0, 3, 3, 3]);
    expect(found.weakBridges).toBe(1);
  });

  it('obeys decisions: joined rows are joined, rows kept apart stay apart, also by way of others', () => {
    const found = cluster(
      input(
        5,
        [
          [0, 1, 0.99],
          [1, 2, 0.98],
        ],
        { apart: [[0, 2]], together: [[3, 4]] },
      ),
    );
    expect(Array.from(found.labels)).toEqual([0, 0, 2, 3, 3]);
    expect(found.forbidden).toBe(1);
  });

  it('lets the decision to keep apart win over decisions to join', () => {
    const found = cluster(
      input(3, [], {
        apart: [[0, 2]],
        together: [
          [0, 1],
          [1, 2],
        ],
      }),
    );
    expect(Array.from(found.labels)).toEqual([0, 0, 2]);
    expect(found.forbidden).toBe(1);
  });

  it('never splits what a decision joined', () => {
    const found = cluster(
      input(3, [[1, 2, 0.95]], {
        together: [[0, 1]],
        judge: between([
          [0, 1],
          [0, 2],
        ]),
      }),
    );
    expect(found.labels[1]).toBe(0);
  });

  const someEdges = fc.uniqueArray(
    fc.tuple(fc.nat(9), fc.nat(9), fc.integer({ min: 50, max: 99 })).filter(([a, b]) => a < b),
    { selector: ([a, b]) => a * 10 + b, maxLength: 20 },
  );

  it('gives the same groups whatever the order of the pairs', () => {
    fc.assert(
      fc.property(someEdges, fc.infiniteStream(fc.nat()), (edges, chance) => {
        const scored = edges.map(([a, b, hundredths]): Edge => [a, b, hundredths / 100]);
        const keyed = scored.map((edge) => ({ edge, key: Number(chance.next().value) }));
        const shuffled = keyed.sort((one, other) => one.key - other.key).map(({ edge }) => edge);
        const judge: ClusterInput['judge'] = (a, b) => ({ contradicts: (a + b) % 7 === 0, match: 0.01 });
        expect(labels(input(10, shuffled, { judge }))).toEqual(labels(input(10, scored, { judge })));
      }),
    );
  });

  it('never joins rows that no chain of pairs connects, and names each group by its lowest row', () => {
    fc.assert(
      fc.property(someEdges, (edges) => {
        const scored = edges.map(([a, b, hundredths]): Edge => [a, b, hundredths / 100]);
        const found = labels(input(10, scored));
        const reachable = (from: number): Set<number> => {
          const seen = new Set([from]);
          for (const row of seen) for (const [a, b] of scored) if (a === row || b === row) seen.add(a === row ? b : a);
          return seen;
        };
        found.forEach((label, row) => {
          expect(label).toBe(Math.min(...reachable(row)));
        });
      }),
    );
  });
});
