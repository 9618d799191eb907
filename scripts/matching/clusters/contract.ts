/** Pairs that would be merged: in any order, one entry a pair. */
export type ClusterEdges = {
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly probability: Float64Array;
};

export type ClusterInput = {
  readonly rows: number;
  readonly edges: ClusterEdges;
  /** People's decisions; `apart` wins where both speak of the same two rows. */
  readonly together: readonly (readonly [number, number])[];
  readonly apart: readonly (readonly [number, number])[];
  /**
   * What two rows of a group say to each other: whether they contradict, how likely they are one, and whether they are two of
   * one home beyond doubt (twins, father and son).
   */
  readonly judge: (
    a: number,
    b: number,
  ) => { readonly contradicts: boolean; readonly match: number; readonly areTwo?: boolean };
};

export type Clusters = {
  /** Row → the lowest row of its group. */
  readonly labels: Int32Array;
  /** Edges whose rows were kept apart, by reason. */
  readonly contradicted: number;
  readonly weakBridges: number;
  readonly forbidden: number;
};
