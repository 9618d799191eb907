import { isUtf8 } from 'node:buffer';
import type { FileDialect } from './contract.ts';
import { refuseFile } from './fileProblems.ts';

export type Utf8Bytes = {
  readonly bytes: SharedArrayBuffer;
  /** After a byte order mark. */
  readonly start: number;
  readonly end: number;
  readonly encoding: FileDialect['encoding'];
};

const LF = 10;

/** The line, from 1, that a byte is in. */
export const lineAt = (bytes: Uint8Array, at: number): number => {
  let line = 1;
  for (let i = 0; i < at; i += 1) if (bytes[i] === LF) line += 1;
  return line;
};

const byteAt = (bytes: Uint8Array, i: number): number => bytes[i] ?? 0;

/** Second bytes that are allowed after these first ones: no overlong forms, no surrogates, nothing above U+10FFFF. */
const SECOND_BYTES: Readonly<Record<number, readonly [low: number, high: number]>> = {
  0xe0: [0xa0, 0xbf],
  0xed: [0x80, 0x9f],
  0xf0: [0x90, 0xbf],
  0xf4: [0x80, 0x8f],
};

/** Length of the valid UTF-8 sequence at `i`, 0 when there is none there (RFC 3629, ch. 4). */
const sequenceAt = (bytes: Uint8Array, i: number): number => {
  const first = byteAt(bytes, i);
  const length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  for (let at = i + 1; at < i + length; at += 1) if ((byteAt(bytes, at) & 0xc0) !== 0x80) return 0;
  const [low, high] = SECOND_BYTES[first] ?? [0x80, 0xbf];
  const second = byteAt(bytes, i + 1);
  return length > 0 && second >= low && second <= high ? length : 0;
};

type HighBytes = { readonly valid: number; readonly broken: number; readonly firstBroken: number };

const countHighBytes = (bytes: Uint8Array): HighBytes => {
  let valid = 0;
  let broken = 0;
  let firstBroken = -1;
  for (let i = 0; i < bytes.length;) {
    if ((bytes[i] ?? 0) < 0x80) {
      i += 1;
      continue;
    }
    const length = sequenceAt(bytes, i);
    if (length > 0) valid += 1;
    else {
      broken += 1;
      if (firstBroken < 0) firstBroken = i;
    }
    i += Math.max(1, length);
  }
  return { valid, broken, firstBroken };
};

/** Code points of the bytes 0x80 to 0x9f; 0 for the five that Windows-1252 leaves free (unicode.org, CP1252.TXT). */
const WINDOWS_1252 = [
  0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0, 0,
  0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178,
];

/** UTF-8 of each byte of Windows-1252; empty where the byte means nothing. */
const windows1252 = (): readonly Uint8Array[] => {
  const encoder = new TextEncoder();
  return Array.from({ length: 256 }, (_, byte) => {
    const point = byte >= 0x80 && byte < 0xa0 ? (WINDOWS_1252[byte - 0x80] ?? 0) : byte;
    return point === 0 && byte !== 0 ? new Uint8Array() : encoder.encode(String.fromCodePoint(point));
  });
};

const fromWindows1252 = (source: Uint8Array, file: string): Uint8Array<SharedArrayBuffer> => {
  const table = windows1252();
  const lengths = Uint8Array.from(table, ({ length }) => length);
  let length = 0;
  for (let i = 0; i < source.length; i += 1) {
    const size = lengths[source[i] ?? 0] ?? 0;
    if (size === 0) throw refuseFile('EncodingUnknown', file, `line ${lineAt(source, i)}`);
    length += size;
  }
  const target = new Uint8Array(new SharedArrayBuffer(length));
  let at = 0;
  for (const byte of source) {
    if (byte < 0x80) target[at++] = byte;
    else for (const one of table[byte] ?? []) target[at++] = one;
  }
  return target;
};

/** Bytes that are not UTF-8, as UTF-8. GardeErrors `EncodingMixed`, `EncodingUnknown`. */
const transcode = (source: Uint8Array, file: string): Uint8Array<SharedArrayBuffer> => {
  const { valid, broken, firstBroken } = countHighBytes(source);
  // two letters in a row that happen to be UTF-8 are rare in Windows-1252; several per broken byte are not chance
  if (valid > broken) throw refuseFile('EncodingMixed', file, `line ${lineAt(source, firstBroken)}`);
  return fromWindows1252(source, file);
};

const PIECE = 4 << 20;

/** UTF-16 as UTF-8, a piece at a time. GardeError `EncodingUnknown` when halves of characters are missing. */
const fromUtf16 = (
  source: Uint8Array,
  encoding: 'utf-16le' | 'utf-16be',
  file: string,
): Uint8Array<SharedArrayBuffer> => {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const encoder = new TextEncoder();
  const target = new Uint8Array(new SharedArrayBuffer(Math.ceil(source.length / 2) * 3));
  let at = 0;
  try {
    for (let i = 0; i < source.length; i += PIECE) {
      const piece = decoder.decode(source.slice(i, i + PIECE), { stream: i + PIECE < source.length });
      const bytes = encoder.encode(piece);
      target.set(bytes, at);
      at += bytes.length;
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw refuseFile('EncodingUnknown', file);
  }
  return new Uint8Array(target.buffer, 0, at);
};

/** UTF-16 by its mark, or by every other byte of the beginning being NUL. */
const utf16Of = (bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined => {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const length = Math.min(bytes.length, 4096) & ~1;
  let even = 0;
  let odd = 0;
  for (let i = 0; i < length; i += 2) {
    if (bytes[i] === 0) even += 1;
    if (bytes[i + 1] === 0) odd += 1;
  }
  if (length < 8 || Math.min(even, odd) > length / 64) return undefined;
  if (odd > length * 0.3) return 'utf-16le';
  return even > length * 0.3 ? 'utf-16be' : undefined;
};

/**
 * The file's bytes as UTF-8: what is UTF-8 already stays where it is. GardeErrors `FileNotText`, `EncodingMixed`,
 * `EncodingUnknown`, each with the first line.
 */
export const toUtf8 = (buffer: SharedArrayBuffer, file: string): Utf8Bytes => {
  const bytes = new Uint8Array(buffer);
  const wide = utf16Of(bytes);
  if (wide !== undefined) {
    const made = fromUtf16(bytes, wide, file);
    return { bytes: made.buffer, start: 0, end: made.length, encoding: wide };
  }
  const nul = Buffer.from(buffer).indexOf(0);
  if (nul >= 0) throw refuseFile('FileNotText', file, `line ${lineAt(bytes, nul)}`);
  if (isUtf8(bytes)) {
    const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    return { bytes: buffer, start: marked ? 3 : 0, end: bytes.length, encoding: marked ? 'utf-8-bom' : 'utf-8' };
  }
  const made = transcode(bytes, file);
  return { bytes: made.buffer, start: 0, end: made.length, encoding: 'windows-1252' };
};
