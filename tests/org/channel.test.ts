import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Connection } from '@salesforce/core';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createChannel } from '../../scripts/org/channel.ts';
import { createOrg } from '../../scripts/org/createOrg.ts';
import { OrgError } from '../../scripts/org/orgProblems.ts';
import { parseRecordId } from '../../scripts/kernel/recordId.ts';

type Reply = (response: ServerResponse) => void;
const json =
  (status: number, body: unknown): Reply =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };

let servers: Server[] = [];
afterEach(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  servers = [];
});

/** An org that gives the replies in order, then the last one for ever. */
const orgThatReplies = async (
  ...replies: readonly Reply[]
): Promise<{ readonly connection: Connection; readonly seen: string[]; readonly refreshed: () => number }> => {
  const seen: string[] = [];
  let refreshes = 0;
  const server = createServer((request, response) => {
    request.resume();
    seen.push(`${request.method ?? ''} ${request.headers.authorization ?? ''}`);
    (replies[Math.min(seen.length, replies.length) - 1] ?? json(500, []))(response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const connection = {
    instanceUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accessToken: 'old',
    getApiVersion: () => '66.0',
    refreshAuth: () => {
      refreshes += 1;
      connection.accessToken = 'new';
      return Promise.resolve();
    },
  };
  return { connection: connection as unknown as Connection, seen, refreshed: () => refreshes };
};

const waits: number[] = [];
const timing = {
  sleep: (milliseconds: number) => {
    waits.push(milliseconds);
    return Promise.resolve();
  },
  chance: () => 0.5,
};
const busy = json(503, [{ errorCode: 'SERVER_UNAVAILABLE', message: 'busy' }]);
const refusal = async (promise: Promise<unknown>): Promise<OrgError> => {
  try {
    await promise;
  } catch (error) {
    if (error instanceof OrgError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};

describe('the channel to an org', () => {
  it('asks again, after growing waits, when a read meets a busy org', async () => {
    const { connection, seen } = await orgThatReplies(
      busy,
      busy,
      json(200, { DailyApiRequests: { Max: 5, Remaining: 4 } }),
    );
    waits.length = 0;
    const org = createOrg(connection, timing);
    expect((await org.limits()).get('DailyApiRequests')).toEqual({ max: 5, remaining: 4 });
    expect(waits).toEqual([500, 1000]);
    expect(seen).toHaveLength(3);
    expect(org.calls()).toBe(3);
  });

  it('gives up a read after five times', async () => {
    const { connection, seen } = await orgThatReplies(busy);
    expect((await refusal(createOrg(connection, timing).limits())).name).toBe('OrgBusy');
    expect(seen).toHaveLength(5);
  });

  it('never repeats a write: what became of it is unknown', async () => {
    const { connection, seen } = await orgThatReplies(busy);
    const error = await refusal(createOrg(connection, timing).create('Contact', [{ LastName: 'X' }]));
    expect([error.name, error.reaction]).toEqual(['AnswerLost', 'settle-then-repeat']);
    expect(seen).toHaveLength(1);
  });

  it('says "answer lost" when the connection breaks after a write was sent', async () => {
    const { connection } = await orgThatReplies((response) => response.destroy());
    const id = parseRecordId('003000000000001')!;
    expect((await refusal(createOrg(connection, timing).delete([id]))).name).toBe('AnswerLost');
  });

  it('gives rows as they are, without what names their type, whatever their values look like', async () => {
    const attributes = { type: 'Contact', url: '/services/data/v66.0/sobjects/Contact/003000000000001AAA' };
    const quoted = '{"attributes":{"type":"Contact"},"Id":"x"}';
    const records = [
      { attributes, Id: '003000000000001AAA', LastName: quoted, Email: null },
      { Id: '003000000000002AAA', LastName: 'Petit', attributes },
      { attributes, Id: '003000000000003AAA', Account: { attributes: { type: 'Account' }, Name: 'Les Mains' } },
      { attributes },
    ];
    const page = { totalSize: 4, done: true, records };
    const { connection } = await orgThatReplies(json(200, page));
    const rows: unknown[] = [];
    for await (const row of createOrg(connection, timing).query('SELECT Id FROM Contact')) rows.push(row);
    expect(rows).toEqual([
      { Id: '003000000000001AAA', LastName: quoted, Email: null },
      { Id: '003000000000002AAA', LastName: 'Petit' },
      { Id: '003000000000003AAA', Account: { Name: 'Les Mains' } },
      {},
    ]);
  });

  it('says "unreachable" when nothing was sent', async () => {
    const { connection } = await orgThatReplies();
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    expect((await refusal(createOrg(connection, timing).create('Contact', [{}]))).name).toBe('OrgUnreachable');
  });

  it('renews an expired session once and repeats the request', async () => {
    const expired = json(401, [{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired' }]);
    const { connection, seen, refreshed } = await orgThatReplies(
      expired,
      json(201, [{ id: null, success: true, errors: [] }]),
    );
    await createOrg(connection, timing).create('Contact', [{ LastName: 'X' }]);
    expect(seen).toEqual(['POST Bearer old', 'POST Bearer new']);
    expect(refreshed()).toBe(1);
  });

  it('says "session expired" when the new session is refused too', async () => {
    const { connection } = await orgThatReplies(json(401, [{ errorCode: 'INVALID_SESSION_ID', message: 'x' }]));
    expect((await refusal(createOrg(connection, timing).limits())).name).toBe('SessionExpired');
  });

  it('lets code and field names through and never the org’s text', async () => {
    const text = 'Your attempt to delete Zoé Martin could not be completed';
    const { connection } = await orgThatReplies(
      json(400, [{ errorCode: 'DELETE_FAILED', message: text, fields: ['AccountId', 'Zoé Martin'] }]),
    );
    const error = await refusal(createOrg(connection, timing).limits());
    expect(JSON.stringify([error.message, error.stack, error.problems, error.foreignCodes])).not.toContain('Zoé');
    expect(error.problems).toMatchObject([{ code: 'RecordProtected', subject: 'AccountId' }]);
    expect(error.foreignCodes).toEqual(['DELETE_FAILED']);
  });

  it('stops at a code nobody decided about, and at an answer that is no error of Salesforce’s', async () => {
    const unknown = await orgThatReplies(json(400, [{ errorCode: 'NEW_IN_2030', message: 'x' }]));
    expect((await refusal(createOrg(unknown.connection, timing).limits())).reaction).toBe('stop');
    const page = await orgThatReplies((response) => response.writeHead(200).end('<html>Maintenance</html>'));
    expect((await refusal(createOrg(page.connection, timing).limits())).name).toBe('AnswerUnreadable');
  });

  it('notices an answer that breaks off', async () => {
    const { connection } = await orgThatReplies((response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('{"a":');
      setImmediate(() => response.destroy());
    });
    const channel = createChannel(connection, timing);
    const answer = await channel.send({ method: 'GET', path: '/limits' });
    expect((await refusal(Array.fromAsync(answer.body))).name).toBe('OrgUnreachable');
  });
});
