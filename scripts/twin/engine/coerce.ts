import type { FieldValue } from '../contract.ts';
import type { FieldDefinition, FieldType } from '../schema/definitions.ts';
import { day, instant, timeOfDay } from './coerceDates.ts';
import { decimalNumber, wholeNumber } from './coerceNumbers.ts';
import { severalChoices, singleChoice } from './coercePicklists.ts';
import { emailAddressText, lineOfText, linesOfText } from './coerceText.ts';
import { wrongType, type Coercer, type Coercing } from './coercing.ts';
import { toId18 } from './ids.ts';
import { RowProblem } from './problems.ts';

export { parseDateTime } from './coerceDates.ts';
export { roundTo } from './coerceNumbers.ts';

const checkbox =
  ({ field }: Coercing): Coercer =>
  (value) => {
    if (typeof value === 'boolean') return value;
    if (value === 'true') return true;
    if (value === 'false' || value === '') return false;
    const word = String(value).trim().toLowerCase();
    if (word === 'true' || word === '1') return true;
    if (word === 'false' || word === '0') return false;
    throw wrongType(field, value);
  };

const reference =
  ({ field }: Coercing): Coercer =>
  (value) => {
    if (typeof value !== 'string') throw wrongType(field, value);
    const trimmed = value.trim();
    if (trimmed === '') return null;
    const id = toId18(trimmed);
    if (id === undefined) {
      throw new RowProblem('MALFORMED_ID', `${field.label}: id value of incorrect type: ${trimmed}`, [field.name]);
    }
    return id;
  };

const base64 =
  ({ field }: Coercing): Coercer =>
  (value) => {
    if (typeof value !== 'string') throw wrongType(field, value);
    return value === '' ? null : value;
  };

const compound =
  ({ field }: Coercing): Coercer =>
  () => {
    throw new RowProblem('INVALID_FIELD', `${field.name} is a compound field; write its components`, [field.name]);
  };

const makers: Readonly<Record<FieldType, (coercing: Coercing) => Coercer>> = {
  id: reference,
  string: lineOfText,
  textarea: linesOfText,
  phone: lineOfText,
  url: lineOfText,
  encryptedstring: lineOfText,
  combobox: lineOfText,
  anyType: () => (value) => value,
  complexvalue: linesOfText,
  email: emailAddressText,
  boolean: checkbox,
  int: wholeNumber,
  long: wholeNumber,
  double: decimalNumber,
  currency: decimalNumber,
  percent: decimalNumber,
  date: day,
  datetime: instant,
  time: timeOfDay,
  picklist: singleChoice,
  multipicklist: severalChoices,
  reference,
  base64,
  address: compound,
  location: compound,
};

// Definitions are never changed in place, so that what is made from one stays right as long as it lives.
const strict = new WeakMap<FieldDefinition, Coercer>();
const cutting = new WeakMap<FieldDefinition, Coercer>();

/** The coercer of a field, made once. `truncate`: AllowFieldTruncationHeader. */
export const coercerOf = (field: FieldDefinition, truncate = false): Coercer => {
  const kept = truncate ? cutting : strict;
  const known = kept.get(field);
  if (known !== undefined) return known;
  const made = makers[field.type]({ field, truncate });
  kept.set(field, made);
  return made;
};

/** The stored value; throws `RowProblem` in the platform's words. Null and empty text are null (false for a checkbox). */
export const coerce = (field: FieldDefinition, value: FieldValue): FieldValue =>
  value === null ? null : coercerOf(field)(value);

/**
 * The value a new row gets where the client gave none; undefined when the field has no default.
 * Throws `RowProblem` when the default is no literal of the field's type (a formula).
 */
export const defaultOf = (field: FieldDefinition): FieldValue | undefined => {
  if (field.defaultValue !== undefined) return coerce(field, field.defaultValue);
  if (field.type === 'boolean') return false;
  return field.picklistValues.find((entry) => entry.defaultValue && entry.active)?.value;
};
