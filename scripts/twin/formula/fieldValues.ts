import type { FieldValue } from '../contract.ts';
import type { FieldDefinition, FieldType } from '../schema/definitions.ts';
import { dateText, parseTime, timeText } from './dates.ts';
import { EvaluationError } from './errors.ts';
import { checked, Decimal } from './numbers.ts';
import type { FormulaType, Value } from './types.ts';
import { instantOf, numberOf, textOf } from './values.ts';

const types: Partial<Record<FieldType, FormulaType>> = {
  boolean: 'Boolean',
  int: 'Number',
  long: 'Number',
  double: 'Number',
  currency: 'Number',
  percent: 'Number',
  date: 'Date',
  datetime: 'DateTime',
  time: 'Time',
  picklist: 'Picklist',
  combobox: 'Picklist',
  multipicklist: 'MultiPicklist',
  location: 'Location',
  id: 'Text',
  reference: 'Text',
  string: 'Text',
  textarea: 'Text',
  email: 'Text',
  phone: 'Text',
  url: 'Text',
};

/** How formulas see fields of this type; undefined for types they cannot use. */
export const formulaTypeOf = (type: FieldType): FormulaType | undefined => types[type];

/** What the result of a formula field, or of a default value, must be. */
export const resultTypeOf = (type: FieldType): FormulaType => {
  const known = types[type];
  return known === 'Picklist' || known === 'MultiPicklist' || known === undefined ? 'Text' : known;
};

/** Stands for the value of a formula that ended in an error, where another formula reads it. */
export const errorMark = '\u0000#Error!';

const location = (value: string): Value => {
  const [latitude, longitude] = JSON.parse(value) as readonly (number | null)[];
  if (typeof latitude !== 'number' || typeof longitude !== 'number') return null;
  return { latitude: new Decimal(latitude), longitude: new Decimal(longitude) };
};

const decoders: Partial<Record<FormulaType, (value: string | number, field: FieldDefinition) => Value>> = {
  Number: (value, field) => (field.type === 'percent' ? new Decimal(value).dividedBy(100) : new Decimal(value)),
  Boolean: (value) => value === 1,
  Date: (value) => Date.parse(`${value}T00:00:00Z`),
  DateTime: (value) => Date.parse(String(value)),
  Time: (value) => parseTime(String(value).replace('Z', '')),
  Location: (value) => location(String(value)),
};

/** A stored value as formulas see it. Percentages are fractions, ids have 15 characters. EvaluationError for an error. */
export const decodeValue = (field: FieldDefinition, stored: FieldValue): Value => {
  if (stored === null || stored === '') return null;
  if (stored === errorMark) throw new EvaluationError('the formula referred to has an error');
  if (typeof stored === 'boolean') return stored;
  const type = types[field.type];
  const decoder = type === undefined ? undefined : decoders[type];
  if (decoder !== undefined) return decoder(stored, field);
  return field.type === 'id' || field.type === 'reference' ? String(stored).slice(0, 15) : String(stored);
};

/** Halves are rounded up. Source: https://help.salesforce.com/s/articleView?id=platform.tips_on_building_formulas.htm */
const encodeNumber = (field: FieldDefinition, value: Decimal, exact: boolean): number => {
  const shown = field.type === 'percent' ? value.times(100) : value;
  return checked(exact ? shown : shown.toDecimalPlaces(field.scale)).toNumber() + 0;
};

/** A text formula shows no more characters. */
const maxText = 1300;

/** A formula's value as the field keeps it; `exact` = not rounded to the field's scale, for formulas that read it. */
export const encodeValue = (field: FieldDefinition, value: Value, exact = false): FieldValue => {
  if (value === null) return null;
  switch (resultTypeOf(field.type)) {
    case 'Number':
      return encodeNumber(field, numberOf(value), exact);
    case 'Boolean':
      return value === true;
    case 'Date':
      return dateText(instantOf(value));
    case 'DateTime':
      return new Date(instantOf(value)).toISOString();
    case 'Time':
      return `${timeText(instantOf(value))}Z`;
    default:
      return exact || field.formula === undefined ? textOf(value) : textOf(value).slice(0, maxText);
  }
};
