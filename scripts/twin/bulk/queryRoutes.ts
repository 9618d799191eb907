import * as z from 'zod';
import { TwinError } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import { content, empty, json, param, signedIn } from '../http/exchange.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Route } from '../router.ts';
import { restInstant } from '../rest/shape.ts';
import { csvOptions, parseRequest } from './ingestRoutes.ts';
import type { QueryJob } from './queryJobs.ts';
import { resultLines } from './queryJobs.ts';
import { whileRunning } from './slices.ts';

/** Rows of one result page when the client does not say. */
const ROWS_PER_PAGE = 50_000;

const jobRequest = z.object({ operation: z.enum(['query', 'queryAll']), query: z.string().min(1), ...csvOptions });

const jobAnswer = (exchange: Exchange, job: QueryJob): Readonly<Record<string, unknown>> => ({
  id: job.id,
  operation: job.operation,
  object: job.object,
  createdById: job.session.userId,
  createdDate: restInstant(job.createdDate),
  systemModstamp: restInstant(job.systemModstamp),
  state: job.state,
  concurrencyMode: 'Parallel',
  contentType: 'CSV',
  apiVersion: exchange.apiVersion,
  jobType: 'V2Query',
  lineEnding: job.lineEnding,
  columnDelimiter: job.columnDelimiter,
  ...(job.errorMessage === undefined ? {} : { errorMessage: job.errorMessage }),
});

const create: Route['handle'] = (exchange, context) => {
  const session = signedIn(exchange);
  const { operation, query, columnDelimiter, lineEnding } = parseRequest(jobRequest, exchange.body);
  const cursor = context.org.engine.query(session, query, { includeDeleted: operation === 'queryAll' });
  const job = context.org.queries.start({ session, operation, columnDelimiter, lineEnding }, cursor);
  return json({ ...jobAnswer(exchange, job), state: 'UploadComplete' });
};

const jobOf = (exchange: Exchange, context: TwinContext): QueryJob =>
  context.org.queries.find(signedIn(exchange), param(exchange, 'id'));

const isRunning = (job: QueryJob): boolean => job.state === 'InProgress' || job.state === 'UploadComplete';

const status: Route['handle'] = async (exchange, context) => {
  const job = jobOf(exchange, context);
  await whileRunning(() => isRunning(job));
  const done = isRunning(job)
    ? {}
    : { numberRecordsProcessed: job.rows, retries: 0, totalProcessingTime: job.totalProcessingTime };
  return json({ ...jobAnswer(exchange, job), ...done });
};

const abort: Route['handle'] = (exchange, context) => {
  const job = jobOf(exchange, context);
  parseRequest(z.object({ state: z.literal('Aborted') }), exchange.body);
  if (!isRunning(job)) throw new TwinError('INVALIDJOBSTATE', 'Aborting already Completed Job not allowed');
  job.state = 'Aborted';
  return json(jobAnswer(exchange, job));
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

const results: Route['handle'] = (exchange, context) => {
  const job = jobOf(exchange, context);
  if (job.state !== 'JobComplete') throw new TwinError('INVALIDJOBSTATE', 'Job is not finished');
  const from = startOf(exchange.query.get('locator'));
  const to = Math.min(job.rows, from + pageSizeOf(exchange.query.get('maxRecords')));
  return content('text/csv', resultLines(job, from, to), {
    // Clients loop until the header says the literal text null.
    'Sforce-Locator': to < job.rows ? locatorOf(to) : 'null',
    'Sforce-NumberOfRecords': String(Math.max(0, to - from)),
  });
};

const list: Route['handle'] = (exchange, context) => {
  const jobs = context.org.queries.list(signedIn(exchange));
  return json({ done: true, nextRecordsUrl: null, records: jobs.map((job) => jobAnswer(exchange, job)) });
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
];
