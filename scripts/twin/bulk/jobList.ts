import { TwinError } from '../contract.ts';
import type { Exchange } from '../http/exchange.ts';

/** A job as lists filter it. */
export type ListedJob = {
  readonly jobType: string;
  readonly concurrencyMode: string;
  /** Its queries are split by primary key. */
  readonly chunked?: boolean;
  readonly answer: Readonly<Record<string, unknown>>;
};

/** Source: https://developer.salesforce.com/docs/platform/api-asynch/guide/get-all-jobs.html */
const JOBS_PER_PAGE = 1_000;
const JOB_TYPES = ['BigObjectIngest', 'Classic', 'V2Ingest', 'V2Query'];

const startOf = (locator: string | null): number => {
  if (locator === null) return 0;
  const start = Number(Buffer.from(locator, 'base64url').toString('latin1'));
  if (!Number.isInteger(start) || start < 0)
    throw new TwinError('INVALID_QUERY_LOCATOR', 'The queryLocator is not valid.');
  return start;
};

const jobTypeOf = (query: URLSearchParams): string | undefined => {
  const wanted = query.get('jobType');
  if (wanted === null || JOB_TYPES.includes(wanted)) return wanted ?? undefined;
  throw new TwinError('INVALID_ARGUMENT', `jobType must be one of ${JOB_TYPES.join(', ')}.`);
};

/** The jobs the filters `jobType`, `concurrencyMode` and `isPkChunkingEnabled` leave, 1,000 a page. */
export const jobList = (exchange: Exchange, jobs: readonly ListedJob[]): Readonly<Record<string, unknown>> => {
  const { query, path } = exchange;
  const type = jobTypeOf(query);
  const mode = query.get('concurrencyMode')?.toLowerCase();
  const chunkedOnly = query.get('isPkChunkingEnabled')?.toLowerCase() === 'true';
  const chosen = jobs.filter(
    (job) =>
      (!chunkedOnly || job.chunked === true) &&
      (type === undefined || job.jobType === type) &&
      (mode === undefined || job.concurrencyMode.toLowerCase() === mode),
  );
  const start = startOf(query.get('queryLocator'));
  const end = start + JOBS_PER_PAGE;
  const done = end >= chosen.length;
  const next = new URLSearchParams(query);
  next.set('queryLocator', Buffer.from(String(end)).toString('base64url'));
  return {
    done,
    nextRecordsUrl: done ? null : `${path}?${next.toString()}`,
    records: chosen.slice(start, end).map(({ answer }) => answer),
  };
};
