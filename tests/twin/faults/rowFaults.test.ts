import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ControlledTwin } from '../../../scripts/twin/controls.ts';
import { startTwin } from '../../../scripts/twin/startTwin.ts';
import { bearerOf, callTwin, rest } from '../protocol/callTwin.ts';

let twin: ControlledTwin;
beforeAll(async () => {
  twin = await startTwin({ shape: 'bare', port: 0, production: true });
});
afterAll(() => twin.close());
afterEach(() => twin.faults.clear());

const record = (row: object) => ({ attributes: { type: 'Contact' }, ...row });
const createMany = (names: readonly string[], allOrNone = false) =>
  rest(twin, 'POST', '/composite/sobjects', {
    body: { allOrNone, records: names.map((LastName) => record({ LastName })) },
  });
const idsOf = (body: unknown): string[] => (body as { id: string }[]).map(({ id }) => id);
const codesOf = (body: unknown): string[] =>
  (body as { success: boolean; errors: { statusCode: string }[] }[]).map(({ success, errors }) =>
    success ? 'OK' : errors[0]!.statusCode,
  );
const contacts = (): number => twin.engine.recordCounts(['Contact'])['Contact']!;

describe('faults of rows', () => {
  it('lock the rows named and let the others be saved', async () => {
    const ids = idsOf((await createMany(['Un', 'Deux', 'Trois'])).body);
    twin.faults.add({ kind: 'rows', code: 'UNABLE_TO_LOCK_ROW', match: { operation: 'update', ids: [ids[1]!] } });
    const records = ids.map((id) => record({ Id: id, FirstName: 'Neuf' }));
    const reply = await rest(twin, 'PATCH', '/composite/sobjects', { body: { records } });
    expect(codesOf(reply.body)).toEqual(['OK', 'UNABLE_TO_LOCK_ROW', 'OK']);
    expect(JSON.stringify(reply.body)).toContain(
      `unable to obtain exclusive access to this record or 1 records: ${ids[1]!}`,
    );
    expect(twin.faults.hits()).toMatchObject([{ kind: 'rows', where: 'update: Contact', ids: [ids[1]] }]);
  });

  it('undo the others with all-or-none', async () => {
    twin.faults.add({ kind: 'rows', code: 'UNABLE_TO_LOCK_ROW', match: { values: { LastName: 'Deux' } } });
    const before = contacts();
    const reply = await createMany(['Un', 'Deux', 'Trois'], true);
    expect(codesOf(reply.body)).toEqual([
      'ALL_OR_NONE_OPERATION_ROLLED_BACK',
      'UNABLE_TO_LOCK_ROW',
      'ALL_OR_NONE_OPERATION_ROLLED_BACK',
    ]);
    expect(contacts()).toBe(before);
  });

  it('count rows, whatever the call they come in', async () => {
    twin.faults.add({
      kind: 'rows',
      code: 'STORAGE_LIMIT_EXCEEDED',
      message: 'storage limit exceeded',
      when: { every: 2 },
    });
    expect(codesOf((await createMany(['Un', 'Deux', 'Trois'])).body)).toEqual(['OK', 'STORAGE_LIMIT_EXCEEDED', 'OK']);
    expect(await rest(twin, 'POST', '/sobjects/Contact', { body: { LastName: 'Quatre' } })).toMatchObject({
      status: 400,
      body: [{ errorCode: 'STORAGE_LIMIT_EXCEEDED', message: 'storage limit exceeded' }],
    });
  });

  it('reach Bulk 2.0, as its result file words them', async () => {
    const ids = idsOf((await createMany(['Un', 'Deux'])).body);
    twin.faults.add({ kind: 'rows', code: 'UNABLE_TO_LOCK_ROW', match: { operation: 'delete', ids } });
    const job = (await rest(twin, 'POST', '/jobs/ingest', { body: { object: 'Contact', operation: 'delete' } }))
      .body as { id: string };
    await callTwin(twin, `/services/data/v66.0/jobs/ingest/${job.id}/batches`, {
      method: 'PUT',
      headers: { ...bearerOf(twin), 'content-type': 'text/csv' },
      body: `Id\n${ids.join('\n')}\n`,
    });
    await rest(twin, 'PATCH', `/jobs/ingest/${job.id}`, { body: { state: 'UploadComplete' } });
    const status = await rest(twin, 'GET', `/jobs/ingest/${job.id}`);
    expect(status.body).toMatchObject({ state: 'JobComplete', numberRecordsFailed: 2 });
    const { text } = await callTwin(twin, `/services/data/v66.0/jobs/ingest/${job.id}/failedResults`, {
      headers: bearerOf(twin),
    });
    expect(text).toContain(
      `UNABLE_TO_LOCK_ROW:unable to obtain exclusive access to this record or 2 records: ${ids.join(',')}:--`,
    );
  });

  it('refuse a merge whole', async () => {
    const [master, loser] = idsOf((await createMany(['Un', 'Deux'])).body);
    twin.faults.add({ kind: 'rows', code: 'UNABLE_TO_LOCK_ROW', match: { operation: 'merge' } });
    const session = { orgId: twin.orgId, userId: twin.users['admin']!.userId, username: '', apiVersion: 66 };
    const before = contacts();
    const body =
      `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header><SessionHeader xmlns="urn:partner.soap.sforce.com"><sessionId>${twin.users['admin']!.accessToken}</sessionId></SessionHeader></e:Header>` +
      `<e:Body><merge xmlns="urn:partner.soap.sforce.com"><request><masterRecord><type xmlns="urn:sobject.partner.soap.sforce.com">Contact</type><Id xmlns="urn:sobject.partner.soap.sforce.com">${master!}</Id></masterRecord><recordToMergeIds>${loser!}</recordToMergeIds></request></merge></e:Body></e:Envelope>`;
    const { text } = await callTwin(twin, '/services/Soap/u/60.0', { method: 'POST', body });
    expect(text).toContain('UNABLE_TO_LOCK_ROW');
    expect(contacts()).toBe(before);
    expect(twin.engine.retrieve(session, 'Contact', loser!, ['Id'])['Id']).toBe(loser);
  });

  it('leave other rows, other operations and the program that holds the twin alone', async () => {
    twin.faults.add({ kind: 'rows', code: 'UNABLE_TO_LOCK_ROW', match: { operation: 'delete', object: 'Contact' } });
    expect(codesOf((await createMany(['Un'])).body)).toEqual(['OK']);
    const [id] = idsOf((await createMany(['Deux'])).body);
    const session = { orgId: twin.orgId, userId: twin.users['admin']!.userId, username: '', apiVersion: 66 };
    expect(twin.engine.delete(session, [id!], { allOrNone: false })).toMatchObject([{ success: true }]);
    expect(twin.faults.list()[0]).toMatchObject({ matched: 0 });
  });
});
