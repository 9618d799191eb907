import { byteAt, intAt } from './at.ts';
import type { Texts } from './jaroWinkler.ts';

const firstDifference = (texts: Texts, a: number, b: number): number => {
  const most = Math.min(texts.length[a] ?? 0, texts.length[b] ?? 0);
  const left = texts.at[a] ?? 0;
  const right = texts.at[b] ?? 0;
  let i = 0;
  while (i < most && texts.bytes[left + i] === texts.bytes[right + i]) i += 1;
  return i;
};

const sameFrom = (texts: Texts, left: number, right: number, length: number): boolean => {
  for (let i = 0; i < length; i += 1) if (texts.bytes[left + i] !== texts.bytes[right + i]) return false;
  return true;
};

/** True when one letter inserted, left out, changed, or two neighbours swapped makes the strings equal; or they are. */
export const oneEditAway = (texts: Texts, a: number, b: number): boolean => {
  const la = byteAt(texts.length, a);
  const lb = byteAt(texts.length, b);
  if (Math.abs(la - lb) > 1) return false;
  const i = firstDifference(texts, a, b);
  const left = intAt(texts.at, a) + i;
  const right = intAt(texts.at, b) + i;
  if (la > lb) return sameFrom(texts, left + 1, right, lb - i);
  if (lb > la) return sameFrom(texts, left, right + 1, la - i);
  if (i >= la) return true;
  if (sameFrom(texts, left + 1, right + 1, la - i - 1)) return true;
  const swapped =
    i + 1 < la && texts.bytes[left] === texts.bytes[right + 1] && texts.bytes[left + 1] === texts.bytes[right];
  return swapped && sameFrom(texts, left + 2, right + 2, la - i - 2);
};

const patterns = new Int32Array(256);

/** Levenshtein distance after Myers (1999), bit-parallel: strings of at most 32 bytes; longer ones by their first 32. */
export const levenshtein = (texts: Texts, a: number, b: number): number => {
  const la = Math.min(32, byteAt(texts.length, a));
  const lb = Math.min(32, byteAt(texts.length, b));
  if (la === 0) return lb;
  const left = intAt(texts.at, a);
  const right = intAt(texts.at, b);
  for (let i = 0; i < la; i += 1) {
    const byte = byteAt(texts.bytes, left + i);
    patterns[byte] = intAt(patterns, byte) | (1 << i);
  }
  let up = -1;
  let down = 0;
  let distance = la;
  const last = 1 << (la - 1);
  for (let j = 0; j < lb; j += 1) {
    const equal = intAt(patterns, byteAt(texts.bytes, right + j));
    const diagonal = (((equal & up) + up) ^ up) | equal | down;
    let plus = down | ~(diagonal | up);
    let minus = up & diagonal;
    if ((plus & last) !== 0) distance += 1;
    else if ((minus & last) !== 0) distance -= 1;
    plus = (plus << 1) | 1;
    minus <<= 1;
    up = minus | ~(diagonal | plus);
    down = plus & diagonal;
  }
  for (let i = 0; i < la; i += 1) patterns[byteAt(texts.bytes, left + i)] = 0;
  return distance;
};
