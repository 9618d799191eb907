import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Twin } from '../../../scripts/twin/contract.ts';
import { startTwin } from '../../../scripts/twin/startTwin.ts';
import { bearerOf, callTwin, jsonOf } from './callTwin.ts';
import type { Reply } from './callTwin.ts';

let twin: Twin;
beforeAll(async () => {
  twin = await startTwin({ shape: 'bare', port: 0, production: true });
});
afterAll(() => twin.close());

const post = (path: string, values: Readonly<Record<string, string>>, headers = {}): Promise<Reply> =>
  callTwin(twin, path, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(values).toString(),
  });
const token = (values: Readonly<Record<string, string>>, headers = {}): Promise<Reply> =>
  post('/services/oauth2/token', values, headers);

const JWT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const assertion = (claims: Readonly<Record<string, unknown>>, alg = 'RS256'): string =>
  `${part({ alg })}.${part(claims)}.c2lnbmF0dXJl`;

// https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_jwt_flow.htm
describe('the JWT flow', () => {
  const soon = (): number => Math.floor(Date.now() / 1000) + 180;
  const good = () => ({ iss: 'app', sub: twin.users['officer']!.username, aud: twin.instanceUrl, exp: soon() });

  it.each([
    ['the twin', () => twin.instanceUrl],
    ['the twin by name, with a slash', () => `${twin.instanceUrl.replace('127.0.0.1', 'localhost')}/`],
    ['the login host', () => 'https://login.salesforce.com'],
    ['the token address', () => 'https://test.salesforce.com/services/oauth2/token'],
  ])('signs in who names %s as audience', async (_whom, aud) => {
    const reply = await token({ grant_type: JWT, assertion: assertion({ ...good(), aud: aud() }) });
    expect(jsonOf(reply)).toMatchObject({ access_token: twin.users['officer']!.accessToken });
  });

  it.each([
    ['another audience', () => ({ ...good(), aud: 'https://else.example' }), 'audience is invalid'],
    ['what has expired', () => ({ ...good(), exp: soon() - 3600 }), 'expired assertion: see the clock of the org'],
    ['no expiry', () => ({ ...good(), exp: undefined }), 'invalid assertion'],
    ['no subject', () => ({ ...good(), sub: undefined }), 'invalid assertion'],
    ['no issuer', () => ({ ...good(), iss: undefined }), 'invalid assertion'],
    ['an unknown user', () => ({ ...good(), sub: 'nobody@else.example' }), "user hasn't approved this consumer"],
  ])('refuses %s', async (_what, claims, error_description) => {
    const reply = await token({ grant_type: JWT, assertion: assertion(claims()) });
    expect([reply.status, jsonOf(reply)]).toEqual([400, { error: 'invalid_grant', error_description }]);
  });

  it.each(['', 'abc', 'a.b.c', `${part({ alg: 'RS256' })}.${part({})}.`])(
    'refuses %j as no assertion',
    async (text) => {
      expect((await token({ grant_type: JWT, assertion: text })).status).toBe(400);
    },
  );

  it('refuses an unsigned assertion', async () => {
    expect((await token({ grant_type: JWT, assertion: assertion(good(), 'none') })).status).toBe(400);
  });
});

describe('tokens', () => {
  it('run an app as the user its client id names, or as the administrator', async () => {
    const officer = twin.users['officer']!;
    const named = await token({ grant_type: 'client_credentials', client_id: officer.username, client_secret: 's' });
    expect(jsonOf(named)).toMatchObject({ access_token: officer.accessToken, token_type: 'Bearer' });
    const basic = `Basic ${Buffer.from('app:secret').toString('base64')}`;
    const other = await token({ grant_type: 'client_credentials' }, { authorization: basic });
    expect(jsonOf(other)).toMatchObject({ access_token: twin.users['admin']!.accessToken });
  });

  it('are refused by name for the device flow', async () => {
    expect(jsonOf(await token({ response_type: 'device_code', client_id: 'x' }))).toMatchObject({
      error: 'unsupported_grant_type',
      error_description: expect.stringContaining('NOT_EMULATED'),
    });
  });

  it('can be introspected, and are inactive when unknown', async () => {
    const { accessToken, username } = twin.users['admin']!;
    const introspect = (value: string): Promise<Reply> =>
      post('/services/oauth2/introspect', { token: value, client_id: 'app' });
    expect(jsonOf(await introspect(accessToken))).toMatchObject({ active: true, username, client_id: 'app' });
    expect(jsonOf(await introspect('nothing'))).toEqual({ active: false });
  });

  it('cannot be revoked twice', async () => {
    const { accessToken } = twin.users['loader']!;
    expect((await post('/services/oauth2/revoke', { token: accessToken })).status).toBe(200);
    const again = await post('/services/oauth2/revoke', { token: accessToken });
    expect({ status: again.status, body: jsonOf(again) }).toMatchObject({
      status: 400,
      body: { error: 'invalid_token' },
    });
  });

  it('are asked for with S256 challenges alone', async () => {
    const asked = { response_type: 'code', redirect_uri: 'http://localhost:1717/x', code_challenge_method: 'plain' };
    const reply = await callTwin(twin, `/services/oauth2/authorize?${new URLSearchParams(asked).toString()}`);
    expect({ status: reply.status, body: jsonOf(reply) }).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    });
  });
});

// https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_using_openid.htm
describe('the identity URL', () => {
  const identity = (path: string, headers: Readonly<Record<string, string>> = bearerOf(twin)): Promise<Reply> =>
    callTwin(twin, path, { headers });
  const own = (): string => `/id/${twin.orgId}/${twin.users['admin']!.userId}`;

  it('tells all that the platform documents', async () => {
    const { username, userId } = twin.users['admin']!;
    const body = jsonOf(await identity(`${own()}?format=json&version=latest`)) as Record<string, unknown>;
    expect(Object.keys(body).sort()).toEqual(
      'active addr_city addr_country addr_state addr_street addr_zip asserted_user display_name email email_verified first_name id is_app_installed is_lightning_login_user language last_modified_date last_name locale mobile_phone mobile_phone_verified nick_name organization_id photos status timezone urls user_id user_type username utcOffset'.split(
        ' ',
      ),
    );
    expect(body).toMatchObject({
      id: twin.instanceUrl + own(),
      asserted_user: true,
      user_id: userId,
      username,
      user_type: 'STANDARD',
      utcOffset: 3_600_000,
      urls: { rest: `${twin.instanceUrl}/services/data/v66.0/` },
    });
    const plain = jsonOf(await identity(own())) as { urls: Record<string, string> };
    expect(plain.urls['query']).toBe(`${twin.instanceUrl}/services/data/v{version}/query/`);
  });

  it.each([
    ['no token', () => own(), {}, [403, 'Missing_OAuth_Token']],
    ['a bad token', () => own(), { authorization: 'Bearer x' }, [403, 'Bad_OAuth_Token']],
    ['another org', () => `/id/00D000000000000EAA/${twin.users['admin']!.userId}`, undefined, [403, 'Wrong_Org']],
    ['another user', () => `/id/${twin.orgId}/${twin.users['officer']!.userId}`, undefined, [404, 'Bad_Id']],
    ['a version of nowhere', () => `${own()}?version=12.0`, undefined, [406, 'Invalid_Version']],
  ])('refuses %s', async (_what, path, headers, refusal) => {
    const reply = await identity(path(), headers ?? bearerOf(twin));
    expect([reply.status, reply.text]).toEqual(refusal);
  });

  it('has its twin in the user info of OpenID Connect', async () => {
    const body = jsonOf(await identity('/services/oauth2/userinfo'));
    expect(body).toMatchObject({
      sub: twin.instanceUrl + own(),
      preferred_username: twin.users['admin']!.username,
      zoneinfo: 'Europe/Paris',
      address: expect.any(Object),
      urls: { custom_domain: twin.instanceUrl },
    });
  });

  it('opens a front door to a page that says there is none', async () => {
    const reply = await callTwin(twin, '/services/oauth2/singleaccess', { headers: bearerOf(twin) });
    const { frontdoor_uri: door } = jsonOf(reply) as { frontdoor_uri: string };
    const page = await callTwin(twin, door.slice(twin.instanceUrl.length));
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('has no pages')]);
    expect((await callTwin(twin, '/services/oauth2/singleaccess')).status).toBe(401);
  });
});
