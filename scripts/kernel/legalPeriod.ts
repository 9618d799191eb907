/** A calendar date `yyyy-MM-dd`, without time or zone. */
export type LocalDate = string & { readonly __brand: 'LocalDate' };

/** How long the law speaks of: whole years, months or days. */
export type LegalPeriod = { readonly years?: number; readonly months?: number; readonly days?: number };

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

const partsOf = (date: string): readonly [number, number, number] => {
  const match = DATE.exec(date);
  if (match === null) throw new RangeError('a date is yyyy-MM-dd');
  return [Number(match[1]), Number(match[2]), Number(match[3])];
};

const toDate = (year: number, month: number, day: number): LocalDate =>
  new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10) as LocalDate;

/** A date from `yyyy-MM-dd`; undefined when no such day exists. */
export const parseLocalDate = (text: string): LocalDate | undefined => {
  const match = DATE.exec(text);
  if (match === null) return undefined;
  const [year, month, day] = partsOf(text);
  return toDate(year, month, day) === text ? (text as LocalDate) : undefined;
};

const QUARTER = 900_000;
/** From then on every zone's offset, and every change of one, falls on a quarter of an hour (IANA time zone database). */
const QUARTERS_FROM = Date.UTC(1973, 0, 1) / QUARTER;
const MOST_QUARTERS = 50_000;

/** The calendar date of an instant (ISO text) in a time zone such as `Europe/Paris`. */
export const localDateOf = (instant: string, timeZone: string): LocalDate => {
  const { format, days } = zoneOf(timeZone);
  const quarter = Math.floor(Date.parse(instant) / QUARTER);
  const known = days.get(quarter);
  if (known !== undefined) return known;
  const day = format.format(new Date(instant)) as LocalDate;
  if (quarter >= QUARTERS_FROM) {
    if (days.size >= MOST_QUARTERS) days.clear();
    days.set(quarter, day);
  }
  return day;
};

// Making a format costs a hundred times what using it does, and using it ten times what looking a day up does.
type Zone = { readonly format: Intl.DateTimeFormat; readonly days: Map<number, LocalDate> };
const zones = new Map<string, Zone>();
const zoneOf = (timeZone: string): Zone => {
  const known = zones.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const made = { format, days: new Map<number, LocalDate>() };
  zones.set(timeZone, made);
  return made;
};

const daysInMonth = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** Same day number, or the month's last day when it has none: Regulation (EEC, Euratom) 1182/71, Art. 3(2)(c). */
export const addMonths = (date: LocalDate, months: number): LocalDate => {
  const [year, month, day] = partsOf(date);
  const index = year * 12 + (month - 1) + months;
  const targetYear = Math.floor(index / 12);
  const targetMonth = (index % 12) + 1;
  return toDate(targetYear, targetMonth, Math.min(day, daysInMonth(targetYear, targetMonth)));
};

export const addDays = (date: LocalDate, days: number): LocalDate => {
  const [year, month, day] = partsOf(date);
  return toDate(year, month, day + days);
};

// Many people share their dates: a few thousand days are all there is to a lifetime of records.
const ends = new Map<string, LocalDate>();
const MOST_ENDS = 20_000;

/** The last day of a period that began with an event on `start`; the event's own day is not counted (Art. 3(1)). */
export const endOfPeriod = (start: LocalDate, { years = 0, months = 0, days = 0 }: LegalPeriod): LocalDate => {
  const key = `${start} ${years} ${months} ${days}`;
  const known = ends.get(key);
  if (known !== undefined) return known;
  const end = addDays(addMonths(start, years * 12 + months), days);
  if (ends.size >= MOST_ENDS) ends.clear();
  ends.set(key, end);
  return end;
};

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export const daysBetween = (from: LocalDate, to: LocalDate): number => {
  const [a, b] = [partsOf(from), partsOf(to)];
  return Math.round((Date.UTC(b[0], b[1] - 1, b[2]) - Date.UTC(a[0], a[1] - 1, a[2])) / 86_400_000);
};
