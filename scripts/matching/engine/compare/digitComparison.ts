import { intAt } from '../kernels/at.ts';
import { oneDigitAway } from '../kernels/digits.ts';
import { isHashed } from '../read/digitCells.ts';
import type { Comparison, Data, PairBatch } from './contract.ts';

type DigitLevels = { readonly different: number; readonly close: number; readonly exact: number };
type DigitColumns = { readonly low: Int32Array; readonly high: Int32Array };

/** Numbers packed by digits (telephones, identifiers): the best level over all that two rows have. */
class DigitComparison implements Comparison {
  private readonly levels: DigitLevels;
  private readonly columns: readonly DigitColumns[];

  constructor(levels: DigitLevels, columns: readonly DigitColumns[]) {
    this.levels = levels;
    this.columns = columns;
  }

  of(a: number, b: number): number {
    const { columns } = this;
    let best = 0;
    for (const one of columns) {
      const left = intAt(one.low, a);
      if (left === 0) continue;
      const leftHigh = intAt(one.high, a);
      for (const other of columns) {
        const right = intAt(other.low, b);
        if (right !== 0) best = Math.max(best, this.level(left, leftHigh, right, intAt(other.high, b)));
      }
    }
    return best;
  }

  fill({ a, b, alive, count }: PairBatch, out: Uint8Array): void {
    for (let i = 0; i < count; i += 1) {
      const at = alive[i] ?? 0;
      out[at] = this.of(a[at] ?? 0, b[at] ?? 0);
    }
  }

  private level(left: number, leftHigh: number, right: number, rightHigh: number): number {
    const { levels } = this;
    if (left === right && leftHigh === rightHigh) return levels.exact;
    if (isHashed(leftHigh) || isHashed(rightHigh)) return levels.different;
    const close =
      (leftHigh === rightHigh && oneDigitAway(left, right)) || (left === right && oneDigitAway(leftHigh, rightHigh));
    return close ? levels.close : levels.different;
  }
}

export const digitComparison = (data: Data, slots: readonly string[], levels: DigitLevels): Comparison => {
  const columns = slots.flatMap((slot) => {
    const low = data.columns[slot];
    const high = data.columns[`${slot}:high`];
    return low === undefined || high === undefined ? [] : [{ low, high }];
  });
  return new DigitComparison(levels, columns);
};
