import { TwinError } from '../contract.ts';
import type { DataEngine, InputRow, QueryRow, RowResult, SaveOptions, Session } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import { isObject, json, objectBody, param, signedIn } from '../http/exchange.ts';
import type { Answer, Exchange } from '../http/exchange.ts';
import type { Route } from '../router.ts';
import { requirePlainValues, requireTypes, type RowPlace } from './fieldTypes.ts';
import { inputRow, saveOptions, typeOf } from './input.ts';
import { ROLLED_BACK, rowShaper, saveResult } from './shape.ts';
import { objectParam } from './objects.ts';

const ROWS_PER_CALL = 200;
const ROWS_PER_RETRIEVE = 2_000;

/** Chunks of neighbours of one object. */
const CHUNKS = 10;

const tooMany = (limit: number): TwinError =>
  new TwinError('EXCEEDED_ID_LIMIT', `record limit reached. cannot submit more than ${limit} records into this call`);

type Given = {
  readonly object: string;
  readonly row: InputRow;
  readonly place: RowPlace;
  readonly record: Readonly<Record<string, unknown>>;
};

const recordsOf = (exchange: Exchange): readonly Readonly<Record<string, unknown>>[] => {
  const records = objectBody(exchange)['records'];
  if (!Array.isArray(records)) throw new TwinError('REQUIRED_FIELD_MISSING', 'The records list is missing.');
  if (records.length > ROWS_PER_CALL) {
    throw tooMany(ROWS_PER_CALL);
  }
  return records.map((record: unknown) => {
    if (!isObject(record)) throw new TwinError('JSON_PARSER_ERROR', 'Every record must be a JSON object.');
    return record;
  });
};

const allOrNoneOf = (exchange: Exchange): boolean => objectBody(exchange)['allOrNone'] === true;

/** A record that does not say what it is fails alone, with the words recorded from an org. */
const untyped: RowResult = {
  id: null,
  success: false,
  created: false,
  errors: [
    {
      statusCode: 'JSON_PARSER_ERROR',
      message: 'Nested object for polymorphic foreign key must have an attributes field before any other fields.',
      fields: [],
    },
  ],
};

const givenRows = (exchange: Exchange, context: TwinContext): readonly (Given | undefined)[] =>
  recordsOf(exchange).map((record, index) => {
    if (record['attributes'] === undefined) return undefined;
    const type = typeOf(record);
    const object = context.org.engine.canonicalObject(signedIn(exchange), type);
    if (object === undefined) throw new TwinError('INVALID_TYPE', `sObject type '${type}' is not supported.`);
    const place = { object, body: objectBody(exchange), path: ['records', index] };
    requirePlainValues(context, place, record);
    return { object, row: inputRow(record), place, record };
  });

/** Neighbours of one object as one engine call each; results in the order given. */
const byRuns = (
  given: readonly Given[],
  save: (object: string, rows: readonly InputRow[]) => readonly RowResult[],
): readonly RowResult[] => {
  const results: RowResult[] = [];
  let from = 0;
  while (from < given.length) {
    const object = given[from]?.object ?? '';
    let to = from;
    while (given[to]?.object === object) to += 1;
    results.push(
      ...save(
        object,
        given.slice(from, to).map(({ row }) => row),
      ),
    );
    from = to;
  }
  return results;
};

const chunksOf = (given: readonly Given[]): number =>
  given.filter(({ object }, i) => object !== given[i - 1]?.object).length;

class RolledBack extends Error {
  readonly results: readonly RowResult[];
  constructor(results: readonly RowResult[]) {
    super(ROLLED_BACK);
    this.results = results;
  }
}

const asRolledBack = (result: RowResult): RowResult =>
  result.success
    ? {
        ...result,
        success: false,
        errors: [
          {
            statusCode: ROLLED_BACK,
            message: 'Record rolled back because not all records were valid and the request was using AllOrNone header',
            fields: [],
          },
        ],
      }
    : result;

/** Runs `save` so that one failed row undoes all of them and marks its neighbours ALL_OR_NONE_OPERATION_ROLLED_BACK. */
export const allOrNothing = (
  engine: DataEngine,
  allOrNone: boolean,
  save: (allOrNone: boolean) => readonly RowResult[],
): readonly RowResult[] => {
  if (!allOrNone) return save(false);
  try {
    return engine.transaction(() => {
      // Row by row, so that every row's own error is known before all are undone.
      const results = save(false);
      if (results.some(({ success }) => !success)) throw new RolledBack(results);
      return results;
    });
  } catch (error) {
    if (error instanceof RolledBack) return error.results.map(asRolledBack);
    throw error;
  }
};

type Verb = 'insert' | 'update' | 'upsert';

const saveAll = (exchange: Exchange, context: TwinContext, verb: Verb, key?: string): readonly RowResult[] => {
  const { engine } = context.org;
  const session = signedIn(exchange);
  const all = givenRows(exchange, context);
  const given = all.filter((row) => row !== undefined);
  if (chunksOf(given) > CHUNKS) {
    throw new TwinError('INVALID_BATCH_SIZE', `A request holds at most ${CHUNKS} chunks of one object type each.`);
  }
  const save = (allOrNone: boolean): readonly RowResult[] => {
    const options: SaveOptions = saveOptions(exchange, allOrNone, key);
    const results = byRuns(given, (object, rows) => engine[verb](session, object, rows, options));
    given.forEach(({ place, record }, index) => {
      requireTypes(context, place, record, results[index]);
    });
    let next = 0;
    return all.map((row) => (row === undefined ? untyped : (results[next++] ?? untyped)));
  };
  return engine.transaction(() => allOrNothing(engine, allOrNoneOf(exchange), save));
};

const idsOf = (exchange: Exchange, limit: number): readonly string[] => {
  const ids = (exchange.query.get('ids') ?? '')
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
  if (ids.length === 0) throw new TwinError('MISSING_ARGUMENT', 'ids is required');
  if (ids.length > limit) throw tooMany(limit);
  return ids;
};

/** An id that is none has words of its own here. Source: https://developer.salesforce.com/docs/platform/api-rest/guide/resources-composite-sobjects-collections-delete.html */
const malformedOf = (result: RowResult, id: string): RowResult =>
  result.errors[0]?.statusCode === 'MALFORMED_ID'
    ? { ...result, errors: [{ statusCode: 'MALFORMED_ID', message: `malformed id ${id}`, fields: [] }] }
    : result;

const removeAll: Route['handle'] = (exchange, context) => {
  const ids = idsOf(exchange, ROWS_PER_CALL);
  const allOrNone = exchange.query.get('allOrNone') === 'true';
  const session = signedIn(exchange);
  const { engine } = context.org;
  const results = allOrNothing(engine, allOrNone, (all) => engine.delete(session, ids, { allOrNone: all }));
  return json(results.map((result, index) => saveResult(malformedOf(result, ids[index] ?? ''))));
};

const retrieveOne = (
  context: TwinContext,
  session: Session,
  wanted: { readonly object: string; readonly id: string; readonly fields: readonly string[] },
): QueryRow | null => {
  try {
    return context.org.engine.retrieve(session, wanted.object, wanted.id, wanted.fields);
  } catch (error) {
    if (error instanceof TwinError && (error.status === 404 || error.errorCode === 'MALFORMED_ID')) return null;
    throw error;
  }
};

/** An unknown field is an error, whichever of the rows are there. */
const requireFields = (context: TwinContext, object: string, fields: readonly string[]): void => {
  const { schema } = context.org;
  const unknown = fields.find((name) => !name.includes('.') && schema.fieldType(object, name) === undefined);
  if (unknown !== undefined) {
    throw new TwinError('INVALID_FIELD', `No such column '${unknown}' on sobject of type ${object}`);
  }
};

const retrieveAll = (
  exchange: Exchange,
  context: TwinContext,
  ids: readonly string[],
  fields: readonly string[],
): Answer => {
  const object = objectParam(exchange, context);
  requireFields(context, object, fields);
  const session = signedIn(exchange);
  const shape = rowShaper(context.org.schema);
  return json(
    ids.map((id) => {
      const row = retrieveOne(context, session, { object, id, fields });
      return row === null ? null : shape(row);
    }),
  );
};

const texts = (value: unknown): readonly string[] => {
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    throw new TwinError('JSON_PARSER_ERROR', 'ids and fields must be lists of text.');
  }
  return value;
};

const retrieveByBody: Route['handle'] = (exchange, context) => {
  const { ids, fields } = objectBody(exchange);
  if (texts(ids).length > ROWS_PER_RETRIEVE) throw tooMany(ROWS_PER_RETRIEVE);
  return retrieveAll(exchange, context, texts(ids), texts(fields));
};

const fieldsOf = (exchange: Exchange): readonly string[] =>
  (exchange.query.get('fields') ?? 'Id').split(',').map((name) => name.trim());

const retrieveByAddress: Route['handle'] = (exchange, context) =>
  retrieveAll(exchange, context, idsOf(exchange, ROWS_PER_RETRIEVE), fieldsOf(exchange));

const results = (rows: readonly RowResult[], withCreated = false): Answer =>
  json(rows.map((row) => saveResult(row, withCreated)));

const base = '/services/data/:version/composite/sobjects';
const call = { auth: 'bearer', composable: true } as const;

export const collectionRoutes: readonly Route[] = [
  {
    ...call,
    name: 'create many',
    method: 'POST',
    path: base,
    body: 'json',
    handle: (x, c) => results(saveAll(x, c, 'insert')),
  },
  {
    ...call,
    name: 'update many',
    method: 'PATCH',
    path: base,
    body: 'json',
    handle: (x, c) => results(saveAll(x, c, 'update')),
  },
  { ...call, name: 'delete many', method: 'DELETE', path: base, handle: removeAll },
  {
    ...call,
    name: 'upsert many',
    method: 'PATCH',
    path: `${base}/:object/:field`,
    body: 'json',
    handle: (x, c) => results(saveAll(x, c, 'upsert', param(x, 'field')), true),
  },
  { ...call, name: 'read many', method: 'GET', path: `${base}/:object`, handle: retrieveByAddress },
  { ...call, name: 'read many by body', method: 'POST', path: `${base}/:object`, body: 'json', handle: retrieveByBody },
];
