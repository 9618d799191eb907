import { EvaluationError } from './errors.ts';

/** Days and times of the proleptic Gregorian calendar, as milliseconds in UTC. */

export const dayMilliseconds = 86_400_000;

const daysIn = (year: number, month: number): number => new Date(utc(year, month + 1, 0)).getUTCDate();

/** Date.UTC takes years below 100 for those of the last century. */
const utc = (year: number, month: number, day: number): number => {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime();
};

/** Midnight of a day. EvaluationError when there is no such day. */
export const dateOf = (year: number, month: number, day: number): number => {
  const valid = year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
  if (!valid) throw new EvaluationError('Invalid date');
  return utc(year, month, day);
};

const wrong = (what: string): EvaluationError => new EvaluationError(`the text is no ${what}`);

/** `2026-03-31`, or with one digit; what follows is ignored. EvaluationError otherwise. */
export const parseDate = (text: string): number => {
  const found = /^(\d{4})-(\d+)-(\d+)/.exec(text);
  if (found === null) throw wrong('date');
  return dateOf(Number(found[1]), Number(found[2]), Number(found[3]));
};

const clock = (hours: number, minutes: number, seconds: number, milliseconds = 0): number | undefined =>
  hours > 23 || minutes > 59 || seconds > 59 || milliseconds > 999
    ? undefined
    : ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds;

/** `2026-03-31 13:45:00` in GMT; what follows is ignored. EvaluationError otherwise. */
export const parseDateTime = (text: string): number => {
  const found = /^(\d{4}-\d+-\d+)\s+(\d+):(\d+):(\d+)/.exec(text);
  const time = found === null ? undefined : clock(Number(found[2]), Number(found[3]), Number(found[4]));
  if (found === null || time === undefined) throw wrong('date and time');
  return parseDate(found[1] ?? '') + time;
};

/** `13:45:00.000`. EvaluationError otherwise. */
export const parseTime = (text: string): number => {
  const found = /^(\d+):(\d+):(\d+)\.(\d+)$/.exec(text);
  const time =
    found === null ? undefined : clock(Number(found[1]), Number(found[2]), Number(found[3]), Number(found[4]));
  if (time === undefined) throw wrong('time');
  return time;
};

/** Last days of a month stay last days. Source: https://help.salesforce.com/s/articleView?id=platform.customize_functions_addmonths.htm */
export const addMonths = (instant: number, months: number): number => {
  const start = new Date(instant);
  const timeOfDay = ((instant % dayMilliseconds) + dayMilliseconds) % dayMilliseconds;
  const total = start.getUTCFullYear() * 12 + start.getUTCMonth() + months;
  const year = Math.floor(total / 12);
  const month = total - year * 12 + 1;
  if (year < 1 || year > 9999) throw new EvaluationError('Invalid date');
  const last = daysIn(year, month);
  const wasLast = start.getUTCDate() === daysIn(start.getUTCFullYear(), start.getUTCMonth() + 1);
  return utc(year, month, wasLast ? last : Math.min(start.getUTCDate(), last)) + timeOfDay;
};

/** Weeks begin on Monday; the first one has the year's first Thursday (ISO 8601). */
export const isoWeek = (instant: number): { readonly year: number; readonly week: number } => {
  const day = Math.floor(instant / dayMilliseconds);
  const weekday = (((day + 3) % 7) + 7) % 7;
  const thursday = day - weekday + 3;
  const year = new Date(thursday * dayMilliseconds).getUTCFullYear();
  const firstOfYear = Math.floor(utc(year, 1, 1) / dayMilliseconds);
  return { year, week: Math.floor((thursday - firstOfYear) / 7) + 1 };
};

export const dayOfYear = (instant: number): number => {
  const start = utc(new Date(instant).getUTCFullYear(), 1, 1);
  return Math.floor((instant - start) / dayMilliseconds) + 1;
};

const furthest = 8.64e15;

/** The instant, if it is one a calendar has. EvaluationError otherwise. */
export const checkedInstant = (instant: number): number => {
  if (!Number.isFinite(instant) || Math.abs(instant) > furthest) throw new EvaluationError('Invalid date');
  return instant;
};

const pad = (value: number, width: number): string => String(value).padStart(width, '0');

/** `2026-03-31`; years beyond 9999 are an error. */
export const dateText = (instant: number): string => {
  const date = new Date(checkedInstant(instant));
  const year = date.getUTCFullYear();
  if (year < 1 || year > 9999) throw new EvaluationError('Invalid date');
  return `${pad(year, 4)}-${pad(date.getUTCMonth() + 1, 2)}-${pad(date.getUTCDate(), 2)}`;
};

/** `13:45:00.000` */
export const timeText = (milliseconds: number): string =>
  `${pad(Math.floor(milliseconds / 3_600_000), 2)}:${pad(Math.floor(milliseconds / 60_000) % 60, 2)}:${pad(
    Math.floor(milliseconds / 1000) % 60,
    2,
  )}.${pad(milliseconds % 1000, 3)}`;

/** Milliseconds since midnight (UTC). */
export const timeOfDay = (instant: number): number => ((instant % dayMilliseconds) + dayMilliseconds) % dayMilliseconds;

/** `2026-03-31 13:45:00Z` */
export const dateTimeText = (instant: number): string =>
  `${dateText(instant)} ${timeText(timeOfDay(instant)).slice(0, 8)}Z`;
