import { contactCsv } from './bulkContacts.ts';
import type { ServerProcess } from './serverProcess.ts';

const ROWS_PER_JOB = 100_000;
const base = '/services/data/v66.0';

type Job = { readonly id: string; readonly state: string; readonly numberRecordsFailed?: number };

const json = (server: ServerProcess) => ({
  authorization: `Bearer ${server.token}`,
  'content-type': 'application/json',
});

const jobOf = async (server: ServerProcess, method: string, path: string, body?: unknown): Promise<Job> => {
  const reply = await server.call(method, `${base}${path}`, {
    headers: json(server),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (reply.status !== 200) throw new Error(`${method} ${path} answered ${reply.status}: ${reply.text}`);
  return JSON.parse(reply.text) as Job;
};

const finished = async (server: ServerProcess, path: string): Promise<Job> => {
  for (;;) {
    const job = await jobOf(server, 'GET', path);
    if (job.state === 'JobComplete') return job;
    if (job.state === 'Failed') throw new Error(`the job failed: ${JSON.stringify(job)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

/** Ids of new accounts for contacts to belong to. */
export const makeAccounts = async (server: ServerProcess, count: number): Promise<readonly string[]> => {
  const records = Array.from({ length: count }, (_, n) => ({
    attributes: { type: 'Account' },
    Name: `Household ${n}`,
  }));
  const reply = await server.call('POST', `${base}/composite/sobjects`, {
    headers: json(server),
    body: JSON.stringify({ allOrNone: true, records }),
  });
  return (JSON.parse(reply.text) as { id: string }[]).map(({ id }) => id);
};

/** A new job with its rows; answers its id. */
const upload = async (server: ServerProcess, body: AsyncGenerator<string>): Promise<string> => {
  const { id } = await jobOf(server, 'POST', '/jobs/ingest', { object: 'Contact', operation: 'insert' });
  const uploaded = await server.call('PUT', `${base}/jobs/ingest/${id}/batches`, {
    headers: { authorization: `Bearer ${server.token}`, 'content-type': 'text/csv' },
    body,
  });
  if (uploaded.status !== 201) throw new Error(`the upload answered ${uploaded.status}: ${uploaded.text}`);
  return id;
};

const workOff = async (server: ServerProcess, id: string): Promise<void> => {
  await jobOf(server, 'PATCH', `/jobs/ingest/${id}`, { state: 'UploadComplete' });
  const job = await finished(server, `/jobs/ingest/${id}`);
  if (job.numberRecordsFailed !== 0) throw new Error(`${String(job.numberRecordsFailed)} contacts were refused`);
};

/**
 * Uploads and works off contacts as several jobs, the next one uploaded while one is worked off, as loaders do; answers
 * how many were written.
 */
export const ingestContacts = async (
  server: ServerProcess,
  rows: number,
  accountIds: readonly string[],
): Promise<number> => {
  let work = Promise.resolve();
  for (let from = 0; from < rows; from += ROWS_PER_JOB) {
    const id = await upload(server, contactCsv(from, Math.min(rows, from + ROWS_PER_JOB), accountIds));
    await work;
    work = workOff(server, id);
  }
  await work;
  return rows;
};

/** Runs a bulk query and takes all its pages; answers rows and bytes. */
export const exportRows = async (server: ServerProcess, query: string): Promise<{ rows: number; bytes: number }> => {
  const { id } = await jobOf(server, 'POST', '/jobs/query', { operation: 'query', query });
  await finished(server, `/jobs/query/${id}`);
  let rows = 0;
  let bytes = 0;
  for (let locator = ''; locator !== 'null';) {
    const page = await server.call('GET', `${base}/jobs/query/${id}/results?maxRecords=250000&locator=${locator}`, {
      headers: { authorization: `Bearer ${server.token}` },
      onData: () => undefined,
    });
    rows += Number(page.headers['sforce-numberofrecords']);
    bytes += page.bytes;
    locator = String(page.headers['sforce-locator']);
  }
  return { rows, bytes };
};
