/** Row → the lowest row it is connected with: labels spread until nothing changes. */
export const connected = (rows: number, edges: readonly (readonly [number, number])[]): readonly number[] => {
  const labels = Array.from({ length: rows }, (_, row) => row);
  for (let changed = true; changed;) {
    changed = false;
    for (const [a, b] of edges) {
      const low = Math.min(labels[a]!, labels[b]!);
      if (labels[a] !== low || labels[b] !== low) changed = true;
      labels[a] = low;
      labels[b] = low;
    }
  }
  return labels;
};

/** Values by key, in the order they come. */
export const groupedBy = <T>(
  values: readonly T[],
  keyOf: (value: T, at: number) => string,
): ReadonlyMap<string, readonly T[]> => {
  const groups = new Map<string, T[]>();
  values.forEach((value, at) => {
    const group = groups.get(keyOf(value, at));
    if (group === undefined) groups.set(keyOf(value, at), [value]);
    else group.push(value);
  });
  return groups;
};

const choose2 = (n: number): number => (n * (n - 1)) / 2;

export type Score = { readonly precision: number; readonly recall: number; readonly f1: number };

/** Pairs that two groupings of the same rows have in common: `found` against `truth`. */
export const pairScore = (found: readonly (number | string)[], truth: readonly (number | string)[]): Score => {
  const [both, foundSizes, truthSizes] = [
    new Map<string, number>(),
    new Map<string, number>(),
    new Map<string, number>(),
  ];
  const add = (sizes: Map<string, number>, key: string): void => void sizes.set(key, (sizes.get(key) ?? 0) + 1);
  found.forEach((label, row) => {
    add(both, `${label} ${truth[row]!}`);
    add(foundSizes, String(label));
    add(truthSizes, String(truth[row]!));
  });
  const pairsIn = (sizes: Map<string, number>) => [...sizes.values()].reduce((sum, n) => sum + choose2(n), 0);
  const [common, announced, actual] = [pairsIn(both), pairsIn(foundSizes), pairsIn(truthSizes)];
  const precision = announced === 0 ? 1 : common / announced;
  const recall = actual === 0 ? 1 : common / actual;
  return { precision, recall, f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
};
