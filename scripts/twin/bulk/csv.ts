import { TwinError } from '../contract.ts';

/** Column delimiters by the platform's names. */
export const DELIMITERS = {
  BACKQUOTE: '`',
  CARET: '^',
  COMMA: ',',
  PIPE: '|',
  SEMICOLON: ';',
  TAB: '\t',
} as const;

export type DelimiterName = keyof typeof DELIMITERS;

export const LINE_ENDINGS = { LF: '\n', CRLF: '\r\n' } as const;
export type LineEndingName = keyof typeof LINE_ENDINGS;

/** One cell as result files write it: always quoted. */
export const csvCell = (text: string): string => `"${text.includes('"') ? text.replaceAll('"', '""') : text}"`;

export const csvLine = (cells: readonly string[], delimiter: string, ending: string): string =>
  cells.map(csvCell).join(delimiter) + ending;

/** Longest record kept in memory while its end is looked for (the platform's limit per record is 400,000 characters). */
const LONGEST_RECORD = 4_000_000;

export type CsvReader = {
  /** Complete records of the text so far. */
  push(text: string): readonly (readonly string[])[];
  /** The last record, when the file does not end with a line break. */
  end(): readonly (readonly string[])[];
};

type Parsed = { readonly cells: readonly string[]; readonly next: number };

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);

/** The index just after a quoted cell's closing quote; -1 when the text ends before it. */
const closingQuote = (text: string, from: number): number => {
  let at = text.indexOf('"', from);
  while (at >= 0 && text.charAt(at + 1) === '"') at = text.indexOf('"', at + 2);
  return at < 0 ? -1 : at + 1;
};

/** Where the next `what` is, the end of the text when there is none. */
const nextOf = (text: string, what: string, from: number): number => {
  const at = text.indexOf(what, from);
  return at < 0 ? text.length : at;
};

type Cell = { readonly text: string; readonly end: number };

const quotedCell = (text: string, at: number): Cell | undefined => {
  const end = closingQuote(text, at + 1);
  if (end < 0) return undefined;
  return { text: text.slice(at + 1, end - 1).replaceAll('""', '"'), end: text[end] === '\r' ? end + 1 : end };
};

const bareCell = (text: string, at: number, delimiter: string, lineEnd: number): Cell => {
  const end = Math.min(nextOf(text, delimiter, at), lineEnd);
  const cell = text.slice(at, end);
  return { text: text[end] === delimiter ? cell : withoutReturn(cell), end };
};

/** One record that holds quotes, from `start`; undefined when its end is not in the text. */
const parseQuoted = (text: string, start: number, delimiter: string, last: boolean): Parsed | undefined => {
  const cells: string[] = [];
  let at = start;
  let lineEnd = nextOf(text, '\n', start);
  for (;;) {
    if (lineEnd < at) lineEnd = nextOf(text, '\n', at);
    const cell = text[at] === '"' ? quotedCell(text, at) : bareCell(text, at, delimiter, lineEnd);
    if (cell === undefined || (cell.end >= text.length && !last)) return undefined;
    cells.push(cell.text);
    if (cell.end >= text.length) return { cells, next: text.length };
    if (text[cell.end] === '\n') return { cells, next: cell.end + 1 };
    if (text[cell.end] !== delimiter)
      throw new TwinError('CLIENTINPUTERROR', 'A quoted value is followed by other text.');
    at = cell.end + 1;
  }
};

/** The record without quotes from `at` on; undefined when more text is needed. */
const parsePlain = (text: string, at: number, delimiter: string, last: boolean): Parsed | undefined => {
  const end = nextOf(text, '\n', at);
  if (end === text.length && !last) return undefined;
  return { cells: withoutReturn(text.slice(at, end)).split(delimiter), next: end + 1 };
};

/** The records that are complete, and where the rest begins. */
const parseRecords = (text: string, delimiter: string, last: boolean) => {
  const records: (readonly string[])[] = [];
  let at = 0;
  let quote = nextOf(text, '"', 0);
  while (at < text.length) {
    if (quote < at) quote = nextOf(text, '"', at);
    const isQuoted = quote < nextOf(text, '\n', at);
    const parsed = (isQuoted ? parseQuoted : parsePlain)(text, at, delimiter, last);
    if (parsed === undefined) break;
    const { cells, next } = parsed;
    if (cells.length > 1 || cells[0] !== '') records.push(cells);
    at = next;
  }
  return { records, next: at };
};

/** Reads RFC 4180 records from pieces of text; quoted cells may hold delimiters, quotes and line breaks. */
export const createCsvReader = (delimiter: string): CsvReader => {
  let pending = '';
  const parse = (last: boolean): readonly (readonly string[])[] => {
    const { records, next } = parseRecords(pending, delimiter, last);
    pending = pending.slice(next);
    if (last && pending !== '') throw new TwinError('CLIENTINPUTERROR', 'The last record is not closed.');
    if (pending.length > LONGEST_RECORD) throw new TwinError('CLIENTINPUTERROR', 'A record is too long.');
    return records;
  };
  return {
    push: (text) => {
      pending += text;
      return parse(false);
    },
    end: () => parse(true),
  };
};
