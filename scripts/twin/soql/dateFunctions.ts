import type { DatabaseSync } from 'node:sqlite';
import { localTime } from './zone.ts';

type Reader = (date: Date, iso: string) => number | string;

const dayOfYear = (date: Date): number =>
  Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;

/** By SOQL name. Source: https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_date_functions.htm */
const readers: Readonly<Record<string, Reader>> = {
  CALENDAR_MONTH: (date) => date.getUTCMonth() + 1,
  CALENDAR_QUARTER: (date) => Math.floor(date.getUTCMonth() / 3) + 1,
  CALENDAR_YEAR: (date) => date.getUTCFullYear(),
  DAY_IN_MONTH: (date) => date.getUTCDate(),
  DAY_IN_WEEK: (date) => date.getUTCDay() + 1,
  DAY_IN_YEAR: dayOfYear,
  DAY_ONLY: (_date, iso) => iso.slice(0, 10),
  HOUR_IN_DAY: (date) => date.getUTCHours(),
  WEEK_IN_MONTH: (date) => Math.floor((date.getUTCDate() - 1) / 7) + 1,
  WEEK_IN_YEAR: (date) => Math.floor((dayOfYear(date) - 1) / 7) + 1,
};

const fiscal: Readonly<Record<string, (date: Date, firstMonth: number) => number>> = {
  FISCAL_MONTH: (date, firstMonth) => ((date.getUTCMonth() + 1 - firstMonth + 12) % 12) + 1,
  FISCAL_QUARTER: (date, firstMonth) => Math.floor(((date.getUTCMonth() + 1 - firstMonth + 12) % 12) / 3) + 1,
  FISCAL_YEAR: (date, firstMonth) =>
    date.getUTCFullYear() + (firstMonth > 1 && date.getUTCMonth() + 1 >= firstMonth ? 1 : 0),
};

export const isDateFunction = (name: string): boolean => {
  const upper = name.toUpperCase();
  return upper in readers || upper in fiscal;
};

/** Whether the function answers a day and not a number. */
export const answersDay = (name: string): boolean => name.toUpperCase() === 'DAY_ONLY';

const read = (name: unknown, value: unknown, zone: unknown, firstMonth: unknown): number | string | null => {
  if (typeof value !== 'string' || typeof name !== 'string') return null;
  const iso = value.length === 10 ? `${value}T00:00:00.000Z` : value;
  const local = typeof zone === 'string' && value.length > 10 ? localTime(iso, zone) : iso;
  const date = new Date(local);
  return readers[name]?.(date, local) ?? fiscal[name]?.(date, Number(firstMonth)) ?? null;
};

/** SQL function `soql_date(name, value, zone or null, first month of the fiscal year)`. */
export const addDateFunctions = (database: DatabaseSync): void => {
  database.function('soql_date', { deterministic: true }, read);
};
