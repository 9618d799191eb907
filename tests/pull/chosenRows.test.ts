import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startTwin } from '../../scripts/twin/startTwin.ts';
import type { Twin } from '../../scripts/twin/contract.ts';
import { connectionTo } from '../org/twinConnection.ts';
import { createOrg } from '../../scripts/org/createOrg.ts';
import { createSchemaSource } from '../../scripts/org/wholeDescribes.ts';
import { estimatePull } from '../../scripts/pull/estimate.ts';
import { pullOrg } from '../../scripts/pull/pullOrg.ts';
import { openPullStore } from '../../scripts/pull/pullStore.ts';
import { temporaryVault } from '../plan/temporaryVault.ts';
import { adminOf, pullFrom } from './pulledOrg.ts';
import type { Pulled } from './pulledOrg.ts';

let twin: Twin;
let pulled: Pulled | undefined;
const id: Record<string, string> = {};

const insert = (name: string, object: string, row: Readonly<Record<string, string>>): void => {
  const [result] = twin.engine.insert(adminOf(twin), object, [row], { allOrNone: true });
  id[name] = result!.id!;
};

beforeAll(async () => {
  twin = await startTwin({ shape: 'bare', port: 0, production: true });
  insert('account', 'Account', { Name: 'Foyer Sonde' });
  insert('member', 'Contact', { LastName: 'Membre', AccountId: id['account']!, MailingCity: 'Lyon' });
  insert('case', 'Case', { Subject: 'Sonde', ContactId: id['member']! });
  insert('task', 'Task', { Subject: 'Appel', WhoId: id['member']! });
  insert('stranger', 'Contact', { LastName: 'Autre', MailingCity: 'Nantes' });
  insert('comment', 'CaseComment', { ParentId: id['case']!, CommentBody: 'Sonde' });
});
afterEach(() => {
  pulled?.close();
  pulled = undefined;
});
afterAll(() => twin.close());

const idsIn = (from: Pulled): readonly string[] =>
  from.store.counts().flatMap(({ object }) => [...from.store.rows(object)].map((row) => String(row['Id'])));

describe('choosing rows', () => {
  it('pulls no record of anybody when none was chosen', async () => {
    pulled = await pullFrom(twin, { kind: 'nothing' });
    expect(pulled.store.counts()).toEqual([]);
    expect(pulled.result.describes).toBeGreaterThan(50);
  });

  it('pulls a plan’s records, what goes with them, and what would refuse their deletion', async () => {
    pulled = await pullFrom(twin, { kind: 'records', records: [{ object: 'Account', id: id['account']! }] });
    const ids = idsIn(pulled);
    expect(ids).toEqual(expect.arrayContaining([id['account'], id['member'], id['case'], id['task']]));
    expect(ids).not.toContain(id['stranger']);
    // a case refuses the deletion, so that nothing goes with it
    expect(ids).not.toContain(id['comment']);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('pulls the rows of named objects that meet a condition', async () => {
    pulled = await pullFrom(twin, { kind: 'objects', objects: ['Contact'], where: "MailingCity = 'Lyon'" });
    expect(idsIn(pulled)).toEqual([id['member']]);
  });

  it('lists a pull of everything in the holdings, with its reason', async () => {
    pulled = await pullFrom(twin, { kind: 'all' }, 'migration test');
    expect(pulled.vault.holdings()).toEqual([
      expect.objectContaining({ kind: 'pulled-twin', orgId: twin.orgId, reason: 'migration test' }),
    ]);
  });

  it('refuses objects that the org does not show, all at once, and leaves nothing on disk', async () => {
    const connection = await connectionTo(twin, 'admin');
    const { vault, remove } = temporaryVault();
    const ports = {
      org: createOrg(connection),
      schema: createSchemaSource(connection),
      vault,
      clock: { now: () => '2026-01-01T00:00:00.000Z' },
    };
    const input = {
      selection: { kind: 'objects', objects: ['Contact', 'Inconnu__c', 'Absent__c'] },
      expiresAt: '2099-01-01T00:00:00.000Z',
    } as const;
    await expect(pullOrg(input, ports)).rejects.toMatchObject({
      name: 'PullObjectUnknown',
      problems: [{ subject: 'Inconnu__c' }, { subject: 'Absent__c' }],
    });
    expect(vault.holdings()).toEqual([]);
    remove();
  });

  it('tells objects, rows and calls beforehand without reading a record', async () => {
    const org = createOrg(await connectionTo(twin, 'admin'));
    const estimate = await estimatePull(org, { kind: 'objects', objects: ['Contact', 'Account'] });
    expect(estimate).toMatchObject({
      rows: [
        { object: 'Contact', approximately: 2 },
        { object: 'Account', approximately: 1 },
      ],
      cascadeIncluded: true,
    });
    pulled = await pullFrom(twin, { kind: 'objects', objects: ['Contact', 'Account'] });
    expect(pulled.result.calls).toBeLessThanOrEqual(estimate.calls);
  });

  it('overwrites the rows once they are loaded, and keeps the schema', async () => {
    pulled = await pullFrom(twin, { kind: 'objects', objects: ['Contact'] });
    const copy = await pulled.load();
    pulled.store.forgetRows();
    expect(pulled.store.counts()).toEqual([]);
    expect(copy.rows).toBe(2);
    expect(copy.twin.engine.recordCounts(['Contact'])).toEqual({ Contact: 2 });
    const again = openPullStore(pulled.vault.openStore(pulled.result.holdingId));
    expect([...again.describes].length).toBe(pulled.result.describes);
    again.close();
    await copy.twin.close();
  });
});
