import { TwinError } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import { loadRows, PlannedFailure } from '../bulk/load.ts';
import { bulkColumns } from '../bulk/queryRoutes.ts';
import { storeText } from '../bulk/storedText.ts';
import type { JobFault } from '../faults/jobFaults.ts';
import { batchRows, wholeText } from './batchRows.ts';
import type { ClassicBatch, ClassicJob } from './classicJobs.ts';
import { isQuery } from './classicJobs.ts';
import { queryPieces } from './queryResults.ts';

const isAborted = (job: ClassicJob): boolean => job.state === 'Aborted';

const runQuery = async (job: ClassicJob, batch: ClassicBatch, context: TwinContext): Promise<void> => {
  const soql = await wholeText(batch.request);
  const { cursor, header } = bulkColumns(context, job.session, soql, job.operation === 'queryAll');
  if (cursor.entityName !== job.object) {
    throw new TwinError('InvalidBatch', `The query is of ${cursor.entityName}, the job of ${job.object}`);
  }
  const onRows = (rows: number): void => {
    batch.rows = rows;
  };
  batch.result = await storeText(queryPieces({ cursor, header, schema: context.org.schema, onRows }, job.contentType));
  batch.resultId = context.org.classic.newResultId();
};

const runLoad = async (
  job: ClassicJob,
  batch: ClassicBatch,
  context: TwinContext,
  fault: JobFault | undefined,
): Promise<void> => {
  const { engine, schema } = context.org;
  const ports = { engine, schema, clock: context.clock };
  const { operation } = job;
  if (operation === 'query' || operation === 'queryAll') return;
  const load = { ...job, operation };
  const rows = batchRows({ request: batch.request, contentType: job.contentType }, load, ports);
  await loadRows(load, rows, batch.outcomes, {
    engine,
    isStopped: () => isAborted(job),
    failure: fault?.failure,
  });
};

const messageOf = (error: unknown): string => {
  if (error instanceof PlannedFailure) return error.message;
  if (!(error instanceof TwinError)) return 'InternalServerError : unknown cause';
  return `${error.errorCode} : ${error.message}`;
};

/** Works one batch off; what fails ends in the batch, never in the caller. */
export const runBatch = async (job: ClassicJob, batch: ClassicBatch, context: TwinContext): Promise<void> => {
  const { session, object, operation } = job;
  const fault = context.jobFaults({ job: isQuery(job) ? 'query' : 'ingest', operation, object, session });
  batch.fault = fault;
  await fault?.released();
  batch.state = isAborted(job) ? 'NotProcessed' : 'InProgress';
  if (batch.state === 'NotProcessed') return;
  try {
    if (isQuery(job)) await runQuery(job, batch, context);
    else await runLoad(job, batch, context, fault);
    batch.state = isAborted(job) ? 'NotProcessed' : 'Completed';
  } catch (error) {
    batch.state = 'Failed';
    batch.stateMessage = messageOf(error);
  }
  batch.systemModstamp = context.clock.iso();
  batch.totalProcessingTime = context.clock.now() - batch.startedAt;
};
