import { TwinError } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import { loadRows, PlannedFailure } from '../bulk/load.ts';
import { bulkColumns } from '../bulk/queryRoutes.ts';
import { storeText } from '../bulk/storedText.ts';
import type { JobFault } from '../faults/jobFaults.ts';
import { batchRows, wholeText } from './batchRows.ts';
import type { BatchState, ClassicBatch, ClassicJob } from './classicJobs.ts';
import { isQuery } from './classicJobs.ts';
import { chunksOf, type PkChunking } from './pkChunking.ts';
import { queryPieces } from './queryResults.ts';

const isAborted = (job: ClassicJob): boolean => job.state === 'Aborted';

/** What a batch says of a refused query; the form and the words of another object's query are recorded from orgs. */
const queryRefused = (code: string, message: string): TwinError =>
  new TwinError('InvalidBatch', `Failed to process query: ${code}: ${message}`);

const opened = (job: ClassicJob, soql: string, context: TwinContext): ReturnType<typeof bulkColumns> => {
  try {
    return bulkColumns(context, job.session, soql, job.operation === 'queryAll');
  } catch (error) {
    if (!(error instanceof TwinError)) throw error;
    const code = error.errorCode === 'API_ERROR' ? 'FUNCTIONALITY_NOT_ENABLED' : error.errorCode;
    throw queryRefused(code, error.message);
  }
};

const runQuery = async (job: ClassicJob, batch: ClassicBatch, context: TwinContext): Promise<BatchState> => {
  const { cursor, header } = opened(job, await wholeText(batch.request), context);
  if (cursor.entityName !== job.object) {
    throw queryRefused(
      'INVALID_TYPE_FOR_OPERATION',
      `The root entity of the requested query (${cursor.entityName}) does not match the entity of the requested Bulk API Job (${job.object}).`,
    );
  }
  const onRows = (rows: number): void => {
    batch.rows = rows;
  };
  batch.result = await storeText(queryPieces({ cursor, header, schema: context.org.schema, onRows }, job.contentType));
  batch.resultId = context.org.classic.newResultId();
  return 'Completed';
};

/** The batches that a query is split into, which are worked off like others; it is itself not processed then. */
const split = async (
  job: ClassicJob,
  batch: ClassicBatch,
  context: TwinContext,
  chunking: PkChunking,
): Promise<BatchState> => {
  const { session, object } = job;
  const soql = await wholeText(batch.request);
  const statements = chunksOf({ engine: context.org.engine, session, object }, soql, chunking);
  for (const statement of statements) {
    const part = context.org.classic.addBatch(job, await storeText([Buffer.from(statement)]));
    void work(job, part, context, () => runQuery(job, part, context));
  }
  return 'NotProcessed';
};

const runLoad = async (
  job: ClassicJob,
  batch: ClassicBatch,
  context: TwinContext,
  fault: JobFault | undefined,
): Promise<BatchState> => {
  const { engine, schema } = context.org;
  const ports = { engine, schema, clock: context.clock };
  const { operation } = job;
  if (operation === 'query' || operation === 'queryAll') return 'NotProcessed';
  const load = { ...job, operation };
  const rows = batchRows({ request: batch.request, contentType: job.contentType }, load, ports);
  await loadRows(load, rows, batch.outcomes, {
    engine,
    isStopped: () => isAborted(job),
    failure: fault?.failure,
  });
  return 'Completed';
};

const messageOf = (error: unknown): string => {
  if (error instanceof PlannedFailure) return error.message;
  if (!(error instanceof TwinError)) return 'InternalServerError : unknown cause';
  return `${error.errorCode} : ${error.message}`;
};

type Fault = JobFault | undefined;

const work = async (
  job: ClassicJob,
  batch: ClassicBatch,
  context: TwinContext,
  run: (fault: Fault) => Promise<BatchState>,
): Promise<void> => {
  const { session, object, operation } = job;
  const fault = context.jobFaults({ job: isQuery(job) ? 'query' : 'ingest', operation, object, session });
  batch.fault = fault;
  await fault?.released();
  batch.state = isAborted(job) ? 'NotProcessed' : 'InProgress';
  if (isAborted(job)) return;
  try {
    const state = await run(fault);
    batch.state = isAborted(job) ? 'NotProcessed' : state;
  } catch (error) {
    batch.state = 'Failed';
    batch.stateMessage = messageOf(error);
  }
  batch.systemModstamp = context.clock.iso();
  batch.totalProcessingTime = context.clock.now() - batch.startedAt;
};

/** Works one batch off; what fails ends in the batch, never in the caller. */
export const runBatch = (job: ClassicJob, batch: ClassicBatch, context: TwinContext): Promise<void> => {
  if (!isQuery(job)) return work(job, batch, context, (fault) => runLoad(job, batch, context, fault));
  return work(job, batch, context, () =>
    job.chunking === undefined ? runQuery(job, batch, context) : split(job, batch, context, job.chunking),
  );
};
