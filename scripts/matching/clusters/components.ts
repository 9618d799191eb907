/** Sets of two rows and more, each with its rows ascending, in the order of their lowest row. */
export type Components = {
  /** Start of each component in `rows`, and the end of the last one. */
  readonly starts: Int32Array;
  readonly rows: Int32Array;
};

/** Groups rows by label in two passes over the rows; no map, no sort. */
export const componentsOf = (labels: Int32Array): Components => {
  const sizes = new Int32Array(labels.length);
  for (const label of labels) sizes[label] = (sizes[label] ?? 0) + 1;
  const place = new Int32Array(labels.length).fill(-1);
  const starts: number[] = [];
  let filled = 0;
  sizes.forEach((size, label) => {
    if (size < 2) return;
    place[label] = filled;
    starts.push(filled);
    filled += size;
  });
  starts.push(filled);
  const rows = new Int32Array(filled);
  labels.forEach((label, row) => {
    const at = place[label] ?? -1;
    if (at < 0) return;
    rows[at] = row;
    place[label] = at + 1;
  });
  return { starts: Int32Array.from(starts), rows };
};
