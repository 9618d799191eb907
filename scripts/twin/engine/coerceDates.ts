import type { FieldDefinition } from '../schema/definitions.ts';
import { wrongType, type Coercer, type Coercing, type Raw } from './coercing.ts';
import { RowProblem } from './problems.ts';
import { stamp } from './rowStore.ts';

const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/;
const dateTimePattern = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})$/i;
const timePattern = /^(\d{2}):(\d{2})(?::(\d{2})(\.\d{1,3})?)?Z?$/;

const daysIn = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const isDay = (year: number, month: number, day: number): boolean => {
  if (month < 1 || month > 12 || day < 1) return false;
  const leap = month === 2 && ((year % 4 === 0 && year % 100 !== 0) || year % 400 === 0);
  return day <= (daysIn[month - 1] ?? 0) + (leap ? 1 : 0);
};

const twoDigits = (text: string, at: number): number => (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;

/** Whether the text is a day of the calendar, `yyyy-MM-dd`, of any year. */
const isCalendarDay = (candidate: string): boolean =>
  datePattern.test(candidate) &&
  isDay(twoDigits(candidate, 0) * 100 + twoDigits(candidate, 2), twoDigits(candidate, 5), twoDigits(candidate, 8));

/** Years that dates may have. Source: https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/primitive_data_types.htm */
const inRange = (day: string): boolean => day >= '1700-01-01' && day < '4001-01-01';

const isDate = (candidate: string): boolean => isCalendarDay(candidate) && inRange(candidate);

/** The stored form of a date-time text (Z or an offset; a bare date is its midnight in UTC), or undefined. */
export const parseDateTime = (candidate: string): string | undefined => {
  if (isDate(candidate)) return `${candidate}T00:00:00.000Z`;
  const parts = dateTimePattern.exec(candidate);
  if (parts === null || !isDate(parts[1] ?? '')) return undefined;
  const offset = (parts[3] ?? 'Z').toUpperCase().replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
  const instant = Date.parse(`${parts[1] ?? ''}T${parts[2] ?? ''}${offset}`);
  return Number.isNaN(instant) ? undefined : stamp(instant);
};

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A day that exists but is out of the platform's range is named in the words of its servers. */
const invalidDay = (field: FieldDefinition, day: string): RowProblem => {
  const date = new Date(`${day}T00:00:00Z`);
  const words = `${weekdays[date.getUTCDay()] ?? ''} ${months[date.getUTCMonth()] ?? ''} ${day.slice(8, 10)}`;
  const text = `${words} 00:00:00 GMT ${String(date.getUTCFullYear())}`;
  return new RowProblem('FIELD_INTEGRITY_EXCEPTION', `${field.label}: invalid date: ${text}`, [field.name]);
};

const requireText = (field: FieldDefinition, value: Raw): string => {
  if (typeof value !== 'string') throw wrongType(field, value);
  return value.trim();
};

const refuse = (field: FieldDefinition, value: Raw, trimmed: string): never => {
  const day = trimmed.slice(0, 10);
  if (isCalendarDay(day) && !inRange(day)) throw invalidDay(field, day);
  throw wrongType(field, value);
};

/** A day; of a date-time, its day in UTC. */
export const day =
  ({ field }: Coercing): Coercer =>
  (value) => {
    const trimmed = requireText(field, value);
    if (trimmed === '') return null;
    if (isDate(trimmed)) return trimmed;
    return (parseDateTime(trimmed) ?? refuse(field, value, trimmed)).slice(0, 10);
  };

/** An instant, stored in whole seconds of UTC. */
export const instant =
  ({ field }: Coercing): Coercer =>
  (value) => {
    const trimmed = requireText(field, value);
    if (trimmed === '') return null;
    return parseDateTime(trimmed) ?? refuse(field, value, trimmed);
  };

/** A time of day without a zone, to the millisecond. */
export const timeOfDay =
  ({ field }: Coercing): Coercer =>
  (value) => {
    const trimmed = requireText(field, value);
    if (trimmed === '') return null;
    const parts = timePattern.exec(trimmed);
    if (parts === null || Number(parts[1]) > 23 || Number(parts[2]) > 59 || Number(parts[3] ?? 0) > 59) {
      throw wrongType(field, value);
    }
    const fraction = (parts[4] ?? '.000').padEnd(4, '0');
    return `${parts[1] ?? ''}:${parts[2] ?? ''}:${parts[3] ?? '00'}${fraction}Z`;
  };
