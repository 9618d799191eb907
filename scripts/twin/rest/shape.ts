import type { RowError, RowResult } from '../contract.ts';
import { TwinError } from '../contract.ts';
import type { WireSchema } from '../wireSchema.ts';
import { isObject, json } from '../http/exchange.ts';
import type { Answer } from '../http/exchange.ts';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

/** `2020-10-22T21:03:23.000Z` as REST writes it: `2020-10-22T21:03:23.000+0000`. */
export const restInstant = (iso: string): string => iso.replace(/Z$/, '+0000');

/** Shapes rows for JSON: date-times get `+0000`, nested rows and child pages too. */
export type RowShaper = (row: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;

const isDateTime = (schema: WireSchema, object: string, field: string): boolean =>
  // An aggregate's type is not told by its row; only a MIN or MAX over a date-time looks like one.
  object === 'AggregateResult' || schema.fieldType(object, field) === 'datetime';

export const rowShaper = (
  schema: WireSchema,
  shapePage: (page: unknown, field: string) => unknown = (page) => page,
): RowShaper => {
  const value = (object: string, field: string, given: unknown, shape: RowShaper): unknown => {
    if (typeof given === 'string')
      return INSTANT.test(given) && isDateTime(schema, object, field) ? restInstant(given) : given;
    if (!isObject(given)) return given;
    if (Array.isArray(given['records'])) {
      return shapePage(
        { ...given, records: given['records'].map((row) => shape(row as Readonly<Record<string, unknown>>)) },
        field,
      );
    }
    return isObject(given['attributes']) ? shape(given) : given;
  };
  const shape: RowShaper = (row) => {
    const attributes = row['attributes'];
    const object = isObject(attributes) && typeof attributes['type'] === 'string' ? attributes['type'] : '';
    const shaped: Record<string, unknown> = {};
    for (const [field, given] of Object.entries(row)) {
      shaped[field] = field === 'attributes' ? given : value(object, field, given, shape);
    }
    return shaped;
  };
  return shape;
};

const MISSING_ROW = new Set(['NOT_FOUND', 'ENTITY_IS_DELETED']);

/** HTTP status of a single-row call that failed for this reason. */
export const statusOfRowError = (error: RowError | undefined): number => {
  if (error === undefined) return 400;
  if (MISSING_ROW.has(error.statusCode)) return 404;
  if (error.statusCode === 'INVALID_CROSS_REFERENCE_KEY' && error.fields.length === 0) return 404;
  if (error.statusCode === 'INSUFFICIENT_ACCESS_OR_READONLY') return 403;
  return error.statusCode === 'PRECONDITION_FAILED' ? 412 : 400;
};

/** As recorded: an unknown column and a refused deletion come without the list. */
const isWithoutFields = ({ statusCode, message, fields }: RowError): boolean =>
  (['DELETE_FAILED', 'DUPLICATES_DETECTED'].includes(statusCode) && fields.length === 0) ||
  message.startsWith('No such column');

/** One failed row as the single-record resources answer it. */
export const rowFailure = (errors: readonly RowError[]): Answer =>
  json(
    errors.map((error) => ({
      // As recorded, misspelt; collections spell it right.
      ...(error.duplicateResult === undefined ? {} : { duplicateResut: error.duplicateResult }),
      message: error.message,
      errorCode: error.statusCode,
      ...(isWithoutFields(error) ? {} : { fields: error.fields }),
    })),
    statusOfRowError(errors[0]),
  );

/** What a row answers that was saved, and undone because another was not. */
export const ROLLED_BACK = 'ALL_OR_NONE_OPERATION_ROLLED_BACK';

const hasId = ({ id, success, created, errors }: RowResult): boolean =>
  id !== null && (success || (!created && errors[0]?.statusCode === ROLLED_BACK));

/** One row's result as collections answer it: no id where it failed, unless it was undone and is there as before. */
export const saveResult = (result: RowResult, withCreated = false): Readonly<Record<string, unknown>> => ({
  ...(hasId(result) ? { id: result.id } : {}),
  success: result.success,
  errors: result.errors.map(({ statusCode, message, fields, duplicateResult }) => ({
    ...(duplicateResult === undefined ? {} : { duplicateResult }),
    statusCode,
    message,
    fields,
  })),
  ...(withCreated ? { created: result.created } : {}),
});

/** The only result of a one-row call. */
export const onlyResult = (results: readonly RowResult[]): RowResult => {
  const result = results[0];
  if (result === undefined) throw new TwinError('UNKNOWN_EXCEPTION', 'The engine answered no result.', { status: 500 });
  return result;
};
