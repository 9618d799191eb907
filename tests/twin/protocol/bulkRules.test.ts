import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Twin } from '../../../scripts/twin/contract.ts';
import { startTwin } from '../../../scripts/twin/startTwin.ts';
import { bearerOf, callTwin, rest } from './callTwin.ts';

let twin: Twin;
let now = Date.parse('2026-11-22T10:00:00Z');
beforeAll(async () => {
  twin = await startTwin({ shape: 'npsp', port: 0, production: true, now: () => now });
});
afterAll(() => twin.close());

type Job = { id: string; state: string; errorMessage?: string; numberRecordsFailed: number; contentUrl?: string };

const send = async (method: string, path: string, body?: unknown) => rest(twin, method, path, { body });
const text = async (path: string) =>
  (await callTwin(twin, `/services/data/v66.0${path}`, { headers: bearerOf(twin) })).text;
const put = (id: string, body: string, type = 'text/csv') =>
  callTwin(twin, `/services/data/v66.0/jobs/ingest/${id}/batches`, {
    method: 'PUT',
    headers: { ...bearerOf(twin), 'content-type': type },
    body,
  });
const open = async (job: Readonly<Record<string, unknown>>): Promise<string> =>
  ((await send('POST', '/jobs/ingest', job)).body as Job).id;
const ingest = async (job: Readonly<Record<string, unknown>>, csv: string): Promise<Job> => {
  const id = await open(job);
  await put(id, csv);
  await send('PATCH', `/jobs/ingest/${id}`, { state: 'UploadComplete' });
  return (await send('GET', `/jobs/ingest/${id}`)).body as Job;
};
const query = async (soql: string): Promise<readonly Record<string, unknown>[]> =>
  ((await send('GET', `/query?q=${encodeURIComponent(soql)}`)).body as { records: Record<string, unknown>[] }).records;

/** Source: https://developer.salesforce.com/docs/platform/api-asynch/guide/datafiles-prepare-csv.html */
describe('what a header may say', () => {
  it.each([
    ['an unknown column', 'insert', 'Name,Nothing__c\nA,b\n', 'InvalidBatch : Field name not found : Nothing__c'],
    [
      'an unknown relationship',
      'insert',
      'Name,Nothing.Name\nA,b\n',
      'InvalidBatch : Field name not found : Nothing.Name',
    ],
    ['a path of two steps', 'insert', 'Name,Parent.Owner.Name\nA,b\n', 'Field name not found : Parent.Owner.Name'],
    ['a column twice', 'insert', 'Name,name\nA,b\n', 'Duplicate field name : name'],
    ['no id to update by', 'update', 'Name\nA\n', 'InvalidBatch : Field name not found : Id'],
    ['more than the id to delete by', 'delete', 'Id,Name\n001,b\n', 'delete batch must contain only ids'],
    ['fewer columns than a record', 'insert', 'Name\nA,b\n', 'A record has 2 values, the header 1'],
  ])('fails the job for %s', async (_name, operation, csv, words) => {
    const job = await ingest({ object: 'Account', operation }, csv);
    expect([job.state, job.errorMessage]).toEqual(['Failed', expect.stringContaining(words)]);
  });

  it('completes a job of a header alone', async () => {
    expect(await ingest({ object: 'Account', operation: 'insert' }, 'Name\n')).toMatchObject({ state: 'JobComplete' });
  });

  it('takes a lookup to several objects with the object beside the relationship', async () => {
    const username = twin.users['officer']!.username;
    const csv = `LastName,Company,User:Owner.Username\nDurand,Un,${username}\n`;
    expect(await ingest({ object: 'Lead', operation: 'insert' }, csv)).toMatchObject({ numberRecordsFailed: 0 });
    const other = `LastName,Company,Owner:User.Username\nDurand,Deux,${username}\n`;
    expect(await ingest({ object: 'Lead', operation: 'insert' }, other)).toMatchObject({ numberRecordsFailed: 0 });
    const leads = await query("SELECT OwnerId FROM Lead WHERE LastName = 'Durand'");
    expect(leads.map((lead) => lead['OwnerId'])).toEqual(Array(2).fill(twin.users['officer']!.userId));
  });

  it('takes short records as empty cells, and a value too long as that row’s failure', async () => {
    const job = await ingest(
      { object: 'Account', operation: 'insert' },
      `Name,Site,Description\nCourt\nLong,,${'x'.repeat(131_073)}\n`,
    );
    expect(job).toMatchObject({ state: 'JobComplete', numberRecordsFailed: 1 });
    expect(await text(`/jobs/ingest/${job.id}/successfulResults`)).toMatch(/"true","Court","",""\n$/);
    expect(await text(`/jobs/ingest/${job.id}/failedResults`)).toContain('"STRING_TOO_LONG:Description: data value');
  });
});

describe('states of an ingest job', () => {
  it.each([
    ['Aborted', 'Aborted', 'Aborting already Aborted Job not allowed'],
    ['Aborted', 'UploadComplete', 'Closing already Aborted Job not allowed'],
    ['UploadComplete', 'Aborted', 'Aborting already Completed Job not allowed'],
    ['UploadComplete', 'UploadComplete', 'Closing already Completed Job not allowed'],
  ])('after %s refuses %s', async (first, second, message) => {
    const id = await open({ object: 'Account', operation: 'insert' });
    await put(id, 'Name\n');
    await send('PATCH', `/jobs/ingest/${id}`, { state: first });
    expect(await send('PATCH', `/jobs/ingest/${id}`, { state: second })).toMatchObject({
      status: 400,
      body: [{ errorCode: 'INVALIDJOBSTATE', message }],
    });
  });

  it('names where to upload only while it is open, and is deleted only once it is over', async () => {
    const { body } = await send('POST', '/jobs/ingest', { object: 'Account', operation: 'insert' });
    const { id, contentUrl } = body as Job;
    expect(contentUrl).toBe(`services/data/v66.0/jobs/ingest/${id}/batches`);
    expect((await send('DELETE', `/jobs/ingest/${id}`)).status).toBe(400);
    const aborted = await send('PATCH', `/jobs/ingest/${id}`, { state: 'Aborted' });
    expect(aborted.body).not.toHaveProperty('contentUrl');
    expect((await put(id, 'Name\n')).status).toBe(400);
    expect((await send('DELETE', `/jobs/ingest/${id}`)).status).toBe(204);
  });

  it('takes job and rows in one multipart request', async () => {
    const part = (name: string, type: string, body: string) =>
      `--b\r\nContent-Disposition: form-data; name="${name}"; filename="x"\r\nContent-Type: ${type}\r\n\r\n${body}\r\n`;
    const job = JSON.stringify({ object: 'Account', operation: 'insert', contentType: 'CSV', lineEnding: 'LF' });
    const reply = await callTwin(twin, '/services/data/v66.0/jobs/ingest', {
      method: 'POST',
      headers: { ...bearerOf(twin), 'content-type': 'multipart/form-data; boundary=b' },
      body: `${part('job', 'application/json', job)}${part('content', 'text/csv', 'Name\nEn une fois\n')}--b--\r\n`,
    });
    expect(JSON.parse(reply.text)).toMatchObject({ state: 'UploadComplete' });
    expect(await query("SELECT Name FROM Account WHERE Name = 'En une fois'")).toHaveLength(1);
  });

  it('refuses what it does not do or may not do', async () => {
    const refused = async (job: Readonly<Record<string, unknown>>) => send('POST', '/jobs/ingest', job);
    expect(await refused({ object: 'Lead', operation: 'insert', assignmentRuleId: '01Q' })).toMatchObject({
      status: 501,
      body: [{ errorCode: 'NOT_EMULATED' }],
    });
    expect(await refused({ object: 'Account', operation: 'hardDelete' })).toMatchObject({
      body: [{ errorCode: 'FEATURENOTENABLED', message: expect.stringContaining('special user profile permission') }],
    });
    expect(await refused({ object: 'Nothing__c', operation: 'insert' })).toMatchObject({
      body: [{ errorCode: 'INVALIDENTITY', message: expect.stringContaining('is not supported by the Bulk API') }],
    });
    expect(await refused({ object: 'Account', operation: 'upsert', externalIdFieldName: 'Site' })).toMatchObject({
      body: [{ errorCode: 'INVALIDJOB' }],
    });
    const id = await open({ object: 'Account', operation: 'insert' });
    expect((await put(id, 'Name\n', 'application/json')).status).toBe(415);
  });

  it('is listed with its filters, and gone after seven days of the org’s clock', async () => {
    const id = await open({ object: 'Account', operation: 'insert' });
    await send('PATCH', `/jobs/ingest/${id}`, { state: 'Aborted' });
    const ids = async (filter: string) =>
      ((await send('GET', `/jobs/ingest?${filter}`)).body as { records: Job[] }).records.map((job) => job.id);
    expect(await ids('jobType=V2Ingest')).toContain(id);
    expect(await ids('concurrencyMode=parallel')).toContain(id);
    expect(await ids('isPkChunkingEnabled=true')).toEqual([]);
    expect(await ids('jobType=Classic')).toEqual([]);
    expect((await send('GET', '/jobs/ingest?jobType=Other')).status).toBe(400);
    now += 8 * 86_400_000;
    expect((await send('GET', `/jobs/ingest/${id}`)).status).toBe(404);
  });
});

describe('bulk queries', () => {
  const start = async (soql: string) => send('POST', '/jobs/query', { operation: 'query', query: soql });

  it('has columns as the SELECT lists them, parents empty where there is none, numbers and checkboxes as text', async () => {
    const parent = ((await send('POST', '/sobjects/Account', { Name: 'Mère', Site: 'a"b' })).body as Job).id;
    await send('POST', '/sobjects/Account', {
      Name: 'Fille 1',
      ParentId: parent,
      AnnualRevenue: 12,
      NumberOfEmployees: 7,
    });
    await send('POST', '/sobjects/Account', { Name: 'Fille 2', AnnualRevenue: 30_000_000 });
    const soql =
      "SELECT Parent.Site, Name, NumberOfEmployees, AnnualRevenue, Parent.IsDeleted, IsDeleted, Id FROM Account WHERE Name LIKE 'Fille%' ORDER BY Name DESC";
    const { id } = (await start(soql)).body as Job;
    await send('GET', `/jobs/query/${id}`);
    const lines = (await text(`/jobs/query/${id}/results`)).trimEnd().split('\n');
    expect(lines.map((line) => line.replace(/"001\w{15}"/, 'ID'))).toEqual([
      '"Parent.Site","Name","NumberOfEmployees","AnnualRevenue","Parent.IsDeleted","IsDeleted","Id"',
      '"","Fille 2","","30000000","","false",ID',
      '"a""b","Fille 1","7","12","false","false",ID',
    ]);
  });

  it('names result pages to be fetched side by side', async () => {
    const records = Array.from({ length: 13 }, (_, i) => ({
      attributes: { type: 'Campaign' },
      Name: `Page ${String(i).padStart(2, '0')}`,
      Description: 'deux\nlignes',
    }));
    await send('POST', '/composite/sobjects', { allOrNone: true, records });
    const { id } = (await start("SELECT Name, Description FROM Campaign WHERE Name LIKE 'Page%' ORDER BY Name"))
      .body as Job;
    await send('GET', `/jobs/query/${id}`);
    type Pages = { resultPages: { resultUrl: string }[]; nextRecordsUrl: string | null; done: boolean };
    const pages = async (path: string) => (await send('GET', path)).body as Pages;
    const first = await pages(`/jobs/query/${id}/resultPages?maxRecords=2`);
    expect([first.resultPages.length, first.done]).toEqual([5, false]);
    const second = await pages(first.nextRecordsUrl!.replace('/services/data/v66.0', ''));
    expect([second.resultPages.length, second.done, second.nextRecordsUrl]).toEqual([2, true, null]);
    const all = await Promise.all(
      [...first.resultPages, ...second.resultPages].map(({ resultUrl }) =>
        text(resultUrl.replace('/services/data/v66.0', '')),
      ),
    );
    expect(all.flatMap((page) => page.match(/Page \d\d/g) ?? [])).toEqual(records.map(({ Name }) => Name));
    const older = await callTwin(twin, `/services/data/v60.0/jobs/query/${id}/results`, { headers: bearerOf(twin) });
    expect(older.status).toBe(409);
  });

  it.each([
    ['a child query', 'SELECT Id, (SELECT Id FROM Contacts) FROM Account', 'Aggregate Relationships not supported'],
    ['an aggregate', 'SELECT COUNT(Id) FROM Account', 'not supported in Bulk Query'],
    ['a count', 'SELECT COUNT() FROM Account', 'not supported in Bulk Query'],
    ['OFFSET', 'SELECT Id FROM Account LIMIT 5 OFFSET 1', 'OFFSET is not supported in Bulk Query'],
    ['TYPEOF', 'SELECT TYPEOF Owner WHEN User THEN Name END FROM Account', 'TYPEOF is not supported'],
    ['FIELDS(ALL)', 'SELECT FIELDS(ALL) FROM Account LIMIT 10', 'not supported with an unbounded set of fields'],
    ['a compound', 'SELECT Id, BillingAddress FROM Account', 'Selecting compound data not supported in Bulk Query'],
  ])('refuses %s', async (_name, soql, words) => {
    const reply = await start(soql);
    expect([reply.status, reply.body]).toEqual([
      400,
      [expect.objectContaining({ message: expect.stringContaining(words) })],
    ]);
  });

  it('takes FIELDS(STANDARD) without compounds', async () => {
    const { id, state } = (await start('SELECT FIELDS(STANDARD) FROM Account')).body as Job;
    expect(state).toBe('UploadComplete');
    await send('GET', `/jobs/query/${id}`);
    const [header] = (await text(`/jobs/query/${id}/results`)).split('\n');
    expect(header).toContain('"BillingCity"');
    expect(header).not.toContain('"BillingAddress"');
  });
});
