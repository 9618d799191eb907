/** Numbers pairs of small numbers in the order in which they are first seen. */
export type PairNumbering = {
  /** The number of a pair; a new one when it was not seen before. */
  readonly of: (left: number, right: number) => number;
  readonly size: () => number;
};

const LEAST = 1 << 10;
const roomFor = (pairs: number): number => {
  let room = LEAST;
  while (room < pairs * 2) room *= 2;
  return room;
};

/** Mixes both halves, so that neighbours do not fall into one place. */
const placeOf = (left: number, right: number, mask: number): number => {
  let hash = Math.imul(left, 0x9e3779b1) ^ Math.imul(right + 1, 0x85ebca77);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) & mask;
};

/**
 * Open addressing in typed arrays for at most so many pairs: a million rows are grouped without a million objects.
 * `left` and `right` are integers from 0.
 */
export const numberPairs = (most: number): PairNumbering => {
  const mask = roomFor(most) - 1;
  const [lefts, rights] = [new Int32Array(mask + 1), new Int32Array(mask + 1)];
  const numbers = new Int32Array(mask + 1);
  let size = 0;
  return {
    of: (left, right) => {
      let at = placeOf(left, right, mask);
      for (;;) {
        const number = numbers[at] ?? 0;
        if (number === 0) {
          lefts[at] = left;
          rights[at] = right;
          size += 1;
          numbers[at] = size;
          return size - 1;
        }
        if (lefts[at] === left && rights[at] === right) return number - 1;
        at = (at + 1) & mask;
      }
    },
    size: () => size,
  };
};

/** Pairs that are counted off in one array instead of being looked for. */
const MOST_DIRECT = 1 << 22;

/** What groups are split by: `codes` maps through `map`, where there is one, to numbers below `words`. */
export type SplitBy = { readonly codes: Int32Array; readonly map?: Int32Array; readonly words: number };

/** Every pair has a place of its own. */
const splitDirectly = (
  groups: Int32Array,
  places: Int32Array,
  { codes, map, words }: SplitBy,
  most: number,
): number => {
  let size = 0;
  for (let i = 0; i < groups.length && size <= most; i += 1) {
    const code = codes[i] ?? 0;
    const at = (groups[i] ?? 0) * words + (map === undefined ? code : (map[code] ?? 0));
    let number = places[at] ?? 0;
    if (number === 0) {
      size += 1;
      number = size;
      places[at] = number;
    }
    groups[i] = number - 1;
  }
  return size;
};

const splitBySearch = (groups: Int32Array, { codes, map }: SplitBy, most: number): number => {
  const pairs = numberPairs(Math.min(groups.length, most + 1));
  for (let i = 0; i < groups.length; i += 1) {
    const code = codes[i] ?? 0;
    groups[i] = pairs.of(groups[i] ?? 0, map === undefined ? code : (map[code] ?? 0));
    if (pairs.size() > most) break;
  }
  return pairs.size();
};

/**
 * Splits groups by one more number each: `groups` holds below `size` different numbers and is overwritten. Returns how
 * many groups there are then; as soon as they are more than `most` it stops and leaves `groups` half split.
 */
export const splitGroups = (groups: Int32Array, size: number, by: SplitBy, most = Number.POSITIVE_INFINITY): number => {
  const places = Math.max(size, 1) * by.words;
  return places <= MOST_DIRECT && places <= groups.length * 16 + LEAST
    ? splitDirectly(groups, new Int32Array(places), by, most)
    : splitBySearch(groups, by, most);
};

/** Numbers that grow with need. */
export type Integers = { readonly add: (value: number) => void; readonly all: () => Int32Array };

export const createIntegers = (): Integers => {
  let held = new Int32Array(LEAST);
  let length = 0;
  return {
    add: (value) => {
      if (length === held.length) {
        const larger = new Int32Array(length * 2);
        larger.set(held);
        held = larger;
      }
      held[length] = value;
      length += 1;
    },
    all: () => held.subarray(0, length),
  };
};
