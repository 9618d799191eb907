import { restInstant } from '../rest/shape.ts';
import type { IngestJob } from './ingestJobs.ts';

/** A job as creation, changes and lists answer it. */
export const jobAnswer = (job: IngestJob): Readonly<Record<string, unknown>> => {
  const { apiVersion } = job.session;
  return {
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
    apiVersion,
    jobType: 'V2Ingest',
    lineEnding: job.lineEnding,
    columnDelimiter: job.columnDelimiter,
    ...(job.state === 'Open' ? { contentUrl: `services/data/v${apiVersion}.0/jobs/ingest/${job.id}/batches` } : {}),
    ...(job.errorMessage === undefined ? {} : { errorMessage: job.errorMessage }),
  };
};

/** A job with its figures. */
export const jobDetail = (job: IngestJob): Readonly<Record<string, unknown>> => ({
  ...jobAnswer(job),
  retries: 0,
  totalProcessingTime: job.totalProcessingTime,
  apiActiveProcessingTime: job.totalProcessingTime,
  apexProcessingTime: 0,
  numberRecordsProcessed: job.outcomes.count,
  numberRecordsFailed: job.outcomes.failed,
});
