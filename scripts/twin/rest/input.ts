import { TwinError } from '../contract.ts';
import type { InputRow, SaveOptions } from '../contract.ts';
import { isObject } from '../http/exchange.ts';
import type { Exchange } from '../http/exchange.ts';
import { headerInstant } from './conditional.ts';

type Scalar = string | number | boolean | null;

const isScalar = (value: unknown): value is Scalar =>
  value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

const reference = (field: string, value: Readonly<Record<string, unknown>>): Readonly<Record<string, Scalar>> => {
  const entries = Object.entries(value).filter(([name]) => name !== 'attributes');
  for (const [name, inner] of entries) {
    if (!isScalar(inner))
      throw new TwinError('JSON_PARSER_ERROR', `The value of ${field}.${name} is not a plain value.`);
  }
  return Object.fromEntries(entries as [string, Scalar][]);
};

/** A row to write from a JSON object; `attributes` and, when given, `without` names are left out. */
export const inputRow = (body: Readonly<Record<string, unknown>>, without: readonly string[] = []): InputRow => {
  const skipped = new Set(['attributes', ...without.map((name) => name.toLowerCase())]);
  const row: Record<string, Scalar | Readonly<Record<string, Scalar>>> = {};
  for (const [field, value] of Object.entries(body)) {
    if (skipped.has(field.toLowerCase())) continue;
    if (isScalar(value)) row[field] = value;
    else if (isObject(value)) row[field] = reference(field, value);
    else throw new TwinError('JSON_PARSER_ERROR', `The value of ${field} is not a plain value.`);
  }
  return row;
};

/** The object a JSON row names in `attributes.type`. */
export const typeOf = (body: unknown): string => {
  const attributes = isObject(body) ? body['attributes'] : undefined;
  const type = isObject(attributes) ? attributes['type'] : undefined;
  if (typeof type !== 'string') throw new TwinError('INVALID_TYPE', 'The sObject type is missing: attributes.type');
  return type;
};

/** Save options from the headers the platform knows. */
export const saveOptions = (exchange: Exchange, allOrNone: boolean, externalIdField?: string): SaveOptions => {
  const unmodified = headerInstant(exchange, 'if-unmodified-since');
  const duplicates = exchange.header('sforce-duplicate-rule-header') ?? '';
  const asks = (name: string): boolean => new RegExp(`\\b${name}\\s*=\\s*true\\b`, 'i').test(duplicates);
  return {
    allOrNone,
    ...(externalIdField === undefined ? {} : { externalIdField }),
    ...(asks('allowSave') ? { allowDuplicates: true } : {}),
    ...(asks('includeRecordDetails') ? { includeRecordDetails: true } : {}),
    ...(asks('runAsCurrentUser') ? { duplicatesAsUser: true } : {}),
    ...(unmodified === undefined ? {} : { ifUnmodifiedSince: new Date(unmodified).toISOString() }),
  };
};
