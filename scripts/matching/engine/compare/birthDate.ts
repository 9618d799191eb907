import { BIRTH_DATE } from '../contract.ts';
import { dayAndMonthSwapped, dayBits, monthBits, oneDigitAway, yearBits, yearOf } from '../kernels/digits.ts';
import { columnsOf } from './anyOf.ts';
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
  private readonly columns: readonly Int32Array[];

  constructor(columns: readonly Int32Array[]) {
    this.columns = columns;
  }

  of(a: number, b: number): number {
    const { columns } = this;
    let best = 0;
    for (const first of columns) {
      const left = first[a] ?? 0;
      if (left === 0) continue;
      for (const second of columns) {
        const right = second[b] ?? 0;
        if (right !== 0) best = Math.max(best, birthDateLevel(left, right));
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
}

export const birthDateComparison = (data: Data): Comparison => new BirthDateComparison(columnsOf(data, 'birthDate'));
