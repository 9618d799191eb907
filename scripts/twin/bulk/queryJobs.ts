import { TwinError } from '../contract.ts';
import type { CsvBlock, QueryCursor, QueryRow, Session } from '../contract.ts';
import type { Clock } from '../clock.ts';
import { isObject } from '../http/exchange.ts';
import { csvLine, DELIMITERS, LINE_ENDINGS } from './csv.ts';
import type { DelimiterName, LineEndingName } from './csv.ts';
import type { JobFault } from '../faults/jobFaults.ts';
import { createJobShelf } from './jobShelf.ts';
import type { JobShelf } from './jobShelf.ts';
import { PlannedFailure } from './load.ts';
import { notInBulk } from './queryChecks.ts';
import { nextTurn } from './slices.ts';
import { packed, unpacked } from './storedText.ts';

export type QueryJobState = 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Failed' | 'Aborted';

/** Result rows, packed: a query's whole answer is kept for its pages. */
type Block = { readonly rows: number; readonly size: number; readonly held: Promise<Buffer> };

export type QueryJob = {
  readonly id: string;
  readonly session: Session;
  readonly operation: 'query' | 'queryAll';
  readonly object: string;
  readonly columnDelimiter: DelimiterName;
  readonly lineEnding: LineEndingName;
  readonly createdDate: string;
  /** Paths of the result columns. */
  readonly header: readonly string[];
  systemModstamp: string;
  state: QueryJobState;
  errorMessage: string | undefined;
  /** What is planned to go wrong with it. */
  readonly fault: JobFault | undefined;
  blocks: Block[];
  rows: number;
  /** Milliseconds from start to end. */
  totalProcessingTime: number;
};

export type NewQueryJob = Pick<
  QueryJob,
  'session' | 'operation' | 'columnDelimiter' | 'lineEnding' | 'header' | 'fault'
>;

export type QueryJobs = JobShelf<QueryJob> & { start(job: NewQueryJob, cursor: QueryCursor): QueryJob };

const ROWS_PER_BLOCK = 1_000;
/** Blocks that may wait to be packed, so that a fast query does not fill the memory with text. */
const BLOCKS_WAITING = 16;

const cellOf = (row: QueryRow, path: readonly string[]): string => {
  let value: unknown = row;
  for (const name of path) value = isObject(value) ? value[name] : undefined;
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw notInBulk('Selecting compound data');
};

type Format = { readonly delimiter: string; readonly ending: string };

/** For values that are more than a stored one: the rows as objects. */
function* shapedBlocks(
  rows: Iterable<QueryRow>,
  header: readonly string[],
  { delimiter, ending }: Format,
): Generator<CsvBlock> {
  const paths = header.map((path) => path.split('.'));
  let lines: string[] = [];
  for (const row of rows) {
    const cells = paths.map((path) => cellOf(row, path));
    lines.push(csvLine(cells, delimiter, ending));
    if (lines.length < ROWS_PER_BLOCK) continue;
    yield { rows: lines.length, bytes: Buffer.from(lines.join('')) };
    lines = [];
  }
  if (lines.length > 0) yield { rows: lines.length, bytes: Buffer.from(lines.join('')) };
}

/** A query's rows as CSV lines, cells in the order of the header. */
export const csvBlocks = (cursor: QueryCursor, header: readonly string[], format: Format): Iterable<CsvBlock> =>
  cursor.csv?.(format, header) ?? shapedBlocks(cursor.rows, header, format);

const formatOf = (job: QueryJob): Format => ({
  delimiter: DELIMITERS[job.columnDelimiter],
  ending: LINE_ENDINGS[job.lineEnding],
});

const isAborted = (job: QueryJob): boolean => job.state === 'Aborted';

const keepBlocks = async (job: QueryJob, blocks: Iterable<CsvBlock>): Promise<void> => {
  for (const { rows, bytes } of blocks) {
    job.blocks.push({ rows, size: bytes.length, held: packed(bytes) });
    job.rows += rows;
    await job.blocks.at(-BLOCKS_WAITING)?.held;
    await nextTurn();
    if (isAborted(job)) return;
    const failure = job.fault?.failure;
    if (failure !== undefined && job.rows >= failure.afterRows) throw new PlannedFailure(failure.message);
  }
  await Promise.all(job.blocks.slice(-BLOCKS_WAITING).map(({ held }) => held));
};

const messageOf = (error: unknown): string => {
  if (error instanceof PlannedFailure) return error.message;
  return error instanceof TwinError ? `${error.errorCode}: ${error.message}` : 'InternalServerError';
};

const run = async (job: QueryJob, cursor: QueryCursor, clock: Clock): Promise<void> => {
  await job.fault?.released();
  if (isAborted(job)) return;
  job.state = 'InProgress';
  try {
    await keepBlocks(job, csvBlocks(cursor, job.header, formatOf(job)));
    if (!isAborted(job)) job.state = 'JobComplete';
  } catch (error) {
    job.state = 'Failed';
    job.errorMessage = messageOf(error);
  }
  job.systemModstamp = clock.iso();
  job.totalProcessingTime = Date.parse(job.systemModstamp) - Date.parse(job.createdDate);
};

/** Where the n-th line of a text in UTF-8 begins: line breaks inside quotes do not count. */
const startOfLine = (text: Uint8Array, line: number): number => {
  let seen = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    if (seen === line) return at;
    const code = text[at];
    if (code === 34) quoted = !quoted;
    else if (code === 10 && !quoted) seen += 1;
  }
  return text.length;
};

/** Result lines `from` (inclusive) to `to` (exclusive), block by block, header first. */
export const resultLines = async function* (
  job: QueryJob,
  from: number,
  to: number,
): AsyncGenerator<string | Uint8Array> {
  const { delimiter, ending } = formatOf(job);
  yield csvLine(job.header, delimiter, ending);
  let start = 0;
  for (const block of job.blocks) {
    const end = start + block.rows;
    if (end > from && start < to) {
      const text = await unpacked(await block.held, block.size);
      const first = from <= start ? 0 : startOfLine(text, from - start);
      yield text.subarray(first, to >= end ? undefined : startOfLine(text, to - start));
    }
    start = end;
  }
};

/** @param newId makes ids of key prefix 750. */
export const createQueryJobs = (clock: Clock, newId: () => string): QueryJobs => {
  const shelf = createJobShelf<QueryJob>(clock, (job) => job.state !== 'InProgress' && job.state !== 'UploadComplete');
  return {
    ...shelf,
    start: (given, cursor) => {
      const instant = clock.iso();
      const job: QueryJob = {
        ...given,
        id: newId(),
        object: cursor.entityName,
        createdDate: instant,
        systemModstamp: instant,
        state: 'UploadComplete',
        errorMessage: undefined,
        blocks: [],
        rows: 0,
        totalProcessingTime: 0,
      };
      shelf.add(job);
      void run(job, cursor, clock);
      return job;
    },
  };
};
