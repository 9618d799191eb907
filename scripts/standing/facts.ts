import { endOfPeriod, localDateOf, parseLocalDate, type LocalDate } from '../kernel/legalPeriod.ts';
import { matchesFilter } from '../model/filterMatch.ts';
import type { OrgRow, OrgValue } from '../org/port.ts';
import { readPath } from '../org/rowPaths.ts';
import type { FactSource } from './factSources.ts';

/** What one row says about one record. Dates are days in the controller's time zone. */
export type Fact = {
  readonly source: FactSource;
  /** The record the row is about: a person, their household or Individual. */
  readonly target: string;
  /** The row's own id. */
  readonly record: string;
  /** Day of a contact; null when the row has none. */
  readonly date: LocalDate | null;
  /** Last day the row keeps the record; null when it has no end. */
  readonly until: LocalDate | null;
};

/** Days that were told so far: a million rows tell some thousand different ones. */
const MOST_REMEMBERED = 50_000;
const remembered = <T>(known: Map<string, T>, name: string, make: () => T): T => {
  const there = known.get(name);
  if (there !== undefined) return there;
  if (known.size >= MOST_REMEMBERED) known.clear();
  const made = make();
  known.set(name, made);
  return made;
};
const days = new Map<string, LocalDate | null>();
const ends = new Map<string, LocalDate>();

/** The day of a date or date-time value; null for anything else. */
export const dayOf = (value: OrgValue, timeZone: string): LocalDate | null => {
  if (typeof value !== 'string') return null;
  if (value.length === 10) return remembered(days, value, () => parseLocalDate(value) ?? null);
  return Number.isNaN(Date.parse(value)) ? null : localDateOf(value, timeZone);
};

type ReadField = (path: string) => OrgValue;

const untilOf = (source: FactSource, read: ReadField, timeZone: string): LocalDate | null => {
  if (source.until !== undefined) return dayOf(read(source.until), timeZone);
  if (source.keep === undefined || source.date === undefined) return null;
  const date = dayOf(read(source.date), timeZone);
  const { keep } = source;
  if (date === null) return null;
  const name = `${date} ${String(keep.years)} ${String(keep.months)} ${String(keep.days)}`;
  return remembered(ends, name, () => endOfPeriod(date, keep));
};

/** What a row states, whomever it is about; undefined when its conditions are not met. */
export const toldBy = (
  source: FactSource,
  read: ReadField,
  timeZone: string,
): Pick<Fact, 'source' | 'date' | 'until'> | undefined => {
  if (!matchesFilter(source.where, read)) return undefined;
  const date = source.date === undefined ? null : dayOf(read(source.date), timeZone);
  return { source, date, until: untilOf(source, read, timeZone) };
};

/** The fact a row states; undefined when it is about nobody or its conditions are not met. */
export const factOf = (source: FactSource, row: OrgRow, timeZone: string): Fact | undefined => {
  const target = readPath(row, source.via);
  const record = readPath(row, 'Id');
  if (typeof target !== 'string' || typeof record !== 'string') return undefined;
  const told = toldBy(source, (path) => readPath(row, path), timeZone);
  return told === undefined ? undefined : { ...told, target, record };
};
