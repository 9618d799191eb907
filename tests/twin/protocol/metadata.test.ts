import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import jsforce from 'jsforce';
import type { Connection } from 'jsforce';
import type { Twin } from '../../../scripts/twin/contract.ts';
import { startTwin } from '../../../scripts/twin/startTwin.ts';
import { readZip, writeZip } from '../../../scripts/twin/zip.ts';
import { bearerOf, callTwin, rest } from './callTwin.ts';
import { packageFiles } from './invitedPackage.ts';

let twin: Twin;
let connection: Connection;
beforeAll(async () => {
  twin = await startTwin({ shape: 'bare', port: 0, production: true });
  connection = new jsforce.Connection({
    instanceUrl: twin.instanceUrl,
    accessToken: twin.users['admin']!.accessToken,
    version: '66.0',
  });
  connection.metadata.pollInterval = 10;
});
afterAll(() => twin.close());

const list = <T>(value: T | readonly T[] | undefined): T[] => (value === undefined ? [] : ([value].flat() as T[]));
const exists = async (): Promise<boolean> => (await rest(twin, 'GET', '/sobjects/Invited__c/describe')).status === 200;

const multipart = (zip: Uint8Array, options: unknown): { headers: Record<string, string>; body: Buffer } => {
  const boundary = 'b0undary';
  const part = (head: string, body: Uint8Array | string): Buffer =>
    Buffer.concat([
      Buffer.from(`--${boundary}\r\n${head}\r\n\r\n`),
      typeof body === 'string' ? Buffer.from(body) : body,
      Buffer.from('\r\n'),
    ]);
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: Buffer.concat([
      part(
        'Content-Disposition: form-data; name="entity_content"\r\nContent-Type: application/json',
        JSON.stringify(options),
      ),
      part('Content-Disposition: form-data; name="file"; filename="package.xml"\r\nContent-Type: application/zip', zip),
      Buffer.from(`--${boundary}--\r\n`),
    ]),
  };
};

describe('metadata', () => {
  it('reports a component’s problem with its file and deploys nothing', async () => {
    const zip = writeZip(packageFiles('Nonsense'));
    const result = await connection.metadata.deploy(zip, { rollbackOnError: true, singlePackage: true }).complete(true);
    expect(result).toMatchObject({ status: 'Failed', success: false, done: true });
    const failures = list(result.details.componentFailures);
    expect(failures[0]).toMatchObject({ fileName: 'objects/Invited__c.object', problemType: 'Error', success: false });
    expect(await exists()).toBe(false);
  });

  it('validates without changing the org, then deploys the validation quickly', async () => {
    const check = await connection.metadata
      .deploy(writeZip(packageFiles()), { rollbackOnError: true, checkOnly: true })
      .complete(true);
    expect(check).toMatchObject({ status: 'Succeeded', checkOnly: true });
    expect(await exists()).toBe(false);
    const quick = await connection.metadata.deployRecentValidation({ id: check.id });
    const done = await connection.metadata.checkDeployStatus(quick, true);
    expect(done).toMatchObject({ status: 'Succeeded', checkOnly: false });
    expect(await exists()).toBe(true);
  });

  it('finds the package in a folder of the zip and reports one message per field', async () => {
    const files = packageFiles().map(({ path, content }) => ({ path: `pkg/${path}`, content }));
    const result = await connection.metadata.deploy(writeZip(files), { rollbackOnError: true }).complete(true);
    expect(result.status).toBe('Succeeded');
    const messages = list(result.details.componentSuccesses).map(
      ({ componentType, fullName }) => `${componentType} ${fullName}`,
    );
    expect(messages).toEqual(
      expect.arrayContaining([
        'CustomObject Invited__c',
        'CustomField Invited__c.Key__c',
        'PermissionSet Invited_Reader',
      ]),
    );
  });

  it('deploys by REST multipart', async () => {
    const { headers, body } = multipart(writeZip(packageFiles()), {
      deployOptions: { rollbackOnError: true, singlePackage: true },
    });
    const reply = await callTwin(twin, '/services/data/v66.0/metadata/deployRequest', {
      method: 'POST',
      headers: { ...bearerOf(twin), ...headers },
      body,
    });
    expect(reply.status).toBe(201);
    const { id } = JSON.parse(reply.text) as { id: string };
    expect(id).toMatch(/^0Af\w{15}$/);
    const status = await rest(twin, 'GET', `/metadata/deployRequest/${id}?includeDetails=true`);
    expect(status.body).toMatchObject({
      id,
      deployResult: { done: true, status: 'Succeeded', details: { componentFailures: [] } },
    });
  });

  it('retrieves what it holds as a zip with a manifest', async () => {
    const result = await connection.metadata
      .retrieve({
        apiVersion: '66.0',
        unpackaged: { types: [{ name: 'CustomObject', members: ['Invited__c'] }], version: '66.0' },
      } as never)
      .complete();
    expect(result).toMatchObject({ status: 'Succeeded', success: expect.anything() });
    const files = readZip(Buffer.from(result.zipFile, 'base64'));
    expect(files.map(({ path }) => path).sort()).toEqual([
      'unpackaged/objects/Invited__c.object',
      'unpackaged/package.xml',
    ]);
    const object = files.find(({ path }) => path.endsWith('.object'))!;
    expect(Buffer.from(object.content).toString()).toContain('<fullName>Key__c</fullName>');
  });

  it('lists and describes types; one the org has none of is an empty list', async () => {
    const found = await connection.metadata.list([{ type: 'CustomObject' }], '66.0');
    expect(list(found).map(({ fullName }) => fullName)).toContain('Invited__c');
    expect(list(await connection.metadata.list([{ type: 'WaveDashboard' }], '66.0'))).toEqual([]);
    const { metadataObjects } = await connection.metadata.describe('66.0');
    expect(metadataObjects.map(({ xmlName }) => xmlName)).toEqual(
      expect.arrayContaining(['CustomObject', 'PermissionSet', 'LightningComponentBundle']),
    );
  });

  it('refuses what is no zip, and a zip without a manifest, in the status', async () => {
    const broken = await connection.metadata.deploy(Buffer.from('no zip').toString('base64'), {}).complete(true);
    expect(broken).toMatchObject({ status: 'Failed', errorMessage: expect.stringContaining('zip') });
    const empty = await connection.metadata
      .deploy(writeZip([{ path: 'x.txt', content: Buffer.from('x') }]), {})
      .complete(true);
    expect(empty).toMatchObject({ status: 'Failed', errorMessage: 'No package.xml found' });
  });

  it('shows deployed fields to those the permission set is assigned to', async () => {
    const officer = twin.users['officer']!;
    expect((await rest(twin, 'GET', '/sobjects/Invited__c/describe', { role: 'officer' })).status).toBe(404);
    const set = await connection.query<{ Id: string }>("SELECT Id FROM PermissionSet WHERE Name = 'Invited_Reader'");
    for (const { userId } of [officer, twin.users['admin']!]) {
      const assignment = { AssigneeId: userId, PermissionSetId: set.records[0]!.Id };
      await connection.sobject('PermissionSetAssignment').create(assignment);
    }
    const described = await rest(twin, 'GET', '/sobjects/Invited__c/describe', { role: 'officer' });
    expect((described.body as { fields: { name: string }[] }).fields.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['Key__c', 'Note__c']),
    );
  });

  it('upserts by the deployed key: created, updated, and by address', async () => {
    const created = await rest(twin, 'PATCH', '/sobjects/Invited__c/Key__c/K%2F1', { body: { Name: 'Un' } });
    expect(created).toMatchObject({ status: 201, body: { created: true, success: true } });
    const updated = await rest(twin, 'PATCH', '/sobjects/Invited__c/Key__c/K%2F1', { body: { Note__c: 'deux' } });
    expect(updated).toMatchObject({ status: 200, body: { created: false } });
    expect((await rest(twin, 'GET', '/sobjects/Invited__c/Key__c/K%2F1')).body).toMatchObject({
      Name: 'Un',
      Note__c: 'deux',
    });
    const many = await connection.sobject('Invited__c').upsert(
      [
        { Key__c: 'K/1', Note__c: 'trois' },
        { Key__c: 'K2', Name: 'Deux' },
      ],
      'Key__c',
    );
    expect(many).toMatchObject([
      { success: true, created: false },
      { success: true, created: true },
    ]);
    expect((await rest(twin, 'DELETE', '/sobjects/Invited__c/Key__c/K2')).status).toBe(204);
    expect((await rest(twin, 'GET', '/sobjects/Invited__c/Key__c/K2')).status).toBe(404);
  });

  it('starts over at a reset with the same tokens', async () => {
    const reply = await callTwin(twin, '/garde/admin/reset', {
      method: 'POST',
      headers: { 'x-garde-admin': twin.adminToken },
    });
    expect(reply.status).toBe(200);
    expect(await exists()).toBe(false);
    expect((await connection.query('SELECT Id FROM User')).totalSize).toBeGreaterThan(0);
  });
});
