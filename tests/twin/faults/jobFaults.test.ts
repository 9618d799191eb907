import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ControlledTwin } from '../../../scripts/twin/controls.ts';
import type { FaultInput } from '../../../scripts/twin/faults/faultPlan.ts';
import { startTwin } from '../../../scripts/twin/startTwin.ts';
import { writeZip } from '../../../scripts/twin/zip.ts';
import { bearerOf, callTwin, jsonOf, rest } from '../protocol/callTwin.ts';

let twin: ControlledTwin;
beforeAll(async () => {
  twin = await startTwin({ shape: 'bare', port: 0, production: true, now: () => Date.UTC(2026, 2, 1) });
});
afterAll(() => twin.close());
afterEach(() => twin.faults.clear());

const contacts = (): number => twin.engine.recordCounts(['Contact'])['Contact']!;

/** An insert job of so many contacts, closed; answers its id. */
const load = async (rows: number): Promise<string> => {
  const made = await rest(twin, 'POST', '/jobs/ingest', { body: { object: 'Contact', operation: 'insert' } });
  const { id } = made.body as { id: string };
  const lines = Array.from({ length: rows }, (_, i) => `Fictif ${i}`);
  await callTwin(twin, `/services/data/v66.0/jobs/ingest/${id}/batches`, {
    method: 'PUT',
    headers: { ...bearerOf(twin), 'content-type': 'text/csv' },
    body: `LastName\n${lines.join('\n')}\n`,
  });
  await rest(twin, 'PATCH', `/jobs/ingest/${id}`, { body: { state: 'UploadComplete' } });
  return id;
};
const stateOf = async (id: string, kind = 'ingest') =>
  (await rest(twin, 'GET', `/jobs/${kind}/${id}`)).body as { state: string; errorMessage?: string };
const file = async (id: string, name: string): Promise<string[]> =>
  (await callTwin(twin, `/services/data/v66.0/jobs/ingest/${id}/${name}`, { headers: bearerOf(twin) })).text
    .trim()
    .split('\n');

describe('a Bulk job that is to fail', () => {
  it('ends Failed, the first rows written and the others unprocessed', async () => {
    const message = 'InternalServerError : No response from the server';
    twin.faults.add({ kind: 'jobFailure', match: { object: 'Contact', operation: 'insert' }, afterRows: 200, message });
    const before = contacts();
    const id = await load(450);
    expect(await stateOf(id)).toMatchObject({ state: 'Failed', errorMessage: message });
    expect(contacts()).toBe(before + 200);
    expect((await file(id, 'successfulResults')).length - 1).toBe(200);
    expect((await file(id, 'unprocessedrecords')).length - 1).toBe(250);
    expect(twin.faults.hits()).toMatchObject([{ kind: 'jobFailure', where: 'ingest job: insert Contact' }]);
  });

  it('may be a query', async () => {
    twin.faults.add({ kind: 'jobFailure', match: { job: 'query' } });
    const body = { operation: 'query', query: 'SELECT Id FROM Contact' };
    const { id } = (await rest(twin, 'POST', '/jobs/query', { body })).body as { id: string };
    expect((await stateOf(id, 'query')).state).toBe('Failed');
  });
});

describe('a slow Bulk job', () => {
  const slow: FaultInput = { kind: 'slow', match: { job: 'ingest' }, when: { times: 1 } };

  it('stays in progress for so many looks', async () => {
    twin.faults.add({ ...slow, polls: 3 });
    const before = contacts();
    const id = await load(2);
    const states: string[] = [];
    for (let look = 0; look < 4; look += 1) {
      if (look < 3) expect(contacts()).toBe(before);
      states.push((await stateOf(id)).state);
    }
    expect(states).toEqual(['InProgress', 'InProgress', 'InProgress', 'JobComplete']);
    expect(contacts()).toBe(before + 2);
  });

  it('stays in progress for so long on the clock of the org', async () => {
    twin.faults.add({ ...slow, seconds: 3_600 });
    const id = await load(1);
    expect((await stateOf(id)).state).toBe('InProgress');
    twin.clock.advance(3_600_000);
    expect((await stateOf(id)).state).toBe('JobComplete');
  });

  it('can be aborted meanwhile, and then writes nothing', async () => {
    twin.faults.add({ ...slow, seconds: 60 });
    const before = contacts();
    const id = await load(1);
    expect((await rest(twin, 'PATCH', `/jobs/ingest/${id}`, { body: { state: 'Aborted' } })).status).toBe(200);
    twin.clock.advance(60_000);
    expect((await stateOf(id)).state).toBe('Aborted');
    expect(contacts()).toBe(before);
  });
});

describe('a slow deployment', () => {
  const deploy = async (): Promise<string> => {
    const manifest = '<Package xmlns="http://soap.sforce.com/2006/04/metadata"><version>66.0</version></Package>';
    const zip = writeZip([{ path: 'package.xml', content: Buffer.from(manifest) }]);
    const envelope = `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns="http://soap.sforce.com/2006/04/metadata"><e:Header><SessionHeader><sessionId>${twin.users['admin']!.accessToken}</sessionId></SessionHeader></e:Header><e:Body><deploy><ZipFile>${zip.toString('base64')}</ZipFile><DeployOptions/></deploy></e:Body></e:Envelope>`;
    const { text } = await callTwin(twin, '/services/Soap/m/66.0', { method: 'POST', body: envelope });
    return /<id>(\w+)<\/id>/.exec(text)![1]!;
  };
  const address = (id: string): string => `/services/data/v66.0/metadata/deployRequest/${id}`;
  const statusOf = async (id: string): Promise<string> => {
    const reply = await callTwin(twin, address(id), { headers: bearerOf(twin) });
    return (jsonOf(reply) as { deployResult: { status: string } }).deployResult.status;
  };

  it('stays in progress for so many looks', async () => {
    twin.faults.add({ kind: 'slow', match: { job: 'deploy' }, polls: 2 });
    const id = await deploy();
    expect([await statusOf(id), await statusOf(id), await statusOf(id)]).toEqual([
      'InProgress',
      'InProgress',
      'Succeeded',
    ]);
  });

  it('can be cancelled meanwhile', async () => {
    twin.faults.add({ kind: 'slow', match: { job: 'deploy' } });
    const id = await deploy();
    expect(await statusOf(id)).toBe('InProgress');
    const cancel = { method: 'PATCH', headers: bearerOf(twin), body: '{"deployResult":{"status":"Canceling"}}' };
    await callTwin(twin, address(id), cancel);
    twin.faults.clear();
    expect(await statusOf(id)).toBe('Canceled');
  });

  it('may fail as a whole', async () => {
    twin.faults.add({ kind: 'jobFailure', match: { job: 'deploy' } });
    expect(await statusOf(await deploy())).toBe('Failed');
  });
});
