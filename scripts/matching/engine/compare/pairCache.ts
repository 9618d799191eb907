/** Levels of pairs of values met before: direct-mapped, so that it stays in the processor's cache. */
export class PairCache {
  private readonly keys: Float64Array;
  private readonly levels: Uint8Array;
  private readonly mask: number;
  private readonly level: (a: number, b: number) => number;

  constructor(level: (a: number, b: number) => number, bits = 15) {
    this.keys = new Float64Array(2 ** bits);
    this.levels = new Uint8Array(2 ** bits);
    this.mask = 2 ** bits - 1;
    this.level = level;
  }

  /** The level of two values, whichever comes first. */
  of(a: number, b: number): number {
    const low = a < b ? a : b;
    const high = a < b ? b : a;
    const slot = ((Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b)) >>> 7) & this.mask;
    const key = low * 0x80000000 + high;
    if (this.keys[slot] === key) return this.levels[slot] ?? 0;
    const level = this.level(low, high);
    this.keys[slot] = key;
    this.levels[slot] = level;
    return level;
  }
}
