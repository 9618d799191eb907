import type { RowNumber } from './contract.ts';
import type { RowIds } from './read/contract.ts';
import { idOf, indexRowIds, type RowIdIndex } from './read/rowIds.ts';

/** Rows of several tables under one numbering, as the engine numbers them. */
export type RowSpace = {
  readonly rows: number;
  /** First row of each table, and the end. */
  readonly offsets: readonly number[];
  readonly tables: readonly { readonly name: string; readonly ids: RowIds }[];
  readonly tableOf: (row: RowNumber) => number;
  readonly idOf: (row: RowNumber) => string;
  /** Every row with this id; in tables of this name only, when one is given. */
  readonly find: (id: string, table?: string) => readonly RowNumber[];
};

/** Numbers the rows of tables in their order; the index for `find` is made when it is first asked. */
export const rowSpaceOf = (tables: RowSpace['tables']): RowSpace => {
  const offsets = tables.reduce<number[]>((sums, { ids }) => [...sums, (sums.at(-1) ?? 0) + ids.count], [0]);
  let indexes: readonly RowIdIndex[] | undefined;
  const tableOf = (row: RowNumber): number => {
    let table = 0;
    while (row >= (offsets[table + 1] ?? Number.POSITIVE_INFINITY)) table += 1;
    return table;
  };
  return {
    ...{ rows: offsets.at(-1) ?? 0, offsets, tables, tableOf },
    idOf: (row) => {
      const table = tableOf(row);
      const ids = tables[table]?.ids;
      return ids === undefined ? '' : idOf(ids, row - (offsets[table] ?? 0));
    },
    find: (id, name) => {
      indexes ??= tables.map(({ ids }) => indexRowIds(ids));
      return indexes.flatMap((index, table) => {
        const row = name === undefined || tables[table]?.name === name ? index.rowOf(id) : undefined;
        return row === undefined ? [] : [row + (offsets[table] ?? 0)];
      });
    },
  };
};
