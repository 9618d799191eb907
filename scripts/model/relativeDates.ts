import { addDays, addMonths, parseLocalDate, type LocalDate } from '../kernel/legalPeriod.ts';

/** Days from `from` to the day before `before`. */
export type DayRange = { readonly from: LocalDate; readonly before: LocalDate };

const day = (text: string): LocalDate => {
  const parsed = parseLocalDate(text);
  if (parsed === undefined) throw new RangeError('a day of the calendar');
  return parsed;
};
const monthOf = (today: LocalDate): LocalDate => day(`${today.slice(0, 8)}01`);
const yearOf = (today: LocalDate): LocalDate => day(`${today.slice(0, 5)}01-01`);
const days = (from: LocalDate, count = 1): DayRange => ({ from, before: addDays(from, count) });
const months = (from: LocalDate, count = 1): DayRange => ({ from, before: addMonths(from, count) });

/**
 * Date words of SOQL without a number.
 * https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_dateformats.htm
 */
const PLAIN: Readonly<Record<string, (today: LocalDate) => DayRange>> = {
  YESTERDAY: (today) => days(addDays(today, -1)),
  TODAY: (today) => days(today),
  TOMORROW: (today) => days(addDays(today, 1)),
  LAST_MONTH: (today) => months(addMonths(monthOf(today), -1)),
  THIS_MONTH: (today) => months(monthOf(today)),
  NEXT_MONTH: (today) => months(addMonths(monthOf(today), 1)),
  LAST_YEAR: (today) => months(addMonths(yearOf(today), -12), 12),
  THIS_YEAR: (today) => months(yearOf(today), 12),
  NEXT_YEAR: (today) => months(addMonths(yearOf(today), 12), 12),
};

/** Those with a number; `LAST_N_DAYS` ends with today. */
const COUNTED: Readonly<Record<string, (today: LocalDate, n: number) => DayRange>> = {
  LAST_N_DAYS: (today, n) => days(addDays(today, -n), n + 1),
  NEXT_N_DAYS: (today, n) => days(addDays(today, 1), n),
  N_DAYS_AGO: (today, n) => days(addDays(today, -n)),
  LAST_N_MONTHS: (today, n) => months(addMonths(monthOf(today), -n), n),
  NEXT_N_MONTHS: (today, n) => months(addMonths(monthOf(today), 1), n),
  LAST_N_YEARS: (today, n) => months(addMonths(yearOf(today), -12 * n), 12 * n),
  NEXT_N_YEARS: (today, n) => months(addMonths(yearOf(today), 12), 12 * n),
};

/** Further than any law looks, and within the calendar. */
const MOST = 5000;

export const isRelativeDate = (name: string, n: number | undefined): boolean =>
  n === undefined
    ? Object.hasOwn(PLAIN, name)
    : Object.hasOwn(COUNTED, name) && n >= 1 && n <= (name.endsWith('YEARS') ? MOST / 50 : MOST);

/** The days a date word means on a day. RangeError for a word there is not. */
export const relativeDays = (name: string, n: number | undefined, today: LocalDate): DayRange => {
  const plain = n === undefined ? PLAIN[name] : undefined;
  if (plain !== undefined) return plain(today);
  const counted = COUNTED[name];
  if (n === undefined || counted === undefined || !isRelativeDate(name, n)) throw new RangeError('no such date word');
  return counted(today, n);
};
