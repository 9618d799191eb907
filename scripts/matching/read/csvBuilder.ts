const QUOTE = 34;
const PIECE = 8 << 20;

/** Writes RFC 4180 lines into memory that grows, to become one shared buffer. */
export type CsvBuilder = {
  readonly cell: (text: string) => void;
  /** Bytes of UTF-8; `quoted`: marks in them are doubled already. */
  readonly cellBytes: (bytes: Uint8Array, from: number, to: number, quoted: boolean) => void;
  readonly endRow: () => void;
  readonly rows: () => number;
  /** Everything written so far. */
  readonly done: () => SharedArrayBuffer;
};

const needsMarks = (delimiter: number): Uint8Array => {
  const marks = new Uint8Array(256);
  for (const byte of [delimiter, QUOTE, 10, 13]) marks[byte] = 1;
  return marks;
};

/** Pieces of bytes, the last of which is being filled. */
type Pieces = { readonly full: Uint8Array[]; piece: Uint8Array; at: number };

const room = (pieces: Pieces, bytes: number): void => {
  if (pieces.at + bytes <= pieces.piece.length) return;
  if (pieces.at > 0) pieces.full.push(pieces.piece.subarray(0, pieces.at));
  pieces.piece = new Uint8Array(Math.max(bytes, PIECE));
  pieces.at = 0;
};

const putDoubled = (pieces: Pieces, bytes: Uint8Array, from: number, to: number): void => {
  const { piece } = pieces;
  for (let i = from; i < to; i += 1) {
    const byte = bytes[i] ?? 0;
    piece[pieces.at++] = byte;
    if (byte === QUOTE) piece[pieces.at++] = QUOTE;
  }
};

const put = (pieces: Pieces, bytes: Uint8Array, from: number, to: number): void => {
  const { piece } = pieces;
  for (let i = from; i < to; i += 1) piece[pieces.at++] = bytes[i] ?? 0;
};

const joined = ({ full, piece, at }: Pieces): SharedArrayBuffer => {
  const parts = [...full, piece.subarray(0, at)];
  const buffer = new SharedArrayBuffer(parts.reduce((sum, part) => sum + part.length, 0));
  const target = new Uint8Array(buffer);
  let offset = 0;
  for (const part of parts) {
    target.set(part, offset);
    offset += part.length;
  }
  return buffer;
};

/** Lines end in LF; a cell is quoted when it must be. */
export const createCsvBuilder = (delimiter: number): CsvBuilder => {
  const special = needsMarks(delimiter);
  const encoder = new TextEncoder();
  const pieces: Pieces = { full: [], piece: new Uint8Array(64 << 10), at: 0 };
  let cells = 0;
  let rows = 0;
  const isSpecial = (bytes: Uint8Array, from: number, to: number): boolean => {
    for (let i = from; i < to; i += 1) if (special[bytes[i] ?? 0] === 1) return true;
    return false;
  };
  const write = (bytes: Uint8Array, from: number, to: number, quoted: boolean): void => {
    room(pieces, 2 * (to - from) + 4);
    if (cells > 0) pieces.piece[pieces.at++] = delimiter;
    cells += 1;
    const marked = quoted || isSpecial(bytes, from, to);
    if (marked) pieces.piece[pieces.at++] = QUOTE;
    if (marked && !quoted) putDoubled(pieces, bytes, from, to);
    else put(pieces, bytes, from, to);
    if (marked) pieces.piece[pieces.at++] = QUOTE;
  };
  return {
    cell: (text) => {
      const bytes = encoder.encode(text);
      write(bytes, 0, bytes.length, false);
    },
    cellBytes: write,
    endRow: () => {
      room(pieces, 1);
      pieces.piece[pieces.at++] = 10;
      cells = 0;
      rows += 1;
    },
    rows: () => rows,
    done: () => joined(pieces),
  };
};
