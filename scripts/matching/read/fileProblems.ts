import { GardeError, type Problem } from '../../kernel/result.ts';

/** What may be wrong with an input file; the subject names the file and, where there is one, the line. */
export const FILE_PROBLEMS = {
  FileNotFound: ['There is no file at this path, or it may not be read.', 'Check the path and who may read it.'],
  FileEmpty: ['The file holds nothing.', 'Export it again; the first line must name the columns.'],
  FileHasNoRows: ['The file has a header and no record.', 'Export it again with its records.'],
  FileTooLarge: [
    'The file is larger than this machine can hold in memory.',
    'Cut it into parts, or use a larger machine.',
  ],
  FileFormatUnsupported: [
    'The file is in a format that is not read (old .xls, gzip, zip of something else, PDF).',
    'Save it as CSV in UTF-8, as .xlsx or as Parquet.',
  ],
  FileDamaged: ['The file says it is a workbook or Parquet file and cannot be read as one.', 'Export it again.'],
  FileNotText: [
    'The file holds NUL bytes: it is no text, or was damaged on its way.',
    'Export it again as CSV in UTF-8.',
  ],
  EncodingMixed: [
    'Some lines are UTF-8 and others are not: the file was put together from parts with different encodings.',
    'Save each part as UTF-8, then put them together again.',
  ],
  EncodingUnknown: [
    'The file is neither UTF-8, nor UTF-16, nor Windows-1252.',
    'Save it as UTF-8 (in Excel: "CSV UTF-8").',
  ],
  LineTooLong: [
    'A line is longer than 16 MiB: most likely a quotation mark is never closed, or line ends are missing.',
    'Look at the line in an editor that opens large files, then export the file again.',
  ],
  QuoteNotClosed: [
    'A quotation mark that begins a cell is never closed.',
    'Close it, or double the marks that belong to the text ("").',
  ],
  QuoteBroken: [
    'Text follows a closed quotation mark within a cell.',
    'Double the marks that belong to the text (""), as RFC 4180 says.',
  ],
  RaggedRows: [
    'Some lines have more or fewer cells than the header.',
    'Quote cells that hold the separator or a line end, or export the file again.',
  ],
  HeaderMissing: [
    'The first line looks like a record, not like names of columns.',
    'Put a line with column names first.',
  ],
  IdRepeated: [
    'Several records have the same id.',
    'Make ids unique, map another column as id, or map this one as ignore: records are then numbered.',
  ],
  IdMissing: ['Some records have no id.', 'Fill the id, or map the column as ignore: records are then numbered.'],
  NoUsableColumn: [
    'No column holds a name, organisation, e-mail, phone, birth date, address or identifier.',
    'Say what the columns hold with --columns map.yml.',
  ],
  MapColumnUnknown: ['The map names a column that the file has not got.', 'Check the spelling against the header.'],
  MapRoleTwice: ['The map names more than one id.', 'Map one column as id and the others as identifier or ignore.'],
  MapNotValid: ['The map of columns cannot be read.', 'Give one line a column: its name, a colon, what it holds.'],
} as const satisfies Readonly<Record<string, readonly [message: string, action: string]>>;

const words = new Map<string, readonly [message: string, action: string]>(Object.entries(FILE_PROBLEMS));

const wordsFor = (name: string): readonly [message: string, action: string] => {
  const found = words.get(name);
  if (found === undefined) throw new RangeError(`no words for ${name}`);
  return found;
};

/** A problem of an input file. `at`: where, in numbers only: `line 17`. RangeError for a code that has no words. */
export const fileProblem = (code: string, file: string, at?: string): Problem => {
  const [message, action] = wordsFor(code);
  return { code, subject: at === undefined ? file : `${file}, ${at}`, message, actions: [action] };
};

/** Ends reading with one problem. */
export const refuseFile = (code: string, file: string, at?: string): GardeError => {
  const [message, action] = wordsFor(code);
  return new GardeError([{ code, subject: at === undefined ? file : `${file}, ${at}`, message, actions: [action] }]);
};

/** `lines 3, 8 and 12 of 40 such`: where something is, when it is in many places. */
export const linesText = (lines: readonly number[], count: number): string => {
  const shown = lines.slice(0, 10).join(', ');
  const more = count > lines.length || count > 10 ? ` (${count} in all)` : '';
  return `${count === 1 ? 'line' : 'lines'} ${shown}${more}`;
};
