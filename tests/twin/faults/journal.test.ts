import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JournalEntry, Session } from '../../../scripts/twin/contract.ts';
import type { ControlledTwin } from '../../../scripts/twin/controls.ts';
import { startTwin } from '../../../scripts/twin/startTwin.ts';
import { callTwin, jsonOf, rest } from '../protocol/callTwin.ts';

let twin: ControlledTwin;
let session: Session;
beforeAll(async () => {
  twin = await startTwin({ shape: 'bare', port: 0, production: true });
  const { userId, username } = twin.users['admin']!;
  session = { orgId: twin.orgId, userId, username, apiVersion: 66 };
});
afterAll(() => twin.close());

const options = { allOrNone: true };
const insert = (object: string, rows: readonly Record<string, string>[]): string[] =>
  twin.engine.insert(session, object, rows, options).map(({ id }) => id!);
const since = (sequence: number, filter: object = {}): JournalEntry[] => [
  ...twin.engine.journalEntries({ since: sequence, ...filter }),
];
const admin = (query: string) =>
  callTwin(twin, `/garde/admin/journal?${query}`, { headers: { 'x-garde-admin': twin.adminToken } });

describe('the event journal', () => {
  it('says who, in which transaction, and which deletion took a row along or emptied its lookup', () => {
    const [account, other] = insert('Account', [{ Name: 'Un' }, { Name: 'Deux' }]);
    const [contact] = insert('Contact', [{ LastName: 'Fictif', AccountId: account! }]);
    const [task] = insert('Task', [{ Subject: 'Appel', WhatId: account! }]);
    const before = twin.engine.journalEnd();
    twin.engine.delete(session, [account!, other!], options);
    const entries = since(before);
    const user = twin.users['admin']!.userId;
    expect(entries.map(({ user: by }) => by)).toEqual(entries.map(() => user));
    expect(new Set(entries.map(({ transaction }) => transaction)).size).toBe(1);
    const reasonOf = (id: string): unknown[] =>
      entries.filter((entry) => entry.id === id).map(({ cause, because }) => [cause, because]);
    expect(reasonOf(account!)).toEqual([['direct', undefined]]);
    expect(reasonOf(contact!)).toEqual([['cascade', account]]);
    expect(reasonOf(task!)).toEqual([['cascade', account]]);
    expect(reasonOf(other!)).toEqual([['direct', undefined]]);
  });

  it('says for which merge a row was moved', () => {
    const [master, loser] = insert('Account', [{ Name: 'Garde' }, { Name: 'Perdue' }]);
    const [contact] = insert('Contact', [{ LastName: 'Suivante', AccountId: loser! }]);
    const before = twin.engine.journalEnd();
    twin.engine.merge(session, { object: 'Account', masterId: master!, masterFields: {}, loserIds: [loser!] });
    const moved = since(before).filter(({ id }) => id === contact);
    expect(moved).toMatchObject([{ cause: 'reparent', because: master, fields: ['AccountId'] }]);
  });

  it('numbers transactions apart and leaves out what was undone', () => {
    const before = twin.engine.journalEnd();
    insert('Account', [{ Name: 'A' }]);
    expect(twin.engine.insert(session, 'Account', [{ Name: 'B' }, {}], options)).toMatchObject([
      { success: false },
      { success: false },
    ]);
    insert('Account', [{ Name: 'C' }]);
    const [first, second, ...rest] = since(before, { object: 'account', cause: 'direct' });
    expect(second!.transaction).toBe(first!.transaction + 1);
    expect(rest).toEqual([]);
    expect(since(0, { transaction: second!.transaction }).map(({ transaction }) => transaction)).toContain(
      second!.transaction,
    );
  });

  it('reads from any place, whatever was kept together', () => {
    const before = twin.engine.journalEnd();
    const ids = insert(
      'Account',
      Array.from({ length: 450 }, (_, i) => ({ Name: `Compte ${i}` })),
    );
    const all = since(before, { object: 'Account' });
    expect(all.map(({ id }) => id)).toEqual(ids);
    expect(since(before).map(({ sequence }) => sequence)).toEqual(since(before).map((_, i) => before + 1 + i));
    const middle = all[217]!.sequence;
    expect(since(middle, { object: 'Account' })).toEqual(all.slice(218));
    expect(twin.engine.journalEnd()).toBeGreaterThanOrEqual(all.at(-1)!.sequence);
  });

  it('is a stream of lines for the admin, filtered, without values', async () => {
    const before = twin.engine.journalEnd();
    await rest(twin, 'POST', '/sobjects/Account', { body: { Name: 'Journal Intime' } });
    const reply = await admin(`since=${before}&object=Account&format=ndjson`);
    expect(reply.headers['content-type']).toBe('application/x-ndjson');
    const lines = reply.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as JournalEntry);
    expect(lines).toMatchObject([{ object: 'Account', change: 'insert', cause: 'direct' }]);
    expect(reply.text).not.toContain('Journal Intime');
    expect(jsonOf(await admin(`since=${before}&object=Account`))).toEqual({ entries: lines });
  });

  it('names what it cannot filter by', async () => {
    const reply = await admin('since=-1&cause=whim&colour=red');
    expect(reply.status).toBe(400);
    for (const word of ['since', 'cause', 'colour']) expect(reply.text).toContain(word);
  });
});
