import * as z from 'zod';
import { notEmulated, TwinError } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import { content, empty, json, param, signedIn } from '../http/exchange.ts';
import type { Answer, Exchange } from '../http/exchange.ts';
import { MultipartBody } from '../http/multipart.ts';
import type { Route } from '../router.ts';
import { restInstant } from '../rest/shape.ts';
import { DELIMITERS, LINE_ENDINGS } from './csv.ts';
import type { DelimiterName, LineEndingName } from './csv.ts';
import { isFinished, OPERATIONS } from './ingestJobs.ts';
import type { IngestJob } from './ingestJobs.ts';
import { resultFile } from './ingestResults.ts';
import type { ResultKind } from './ingestResults.ts';
import { runIngest } from './ingestRun.ts';
import { whileRunning } from './slices.ts';

const names = <T extends string>(table: Readonly<Record<T, string>>): [T, ...T[]] => Object.keys(table) as [T, ...T[]];

export const csvOptions = {
  columnDelimiter: z.enum(names<DelimiterName>(DELIMITERS)).default('COMMA'),
  lineEnding: z.enum(names<LineEndingName>(LINE_ENDINGS)).default('LF'),
  contentType: z.literal('CSV').default('CSV'),
};

const jobRequest = z.object({
  object: z.string().min(1),
  operation: z.enum(OPERATIONS),
  externalIdFieldName: z.string().optional(),
  ...csvOptions,
});

/** All problems of a job request at once, in the platform's error shape. */
export const parseRequest = <T>(schema: z.ZodType<T>, body: unknown): T => {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new TwinError('INVALIDJOB', `InvalidJob : ${problems.join('; ')}`);
};

const jobAnswer = (exchange: Exchange, job: IngestJob): Readonly<Record<string, unknown>> => ({
  id: job.id,
  operation: job.operation,
  object: job.object,
  createdById: job.session.userId,
  createdDate: restInstant(job.createdDate),
  systemModstamp: restInstant(job.systemModstamp),
  state: job.state,
  ...(job.externalIdFieldName === undefined ? {} : { externalIdFieldName: job.externalIdFieldName }),
  concurrencyMode: 'Parallel',
  contentType: 'CSV',
  apiVersion: exchange.apiVersion,
  jobType: 'V2Ingest',
  lineEnding: job.lineEnding,
  columnDelimiter: job.columnDelimiter,
  contentUrl: `services/data/v${exchange.apiVersion}.0/jobs/ingest/${job.id}/batches`,
  ...(job.errorMessage === undefined ? {} : { errorMessage: job.errorMessage }),
});

const detail = (exchange: Exchange, job: IngestJob): Answer =>
  json({
    ...jobAnswer(exchange, job),
    retries: 0,
    totalProcessingTime: job.totalProcessingTime,
    apiActiveProcessingTime: job.totalProcessingTime,
    apexProcessingTime: 0,
    numberRecordsProcessed: job.outcomes.length,
    numberRecordsFailed: job.failed,
  });

const create: Route['handle'] = (exchange, context) => {
  const session = signedIn(exchange);
  if (exchange.body instanceof MultipartBody) throw notEmulated('a Bulk job with its data in one multipart request');
  const given = parseRequest(jobRequest, exchange.body);
  const object = context.org.engine.canonicalObject(session, given.object);
  if (object === undefined) {
    throw new TwinError('INVALIDENTITY', `InvalidEntity : Entity '${given.object}' is not supported by the Bulk API.`);
  }
  if (given.operation === 'upsert' && given.externalIdFieldName === undefined) {
    throw new TwinError('INVALIDJOB', 'InvalidJob : External ID was blank for upsert operation.');
  }
  // Asks for nothing but the permission, so that the job is refused and not each of its rows.
  if (given.operation === 'hardDelete') context.org.engine.hardDelete(session, object, []);
  const { operation, externalIdFieldName, columnDelimiter, lineEnding } = given;
  const job = context.org.ingest.create({
    session,
    object,
    operation,
    externalIdFieldName,
    columnDelimiter,
    lineEnding,
  });
  return json(jobAnswer(exchange, job));
};

const jobOf = (exchange: Exchange, context: TwinContext): IngestJob =>
  context.org.ingest.find(signedIn(exchange), param(exchange, 'id'));

const upload: Route['handle'] = async (exchange, context) => {
  const job = jobOf(exchange, context);
  if (job.state !== 'Open') throw new TwinError('INVALIDJOBSTATE', 'Uploading data is only allowed in an open job.');
  if (job.upload === undefined || job.uploadedBytes > 0) {
    throw new TwinError(
      'CLIENTINPUTERROR',
      `Found multiple contents for job: ${job.id}, make sure you only do 'PUT' once on a given job.`,
    );
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of exchange.stream()) {
    chunks.push(chunk as Buffer);
    bytes += (chunk as Buffer).length;
  }
  job.upload = chunks;
  job.uploadedBytes = bytes;
  context.org.ingest.makeRoom();
  return empty(201);
};

const abort = (job: IngestJob): void => {
  if (isFinished(job)) throw new TwinError('INVALIDJOBSTATE', `Aborting already Completed Job not allowed`);
  job.state = 'Aborted';
};

const close = async (job: IngestJob, context: TwinContext): Promise<void> => {
  if (job.state !== 'Open') throw new TwinError('INVALIDJOBSTATE', 'Closing already completed Job not allowed');
  const { engine, schema } = context.org;
  void runIngest(job, { engine, schema, clock: context.clock });
  await whileRunning(() => !isFinished(job));
};

const changeState: Route['handle'] = async (exchange, context) => {
  const job = jobOf(exchange, context);
  const { state } = parseRequest(z.object({ state: z.enum(['UploadComplete', 'Aborted']) }), exchange.body);
  if (state === 'Aborted') abort(job);
  else await close(job, context);
  return json({ ...jobAnswer(exchange, job), state });
};

const status: Route['handle'] = async (exchange, context) => {
  const job = jobOf(exchange, context);
  await whileRunning(() => job.state === 'InProgress');
  return detail(exchange, job);
};

const remove: Route['handle'] = (exchange, context) => {
  const job = jobOf(exchange, context);
  if (job.state === 'InProgress') throw new TwinError('INVALIDJOBSTATE', 'Deleting a job in progress is not allowed');
  context.org.ingest.remove(job);
  return empty();
};

const results =
  (kind: ResultKind): Route['handle'] =>
  (exchange, context) => {
    const job = jobOf(exchange, context);
    if (!isFinished(job)) throw new TwinError('INVALIDJOBSTATE', 'Job is not finished');
    return content('text/csv', resultFile(job, kind));
  };

const list: Route['handle'] = (exchange, context) => {
  const jobs = context.org.ingest.list(signedIn(exchange));
  return json({ done: true, nextRecordsUrl: null, records: jobs.map((job) => jobAnswer(exchange, job)) });
};

const base = '/services/data/:version/jobs/ingest';
const call = { auth: 'bearer' } as const;

export const ingestRoutes: readonly Route[] = [
  { ...call, name: 'create ingest job', method: 'POST', path: base, body: 'entity', handle: create },
  { ...call, name: 'list ingest jobs', method: 'GET', path: base, handle: list },
  { ...call, name: 'ingest job', method: 'GET', path: `${base}/:id`, handle: status },
  {
    ...call,
    name: 'close or abort ingest job',
    method: 'PATCH',
    path: `${base}/:id`,
    body: 'json',
    handle: changeState,
  },
  { ...call, name: 'delete ingest job', method: 'DELETE', path: `${base}/:id`, handle: remove },
  { ...call, name: 'upload', method: 'PUT', path: `${base}/:id/batches`, body: 'stream', handle: upload },
  {
    ...call,
    name: 'successful rows',
    method: 'GET',
    path: `${base}/:id/successfulResults`,
    handle: results('successfulResults'),
  },
  { ...call, name: 'failed rows', method: 'GET', path: `${base}/:id/failedResults`, handle: results('failedResults') },
  {
    ...call,
    name: 'unprocessed rows',
    method: 'GET',
    path: `${base}/:id/unprocessedrecords`,
    handle: results('unprocessedrecords'),
  },
];
