import { describe, expect, it } from '@jest/globals';
import { cluster } from '../../../scripts/matching/clusters/cluster.ts';

/** 0 and 1 cannot be one person; row 2 may be either of them. */
const labelsWith = (first: number, second: number): readonly number[] =>
  Array.from(
    cluster({
      rows: 3,
      edges: { a: Int32Array.of(0, 1), b: Int32Array.of(2, 2), probability: Float64Array.of(first, second) },
      together: [],
      apart: [],
      judge: (a, b) => {
        const areTwo = a === 0 && b === 1;
        return { contradicts: areTwo, areTwo, match: areTwo ? 0 : first };
      },
    }).labels,
  );

describe('a record that two people claim', () => {
  it('stays with neither when one is as likely as the other', () => {
    expect(labelsWith(0.97, 0.96)).toEqual([0, 1, 2]);
    expect(labelsWith(0.96, 0.97)).toEqual([0, 1, 2]);
  });

  it('goes to the one that is much likelier', () => {
    expect(labelsWith(0.999, 0.9)).toEqual([0, 1, 0]);
    expect(labelsWith(0.9, 0.999)).toEqual([0, 1, 1]);
  });
});
