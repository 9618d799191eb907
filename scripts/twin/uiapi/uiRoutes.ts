import { TwinError } from '../contract.ts';
import type { RowError, RowResult } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import { empty, isObject, json, objectBody, param, signedIn } from '../http/exchange.ts';
import type { Answer, Exchange } from '../http/exchange.ts';
import type { Route } from '../router.ts';
import { inputRow, saveOptions } from '../rest/input.ts';
import { onlyResult, statusOfRowError } from '../rest/shape.ts';
import { objectParam } from '../rest/objects.ts';
import { uiRecord } from './recordShape.ts';

const listOf = (text: string | null): readonly string[] =>
  (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

const read: Route['handle'] = (exchange, context) => {
  const fields = listOf(exchange.query.get('fields'));
  const optionalFields = listOf(exchange.query.get('optionalFields'));
  if (fields.length + optionalFields.length === 0) {
    throw new TwinError('NOT_EMULATED', 'NOT_EMULATED: UI API records by layout; name fields or optionalFields', {
      status: 501,
    });
  }
  return json(uiRecord(context, signedIn(exchange), { id: param(exchange, 'id'), fields, optionalFields }));
};

const shapedError = ({ statusCode, message }: RowError, field: string | null): Readonly<Record<string, unknown>> => ({
  constituentField: null,
  duplicateRecordError: null,
  errorCode: statusCode,
  field,
  fieldLabel: field,
  message,
});

/** "Error with Output": what the lightning data service shows beside fields and above the form. */
const failure = ({ errors }: RowResult): Answer => {
  const fieldErrors: Record<string, Readonly<Record<string, unknown>>[]> = {};
  for (const error of errors) {
    for (const field of error.fields) (fieldErrors[field] ??= []).push(shapedError(error, field));
  }
  const general = errors.filter(({ fields }) => fields.length === 0).map((error) => shapedError(error, null));
  const statusCode = statusOfRowError(errors[0]);
  return json(
    {
      message: 'An error occurred while trying to update the record. Please try again.',
      statusCode,
      enhancedErrorType: 'RecordError',
      output: { errors: general, fieldErrors },
    },
    statusCode,
  );
};

const bodyFields = (exchange: Exchange): Readonly<Record<string, unknown>> => {
  const { fields } = objectBody(exchange);
  if (!isObject(fields)) throw new TwinError('JSON_PARSER_ERROR', 'fields is missing.');
  return fields;
};

/** The saved record with the fields that were sent, as the platform answers a write. */
const saved = (exchange: Exchange, context: TwinContext, id: string, status: number): Answer => {
  const session = signedIn(exchange);
  const object = context.org.engine.objectOfId(id) ?? '';
  const optionalFields = Object.keys(bodyFields(exchange)).map((field) => `${object}.${field}`);
  return json(uiRecord(context, session, { id, fields: [`${object}.Id`], optionalFields }), status);
};

const create: Route['handle'] = (exchange, context) => {
  const { apiName } = objectBody(exchange);
  const session = signedIn(exchange);
  const { engine } = context.org;
  const object = typeof apiName === 'string' ? engine.canonicalObject(session, apiName) : undefined;
  if (object === undefined) throw new TwinError('INVALID_TYPE', `Object ${String(apiName)} is not supported in UI API`);
  const result = onlyResult(
    engine.insert(session, object, [inputRow(bodyFields(exchange))], saveOptions(exchange, true)),
  );
  return result.id === null ? failure(result) : saved(exchange, context, result.id, 201);
};

const objectOf = (exchange: Exchange, context: TwinContext): string => {
  const object = context.org.engine.objectOfId(param(exchange, 'id'));
  if (object === undefined) throw new TwinError('NOT_FOUND', 'The requested resource does not exist', { status: 404 });
  return object;
};

const update: Route['handle'] = (exchange, context) => {
  const id = param(exchange, 'id');
  const row = { ...inputRow(bodyFields(exchange), ['id']), Id: id };
  const { engine } = context.org;
  const result = onlyResult(
    engine.update(signedIn(exchange), objectOf(exchange, context), [row], saveOptions(exchange, true)),
  );
  return result.id !== null && result.success ? saved(exchange, context, result.id, 200) : failure(result);
};

const remove: Route['handle'] = (exchange, context) => {
  const result = onlyResult(
    context.org.engine.delete(signedIn(exchange), [param(exchange, 'id')], { allOrNone: true }),
  );
  return result.success ? empty() : failure(result);
};

const objectInfo: Route['handle'] = (exchange, context) =>
  json(context.org.objectInfo(signedIn(exchange), objectParam(exchange, context)));

const picklistValues: Route['handle'] = (exchange, context) =>
  json(context.org.picklistValues(signedIn(exchange), objectParam(exchange, context), param(exchange, 'field')));

const base = '/services/data/:version/ui-api';
const call = { auth: 'bearer' } as const;

export const uiRoutes: readonly Route[] = [
  { ...call, name: 'UI record', method: 'GET', path: `${base}/records/:id`, handle: read },
  { ...call, name: 'create UI record', method: 'POST', path: `${base}/records`, body: 'json', handle: create },
  { ...call, name: 'update UI record', method: 'PATCH', path: `${base}/records/:id`, body: 'json', handle: update },
  { ...call, name: 'delete UI record', method: 'DELETE', path: `${base}/records/:id`, handle: remove },
  { ...call, name: 'object info', method: 'GET', path: `${base}/object-info/:object`, handle: objectInfo },
  {
    ...call,
    name: 'picklist values',
    method: 'GET',
    path: `${base}/object-info/:object/picklist-values/:recordType/:field`,
    handle: picklistValues,
  },
];
