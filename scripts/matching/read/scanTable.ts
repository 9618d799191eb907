import { GardeError, type Problem } from '../../kernel/result.ts';
import type { OpenedTable, RowIds } from './contract.ts';
import { createCsvBuilder } from './csvBuilder.ts';
import { cellRange, cellText, createRowScan, scanRow } from './csvRows.ts';
import { fileProblem, linesText } from './fileProblems.ts';
import { createRowIdWriter, indexRowIds, numberedIds, type RowIdWriter } from './rowIds.ts';
import { scanPlainRows } from './scanPlainRows.ts';
import { scanQuotedRows } from './scanQuotedRows.ts';
import { TOLD_LINES, type FoundRows, type RowStarts } from './foundRows.ts';

const QUOTE = 34;

/** A table whose every row has as many cells as its header, in RFC 4180. */
export type RegularTable = {
  readonly table: OpenedTable;
  readonly rows: number;
  readonly starts: RowStarts;
  /** Cells of a sample of rows, by column: the same whatever the order of the rows. */
  readonly sample: readonly (readonly string[])[];
};

const sampleOf = (table: OpenedTable, starts: readonly number[]): readonly (readonly string[])[] => {
  const scan = createRowScan(new Uint8Array(table.bytes), table.end, table.delimiter, table.header.length + 1);
  const columns = table.header.map((): string[] => []);
  for (const start of starts) {
    scanRow(scan, start);
    for (const [cell, values] of columns.entries()) values.push(cellText(scan, cell));
  }
  return columns;
};

const brokenProblem = (file: string, { code, line }: FoundRows['broken'][number]): Problem => {
  if (code === 'LineTooLong') return fileProblem('LineTooLong', file, `line ${line}`);
  return fileProblem(code === 'QuoteBroken' ? 'QuoteBroken' : 'QuoteNotClosed', file, `line ${line}`);
};

const problemsOf = (table: OpenedTable, found: FoundRows): readonly Problem[] => {
  const { ragged, raggedCount, broken } = found;
  const uneven = raggedCount === 0 ? [] : [fileProblem('RaggedRows', table.name, linesText(ragged, raggedCount))];
  const none = found.rows === 0 && broken.length === 0 ? [fileProblem('FileHasNoRows', table.name)] : [];
  return [...broken.map((one) => brokenProblem(table.name, one)), ...uneven, ...none];
};

const rewritten = (table: OpenedTable, found: FoundRows): OpenedTable => {
  const scan = createRowScan(new Uint8Array(table.bytes), table.end, table.delimiter, table.header.length);
  const builder = createCsvBuilder(table.delimiter);
  for (let row = 0; row < found.rows; row += 1) {
    scanRow(scan, found.starts[row] ?? 0);
    for (let cell = 0; cell < scan.count; cell += 1) builder.cellBytes(scan.bytes, ...cellRange(scan, cell));
    builder.endRow();
  }
  const bytes = builder.done();
  return { ...table, bytes, start: 0, end: bytes.byteLength };
};

/**
 * Reads a whole table once: every row's beginning, a sample of cells, and whatever is wrong with it, all at once. Blank
 * lines go; quotation marks and line ends that only some programs write are written anew. GardeError with `RaggedRows`,
 * `QuoteNotClosed`, `QuoteBroken`, `LineTooLong`, `FileHasNoRows`.
 */
export const scanTable = (opened: OpenedTable): RegularTable => {
  const found = scanPlainRows(opened) ?? scanQuotedRows(opened);
  const problems = problemsOf(opened, found);
  if (problems.length > 0) throw new GardeError(problems);
  const notes = found.blankLines > 0 ? ['blank-lines'] : [];
  const told = { ...opened, dialect: { ...opened.dialect, notes: [...opened.dialect.notes, ...notes] } };
  if (!found.isRegular) return scanTable(rewritten(told, found));
  const table = { ...told, end: found.end };
  return { table, rows: found.rows, starts: found.starts, sample: sampleOf(table, found.sample) };
};

/** The line of the file that a row begins on; exact only for tables that were not written anew. */
const lineOf = ({ table, starts }: RegularTable, row: number): number => {
  const bytes = new Uint8Array(table.bytes);
  const until = starts[row] ?? 0;
  let line = table.firstLine + 1;
  for (let i = table.start; i < until; i += 1) if (bytes[i] === 10) line += 1;
  return line;
};

const idProblems = (regular: RegularTable, ids: RowIds): readonly Problem[] => {
  const { name } = regular.table;
  const empty: number[] = [];
  let emptyCount = 0;
  for (let row = 0; row < ids.count; row += 1) {
    if ((ids.starts[row + 1] ?? 0) > (ids.starts[row] ?? 0)) continue;
    emptyCount += 1;
    if (empty.length < TOLD_LINES) empty.push(row);
  }
  const lines = (rows: readonly number[]): readonly number[] => rows.map((row) => lineOf(regular, row));
  if (emptyCount > 0) return [fileProblem('IdMissing', name, linesText(lines(empty), emptyCount))];
  const { repeated, repeatedCount } = indexRowIds(ids, TOLD_LINES / 2);
  if (repeatedCount === 0) return [];
  const at = repeated.map((pair) => lines(pair).join(' and ')).join('; ');
  const more = repeatedCount > repeated.length ? ` (${repeatedCount} in all)` : '';
  return [fileProblem('IdRepeated', name, `lines ${at}${more}`)];
};

/** Where the cells of a column begin: a quoted one at its mark. */
const cellStart = (bytes: Uint8Array, row: number, column: number, delimiter: number): number => {
  let at = row;
  for (let cell = 0; cell < column; cell += 1) {
    if (bytes[at] === QUOTE) at = afterQuoted(bytes, at);
    while (bytes[at] !== delimiter) at += 1;
    at += 1;
  }
  return at;
};

/** After the closing mark of a cell that was found to be closed. */
const afterQuoted = (bytes: Uint8Array, from: number): number => {
  let at = from + 1;
  while (bytes[at] !== QUOTE || bytes[at + 1] === QUOTE) at += bytes[at] === QUOTE ? 2 : 1;
  return at + 1;
};

const addQuoted = (writer: RowIdWriter, bytes: Uint8Array, from: number): void => {
  const text = new TextDecoder().decode(bytes.slice(from + 1, afterQuoted(bytes, from) - 1));
  const id = new TextEncoder().encode(text.replaceAll('""', '"'));
  writer.add(id, 0, id.length);
};

const collectIds = ({ table, rows, starts }: RegularTable, column: number): RowIds => {
  const bytes = new Uint8Array(table.bytes);
  const { delimiter, end } = table;
  const writer = createRowIdWriter(rows);
  for (let row = 0; row < rows; row += 1) {
    const from = cellStart(bytes, starts[row] ?? 0, column, delimiter);
    if (bytes[from] === QUOTE) {
      addQuoted(writer, bytes, from);
      continue;
    }
    let to = from;
    while (to < end && bytes[to] !== delimiter && bytes[to] !== 10 && bytes[to] !== 13) to += 1;
    writer.add(bytes, from, to);
  }
  return writer.done();
};

/** The ids of a column, or the numbers of the records. GardeErrors `IdMissing`, `IdRepeated`, with lines. */
export const readRowIds = (regular: RegularTable, column: number | undefined): RowIds => {
  if (column === undefined) return numberedIds(regular.rows);
  const ids = collectIds(regular, column);
  const problems = idProblems(regular, ids);
  if (problems.length > 0) throw new GardeError(problems);
  return ids;
};
