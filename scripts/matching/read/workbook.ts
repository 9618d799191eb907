import { createReadStream } from 'node:fs';
import ExcelJS from 'exceljs';
import { GardeError } from '../../kernel/result.ts';
import type { OpenedTable } from './contract.ts';
import { createCsvBuilder, type CsvBuilder } from './csvBuilder.ts';
import { uniqueNames } from './dialect.ts';
import { fileProblem, linesText, refuseFile } from './fileProblems.ts';

const COMMA = 44;

type Row = { readonly number: number; readonly values: readonly unknown[] };

const isoOf = (date: Date): string => {
  if (Number.isNaN(date.getTime())) return '';
  const iso = date.toISOString();
  return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : iso.slice(0, 19);
};

const partOf = (value: object, name: string): unknown => (value as Readonly<Record<string, unknown>>)[name];

/** What a cell shows: the result of a formula, the words of rich text and links, a date as ISO. */
export const workbookText = (value: unknown): string => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return '';
  return value instanceof Date ? isoOf(value) : objectText(value);
};

const objectText = (value: object): string => {
  const runs = partOf(value, 'richText');
  if (Array.isArray(runs)) return runs.map((run) => workbookText(partOf(run as object, 'text'))).join('');
  if ('text' in value) return workbookText(partOf(value, 'text'));
  return 'result' in value ? workbookText(partOf(value, 'result')) : '';
};

const textsOf = ({ values }: Row): readonly string[] => Array.from(values, (value) => workbookText(value)).slice(1);

type Sheet = { header: readonly string[]; headerRow: number; readonly ragged: number[]; raggedCount: number };

const addRow = (sheet: Sheet, builder: CsvBuilder, row: Row): void => {
  const texts = textsOf(row);
  if (texts.every((text) => text.trim() === '')) return;
  if (sheet.headerRow === 0) {
    sheet.header = uniqueNames(texts);
    sheet.headerRow = row.number;
    return;
  }
  if (texts.slice(sheet.header.length).some((text) => text !== '')) {
    sheet.raggedCount += 1;
    if (sheet.ragged.length < 10) sheet.ragged.push(row.number);
  }
  for (let i = 0; i < sheet.header.length; i += 1) builder.cell(texts[i] ?? '');
  builder.endRow();
};

const options = {
  sharedStrings: 'cache',
  styles: 'cache',
  hyperlinks: 'ignore',
  worksheets: 'emit',
  entries: 'ignore',
} as const;

const readSheets = async (path: string, builder: CsvBuilder) => {
  const sheet: Sheet = { header: [], headerRow: 0, ragged: [], raggedCount: 0 };
  let name = '';
  const leftOut: string[] = [];
  const reader = new ExcelJS.stream.xlsx.WorkbookReader(createReadStream(path), options);
  for await (const worksheet of reader) {
    const { name: called } = worksheet as unknown as { readonly name?: unknown };
    const own = typeof called === 'string' ? called : '';
    const isLater = sheet.headerRow > 0;
    let rows = 0;
    for await (const row of worksheet) {
      rows += 1;
      if (!isLater) addRow(sheet, builder, row as unknown as Row);
    }
    if (isLater && rows > 0) leftOut.push(own);
    else if (sheet.headerRow > 0) name = own;
  }
  return { sheet, name, leftOut };
};

/**
 * The first sheet of a workbook that holds something, as lines in memory; other sheets are told as left out. GardeErrors
 * `FileDamaged`, `FileEmpty`, `FileHasNoRows`, `RaggedRows`.
 */
export const openWorkbook = async (path: string, file: string): Promise<OpenedTable> => {
  const builder = createCsvBuilder(COMMA);
  let read;
  try {
    read = await readSheets(path, builder);
  } catch (error) {
    if (error instanceof GardeError) throw error;
    // the library's own error may quote what the file holds
    throw new GardeError([fileProblem('FileDamaged', file)]);
  }
  const { sheet, name, leftOut } = read;
  if (sheet.headerRow === 0) throw refuseFile('FileEmpty', file);
  if (sheet.raggedCount > 0) throw refuseFile('RaggedRows', file, linesText(sheet.ragged, sheet.raggedCount));
  if (builder.rows() === 0) throw refuseFile('FileHasNoRows', file);
  const bytes = builder.done();
  return {
    ...{ name: file, bytes, start: 0, end: bytes.byteLength, delimiter: COMMA, header: sheet.header },
    firstLine: sheet.headerRow,
    dialect: {
      ...{ format: 'xlsx', encoding: 'utf-8', delimiter: ',', sheet: name },
      notes: leftOut.map((other) => `sheet-left-out:${other}`),
    },
  };
};
