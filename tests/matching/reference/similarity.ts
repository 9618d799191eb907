/** Slow and plain on purpose: the definitions as they are printed, over arrays of bytes. */

/** M. A. Jaro (1989): matches within half the longer string, transpositions among them. */
export const jaro = (a: readonly number[], b: readonly number[]): number => {
  if (a.length === 0 && b.length === 0) return 1;
  if (a.length === 0 || b.length === 0) return 0;
  const reach = Math.max(0, Math.floor(Math.max(a.length, b.length) / 2) - 1);
  const taken = b.map(() => false);
  const fromA: number[] = [];
  a.forEach((letter, i) => {
    const j = b.findIndex((other, at) => !taken[at] && Math.abs(at - i) <= reach && other === letter);
    if (j < 0) return;
    taken[j] = true;
    fromA.push(letter);
  });
  const fromB = b.filter((_, j) => taken[j]);
  if (fromA.length === 0) return 0;
  const moved = Math.floor(fromA.filter((letter, i) => letter !== fromB[i]).length / 2);
  const matches = fromA.length;
  return (matches / a.length + matches / b.length + (matches - moved) / matches) / 3;
};

/** W. E. Winkler (1990): a tenth for each of the first letters that agree, four at most. */
export const jaroWinkler = (a: readonly number[], b: readonly number[]): number => {
  const similarity = jaro(a, b);
  let prefix = 0;
  while (prefix < 4 && prefix < a.length && prefix < b.length && a[prefix] === b[prefix]) prefix += 1;
  return similarity + prefix * 0.1 * (1 - similarity);
};

const table = (rows: number, columns: number): number[][] =>
  Array.from({ length: rows + 1 }, (_, i) =>
    Array.from({ length: columns + 1 }, (_, j) => (i === 0 ? j : j === 0 ? i : 0)),
  );

/** Letters inserted, left out and changed (Wagner and Fischer 1974); with `swaps`, neighbours exchanged too (optimal string alignment). */
export const editDistance = (a: readonly number[], b: readonly number[], swaps: boolean): number => {
  const cost = table(a.length, b.length);
  const at = (i: number, j: number): number => cost[i]![j]!;
  for (let i = 1; i <= a.length; i += 1)
    for (let j = 1; j <= b.length; j += 1) {
      let least = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (swaps && i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, at(i - 2, j - 2) + 1);
      cost[i]![j] = least;
    }
  return at(a.length, b.length);
};
