import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ControlledTwin } from '../../../scripts/twin/controls.ts';
import { startTwin } from '../../../scripts/twin/startTwin.ts';
import { bearerOf, callTwin, jsonOf, rest } from '../protocol/callTwin.ts';

let twin: ControlledTwin;
beforeAll(async () => {
  twin = await startTwin({ shape: 'bare', port: 0, production: true, now: () => Date.UTC(2026, 2, 1) });
});
afterAll(() => twin.close());
afterEach(() => twin.faults.clear());

const accounts = (): number => twin.engine.recordCounts(['Account'])['Account']!;
const create = (name = 'Fictive', role?: string) =>
  rest(twin, 'POST', '/sobjects/Account', { body: { Name: name }, ...(role === undefined ? {} : { role }) });
const createAccount = { method: 'POST', object: 'Account' } as const;
const admin = (method: string, path: string, body?: unknown) =>
  callTwin(twin, `/garde/admin/${path}`, {
    method,
    headers: { 'x-garde-admin': twin.adminToken },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

describe('a planned error', () => {
  it.each([
    ['SERVER_UNAVAILABLE', 503],
    ['UNKNOWN_EXCEPTION', 500],
    ['REQUEST_LIMIT_EXCEEDED', 403],
    ['UNABLE_TO_LOCK_ROW', 400],
  ])('answers %s with status %i and writes nothing', async (code, status) => {
    twin.faults.add({ kind: 'error', code, match: createAccount });
    const before = accounts();
    expect(await create()).toMatchObject({ status, body: [{ errorCode: code }] });
    expect(accounts()).toBe(before);
  });

  it('names the record that could not be locked', async () => {
    const made = (await create()).body as { id: string };
    twin.faults.add({ kind: 'error', code: 'UNABLE_TO_LOCK_ROW', match: { route: 'update' } });
    expect((await rest(twin, 'PATCH', `/sobjects/Account/${made.id}`, { body: { Name: 'B' } })).body).toMatchObject([
      { message: `unable to obtain exclusive access to this record or 1 records: ${made.id}` },
    ]);
  });

  it('says when to come back', async () => {
    twin.faults.add({ kind: 'error', code: 'SERVER_UNAVAILABLE', retryAfterSeconds: 7 });
    expect((await create()).headers['retry-after']).toBe('7');
  });

  it('is a fault in SOAP', async () => {
    twin.faults.add({ kind: 'error', code: 'SERVER_UNAVAILABLE', match: { operation: 'getServerTimestamp' } });
    const envelope = (operation: string): string =>
      `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header><SessionHeader xmlns="urn:partner.soap.sforce.com"><sessionId>${twin.users['admin']!.accessToken}</sessionId></SessionHeader></e:Header><e:Body><${operation} xmlns="urn:partner.soap.sforce.com"/></e:Body></e:Envelope>`;
    const soap = (operation: string) =>
      callTwin(twin, '/services/Soap/u/60.0', { method: 'POST', body: envelope(operation) });
    expect((await soap('getServerTimestamp')).text).toContain('<faultcode>sf:SERVER_UNAVAILABLE</faultcode>');
    expect((await soap('getUserInfo')).status).toBe(200);
  });

  it('hits a sub-request of composite alone', async () => {
    twin.faults.add({ kind: 'error', code: 'UNABLE_TO_LOCK_ROW', match: { route: 'create' }, when: { nth: 2 } });
    const one = (referenceId: string) => ({
      method: 'POST',
      url: '/services/data/v66.0/sobjects/Account',
      referenceId,
      body: { Name: referenceId },
    });
    const { body } = await rest(twin, 'POST', '/composite', { body: { compositeRequest: ['a', 'b', 'c'].map(one) } });
    const answers = (body as { compositeResponse: { httpStatusCode: number }[] }).compositeResponse;
    expect(answers.map(({ httpStatusCode }) => httpStatusCode)).toEqual([201, 400, 201]);
  });
});

describe('when a fault hits', () => {
  const statuses = async (count: number): Promise<number[]> => {
    const seen: number[] = [];
    for (let i = 0; i < count; i += 1) seen.push((await create()).status);
    return seen;
  };
  const error = { kind: 'error', code: 'SERVER_UNAVAILABLE', match: createAccount } as const;

  it('is the nth match', async () => {
    twin.faults.add({ ...error, when: { nth: 2 } });
    expect(await statuses(4)).toEqual([201, 503, 201, 201]);
  });

  it('is every nth match after some, a number of times', async () => {
    twin.faults.add({ ...error, when: { after: 1, every: 2, times: 1 } });
    expect(await statuses(6)).toEqual([201, 201, 503, 201, 201, 201]);
  });

  it('is by chance, the same chance for the same seed', async () => {
    const run = async (): Promise<number[]> => {
      twin.faults.add({ ...error, when: { probability: 0.5, seed: 42 } });
      const seen = await statuses(12);
      twin.faults.clear();
      return seen;
    };
    const first = await run();
    expect(new Set(first)).toEqual(new Set([201, 503]));
    expect(await run()).toEqual(first);
  });

  it.each([
    ['another object', { object: 'Contact' }],
    ['another method', { method: 'PATCH' as const }],
    ['another user', { user: 'officer' }],
    ['another address', { path: '/services/data/:version/sobjects/Contact/*' }],
  ])('is not for %s', async (_what, match) => {
    twin.faults.add({ kind: 'error', code: 'SERVER_UNAVAILABLE', match });
    expect((await create()).status).toBe(201);
    expect(twin.faults.list()[0]).toMatchObject({ matched: 0, hits: 0 });
  });

  it('reads the object of a query, of collections and of a job', async () => {
    twin.faults.add({ kind: 'error', code: 'SERVER_UNAVAILABLE', match: { object: 'account' } });
    const record = { attributes: { type: 'Account' }, Name: 'X' };
    expect([
      (await rest(twin, 'GET', '/query?q=SELECT+Id+FROM+Account')).status,
      (await rest(twin, 'GET', '/query?q=SELECT+Id+FROM+Contact')).status,
      (await rest(twin, 'POST', '/composite/sobjects', { body: { records: [record] } })).status,
      (await rest(twin, 'POST', '/jobs/ingest', { body: { object: 'Account', operation: 'insert' } })).status,
    ]).toEqual([503, 200, 503, 503]);
  });
});

describe('a broken connection', () => {
  it('before processing leaves nothing behind', async () => {
    twin.faults.add({ kind: 'reset', moment: 'before', match: createAccount });
    const before = accounts();
    await expect(create()).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect(accounts()).toBe(before);
  });

  it('after the commit leaves the row and no answer', async () => {
    twin.faults.add({ kind: 'reset', moment: 'after', match: createAccount });
    const before = accounts();
    await expect(create()).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect(accounts()).toBe(before + 1);
  });

  it('amid the answer ends it early', async () => {
    twin.faults.add({ kind: 'truncate', share: 0.5, match: { route: 'query' } });
    await expect(rest(twin, 'GET', '/query?q=SELECT+Id+FROM+User')).rejects.toThrow(/aborted|terminated|ECONNRESET/);
  });
});

describe('latency', () => {
  it('lets the answer come, late', async () => {
    twin.faults.add({ kind: 'latency', milliseconds: 30, jitter: 10, match: createAccount });
    expect((await create()).status).toBe(201);
    expect(twin.faults.hits()).toMatchObject([
      { kind: 'latency', where: 'create: POST /services/data/:version/sobjects/:object' },
    ]);
  });
});

describe('session expiry', () => {
  const signIn = async (form: Record<string, string>) => {
    const body = new URLSearchParams(form).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return callTwin(twin, '/services/oauth2/token', { method: 'POST', headers, body });
  };
  const login = () => {
    const { username, password } = twin.users['officer']!;
    return signIn({ grant_type: 'password', username, password: password!, client_id: 'any' });
  };
  const identity = (token: string) =>
    callTwin(twin, '/services/data/v66.0/limits', { headers: { authorization: `Bearer ${token}` } });

  it('ends the access token; a new login goes on', async () => {
    const { access_token: token } = jsonOf(await login()) as { access_token: string };
    twin.faults.add({ kind: 'sessionExpiry', match: { user: 'officer' }, when: { times: 1 } });
    expect(await identity(token)).toMatchObject({ status: 401, text: expect.stringContaining('INVALID_SESSION_ID') });
    expect((await identity(token)).status).toBe(401);
    const { access_token: renewed } = jsonOf(await login()) as { access_token: string };
    expect((await identity(renewed)).status).toBe(200);
  });

  it('for good keeps the user out until the fault is removed', async () => {
    const { access_token: token } = jsonOf(await login()) as { access_token: string };
    const [id] = twin.faults.add({ kind: 'sessionExpiry', match: { user: 'officer' }, refreshable: false });
    expect((await identity(token)).status).toBe(401);
    expect(await login()).toMatchObject({ status: 400, text: expect.stringContaining('invalid_grant') });
    twin.faults.remove(id!);
    expect((await login()).status).toBe(200);
  });
});

describe('a second client', () => {
  it('writes between two calls, as another user, untouched by other faults', async () => {
    const { id } = (await create('Avant')).body as { id: string };
    twin.faults.add({
      faults: [
        {
          kind: 'secondClient',
          moment: 'before',
          as: 'loader',
          match: { route: 'read' },
          when: { nth: 2 },
          writes: [
            { operation: 'update', object: 'Account', rows: [{ Id: id, Name: 'Entre' }] },
            { operation: 'insert', object: 'Contact', rows: [{ FirstName: 'Sans nom' }] },
            { operation: 'delete', ids: ['001000000000000AAA'] },
          ],
        },
        { kind: 'rows', code: 'UNABLE_TO_LOCK_ROW', match: { object: 'Account' } },
      ],
    });
    const read = () => rest(twin, 'GET', `/sobjects/Account/${id}?fields=Name,LastModifiedById`);
    expect((await read()).body).toMatchObject({ Name: 'Avant' });
    expect((await read()).body).toMatchObject({ Name: 'Entre', LastModifiedById: twin.users['loader']!.userId });
    expect(twin.faults.hits()).toMatchObject([
      { kind: 'secondClient', outcomes: ['OK', 'REQUIRED_FIELD_MISSING', expect.stringMatching(/^[A-Z_]+$/)] },
    ]);
  });

  it('acts after a call was answered for', async () => {
    const { id } = (await create('Avant')).body as { id: string };
    const deletion = { operation: 'delete', ids: [id] } as const;
    twin.faults.add({ kind: 'secondClient', moment: 'after', match: { route: 'read' }, writes: [deletion] });
    expect((await rest(twin, 'GET', `/sobjects/Account/${id}?fields=Name`)).status).toBe(200);
    expect((await rest(twin, 'GET', `/sobjects/Account/${id}?fields=Name`)).status).toBe(404);
  });
});

describe('/garde/admin/faults', () => {
  it('plans, lists with hits, removes', async () => {
    const made = await admin('POST', 'faults', { kind: 'error', code: 'SERVER_UNAVAILABLE', match: createAccount });
    expect(made.status).toBe(201);
    const { faults } = jsonOf(made) as { faults: { id: string }[] };
    await create();
    expect(jsonOf(await admin('GET', 'faults'))).toMatchObject({
      faults: [{ id: faults[0]!.id, matched: 1, hits: 1 }],
      hits: [
        { fault: faults[0]!.id, kind: 'error', at: '2026-03-01T00:00:00.000Z', user: twin.users['admin']!.username },
      ],
    });
    expect((await admin('DELETE', `faults/${faults[0]!.id}`)).status).toBe(204);
    expect((await create()).status).toBe(201);
    expect((await admin('DELETE', 'faults/none')).status).toBe(404);
  });

  it('names every problem of a plan with its place, and takes none of it', async () => {
    const reply = await admin('POST', 'faults', {
      faults: [
        { kind: 'error', code: 'OK_CODE' },
        { kind: 'error', code: 'lower', when: { nth: 0 } },
        { kind: 'none' },
      ],
    });
    expect(reply.status).toBe(400);
    expect(reply.text).toContain('faults.1.code');
    expect(reply.text).toContain('faults.1.when.nth');
    expect(reply.text).toContain('faults.2.kind');
    expect(twin.faults.list()).toEqual([]);
  });

  it('wants the admin token', async () => {
    expect((await callTwin(twin, '/garde/admin/faults', { headers: bearerOf(twin) })).status).toBe(403);
  });
});
