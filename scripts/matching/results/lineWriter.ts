import { open } from 'node:fs/promises';
import { rename, rm } from 'node:fs/promises';
import type { RowIds } from '../read/contract.ts';

const QUOTE = 34;
const FLUSH = 4 << 20;
/** Room for one line beside its ids. */
const LINE = 256;

/** Cells that a spreadsheet would take for a formula begin with = + - @, tab or carriage return (OWASP, CSV injection). */
const FORMULA = new Set([61, 43, 45, 64, 9, 13]);
const SPECIAL = new Set([44, QUOTE, 10, 13]);

/** Writes lines of bytes to a file that appears at its path only when it is whole. */
export type LineWriter = {
  /** Bytes as they are: separators, words, numbers. */
  readonly plain: (bytes: Uint8Array) => void;
  /** An id, quoted when a reader or a spreadsheet would misread it; its characters stay as they are. */
  readonly id: (ids: RowIds, row: number) => void;
  /** A probability with six decimals, below 1 unless it is 1. */
  readonly probability: (value: number) => void;
  /** Ends the line; true when `flush` is due. */
  readonly end: () => boolean;
  readonly flush: () => Promise<void>;
};

const needsMarks = Array.from({ length: 256 }, (_, byte) => (SPECIAL.has(byte) ? 1 : 0));
const beginsFormula = Array.from({ length: 256 }, (_, byte) => (FORMULA.has(byte) ? 1 : 0));

const isSpecial = ({ bytes }: RowIds, from: number, to: number): boolean => {
  if (from === to) return false;
  if (beginsFormula[bytes[from] ?? 0] === 1 || bytes[from] === 32 || bytes[to - 1] === 32) return true;
  for (let i = from; i < to; i += 1) if (needsMarks[bytes[i] ?? 0] === 1) return true;
  return false;
};

type Page = { bytes: Uint8Array; at: number };

const room = (page: Page, needed: number): void => {
  if (page.at + needed <= page.bytes.length) return;
  const larger = new Uint8Array(Math.max(page.bytes.length * 2, page.at + needed));
  larger.set(page.bytes.subarray(0, page.at));
  page.bytes = larger;
};

const writeId = (page: Page, ids: RowIds, row: number): void => {
  const from = ids.starts[row] ?? 0;
  const to = ids.starts[row + 1] ?? 0;
  room(page, 2 * (to - from) + LINE);
  const quoted = isSpecial(ids, from, to);
  const { bytes } = page;
  if (quoted) bytes[page.at++] = QUOTE;
  for (let i = from; i < to; i += 1) {
    const byte = ids.bytes[i] ?? 0;
    bytes[page.at++] = byte;
    if (byte === QUOTE) bytes[page.at++] = QUOTE;
  }
  if (quoted) bytes[page.at++] = QUOTE;
};

const writeProbability = (page: Page, value: number): void => {
  let millionths = Math.round(Math.min(1, Math.max(0, value)) * 1e6);
  if (value < 1 && millionths === 1e6) millionths = 999_999;
  const { bytes } = page;
  bytes[page.at] = 48 + Math.floor(millionths / 1e6);
  bytes[page.at + 1] = 46;
  let rest = millionths % 1e6;
  for (let i = 7; i >= 2; i -= 1) {
    bytes[page.at + i] = 48 + (rest % 10);
    rest = Math.floor(rest / 10);
  }
  page.at += 8;
};

/** Opens a file for `write`, which hands over lines; the file is there when it ends well and not there when it does not. */
export const writeLines = async (path: string, write: (lines: LineWriter) => Promise<void>): Promise<void> => {
  const part = `${path}.part`;
  // what stands in it names people: for their owner only
  const handle = await open(part, 'w', 0o600);
  const page: Page = { bytes: new Uint8Array(FLUSH + (64 << 10)), at: 0 };
  const lines: LineWriter = {
    plain: (bytes) => {
      room(page, bytes.length + LINE);
      page.bytes.set(bytes, page.at);
      page.at += bytes.length;
    },
    id: (ids, row) => {
      writeId(page, ids, row);
    },
    probability: (value) => {
      writeProbability(page, value);
    },
    end: () => {
      page.bytes[page.at++] = 10;
      return page.at >= FLUSH;
    },
    flush: async () => {
      await handle.writeFile(page.bytes.subarray(0, page.at));
      page.at = 0;
    },
  };
  try {
    await write(lines);
    await lines.flush();
    await handle.close();
    await rename(part, path);
  } catch (error) {
    await handle.close();
    await rm(part, { force: true });
    throw error;
  }
};

const encoder = new TextEncoder();
export const bytesOf = (text: string): Uint8Array => encoder.encode(text);
