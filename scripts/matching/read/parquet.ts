import { asyncBufferFromFile, parquetMetadataAsync, parquetRead, parquetSchema } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { GardeError } from '../../kernel/result.ts';
import type { OpenedTable } from './contract.ts';
import { createCsvBuilder, type CsvBuilder } from './csvBuilder.ts';
import { uniqueNames } from './dialect.ts';
import { fileProblem, refuseFile } from './fileProblems.ts';
import { workbookText } from './workbook.ts';

const COMMA = 44;
/** Rows decoded at a time: bounds memory beside the lines themselves. */
const ROWS_AT_ONCE = 50_000;

const decoder = new TextDecoder();

const parquetText = (value: unknown): string =>
  value instanceof Uint8Array ? decoder.decode(value) : workbookText(value);

const readRows = async (path: string, builder: CsvBuilder) => {
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  const children = parquetSchema(metadata).children;
  const flat = children.filter((one) => one.children.length === 0 && one.element.repetition_type !== 'REPEATED');
  const columns = flat.map((one) => one.element.name);
  const nested = children.filter((one) => !flat.includes(one)).map((one) => one.element.name);
  const rows = Number(metadata.num_rows);
  for (let rowStart = 0; rowStart < rows && columns.length > 0; rowStart += ROWS_AT_ONCE) {
    const rowEnd = Math.min(rows, rowStart + ROWS_AT_ONCE);
    const onComplete = (batch: readonly (readonly unknown[])[]): void => {
      for (const row of batch) {
        for (let i = 0; i < columns.length; i += 1) builder.cell(parquetText(row[i]));
        builder.endRow();
      }
    };
    await parquetRead({ file, metadata, columns, compressors, rowStart, rowEnd, rowFormat: 'array', onComplete });
  }
  return { columns, nested };
};

/** A Parquet file as lines in memory; nested columns are told as left out. GardeErrors `FileDamaged`, `FileHasNoRows`. */
export const openParquet = async (path: string, file: string): Promise<OpenedTable> => {
  const builder = createCsvBuilder(COMMA);
  let read;
  try {
    read = await readRows(path, builder);
  } catch {
    // the library's own error may quote what the file holds
    throw new GardeError([fileProblem('FileDamaged', file)]);
  }
  if (builder.rows() === 0) throw refuseFile('FileHasNoRows', file);
  const bytes = builder.done();
  return {
    ...{ name: file, bytes, start: 0, end: bytes.byteLength, delimiter: COMMA, header: uniqueNames(read.columns) },
    firstLine: 0,
    dialect: {
      ...{ format: 'parquet', encoding: 'utf-8', delimiter: ',' },
      notes: read.nested.map((name) => `nested-column:${name}`),
    },
  };
};
