import { byteAt, intAt } from '../kernels/at.ts';

const LEAST_BITS = 12;
const MOST_BITS = 17;

/** Levels of pairs of values met before: direct-mapped, so that it stays in the processor's cache. */
export class PairCache {
  /** Two numbers a place: the lower value and the higher one. */
  private readonly pairs: Int32Array;
  private readonly levels: Uint8Array;
  private readonly mask: number;
  private readonly level: (a: number, b: number) => number;

  /** For so many values. */
  constructor(values: number, level: (a: number, b: number) => number) {
    const bits = Math.min(MOST_BITS, Math.max(LEAST_BITS, 36 - Math.clz32(values)));
    this.pairs = new Int32Array(2 ** (bits + 1));
    this.levels = new Uint8Array(2 ** bits);
    this.mask = 2 ** bits - 1;
    this.level = level;
  }

  /** The level of two values, whichever comes first. */
  of(a: number, b: number): number {
    const { pairs } = this;
    const low = a < b ? a : b;
    const high = a < b ? b : a;
    const slot = ((Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b)) >>> 7) & this.mask;
    if (intAt(pairs, 2 * slot) === low && intAt(pairs, 2 * slot + 1) === high) return byteAt(this.levels, slot);
    const level = this.level(low, high);
    pairs[2 * slot] = low;
    pairs[2 * slot + 1] = high;
    this.levels[slot] = level;
    return level;
  }
}
