import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import jsforce from 'jsforce';
import type { Connection } from 'jsforce';
import type { Twin } from '../../../scripts/twin/contract.ts';
import { startTwin } from '../../../scripts/twin/startTwin.ts';
import { callTwin, rest } from './callTwin.ts';
import { createSfCli } from './sfCli.ts';
import type { SfCli } from './sfCli.ts';

let twin: Twin;
let connection: Connection;
beforeAll(async () => {
  twin = await startTwin({ shape: 'npsp', port: 0, production: true });
  connection = new jsforce.Connection({
    instanceUrl: twin.instanceUrl,
    accessToken: twin.users['admin']!.accessToken,
    version: '66.0',
  });
  connection.bulk.pollInterval = 20;
});
afterAll(() => twin.close());

const JOB = '/services/async/66.0/job';
const NAMESPACE = 'http://www.force.com/2009/06/asyncapi/dataload';
const session = () => ({ 'x-sfdc-session': twin.users['admin']!.accessToken });
const call = (path: string, method = 'GET', body?: string, type = 'application/xml') =>
  callTwin(twin, `${JOB}${path}`, {
    method,
    headers: { ...session(), ...(method === 'POST' ? { 'content-type': type } : {}) },
    ...(body === undefined ? {} : { body }),
  });
const jobXml = (fields: string) => `<?xml version="1.0"?><jobInfo xmlns="${NAMESPACE}">${fields}</jobInfo>`;
const field = (xml: string, name: string): string => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? '';
const openJob = async (fields: string): Promise<string> => {
  const reply = await call('', 'POST', jobXml(fields));
  expect(reply.status).toBe(201);
  return field(reply.text, 'id');
};
const addBatch = async (job: string, body: string, type: string): Promise<string> => {
  const reply = await call(`/${job}/batch`, 'POST', body, type);
  expect(reply.status).toBe(201);
  const id = field(reply.text, 'id');
  return id === '' ? (JSON.parse(reply.text) as { id: string }).id : id;
};
const accounts = async (where: string) =>
  (
    await connection.query(
      `SELECT Name, Site, NumberOfEmployees, Parent.Name FROM Account WHERE ${where} ORDER BY Name`,
    )
  ).records;

describe('Bulk API v1 with jsforce', () => {
  it('inserts, updates, deletes and tells bad rows', async () => {
    const made = await connection.bulk.load('Account', 'insert', [
      { Name: 'Verger', Site: 'Nord' },
      { Name: '', Site: 'Sud' },
    ]);
    expect(made).toMatchObject([
      { success: true, created: true, errors: [] },
      { id: null, success: false, errors: ['REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --'] },
    ]);
    const { id } = (made as { id: string }[])[0]!;
    const updated = await connection.bulk.load('Account', 'update', [{ Id: id, Site: 'Est' }]);
    expect(updated).toEqual([{ id, success: true, created: false, errors: [] }]);
    expect(await accounts("Name = 'Verger'")).toMatchObject([{ Site: 'Est' }]);
    expect(await connection.bulk.load('Account', 'delete', [{ Id: id }])).toMatchObject([{ id, success: true }]);
    expect(await accounts("Name = 'Verger'")).toEqual([]);
  });

  it('streams query results', async () => {
    await connection.sobject('Campaign').create([{ Name: 'Un' }, { Name: 'Deux, "trois"' }]);
    const stream = await connection.bulk.query('SELECT Id, Name FROM Campaign ORDER BY Name');
    const rows = (await stream.stream().toArray()).join('');
    expect(rows).toContain('Deux, ""trois""');
  });

  it('fails the batch for a column that does not exist', async () => {
    await expect(connection.bulk.load('Account', 'insert', [{ Nothing__c: '1' }])).rejects.toThrow(
      'InvalidBatch : Field name not found : Nothing__c',
    );
  });

  it('says that it does not know a session in the words clients look for', async () => {
    const reply = await callTwin(twin, `${JOB}/750000000000000AAA`, { headers: { 'x-sfdc-session': 'gone' } });
    expect(reply.status).toBe(400);
    expect(reply.text).toContain('<exceptionCode>InvalidSessionId</exceptionCode>');
    const asJson = await callTwin(twin, `${JOB}/750000000000000AAA`, {
      headers: { 'x-sfdc-session': 'gone', 'content-type': 'application/json' },
    });
    expect(JSON.parse(asJson.text)).toMatchObject({ exceptionCode: 'InvalidSessionId' });
  });
});

describe('Bulk API v1 jobs and batches', () => {
  it('takes XML records, with nil and references, and answers XML results', async () => {
    const job = await openJob('<operation>insert</operation><object>account</object><contentType>XML</contentType>');
    const body =
      `<?xml version="1.0"?><sObjects xmlns="${NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
      '<sObject><Name>Mère &amp; fille</Name><Site xsi:nil="true"/><NumberOfEmployees>12</NumberOfEmployees></sObject>' +
      '<sObject><Site>sans nom</Site></sObject></sObjects>';
    const batch = await addBatch(job, body, 'application/xml; charset=UTF-8');
    const info = await call(`/${job}/batch/${batch}`);
    expect([field(info.text, 'state'), field(info.text, 'numberRecordsProcessed')]).toEqual(['Completed', '2']);
    expect(field(info.text, 'numberRecordsFailed')).toBe('1');
    const results = (await call(`/${job}/batch/${batch}/result`)).text;
    expect(results).toContain(`<results xmlns="${NAMESPACE}"><result><id>001`);
    expect(results).toContain('<fields>Name</fields><message>Required fields are missing: [Name]</message>');
    expect(await accounts("Name = 'Mère & fille'")).toMatchObject([{ NumberOfEmployees: 12, Site: null }]);
    expect((await call(`/${job}/batch/${batch}/request`)).text).toBe(body);
    const closed = await call(`/${job}`, 'POST', jobXml('<state>Closed</state>'));
    expect([field(closed.text, 'state'), field(closed.text, 'object')]).toEqual(['Closed', 'Account']);
    expect((await call(`/${job}/batch`, 'POST', body)).text).toContain('InvalidJobState');
  });

  it('takes JSON records and answers JSON, instants as milliseconds', async () => {
    const made = await call(
      '',
      'POST',
      '{"operation":"insert","object":"Account","contentType":"JSON"}',
      'application/json',
    );
    const job = JSON.parse(made.text) as { id: string; state: string; numberBatchesTotal: number };
    expect(job).toMatchObject({ state: 'Open', numberBatchesTotal: 0 });
    const batch = await addBatch(job.id, '[{"Name":"Jason","Site":null},{"Nothing__c":1}]', 'application/json');
    const results = JSON.parse((await call(`/${job.id}/batch/${batch}/result`)).text) as unknown[];
    expect(results).toMatchObject([
      { success: true, created: true, errors: [] },
      { success: false, errors: [{ statusCode: 'INVALID_FIELD' }] },
    ]);
    const query = await call(
      '',
      'POST',
      '{"operation":"query","object":"Account","contentType":"JSON"}',
      'application/json',
    );
    const queryId = (JSON.parse(query.text) as { id: string }).id;
    const asked = await addBatch(
      queryId,
      "SELECT Name, CreatedDate FROM Account WHERE Name = 'Jason'",
      'application/json',
    );
    const [result] = JSON.parse((await call(`/${queryId}/batch/${asked}/result`)).text) as string[];
    const rows = JSON.parse((await call(`/${queryId}/batch/${asked}/result/${result!}`)).text) as unknown[];
    expect(rows).toMatchObject([{ attributes: { type: 'Account' }, Name: 'Jason', CreatedDate: expect.any(Number) }]);
  });

  it('answers queries in XML and says so when no record was found', async () => {
    await connection.sobject('Account').create({ Name: 'Xénia' });
    const xml = await openJob('<operation>query</operation><object>Account</object><contentType>XML</contentType>');
    const batch = await addBatch(
      xml,
      "SELECT Id, Name, Owner.Name FROM Account WHERE Name = 'Xénia'",
      'application/xml',
    );
    const result = field((await call(`/${xml}/batch/${batch}/result`)).text, 'result');
    const rows = (await call(`/${xml}/batch/${batch}/result/${result}`)).text;
    expect(rows).toMatch(/<records xsi:type="sObject"><type>Account<\/type><Id>001\w{15}<\/Id><Name>Xénia<\/Name>/);
    const csv = await openJob('<operation>queryAll</operation><object>Account</object><contentType>CSV</contentType>');
    const none = await addBatch(csv, "SELECT Id FROM Account WHERE Name = 'personne'", 'text/csv');
    const noneId = field((await call(`/${csv}/batch/${none}/result`)).text, 'result');
    expect((await call(`/${csv}/batch/${none}/result/${noneId}`)).text).toBe('Records not found for this query');
  });

  it('runs several batches of a serial job, lists them, and aborts', async () => {
    const job = await openJob(
      '<operation>insert</operation><object>Account</object><concurrencyMode>Serial</concurrencyMode><contentType>CSV</contentType>',
    );
    await addBatch(job, 'Name\nLot 1\n', 'text/csv');
    await addBatch(job, 'Name\r\nLot 2\r\n', 'text/csv; charset=UTF-8');
    const list = (await call(`/${job}/batch`)).text;
    expect(list.match(/<state>Completed<\/state>/g)).toHaveLength(2);
    const info = (await call(`/${job}`)).text;
    expect([field(info, 'concurrencyMode'), field(info, 'numberBatchesCompleted')]).toEqual(['Serial', '2']);
    const aborted = await call(`/${job}`, 'POST', jobXml('<state>Aborted</state>'));
    expect(field(aborted.text, 'state')).toBe('Aborted');
    expect(await accounts("Name LIKE 'Lot %'")).toHaveLength(2);
  });

  it('shows in the lists of Bulk 2.0 as classic', async () => {
    const { body } = await rest(twin, 'GET', '/jobs/ingest?jobType=Classic');
    const { records } = body as { records: { jobType: string }[] };
    expect(new Set(records.map(({ jobType }) => jobType))).toEqual(new Set(['Classic']));
  });

  it.each([
    ['binary attachments', '<operation>insert</operation><object>Account</object><contentType>ZIP_CSV</contentType>'],
    ['assignment rules', '<operation>insert</operation><object>Lead</object><assignmentRuleId>01Q</assignmentRuleId>'],
  ])('refuses %s by name', async (_name, fields) => {
    const reply = await call('', 'POST', jobXml(fields));
    expect([reply.status, reply.text]).toEqual([501, expect.stringContaining('NOT_EMULATED')]);
  });

  it.each([
    ['chunkSize=0', 400, 'chunkSize must be a number from 1 to 250000'],
    ['chunkSize=250001', 400, 'chunkSize must be a number from 1 to 250000'],
    ['startRow=abc', 400, 'startRow must be a record id'],
    ['rows=3', 400, 'unknown setting rows'],
    ['parent=Account', 501, 'NOT_EMULATED: PK chunking by a parent object'],
    ['false', 201, 'Open'],
    ['TRUE', 201, 'Open'],
  ])('answers a job with PK chunking %s with %i', async (chunking, status, text) => {
    const body = jobXml('<operation>query</operation><object>Account</object><contentType>CSV</contentType>');
    const reply = await callTwin(twin, JOB, {
      method: 'POST',
      headers: { ...session(), 'content-type': 'application/xml', 'sforce-enable-pkchunking': chunking },
      body,
    });
    expect([reply.status, reply.text]).toEqual([status, expect.stringContaining(text)]);
  });

  it.each([
    [
      'an unknown object',
      '<operation>insert</operation><object>Nothing__c</object>',
      'Unable to find object: Nothing__c',
    ],
    [
      'hard deletion without the permission',
      '<operation>hardDelete</operation><object>Account</object>',
      'special user profile permission',
    ],
    ['an unknown operation', '<operation>explode</operation><object>Account</object>', 'operation:'],
  ])('refuses %s', async (_name, fields, words) => {
    const reply = await call('', 'POST', jobXml(fields));
    expect([reply.status, reply.text]).toEqual([400, expect.stringContaining(words)]);
  });

  it('fails a batch of more than 10,000 records before any is written', async () => {
    const job = await openJob('<operation>insert</operation><object>Lead</object><contentType>CSV</contentType>');
    const rows = Array.from({ length: 10_001 }, (_, i) => `L${i},Trop`).join('\n');
    const batch = await addBatch(job, `LastName,Company\n${rows}`, 'text/csv');
    const info = (await call(`/${job}/batch/${batch}`)).text;
    expect([field(info, 'state'), field(info, 'numberRecordsProcessed')]).toEqual(['Failed', '0']);
    expect((await call(`/${job}/batch/${batch}/result`)).text).toContain('Records not processed');
  });
});

describe('Bulk API v1 with the CLI', () => {
  let cli: SfCli;
  beforeAll(async () => {
    cli = await createSfCli(47_912);
  });
  afterAll(() => cli.remove());

  it('upserts with sf force data bulk upsert', async () => {
    const { accessToken } = twin.users['admin']!;
    const env = { SF_ORG_INSTANCE_URL: twin.instanceUrl };
    const file = await cli.write('rows.csv', 'Id,Name\n,Par le CLI\n');
    const upsert = ['force', 'data', 'bulk', 'upsert', '-s', 'Account', '-f', file, '-i', 'Id', '-w', '2'];
    await cli.json([...upsert, '-o', accessToken], { env });
    expect(await accounts("Name = 'Par le CLI'")).toHaveLength(1);
  });
});
