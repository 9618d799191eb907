import { z } from 'zod';
import type { Channel } from './channel.ts';
import { decodeUtf8, parseCsv } from './csv.ts';
import type { Describing } from './describe.ts';
import { cleanCode, orgError, readAs } from './orgProblems.ts';
import type { OrgRow } from './port.ts';
import { columnsOf, rowOf } from './typedValues.ts';

/** Rows a page: each page is one API call and is streamed, so that its size costs no memory. */
const PAGE_ROWS = 50_000;

const job = z.object({
  id: z.string(),
  object: z.string().optional(),
  state: z.enum(['Open', 'UploadComplete', 'InProgress', 'Aborted', 'JobComplete', 'Failed']),
  errorMessage: z.string().nullable().optional(),
});
export type BulkJob = z.infer<typeof job>;
export const bulkJob = job;

/** `InvalidBatch : Field name not found : X`: the part before the first colon is the code, the rest may be data. */
export const jobFailure = (failed: BulkJob): Error =>
  orgError([{ code: cleanCode((failed.errorMessage ?? '').split(':')[0]?.trim()), subject: failed.object ?? 'job' }]);

/** Asks until the job has ended; a job that did not end well is the caller's to judge. */
export const jobEnd = (channel: Channel, path: string): Promise<BulkJob> =>
  channel.patience.until(async () => {
    const state = readAs(job, await channel.json({ method: 'GET', path }), 'bulk job');
    return ['JobComplete', 'Failed', 'Aborted'].includes(state.state) ? state : undefined;
  });

type PageReading = { readonly channel: Channel; readonly describing: Describing; readonly job: BulkJob };

const pageRows = async function* (
  { channel, describing, job: { id, object } }: PageReading,
  locator: string | undefined,
): AsyncGenerator<OrgRow, string | undefined> {
  const from = locator === undefined ? '' : `&locator=${encodeURIComponent(locator)}`;
  const answer = await channel.send({
    method: 'GET',
    path: `/jobs/query/${id}/results?maxRecords=${PAGE_ROWS}${from}`,
    headers: { accept: 'text/csv' },
  });
  let columns: Awaited<ReturnType<typeof columnsOf>> | undefined;
  for await (const cells of parseCsv(decodeUtf8(answer.body))) {
    if (columns === undefined) columns = await columnsOf(describing.describe, object ?? '', cells);
    else yield rowOf(columns, cells);
  }
  const next = answer.header('sforce-locator');
  return next === null || next === 'null' ? undefined : next;
};

/**
 * Rows of a Bulk API 2.0 query job, streamed page by page; the job and its stored results are deleted at the end, since
 * they are a copy of personal data. A connection that breaks inside a page ends the reading with an error: no row is
 * handed out twice and none is left out in silence.
 */
export const bulkQueryRows = async function* (
  channel: Channel,
  describing: Describing,
  soql: string,
  deletedToo: boolean,
): AsyncGenerator<OrgRow> {
  const operation = deletedToo ? 'queryAll' : 'query';
  const body = JSON.stringify({ operation, query: soql });
  // a query job that was made and whose answer got lost does nothing: it may be made again
  const created = readAs(
    job,
    await channel.json({ method: 'POST', path: '/jobs/query', body, repeatable: true }),
    'bulk job',
  );
  const path = `/jobs/query/${created.id}`;
  const ended = await jobEnd(channel, path);
  try {
    if (ended.state !== 'JobComplete') throw jobFailure(ended);
    let locator: string | undefined;
    do locator = yield* pageRows({ channel, describing, job: { ...created, ...ended } }, locator);
    while (locator !== undefined);
  } finally {
    await channel.json({ method: 'DELETE', path, repeatable: true });
  }
};
