import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Twin } from '../../../scripts/twin/contract.ts';
import { startTwin } from '../../../scripts/twin/startTwin.ts';
import { callTwin, jsonOf, rest } from './callTwin.ts';
import type { Reply } from './callTwin.ts';

let twin: Twin;
let stopped = 0;
beforeAll(async () => {
  const options = { shape: 'bare', port: 0, production: true, now: () => Date.UTC(2026, 2, 1) } as const;
  twin = await startTwin({ ...options, onStop: () => (stopped += 1) });
});
afterAll(() => twin.close());

const admin = (method: string, path: string, body?: string): Promise<Reply> =>
  callTwin(twin, `/garde/admin/${path}`, {
    method,
    headers: { 'x-garde-admin': twin.adminToken },
    ...(body === undefined ? {} : { body }),
  });
const lines = (rows: readonly unknown[]): string => rows.map((row) => JSON.stringify(row)).join('\n');

describe('admin', () => {
  it('loads rows as given, with ids, audit fields and IsDeleted', async () => {
    const rows = [
      { Id: '001AA00000000zzAAA', Name: 'Ancienne', CreatedDate: '2011-05-04T03:02:01.000Z', IsDeleted: false },
      { Id: '001AA00000000zyAAA', Name: 'Partie', IsDeleted: true },
    ].map((row) => ({ ...row, Id: row.Id.slice(0, 15) }));
    const reply = await admin('POST', 'load?object=Account', lines(rows));
    expect([reply.status, jsonOf(reply)]).toEqual([200, { object: 'Account', loaded: 2 }]);
    const found = await rest(
      twin,
      'GET',
      '/queryAll?q=SELECT+Id,Name,CreatedDate,IsDeleted+FROM+Account+ORDER+BY+Name',
    );
    expect(found.body).toMatchObject({
      records: [
        { Name: 'Ancienne', CreatedDate: '2011-05-04T03:02:01.000+0000', IsDeleted: false },
        { Name: 'Partie', IsDeleted: true },
      ],
    });
  });

  it('names the line that is no JSON object, not its content', async () => {
    const reply = await admin('POST', 'load?object=Account', '{"Name":"A"}\nsecret@person.example\n');
    expect(reply.status).toBe(400);
    expect(jsonOf(reply)).toEqual([{ errorCode: 'JSON_PARSER_ERROR', message: 'Line 2 is not a JSON object.' }]);
  });

  it('moves the clock', async () => {
    expect(jsonOf(await admin('POST', 'clock', '{"advanceSeconds": 86400}'))).toEqual({
      now: '2026-03-02T00:00:00.000Z',
      rate: 1,
    });
    expect(jsonOf(await admin('POST', 'clock', '{"set": "2030-01-01T00:00:00Z"}'))).toEqual({
      now: '2030-01-01T00:00:00.000Z',
      rate: 1,
    });
    expect((await admin('POST', 'clock', '{"set": "tomorrow"}')).status).toBe(400);
  });

  it('freezes the clock and lets it run faster', async () => {
    expect(jsonOf(await admin('POST', 'clock', '{"rate": 3600}'))).toMatchObject({ rate: 3600 });
    expect(jsonOf(await admin('POST', 'clock', '{"freeze": true}'))).toMatchObject({ rate: 0 });
    expect(jsonOf(await admin('GET', 'clock'))).toEqual({ now: '2030-01-01T00:00:00.000Z', rate: 0 });
    expect((await admin('POST', 'clock', '{"rate": -1}')).status).toBe(400);
    await admin('POST', 'clock', '{"rate": 1}');
  });

  it('tells what changed since a sequence number, without values', async () => {
    const before = jsonOf(await admin('GET', 'journal?since=0')) as { entries: { sequence: number }[] };
    const since = before.entries.at(-1)?.sequence ?? 0;
    await rest(twin, 'POST', '/sobjects/Account', { body: { Name: 'Journal Intime' } });
    const reply = await admin('GET', `journal?since=${since}`);
    const { entries } = jsonOf(reply) as { entries: unknown[] };
    expect(entries[0]).toMatchObject({ object: 'Account', change: 'insert', cause: 'direct', fields: ['Name'] });
    expect(reply.text).not.toContain('Journal Intime');
  });

  it('counts rows and requests left', async () => {
    const status = jsonOf(await admin('GET', 'status')) as {
      objects: Record<string, number>;
      requests: { Max: number; Remaining: number };
    };
    expect(status.objects['Account']).toBeGreaterThan(0);
    expect(status.requests.Remaining).toBeLessThan(status.requests.Max);
  });

  it('asks its host to stop', async () => {
    expect((await admin('POST', 'stop')).status).toBe(202);
    expect(stopped).toBe(1);
  });
});
