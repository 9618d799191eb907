import type { PairBatch } from './contract.ts';

/** Pairs compared together: few enough to stay in the processor's cache, many enough that a loop is worth its beginning. */
export const PAIRS_TOGETHER = 1024;

/** Pairs taken in until there are enough of them. */
export class PairList implements PairBatch {
  readonly a = new Int32Array(PAIRS_TOGETHER);
  readonly b = new Int32Array(PAIRS_TOGETHER);
  readonly alive = new Int32Array(PAIRS_TOGETHER);
  count = 0;

  /** True when the list is full now: it must be worked off before the next pair. */
  add(a: number, b: number): boolean {
    const at = this.count;
    this.a[at] = a;
    this.b[at] = b;
    this.alive[at] = at;
    this.count = at + 1;
    return this.count === PAIRS_TOGETHER;
  }
}

/** Levels of a list's pairs, one column a comparison. */
export const levelColumns = (comparisons: number): readonly Uint8Array[] =>
  Array.from({ length: comparisons }, () => new Uint8Array(PAIRS_TOGETHER));
