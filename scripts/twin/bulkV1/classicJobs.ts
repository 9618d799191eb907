import type { Session } from '../contract.ts';
import type { Clock } from '../clock.ts';
import type { ListedJob } from '../bulk/jobList.ts';
import { createJobShelf } from '../bulk/jobShelf.ts';
import type { JobShelf } from '../bulk/jobShelf.ts';
import type { Operation } from '../bulk/load.ts';
import type { Outcomes } from '../bulk/outcomes.ts';
import type { StoredText } from '../bulk/storedText.ts';
import type { JobFault } from '../faults/jobFaults.ts';
import { restInstant } from '../rest/shape.ts';
import type { PkChunking } from './pkChunking.ts';

export type ContentType = 'CSV' | 'XML' | 'JSON';
export type JobState = 'Open' | 'Closed' | 'Aborted' | 'Failed';
export type BatchState = 'Queued' | 'InProgress' | 'Completed' | 'Failed' | 'NotProcessed';

export const QUERY_OPERATIONS = ['query', 'queryAll'] as const;
export type ClassicOperation = Operation | (typeof QUERY_OPERATIONS)[number];

/** One batch: rows to write, or a statement to answer. */
export type ClassicBatch = {
  readonly id: string;
  readonly jobId: string;
  readonly createdDate: string;
  systemModstamp: string;
  state: BatchState;
  stateMessage: string | undefined;
  /** As it was sent. */
  readonly request: StoredText;
  readonly outcomes: Outcomes;
  /** What is planned to go wrong with it. */
  fault: JobFault | undefined;
  /** Of a query: its single result and rows, in the job's content type. */
  resultId: string | undefined;
  result: StoredText | undefined;
  rows: number;
  startedAt: number;
  totalProcessingTime: number;
};

export type ClassicJob = {
  readonly id: string;
  readonly session: Session;
  readonly operation: ClassicOperation;
  readonly object: string;
  readonly externalIdFieldName: string | undefined;
  readonly concurrencyMode: 'Parallel' | 'Serial';
  readonly contentType: ContentType;
  /** Of a query whose batches are split by ids. */
  readonly chunking: PkChunking | undefined;
  readonly createdDate: string;
  systemModstamp: string;
  state: JobState;
  readonly batches: ClassicBatch[];
};

export type NewClassicJob = Pick<
  ClassicJob,
  'session' | 'operation' | 'object' | 'externalIdFieldName' | 'concurrencyMode' | 'contentType' | 'chunking'
>;

export type ClassicJobs = JobShelf<ClassicJob> & {
  create(job: NewClassicJob): ClassicJob;
  addBatch(job: ClassicJob, request: StoredText): ClassicBatch;
  newResultId(): string;
  /** For the lists of Bulk 2.0, which show these jobs as `Classic`. */
  listed(session: Session, which: 'ingest' | 'all'): readonly ListedJob[];
};

export const isQuery = (job: { readonly operation: ClassicOperation }): boolean =>
  job.operation === 'query' || job.operation === 'queryAll';

export const isOver = (batch: ClassicBatch): boolean => batch.state !== 'Queued' && batch.state !== 'InProgress';

const listedJob = (job: ClassicJob): ListedJob => ({
  jobType: 'Classic',
  concurrencyMode: job.concurrencyMode,
  chunked: job.chunking !== undefined,
  answer: {
    id: job.id,
    operation: job.operation,
    object: job.object,
    createdById: job.session.userId,
    createdDate: restInstant(job.createdDate),
    systemModstamp: restInstant(job.systemModstamp),
    state: job.state,
    concurrencyMode: job.concurrencyMode,
    contentType: job.contentType,
    apiVersion: job.session.apiVersion,
    jobType: 'Classic',
  },
});

type Mint = (prefix: string) => string;

const newBatch = (jobId: string, request: StoredText, given: { id: string; clock: Clock; outcomes: Outcomes }) => {
  const instant = given.clock.iso();
  const batch: ClassicBatch = {
    id: given.id,
    jobId,
    createdDate: instant,
    systemModstamp: instant,
    state: 'Queued',
    stateMessage: undefined,
    request,
    outcomes: given.outcomes,
    fault: undefined,
    resultId: undefined,
    result: undefined,
    rows: 0,
    startedAt: given.clock.now(),
    totalProcessingTime: 0,
  };
  return batch;
};

/** Key prefixes: 750 jobs, 751 batches, 752 results. */
export const createClassicJobs = (clock: Clock, mint: Mint, newOutcomes: () => Outcomes): ClassicJobs => {
  const shelf = createJobShelf<ClassicJob>(clock, (job) => job.state !== 'Open' && job.batches.every(isOver));
  return {
    ...shelf,
    create: (given) => {
      const instant = clock.iso();
      const job: ClassicJob = {
        ...given,
        id: mint('750'),
        createdDate: instant,
        systemModstamp: instant,
        state: 'Open',
        batches: [],
      };
      shelf.add(job);
      return job;
    },
    addBatch: (job, request) => {
      const batch = newBatch(job.id, request, { id: mint('751'), clock, outcomes: newOutcomes() });
      job.batches.push(batch);
      return batch;
    },
    newResultId: () => mint('752'),
    listed: (session, which) =>
      shelf
        .list(session)
        .filter((job) => which === 'all' || !isQuery(job))
        .map(listedJob),
  };
};
