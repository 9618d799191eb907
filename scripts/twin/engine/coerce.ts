import type { FieldValue } from '../contract.ts';
import type { FieldDefinition, FieldType } from '../schema/definitions.ts';
import { toId18 } from './ids.ts';
import { RowProblem } from './problems.ts';
import { stamp } from './rowStore.ts';

/** Turns a value as a client writes it (typed JSON, or the text of CSV and XML) into the value stored. */
type Coercer = (field: FieldDefinition, value: string | number | boolean) => FieldValue;

const wrongType = (field: FieldDefinition, value: string | number | boolean): RowProblem =>
  new RowProblem('INVALID_TYPE_ON_FIELD_IN_RECORD', `${field.label}: value not of required type: ${String(value)}`, [
    field.name,
  ]);

const text: Coercer = (field, value) => {
  if (typeof value !== 'string') throw wrongType(field, value);
  const trimmed = value.trim();
  if (field.length > 0 && trimmed.length > field.length) {
    throw new RowProblem(
      'STRING_TOO_LONG',
      `${field.label}: data value too large: ${trimmed} (max length=${field.length})`,
      [field.name],
    );
  }
  return trimmed === '' ? null : trimmed;
};

const emailPattern = /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\.]+(?:\.[^\s@<>,;:"()[\]\\.]+)+$/u;

const email: Coercer = (field, value) => {
  const address = text(field, value);
  if (typeof address === 'string' && !emailPattern.test(address)) {
    throw new RowProblem('INVALID_EMAIL_ADDRESS', `${field.label}: invalid email address: ${address}`, [field.name]);
  }
  return address;
};

const boolean: Coercer = (field, value) => {
  if (typeof value === 'boolean') return value;
  const word = String(value).trim().toLowerCase();
  if (word === 'true' || word === '1') return true;
  if (word === 'false' || word === '0') return false;
  throw wrongType(field, value);
};

const decimalPattern = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

const parseNumber = (field: FieldDefinition, value: string | number | boolean): number | null => {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') throw wrongType(field, value);
  const trimmed = value.trim();
  if (trimmed === '') return null;
  if (!decimalPattern.test(trimmed)) throw wrongType(field, value);
  return Number(trimmed);
};

/** Half away from zero at `scale` decimals, free of binary surprises (1.005 → 1.01). */
export const roundTo = (value: number, scale: number): number => {
  if (!Number.isFinite(value) || Number.isInteger(value)) return value;
  const rounded = Number(`${Math.round(Number(`${Math.abs(value)}e${scale}`))}e-${scale}`);
  return Number.isNaN(rounded) ? value : Math.sign(value) * rounded;
};

const decimal: Coercer = (field, value) => {
  const number = parseNumber(field, value);
  if (number === null) return null;
  const rounded = roundTo(number, field.scale);
  const digits = field.precision - field.scale;
  if (!Number.isFinite(rounded) || (digits > 0 && Math.abs(rounded) >= 10 ** digits)) {
    throw new RowProblem(
      'NUMBER_OUTSIDE_VALID_RANGE',
      `${field.label}: value outside of valid range on numeric field: ${String(value)}`,
      [field.name],
    );
  }
  return rounded;
};

const whole: Coercer = (field, value) => {
  const number = parseNumber(field, value);
  if (number === null) return null;
  if (!Number.isSafeInteger(number)) throw wrongType(field, value);
  return number;
};

const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/;
const dateTimePattern = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})$/i;
const timePattern = /^(\d{2}):(\d{2})(?::(\d{2})(\.\d{1,3})?)?Z?$/;

const isDate = (candidate: string): boolean => {
  const parts = datePattern.exec(candidate);
  if (parts === null) return false;
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
  const date = new Date(Date.UTC(year, month - 1, day));
  return year >= 1700 && year <= 4000 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
};

/** The stored form of a date-time text (Z or an offset; a bare date is its midnight in UTC), or undefined. */
export const parseDateTime = (candidate: string): string | undefined => {
  if (isDate(candidate)) return `${candidate}T00:00:00.000Z`;
  const parts = dateTimePattern.exec(candidate);
  if (parts === null || !isDate(parts[1] ?? '')) return undefined;
  const offset = (parts[3] ?? 'Z').toUpperCase().replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
  const instant = Date.parse(`${parts[1] ?? ''}T${parts[2] ?? ''}${offset}`);
  return Number.isNaN(instant) ? undefined : stamp(instant);
};

const date: Coercer = (field, value) => {
  if (typeof value !== 'string') throw wrongType(field, value);
  const trimmed = value.trim();
  if (trimmed === '') return null;
  if (isDate(trimmed)) return trimmed;
  const instant = parseDateTime(trimmed);
  if (instant === undefined) throw wrongType(field, value);
  return instant.slice(0, 10);
};

const dateTime: Coercer = (field, value) => {
  if (typeof value !== 'string') throw wrongType(field, value);
  const trimmed = value.trim();
  if (trimmed === '') return null;
  const instant = parseDateTime(trimmed);
  if (instant === undefined) throw wrongType(field, value);
  return instant;
};

const time: Coercer = (field, value) => {
  if (typeof value !== 'string') throw wrongType(field, value);
  if (value.trim() === '') return null;
  const parts = timePattern.exec(value.trim());
  if (parts === null || Number(parts[1]) > 23 || Number(parts[2]) > 59 || Number(parts[3] ?? 0) > 59) {
    throw wrongType(field, value);
  }
  const fraction = (parts[4] ?? '.000').padEnd(4, '0');
  return `${parts[1] ?? ''}:${parts[2] ?? ''}:${parts[3] ?? '00'}${fraction}Z`;
};

const badPicklistValue = (field: FieldDefinition, value: string): RowProblem =>
  new RowProblem(
    'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
    `${field.label}: bad value for restricted picklist field: ${value}`,
    [field.name],
  );

const picklistValue = (field: FieldDefinition, value: string): string => {
  const wanted = value.toLowerCase();
  const entry = field.picklistValues.find((candidate) => candidate.value.toLowerCase() === wanted);
  if (entry?.active === true) return entry.value;
  if (field.restrictedPicklist) throw badPicklistValue(field, value);
  return value;
};

const picklist: Coercer = (field, value) => {
  if (typeof value !== 'string') throw wrongType(field, value);
  const trimmed = value.trim();
  return trimmed === '' ? null : text(field, picklistValue(field, trimmed));
};

const multipicklist: Coercer = (field, value) => {
  if (typeof value !== 'string') throw wrongType(field, value);
  const chosen = new Set(
    value
      .split(';')
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .map((part) => picklistValue(field, part)),
  );
  if (chosen.size === 0) return null;
  const known = field.picklistValues.map((entry) => entry.value).filter((entry) => chosen.delete(entry));
  return [...known, ...chosen].join(';');
};

const reference: Coercer = (field, value) => {
  if (typeof value !== 'string') throw wrongType(field, value);
  const trimmed = value.trim();
  if (trimmed === '') return null;
  const id = toId18(trimmed);
  if (id === undefined) {
    throw new RowProblem('MALFORMED_ID', `${field.label}: id value of incorrect type: ${trimmed}`, [field.name]);
  }
  return id;
};

const base64: Coercer = (field, value) => {
  if (typeof value !== 'string') throw wrongType(field, value);
  return value === '' ? null : value;
};

const compound: Coercer = (field) => {
  throw new RowProblem('INVALID_FIELD', `${field.name} is a compound field; write its components`, [field.name]);
};

const coercers: Readonly<Record<FieldType, Coercer>> = {
  id: reference,
  string: text,
  textarea: text,
  phone: text,
  url: text,
  encryptedstring: text,
  combobox: text,
  anyType: (_field, value) => value,
  complexvalue: text,
  email,
  boolean,
  int: whole,
  long: whole,
  double: decimal,
  currency: decimal,
  percent: decimal,
  date,
  datetime: dateTime,
  time,
  picklist,
  multipicklist,
  reference,
  base64,
  address: compound,
  location: compound,
};

/** The stored value; throws `RowProblem` in the platform's words. Null and empty text are null (false for a checkbox). */
export const coerce = (field: FieldDefinition, value: FieldValue): FieldValue => {
  if (value === null) return null;
  if (field.type === 'boolean' && value === '') return false;
  return coercers[field.type](field, value);
};

/**
 * The value a new row gets where the client gave none; undefined when the field has no default.
 * Throws `RowProblem` when the default is no literal of the field's type (a formula).
 */
export const defaultOf = (field: FieldDefinition): FieldValue | undefined => {
  if (field.defaultValue !== undefined) return coerce(field, field.defaultValue);
  if (field.type === 'boolean') return false;
  return field.picklistValues.find((entry) => entry.defaultValue && entry.active)?.value;
};
