/**
 * A stream of pseudo-random draws that depends on nothing but its seed. Every entity of the demo org gets a stream of
 * its own from (seed, purpose, index), so that any person can be made without making those before.
 */
export type Draws = {
  /** A number in [0, 1). */
  next(): number;
  /** A whole number in [from, to], both included. */
  whole(from: number, to: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** One of the values; RangeError when there are none. */
  pick<T>(values: readonly T[]): T;
  /** One of the values, as often as its weight says. */
  weighted<T>(values: readonly (readonly [T, number])[]): T;
};

/** FNV-1a over UTF-16 code units. http://www.isthe.com/chongo/tech/comp/fnv/ */
const hashText = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
};

const mix = (value: number): number => {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
};

const purposes = new Map<string, number>();

const purposeNumber = (purpose: string): number => {
  const known = purposes.get(purpose);
  if (known !== undefined) return known;
  const made = hashText(purpose);
  purposes.set(purpose, made);
  return made;
};

const valueAt = <T>(values: readonly T[], position: number): T => {
  if (position >= values.length) throw new RangeError('nothing to pick from');
  return values[position] as T;
};

const weightedFrom = <T>(values: readonly (readonly [T, number])[], share: number): T => {
  const total = values.reduce((sum, [, weight]) => sum + weight, 0);
  let rest = share * total;
  for (const [value, weight] of values) {
    rest -= weight;
    if (rest < 0) return value;
  }
  return valueAt(values, values.length - 1)[0];
};

/** sfc32 (PractRand, C. Doty-Humphrey, public domain): small, fast, period over 2^32 from any state. */
class Sfc32 implements Draws {
  readonly #seed: number;
  readonly #purpose: number;
  #a = 0;
  #b = 0;
  #c = 0;
  #counter = 1;

  constructor(seed: number, purpose: number, index: number) {
    this.#seed = mix(seed ^ 0x9e3779b9);
    this.#purpose = mix(purpose ^ this.#seed);
    this.at(index);
  }

  at(index: number): void {
    this.#a = this.#seed;
    this.#b = this.#purpose;
    this.#c = mix(index ^ this.#purpose);
    this.#counter = 1;
    for (let i = 0; i < 6; i += 1) this.next();
  }

  next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return (sum >>> 0) / 4_294_967_296;
  }

  whole(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(values: readonly T[]): T {
    return valueAt(values, Math.floor(this.next() * values.length));
  }

  weighted<T>(values: readonly (readonly [T, number])[]): T {
    return weightedFrom(values, this.next());
  }
}

/** The draws of one entity for one purpose. `seed` and `index` are 32-bit whole numbers. */
export const drawsOf = (seed: number, purpose: string, index: number): Draws =>
  new Sfc32(seed, purposeNumber(purpose), index);

/** Draws that serve one entity after another: `at` begins what `drawsOf` would give for that index. */
export type ReusableDraws = Draws & { at(index: number): void };

export const reusableDraws = (seed: number, purpose: string): ReusableDraws =>
  new Sfc32(seed, purposeNumber(purpose), 0);

/** A table to draw from often: cumulative weights once, then a binary search per draw. */
export const weightedTable = <T>(values: readonly (readonly [T, number])[]): ((draws: Draws) => T) => {
  let total = 0;
  const limits = values.map(([, weight]) => (total += weight));
  return (draws) => {
    const target = draws.next() * total;
    let low = 0;
    let high = limits.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((limits[middle] ?? total) <= target) low = middle + 1;
      else high = middle;
    }
    return valueAt(values, low)[0];
  };
};
