import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import jsforce from 'jsforce';
import type { Connection } from 'jsforce';
import type { Twin } from '../../../scripts/twin/contract.ts';
import { startTwin } from '../../../scripts/twin/startTwin.ts';
import { bearerOf, callTwin, rest } from './callTwin.ts';

let twin: Twin;
let connection: Connection;
beforeAll(async () => {
  twin = await startTwin({ shape: 'bare', port: 0, production: true });
  connection = new jsforce.Connection({
    instanceUrl: twin.instanceUrl,
    accessToken: twin.users['loader']!.accessToken,
    version: '66.0',
  });
  connection.bulk2.pollInterval = 20;
});
afterAll(() => twin.close());

type Job = {
  id: string;
  state: string;
  object: string;
  numberRecordsProcessed: number;
  numberRecordsFailed: number;
  errorMessage?: string;
};

const open = async (job: Readonly<Record<string, unknown>>, role = 'loader') =>
  rest(twin, 'POST', '/jobs/ingest', { body: job, role });
const put = (id: string, body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}) =>
  callTwin(twin, `/services/data/v66.0/jobs/ingest/${id}/batches`, {
    method: 'PUT',
    headers: { ...bearerOf(twin, 'loader'), 'content-type': 'text/csv', ...headers },
    body,
  });
const close = (id: string) =>
  rest(twin, 'PATCH', `/jobs/ingest/${id}`, { body: { state: 'UploadComplete' }, role: 'loader' });
const jobNow = async (id: string): Promise<Job> =>
  (await rest(twin, 'GET', `/jobs/ingest/${id}`, { role: 'loader' })).body as Job;
const text = async (path: string) =>
  callTwin(twin, `/services/data/v66.0${path}`, { headers: bearerOf(twin, 'loader') });

const ingest = async (job: Readonly<Record<string, unknown>>, csv: string | Uint8Array, headers = {}): Promise<Job> => {
  const { id } = (await open(job)).body as Job;
  expect((await put(id, csv, headers)).status).toBe(201);
  expect((await close(id)).body).toMatchObject({ state: 'UploadComplete' });
  return jobNow(id);
};

describe('Bulk API 2.0 ingest', () => {
  it('inserts through jsforce and tells good rows from bad ones', async () => {
    const rows = [
      { LastName: 'Vasseur', DoNotCall: 'true' },
      { LastName: '', FirstName: 'Sans nom' },
    ];
    const results = await connection.bulk2.loadAndWaitForResults({
      object: 'Contact',
      operation: 'insert',
      input: rows,
    });
    expect(results.successfulResults).toMatchObject([{ sf__Created: 'true', LastName: 'Vasseur' }]);
    expect(results.failedResults).toMatchObject([
      { sf__Error: 'REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --' },
    ]);
    const saved = await connection.query("SELECT DoNotCall FROM Contact WHERE LastName = 'Vasseur'");
    expect(saved.records[0]).toMatchObject({ DoNotCall: true });
  });

  it('is complete at the first look when small, with canonical names and header lines in empty results', async () => {
    const job = await ingest({ object: 'account', operation: 'insert' }, 'name\nVerger\n');
    expect(job).toMatchObject({
      state: 'JobComplete',
      object: 'Account',
      numberRecordsProcessed: 1,
      numberRecordsFailed: 0,
    });
    expect((await text(`/jobs/ingest/${job.id}/failedResults`)).text).toBe('"sf__Id","sf__Error","name"\n');
    expect((await text(`/jobs/ingest/${job.id}/unprocessedrecords`)).text).toBe('"name"\n');
    expect((await text(`/jobs/ingest/${job.id}/successfulResults`)).text).toMatch(
      /^"sf__Id","sf__Created","name"\n"001\w{15}","true","Verger"\n$/,
    );
  });

  it('reads other delimiters, CRLF, quoted line breaks, gzip and nulls', async () => {
    const csv = 'Name;Description;Site\r\n"Bureau; annexe";"deux\r\nlignes";#N/A\r\n';
    const options = { object: 'Account', operation: 'insert', columnDelimiter: 'SEMICOLON', lineEnding: 'CRLF' };
    const job = await ingest(options, gzipSync(csv), { 'content-encoding': 'gzip' });
    expect(job).toMatchObject({ state: 'JobComplete', numberRecordsFailed: 0 });
    const saved = await connection.query("SELECT Name, Description, Site FROM Account WHERE Name = 'Bureau; annexe'");
    expect(saved.records[0]).toMatchObject({ Description: expect.stringMatching(/^deux\r?\nlignes$/), Site: null });
  });

  it('leaves empty cells alone and empties #N/A on update', async () => {
    const [made] = await connection.sobject('Account').create([{ Name: 'Avant', Site: 'Nord', Phone: '1' }]);
    const job = await ingest({ object: 'Account', operation: 'update' }, `Id,Name,Site,Phone\n${made!.id!},,#N/A,2\n`);
    expect(job).toMatchObject({ state: 'JobComplete', numberRecordsFailed: 0 });
    expect(await connection.sobject('Account').retrieve(made!.id!)).toMatchObject({
      Name: 'Avant',
      Site: null,
      Phone: '2',
    });
  });

  it('fails the whole job for a column that does not exist, or one with a byte order mark', async () => {
    const wrong = await ingest({ object: 'Account', operation: 'insert' }, 'Name,Nothing__c\nA,b\n');
    expect(wrong).toMatchObject({ state: 'Failed', errorMessage: 'InvalidBatch : Field name not found : Nothing__c' });
    expect((await text(`/jobs/ingest/${wrong.id}/unprocessedrecords`)).text).toBe('"Name","Nothing__c"\n"A","b"\n');
    const marked = await ingest({ object: 'Account', operation: 'insert' }, '\uFEFFName\nA\n');
    expect(marked.state).toBe('Failed');
  });

  it('fails a job whose line ends differ from what it declared', async () => {
    const job = await ingest({ object: 'Account', operation: 'insert' }, 'Name\r\nA\r\n');
    expect(job).toMatchObject({
      state: 'Failed',
      errorMessage: expect.stringContaining('LineEnding is invalid on user data'),
    });
  });

  it('deletes into the bin, and past it only with the permission', async () => {
    const made = await connection.sobject('Account').create([{ Name: 'Un' }, { Name: 'Deux' }]);
    const deleted = await ingest({ object: 'Account', operation: 'delete' }, `Id\n${made[0]!.id!}\n`);
    expect(deleted).toMatchObject({ state: 'JobComplete', numberRecordsFailed: 0 });
    const refused = await open({ object: 'Account', operation: 'hardDelete' });
    expect(refused.status).toBeGreaterThanOrEqual(400);
  });

  it('aborts an open job, deletes it, and answers 404 for it and for other users’ jobs', async () => {
    const { id } = (await open({ object: 'Account', operation: 'insert' })).body as Job;
    expect((await rest(twin, 'GET', `/jobs/ingest/${id}`, { role: 'admin' })).status).toBe(404);
    expect(
      (await rest(twin, 'PATCH', `/jobs/ingest/${id}`, { body: { state: 'Aborted' }, role: 'loader' })).status,
    ).toBe(200);
    const late = await rest(twin, 'PATCH', `/jobs/ingest/${id}`, { body: { state: 'Aborted' }, role: 'loader' });
    expect(late).toMatchObject({ status: 400, body: [{ errorCode: 'INVALIDJOBSTATE' }] });
    expect((await rest(twin, 'DELETE', `/jobs/ingest/${id}`, { role: 'loader' })).status).toBe(204);
    expect((await rest(twin, 'GET', `/jobs/ingest/${id}`, { role: 'loader' })).status).toBe(404);
  });

  it('names all problems of a bad job at once', async () => {
    const { status, body } = await open({ operation: 'explode', columnDelimiter: 'X' });
    expect(status).toBe(400);
    const [{ message }] = body as [{ message: string }];
    for (const name of ['object', 'operation', 'columnDelimiter']) expect(message).toContain(`${name}:`);
  });

  it('takes one upload per job', async () => {
    const { id } = (await open({ object: 'Account', operation: 'insert' })).body as Job;
    await put(id, 'Name\nA\n');
    expect((await put(id, 'Name\nB\n')).status).toBe(400);
  });

  it('works many batches off without holding the server up', async () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => `Masse${i},Foule\n`).join('');
    const { id } = (await open({ object: 'Lead', operation: 'insert' })).body as Job;
    await put(id, `LastName,Company\n${rows}`);
    const [closed, meanwhile] = await Promise.all([close(id), rest(twin, 'GET', '/limits')]);
    expect([closed.status, meanwhile.status]).toEqual([200, 200]);
    let job = await jobNow(id);
    while (job.state === 'InProgress') job = await jobNow(id);
    expect(job).toMatchObject({ state: 'JobComplete', numberRecordsProcessed: 20_000, numberRecordsFailed: 0 });
  });
});

describe('Bulk API 2.0 query', () => {
  it('exports pages with the locator null at the end, quoted cells and parents', async () => {
    await connection
      .sobject('Campaign')
      .create(Array.from({ length: 25 }, (_, i) => ({ Name: `Collecte "${String(i).padStart(2, '0')}"` })));
    const query = 'SELECT Name, Owner.Name, CreatedDate, IsActive FROM Campaign ORDER BY Name';
    const { id } = (await rest(twin, 'POST', '/jobs/query', { body: { operation: 'query', query }, role: 'loader' }))
      .body as Job;
    expect((await rest(twin, 'GET', `/jobs/query/${id}`, { role: 'loader' })).body).toMatchObject({
      state: 'JobComplete',
      numberRecordsProcessed: 25,
    });
    const lines: string[] = [];
    let locator: string | undefined = '';
    let pages = 0;
    while (locator !== 'null') {
      const page = await text(
        `/jobs/query/${id}/results?maxRecords=10${locator === '' ? '' : `&locator=${locator ?? ''}`}`,
      );
      const [header, ...rows] = page.text.trimEnd().split('\n');
      expect(header).toBe('"Name","Owner.Name","CreatedDate","IsActive"');
      expect(page.headers['sforce-numberofrecords']).toBe(String(rows.length));
      lines.push(...rows);
      locator = page.headers['sforce-locator'] as string | undefined;
      pages += 1;
    }
    expect([pages, lines.length]).toEqual([3, 25]);
    expect(lines[7]).toMatch(/^"Collecte ""07""","[^"]+","\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z","false"$/);
  });

  it('streams into jsforce', async () => {
    const stream = await connection.bulk2.query('SELECT Id, Name FROM Campaign');
    const rows = await stream.toArray();
    expect(rows).toHaveLength(25);
  });

  it('refuses what Bulk queries cannot do', async () => {
    const refused = async (query: string) =>
      (await rest(twin, 'POST', '/jobs/query', { body: { operation: 'query', query }, role: 'loader' })).status;
    expect(await refused('SELECT COUNT(Id) FROM Campaign')).toBe(400);
    expect(await refused('SELECT Name, (SELECT Id FROM Contacts) FROM Account')).toBe(400);
    expect(await refused('SELECT Nothing FROM Account')).toBe(400);
  });
});
