import type { OpenedTable } from './contract.ts';
import { createRowCollector, type FoundRows, type RowCollector } from './foundRows.ts';
import { LONGEST_LINE } from './sharedFile.ts';

const LF = 10;
const CR = 13;
const QUOTE = 34;
const SPACE = 32;

/** A bit (0x80) in each byte of a word that equals zero; exact (Hacker's Delight, 6-1). */
const zeroBytes = (word: number): number => ~(((word & 0x7f7f7f7f) + 0x7f7f7f7f) | word | 0x7f7f7f7f);

/** How many bytes `zeroBytes` marked. */
const marked = (mask: number): number => Math.imul(mask >>> 7, 0x01010101) >>> 24;

/** True when a carriage return stands elsewhere than before a line feed. */
const hasLoneReturn = (bytes: Buffer, start: number, end: number): boolean => {
  for (let at = bytes.indexOf(CR, start); at >= 0 && at < end; at = bytes.indexOf(CR, at + 1))
    if (bytes[at + 1] !== LF) return true;
  return false;
};

type Lines = {
  readonly bytes: Uint8Array;
  readonly table: OpenedTable;
  readonly collect: RowCollector;
  line: number;
};

const isBlank = ({ bytes, table }: Lines, from: number, to: number): boolean => {
  for (let i = from; i < to; i += 1) {
    const byte = bytes[i] ?? 0;
    if (byte !== table.delimiter && byte !== SPACE && byte !== LF && byte !== CR) return false;
  }
  return true;
};

/** One line with so many separators. */
const endLine = (lines: Lines, from: number, to: number, separators: number): void => {
  const { table, collect } = lines;
  const columns = table.header.length;
  if (to - from <= 2 * columns + 1 && isBlank(lines, from, to)) collect.blank();
  else if (to - from > LONGEST_LINE) collect.broken('LineTooLong', lines.line);
  else {
    if (separators + 1 !== columns) collect.ragged(lines.line);
    collect.row(from, to);
  }
  lines.line += 1;
};

const scanLines = (lines: Lines): void => {
  const { bytes, table } = lines;
  const { start, end, delimiter } = table;
  const words = new Int32Array(table.bytes, 0, Math.floor(table.bytes.byteLength / 4));
  const delimiters = Math.imul(delimiter, 0x01010101);
  const feeds = Math.imul(LF, 0x01010101);
  let from = start;
  let separators = 0;
  for (let at = start; at < end;) {
    if ((at & 3) === 0 && at + 4 <= end) {
      const word = words[at / 4] ?? 0;
      if (zeroBytes(word ^ feeds) === 0) {
        separators += marked(zeroBytes(word ^ delimiters));
        at += 4;
        continue;
      }
    }
    const byte = bytes[at] ?? 0;
    at += 1;
    if (byte === delimiter) separators += 1;
    if (byte !== LF) continue;
    endLine(lines, from, at, separators);
    from = at;
    separators = 0;
  }
  if (from < end) endLine(lines, from, end, separators);
};

/**
 * Finds the rows of a CSV without quotation marks, four bytes at a time; undefined when it has some, or line ends of its
 * own kind.
 */
export const scanPlainRows = (table: OpenedTable): FoundRows | undefined => {
  const buffer = Buffer.from(table.bytes, 0, table.end);
  if (buffer.includes(QUOTE, table.start) || hasLoneReturn(buffer, table.start, table.end)) return undefined;
  const collect = createRowCollector(table);
  scanLines({ bytes: new Uint8Array(table.bytes), table, collect, line: table.firstLine + 1 });
  return collect.done(true);
};
