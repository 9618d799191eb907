import { TwinError } from '../contract.ts';
import type { RowResult } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import { isObject } from '../http/exchange.ts';
import { placeIn } from '../http/jsonPlace.ts';

/** A row as the request holds it: the whole body and where in it. */
export type RowPlace = { readonly object: string; readonly body: object; readonly path: readonly (string | number)[] };

type Fields = Readonly<Record<string, unknown>>;

const kindOf = (value: unknown): string => {
  if (typeof value === 'string') return `VALUE_STRING value ${value}`;
  if (typeof value === 'boolean') return `VALUE_${String(value).toUpperCase()} value ${String(value)}`;
  if (typeof value === 'number')
    return `VALUE_NUMBER_${Number.isInteger(value) ? 'INT' : 'FLOAT'} value ${String(value)}`;
  return Array.isArray(value) ? 'START_ARRAY value [' : 'START_OBJECT value {';
};

/**
 * REST reads a body by the types of its fields before it looks at any row. The words are those of live orgs:
 * https://github.com/restforce/restforce/issues/897 (datetime), https://github.com/qoretechnologies/qore/issues/3908
 * (date), https://salesforce.stackexchange.com/questions/54882 (START_ARRAY),
 * https://github.com/forcedotcom/SalesforceMobileSDK-ReactNative/issues/194 (START_OBJECT).
 */
const notOfType = (place: RowPlace, name: string, type: string, value: unknown): TwinError => {
  const { line, column } = placeIn(place.body, [...place.path, name]);
  return new TwinError(
    'JSON_PARSER_ERROR',
    `Cannot deserialize instance of ${type} from ${kindOf(value)} or request may be missing a required field at [line:${line}, column:${column}]`,
  );
};

/** Refuses lists, and objects where the object has a field and no relationship of that name. */
export const requirePlainValues = (context: TwinContext, place: RowPlace, fields: Fields): void => {
  for (const [name, value] of Object.entries(fields)) {
    if (name === 'attributes' || (!Array.isArray(value) && !isObject(value))) continue;
    const type = context.org.schema.fieldType(place.object, name);
    if (type !== undefined && type !== 'address' && type !== 'location') throw notOfType(place, name, type, value);
  }
};

/** Refuses the whole request when a row was refused because a value is not of its field's type. */
export const requireTypes = (
  context: TwinContext,
  place: RowPlace,
  fields: Fields,
  result: RowResult | undefined,
): void => {
  const error = result?.errors.find(({ statusCode }) => statusCode === 'INVALID_TYPE_ON_FIELD_IN_RECORD');
  const field = error?.fields[0]?.toLowerCase();
  const name = Object.keys(fields).find((key) => key.toLowerCase() === field);
  if (name === undefined) return;
  throw notOfType(place, name, context.org.schema.fieldType(place.object, name) ?? 'string', fields[name]);
};
