import type { Readable } from 'node:stream';
import * as z from 'zod';
import { TwinError } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import { parseJson } from '../http/body.ts';
import { content, empty, json, param, signedIn } from '../http/exchange.ts';
import type { Exchange } from '../http/exchange.ts';
import { MultipartBody, requiredPart } from '../http/multipart.ts';
import type { Route } from '../router.ts';
import { jobAnswer, jobDetail } from './ingestAnswers.ts';
import { isFinished } from './ingestJobs.ts';
import type { IngestJob } from './ingestJobs.ts';
import { resultFile } from './ingestResults.ts';
import type { ResultKind } from './ingestResults.ts';
import { runIngest } from './ingestRun.ts';
import { jobList } from './jobList.ts';
import { ingestJobOf, parseRequest } from './jobRequest.ts';
import { whileRunning } from './slices.ts';
import { storeText } from './storedText.ts';

/** Source: https://developer.salesforce.com/docs/platform/api-asynch/guide/create-job.html (multipart: 100,000 characters). */
const MULTIPART_CHARACTERS = 100_000;

const invalidState = (message: string): TwinError => new TwinError('INVALIDJOBSTATE', message);

const run = async (job: IngestJob, context: TwinContext): Promise<void> => {
  const { engine, schema } = context.org;
  const { session, object, operation } = job;
  job.fault = context.jobFaults({ job: 'ingest', operation, object, session });
  void runIngest(job, { engine, schema, clock: context.clock });
  // A job that is held back is not waited for.
  if (job.fault === undefined) await whileRunning(() => !isFinished(job));
};

/** The job and its rows in one request: the job is closed at once. */
const createWhole = async (exchange: Exchange, context: TwinContext, body: MultipartBody) => {
  const session = signedIn(exchange);
  const given = parseJson(requiredPart(body.parts, 'job').bytes.toString('utf8'));
  const { bytes } = requiredPart(body.parts, 'content');
  if (bytes.toString('utf8').length > MULTIPART_CHARACTERS) {
    throw new TwinError('INVALIDJOB', `InvalidJob : The content part has at most ${MULTIPART_CHARACTERS} characters.`);
  }
  const job = context.org.ingest.create(ingestJobOf(context.org.engine, session, given));
  job.uploading = true;
  job.upload = await storeText([bytes]);
  await run(job, context);
  return json({ ...jobAnswer(job), state: 'UploadComplete' });
};

const create: Route['handle'] = (exchange, context) => {
  if (exchange.body instanceof MultipartBody) return createWhole(exchange, context, exchange.body);
  const job = ingestJobOf(context.org.engine, signedIn(exchange), exchange.body);
  return json(jobAnswer(context.org.ingest.create(job)));
};

const jobOf = (exchange: Exchange, context: TwinContext): IngestJob =>
  context.org.ingest.find(signedIn(exchange), param(exchange, 'id'));

const requireCsv = (exchange: Exchange): void => {
  const type = exchange.header('content-type');
  if (type === undefined || /^text\/csv\s*(?:;\s*charset\s*=\s*"?utf-?8"?\s*)?$/i.test(type)) return;
  throw new TwinError('UNSUPPORTED_MEDIA_TYPE', 'Uploads are text/csv in UTF-8.', { status: 415 });
};

const keepUpload = async (job: IngestJob, stream: Readable): Promise<void> => {
  job.uploading = true;
  try {
    job.upload = await storeText(stream as AsyncIterable<Buffer>);
  } catch (error) {
    // Nothing was kept of a broken upload: the client may send it again.
    job.uploading = false;
    throw error;
  }
};

const upload: Route['handle'] = async (exchange, context) => {
  const job = jobOf(exchange, context);
  if (job.state !== 'Open') throw invalidState('Uploading data is only allowed in an open job.');
  requireCsv(exchange);
  if (job.uploading) {
    throw new TwinError(
      'CLIENTINPUTERROR',
      `Found multiple contents for job: ${job.id}, make sure you only do 'PUT' once on a given job.`,
    );
  }
  await keepUpload(job, exchange.stream());
  context.org.ingest.makeRoom();
  return empty(201);
};

/** As the recorded `Aborting already Completed Job not allowed` words it. */
const notAllowed = (verb: string, job: IngestJob): TwinError =>
  invalidState(`${verb} already ${job.state === 'JobComplete' ? 'Completed' : job.state} Job not allowed`);

const changeState: Route['handle'] = async (exchange, context) => {
  const job = jobOf(exchange, context);
  const { state } = parseRequest(z.object({ state: z.enum(['UploadComplete', 'Aborted']) }), exchange.body);
  if (state === 'Aborted') {
    if (isFinished(job)) throw notAllowed('Aborting', job);
    job.state = 'Aborted';
    job.systemModstamp = context.clock.iso();
  } else {
    if (job.state !== 'Open') throw notAllowed('Closing', job);
    await run(job, context);
  }
  return json({ ...jobAnswer(job), state });
};

const status: Route['handle'] = async (exchange, context) => {
  const job = jobOf(exchange, context);
  if (job.fault?.looked() !== true) {
    await whileRunning(() => job.state === 'InProgress' || job.state === 'UploadComplete');
  }
  return json(jobDetail(job));
};

/** Source: https://developer.salesforce.com/docs/platform/api-asynch/guide/delete-job.html (its states). */
const remove: Route['handle'] = (exchange, context) => {
  const job = jobOf(exchange, context);
  if (job.state === 'Open' || job.state === 'InProgress') {
    throw invalidState(`A job that is ${job.state} cannot be deleted; abort it first.`);
  }
  context.org.ingest.remove(job);
  return empty();
};

const results =
  (kind: ResultKind): Route['handle'] =>
  (exchange, context) => {
    const job = jobOf(exchange, context);
    if (!isFinished(job)) throw invalidState('Job is not finished');
    if (job.madeRoom) {
      throw new TwinError('NOT_FOUND', 'The results of this job made room for newer ones.', { status: 404 });
    }
    return content('text/csv', resultFile(job, kind));
  };

const list: Route['handle'] = (exchange, context) => {
  const session = signedIn(exchange);
  const own = context.org.ingest
    .list(session)
    .map((job) => ({ jobType: 'V2Ingest', concurrencyMode: 'Parallel', answer: jobAnswer(job) }));
  return json(jobList(exchange, [...own, ...context.org.classic.listed(session, 'ingest')]));
};

const base = '/services/data/:version/jobs/ingest';
const job = `${base}/:id`;
const call = { auth: 'bearer' } as const;

const resultRoute = (name: string, kind: ResultKind): Route => ({
  ...call,
  name,
  method: 'GET',
  path: `${job}/${kind}`,
  handle: results(kind),
});

export const ingestRoutes: readonly Route[] = [
  { ...call, name: 'create ingest job', method: 'POST', path: base, body: 'entity', handle: create },
  { ...call, name: 'list ingest jobs', method: 'GET', path: base, handle: list },
  { ...call, name: 'ingest job', method: 'GET', path: job, handle: status },
  { ...call, name: 'close or abort ingest job', method: 'PATCH', path: job, body: 'json', handle: changeState },
  { ...call, name: 'delete ingest job', method: 'DELETE', path: job, handle: remove },
  { ...call, name: 'upload', method: 'PUT', path: `${job}/batches`, body: 'stream', handle: upload },
  resultRoute('successful rows', 'successfulResults'),
  resultRoute('failed rows', 'failedResults'),
  resultRoute('unprocessed rows', 'unprocessedrecords'),
];
