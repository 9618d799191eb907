/** Disjoint sets over row numbers; the lowest row of a set stands for it, so the answer does not depend on the order of unions. */
export type UnionFind = {
  readonly find: (row: number) => number;
  /** The row that now stands for both. */
  readonly union: (one: number, other: number) => number;
  /** Row → the lowest row of its set. */
  readonly labels: () => Int32Array;
};

export const unionFind = (rows: number): UnionFind => {
  const parent = new Int32Array(rows);
  for (let row = 0; row < rows; row += 1) parent[row] = row;
  const find = (row: number): number => {
    let at = row;
    for (;;) {
      const up = parent[at] ?? at;
      if (up === at) return at;
      const above = parent[up] ?? up;
      parent[at] = above;
      at = above;
    }
  };
  const union = (one: number, other: number): number => {
    const left = find(one);
    const right = find(other);
    const low = Math.min(left, right);
    parent[Math.max(left, right)] = low;
    return low;
  };
  const labels = (): Int32Array => {
    for (let row = 0; row < rows; row += 1) parent[row] = find(row);
    return parent;
  };
  return { find, union, labels };
};
