import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { TwinError } from '../contract.ts';
import type { QueryColumn, QueryCursor, QueryRow, Session } from '../contract.ts';
import type { Clock } from '../clock.ts';
import { isObject } from '../http/exchange.ts';
import { csvLine, DELIMITERS, LINE_ENDINGS } from './csv.ts';
import type { DelimiterName, LineEndingName } from './csv.ts';
import { nextTurn } from './slices.ts';

export type QueryJobState = 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Failed' | 'Aborted';

/** Result rows, packed: a query's whole answer is kept for its pages. */
type Block = { readonly rows: number; readonly packed: Buffer; readonly ends: Uint32Array };

export type QueryJob = {
  readonly id: string;
  readonly session: Session;
  readonly operation: 'query' | 'queryAll';
  readonly object: string;
  readonly columnDelimiter: DelimiterName;
  readonly lineEnding: LineEndingName;
  readonly createdDate: string;
  readonly header: readonly string[];
  systemModstamp: string;
  state: QueryJobState;
  errorMessage: string | undefined;
  blocks: Block[];
  rows: number;
  /** Milliseconds from start to end. */
  totalProcessingTime: number;
};

export type NewQueryJob = Pick<QueryJob, 'session' | 'operation' | 'columnDelimiter' | 'lineEnding'>;

export type QueryJobs = {
  start(job: NewQueryJob, cursor: QueryCursor): QueryJob;
  find(session: Session, id: string): QueryJob;
  list(session: Session): readonly QueryJob[];
  remove(job: QueryJob): void;
};

const ROWS_PER_BLOCK = 1_000;
const JOBS_KEPT = 200;

type Path = readonly string[];

const pathsOf = (columns: readonly QueryColumn[], above: Path = []): readonly Path[] =>
  columns.flatMap((column) => {
    const path = [...above, column.columnName];
    if (column.aggregate) {
      throw new TwinError('FEATURENOTENABLED', 'Aggregate Relationships not supported in Bulk Query');
    }
    if (column.joinColumns.length === 0) return [path];
    return pathsOf(column.joinColumns, path);
  });

const cellOf = (row: QueryRow, path: Path): string => {
  let value: unknown = row;
  for (const name of path) value = isObject(value) ? value[name] : undefined;
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new TwinError('FEATURENOTENABLED', 'Selecting compound data not supported in Bulk Query');
};

const pack = (lines: readonly string[]): Block => {
  const ends = new Uint32Array(lines.length);
  let at = 0;
  for (const [i, line] of lines.entries()) ends[i] = at += line.length;
  return { rows: lines.length, packed: deflateRawSync(Buffer.from(lines.join('')), { level: 1 }), ends };
};

const run = async (job: QueryJob, rows: Iterable<QueryRow>, paths: readonly Path[], clock: Clock): Promise<void> => {
  const delimiter = DELIMITERS[job.columnDelimiter];
  const ending = LINE_ENDINGS[job.lineEnding];
  let lines: string[] = [];
  const flush = (): void => {
    if (lines.length > 0) job.blocks.push(pack(lines));
    job.rows += lines.length;
    lines = [];
  };
  job.state = 'InProgress';
  try {
    for (const row of rows) {
      lines.push(
        csvLine(
          paths.map((path) => cellOf(row, path)),
          delimiter,
          ending,
        ),
      );
      if (lines.length < ROWS_PER_BLOCK) continue;
      flush();
      await nextTurn();
      if (isAborted(job)) return;
    }
    flush();
    job.state = 'JobComplete';
  } catch (error) {
    job.state = 'Failed';
    job.errorMessage = error instanceof TwinError ? `${error.errorCode}: ${error.message}` : 'InternalServerError';
  }
  job.systemModstamp = clock.iso();
  job.totalProcessingTime = Date.parse(job.systemModstamp) - Date.parse(job.createdDate);
};

const isAborted = (job: QueryJob): boolean => job.state === 'Aborted';

/** Result lines `from` (inclusive) to `to` (exclusive), block by block. */
export const resultLines = async function* (job: QueryJob, from: number, to: number): AsyncGenerator<string> {
  yield csvLine(job.header, DELIMITERS[job.columnDelimiter], LINE_ENDINGS[job.lineEnding]);
  let start = 0;
  for (const block of job.blocks) {
    const end = start + block.rows;
    if (end > from && start < to) {
      const text = inflateRawSync(block.packed).toString('utf8');
      const first = from <= start ? 0 : (block.ends[from - start - 1] ?? 0);
      yield text.slice(first, to >= end ? undefined : block.ends[to - start - 1]);
      await nextTurn();
    }
    start = end;
  }
};

/** @param newId makes ids of key prefix 750. */
export const createQueryJobs = (clock: Clock, newId: () => string): QueryJobs => {
  const jobs = new Map<string, QueryJob>();
  return {
    start: (given, cursor) => {
      if (cursor.isAggregate)
        throw new TwinError('FEATURENOTENABLED', 'Aggregate queries are not supported in Bulk Query');
      const paths = pathsOf(cursor.columns);
      const instant = clock.iso();
      const job: QueryJob = {
        ...given,
        id: newId(),
        object: cursor.entityName,
        header: paths.map((path) => path.join('.')),
        createdDate: instant,
        systemModstamp: instant,
        state: 'UploadComplete',
        errorMessage: undefined,
        blocks: [],
        rows: 0,
        totalProcessingTime: 0,
      };
      jobs.set(job.id.slice(0, 15), job);
      const oldest = jobs.keys().next().value;
      if (jobs.size > JOBS_KEPT && oldest !== undefined) jobs.delete(oldest);
      void run(job, cursor.rows, paths, clock);
      return job;
    },
    find: (session, id) => {
      const job = jobs.get(id.slice(0, 15));
      if (job?.session.userId !== session.userId) {
        throw new TwinError('NOT_FOUND', 'The requested resource does not exist', { status: 404 });
      }
      return job;
    },
    list: (session) => [...jobs.values()].filter((job) => job.session.userId === session.userId),
    remove: (job) => {
      jobs.delete(job.id.slice(0, 15));
    },
  };
};
