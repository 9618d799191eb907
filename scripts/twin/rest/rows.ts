import { notEmulated, TwinError } from '../contract.ts';
import type { InputRow, QueryRow, RowResult } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import { parseJson } from '../http/body.ts';
import { empty, isObject, json, objectBody, param, signedIn } from '../http/exchange.ts';
import type { Answer, Exchange } from '../http/exchange.ts';
import { MultipartBody } from '../http/multipart.ts';
import type { Route } from '../router.ts';
import {
  entityTag,
  hasEntityTag,
  headerInstant,
  preconditionFailed,
  readConditions,
  writeConditions,
} from './conditional.ts';
import { requirePlainValues, requireTypes } from './fieldTypes.ts';
import { inputRow, saveOptions } from './input.ts';
import { noResource, objectParam } from './objects.ts';
import { related } from './relationships.ts';
import { onlyResult, rowFailure, rowShaper } from './shape.ts';

/** JSON, or the JSON part of a multipart body with its file parts as base64 fields. */
const entityBody = (exchange: Exchange): Readonly<Record<string, unknown>> => {
  if (!(exchange.body instanceof MultipartBody)) return objectBody(exchange);
  const { parts } = exchange.body;
  const document = parts.find(({ type }) => type.toLowerCase().startsWith('application/json'));
  const fields = document === undefined ? undefined : parseJson(document.bytes.toString('utf8'));
  if (!isObject(fields)) throw new TwinError('INVALID_MULTIPART_REQUEST', 'The JSON part is missing.');
  const files = parts.filter((part) => part !== document);
  return { ...fields, ...Object.fromEntries(files.map(({ name, bytes }) => [name, bytes.toString('base64')])) };
};

const isId = (text: string): boolean => /^[a-zA-Z0-9]{15}(?:[a-zA-Z0-9]{3})?$/.test(text);

const notAKey = (text: string): TwinError =>
  new TwinError('NOT_FOUND', `Provided external ID field does not exist or is not accessible: ${text}`, {
    status: 404,
  });

/** The id in the address; anything else is taken for the name of a key, as the platform does. */
const idParam = (exchange: Exchange): string => {
  const id = param(exchange, 'id');
  if (!isId(id)) throw notAKey(id);
  return id;
};

/** A row to change: its key is in the address and may not be in the body. */
const bodyWithout = (body: Readonly<Record<string, unknown>>, key: string): InputRow => {
  const given = Object.keys(body).find((name) => name.toLowerCase() === key.toLowerCase());
  if (given === undefined) return inputRow(body);
  throw new TwinError('INVALID_FIELD', `The ${given} field should not be specified in the sobject data.`, {
    fields: [given],
  });
};

const rowAddress = (exchange: Exchange, object: string, id: string | null): string =>
  `/services/data/v${exchange.apiVersion}.0/sobjects/${object}/${id ?? ''}`;

const created = (exchange: Exchange, result: RowResult, object: string): Answer =>
  json({ id: result.id, success: true, errors: [] }, 201, { Location: rowAddress(exchange, object, result.id) });

/** A row that is not there is not the caller's reference but the resource itself. */
const changeFailure = ({ errors }: RowResult): Answer => {
  const [error] = errors;
  if (error?.statusCode === 'INVALID_CROSS_REFERENCE_KEY' && error.fields.length === 0) throw noResource();
  return rowFailure(errors);
};

type Save = (row: InputRow) => readonly RowResult[];

/** Saves the row of a body, whose values must be of their fields' types. */
const saveBody = (
  context: TwinContext,
  object: string,
  body: Readonly<Record<string, unknown>>,
  { read, save }: { readonly read: (body: Readonly<Record<string, unknown>>) => InputRow; readonly save: Save },
): RowResult => {
  const place = { object, body, path: [] };
  requirePlainValues(context, place, body);
  const result = onlyResult(save(read(body)));
  requireTypes(context, place, body, result);
  return result;
};

const create: Route['handle'] = (exchange, context) => {
  const object = objectParam(exchange, context);
  const result = saveBody(context, object, entityBody(exchange), {
    read: inputRow,
    save: (row) => context.org.engine.insert(signedIn(exchange), object, [row], saveOptions(exchange, true)),
  });
  return result.success ? created(exchange, result, object) : rowFailure(result.errors);
};

const fieldsOf = (exchange: Exchange): readonly string[] | undefined => {
  const fields = exchange.query
    .get('fields')
    ?.split(',')
    .map((field) => field.trim())
    .filter((field) => field !== '');
  return fields?.length === 0 ? undefined : fields;
};

const modifiedOf = (row: QueryRow): number | undefined => {
  const stamp = row['SystemModstamp'] ?? row['LastModifiedDate'] ?? row['CreatedDate'];
  return typeof stamp === 'string' ? Date.parse(stamp) : undefined;
};

const CONDITIONS = ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since'];

const rowAnswer = (exchange: Exchange, context: TwinContext, object: string, id: string): Answer => {
  const { engine, schema } = context.org;
  const session = signedIn(exchange);
  const fields = fieldsOf(exchange);
  const tagged = hasEntityTag(object);
  const conditional = CONDITIONS.some((name) => exchange.header(name) !== undefined);
  // The tag is that of the whole row, whatever fields were asked for.
  const whole = tagged || conditional || fields === undefined ? engine.retrieve(session, object, id) : undefined;
  const tag = tagged && whole !== undefined ? entityTag(whole) : undefined;
  const modified = whole === undefined ? undefined : modifiedOf(whole);
  const unchanged = conditional ? readConditions(exchange, { tag, modified }) : undefined;
  if (unchanged !== undefined) return unchanged;
  const row = fields === undefined && whole !== undefined ? whole : engine.retrieve(session, object, id, fields);
  return json(rowShaper(schema)(row), 200, tag === undefined ? {} : { ETag: tag });
};

const read: Route['handle'] = (exchange, context) =>
  rowAnswer(exchange, context, objectParam(exchange, context), idParam(exchange));

const update: Route['handle'] = (exchange, context) => {
  const object = objectParam(exchange, context);
  const id = idParam(exchange);
  const body = entityBody(exchange);
  const read = (): InputRow => ({ ...bodyWithout(body, 'Id'), Id: id });
  if (hasEntityTag(object)) {
    writeConditions(exchange, () => entityTag(context.org.engine.retrieve(signedIn(exchange), object, id)));
  }
  const save: Save = (row) => context.org.engine.update(signedIn(exchange), object, [row], saveOptions(exchange, true));
  const result = saveBody(context, object, body, { read, save });
  if (result.success) return empty();
  // The reference that leads nowhere may be one of the row's own: then the row itself is there.
  context.org.engine.retrieve(signedIn(exchange), object, id, ['Id']);
  return rowFailure(result.errors);
};

const removeRow = (exchange: Exchange, context: TwinContext, id: string): Answer => {
  const result = onlyResult(context.org.engine.delete(signedIn(exchange), [id], { allOrNone: true }));
  return result.success ? empty() : changeFailure(result);
};

/**
 * Salesforce's own mobile clients count on 412 here, and test it against orgs, where the guide says that deletions take
 * no conditions: https://github.com/forcedotcom/SalesforceMobileSDK-Android (RestClientTest).
 */
const requireUnmodified = (exchange: Exchange, context: TwinContext, object: string, id: string): void => {
  const before = headerInstant(exchange, 'if-unmodified-since');
  if (before === undefined) return;
  const modified = modifiedOf(context.org.engine.retrieve(signedIn(exchange), object, id));
  if (modified !== undefined && Math.floor(modified / 1000) * 1000 > before) throw preconditionFailed();
};

const remove: Route['handle'] = (exchange, context) => {
  const object = objectParam(exchange, context);
  const id = idParam(exchange);
  if (context.org.engine.objectOfId(id) !== object) throw noResource();
  requireUnmodified(exchange, context, object, id);
  return removeRow(exchange, context, id);
};

const matching = (exchange: Exchange, context: TwinContext): readonly string[] =>
  context.org.engine.findByExternalId(
    signedIn(exchange),
    objectParam(exchange, context),
    param(exchange, 'field'),
    param(exchange, 'value'),
  );

/** HTTP 300: the addresses of all that match. */
const several = (exchange: Exchange, context: TwinContext, ids: readonly string[]): Answer =>
  json(
    ids.map((id) => rowAddress(exchange, objectParam(exchange, context), id)),
    300,
  );

const onlyMatch = (exchange: Exchange, context: TwinContext): string | Answer => {
  const ids = matching(exchange, context);
  if (ids.length > 1) return several(exchange, context, ids);
  if (ids[0] === undefined) throw noResource();
  return ids[0];
};

const blob = (exchange: Exchange, context: TwinContext, field: string): Answer => {
  const object = objectParam(exchange, context);
  const bytes = context.org.engine.readBlob(signedIn(exchange), object, param(exchange, 'field'), field);
  return { status: 200, headers: { 'Content-Type': 'application/octetstream' }, content: bytes };
};

/** `/X/<id>/…` rather than `/X/<key field>/<value>`: no field has the name of an id. */
const isBelowRow = (exchange: Exchange, context: TwinContext): boolean => {
  const first = param(exchange, 'field');
  return isId(first) && context.org.schema.fieldType(objectParam(exchange, context), first) === undefined;
};

const readBelow: Route['handle'] = (exchange, context) => {
  const object = objectParam(exchange, context);
  if (isBelowRow(exchange, context)) {
    const field = param(exchange, 'value');
    if (context.org.schema.fieldType(object, field) === 'base64') return blob(exchange, context, field);
    return related(exchange, context, {
      object,
      id: param(exchange, 'field'),
      relationship: field,
      fields: fieldsOf(exchange),
    });
  }
  const id = onlyMatch(exchange, context);
  return typeof id === 'string' ? rowAnswer(exchange, context, object, id) : id;
};

const refuseBelowRow = (exchange: Exchange, context: TwinContext): void => {
  if (isBelowRow(exchange, context)) throw notEmulated('changes by relationship address (/X/{id}/relationship)');
};

const upsert: Route['handle'] = (exchange, context) => {
  refuseBelowRow(exchange, context);
  const field = param(exchange, 'field');
  const byId = field.toLowerCase() === 'id';
  const ids = byId ? [] : matching(exchange, context);
  if (ids.length > 1) return several(exchange, context, ids);
  const updateOnly = exchange.query.get('updateOnly')?.toLowerCase() === 'true';
  if (updateOnly && !byId && ids.length === 0) throw noResource();
  const object = objectParam(exchange, context);
  const result = saveBody(context, object, objectBody(exchange), {
    read: (body) => ({ ...bodyWithout(body, field), [field]: param(exchange, 'value') }),
    save: (row) => context.org.engine.upsert(signedIn(exchange), object, [row], saveOptions(exchange, true, field)),
  });
  if (!result.success) return rowFailure(result.errors);
  const body = { id: result.id, success: true, errors: [], created: result.created };
  return json(body, result.created ? 201 : 200, { Location: rowAddress(exchange, object, result.id) });
};

const removeByKey: Route['handle'] = (exchange, context) => {
  refuseBelowRow(exchange, context);
  const id = onlyMatch(exchange, context);
  return typeof id === 'string' ? removeRow(exchange, context, id) : id;
};

const base = '/services/data/:version/sobjects/:object';
const row = { auth: 'bearer', composable: true } as const;

export const rowRoutes: readonly Route[] = [
  { ...row, name: 'create', method: 'POST', path: base, body: 'entity', handle: create },
  { ...row, name: 'read', method: 'GET', path: `${base}/:id`, handle: read },
  { ...row, name: 'update', method: 'PATCH', path: `${base}/:id`, body: 'entity', handle: update },
  { ...row, name: 'delete', method: 'DELETE', path: `${base}/:id`, handle: remove },
  {
    ...row,
    name: 'read by external id, file bytes, or related rows',
    method: 'GET',
    path: `${base}/:field/:value`,
    handle: readBelow,
  },
  { ...row, name: 'upsert', method: 'PATCH', path: `${base}/:field/:value`, body: 'json', handle: upsert },
  { ...row, name: 'delete by external id', method: 'DELETE', path: `${base}/:field/:value`, handle: removeByKey },
];
