import type { FileDialect } from './contract.ts';
import { cellText, createRowScan, scanRow } from './csvRows.ts';
import { refuseFile } from './fileProblems.ts';

const DELIMITERS: readonly FileDialect['delimiter'][] = [',', ';', '\t', '|'];
const HEAD = 256 << 10;
const RECORDS = 200;
/** No table of people has more columns; a file of other bytes may. */
const MOST_COLUMNS = 4096;

type Counted = { readonly delimiter: FileDialect['delimiter']; readonly header: number; readonly agree: number };

/** How many records of the beginning have as many cells as the first, for one separator. */
const countWith = (bytes: Uint8Array, start: number, end: number, delimiter: FileDialect['delimiter']): Counted => {
  const scan = createRowScan(bytes, end, delimiter.charCodeAt(0), MOST_COLUMNS);
  const head = Math.min(end, start + HEAD);
  let at = scanRow(scan, start);
  const header = scan.count;
  let records = 1;
  let agree = 1;
  while (at < head && records < RECORDS && scan.broken === undefined) {
    const from = at;
    at = scanRow(scan, from);
    if (at - from <= 2) continue;
    records += 1;
    if (scan.count === header) agree += 1;
  }
  return { delimiter, header, agree: agree / records };
};

/** The separator under which most records have as many cells as the first, at least two; `,` when there is one column. */
const guessDelimiter = (bytes: Uint8Array, start: number, end: number): FileDialect['delimiter'] => {
  const candidates = DELIMITERS.map((delimiter) => countWith(bytes, start, end, delimiter)).filter(
    ({ header }) => header > 1,
  );
  const best = candidates.sort((a, b) => b.agree - a.agree || b.header - a.header)[0];
  return best?.delimiter ?? ',';
};

/** Names of columns, made unique: a second `email` is `email (2)`, an empty one `column 7`. */
export const uniqueNames = (names: readonly string[]): readonly string[] => {
  const used = new Map<string, number>();
  return names.map((name, i) => {
    const plain = name.trim() === '' ? `column ${i + 1}` : name.trim();
    const times = (used.get(plain) ?? 0) + 1;
    used.set(plain, times);
    return times === 1 ? plain : `${plain} (${times})`;
  });
};

/** A date, an e-mail address, a long number: nobody calls a column that. */
const VALUE = /^(?:[^@\s]+@[^@\s]+\.[^@\s]+|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\+?\d[\d .]{5,})$/;

export type Head = {
  readonly delimiter: FileDialect['delimiter'];
  readonly header: readonly string[];
  /** Where the first record begins, and how many lines are before it. */
  readonly start: number;
  readonly lines: number;
};

const excelHint = /^"?sep=(.)"?\r?\n/;

const hintOf = (bytes: Uint8Array, start: number) => {
  const found = excelHint.exec(new TextDecoder().decode(bytes.slice(start, start + 16)));
  const delimiter = DELIMITERS.find((one) => one === found?.[1]);
  return found === null || delimiter === undefined ? undefined : { delimiter, length: found[0].length };
};

const afterBlanks = (bytes: Uint8Array, from: number, end: number): number => {
  let at = from;
  while (at < end && (bytes[at] === 10 || bytes[at] === 13)) at += 1;
  return at;
};

const countFeeds = (bytes: Uint8Array, from: number, to: number): number => {
  let feeds = 0;
  for (let at = from; at < to; at += 1) if (bytes[at] === 10) feeds += 1;
  return feeds;
};

/** Separator and names of columns. GardeErrors `FileEmpty`, `HeaderMissing`, `QuoteNotClosed`, `QuoteBroken`. */
export const readHead = (bytes: Uint8Array, from: number, end: number, file: string): Head => {
  const hint = hintOf(bytes, from);
  const start = afterBlanks(bytes, from + (hint?.length ?? 0), end);
  const lines = countFeeds(bytes, from, start);
  if (start >= end) throw refuseFile('FileEmpty', file);
  const delimiter = hint?.delimiter ?? guessDelimiter(bytes, start, end);
  const scan = createRowScan(bytes, end, delimiter.charCodeAt(0), MOST_COLUMNS);
  const next = scanRow(scan, start);
  if (scan.broken !== undefined)
    throw refuseFile(scan.broken === 'QuoteBroken' ? 'QuoteBroken' : 'QuoteNotClosed', file, `line ${lines + 1}`);
  const names = Array.from({ length: Math.min(scan.count, MOST_COLUMNS) }, (_, cell) => cellText(scan, cell));
  if (names.some((name) => VALUE.test(name.trim()))) throw refuseFile('HeaderMissing', file, `line ${lines + 1}`);
  return { delimiter, header: uniqueNames(names), start: next, lines: lines + 1 + scan.inner };
};
