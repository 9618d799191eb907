import { TwinError } from '../contract.ts';
import type { Session } from '../contract.ts';
import type { Clock } from '../clock.ts';
import type { DelimiterName, LineEndingName } from './csv.ts';

export const OPERATIONS = ['insert', 'update', 'upsert', 'delete', 'hardDelete'] as const;
export type Operation = (typeof OPERATIONS)[number];

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
  /** The upload as it came, decompressed; kept for the result files. Undefined once it had to make room. */
  upload: Buffer[] | undefined;
  uploadedBytes: number;
  /** Per row in file order: `C<id>` created, `U<id>` written, `E<error>` failed. */
  readonly outcomes: string[];
  failed: number;
  startedAt: number;
  totalProcessingTime: number;
};

export type NewIngestJob = Pick<
  IngestJob,
  'session' | 'object' | 'operation' | 'externalIdFieldName' | 'columnDelimiter' | 'lineEnding'
>;

export type IngestJobs = {
  create(job: NewIngestJob): IngestJob;
  find(session: Session, id: string): IngestJob;
  list(session: Session): readonly IngestJob[];
  remove(job: IngestJob): void;
  /** Drops the oldest finished jobs' uploads while all of them exceed the limit. */
  makeRoom(): void;
};

/** Uploads kept for result files, in bytes over all jobs. */
const UPLOADS_KEPT = 536_870_912;
const JOBS_KEPT = 1_000;

export const isFinished = (job: IngestJob): boolean => ['JobComplete', 'Failed', 'Aborted'].includes(job.state);

const find = (jobs: ReadonlyMap<string, IngestJob>, session: Session, id: string): IngestJob => {
  const job = jobs.get(id.slice(0, 15));
  if (job?.session.orgId !== session.orgId || job.session.userId !== session.userId) {
    throw new TwinError('NOT_FOUND', 'The requested resource does not exist', { status: 404 });
  }
  return job;
};

/** @param newId makes ids of key prefix 750. */
export const createIngestJobs = (clock: Clock, newId: () => string): IngestJobs => {
  const jobs = new Map<string, IngestJob>();
  const forgetOldest = (): void => {
    const oldest = [...jobs.entries()].find(([, job]) => isFinished(job))?.[0];
    if (jobs.size > JOBS_KEPT && oldest !== undefined) jobs.delete(oldest);
  };
  return {
    create: (given) => {
      const instant = clock.iso();
      const job: IngestJob = {
        ...given,
        id: newId(),
        createdDate: instant,
        systemModstamp: instant,
        state: 'Open',
        errorMessage: undefined,
        upload: [],
        uploadedBytes: 0,
        outcomes: [],
        failed: 0,
        startedAt: clock.now(),
        totalProcessingTime: 0,
      };
      jobs.set(job.id.slice(0, 15), job);
      forgetOldest();
      return job;
    },
    find: (session, id) => find(jobs, session, id),
    list: (session) => [...jobs.values()].filter((job) => job.session.userId === session.userId),
    remove: (job) => {
      jobs.delete(job.id.slice(0, 15));
    },
    makeRoom: () => {
      let total = [...jobs.values()].reduce((sum, job) => sum + (job.upload === undefined ? 0 : job.uploadedBytes), 0);
      for (const job of jobs.values()) {
        if (total <= UPLOADS_KEPT) return;
        if (!isFinished(job) || job.upload === undefined) continue;
        total -= job.uploadedBytes;
        job.upload = undefined;
      }
    },
  };
};
