import type { Session } from '../contract.ts';
import type { Clock } from '../clock.ts';
import type { DelimiterName, LineEndingName } from './csv.ts';
import { createJobShelf } from './jobShelf.ts';
import type { JobShelf } from './jobShelf.ts';
import type { Operation } from './load.ts';
import { Outcomes } from './outcomes.ts';
import type { StoredText } from './storedText.ts';
import type { JobFault } from '../faults/jobFaults.ts';

export type IngestState = 'Open' | 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Failed' | 'Aborted';

export type IngestJob = {
  readonly id: string;
  readonly session: Session;
  readonly object: string;
  readonly operation: Operation;
  readonly externalIdFieldName: string | undefined;
  readonly columnDelimiter: DelimiterName;
  readonly lineEnding: LineEndingName;
  readonly createdDate: string;
  systemModstamp: string;
  state: IngestState;
  errorMessage: string | undefined;
  /** What was uploaded; kept for the result files, gone once it had to make room. */
  upload: StoredText | undefined;
  /** An upload has begun: a job takes one. */
  uploading: boolean;
  madeRoom: boolean;
  /** What is planned to go wrong with it. */
  fault: JobFault | undefined;
  /** Per row in file order. */
  readonly outcomes: Outcomes;
  startedAt: number;
  totalProcessingTime: number;
};

export type NewIngestJob = Pick<
  IngestJob,
  'session' | 'object' | 'operation' | 'externalIdFieldName' | 'columnDelimiter' | 'lineEnding'
>;

export type IngestJobs = JobShelf<IngestJob> & {
  create(job: NewIngestJob): IngestJob;
  /** Drops the oldest finished jobs' uploads while all of them exceed the limit. */
  makeRoom(): void;
};

/** Uploads kept for result files, in packed bytes over all jobs. */
const UPLOADS_KEPT = 268_435_456;

export const isFinished = (job: { readonly state: string }): boolean =>
  ['JobComplete', 'Failed', 'Aborted'].includes(job.state);

const makeRoom = (jobs: Iterable<IngestJob>): void => {
  const all = [...jobs];
  let total = all.reduce((sum, job) => sum + (job.upload?.held ?? 0), 0);
  for (const job of all) {
    if (total <= UPLOADS_KEPT) return;
    if (!isFinished(job) || job.upload === undefined) continue;
    total -= job.upload.held;
    job.upload = undefined;
    job.madeRoom = true;
  }
};

/** @param newId makes ids of key prefix 750. */
export const createIngestJobs = (clock: Clock, newId: () => string): IngestJobs => {
  const shelf = createJobShelf<IngestJob>(clock, isFinished);
  return {
    ...shelf,
    create: (given) => {
      const instant = clock.iso();
      const job: IngestJob = {
        ...given,
        id: newId(),
        createdDate: instant,
        systemModstamp: instant,
        state: 'Open',
        errorMessage: undefined,
        upload: undefined,
        uploading: false,
        madeRoom: false,
        fault: undefined,
        outcomes: new Outcomes(),
        startedAt: clock.now(),
        totalProcessingTime: 0,
      };
      shelf.add(job);
      return job;
    },
    makeRoom: () => makeRoom(shelf.all()),
  };
};
