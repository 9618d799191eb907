import { LONGEST_LINE } from './sharedFile.ts';

export const PLAIN = 0;
const DELIMITER = 1;
const LF = 2;
const CR = 3;
const QUOTE = 4;
const END = 5;

const QUOTE_BYTE = 34;
const LF_BYTE = 10;

/** Lines of one table while they are read, and what the row read last was like. */
export type RowScan = {
  readonly bytes: Uint8Array;
  readonly end: number;
  readonly kinds: Uint8Array;
  /** Where each cell of the row begins and ends, quotation marks included. */
  readonly cells: Float64Array;
  count: number;
  /** Line ends inside quoted cells of the row. */
  inner: number;
  /** The row is not as RFC 4180 writes it: the engine gets it written anew. */
  irregular: boolean;
  /** Why reading cannot go on; the row is then the last. */
  broken: 'QuoteNotClosed' | 'QuoteBroken' | undefined;
};

/** `most`: cells remembered of a row; further ones are counted only. */
export const createRowScan = (bytes: Uint8Array, end: number, delimiter: number, most: number): RowScan => {
  const kinds = new Uint8Array(256);
  kinds[delimiter] = DELIMITER;
  kinds[10] = LF;
  kinds[13] = CR;
  kinds[QUOTE_BYTE] = QUOTE;
  const cells = new Float64Array(2 * most);
  return { bytes, end, kinds, cells, count: 0, inner: 0, irregular: false, broken: undefined };
};

const onlyBlanks = (bytes: Uint8Array, from: number, to: number): boolean => {
  for (let i = from; i < to; i += 1) if (bytes[i] !== 32) return false;
  return true;
};

/** What follows a closing mark: blanks are passed over, text breaks the row. */
const afterClosed = (scan: RowScan, from: number): number => {
  const { bytes, end, kinds } = scan;
  let next = from;
  while (next < end && bytes[next] === 32) next += 1;
  if (next > from) scan.irregular = true;
  const kind = next < end ? kinds[bytes[next] ?? 0] : END;
  if (kind === PLAIN || kind === QUOTE) scan.broken = 'QuoteBroken';
  return next;
};

/** After the closing mark of a quoted cell that opens at `from`; blanks behind it are passed over. */
const afterQuoted = (scan: RowScan, from: number): number => {
  const { bytes, end } = scan;
  const limit = Math.min(end, from + LONGEST_LINE);
  let at = from + 1;
  for (; at < limit; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === LF_BYTE) scan.inner += 1;
    if (byte !== QUOTE_BYTE) continue;
    if (at + 1 < end && bytes[at + 1] === QUOTE_BYTE) {
      at += 1;
      continue;
    }
    return afterClosed(scan, at + 1);
  }
  scan.broken = 'QuoteNotClosed';
  return end;
};

const afterMark = (scan: RowScan, cellStart: number, at: number): number => {
  const isFirst = at === cellStart;
  if (!isFirst) scan.irregular = true;
  return isFirst || onlyBlanks(scan.bytes, cellStart, at) ? afterQuoted(scan, at) : at + 1;
};

const afterCarriageReturn = (scan: RowScan, at: number): number => {
  if (at + 1 < scan.end && scan.bytes[at + 1] === LF_BYTE) return at + 2;
  if (at + 1 < scan.end) scan.irregular = true;
  return at + 1;
};

/** Reads the row that begins at `from` into the scan; answers where the next one begins. */
export const scanRow = (scan: RowScan, from: number): number => {
  const { bytes, end, kinds, cells } = scan;
  let at = from;
  let cellStart = from;
  let count = 0;
  scan.inner = 0;
  for (;;) {
    const kind = at < end ? (kinds[bytes[at] ?? 0] ?? PLAIN) : END;
    if (kind === PLAIN) {
      at += 1;
      continue;
    }
    if (kind === QUOTE) {
      at = afterMark(scan, cellStart, at);
      if (scan.broken !== undefined) return end;
      continue;
    }
    cells[2 * count] = cellStart;
    cells[2 * count + 1] = at;
    count += 1;
    if (kind === DELIMITER) {
      at += 1;
      cellStart = at;
      continue;
    }
    scan.count = count;
    if (kind === LF) return at + 1;
    return kind === CR ? afterCarriageReturn(scan, at) : end;
  }
};

/** True when a row holds nothing: no byte, or nothing but separators and blanks. */
export const isBlankRow = (scan: RowScan): boolean => {
  const known = Math.min(scan.count, scan.cells.length / 2);
  for (let i = 0; i < known; i += 1) {
    const from = scan.cells[2 * i] ?? 0;
    const to = scan.cells[2 * i + 1] ?? 0;
    if (to > from && !onlyBlanks(scan.bytes, from, to)) return false;
  }
  return known === scan.count;
};

const decoder = new TextDecoder();

/** A cell's text: quotation marks gone, doubled ones single. */
export const cellText = (scan: RowScan, cell: number): string => {
  const [from, to, quoted] = cellRange(scan, cell);
  const text = decoder.decode(scan.bytes.slice(from, to));
  return quoted ? text.replaceAll('""', '"') : text;
};

/** Where the content of a cell lies, and whether it was quoted (marks inside are then doubled). */
export const cellRange = (scan: RowScan, cell: number): readonly [from: number, to: number, quoted: boolean] => {
  let from = scan.cells[2 * cell] ?? 0;
  let to = scan.cells[2 * cell + 1] ?? 0;
  const { bytes } = scan;
  let first = from;
  while (first < to && bytes[first] === 32) first += 1;
  if (first === to || bytes[first] !== QUOTE_BYTE) return [from, to, false];
  from = first;
  while (to > from && bytes[to - 1] === 32) to -= 1;
  return [from + 1, to - 1, true];
};
