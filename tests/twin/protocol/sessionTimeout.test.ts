import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ControlledTwin } from '../../../scripts/twin/controls.ts';
import { startTwin } from '../../../scripts/twin/startTwin.ts';
import { callTwin, jsonOf } from './callTwin.ts';

const MINUTE = 60_000;
const LIMITS = '/services/data/v66.0/limits';

let twin: ControlledTwin;
beforeAll(async () => {
  twin = await startTwin({ shape: 'bare', port: 0, production: true, sessionMinutes: 120 });
  twin.clock.run(0);
});
afterAll(() => twin.close());

const statusWith = async (accessToken: string): Promise<number> =>
  (await callTwin(twin, LIMITS, { headers: { authorization: `Bearer ${accessToken}` } })).status;

const signIn = async (): Promise<string> => {
  const { username, password = '' } = twin.users['officer']!;
  const reply = await callTwin(twin, '/services/oauth2/token', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: 'password', username, password }).toString(),
  });
  return String((jsonOf(reply) as Record<string, unknown>)['access_token']);
};

// https://help.salesforce.com/s/articleView?id=xcloud.admin_sessions.htm
describe('the timeout of sessions', () => {
  it('ends a session without requests in the words of the platform, and a new sign-in begins another', async () => {
    const first = await signIn();
    twin.clock.advance(119 * MINUTE);
    expect(await statusWith(first)).toBe(200);
    twin.clock.advance(120 * MINUTE);
    const refused = await callTwin(twin, LIMITS, { headers: { authorization: `Bearer ${first}` } });
    expect([refused.status, jsonOf(refused)]).toEqual([
      401,
      [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }],
    ]);
    const second = await signIn();
    expect(second).not.toBe(first);
    expect([await statusWith(second), await statusWith(first)]).toEqual([200, 401]);
  });

  it('counts a request from half of the timeout on', async () => {
    const token = await signIn();
    twin.clock.advance(61 * MINUTE);
    expect(await statusWith(token)).toBe(200);
    twin.clock.advance(30 * MINUTE);
    // too soon after the last one to be noted
    expect(await statusWith(token)).toBe(200);
    twin.clock.advance(90 * MINUTE);
    expect(await statusWith(token)).toBe(401);
  });

  it('is read, changed and taken away by the admin', async () => {
    const admin = { 'x-garde-admin': twin.adminToken, 'content-type': 'application/json' };
    const post = (body: unknown) =>
      callTwin(twin, '/garde/admin/sessions', { method: 'POST', headers: admin, body: JSON.stringify(body) });
    expect(jsonOf(await callTwin(twin, '/garde/admin/sessions', { headers: admin }))).toEqual({ timeoutMinutes: 120 });
    expect((await post({ timeoutMinutes: 0 })).status).toBe(400);
    expect(jsonOf(await post({ timeoutMinutes: null }))).toEqual({ timeoutMinutes: null });
    const token = await signIn();
    twin.clock.advance(100_000 * MINUTE);
    expect(await statusWith(token)).toBe(200);
  });
});
