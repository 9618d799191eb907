import { TwinError } from '../contract.ts';
import type { DataEngine, InputRow, RowResult } from '../contract.ts';
import type { Clock } from '../clock.ts';
import type { WireSchema } from '../context.ts';
import { rowReader } from './columns.ts';
import type { RowReader } from './columns.ts';
import { createCsvReader, DELIMITERS } from './csv.ts';
import type { IngestJob } from './ingestJobs.ts';
import { nextTurn } from './slices.ts';

/** Rows that share one engine transaction, as the platform's trigger batches do. */
const BATCH = 200;

export type IngestPorts = { readonly engine: DataEngine; readonly schema: WireSchema; readonly clock: Clock };

const saveOptions = (externalIdField: string | undefined) => ({
  allOrNone: false,
  ...(externalIdField === undefined ? {} : { externalIdField }),
});

const idOf = (row: InputRow): string => {
  for (const [name, value] of Object.entries(row))
    if (name.toLowerCase() === 'id' && typeof value === 'string') return value;
  return '';
};

const write = (job: IngestJob, engine: DataEngine, rows: readonly InputRow[]): readonly RowResult[] => {
  const { session, object } = job;
  if (job.operation === 'delete') return engine.delete(session, rows.map(idOf), { allOrNone: false });
  if (job.operation === 'hardDelete') return engine.hardDelete(session, object, rows.map(idOf));
  return engine[job.operation](session, object, rows, saveOptions(job.externalIdFieldName));
};

/** `CODE:message:fields --`, as result files write it. */
const errorCell = (result: RowResult): string => {
  const error = result.errors[0];
  if (error === undefined) return 'UNKNOWN_EXCEPTION:no reason was given:--';
  const fields = error.fields.length === 0 ? '' : `${error.fields.join(',')} `;
  return `${error.statusCode}:${error.message}:${fields}--`;
};

const record = (job: IngestJob, results: readonly RowResult[]): void => {
  for (const result of results) {
    if (result.success) job.outcomes.push(`${result.created ? 'C' : 'U'}${result.id ?? ''}`);
    else {
      job.outcomes.push(`E${errorCell(result)}`);
      job.failed += 1;
    }
  }
};

/** The records of an upload, header first, without holding more than one piece of it as text. */
export const recordsOf = function* (job: IngestJob): Generator<readonly (readonly string[])[]> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const reader = createCsvReader(DELIMITERS[job.columnDelimiter]);
  for (const chunk of job.upload ?? []) yield reader.push(decoder.decode(chunk, { stream: true }));
  yield reader.push(decoder.decode());
  yield reader.end();
};

const checkLineEnding = (job: IngestJob): void => {
  const start = Buffer.concat((job.upload ?? []).slice(0, 1)).toString('latin1');
  const lineBreak = start.indexOf('\n');
  if (lineBreak < 0) return;
  if ((start.charAt(lineBreak - 1) === '\r') !== (job.lineEnding === 'CRLF')) {
    throw new TwinError(
      'ClientInputError',
      `LineEnding is invalid on user data. Current LineEnding setting is ${job.lineEnding}`,
    );
  }
};

const isAborted = (job: IngestJob): boolean => job.state === 'Aborted';

const process = async (job: IngestJob, ports: IngestPorts): Promise<void> => {
  checkLineEnding(job);
  let read: RowReader | undefined;
  let batch: InputRow[] = [];
  const flush = async (): Promise<void> => {
    if (batch.length > 0 && !isAborted(job)) record(job, write(job, ports.engine, batch));
    batch = [];
    await nextTurn();
  };
  for (const records of recordsOf(job)) {
    for (const cells of records) {
      if (read === undefined) {
        read = rowReader(cells, job.object, { ...ports, session: job.session });
        continue;
      }
      batch.push(read(cells));
      if (batch.length === BATCH) await flush();
      if (isAborted(job)) return;
    }
  }
  await flush();
};

/** Works a closed job off, batch by batch; failures end in the job, never in the caller. */
export const runIngest = async (job: IngestJob, ports: IngestPorts): Promise<void> => {
  job.state = 'InProgress';
  job.startedAt = ports.clock.now();
  try {
    await process(job, ports);
    if (!isAborted(job)) job.state = 'JobComplete';
  } catch (error) {
    job.state = 'Failed';
    const code = error instanceof TwinError ? error.errorCode : 'InternalServerError';
    job.errorMessage = `${code} : ${error instanceof Error ? error.message : 'unknown cause'}`;
  }
  job.totalProcessingTime = ports.clock.now() - job.startedAt;
  job.systemModstamp = ports.clock.iso();
};
