import { byteAt } from '../kernels/at.ts';

/** A cell as it is looked up: folded bytes and their hash. Cells longer than the store are cut. */
export type Scratch = { readonly bytes: Uint8Array; length: number; hash: number };

export const LONGEST_CELL = 1024;

export const makeScratch = (): Scratch => ({ bytes: new Uint8Array(LONGEST_CELL + 4), length: 0, hash: 0 });

export const BLANK = 32;

const plainLetters = (): Uint8Array => {
  const table = new Uint8Array(256);
  for (let byte = 33; byte < 127; byte += 1) table[byte] = byte;
  for (let byte = 65; byte <= 90; byte += 1) table[byte] = byte + 32;
  for (const byte of [9, 10, 13, 32]) table[byte] = BLANK;
  return table;
};

/**
 * ASCII: lower case, white space as blanks, control characters 0 (left out). Bytes of other characters are 0 here.
 */
export const PLAIN_BYTES = plainLetters();

const letterOf = (code: number): number => {
  const bare = String.fromCodePoint(code)
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '');
  return bare.length === 1 && bare >= 'a' && bare <= 'z' ? bare.charCodeAt(0) : 0;
};

/** Second bytes of U+00C0 … U+017F in UTF-8 by first byte (C3, C4, C5): the ASCII letter, 0 when there is no single one. */
const accented = (): Uint8Array => {
  const table = new Uint8Array(3 * 64);
  for (let code = 0xc0; code < 0x180; code += 1) table[code - 0xc0] = letterOf(code);
  // Â and Ã begin text that was decoded wrongly: it is left as it is for knowledge to repair
  table[0xc2 - 0xc0] = 0;
  table[0xc3 - 0xc0] = 0;
  return table;
};

const ACCENTED = accented();

/** The ASCII letter of a two-byte character, 0 when it has none or is not of these blocks. */
export const letterOfPair = (first: number, second: number): number =>
  first >= 0xc3 && first <= 0xc5 && second >= 0x80 && second < 0xc0
    ? (ACCENTED[(first - 0xc3) * 64 + second - 0x80] ?? 0)
    : 0;

export const mixed = (hash: number): number => {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x7feb352d);
  h ^= h >>> 15;
  h = Math.imul(h, 0x846ca68b);
  return (h ^ (h >>> 16)) >>> 0;
};

export const hashOf = (bytes: Uint8Array, from: number, to: number): number => {
  let hash = 0x811c9dc5;
  for (let i = from; i < to; i += 1) hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193);
  return mixed(hash);
};

/** 31 bits, never 0: values that stand for themselves in columns of integers. */
export const hashText = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mixed(hash) & 0x7fffffff || 1;
};

/** Lower case, accents off, blanks single and trimmed; characters beyond Latin stay as UTF-8 bytes. */
export const foldInto = (scratch: Scratch, source: Uint8Array, from: number, to: number): void => {
  const { bytes } = scratch;
  const end = Math.min(to, from + LONGEST_CELL);
  let length = 0;
  let hash = 0x811c9dc5;
  let blank = false;
  for (let i = from; i < end; i += 1) {
    const raw = byteAt(source, i);
    let byte = raw;
    if (raw < 128) {
      byte = byteAt(PLAIN_BYTES, raw);
    } else if (raw <= 0xc5 && raw >= 0xc3) {
      const letter = letterOfPair(raw, byteAt(source, i + 1));
      if (letter !== 0) i += 1;
      byte = letter || raw;
    }
    if (byte === BLANK) {
      blank = length > 0;
      continue;
    }
    if (byte === 0) continue;
    if (blank) {
      bytes[length++] = BLANK;
      hash = Math.imul(hash ^ BLANK, 0x01000193);
      blank = false;
    }
    bytes[length++] = byte;
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  scratch.length = Math.min(length, LONGEST_CELL);
  scratch.hash = mixed(hash);
};
