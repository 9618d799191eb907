import { z } from 'zod';
import { createIngestJob, ingestResults, setIngestState, uploadRows } from './bulkLoad.ts';
import { bulkRows } from './bulkRows.ts';
import type { Channel } from './channel.ts';
import { cleanCode, namedOrgError, OrgError, readAs } from './orgProblems.ts';
import type { IngestJobs, IngestState } from './port.ts';

const detail = z.object({
  id: z.string(),
  object: z.string(),
  operation: z.string(),
  state: z.enum(['Open', 'UploadComplete', 'InProgress', 'Aborted', 'JobComplete', 'Failed']),
  createdById: z.string(),
  numberRecordsProcessed: z.number().optional(),
  numberRecordsFailed: z.number().optional(),
  errorMessage: z.string().nullable().optional(),
});

const list = z.object({ records: z.array(detail), nextRecordsUrl: z.string().nullable().optional() });

const stateOf = (job: z.infer<typeof detail>): IngestState => {
  const { id, object, operation, state, createdById } = job;
  // `InvalidBatch : Field name not found : X`: what stands before the first colon is the code, the rest may be data.
  const message = job.errorMessage ?? '';
  return {
    ...{ id, object, operation, state, createdById },
    processed: job.numberRecordsProcessed ?? 0,
    failed: job.numberRecordsFailed ?? 0,
    errorCode: message === '' ? null : cleanCode(message.split(':')[0]?.trim()),
  };
};

const GONE = new Set(['NOT_FOUND', 'ERROR_HTTP_404', 'INVALIDJOB', 'RESOURCE_NOT_FOUND']);
const isGone = (error: unknown): boolean =>
  error instanceof OrgError && error.foreignCodes.some((code) => GONE.has(code));

const pathOf = (id: string): string => `/jobs/ingest/${encodeURIComponent(id)}`;

const unfinished = async (channel: Channel): Promise<readonly IngestState[]> => {
  const found: IngestState[] = [];
  let path: string | undefined = '/jobs/ingest?jobType=V2Ingest';
  while (path !== undefined) {
    const page: z.infer<typeof list> = readAs(list, await channel.json({ method: 'GET', path }), 'bulk jobs');
    found.push(...page.records.map(stateOf));
    path = page.nextRecordsUrl ?? undefined;
  }
  return found.filter((job) => job.state === 'UploadComplete' || job.state === 'InProgress');
};

/** https://developer.salesforce.com/docs/platform/api-asynch/guide/bulk-api-2-0.html */
export const createIngestJobs = (channel: Channel): IngestJobs => ({
  create: async (object, operation, externalIdField) => {
    const task = { object, operation, ...(externalIdField === undefined ? {} : { externalIdField }) };
    return (await createIngestJob(channel, task)).id;
  },
  upload: async (id, source) => {
    const rows = bulkRows(source);
    try {
      await rows.hasMore();
      await uploadRows(channel, pathOf(id), rows);
      if (await rows.hasMore()) throw namedOrgError('RequestRefused', 'stop', 'more than 95 MB for one job');
    } finally {
      await rows.close();
    }
  },
  close: async (id) => {
    await setIngestState(channel, pathOf(id), 'UploadComplete');
  },
  state: async (id) => {
    try {
      return stateOf(readAs(detail, await channel.json({ method: 'GET', path: pathOf(id) }), 'bulk job'));
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  },
  abort: async (id) => {
    await setIngestState(channel, pathOf(id), 'Aborted');
  },
  failures: async function* (id) {
    for (const kind of ['failedResults', 'unprocessedrecords'] as const)
      yield* ingestResults(channel, pathOf(id), kind);
  },
  remove: async (id) => {
    await channel.json({ method: 'DELETE', path: pathOf(id), repeatable: true });
  },
  unfinished: () => unfinished(channel),
});
