import type { RowSpace } from '../rowSpace.ts';
import { bytesOf, writeLines, type LineWriter } from './lineWriter.ts';
import { compareIds } from './writePairs.ts';

/**
 * The row that names each cluster: the one with the lowest id, of the first table that has one. The same whatever the order
 * of the rows. `clusters`: the lowest row of each row's group.
 */
export const namingRows = (clusters: Int32Array, space: RowSpace): Int32Array => {
  const naming = Int32Array.from(clusters, (_, row) => row);
  for (const [table, { ids }] of space.tables.entries()) {
    const offset = space.offsets[table] ?? 0;
    for (let row = 0; row < ids.count; row += 1) {
      const root = clusters[row + offset] ?? row + offset;
      const best = (naming[root] ?? root) - offset;
      // a row of an earlier table keeps the name
      if (root !== row + offset && best >= 0 && compareIds(ids, row, ids, best) < 0) naming[root] = row + offset;
    }
  }
  return naming;
};

const COMMA = bytesOf(',');

const cell = (text: string): string => (/[",\n\r]|^[=+@\-\t ]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Writes the name of the group that a row belongs to. */
const nameWriter = (clusters: Int32Array, space: RowSpace, lines: LineWriter) => {
  const naming = namingRows(clusters, space);
  const [first] = space.tables;
  const firstRows = space.offsets[1] ?? 0;
  return (row: number): void => {
    const named = naming[clusters[row] ?? row] ?? row;
    if (named < firstRows && first !== undefined) lines.id(first.ids, named);
    else lines.plain(bytesOf(cell(`${space.tables[space.tableOf(named)]?.name ?? ''}:${space.idOf(named)}`)));
  };
};

/**
 * `clusters.csv`: `id,cluster`, every row of the input. A cluster is named by its lowest id. With two tables a third column
 * `file` tells whose id it is, and clusters that only the second one has are named `file:id`.
 */
export const writeClusters = (path: string, clusters: Int32Array, space: RowSpace): Promise<void> =>
  writeLines(path, async (lines) => {
    const isSeveral = space.tables.length > 1;
    lines.plain(bytesOf(isSeveral ? 'id,cluster,file' : 'id,cluster'));
    lines.end();
    const writeName = nameWriter(clusters, space, lines);
    let at = 0;
    for (const { ids, name } of space.tables) {
      const tail = bytesOf(isSeveral ? `,${cell(name)}` : '');
      for (let row = 0; row < ids.count; row += 1) {
        lines.id(ids, row);
        lines.plain(COMMA);
        writeName(at);
        lines.plain(tail);
        at += 1;
        if (lines.end()) await lines.flush();
      }
    }
  });
