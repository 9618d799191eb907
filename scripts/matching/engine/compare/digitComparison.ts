import { intAt } from '../kernels/at.ts';
import { oneDigitAway } from '../kernels/digits.ts';
import { isHashed } from '../read/digitCells.ts';
import type { Comparison, Data, PairBatch } from './contract.ts';

type DigitLevels = { readonly different: number; readonly close: number; readonly exact: number };
/** Numbers packed by digits (telephones, identifiers): the best level over all that two rows have. */
class DigitComparison implements Comparison {
  private readonly levels: DigitLevels;
  private readonly records: Int32Array;
  private readonly stride: number;
  private readonly low: Int32Array;
  private readonly high: Int32Array;

  constructor({ records, layout }: Data, slots: readonly string[], levels: DigitLevels) {
    const there = slots.filter((slot) => layout.slot(slot) >= 0 && layout.slot(`${slot}:high`) >= 0);
    this.records = records;
    this.stride = layout.stride;
    this.levels = levels;
    this.low = Int32Array.from(there, (slot) => layout.slot(slot));
    this.high = Int32Array.from(there, (slot) => layout.slot(`${slot}:high`));
  }

  of(a: number, b: number): number {
    const { records, stride, low, high } = this;
    let best = 0;
    for (let i = 0; i < low.length; i += 1) {
      const left = intAt(records, a * stride + intAt(low, i));
      if (left === 0) continue;
      const leftHigh = intAt(records, a * stride + intAt(high, i));
      for (let j = 0; j < low.length; j += 1) {
        const right = intAt(records, b * stride + intAt(low, j));
        if (right === 0) continue;
        best = Math.max(best, this.level(left, leftHigh, right, intAt(records, b * stride + intAt(high, j))));
      }
    }
    return best;
  }

  fill({ a, b, alive, count }: PairBatch, out: Uint8Array): void {
    for (let i = 0; i < count; i += 1) {
      const at = intAt(alive, i);
      out[at] = this.of(intAt(a, at), intAt(b, at));
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

export const digitComparison = (data: Data, slots: readonly string[], levels: DigitLevels): Comparison =>
  new DigitComparison(data, slots, levels);
