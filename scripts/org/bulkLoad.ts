import type { Channel } from './channel.ts';
import { bulkJob, jobEnd, jobFailure } from './bulkQuery.ts';
import type { BulkJob } from './bulkQuery.ts';
import { bulkRows } from './bulkRows.ts';
import type { BulkRows } from './bulkRows.ts';
import { csvRecords, decodeUtf8, parseCsv } from './csv.ts';
import { cleanCode, fieldNamesOf, readAs } from './orgProblems.ts';
import { parseRecordId } from '../kernel/recordId.ts';
import type { OrgRow, WriteOutcome } from './port.ts';

export type BulkOperation = 'insert' | 'update' | 'upsert' | 'delete' | 'hardDelete';
export type BulkTask = {
  readonly object: string;
  readonly operation: BulkOperation;
  readonly externalIdField?: string;
};
export type BulkOutcome = WriteOutcome & { readonly row: Readonly<Record<string, string>> };

/** `CODE:text:Field1, Field2 --`: the code and the field names; the text between them stays out. */
export const bulkError = (cell: string): WriteOutcome['errors'][number] => ({
  code: cleanCode(cell.split(':')[0]?.trim()),
  fields: fieldNamesOf((/:([^:]*?)\s*--\s*$/.exec(cell)?.[1] ?? '').split(',').map((name) => name.trim())),
});

const inputOf = (record: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(record).filter(([name]) => !name.startsWith('sf__')));

type ResultKind = 'successfulResults' | 'failedResults' | 'unprocessedrecords';

const outcomeOf = (kind: ResultKind, record: Readonly<Record<string, string>>): BulkOutcome => {
  const base = { id: parseRecordId(record['sf__Id'] ?? '') ?? null, row: inputOf(record) };
  if (kind === 'successfulResults') {
    return { ...base, success: true, created: record['sf__Created'] === 'true', errors: [] };
  }
  const errors =
    kind === 'failedResults' ? [bulkError(record['sf__Error'] ?? '')] : [{ code: 'NOT_PROCESSED', fields: [] }];
  return { ...base, success: false, created: false, errors };
};

/** Rows of one of a job's result files. */
export const ingestResults = async function* (
  channel: Channel,
  path: string,
  kind: ResultKind,
): AsyncGenerator<BulkOutcome> {
  const answer = await channel.send({ method: 'GET', path: `${path}/${kind}`, headers: { accept: 'text/csv' } });
  for await (const record of csvRecords(parseCsv(decodeUtf8(answer.body)))) yield outcomeOf(kind, record);
};

export const createIngestJob = async (channel: Channel, task: BulkTask): Promise<BulkJob> => {
  const body = JSON.stringify({
    object: task.object,
    operation: task.operation,
    contentType: 'CSV',
    lineEnding: 'LF',
    columnDelimiter: 'COMMA',
    ...(task.externalIdField === undefined ? {} : { externalIdFieldName: task.externalIdField }),
  });
  // an open job without data does nothing: it may be made again
  const made = await channel.json({ method: 'POST', path: '/jobs/ingest', body, repeatable: true });
  return readAs(bulkJob, made, 'bulk job');
};

export const setIngestState = (channel: Channel, path: string, state: 'UploadComplete' | 'Aborted'): Promise<unknown> =>
  channel.json({ method: 'PATCH', path, body: JSON.stringify({ state }) });

export const uploadRows = async (channel: Channel, path: string, rows: BulkRows): Promise<void> => {
  try {
    await channel.send({
      method: 'PUT',
      path: `${path}/batches`,
      headers: { 'content-type': 'text/csv; charset=UTF-8' },
      body: rows.part(),
    });
  } catch (error) {
    // nothing was processed yet; the abort frees the job, and what matters to tell is the first error
    await Promise.allSettled([setIngestState(channel, path, 'Aborted')]);
    throw error;
  }
};

const loadPart = async function* (channel: Channel, task: BulkTask, rows: BulkRows): AsyncGenerator<BulkOutcome> {
  const { id } = await createIngestJob(channel, task);
  const path = `/jobs/ingest/${id}`;
  await uploadRows(channel, path, rows);
  await setIngestState(channel, path, 'UploadComplete');
  const ended = await jobEnd(channel, path);
  for (const kind of ['successfulResults', 'failedResults', 'unprocessedrecords'] as const) {
    yield* ingestResults(channel, path, kind);
  }
  // the job keeps what was uploaded for days: a copy of personal data nobody needs
  await channel.json({ method: 'DELETE', path, repeatable: true });
  if (ended.state !== 'JobComplete') throw jobFailure(ended);
};

/**
 * Loads any number of rows by Bulk API 2.0 jobs of up to 95 MB (the platform takes 100 MB before encoding), streamed in
 * and out. All rows have the first row's columns; `null` and `''` empty a field, a missing member leaves it alone.
 * https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/upload_job_data.htm
 */
export const bulkLoadRows = async function* (
  channel: Channel,
  task: BulkTask,
  source: AsyncIterable<OrgRow> | Iterable<OrgRow>,
): AsyncGenerator<BulkOutcome> {
  const rows = bulkRows(source);
  try {
    while (await rows.hasMore()) yield* loadPart(channel, task, rows);
  } finally {
    await rows.close();
  }
};
