import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import jsforce from 'jsforce';
import type { Connection } from 'jsforce';
import type { Twin } from '../../../scripts/twin/contract.ts';
import { startTwin } from '../../../scripts/twin/startTwin.ts';

let twin: Twin;
let connection: Connection;

beforeAll(async () => {
  twin = await startTwin({ shape: 'bare', port: 0, production: true });
  connection = new jsforce.Connection({
    instanceUrl: twin.instanceUrl,
    accessToken: twin.users['admin']!.accessToken,
    version: '66.0',
  });
});
afterAll(() => twin.close());

const account = async (name: string): Promise<string> => {
  const saved = await connection.sobject('Account').create({ Name: name });
  if (!saved.success) throw new Error('not saved');
  return saved.id;
};

describe('rows through jsforce', () => {
  it('creates, reads, updates and deletes one row', async () => {
    const id = await account('Atelier du Lavoir');
    expect(await connection.sobject('Account').retrieve(id)).toMatchObject({
      attributes: { type: 'Account', url: `/services/data/v66.0/sobjects/Account/${id}` },
      Name: 'Atelier du Lavoir',
      CreatedDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000\+0000$/),
    });
    expect(await connection.sobject('Account').update({ Id: id, Name: 'Atelier' })).toMatchObject({
      id,
      success: true,
    });
    expect(await connection.sobject('Account').destroy(id)).toMatchObject({ id, success: true });
    await expect(connection.sobject('Account').retrieve(id)).rejects.toMatchObject({
      errorCode: expect.stringMatching(/ENTITY_IS_DELETED|NOT_FOUND/),
    });
  });

  it('saves many with one refused row beside the good ones', async () => {
    const results = await connection.sobject('Contact').create([{ LastName: 'Aubry' }, { FirstName: 'Sans nom' }]);
    expect(results).toMatchObject([
      { success: true, id: expect.stringMatching(/^003\w{15}$/) },
      { success: false, errors: [{ statusCode: 'REQUIRED_FIELD_MISSING', fields: ['LastName'] }] },
    ]);
  });

  it('undoes all rows of an all-or-none call and says why', async () => {
    const results = await connection
      .sobject('Contact')
      .create([{ LastName: 'Bonnet' }, { FirstName: 'Sans nom' }], { allOrNone: true });
    expect(results).toMatchObject([
      { success: false, errors: [{ statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK' }] },
      { success: false, errors: [{ statusCode: 'REQUIRED_FIELD_MISSING' }] },
    ]);
    expect((await connection.query("SELECT Id FROM Contact WHERE LastName = 'Bonnet'")).totalSize).toBe(0);
  });

  it('refuses more than 200 rows in a collections call', async () => {
    const records = Array.from({ length: 201 }, (_, i) => ({ attributes: { type: 'Account' }, Name: `A${i}` }));
    await expect(connection.requestPost('/services/data/v66.0/composite/sobjects', { records })).rejects.toThrow(/200/);
  });

  it('pages through a query, and gives a lost page again', async () => {
    await connection.sobject('Lead').create(
      Array.from({ length: 450 }, (_, i) => ({ LastName: `Page${String(i).padStart(3, '0')}`, Company: 'Pages' })),
      { allowRecursive: true },
    );
    const soql = "SELECT LastName FROM Lead WHERE Company = 'Pages' ORDER BY LastName";
    const first = await connection.request<{
      done: boolean;
      nextRecordsUrl: string;
      totalSize: number;
      records: { LastName: string }[];
    }>({
      method: 'GET',
      url: `/services/data/v66.0/query?q=${encodeURIComponent(soql)}`,
      headers: { 'Sforce-Query-Options': 'batchSize=200' },
    });
    expect([first.done, first.totalSize, first.records.length]).toEqual([false, 450, 200]);
    expect(first.nextRecordsUrl).toMatch(/\/services\/data\/v66\.0\/query\/0r8\w+-200$/);
    const second = await connection.queryMore(first.nextRecordsUrl);
    const again = await connection.queryMore(first.nextRecordsUrl);
    expect(again.records).toEqual(second.records);
    const third = await connection.queryMore(second.nextRecordsUrl!);
    expect(third).toMatchObject({
      done: true,
      records: expect.arrayContaining([expect.objectContaining({ LastName: 'Page400' })]),
    });
    expect(third.records).toHaveLength(50);
    await expect(connection.queryMore('/services/data/v66.0/query/0r8xx0000000000AAA-2000')).rejects.toThrow(
      'invalid query locator',
    );
  });

  it('answers parents, children, aggregates and counts', async () => {
    const id = await account('Ferme des Trois Chênes');
    await connection.sobject('Contact').create([
      { LastName: 'Lenoir', AccountId: id },
      { LastName: 'Masson', AccountId: id },
    ]);
    const contacts = await connection.query(
      `SELECT LastName, Account.Name FROM Contact WHERE AccountId = '${id}' ORDER BY LastName`,
    );
    expect(contacts.records[0]).toMatchObject({ LastName: 'Lenoir', Account: { Name: 'Ferme des Trois Chênes' } });
    const accounts = await connection.query(
      `SELECT Name, (SELECT LastName FROM Contacts ORDER BY LastName) FROM Account WHERE Id = '${id}'`,
    );
    expect(accounts.records[0]).toMatchObject({
      Contacts: { totalSize: 2, done: true, records: [{ LastName: 'Lenoir' }, { LastName: 'Masson' }] },
    });
    const groups = await connection.query(
      `SELECT COUNT(Id) n, MAX(CreatedDate) latest FROM Contact WHERE AccountId = '${id}'`,
    );
    expect(groups.records[0]).toMatchObject({
      attributes: { type: 'AggregateResult' },
      n: 2,
      latest: expect.stringMatching(/\+0000$/),
    });
    expect(await connection.query(`SELECT COUNT() FROM Contact WHERE AccountId = '${id}'`)).toMatchObject({
      totalSize: 2,
      records: [],
    });
  });

  it('answers the columns of a query for tables', async () => {
    const soql = encodeURIComponent('SELECT Id, Owner.Name, (SELECT Id FROM Contacts) FROM Account');
    const answer = await connection.request<{
      columnMetadata: { columnName: string; joinColumns: { columnName: string }[] }[];
    }>(`/services/data/v66.0/query?q=${soql}&columns=true`);
    expect(answer).toMatchObject({
      entityName: 'Account',
      idSelected: true,
      keyPrefix: '001',
      columnMetadata: [
        { columnName: 'Id', aggregate: false, joinColumns: [] },
        { columnName: 'Owner', joinColumns: [{ columnName: 'Name' }] },
        { columnName: 'Contacts', aggregate: true, joinColumns: [{ columnName: 'Id' }] },
      ],
    });
  });

  it('guards rows by If-Unmodified-Since and If-Modified-Since', async () => {
    const id = await account('Horloge');
    const url = `/services/data/v66.0/sobjects/Account/${id}`;
    const past = new Date(Date.UTC(2001, 0, 1)).toUTCString();
    await expect(
      connection.request({
        method: 'PATCH',
        url,
        body: '{"Name":"X"}',
        headers: { 'content-type': 'application/json', 'If-Unmodified-Since': past },
      }),
    ).rejects.toMatchObject({ errorCode: 'PRECONDITION_FAILED' });
    expect(await connection.sobject('Account').retrieve(id)).toMatchObject({ Name: 'Horloge' });
  });

  it('lists deleted and updated rows', async () => {
    const id = await account('Passage');
    await connection.sobject('Account').destroy(id);
    const [from, to] = [new Date(Date.now() - 3_600_000), new Date(Date.now() + 3_600_000)];
    const { deletedRecords } = await connection.sobject('Account').deleted(from, to);
    expect(deletedRecords.map((row) => row.id)).toContain(id);
    const other = await account('Présent');
    expect((await connection.sobject('Account').updated(from, to)).ids).toContain(other);
  });

  it('keeps file bytes', async () => {
    const bytes = Buffer.from('%PDF-1.4 invented');
    const version = await connection.sobject('ContentVersion').create({
      Title: 'Reçu',
      PathOnClient: 'recu.pdf',
      VersionData: bytes.toString('base64'),
    });
    const answer = await fetch(
      `${twin.instanceUrl}/services/data/v66.0/sobjects/ContentVersion/${version.id ?? ''}/VersionData`,
      {
        headers: { authorization: `Bearer ${twin.users['admin']!.accessToken}` },
      },
    );
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
  });

  it('tells limits, counts and who is signed in', async () => {
    expect(await connection.limits()).toHaveProperty('DailyApiRequests');
    expect(connection.limitInfo).toMatchObject({ apiUsage: { limit: 100_000 } });
    expect(await connection.identity()).toMatchObject({ user_id: twin.users['admin']!.userId });
    const counts = await connection.request<{ sObjects: { name: string; count: number }[] }>(
      '/services/data/v66.0/limits/recordCount?sObjects=account,Nothing__c',
    );
    expect(counts.sObjects).toEqual([{ name: 'Account', count: expect.any(Number) }]);
  });

  it('signs in by SOAP below version 65 only', async () => {
    const { username, password } = twin.users['admin']!;
    const old = new jsforce.Connection({ loginUrl: twin.instanceUrl, version: '64.0' });
    expect(await old.login(username, password!)).toMatchObject({
      id: twin.users['admin']!.userId,
      organizationId: twin.orgId,
    });
    expect((await old.query('SELECT Id FROM User LIMIT 1')).records).toHaveLength(1);
    const now = new jsforce.Connection({ loginUrl: twin.instanceUrl, version: '66.0' });
    await expect(now.login(username, password!)).rejects.toThrow(/UNSUPPORTED_API_VERSION/);
    await expect(old.login(username, 'wrong')).rejects.toThrow(/INVALID_LOGIN/);
  });

  it('merges contacts by SOAP and keeps the loser in the recycle bin', async () => {
    const [master, loser] = await connection
      .sobject('Contact')
      .create([{ LastName: 'Double' }, { LastName: 'Doublé' }]);
    const changed = { type: 'Contact', Id: master!.id!, Phone: '+33 1 99 00 00 00' };
    const merged = await connection.soap.merge({
      masterRecord: changed,
      recordToMergeIds: [loser!.id!],
    });
    expect(merged).toMatchObject({ success: true, id: master!.id });
    expect(await connection.sobject('Contact').retrieve(master!.id!)).toMatchObject({ Phone: '+33 1 99 00 00 00' });
    const bin = await connection.query(`SELECT MasterRecordId, IsDeleted FROM Contact WHERE Id = '${loser!.id!}'`, {
      scanAll: true,
    });
    expect(bin.records[0]).toMatchObject({ IsDeleted: true, MasterRecordId: master!.id });
  });
});
