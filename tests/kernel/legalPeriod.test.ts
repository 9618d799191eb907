import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  addDays,
  addMonths,
  daysBetween,
  endOfPeriod,
  localDateOf,
  parseLocalDate,
} from '../../scripts/kernel/legalPeriod.ts';
import type { LocalDate } from '../../scripts/kernel/legalPeriod.ts';

const date = (text: string): LocalDate => parseLocalDate(text)!;
const dates = fc
  .date({ min: new Date('1950-01-01'), max: new Date('2150-12-31'), noInvalidDate: true })
  .map((value) => value.toISOString().slice(0, 10) as LocalDate);

describe('legal periods', () => {
  it.each([
    ['2026-01-31', 1, '2026-02-28'],
    ['2028-01-31', 1, '2028-02-29'],
    ['2026-08-31', 1, '2026-09-30'],
    ['2024-02-29', 12, '2025-02-28'],
    ['2026-11-30', 3, '2027-02-28'],
    ['2026-03-31', -1, '2026-02-28'],
  ])('a period that starts on %s and lasts %d months ends on %s', (start, months, end) => {
    expect(addMonths(date(start), months)).toBe(end);
  });

  it('three years after a leap day is the last day of February', () => {
    expect(endOfPeriod(date('2024-02-29'), { years: 3 })).toBe('2027-02-28');
  });

  it('has no 30 February and no word for a date', () => {
    expect(parseLocalDate('2026-02-30')).toBeUndefined();
    expect(parseLocalDate('yesterday')).toBeUndefined();
  });

  it('takes the local date, not the date in UTC', () => {
    expect(localDateOf('2026-08-31T22:30:00.000Z', 'Europe/Paris')).toBe('2026-09-01');
    expect(localDateOf('2026-12-31T22:30:00.000Z', 'Europe/Paris')).toBe('2026-12-31');
  });

  it('counts days as it adds them', () => {
    fc.assert(
      fc.property(dates, fc.integer({ min: -40_000, max: 40_000 }), (start, days) => {
        expect(daysBetween(start, addDays(start, days))).toBe(days);
      }),
    );
  });

  it('never ends a period earlier for being longer', () => {
    fc.assert(
      fc.property(dates, fc.nat(400), (start, months) => {
        expect(addMonths(start, months + 1) > addMonths(start, months)).toBe(true);
      }),
    );
  });
});
