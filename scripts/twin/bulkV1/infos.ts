import type { ClassicBatch, ClassicJob } from './classicJobs.ts';
import { isQuery } from './classicJobs.ts';

const processed = (job: ClassicJob, batch: ClassicBatch): number => (isQuery(job) ? batch.rows : batch.outcomes.count);

const inState = (job: ClassicJob, ...states: readonly string[]): number =>
  job.batches.filter((batch) => states.includes(batch.state)).length;

const total = (job: ClassicJob, of: (batch: ClassicBatch) => number): number =>
  job.batches.reduce((sum, batch) => sum + of(batch), 0);

/** Source: https://developer.salesforce.com/docs/platform/api-asynch/guide/asynch-api-reference-jobinfo.html */
export const jobInfo = (job: ClassicJob) => ({
  id: job.id,
  operation: job.operation,
  object: job.object,
  createdById: job.session.userId,
  createdDate: job.createdDate,
  systemModstamp: job.systemModstamp,
  state: job.state,
  externalIdFieldName: job.externalIdFieldName,
  concurrencyMode: job.concurrencyMode,
  contentType: job.contentType,
  numberBatchesQueued: inState(job, 'Queued'),
  numberBatchesInProgress: inState(job, 'InProgress'),
  numberBatchesCompleted: inState(job, 'Completed'),
  numberBatchesFailed: inState(job, 'Failed'),
  numberBatchesTotal: job.batches.length,
  numberRecordsProcessed: total(job, (batch) => processed(job, batch)),
  numberRetries: 0,
  apiVersion: `${job.session.apiVersion}.0`,
  numberRecordsFailed: total(job, (batch) => batch.outcomes.failed),
  totalProcessingTime: total(job, (batch) => batch.totalProcessingTime),
  apiActiveProcessingTime: total(job, (batch) => batch.totalProcessingTime),
  apexProcessingTime: 0,
});

/** Source: https://developer.salesforce.com/docs/platform/api-asynch/guide/asynch-api-reference-batchinfo.html */
export const batchInfo = (job: ClassicJob, batch: ClassicBatch) => ({
  id: batch.id,
  jobId: job.id,
  state: batch.state,
  stateMessage: batch.stateMessage,
  createdDate: batch.createdDate,
  systemModstamp: batch.systemModstamp,
  numberRecordsProcessed: processed(job, batch),
  numberRecordsFailed: batch.outcomes.failed,
  totalProcessingTime: batch.totalProcessingTime,
  apiActiveProcessingTime: batch.totalProcessingTime,
  apexProcessingTime: 0,
});
