import {
  generateMatching,
  matchingColumns,
  TRUTH_COLUMNS,
  type MatchingOptions,
} from '../../../scripts/demo/matching/file.ts';

const CELL = /(?:"((?:[^"]|"")*)"|([^,]*))(?:,|$)/gy;

/** Cells of one line; quoted ones may hold commas and doubled quotes. */
export const cellsOf = (line: string): readonly string[] => {
  const cells: string[] = [];
  CELL.lastIndex = 0;
  while (CELL.lastIndex <= line.length) {
    const match = CELL.exec(line);
    if (match === null) throw new RangeError(`not a line of cells: ${line}`);
    cells.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (CELL.lastIndex === line.length && !line.endsWith(',')) break;
    if (match[0] === '') break;
  }
  return cells;
};

export type Row = Readonly<Record<string, string>>;

const rowsIn = (text: string, columns: readonly string[]): readonly Row[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const cells = cellsOf(line);
      if (cells.length !== columns.length) throw new RangeError(`${cells.length} cells: ${line}`);
      return Object.fromEntries(columns.map((name, i) => [name, cells[i] ?? '']));
    });

/** The generated file and its truth, read again as anybody would. */
export const generated = (
  options: MatchingOptions,
): { readonly rows: readonly Row[]; readonly truth: readonly Row[] } => {
  let [data, truth] = ['', ''];
  for (const chunk of generateMatching(options)) {
    data += chunk.data;
    truth += chunk.truth;
  }
  return {
    rows: rowsIn(
      data,
      matchingColumns(options).map(({ name }) => name),
    ),
    truth: rowsIn(truth, TRUTH_COLUMNS),
  };
};
