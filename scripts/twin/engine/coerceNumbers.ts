import type { FieldDefinition } from '../schema/definitions.ts';
import { wrongType, type Coercer, type Coercing, type Raw } from './coercing.ts';
import { RowProblem } from './problems.ts';

const decimalPattern = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

const parseNumber = (field: FieldDefinition, value: Raw): number | null => {
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

const outOfRange = (field: FieldDefinition, value: Raw): RowProblem =>
  new RowProblem(
    'NUMBER_OUTSIDE_VALID_RANGE',
    `${field.label}: value outside of valid range on numeric field: ${String(value)}`,
    [field.name],
  );

/**
 * Degrees a coordinate may have, by the last word of its field name.
 * Source: https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/compound_fields_geolocation.htm
 */
const degreesOf = (field: FieldDefinition): number => {
  if (field.compoundFieldName === undefined) return Infinity;
  if (/Latitude(?:__s)?$/.test(field.name)) return 90;
  return /Longitude(?:__s)?$/.test(field.name) ? 180 : Infinity;
};

/** Rounded to the field's scale; more digits before the separator than the field has are refused. */
export const decimalNumber = ({ field }: Coercing): Coercer => {
  const digits = field.precision - field.scale;
  const limit = Math.min(digits > 0 ? 10 ** digits : Infinity, Number.MAX_VALUE);
  const degrees = degreesOf(field);
  return (value) => {
    const number = parseNumber(field, value);
    if (number === null) return null;
    const rounded = roundTo(number, field.scale);
    const size = Math.abs(rounded);
    if (!(size < limit) || size > degrees) throw outOfRange(field, value);
    return rounded;
  };
};

const largestInt = 2 ** 31;

/** Whole numbers of 32 bits, or of as many digits as the field says. */
export const wholeNumber = ({ field }: Coercing): Coercer => {
  const limit =
    field.type === 'long' ? Infinity : Math.min(largestInt, field.precision > 0 ? 10 ** field.precision : Infinity);
  return (value) => {
    const number = parseNumber(field, value);
    if (number === null) return null;
    if (!Number.isInteger(number)) throw wrongType(field, value);
    if (Math.abs(number) >= limit || !Number.isSafeInteger(number)) throw outOfRange(field, value);
    return number;
  };
};
