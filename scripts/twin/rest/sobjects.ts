import { TwinError } from '../contract.ts';
import type { RowResult } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import { empty, isObject, json, objectBody, param, signedIn } from '../http/exchange.ts';
import type { Answer, Exchange } from '../http/exchange.ts';
import { parseJson } from '../http/body.ts';
import { MultipartBody } from '../http/multipart.ts';
import type { Route } from '../router.ts';
import { ifModifiedSince, inputRow, saveOptions } from './input.ts';
import { onlyResult, rowFailure, rowShaper } from './shape.ts';

const noResource = (): TwinError =>
  new TwinError('NOT_FOUND', 'The requested resource does not exist', { status: 404 });

/** The canonical name of the object in the address, or the platform's 404. */
export const objectParam = (exchange: Exchange, context: TwinContext): string => {
  const object = context.org.engine.canonicalObject(signedIn(exchange), param(exchange, 'object'));
  if (object === undefined) throw noResource();
  return object;
};

const describeGlobal: Route['handle'] = (exchange, context) =>
  json({ encoding: 'UTF-8', maxBatchSize: 200, sobjects: context.org.engine.describeGlobal(signedIn(exchange)) });

const describe: Route['handle'] = (exchange, context) =>
  json(context.org.engine.describe(signedIn(exchange), objectParam(exchange, context)));

const basicInformation: Route['handle'] = (exchange, context) => {
  const object = objectParam(exchange, context);
  const session = signedIn(exchange);
  const objectDescribe = context.org.engine.describeGlobal(session).find(({ name }) => name === object);
  return json({ objectDescribe: objectDescribe ?? {}, recentItems: [] });
};

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

const create: Route['handle'] = (exchange, context) => {
  const object = objectParam(exchange, context);
  const row = inputRow(entityBody(exchange));
  const result = onlyResult(context.org.engine.insert(signedIn(exchange), object, [row], saveOptions(exchange, true)));
  return result.success ? json({ id: result.id, success: true, errors: [] }, 201) : rowFailure(result.errors);
};

const fieldsOf = (exchange: Exchange): readonly string[] | undefined =>
  exchange.query
    .get('fields')
    ?.split(',')
    .map((field) => field.trim())
    .filter((field) => field !== '');

const read: Route['handle'] = (exchange, context) => {
  const object = objectParam(exchange, context);
  const since = ifModifiedSince(exchange);
  const { engine, schema } = context.org;
  const session = signedIn(exchange);
  if (since !== undefined) {
    const stamp = engine.retrieve(session, object, param(exchange, 'id'), ['SystemModstamp'])['SystemModstamp'];
    if (typeof stamp === 'string' && Date.parse(stamp) <= Date.parse(since)) return empty(304);
  }
  return json(rowShaper(schema)(engine.retrieve(session, object, param(exchange, 'id'), fieldsOf(exchange))));
};

const update: Route['handle'] = (exchange, context) => {
  const row = { ...inputRow(entityBody(exchange), ['id']), Id: param(exchange, 'id') };
  const object = objectParam(exchange, context);
  const result = onlyResult(context.org.engine.update(signedIn(exchange), object, [row], saveOptions(exchange, true)));
  return result.success ? empty() : rowFailure(result.errors);
};

const remove: Route['handle'] = (exchange, context) => {
  objectParam(exchange, context);
  const result = onlyResult(
    context.org.engine.delete(signedIn(exchange), [param(exchange, 'id')], { allOrNone: true }),
  );
  return result.success ? empty() : rowFailure(result.errors);
};

const matching = (exchange: Exchange, context: TwinContext): readonly string[] =>
  context.org.engine.findByExternalId(
    signedIn(exchange),
    objectParam(exchange, context),
    param(exchange, 'field'),
    param(exchange, 'value'),
  );

const several = (exchange: Exchange, context: TwinContext, ids: readonly string[]): Answer =>
  json(
    ids.map((id) => `/services/data/v${exchange.apiVersion}.0/sobjects/${objectParam(exchange, context)}/${id}`),
    300,
  );

const onlyMatch = (exchange: Exchange, context: TwinContext): string | Answer => {
  const ids = matching(exchange, context);
  if (ids.length > 1) return several(exchange, context, ids);
  if (ids[0] === undefined)
    throw new TwinError(
      'NOT_FOUND',
      'Provided external ID field does not exist or is not accessible: ' + param(exchange, 'field'),
      { status: 404 },
    );
  return ids[0];
};

const BLOB_TYPES = new Set(['base64']);

const blob = (exchange: Exchange, context: TwinContext, field: string): Answer => {
  const object = objectParam(exchange, context);
  const bytes = context.org.engine.readBlob(signedIn(exchange), object, param(exchange, 'field'), field);
  return { status: 200, headers: { 'Content-Type': 'application/octet-stream' }, content: bytes };
};

const isId = (text: string): boolean => /^[a-zA-Z0-9]{15}(?:[a-zA-Z0-9]{3})?$/.test(text);

/** `/X/<id>/<blob field>` or `/X/<external id field>/<value>`: the platform tells them apart the same way. */
const readBelow: Route['handle'] = (exchange, context) => {
  const object = objectParam(exchange, context);
  const [first, second] = [param(exchange, 'field'), param(exchange, 'value')];
  if (context.org.schema.fieldType(object, first) === undefined && isId(first)) {
    if (BLOB_TYPES.has(context.org.schema.fieldType(object, second) ?? '')) return blob(exchange, context, second);
    throw new TwinError(
      'NOT_EMULATED',
      `NOT_EMULATED: GET /sobjects/${object}/{id}/${second} (relationship by address)`,
      { status: 501 },
    );
  }
  const id = onlyMatch(exchange, context);
  if (typeof id !== 'string') return id;
  const { engine, schema } = context.org;
  return json(rowShaper(schema)(engine.retrieve(signedIn(exchange), object, id, fieldsOf(exchange))));
};

const upsertAnswer = (result: RowResult): Answer =>
  result.success
    ? json({ id: result.id, success: true, errors: [], created: result.created }, result.created ? 201 : 200)
    : rowFailure(result.errors);

const upsert: Route['handle'] = (exchange, context) => {
  const object = objectParam(exchange, context);
  const field = param(exchange, 'field');
  const ids = field.toLowerCase() === 'id' ? [] : matching(exchange, context);
  if (ids.length > 1) return several(exchange, context, ids);
  const row = { ...inputRow(objectBody(exchange), [field]), [field]: param(exchange, 'value') };
  return upsertAnswer(
    onlyResult(context.org.engine.upsert(signedIn(exchange), object, [row], saveOptions(exchange, true, field))),
  );
};

const removeByExternalId: Route['handle'] = (exchange, context) => {
  const id = onlyMatch(exchange, context);
  if (typeof id !== 'string') return id;
  const result = onlyResult(context.org.engine.delete(signedIn(exchange), [id], { allOrNone: true }));
  return result.success ? empty() : rowFailure(result.errors);
};

const requiredInstant = (exchange: Exchange, name: string): string => {
  const instant = Date.parse(exchange.query.get(name) ?? '');
  if (Number.isNaN(instant))
    throw new TwinError('INVALID_REPLICATION_DATE', `${name} is required and must be a date-time`);
  return new Date(instant).toISOString();
};

const rest = (iso: string): string => iso.replace('Z', '+0000');

const deleted: Route['handle'] = (exchange, context) => {
  const [from, to] = [requiredInstant(exchange, 'start'), requiredInstant(exchange, 'end')];
  const rows = context.org.engine.getDeleted(signedIn(exchange), objectParam(exchange, context), from, to);
  return json({
    deletedRecords: rows.map(({ id, deletedDate }) => ({ id, deletedDate: rest(deletedDate) })),
    earliestDateAvailable: rest(new Date(context.clock.now() - 15 * 86_400_000).toISOString()),
    latestDateCovered: rest(to),
  });
};

const updated: Route['handle'] = (exchange, context) => {
  const [from, to] = [requiredInstant(exchange, 'start'), requiredInstant(exchange, 'end')];
  const ids = context.org.engine.getUpdated(signedIn(exchange), objectParam(exchange, context), from, to);
  return json({ ids, latestDateCovered: rest(to) });
};

const base = '/services/data/:version/sobjects';
const row = { auth: 'bearer', composable: true } as const;

export const sobjectRoutes: readonly Route[] = [
  { ...row, name: 'global describe', method: 'GET', path: base, handle: describeGlobal },
  { ...row, name: 'object basics', method: 'GET', path: `${base}/:object`, handle: basicInformation },
  { ...row, name: 'describe', method: 'GET', path: `${base}/:object/describe`, handle: describe },
  { ...row, name: 'deleted', method: 'GET', path: `${base}/:object/deleted`, handle: deleted },
  { ...row, name: 'updated', method: 'GET', path: `${base}/:object/updated`, handle: updated },
  { ...row, name: 'read', method: 'GET', path: `${base}/:object/:id`, handle: read },
  { ...row, name: 'update', method: 'PATCH', path: `${base}/:object/:id`, body: 'entity', handle: update },
  { ...row, name: 'delete', method: 'DELETE', path: `${base}/:object/:id`, handle: remove },
  {
    ...row,
    name: 'read by external id, or file bytes',
    method: 'GET',
    path: `${base}/:object/:field/:value`,
    handle: readBelow,
  },
  { ...row, name: 'upsert', method: 'PATCH', path: `${base}/:object/:field/:value`, body: 'json', handle: upsert },
  {
    ...row,
    name: 'delete by external id',
    method: 'DELETE',
    path: `${base}/:object/:field/:value`,
    handle: removeByExternalId,
  },
  { ...row, name: 'create', method: 'POST', path: `${base}/:object`, body: 'entity', handle: create },
];
