import { notEmulated } from '../contract.ts';
import { parseDateTime } from '../engine/coerce.ts';
import { toId18 } from '../engine/ids.ts';
import type { FieldDefinition } from '../schema/definitions.ts';
import { dayRange, type Calendar, type DayRange } from './dateLiterals.ts';
import type { Resolved } from './fieldPath.ts';
import { invalidField, invalidFilter, malformed } from './soqlErrors.ts';
import type { LiteralText } from './syntax.ts';

export type Literal =
  | { readonly kind: 'string'; readonly text: string; readonly raw: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' }
  | { readonly kind: 'date'; readonly value: string }
  | { readonly kind: 'datetime'; readonly value: string }
  | { readonly kind: 'time'; readonly value: string }
  | { readonly kind: 'range'; readonly range: DayRange };

/** Source: https://developer.salesforce.com/docs/atlas.en-us.salesforce_app_limits_cheatsheet.meta/salesforce_app_limits_cheatsheet/salesforce_app_limits_platform_soslsoql.htm */
const maxString = 4000;

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

const one = (sequence: string, inPattern: boolean): string => {
  if (sequence.length === 5) return String.fromCharCode(Number.parseInt(sequence.slice(1), 16));
  if (inPattern && (sequence === '_' || sequence === '%')) return `\\${sequence}`;
  const character = escapes[sequence];
  if (character === undefined) throw malformed(`Illegal character sequence '\\${sequence}' in string literal`);
  return inPattern && character === '\\' ? '\\\\' : character;
};

/** The text a quoted SOQL string stands for; `\_` and `\%` belong to LIKE alone. */
export const unquote = (raw: string): string =>
  raw.slice(1, -1).replace(escapePattern, (_match, sequence: string) => one(sequence, false));

/** The same as a LIKE pattern for `ESCAPE '\'`: escaped wildcards stay escaped. */
export const likePattern = (raw: string): string =>
  raw.slice(1, -1).replace(escapePattern, (_match, sequence: string) => one(sequence, true));

/** Dates such as 30 February are no dates. */
const isDay = (text: string): boolean => {
  const instant = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(text);
};

/** Source: Summer '24 release notes, changed SOQL error messages. */
const dateTime = (text: string): Literal => {
  const complete = /T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)$/.test(text.toUpperCase());
  const offset = Number(/[+-](\d\d):?\d\d$/.exec(text)?.[1] ?? 0);
  const value = complete && offset < 24 ? parseDateTime(text.toUpperCase()) : undefined;
  if (value === undefined || !isDay(text.slice(0, 10))) throw malformed(`Invalid datetime: ${text}`);
  return { kind: 'datetime', value };
};

const date = (text: string): Literal => {
  if (!isDay(text)) throw malformed(`Invalid date: ${text}`);
  return { kind: 'date', value: text };
};

const range = (calendar: Calendar, text: string): Literal => {
  const found = dayRange(text, calendar);
  if (found === undefined) throw malformed(`unexpected token: '${text}'`);
  return { kind: 'range', range: found };
};

const string = (raw: string, inPattern: boolean): Literal => {
  if (raw.length - 2 > maxString) throw malformed(`a string in WHERE may have at most ${maxString} characters`);
  return { kind: 'string', text: inPattern ? '' : unquote(raw), raw };
};

const timeOfDay = (text: string): Literal => {
  const [clock = '', fraction = ''] = text.replace(/z$/i, '').split('.');
  return { kind: 'time', value: `${clock}.${fraction.padEnd(3, '0').slice(0, 3)}Z` };
};

/** A literal of the statement as a value; `inPattern`: it is a LIKE pattern, whose escapes stay. */
export const literalOf = (calendar: Calendar, literal: LiteralText, inPattern: boolean): Literal => {
  const { type, text } = literal;
  switch (type) {
    case 'string':
      return string(text, inPattern);
    case 'number':
      return { kind: 'number', value: Number(text) };
    case 'boolean':
      return { kind: 'boolean', value: text.toLowerCase() === 'true' };
    case 'null':
      return { kind: 'null' };
    case 'date':
      return date(text);
    case 'datetime':
      return dateTime(text);
    case 'time':
      return timeOfDay(text);
    case 'dateLiteral':
      return range(calendar, text);
    case 'currency':
      throw notEmulated(`SOQL literal ${text}: several currencies`);
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

type Target = Pick<Resolved, 'field' | 'text' | 'at'>;

/** The platform's words for a literal of the wrong type. */
export const wrongLiteral = (soql: string, { field, ...where }: Target): Error => {
  const fieldClass = classOf(field);
  const quoted = fieldClass === 'text' || fieldClass === 'multipicklist' || fieldClass === 'id';
  const type = field.type === 'int' || field.type === 'currency' ? field.type : typeNames[fieldClass];
  return invalidField(
    soql,
    where,
    `value of filter criterion for field '${field.name}' must be of type ${type} and should ${quoted ? '' : 'not '}be enclosed in quotes`,
  );
};

/** An id literal as stored; what has no key prefix (EntityDefinition) is referred to by name. */
export const idValue = (soql: string, target: Target, text: string, byName: boolean): string => {
  if (byName) return text;
  const id = toId18(text);
  if (id !== undefined) return id;
  throw invalidFilter(soql, target, `invalid ID field: ${text}`);
};
