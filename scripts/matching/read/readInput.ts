import type { ColumnMap } from '../../model/columnMap.ts';
import { guessColumns } from '../columns/guessColumns.ts';
import type { MatchTable } from '../contract.ts';
import type { Knowledge } from '../knowledge/contract.ts';
import { assignColumns, checkMap, samplesOf, type ReadColumn } from './columns.ts';
import type { FileDialect, RowIds } from './contract.ts';
import { openTable } from './openTable.ts';
import { readRowIds, scanTable, type RegularTable } from './scanTable.ts';

/** A table that is ready to be matched, with the ids of its rows. */
export type MatchInput = {
  readonly table: MatchTable;
  readonly rows: number;
  readonly ids: RowIds;
  readonly columns: readonly ReadColumn[];
  /** How a file was understood; undefined for objects of an org. */
  readonly dialect?: FileDialect;
  /** True when the records have no id of their own and are numbered from 1. */
  readonly isNumbered: boolean;
};

export type InputFile = { readonly path: string; readonly side: 'a' | 'b' };

const inputOf = (regular: RegularTable, file: InputFile, map: ColumnMap, knowledge: Knowledge): MatchInput => {
  const { table, rows, sample } = regular;
  const guess = guessColumns(samplesOf(table.header, sample), knowledge);
  const { columns, told, id, entity, country } = assignColumns(table.name, table.header, guess, map);
  const { name, bytes, start, end, delimiter, dialect } = table;
  return {
    table: {
      ...{ name, side: file.side, bytes, start, end, delimiter, columns, entity },
      ...(country === undefined ? {} : { country }),
    },
    ...{ rows, ids: readRowIds(regular, id), columns: told, dialect, isNumbered: id === undefined },
  };
};

/**
 * Reads files to be matched: opened at once, checked whole, columns by map and guess. GardeErrors of `openTable`,
 * `scanTable`, `checkMap`, `assignColumns`, `readRowIds`; those of the second file are told when the first has none.
 */
export const readInputs = async (
  files: readonly InputFile[],
  map: ColumnMap,
  knowledge: Knowledge,
): Promise<readonly MatchInput[]> => {
  const opened = await Promise.all(files.map(({ path }) => openTable(path)));
  checkMap(opened, map);
  const inputs: MatchInput[] = [];
  for (const [i, table] of opened.entries()) {
    const file = files[i];
    if (file !== undefined) inputs.push(inputOf(scanTable(table), file, map, knowledge));
  }
  return inputs;
};
