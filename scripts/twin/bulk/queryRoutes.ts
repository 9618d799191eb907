import * as z from 'zod';
import { TwinError } from '../contract.ts';
import type { Session } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import type { WireSchema } from '../wireSchema.ts';
import { content, empty, json, param, signedIn } from '../http/exchange.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Route } from '../router.ts';
import { restInstant } from '../rest/shape.ts';
import { parseSoql } from '../soql/parseSoql.ts';
import { jobList } from './jobList.ts';
import { csvOptions, parseRequest } from './jobRequest.ts';
import { checkBulkQuery, columnPaths, notInBulk } from './queryChecks.ts';
import type { QueryJob } from './queryJobs.ts';
import { resultLines } from './queryJobs.ts';
import { whileRunning } from './slices.ts';

/** Rows of one result page when the client does not say. */
const ROWS_PER_PAGE = 50_000;
/** Source: https://developer.salesforce.com/docs/platform/api-asynch/guide/query-get-parallel-job-results.html */
const PAGES_PER_ANSWER = 5;
const RESULT_PAGES_SINCE = 58;

const jobRequest = z.object({ operation: z.enum(['query', 'queryAll']), query: z.string().min(1), ...csvOptions });

const jobAnswer = (job: QueryJob): Readonly<Record<string, unknown>> => ({
  id: job.id,
  operation: job.operation,
  object: job.object,
  createdById: job.session.userId,
  createdDate: restInstant(job.createdDate),
  systemModstamp: restInstant(job.systemModstamp),
  state: job.state,
  concurrencyMode: 'Parallel',
  contentType: 'CSV',
  apiVersion: job.session.apiVersion,
  jobType: 'V2Query',
  lineEnding: job.lineEnding,
  columnDelimiter: job.columnDelimiter,
  ...(job.errorMessage === undefined ? {} : { errorMessage: job.errorMessage }),
});

const COMPOUND = new Set(['address', 'location']);

/** The CSV columns of a statement; compounds are refused where named and left out of FIELDS(STANDARD). */
export const bulkColumns = (context: TwinContext, session: Session, soql: string, includeDeleted: boolean) => {
  const query = parseSoql(soql);
  checkBulkQuery(query);
  const cursor = context.org.engine.query(session, soql, { includeDeleted });
  const isCompound = compoundTest(context.org.schema, cursor.entityName);
  const paths = columnPaths(query, cursor.columns);
  const named = query.select.some((item) => item.kind !== 'field' || item.expression.kind !== 'function');
  if (named && paths.some(isCompound)) {
    throw notInBulk('Selecting compound data');
  }
  return { cursor, header: paths.filter((path) => !isCompound(path)) };
};

const compoundTest =
  (schema: WireSchema, object: string) =>
  (path: string): boolean =>
    !path.includes('.') && COMPOUND.has(schema.fieldType(object, path) ?? '');

const create: Route['handle'] = (exchange, context) => {
  const session = signedIn(exchange);
  const { operation, query, columnDelimiter, lineEnding } = parseRequest(jobRequest, exchange.body);
  const { cursor, header } = bulkColumns(context, session, query, operation === 'queryAll');
  const fault = context.jobFaults({ job: 'query', operation, object: cursor.entityName, session });
  const given = { session, operation, columnDelimiter, lineEnding, header, fault };
  const job = context.org.queries.start(given, cursor);
  return json({ ...jobAnswer(job), state: 'UploadComplete' });
};

const jobOf = (exchange: Exchange, context: TwinContext): QueryJob =>
  context.org.queries.find(signedIn(exchange), param(exchange, 'id'));

const isRunning = (job: QueryJob): boolean => job.state === 'InProgress' || job.state === 'UploadComplete';

const status: Route['handle'] = async (exchange, context) => {
  const job = jobOf(exchange, context);
  if (job.fault?.looked() !== true) await whileRunning(() => isRunning(job));
  const done = isRunning(job)
    ? {}
    : { numberRecordsProcessed: job.rows, retries: 0, totalProcessingTime: job.totalProcessingTime };
  return json({ ...jobAnswer(job), ...done });
};

const abort: Route['handle'] = (exchange, context) => {
  const job = jobOf(exchange, context);
  parseRequest(z.object({ state: z.literal('Aborted') }), exchange.body);
  if (!isRunning(job)) {
    const state = job.state === 'JobComplete' ? 'Completed' : job.state;
    throw new TwinError('INVALIDJOBSTATE', `Aborting already ${state} Job not allowed`);
  }
  job.state = 'Aborted';
  return json(jobAnswer(job));
};

const remove: Route['handle'] = (exchange, context) => {
  const job = jobOf(exchange, context);
  if (isRunning(job)) throw new TwinError('INVALIDJOBSTATE', 'Deleting a job in progress is not allowed');
  context.org.queries.remove(job);
  return empty();
};

const locatorOf = (row: number): string => Buffer.from(String(row)).toString('base64');

const startOf = (locator: string | null): number => {
  if (locator === null || locator === '' || locator === 'null') return 0;
  const row = Number(Buffer.from(locator, 'base64').toString('latin1'));
  if (!Number.isInteger(row) || row < 0) throw new TwinError('INVALID_LOCATOR', `The locator is not valid.`);
  return row;
};

const pageSizeOf = (text: string | null): number => {
  if (text === null) return ROWS_PER_PAGE;
  const size = Number(text);
  if (!Number.isInteger(size) || size < 1)
    throw new TwinError('INVALID_ARGUMENT', 'maxRecords must be a positive number.');
  return size;
};

/** A finished job, asked for by the version it was made with. */
const finished = (exchange: Exchange, context: TwinContext): QueryJob => {
  const job = jobOf(exchange, context);
  if (job.state !== 'JobComplete') throw new TwinError('INVALIDJOBSTATE', 'Job is not finished');
  if (exchange.apiVersion !== job.session.apiVersion) {
    const message = `The job was created with API version ${job.session.apiVersion}.0; get its results with the same.`;
    throw new TwinError('API_VERSION_CONFLICT', message, { status: 409 });
  }
  return job;
};

const results: Route['handle'] = (exchange, context) => {
  const job = finished(exchange, context);
  const from = startOf(exchange.query.get('locator'));
  const to = Math.min(job.rows, from + pageSizeOf(exchange.query.get('maxRecords')));
  return content('text/csv', resultLines(job, from, to), {
    // Clients loop until the header says the literal text null.
    'Sforce-Locator': to < job.rows ? locatorOf(to) : 'null',
    'Sforce-NumberOfRecords': String(Math.max(0, to - from)),
  });
};

/** Addresses of up to five result pages, to be fetched side by side. */
const resultPages: Route['handle'] = (exchange, context) => {
  if (exchange.apiVersion < RESULT_PAGES_SINCE) {
    throw new TwinError('NOT_FOUND', 'The requested resource does not exist', { status: 404 });
  }
  const job = finished(exchange, context);
  const first = startOf(exchange.query.get('locator'));
  const size = pageSizeOf(exchange.query.get('maxRecords'));
  const base = `/services/data/v${exchange.apiVersion}.0/jobs/query/${job.id}`;
  const asked = exchange.query.has('maxRecords') ? `&maxRecords=${size}` : '';
  const starts: number[] = [];
  for (let row = first; row < job.rows && starts.length < PAGES_PER_ANSWER; row += size) starts.push(row);
  const next = first + size * PAGES_PER_ANSWER;
  const done = next >= job.rows;
  return json({
    resultPages: starts.map((row) => ({
      resultUrl: `${base}/results?locator=${encodeURIComponent(locatorOf(row))}${asked}`,
    })),
    nextRecordsUrl: done ? null : `${base}/resultPages?locator=${encodeURIComponent(locatorOf(next))}${asked}`,
    done,
  });
};

const list: Route['handle'] = (exchange, context) => {
  const session = signedIn(exchange);
  const own = context.org.queries
    .list(session)
    .map((job) => ({ jobType: 'V2Query', concurrencyMode: 'Parallel', answer: jobAnswer(job) }));
  return json(jobList(exchange, [...own, ...context.org.classic.listed(session, 'all')]));
};

const base = '/services/data/:version/jobs/query';
const call = { auth: 'bearer' } as const;

export const bulkQueryRoutes: readonly Route[] = [
  { ...call, name: 'create query job', method: 'POST', path: base, body: 'json', handle: create },
  { ...call, name: 'list query jobs', method: 'GET', path: base, handle: list },
  { ...call, name: 'query job', method: 'GET', path: `${base}/:id`, handle: status },
  { ...call, name: 'abort query job', method: 'PATCH', path: `${base}/:id`, body: 'json', handle: abort },
  { ...call, name: 'delete query job', method: 'DELETE', path: `${base}/:id`, handle: remove },
  { ...call, name: 'query results', method: 'GET', path: `${base}/:id/results`, handle: results },
  { ...call, name: 'query result pages', method: 'GET', path: `${base}/:id/resultPages`, handle: resultPages },
];
