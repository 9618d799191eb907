/** How the bytes of an input were understood: told in the answer, since a wrong guess shows there first. */
export type FileDialect = {
  readonly format: 'csv' | 'xlsx' | 'parquet';
  readonly encoding: 'utf-8' | 'utf-8-bom' | 'utf-16le' | 'utf-16be' | 'windows-1252';
  /** The separator of the file itself; of a workbook or Parquet file that of its lines in memory. */
  readonly delimiter: ',' | ';' | '\t' | '|';
  /** Name of the sheet that was read. */
  readonly sheet?: string;
  /** What was left out or mended on the way in, as codes: `blank-lines`, `nested-column:address`. */
  readonly notes: readonly string[];
};

/** A file opened to its header: lines in memory as the engine reads them, columns not yet understood. */
export type OpenedTable = {
  /** The file's own name without folders. */
  readonly name: string;
  readonly bytes: SharedArrayBuffer;
  /** Where the first record begins and the last one ends. */
  readonly start: number;
  readonly end: number;
  /** Character code of the separator. */
  readonly delimiter: number;
  /** Names of the columns in their order, unique: a second `email` is `email (2)`, an unnamed one `column 7`. */
  readonly header: readonly string[];
  /** Lines before the first record: what line numbers in problems count from. */
  readonly firstLine: number;
  readonly dialect: FileDialect;
};

/** The ids of the records of a table, as bytes: row `i` is `bytes[starts[i] .. starts[i + 1])`. */
export type RowIds = {
  readonly count: number;
  readonly bytes: Uint8Array;
  /** `count + 1` entries. */
  readonly starts: Uint32Array;
};
