import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Session } from '../../../scripts/twin/contract.ts';
import type { ControlledTwin } from '../../../scripts/twin/controls.ts';
import { startTwin } from '../../../scripts/twin/startTwin.ts';
import { bearerOf, callTwin, jsonOf, rest } from '../protocol/callTwin.ts';

let twin: ControlledTwin;
beforeAll(async () => {
  twin = await startTwin({ shape: 'npsp', port: 0, production: true, now: () => Date.UTC(2026, 2, 1) });
});
afterAll(() => twin.close());

const admin = (): Session => ({
  orgId: twin.orgId,
  userId: twin.users['admin']!.userId,
  username: twin.users['admin']!.username,
  apiVersion: 66,
});
const options = { allOrNone: true };
const insert = (on: ControlledTwin, object: string, row: Record<string, string>): string =>
  on.engine.insert(admin(), object, [row], options)[0]!.id!;
const names = (on: ControlledTwin, soql: string): unknown[] =>
  [...on.engine.query(admin(), soql, { includeDeleted: true }).rows].map((row) => row['Name']);

const xml = (root: string, body: string): string =>
  `<${root} xmlns="http://soap.sforce.com/2006/04/metadata">${body}</${root}>`;
const members = '<types><members>Mise__c</members><name>CustomObject</name></types><version>66.0</version>';
const object = `<CustomObject xmlns="http://soap.sforce.com/2006/04/metadata"><label>Mise</label><pluralLabel>Mises</pluralLabel><nameField><type>AutoNumber</type><label>N</label><displayFormat>M-{0000}</displayFormat></nameField><deploymentStatus>Deployed</deploymentStatus><sharingModel>ReadWrite</sharingModel></CustomObject>`;
const files = (contents: Readonly<Record<string, string>>) =>
  Object.entries(contents).map(([path, content]) => ({ path, content: Buffer.from(content) }));
const deploy = (on: ControlledTwin) =>
  on.engine.deployMetadata(
    admin(),
    files({ 'package.xml': xml('Package', members), 'objects/Mise__c.object': object }),
    { checkOnly: false },
  );
const destroy = (on: ControlledTwin) =>
  on.engine.deployMetadata(
    admin(),
    files({
      'package.xml': xml('Package', '<version>66.0</version>'),
      'destructiveChanges.xml': xml('Package', members),
    }),
    { checkOnly: false },
  );

describe('a snapshot', () => {
  it('brings back rows, bin, bytes, clock, and takes back what was deployed since', async () => {
    const kept = insert(twin, 'Account', { Name: 'Restée' });
    const binned = insert(twin, 'Account', { Name: 'Jetée' });
    twin.engine.delete(admin(), [binned], options);
    const file = insert(twin, 'ContentVersion', { Title: 'Note', PathOnClient: 'note.txt', VersionData: 'ZmljdGlm' });
    const { id, bytes } = await twin.snapshots.take();
    const journal = twin.engine.journal(0);
    expect(bytes).toBeGreaterThan(100_000);

    twin.clock.advance(20 * 86_400_000);
    twin.engine.delete(admin(), [kept], options);
    insert(twin, 'Account', { Name: 'Venue après' });
    expect(deploy(twin).failures).toEqual([]);

    await twin.snapshots.restore(id);
    expect(twin.clock.iso()).toBe('2026-03-01T00:00:00.000Z');
    expect(
      names(twin, "SELECT Name FROM Account WHERE Name IN ('Restée', 'Jetée', 'Venue après') ORDER BY Name"),
    ).toEqual(['Jetée', 'Restée']);
    expect(Buffer.from(twin.engine.readBlob(admin(), 'ContentVersion', file, 'VersionData')).toString()).toBe('fictif');
    expect(twin.engine.canonicalObject(admin(), 'Mise__c')).toBeUndefined();
    expect(twin.engine.journal(0)).toEqual(journal);
    expect(twin.engine.undelete(admin(), [binned], options)).toMatchObject([{ success: true }]);
  });

  it('can be restored again and again, under the same tokens', async () => {
    const { id } = await twin.snapshots.take();
    for (const name of ['Première', 'Seconde']) {
      expect((await rest(twin, 'POST', '/sobjects/Account', { body: { Name: name } })).status).toBe(201);
      await twin.snapshots.restore(id);
      expect(names(twin, `SELECT Name FROM Account WHERE Name = '${name}'`)).toEqual([]);
    }
  });

  it('goes on with ids and auto-numbers where it was', async () => {
    deploy(twin);
    await rest(twin, 'GET', '/limits');
    const { id } = await twin.snapshots.take();
    const first = insert(twin, 'Account', { Name: 'A' });
    await twin.snapshots.restore(id);
    expect(insert(twin, 'Account', { Name: 'A' })).toBe(first);
  });

  it('takes the journal on from there', async () => {
    const { id } = await twin.snapshots.take();
    const last = twin.engine.journal(0).at(-1)!.sequence;
    await twin.snapshots.restore(id);
    insert(twin, 'Account', { Name: 'Suite' });
    expect(twin.engine.journal(last)[0]).toMatchObject({ sequence: last + 1, object: 'Account' });
  });

  it('is listed and removed by the admin', async () => {
    const call = async (method: string, path: string) =>
      callTwin(twin, `/garde/admin/${path}`, { method, headers: { 'x-garde-admin': twin.adminToken } });
    const taken = await call('POST', 'snapshots');
    expect(taken.status).toBe(201);
    const { id } = jsonOf(taken) as { id: string };
    expect(jsonOf(await call('GET', 'snapshots'))).toMatchObject({
      snapshots: expect.arrayContaining([jsonOf(taken)]),
    });
    expect((await call('POST', `snapshots/${id}/restore`)).status).toBe(200);
    expect((await call('DELETE', `snapshots/${id}`)).status).toBe(204);
    expect((await call('POST', `snapshots/${id}/restore`)).status).toBe(404);
  });
});

describe('a clone', () => {
  it('holds the same org at another address and goes its own way', async () => {
    const id = insert(twin, 'Account', { Name: 'Commune' });
    twin.clock.advance(86_400_000);
    const clone = await twin.clone();
    expect(clone.instanceUrl).not.toBe(twin.instanceUrl);
    expect(clone.orgId).toBe(twin.orgId);
    expect(clone.clock.iso()).toBe(twin.clock.iso());
    expect((await rest(clone, 'GET', `/sobjects/Account/${id}?fields=Name`)).body).toMatchObject({ Name: 'Commune' });
    expect((await callTwin(clone, '/services/data/v66.0/limits', { headers: bearerOf(twin) })).status).toBe(401);

    await rest(clone, 'DELETE', `/sobjects/Account/${id}`);
    clone.clock.advance(86_400_000);
    clone.faults.add({ kind: 'error', code: 'SERVER_UNAVAILABLE' });
    expect((await rest(twin, 'GET', `/sobjects/Account/${id}?fields=Name`)).status).toBe(200);
    await clone.close();
    expect((await rest(twin, 'GET', `/sobjects/Account/${id}?fields=Name`)).status).toBe(200);
  });

  it('takes deployed metadata along and deploys on its own', async () => {
    deploy(twin);
    const clone = await twin.clone();
    expect(clone.engine.listMetadata(admin(), 'CustomObject').map(({ fullName }) => fullName)).toContain('Mise__c');
    expect(destroy(clone).failures).toEqual([]);
    expect(clone.engine.canonicalObject(admin(), 'Mise__c')).toBeUndefined();
    expect(twin.engine.listMetadata(admin(), 'CustomObject').map(({ fullName }) => fullName)).toContain('Mise__c');
    await clone.close();
  });

  it('is made and stopped by the admin', async () => {
    const made = await callTwin(twin, '/garde/admin/clone', {
      method: 'POST',
      headers: { 'x-garde-admin': twin.adminToken },
    });
    expect(made.status).toBe(201);
    const clone = jsonOf(made) as ControlledTwin;
    expect((await rest(clone, 'GET', '/limits')).status).toBe(200);
    const headers = { 'x-garde-admin': clone.adminToken };
    expect((await callTwin(clone, '/garde/admin/stop', { method: 'POST', headers })).status).toBe(202);
  });
});
