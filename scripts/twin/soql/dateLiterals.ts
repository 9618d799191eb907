import { addDays, startOfMonth, startOfQuarter, startOfWeek, startOfYear } from './zone.ts';

/** Days from `start` (inclusive) to `end` (exclusive). */
export type DayRange = { readonly start: string; readonly end: string };

export type Calendar = {
  /** Today in the user's zone. */
  readonly today: string;
  /** 0 = Sunday, 1 = Monday; by the user's locale. */
  readonly firstDayOfWeek: number;
  /** 1-12. */
  readonly fiscalYearStart: number;
};

type Unit = (calendar: Calendar, count: number) => string;

const day: Unit = ({ today }, count) => addDays(today, count);
const week: Unit = ({ today, firstDayOfWeek }, count) => startOfWeek(today, count, firstDayOfWeek);
const month: Unit = ({ today }, count) => startOfMonth(today, count);
const quarter: Unit = ({ today }, count) => startOfQuarter(today, count);
const year: Unit = ({ today }, count) => startOfYear(today, count);
const fiscalQuarter: Unit = ({ today, fiscalYearStart }, count) => startOfQuarter(today, count, fiscalYearStart);
const fiscalYear: Unit = ({ today, fiscalYearStart }, count) => startOfYear(today, count, fiscalYearStart);

const units: Readonly<Record<string, Unit>> = {
  DAY: day,
  WEEK: week,
  MONTH: month,
  QUARTER: quarter,
  YEAR: year,
  FISCAL_QUARTER: fiscalQuarter,
  FISCAL_YEAR: fiscalYear,
};

const one = (unit: Unit, calendar: Calendar, from: number, to = from + 1): DayRange => ({
  start: unit(calendar, from),
  end: unit(calendar, to),
});

const named = (word: string, calendar: Calendar): DayRange | undefined => {
  const days: Readonly<Record<string, number>> = { YESTERDAY: -1, TODAY: 0, TOMORROW: 1 };
  const offset = days[word];
  if (offset !== undefined) return one(day, calendar, offset);
  const { today } = calendar;
  if (word === 'LAST_90_DAYS') return { start: addDays(today, -90), end: addDays(today, 1) };
  if (word === 'NEXT_90_DAYS') return { start: addDays(today, 1), end: addDays(today, 91) };
  const match = /^(LAST|THIS|NEXT)_(.+)$/.exec(word);
  const unit = units[match?.[2] ?? ''];
  if (unit === undefined || unit === day) return undefined;
  return one(unit, calendar, { LAST: -1, THIS: 0, NEXT: 1 }[match?.[1] ?? 'THIS'] ?? 0);
};

const counted = (word: string, count: number, calendar: Calendar): DayRange | undefined => {
  const ago = /^N_(.+)S_AGO$/.exec(word);
  const unitAgo = units[ago?.[1] ?? ''];
  if (unitAgo !== undefined) return one(unitAgo, calendar, -count);
  const match = /^(LAST|NEXT)_N_(.+)S$/.exec(word);
  const unit = units[match?.[2] ?? ''];
  if (unit === undefined) return undefined;
  // Only LAST_N_DAYS includes today; the longer units leave the running one out.
  if (match?.[1] === 'NEXT') return one(unit, calendar, 1, count + 1);
  return one(unit, calendar, -count, unit === day ? 1 : 0);
};

/**
 * The days a date literal (`TODAY`, `LAST_N_WEEKS:4`, …) stands for; undefined when it is none.
 * Source: https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_dateformats.htm
 */
export const dayRange = (literal: string, calendar: Calendar): DayRange | undefined => {
  const [word = '', count] = literal.toUpperCase().split(':');
  return count === undefined ? named(word, calendar) : counted(word, Number(count), calendar);
};
