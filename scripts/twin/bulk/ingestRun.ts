import { StringDecoder } from 'node:string_decoder';
import { TwinError } from '../contract.ts';
import { rowReader } from './columns.ts';
import type { RowReader } from './columns.ts';
import { createCsvReader, DELIMITERS } from './csv.ts';
import type { DelimiterName } from './csv.ts';
import type { IngestJob } from './ingestJobs.ts';
import { loadRows, PlannedFailure } from './load.ts';
import type { Load, LoadGroup, LoadPorts, LoadRow } from './load.ts';
import { nextTurn } from './slices.ts';
import { readText } from './storedText.ts';
import type { StoredText } from './storedText.ts';

export type CsvFile = { readonly upload: StoredText | undefined; readonly columnDelimiter: DelimiterName };

/** Text read at a time: whole blocks would become hundreds of thousands of cells at once. */
const PIECE = 65_536;

/** The records of an upload, header first, a small piece of it at a time. */
export const recordsOf = async function* (file: CsvFile): AsyncGenerator<readonly (readonly string[])[]> {
  // Texts of one byte a character, where the alphabet allows it: half as long as those of TextDecoder.
  const decoder = new StringDecoder('utf8');
  const reader = createCsvReader(DELIMITERS[file.columnDelimiter]);
  if (file.upload === undefined) return;
  for await (const block of readText(file.upload)) {
    for (let at = 0; at < block.length; at += PIECE) {
      yield reader.push(decoder.write(block.subarray(at, at + PIECE)));
    }
  }
  yield reader.push(decoder.end());
  yield reader.end();
};

/** The rows of an upload, as its header says; an empty upload has none. */
export const rowsOf = async function* (file: CsvFile, load: Load, ports: LoadPorts): AsyncGenerator<LoadGroup> {
  if (file.upload === undefined) throw new TwinError('InvalidBatch', 'No file was uploaded');
  let reader: RowReader | undefined;
  for await (const records of recordsOf(file)) {
    const rows: (LoadRow | TwinError)[] = [];
    for (const cells of records) {
      if (reader === undefined) reader = rowReader(cells, load, ports);
      else rows.push(reader.read(cells));
    }
    yield { fields: reader?.fields, rows };
  }
};

const checkLineEnding = async (job: IngestJob): Promise<void> => {
  if (job.upload === undefined) return;
  for await (const block of readText(job.upload)) {
    const lineBreak = block.indexOf(10);
    if (lineBreak >= 0 && (block[lineBreak - 1] === 13) !== (job.lineEnding === 'CRLF')) {
      throw new TwinError(
        'ClientInputError',
        `LineEnding is invalid on user data. Current LineEnding setting is ${job.lineEnding}`,
      );
    }
    return;
  }
};

const isAborted = (job: IngestJob): boolean => job.state === 'Aborted';

const process = async (job: IngestJob, ports: LoadPorts): Promise<void> => {
  await checkLineEnding(job);
  await loadRows(job, rowsOf(job, job, ports), job.outcomes, {
    engine: ports.engine,
    isStopped: () => isAborted(job),
    failure: job.fault?.failure,
  });
};

const messageOf = (error: unknown): string => {
  if (error instanceof PlannedFailure) return error.message;
  const code = error instanceof TwinError ? error.errorCode : 'InternalServerError';
  return `${code} : ${error instanceof Error ? error.message : 'unknown cause'}`;
};

/** Works a closed job off, batch by batch; failures end in the job, never in the caller. */
export const runIngest = async (job: IngestJob, ports: LoadPorts): Promise<void> => {
  job.state = 'UploadComplete';
  job.startedAt = ports.clock.now();
  if (job.fault !== undefined) job.state = 'InProgress';
  await job.fault?.released();
  if (job.state === 'UploadComplete') job.state = 'InProgress';
  await nextTurn();
  try {
    await process(job, ports);
    if (!isAborted(job)) job.state = 'JobComplete';
  } catch (error) {
    job.state = 'Failed';
    job.errorMessage = messageOf(error);
  }
  job.totalProcessingTime = ports.clock.now() - job.startedAt;
  job.systemModstamp = ports.clock.iso();
};
