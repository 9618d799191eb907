import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import jsforce from 'jsforce';
import type { Connection } from 'jsforce';
import type { Twin } from '../../../scripts/twin/contract.ts';
import { startTwin } from '../../../scripts/twin/startTwin.ts';
import { callTwin } from './callTwin.ts';

let twin: Twin;
let connection: Connection;
let ids: readonly string[] = [];
beforeAll(async () => {
  twin = await startTwin({ shape: 'bare', port: 0, production: true });
  const accessToken = twin.users['admin']!.accessToken;
  connection = new jsforce.Connection({ instanceUrl: twin.instanceUrl, accessToken, version: '66.0' });
  const made = await connection
    .sobject('Campaign')
    .create(Array.from({ length: 7 }, (_, n) => ({ Name: `Collecte ${n}`, Description: n > 2 ? 'Nord' : 'Sud' })));
  ids = made.map(({ id }) => id ?? '');
  await connection.sobject('Campaign').destroy(ids[1]!);
});
afterAll(() => twin.close());

type Batch = { readonly id: string; readonly state: string; readonly numberRecordsProcessed: number };

const call = async (path: string, options: { readonly chunking?: string; readonly body?: string } = {}) => {
  const { chunking, body } = options;
  const reply = await callTwin(twin, `/services/async/66.0/job${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      'x-sfdc-session': twin.users['admin']!.accessToken,
      'content-type': path === '' ? 'application/json' : 'text/csv',
      accept: 'application/json',
      ...(chunking === undefined ? {} : { 'sforce-enable-pkchunking': chunking }),
    },
    ...(body === undefined ? {} : { body }),
  });
  expect(reply.status).toBeLessThan(300);
  return reply.text;
};

/** A job of one query; the batches as the list names them. */
const query = async (soql: string, chunking: string, operation = 'query') => {
  const job = { operation, object: 'Campaign', contentType: 'CSV' };
  const { id } = JSON.parse(await call('', { chunking, body: JSON.stringify(job) })) as Batch;
  await call(`/${id}/batch`, { body: soql });
  for (;;) {
    const text = await call(`/${id}/batch`);
    const batches = (JSON.parse(text) as { batchInfo: Batch[] }).batchInfo;
    if (batches.every(({ state }) => state !== 'Queued' && state !== 'InProgress')) return { id, batches };
  }
};

const rowsOf = async (job: string, batch: string): Promise<readonly string[]> => {
  const [result = ''] = JSON.parse(await call(`/${job}/batch/${batch}/result`)) as string[];
  return (await call(`/${job}/batch/${batch}/result/${result}`)).trimEnd().split('\n').slice(1);
};

// https://developer.salesforce.com/docs/platform/api-asynch/guide/async-api-headers-enable-pk-chunking.html
describe('PK chunking of Bulk API v1', () => {
  it('splits a query into batches by ids, deleted records counted, and leaves its own batch unprocessed', async () => {
    const { id, batches } = await query('SELECT Name FROM Campaign', 'chunkSize=3');
    expect(batches.map(({ state, numberRecordsProcessed }) => [state, numberRecordsProcessed])).toEqual([
      ['NotProcessed', 0],
      ['Completed', 2],
      ['Completed', 3],
      ['Completed', 1],
    ]);
    expect(await rowsOf(id, batches[1]!.id)).toEqual(['"Collecte 0"', '"Collecte 2"']);
    const request = await call(`/${id}/batch/${batches[2]!.id}/request`);
    const [from, to] = [ids[3]!, ids[6]!].map((one) => one.slice(0, 15));
    expect(request).toBe(`SELECT Name FROM Campaign WHERE Id >= '${from}' AND Id < '${to}'`);
  });

  it('keeps the condition, however it is written, and begins where it is told', async () => {
    const soql = "SELECT Name FROM Campaign WHERE Name = 'x WHERE y' OR (Name LIKE 'Coll%' AND StartDate = null)";
    const { id, batches } = await query(soql, `chunkSize=2; startRow=${ids[4]!}`);
    const rows = await Promise.all(batches.slice(1).map((batch) => rowsOf(id, batch.id)));
    expect(rows).toEqual([['"Collecte 4"', '"Collecte 5"'], ['"Collecte 6"']]);
  });

  it('answers deleted records of queryAll', async () => {
    const { batches } = await query('SELECT Name FROM Campaign', 'TRUE', 'queryAll');
    expect(batches.map((batch) => batch.numberRecordsProcessed)).toEqual([0, 7]);
  });

  it.each(['SELECT Name FROM Campaign ORDER BY Name', 'SELECT Name FROM Campaign LIMIT 3', 'SELECT Name FROM'])(
    'fails the batch of %j',
    async (soql) => {
      const { batches } = await query(soql, 'chunkSize=3');
      expect(batches.map(({ state }) => state)).toEqual(['Failed']);
    },
  );

  it('is a filter of the list of jobs', async () => {
    const { id } = await query('SELECT Name FROM Campaign', 'chunkSize=3');
    const reply = await connection.request<{ records: { id: string }[] }>(
      '/services/data/v66.0/jobs/query?isPkChunkingEnabled=true',
    );
    expect(reply.records.map((job) => job.id)).toContain(id);
  });
});
