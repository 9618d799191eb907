import { TwinError } from '../contract.ts';
import type { QueryColumn, QueryCursor } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import { json, param, signedIn } from '../http/exchange.ts';
import type { Answer, Exchange } from '../http/exchange.ts';
import type { Route } from '../router.ts';
import type { Page } from './cursors.ts';
import { rowShaper } from './shape.ts';

const DEFAULT_BATCH = 2_000;

/** `Sforce-Query-Options: batchSize=200`, held within the platform's 200 to 2,000. */
export const batchSizeOf = (header: string | undefined): number => {
  const asked = /batchSize\s*=\s*(\d+)/i.exec(header ?? '')?.[1];
  return asked === undefined ? DEFAULT_BATCH : Math.min(DEFAULT_BATCH, Math.max(200, Number(asked)));
};

const columnMetadata = (column: QueryColumn): Readonly<Record<string, unknown>> => ({
  aggregate: column.aggregate,
  apexType: null,
  booleanType: null,
  columnName: column.columnName,
  custom: column.columnName.endsWith('__c'),
  displayName: column.displayName,
  foreignKeyName: column.foreignKeyName,
  insertable: null,
  joinColumns: column.joinColumns.map(columnMetadata),
  numberType: null,
  textType: null,
  updatable: null,
});

const columnsAnswer = (cursor: QueryCursor): Answer =>
  json({
    columnMetadata: cursor.columns.map(columnMetadata),
    entityName: cursor.entityName,
    groupBy: cursor.isAggregate,
    idSelected: cursor.columns.some(({ columnName }) => columnName.toLowerCase() === 'id'),
    keyPrefix: cursor.keyPrefix,
  });

const soqlOf = (exchange: Exchange): string => {
  const soql = exchange.query.get('q');
  if (soql === null || soql.trim() === '') {
    throw new TwinError('MALFORMED_QUERY', 'A query string has to be specified');
  }
  return soql;
};

type Resource = 'query' | 'queryAll';

const pageAnswer = (exchange: Exchange, context: TwinContext, resource: Resource, page: Page): Answer => {
  const shape = rowShaper(context.org.schema);
  const address = `/services/data/v${exchange.apiVersion}.0/${resource}/${page.locator ?? ''}`;
  return json({
    totalSize: page.totalSize,
    done: page.locator === undefined,
    ...(page.locator === undefined ? {} : { nextRecordsUrl: address }),
    records: page.rows.map(shape),
  });
};

/** The first page of a query that the twin itself wrote. */
export const openPage = (exchange: Exchange, context: TwinContext, soql: string): Answer => {
  const session = signedIn(exchange);
  const cursor = context.org.engine.query(session, soql, { includeDeleted: false });
  const batchSize = batchSizeOf(exchange.header('sforce-query-options'));
  const page = context.org.cursors.open(session, cursor.rows, cursor.totalSize, batchSize);
  return pageAnswer(exchange, context, 'query', page);
};

const queryHandler =
  (resource: Resource): Route['handle'] =>
  (exchange, context) => {
    const session = signedIn(exchange);
    if (exchange.query.has('explain'))
      throw new TwinError('NOT_EMULATED', 'NOT_EMULATED: query plans (explain)', { status: 501 });
    const cursor = context.org.engine.query(session, soqlOf(exchange), { includeDeleted: resource === 'queryAll' });
    if (exchange.query.get('columns') === 'true') return columnsAnswer(cursor);
    const batchSize = batchSizeOf(exchange.header('sforce-query-options'));
    return pageAnswer(
      exchange,
      context,
      resource,
      context.org.cursors.open(session, cursor.rows, cursor.totalSize, batchSize),
    );
  };

const moreHandler =
  (resource: Resource): Route['handle'] =>
  (exchange, context) =>
    pageAnswer(exchange, context, resource, context.org.cursors.more(signedIn(exchange), param(exchange, 'locator')));

/** Setup objects are answered from the same store; the tooling envelope differs. */
const toolingQuery: Route['handle'] = (exchange, context) => {
  const session = signedIn(exchange);
  const cursor = context.org.engine.query(session, soqlOf(exchange), { includeDeleted: false, tooling: true });
  if (exchange.query.get('columns') === 'true') return columnsAnswer(cursor);
  const page = context.org.cursors.open(session, cursor.rows, cursor.totalSize, DEFAULT_BATCH);
  const shape = rowShaper(context.org.schema);
  return json({
    size: page.rows.length,
    totalSize: page.totalSize,
    done: page.locator === undefined,
    queryLocator: page.locator ?? null,
    ...(page.locator === undefined
      ? {}
      : { nextRecordsUrl: `/services/data/v${exchange.apiVersion}.0/tooling/query/${page.locator}` }),
    entityTypeName: cursor.entityName,
    records: page.rows.map(shape),
  });
};

const base = '/services/data/:version';
const get = { method: 'GET', auth: 'bearer', composable: true } as const;

export const queryRoutes: readonly Route[] = [
  { ...get, name: 'query', path: `${base}/query`, handle: queryHandler('query') },
  { ...get, name: 'query with deleted rows', path: `${base}/queryAll`, handle: queryHandler('queryAll') },
  { ...get, name: 'next page', path: `${base}/query/:locator`, handle: moreHandler('query') },
  { ...get, name: 'next page with deleted rows', path: `${base}/queryAll/:locator`, handle: moreHandler('queryAll') },
  { ...get, name: 'tooling query', path: `${base}/tooling/query`, handle: toolingQuery },
  { ...get, name: 'tooling next page', path: `${base}/tooling/query/:locator`, handle: moreHandler('query') },
];
