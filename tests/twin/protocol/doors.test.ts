import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Twin } from '../../../scripts/twin/contract.ts';
import { startTwin } from '../../../scripts/twin/startTwin.ts';
import { bearerOf, callTwin, jsonOf } from './callTwin.ts';
import type { Reply } from './callTwin.ts';

let twin: Twin;
beforeAll(async () => {
  twin = await startTwin({ shape: 'bare', port: 0, production: true });
});
afterAll(() => twin.close());

const port = (): string => new URL(twin.instanceUrl).port;
const form = (values: Readonly<Record<string, string>>) => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams(values).toString(),
});
const token = (values: Readonly<Record<string, string>>): Promise<Reply> =>
  callTwin(twin, '/services/oauth2/token', form(values));
const codeOf = (reply: Reply): string => (jsonOf(reply) as { errorCode: string }[])[0]!.errorCode;

const assertionFor = (username: string): string => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const body = `${part({ alg: 'RS256' })}.${part({ iss: 'any', sub: username, aud: twin.instanceUrl, exp: 4_102_444_800 })}`;
  return `${body}.${sign('sha256', Buffer.from(body), privateKey).toString('base64url')}`;
};

describe('the door', () => {
  it.each(['attacker.example', 'attacker.example:80', '0.0.0.0'])('refuses the Host %s', async (host) => {
    const reply = await callTwin(twin, '/services/data', { headers: { host } });
    expect(reply.status).toBe(403);
    expect(codeOf(reply)).toBe('FORBIDDEN');
  });

  it('answers to localhost and 127.0.0.1 with its port', async () => {
    for (const host of [`127.0.0.1:${port()}`, `localhost:${port()}`]) {
      expect((await callTwin(twin, '/services/data', { headers: { host } })).status).toBe(200);
    }
  });

  it.each(['http://attacker.example', 'null', 'http://localhost:1', 'https://127.0.0.1'])(
    'refuses pages of the origin %s even with a good token',
    async (origin) => {
      const reply = await callTwin(twin, '/services/data/v66.0', { headers: { ...bearerOf(twin), origin } });
      expect(reply.status).toBe(403);
    },
  );

  it('accepts its own origin', async () => {
    const headers = { ...bearerOf(twin), origin: `http://127.0.0.1:${port()}` };
    expect((await callTwin(twin, '/services/data/v66.0', { headers })).status).toBe(200);
  });

  it('refuses a missing and a wrong token with INVALID_SESSION_ID', async () => {
    for (const headers of [{}, { authorization: `Bearer ${twin.orgId.slice(0, 15)}!wrong` }]) {
      const reply = await callTwin(twin, '/services/data/v66.0', { headers });
      expect(reply.status).toBe(401);
      expect(codeOf(reply)).toBe('INVALID_SESSION_ID');
    }
  });

  it('keeps the admin endpoints for the admin token', async () => {
    expect((await callTwin(twin, '/garde/admin/status')).status).toBe(403);
    expect((await callTwin(twin, '/garde/admin/status', { headers: bearerOf(twin) })).status).toBe(403);
    const reply = await callTwin(twin, '/garde/admin/status', { headers: { 'x-garde-admin': twin.adminToken } });
    expect(reply.status).toBe(200);
    expect(jsonOf(reply)).toMatchObject({ orgId: twin.orgId, instanceUrl: twin.instanceUrl });
  });

  it('listens on the loopback address only', () => {
    expect(twin.instanceUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('collapses leading slashes', async () => {
    expect((await callTwin(twin, '//services/data')).status).toBe(200);
  });

  it('refuses unknown addresses by name, without their ids', async () => {
    const reply = await callTwin(twin, `/services/data/v66.0/chatter/users/${twin.users['admin']!.userId}`, {
      headers: bearerOf(twin),
    });
    expect(reply.status).toBe(501);
    expect(jsonOf(reply)).toEqual([
      { errorCode: 'NOT_EMULATED', message: 'NOT_EMULATED: GET /services/data/vNN.N/chatter/users/{id}' },
    ]);
  });

  it('lists versions 31.0 to 66.0, answers 67.0 and no other', async () => {
    const listed = jsonOf(await callTwin(twin, '/services/data')) as { version: string; label: string }[];
    expect([listed[0]?.version, listed.at(-1)?.version, listed.length]).toEqual(['31.0', '66.0', 36]);
    expect(listed.find(({ version }) => version === '51.0')?.label).toBe("Spring '21");
    const status = async (version: string) =>
      (await callTwin(twin, `/services/data/v${version}`, { headers: bearerOf(twin) })).status;
    expect(await Promise.all(['51.0', '67.0', '30.0', '68.0'].map(status))).toEqual([200, 200, 410, 404]);
  });

  it('reads gzip bodies and stops at what unpacks to too much', async () => {
    const headers = { ...bearerOf(twin), 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const path = '/services/data/v66.0/sobjects/Account';
    const good = gzipSync(JSON.stringify({ Name: 'Fondation des Tilleuls' }));
    expect((await callTwin(twin, path, { method: 'POST', headers, body: good })).status).toBe(201);
    const bomb = gzipSync(Buffer.alloc(68_000_000, ' '), { level: 1 });
    expect((await callTwin(twin, path, { method: 'POST', headers, body: bomb })).status).toBe(413);
  });

  /* Source: https://help.salesforce.com/s/articleView?id=000386264 (the statuses; the codes are assumed) */
  it('takes 16,384 bytes of address and headers', async () => {
    const address = (bytes: number): string => '/services/data/v66.0/query?q='.padEnd(bytes, 'x');
    const ask = (bytes: number, headers = {}) =>
      callTwin(twin, address(bytes), { headers: { ...bearerOf(twin), ...headers } });
    for (const bytes of [16_385, 40_000]) {
      const { status, text } = await ask(bytes);
      expect({ status, body: JSON.parse(text) as unknown }).toEqual({
        status: 414,
        body: [{ message: 'URI Too Long', errorCode: 'URI_TOO_LONG' }],
      });
    }
    for (const { status, text } of [await ask(16_300), await ask(9_000, { 'x-long': 'x'.repeat(8_000) })]) {
      expect({ status, body: JSON.parse(text) as unknown }).toEqual({
        status: 431,
        body: [{ message: 'Request Header Fields Too Large', errorCode: 'REQUEST_HEADER_FIELDS_TOO_LARGE' }],
      });
    }
    expect((await ask(15_000)).status).toBe(400);
  });
});

describe('OAuth', () => {
  it('signs a known user in by JWT with a token of the org, and keeps ids and addresses local', async () => {
    const user = twin.users['officer']!;
    const reply = await token({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: assertionFor(user.username),
    });
    expect(jsonOf(reply)).toMatchObject({
      access_token: user.accessToken,
      instance_url: twin.instanceUrl,
      id: `${twin.instanceUrl}/id/${twin.orgId}/${user.userId}`,
      token_type: 'Bearer',
    });
    expect(user.accessToken).toMatch(/^00D\w{12}![.\w]+$/);
  });

  it('refuses a JWT of an unknown user', async () => {
    const reply = await token({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: assertionFor('nobody@else.example'),
    });
    expect(reply.status).toBe(400);
    expect(jsonOf(reply)).toMatchObject({ error: 'invalid_grant' });
  });

  const authorize = (redirect: string, extra: Readonly<Record<string, string>> = {}): Promise<Reply> =>
    callTwin(
      twin,
      `/services/oauth2/authorize?${new URLSearchParams({ response_type: 'code', client_id: 'PlatformCLI', redirect_uri: redirect, state: 's1', ...extra }).toString()}`,
    );

  it('answers a web login at once, with a code that works one time and needs its verifier', async () => {
    const verifier = 'v'.repeat(60);
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const redirect = 'http://localhost:1717/OauthRedirect';
    const first = await authorize(redirect, { code_challenge: challenge });
    expect(first.status).toBe(302);
    const target = new URL(first.headers.location!);
    expect([target.origin + target.pathname, target.searchParams.get('state')]).toEqual([redirect, 's1']);
    const exchange = { grant_type: 'authorization_code', client_id: 'PlatformCLI', redirect_uri: redirect };
    const code = target.searchParams.get('code')!;
    const answer = await token({ ...exchange, code, code_verifier: verifier });
    expect(jsonOf(answer)).toMatchObject({ access_token: twin.users['admin']!.accessToken });
    expect((await token({ ...exchange, code, code_verifier: verifier })).status).toBe(400);
    const again = new URL((await authorize(redirect, { code_challenge: challenge })).headers.location!);
    const stolen = await token({ ...exchange, code: again.searchParams.get('code')!, code_verifier: 'guess' });
    expect(stolen.status).toBe(400);
    const { refresh_token: refresh } = jsonOf(answer) as { refresh_token: string };
    expect(jsonOf(await token({ grant_type: 'refresh_token', refresh_token: refresh }))).toHaveProperty('id');
  });

  it.each([
    'https://attacker.example/cb',
    'http://localhost.attacker.example/',
    'http://user@localhost/',
    'javascript:alert(1)',
  ])('sends no code to %s', async (redirect) => {
    const reply = await authorize(redirect);
    expect([reply.status, reply.headers.location]).toEqual([400, undefined]);
  });

  it('refuses a wrong password', async () => {
    const username = twin.users['admin']!.username;
    expect((await token({ grant_type: 'password', username, password: 'wrong' })).status).toBe(400);
    const right = await token({ grant_type: 'password', username, password: twin.users['admin']!.password! });
    expect(right.status).toBe(200);
  });

  it('tells who is signed in, by header and by parameter, and Bad_OAuth_Token otherwise', async () => {
    const admin = twin.users['admin']!;
    const info = await callTwin(twin, '/services/oauth2/userinfo', { headers: bearerOf(twin) });
    expect(jsonOf(info)).toMatchObject({
      user_id: admin.userId,
      organization_id: twin.orgId,
      preferred_username: admin.username,
    });
    const identity = await callTwin(
      twin,
      `/id/${twin.orgId}/${admin.userId}?oauth_token=${encodeURIComponent(admin.accessToken)}`,
    );
    expect(jsonOf(identity)).toMatchObject({ id: `${twin.instanceUrl}/id/${twin.orgId}/${admin.userId}` });
    const bad = await callTwin(twin, '/services/oauth2/userinfo', { headers: { authorization: 'Bearer nothing' } });
    expect([bad.status, bad.text]).toEqual([403, 'Bad_OAuth_Token']);
  });

  it('ends a token by revocation', async () => {
    const loader = twin.users['loader']!;
    expect((await callTwin(twin, '/services/oauth2/revoke', form({ token: loader.accessToken }))).status).toBe(200);
    const headers = { authorization: `Bearer ${loader.accessToken}` };
    expect((await callTwin(twin, '/services/data/v66.0', { headers })).status).toBe(401);
  });
});

describe('a twin that holds real people', () => {
  it('signs nobody in by JWT or web, only by its own tokens and passwords', async () => {
    const real = await startTwin({ shape: 'bare', port: 0, production: true, automaticLogins: false });
    try {
      const grant = {
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: assertionFor(real.users['admin']!.username),
      };
      expect((await callTwin(real, '/services/oauth2/token', form(grant))).status).toBe(400);
      const page = await callTwin(
        real,
        '/services/oauth2/authorize?response_type=code&redirect_uri=http://localhost:1717/',
      );
      expect(page.status).toBe(400);
      expect((await callTwin(real, '/services/data/v66.0', { headers: bearerOf(real) })).status).toBe(200);
    } finally {
      await real.close();
    }
  });
});
