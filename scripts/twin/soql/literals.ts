import { notEmulated, TwinError } from '../contract.ts';
import { parseDateTime } from '../engine/coerce.ts';
import { toId18 } from '../engine/ids.ts';
import type { FieldDefinition } from '../schema/definitions.ts';
import { dayRange, type Calendar, type DayRange } from './dateLiterals.ts';
import { invalidField, malformed, positionOf, withCaret } from './soqlErrors.ts';

export type Literal =
  | { readonly kind: 'string'; readonly text: string; readonly raw: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' }
  | { readonly kind: 'date'; readonly value: string }
  | { readonly kind: 'datetime'; readonly value: string }
  | { readonly kind: 'range'; readonly range: DayRange };

/** Source: https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_quotedstringescapes.htm */
const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  N: '\n',
  r: '\r',
  R: '\r',
  t: '\t',
  T: '\t',
  b: '\b',
  B: '\b',
  f: '\f',
  F: '\f',
  '"': '"',
  "'": "'",
  '\\': '\\',
};

const escapePattern = /\\(u[0-9a-fA-F]{4}|[^])/g;

const invalidEscape = (soql: string, sequence: string): Error =>
  malformed(`Illegal character sequence '\\${sequence}' in string literal`, soql);

const one = (soql: string, sequence: string, inPattern: boolean): string => {
  if (sequence.length === 5) return String.fromCharCode(Number.parseInt(sequence.slice(1), 16));
  if (sequence === '_' || sequence === '%') return inPattern ? `\\${sequence}` : sequence;
  const character = escapes[sequence];
  if (character === undefined) throw invalidEscape(soql, sequence);
  return inPattern && character === '\\' ? '\\\\' : character;
};

/** The text a quoted SOQL string stands for. */
export const unquote = (soql: string, raw: string): string =>
  raw.slice(1, -1).replace(escapePattern, (_match, sequence: string) => one(soql, sequence, false));

/** The same as a LIKE pattern for `ESCAPE '\'`: escaped wildcards stay escaped. */
export const likePattern = (soql: string, raw: string): string =>
  raw.slice(1, -1).replace(escapePattern, (_match, sequence: string) => one(soql, sequence, true));

type Reading = { readonly soql: string; readonly calendar: Calendar };

const dateTime = (soql: string, text: string): Literal => {
  const value = parseDateTime(text.toUpperCase().replace(/ /g, '+'));
  if (value === undefined) throw malformed(`line 1: invalid dateTime literal: ${text}`, soql);
  return { kind: 'datetime', value };
};

const range = (reading: Reading, text: string): Literal => {
  const found = dayRange(text, reading.calendar);
  if (found === undefined) throw malformed(`unexpected token: '${text}'`, reading.soql, text);
  return { kind: 'range', range: found };
};

/** What the parser calls the literal, and its text, as a value. */
export const literalOf = (reading: Reading, type: string, text: string): Literal => {
  switch (type) {
    case 'STRING':
      return { kind: 'string', text: unquote(reading.soql, text), raw: text };
    case 'INTEGER':
    case 'DECIMAL':
      return { kind: 'number', value: Number(text) };
    case 'BOOLEAN':
      return { kind: 'boolean', value: text.toLowerCase() === 'true' };
    case 'NULL':
      return { kind: 'null' };
    case 'DATE':
      return { kind: 'date', value: text };
    case 'DATETIME':
      return dateTime(reading.soql, text);
    case 'DATE_LITERAL':
    case 'DATE_N_LITERAL':
      return range(reading, text);
    default:
      throw notEmulated(`SOQL literal ${text} (${type})`);
  }
};

/** How a field's values compare. */
export type FieldClass = 'id' | 'text' | 'number' | 'boolean' | 'date' | 'datetime' | 'time' | 'multipicklist';

const fieldClasses: Readonly<Partial<Record<FieldDefinition['type'], FieldClass>>> = {
  id: 'id',
  reference: 'id',
  int: 'number',
  long: 'number',
  double: 'number',
  currency: 'number',
  percent: 'number',
  boolean: 'boolean',
  date: 'date',
  datetime: 'datetime',
  time: 'time',
  multipicklist: 'multipicklist',
};

export const classOf = (field: FieldDefinition): FieldClass => fieldClasses[field.type] ?? 'text';

const typeNames: Readonly<Record<FieldClass, string>> = {
  id: 'id',
  text: 'string',
  number: 'double',
  boolean: 'boolean',
  date: 'date',
  datetime: 'dateTime',
  time: 'time',
  multipicklist: 'string',
};

/** The platform's words for a literal of the wrong type. */
export const wrongLiteral = (soql: string, field: FieldDefinition, text: string): Error => {
  const fieldClass = classOf(field);
  const quoted = fieldClass === 'text' || fieldClass === 'multipicklist' || fieldClass === 'id';
  const type = field.type === 'int' ? 'int' : field.type === 'currency' ? 'currency' : typeNames[fieldClass];
  return invalidField(
    soql,
    text,
    `value of filter criterion for field '${field.name}' must be of type ${type} and should ${quoted ? '' : 'not '}be enclosed in quotes`,
  );
};

/** An id literal as stored; what has no key prefix (EntityDefinition) is referred to by name. */
export const idValue = (soql: string, text: string, byName: boolean): string => {
  if (byName) return text;
  const id = toId18(text);
  if (id !== undefined) return id;
  throw new TwinError(
    'INVALID_QUERY_FILTER_OPERATOR',
    withCaret(soql, positionOf(soql, `'${text}'`), `invalid ID field: ${text}`),
  );
};
