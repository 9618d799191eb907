import { byteAt } from './at.ts';

/** Byte strings kept side by side: string `i` is `bytes[at[i] .. at[i] + length[i])`; `mask` has a bit for each letter in it. */
export type Texts = {
  readonly bytes: Uint8Array;
  readonly at: Int32Array;
  readonly length: Uint8Array;
  readonly mask: Int32Array;
  /** The first four bytes, zeros where the string is shorter. */
  readonly head: Int32Array;
};

/** Longer strings are compared by their first so many bytes. */
export const LONGEST_COMPARED = 32;

const positions = new Int32Array(256);
const PREFIX_BONUS = 0.1;
const LONGEST_PREFIX = 4;

const windowBits = (i: number, reach: number): number => {
  const low = Math.max(0, i - reach);
  const high = Math.min(31, i + reach);
  const upTo = high === 31 ? -1 : (1 << (high + 1)) - 1;
  return upTo & (-1 << low);
};

type Side = { readonly at: number; readonly length: number };

const transpositions = (
  bytes: Uint8Array,
  a: Side,
  b: Side,
  flags: { readonly a: number; readonly b: number },
): number => {
  let left = flags.a;
  let right = flags.b;
  let moved = 0;
  while (left !== 0) {
    const i = 31 - Math.clz32(left & -left);
    const j = 31 - Math.clz32(right & -right);
    if (bytes[a.at + i] !== bytes[b.at + j]) moved += 1;
    left &= left - 1;
    right &= right - 1;
  }
  return moved >> 1;
};

const commonPrefix = (bytes: Uint8Array, a: Side, b: Side): number => {
  const most = Math.min(LONGEST_PREFIX, a.length, b.length);
  let prefix = 0;
  while (prefix < most && bytes[a.at + prefix] === bytes[b.at + prefix]) prefix += 1;
  return prefix;
};

const markPositions = (bytes: Uint8Array, { at, length }: Side): void => {
  for (let j = 0; j < length; j += 1) {
    const byte = bytes[at + j] ?? 0;
    positions[byte] = (positions[byte] ?? 0) | (1 << j);
  }
};

const clearPositions = (bytes: Uint8Array, { at, length }: Side): void => {
  for (let j = 0; j < length; j += 1) positions[bytes[at + j] ?? 0] = 0;
};

const jaroOf = (bytes: Uint8Array, a: Side, b: Side): number => {
  if (a.length === 0 || b.length === 0) return a.length === b.length ? 1 : 0;
  const reach = Math.max(0, (Math.max(a.length, b.length) >> 1) - 1);
  markPositions(bytes, b);
  let flagsA = 0;
  let flagsB = 0;
  let matches = 0;
  for (let i = 0; i < a.length; i += 1) {
    const candidates = (positions[bytes[a.at + i] ?? 0] ?? 0) & windowBits(i, reach) & ~flagsB;
    if (candidates === 0) continue;
    flagsB |= candidates & -candidates;
    flagsA |= 1 << i;
    matches += 1;
  }
  clearPositions(bytes, b);
  if (matches === 0) return 0;
  const moved = transpositions(bytes, a, b, { a: flagsA, b: flagsB });
  return (matches / a.length + matches / b.length + (matches - moved) / matches) / 3;
};

const sideOf = (texts: Texts, id: number): Side => ({
  at: texts.at[id] ?? 0,
  length: Math.min(LONGEST_COMPARED, texts.length[id] ?? 0),
});

/** Which of two strings goes first, by what they hold alone: the greedy choice of letters is not quite symmetric. */
const isAfter = (bytes: Uint8Array, a: Side, b: Side): boolean => {
  if (a.length !== b.length) return a.length > b.length;
  for (let i = 0; i < a.length; i += 1) {
    const difference = byteAt(bytes, a.at + i) - byteAt(bytes, b.at + i);
    if (difference !== 0) return difference > 0;
  }
  return false;
};

/**
 * Jaro-Winkler similarity (prefix weight 0.1, at most four letters) of two strings of one store: bit-parallel, 32 bytes.
 * Symmetric: the shorter string, or the first in the order of bytes, looks for its letters in the other.
 */
export const jaroWinkler = (texts: Texts, a: number, b: number): number => {
  const left = sideOf(texts, a);
  const right = sideOf(texts, b);
  const { bytes } = texts;
  const jaro = isAfter(bytes, left, right) ? jaroOf(bytes, right, left) : jaroOf(bytes, left, right);
  return jaro + commonPrefix(bytes, left, right) * PREFIX_BONUS * (1 - jaro);
};

/** How many bits are set. */
export const bitsIn = (bits: number): number => {
  let v = bits - ((bits >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
};

/**
 * An upper bound of the Jaro-Winkler similarity from the letters that occur: what one string has and the other has not
 * cannot match. Never below the true value.
 */
export const mostSimilar = (texts: Texts, a: number, b: number): number => {
  const maskA = texts.mask[a] ?? 0;
  const maskB = texts.mask[b] ?? 0;
  const left = sideOf(texts, a);
  const right = sideOf(texts, b);
  if (left.length === 0 || right.length === 0) return 1;
  const matches = Math.min(left.length - bitsIn(maskA & ~maskB), right.length - bitsIn(maskB & ~maskA));
  if (matches <= 0) return 0;
  const jaro = (matches / left.length + matches / right.length + 1) / 3;
  return jaro + commonPrefix(texts.bytes, left, right) * PREFIX_BONUS * (1 - jaro);
};

/** First four bytes of a string as one integer. */
export const headOf = (bytes: Uint8Array, at: number, length: number): number => {
  let head = 0;
  for (let i = 0; i < LONGEST_PREFIX; i += 1) head = (head << 8) | (i < length ? (bytes[at + i] ?? 0) : 0);
  return head;
};

const SIZES = LONGEST_COMPARED + 1;

const fewest = (similarity: number, prefix: number, a: number, b: number): number => {
  for (let matches = 1; matches <= Math.min(a, b); matches += 1) {
    const jaro = (matches / a + matches / b + 1) / 3;
    if (jaro + prefix * PREFIX_BONUS * (1 - jaro) >= similarity) return matches;
  }
  return Math.min(a, b) + 1;
};

/** By common prefix and the two lengths: the fewest matching letters with which a similarity can be reached. */
export const fewestMatches = (similarity: number): Uint8Array =>
  Uint8Array.from({ length: (LONGEST_PREFIX + 1) * SIZES * SIZES }, (_, i) => {
    const [a, b] = [Math.floor(i / SIZES) % SIZES, i % SIZES];
    return a === 0 || b === 0 ? 0 : fewest(similarity, Math.floor(i / (SIZES * SIZES)), a, b);
  });

/** True when the letters that occur, the lengths and the heads rule the similarity of `table` out. Lossless. */
export const neverSimilar = (texts: Texts, a: number, b: number, table: Uint8Array): boolean => {
  const la = Math.min(LONGEST_COMPARED, texts.length[a] ?? 0);
  const lb = Math.min(LONGEST_COMPARED, texts.length[b] ?? 0);
  const maskA = texts.mask[a] ?? 0;
  const maskB = texts.mask[b] ?? 0;
  const matches = Math.min(la - bitsIn(maskA & ~maskB), lb - bitsIn(maskB & ~maskA));
  const prefix = Math.clz32((texts.head[a] ?? 0) ^ (texts.head[b] ?? 0)) >>> 3;
  return matches < (table[(prefix * SIZES + la) * SIZES + lb] ?? 0);
};

/** A bit for each letter and, together, for the other bytes of the part that is compared. */
export const letterMask = (bytes: Uint8Array, at: number, length: number): number => {
  let mask = 0;
  const end = at + Math.min(length, LONGEST_COMPARED);
  for (let i = at; i < end; i += 1) {
    const byte = bytes[i] ?? 0;
    mask |= byte >= 97 && byte <= 122 ? 1 << (byte - 97) : 1 << (26 + (byte % 5));
  }
  return mask;
};
