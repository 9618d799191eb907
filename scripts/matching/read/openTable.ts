import type { OpenedTable } from './contract.ts';
import { readHead } from './dialect.ts';
import { toUtf8 } from './encoding.ts';
import { openParquet } from './parquet.ts';
import { formatOf, readShared } from './sharedFile.ts';
import { openWorkbook } from './workbook.ts';

/** CSV bytes in whatever encoding as a table; `bytes` is kept when it is UTF-8 already. GardeErrors as `openTable`. */
export const openCsvBytes = (bytes: SharedArrayBuffer, name: string): OpenedTable => {
  const utf8 = toUtf8(bytes, name);
  const head = readHead(new Uint8Array(utf8.bytes), utf8.start, utf8.end, name);
  return {
    ...{ name, bytes: utf8.bytes, start: head.start, end: utf8.end, delimiter: head.delimiter.charCodeAt(0) },
    header: head.header,
    firstLine: head.lines,
    dialect: { format: 'csv', encoding: utf8.encoding, delimiter: head.delimiter, notes: [] },
  };
};

/**
 * Opens a CSV, XLSX or Parquet file by its content, whatever its name ends in, to its header. GardeErrors `FileNotFound`,
 * `FileEmpty`, `FileHasNoRows`, `FileTooLarge`, `FileFormatUnsupported`, `FileDamaged`, `FileNotText`, `EncodingMixed`,
 * `EncodingUnknown`, `LineTooLong`, `HeaderMissing`, `QuoteNotClosed`, `QuoteBroken`, `RaggedRows`.
 */
export const openTable = async (path: string): Promise<OpenedTable> => {
  const { name, bytes } = await readShared(path);
  const format = formatOf(new Uint8Array(bytes), name);
  if (format === 'xlsx') return openWorkbook(path, name);
  if (format === 'parquet') return openParquet(path, name);
  return openCsvBytes(bytes, name);
};
