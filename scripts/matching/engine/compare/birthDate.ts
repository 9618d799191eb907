import { BIRTH_DATE } from '../contract.ts';
import { dayAndMonthSwapped, dayBits, monthBits, oneDigitAway, yearBits, yearOf } from '../kernels/digits.ts';
import { intAt } from '../kernels/at.ts';
import type { Comparison, Data, PairBatch } from './contract.ts';
import type { LevelOf } from './textLevels.ts';

const FAR_YEARS = 13;

const sameParts = (a: number, b: number): number =>
  (yearBits(a) === yearBits(b) ? 1 : 0) + (monthBits(a) === monthBits(b) ? 1 : 0) + (dayBits(a) === dayBits(b) ? 1 : 0);

const otherYears: LevelOf = (a, b) =>
  Math.abs(yearOf(a) - yearOf(b)) >= FAR_YEARS ? BIRTH_DATE.far : BIRTH_DATE.different;

/** One of them has no day. */
const partialLevel: LevelOf = (a, b) => {
  if (yearBits(a) !== yearBits(b)) return otherYears(a, b);
  return monthBits(a) === monthBits(b) && monthBits(a) !== 0 ? BIRTH_DATE.parts : BIRTH_DATE.year;
};

/** Packed dates (YYYYMMDD), zeros for what is unknown. */
export const birthDateLevel: LevelOf = (a, b) => {
  const full = dayBits(a) !== 0 && dayBits(b) !== 0;
  if (a === b) return full ? BIRTH_DATE.exact : monthBits(a) === 0 ? BIRTH_DATE.year : BIRTH_DATE.parts;
  if (!full) return partialLevel(a, b);
  if (oneDigitAway(a, b) || dayAndMonthSwapped(a) === b) return BIRTH_DATE.close;
  if (sameParts(a, b) === 2) return BIRTH_DATE.parts;
  return yearBits(a) === yearBits(b) ? BIRTH_DATE.year : otherYears(a, b);
};

class BirthDateComparison implements Comparison {
  private readonly records: Int32Array;
  private readonly stride: number;
  private readonly slots: Int32Array;

  constructor({ records, layout }: Data) {
    this.records = records;
    this.stride = layout.stride;
    this.slots = layout.slots('birthDate');
  }

  of(a: number, b: number): number {
    const { records, stride, slots } = this;
    let best = 0;
    for (let i = 0; i < slots.length; i += 1) {
      const left = intAt(records, a * stride + intAt(slots, i));
      if (left === 0) continue;
      for (let j = 0; j < slots.length; j += 1) {
        const right = intAt(records, b * stride + intAt(slots, j));
        if (right !== 0) best = Math.max(best, birthDateLevel(left, right));
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
}

export const birthDateComparison = (data: Data): Comparison => new BirthDateComparison(data);
