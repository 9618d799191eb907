import { TwinError } from '../contract.ts';
import type { Session } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import { whileRunning } from '../bulk/slices.ts';
import { readText, storeText } from '../bulk/storedText.ts';
import { content, param } from '../http/exchange.ts';
import type { Answer, Exchange } from '../http/exchange.ts';
import { elements } from '../soap/xml.ts';
import { batchResults } from './batchResults.ts';
import type { ClassicBatch, ClassicJob, ContentType } from './classicJobs.ts';
import { isOver, isQuery } from './classicJobs.ts';
import { batchInfo } from './infos.ts';
import { jobOf } from './jobRoutes.ts';
import { runBatch } from './runBatch.ts';
import { infoAnswer, listAnswer, wantsJson, xmlAnswer } from './wire.ts';

/** Source: https://developer.salesforce.com/docs/platform/api-asynch/guide/asynch-api-concepts-limits.html */
const BATCH_BYTES = 10_000_000;

const TYPES: Readonly<Record<ContentType, string>> = {
  CSV: 'text/csv',
  XML: 'application/xml',
  JSON: 'application/json',
};

const invalidBatch = (why: string): TwinError => new TwinError('InvalidBatch', why);

const requireType = (exchange: Exchange, job: ClassicJob): void => {
  const sent = (exchange.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const isXml = job.contentType === 'XML' && sent === 'text/xml';
  if (sent === '' || sent === TYPES[job.contentType] || isXml || (isQuery(job) && sent === 'text/plain')) return;
  throw invalidBatch(`The content type of the batch (${sent}) is not that of the job (${job.contentType})`);
};

export const addBatch = async (exchange: Exchange, session: Session, context: TwinContext): Promise<Answer> => {
  const job = jobOf(exchange, session, context);
  if (job.state !== 'Open') throw new TwinError('InvalidJobState', `Job is not open: ${job.state}`);
  requireType(exchange, job);
  const request = await storeText(exchange.stream() as AsyncIterable<Buffer>);
  if (request.size > BATCH_BYTES) {
    throw new TwinError('ClientInputError', `Failed to read request. Exceeded max size limit of ${BATCH_BYTES}`);
  }
  if (request.size === 0) throw new TwinError('ClientInputError', 'Unable to find any data to create batch');
  const batch = context.org.classic.addBatch(job, request);
  const queued = batchInfo(job, batch);
  void runBatch(job, batch, context);
  return infoAnswer(exchange, 'batchInfo', queued, 201);
};

const batchOf = (exchange: Exchange, session: Session, context: TwinContext) => {
  const job = jobOf(exchange, session, context);
  const id = param(exchange, 'batch');
  const batch = job.batches.find((one) => one.id.slice(0, 15) === id.slice(0, 15));
  if (batch === undefined) throw invalidBatch(`Invalid batch id: ${id}`);
  return { job, batch };
};

const settled = async (batches: readonly ClassicBatch[]): Promise<void> => {
  // A look counts towards a planned wait; a batch that is held back is answered as it stands.
  const held = batches.filter((batch) => batch.fault?.looked() === true);
  await whileRunning(() => batches.some((batch) => !isOver(batch) && !held.includes(batch)));
};

export const readBatch = async (exchange: Exchange, session: Session, context: TwinContext): Promise<Answer> => {
  const { job, batch } = batchOf(exchange, session, context);
  await settled([batch]);
  return infoAnswer(exchange, 'batchInfo', batchInfo(job, batch));
};

export const listBatches = async (exchange: Exchange, session: Session, context: TwinContext): Promise<Answer> => {
  const job = jobOf(exchange, session, context);
  await settled(job.batches);
  const all = job.batches.map((batch) => batchInfo(job, batch));
  return listAnswer(exchange, 'batchInfoList', 'batchInfo', all);
};

export const readRequest = (exchange: Exchange, session: Session, context: TwinContext): Answer => {
  const { job, batch } = batchOf(exchange, session, context);
  return content(TYPES[job.contentType], readText(batch.request));
};

const requireDone = (batch: ClassicBatch): void => {
  if (!isOver(batch)) throw invalidBatch('Batch not completed');
  // A batch that failed before its first record has no results; the words are the platform's.
  if (batch.state !== 'Completed' && batch.outcomes.count === 0) throw invalidBatch('Records not processed');
};

export const readResults = async (exchange: Exchange, session: Session, context: TwinContext): Promise<Answer> => {
  const { job, batch } = batchOf(exchange, session, context);
  await settled([batch]);
  requireDone(batch);
  if (!isQuery(job)) {
    const results = batchResults(batch.outcomes, job.contentType);
    return content(results.type, results.content);
  }
  const ids = batch.resultId === undefined ? [] : [batch.resultId];
  const isJson = job.contentType === 'JSON' || wantsJson(exchange);
  return isJson ? { status: 200, json: ids } : xmlAnswer(200, 'result-list', elements({ result: ids }));
};

export const readQueryResult = (exchange: Exchange, session: Session, context: TwinContext): Answer => {
  const { job, batch } = batchOf(exchange, session, context);
  const id = param(exchange, 'result');
  if (batch.result === undefined || batch.resultId?.slice(0, 15) !== id.slice(0, 15)) {
    throw invalidBatch(`Invalid result id: ${id}`);
  }
  return content(TYPES[job.contentType], readText(batch.result));
};
