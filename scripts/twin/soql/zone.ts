/** Calendar days in a user's time zone. Days are `yyyy-MM-dd`; instants are ISO texts in UTC. */

const formatters = new Map<string, Intl.DateTimeFormat>();

const formatterOf = (zone: string): Intl.DateTimeFormat => {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  formatters.set(zone, made);
  return made;
};

/** The wall clock of an instant (ms) in a zone, as if it were UTC (ms). */
const wallClock = (instant: number, zone: string): number => {
  const part: Record<string, number> = {};
  for (const { type, value } of formatterOf(zone).formatToParts(instant)) part[type] = Number(value);
  return Date.UTC(
    part['year'] ?? 0,
    (part['month'] ?? 1) - 1,
    part['day'] ?? 1,
    part['hour'] ?? 0,
    part['minute'] ?? 0,
    part['second'] ?? 0,
  );
};

/** The wall clock of an instant in a zone, as an ISO text. */
export const localTime = (iso: string, zone: string): string =>
  new Date(wallClock(Date.parse(iso), zone)).toISOString();

const days = new Map<string, { readonly minute: number; readonly day: string }>();

/** The day it is in the zone at an instant (ms). Days begin on whole minutes everywhere, so a minute's answer is kept. */
export const dayIn = (instant: number, zone: string): string => {
  const minute = Math.floor(instant / 60_000);
  const known = days.get(zone);
  if (known?.minute === minute) return known.day;
  const day = new Date(wallClock(instant, zone)).toISOString().slice(0, 10);
  days.set(zone, { minute, day });
  return day;
};

/** The instant at which a day begins in the zone. */
export const startOfDay = (day: string, zone: string): string => {
  const wanted = Date.parse(`${day}T00:00:00Z`);
  // Twice, because the offset before and after a clock change differ.
  let guess = wanted - (wallClock(wanted, zone) - wanted);
  guess = wanted - (wallClock(guess, zone) - guess);
  return new Date(guess).toISOString();
};

const utc = (day: string): Date => new Date(`${day}T00:00:00Z`);
const text = (date: Date): string => date.toISOString().slice(0, 10);

export const addDays = (day: string, count: number): string => {
  const date = utc(day);
  date.setUTCDate(date.getUTCDate() + count);
  return text(date);
};

/** The first day of the month `count` months away. */
export const startOfMonth = (day: string, count = 0): string => {
  const date = utc(day);
  return text(new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + count, 1)));
};

/** The first day of the year (beginning in `firstMonth`, 1-12) `count` years away. */
export const startOfYear = (day: string, count = 0, firstMonth = 1): string => {
  const date = utc(day);
  const year = date.getUTCMonth() + 1 < firstMonth ? date.getUTCFullYear() - 1 : date.getUTCFullYear();
  return text(new Date(Date.UTC(year + count, firstMonth - 1, 1)));
};

/** The first day of the quarter (of a year beginning in `firstMonth`) `count` quarters away. */
export const startOfQuarter = (day: string, count = 0, firstMonth = 1): string => {
  const date = utc(day);
  const monthsIn = (date.getUTCMonth() + 1 - firstMonth + 12) % 3;
  return startOfMonth(day, -monthsIn + 3 * count);
};

/** The first day of the week; `firstDay` 0 = Sunday, 1 = Monday. */
export const startOfWeek = (day: string, count: number, firstDay: number): string => {
  const weekday = (utc(day).getUTCDay() - firstDay + 7) % 7;
  return addDays(day, -weekday + 7 * count);
};
