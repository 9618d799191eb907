import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Org, OrgRow } from '../../scripts/org/port.ts';
import { createSnapshotReader } from '../../scripts/snapshot/reader.ts';
import { takeSnapshot } from '../../scripts/snapshot/takeSnapshot.ts';
import type { Snapshot } from '../../scripts/snapshot/takeSnapshot.ts';
import type { SnapshotWant } from '../../scripts/snapshot/wants.ts';
import type { Twin } from '../../scripts/twin/contract.ts';
import { startTwin } from '../../scripts/twin/startTwin.ts';
import { createVault } from '../../scripts/vault/createVault.ts';
import type { Vault } from '../../scripts/vault/port.ts';
import { orgAs } from '../org/twinConnection.ts';

const PEOPLE = 2_100;
const now = '2026-11-22T10:00:00.000Z';
const expiresAt = '2026-11-29T10:00:00.000Z';
const dataDir = mkdtempSync(join(tmpdir(), 'garde-snapshot-'));
let twin: Twin;
let org: Org;
let vault: Vault;
let accountId: string;

const contact = (i: number): OrgRow => ({
  LastName: `Durand${i}`,
  Email: i === 5 ? null : `durand${i}@gmail.example`,
  HasOptedOutOfEmail: i % 2 === 0,
  AccountId: i < 3 ? accountId : null,
});

beforeAll(async () => {
  twin = await startTwin({ shape: 'npsp', port: 0, production: true });
  org = await orgAs(twin, 'admin');
  vault = createVault({ dataDir, now: () => now, random: (bytes) => randomBytes(bytes) });
  const [account] = await org.create('Account', [{ Name: 'Foyer Durand', BillingLatitude: 48.5 }]);
  accountId = account!.id!;
  const rows = Array.from({ length: PEOPLE }, (_, i) => contact(i));
  for await (const outcome of org.bulkLoad('Contact', 'insert', rows)) expect(outcome.success).toBe(true);
});
afterAll(async () => {
  await twin.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const take = (wants: readonly SnapshotWant[], from: Org = org): Promise<Snapshot> =>
  takeSnapshot({ wants, expiresAt }, { org: from, vault, clock: { now: () => now } });

describe('a snapshot', () => {
  it('copies large objects in bulk and small ones by REST, typed, with what each cost', async () => {
    const snapshot = await take([
      {
        object: 'contact',
        fields: ['LastName', 'Email', 'HasOptedOutOfEmail', 'AccountId', 'CreatedDate', 'Account.Name'],
      },
      { object: 'Account', fields: ['Name', 'BillingLatitude'] },
    ]);
    expect(snapshot.missing).toEqual([]);
    expect(snapshot.objects).toMatchObject([
      { object: 'Contact', rows: PEOPLE, by: 'bulk', at: now },
      { object: 'Account', by: 'rest', at: now },
    ]);
    expect(snapshot.objects.every(({ calls }) => calls > 0)).toBe(true);
    expect(snapshot.calls).toBeGreaterThanOrEqual(snapshot.objects.reduce((sum, { calls }) => sum + calls, 0));
    const reader = createSnapshotReader(snapshot.store);
    expect(reader.objects).toEqual(snapshot.objects.toSorted((a, b) => (a.object < b.object ? -1 : 1)));
    expect([...reader.rows('Contact')]).toHaveLength(PEOPLE);
    const [fifth] = reader.rows('Contact', [{ field: 'LastName', is: 'equal', value: 'durand5' }]);
    expect(fifth).toEqual({
      Id: fifth!['Id'],
      LastName: 'Durand5',
      Email: null,
      HasOptedOutOfEmail: false,
      AccountId: null,
      CreatedDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      Account: { Name: null },
    });
    expect(reader.byId('Account', accountId)).toEqual({ Id: accountId, Name: 'Foyer Durand', BillingLatitude: 48.5 });
    expect([...reader.byLookup('Contact', 'AccountId', [accountId])].map((row) => row['Account'])).toEqual(
      Array.from({ length: 3 }, () => ({ Name: 'Foyer Durand' })),
    );
    snapshot.store.close();
  });

  it('gives the same rows whether they came by REST or in bulk', async () => {
    const wants: readonly SnapshotWant[] = [{ object: 'Contact', fields: 'all' }];
    const few: Org = { ...org, approximateCounts: () => Promise.resolve(new Map([['Contact', 1]])) };
    const [bulk, rest] = [await take(wants), await take(wants, few)];
    expect([bulk.objects[0]!.by, rest.objects[0]!.by]).toEqual(['bulk', 'rest']);
    const read = (snapshot: Snapshot): readonly OrgRow[] => [...createSnapshotReader(snapshot.store).rows('Contact')];
    expect(read(rest)).toEqual(read(bulk));
    bulk.store.close();
    rest.store.close();
  });

  it('copies only the rows asked for, deleted ones too when asked', async () => {
    const [made] = await org.create('Contact', [{ LastName: 'Effacée' }]);
    await org.delete([made!.id!]);
    const wants: readonly SnapshotWant[] = [{ object: 'Contact', fields: ['LastName'], ids: [made!.id!] }];
    const without = await take(wants);
    const withDeleted = await take([{ ...wants[0]!, deletedToo: true }]);
    expect(without.objects[0]!.rows).toBe(0);
    expect([...createSnapshotReader(withDeleted.store).rows('Contact')]).toEqual([
      { Id: made!.id, LastName: 'Effacée', IsDeleted: true },
    ]);
    const filtered = await take([
      {
        object: 'Contact',
        fields: ['Email'],
        where: [{ field: 'Email', is: 'in', value: ['durand1@gmail.example', "x'); DROP"] }],
      },
    ]);
    expect(filtered.objects[0]!.rows).toBe(1);
    for (const snapshot of [without, withDeleted, filtered]) snapshot.store.close();
  });

  it('lists what the org does not show instead of guessing', async () => {
    const snapshot = await take([
      { object: 'NoSuchObject__c', fields: ['Name'] },
      { object: 'Account', fields: ['Name', 'NoSuchField__c', 'Owner.NoSuchField__c'] },
    ]);
    expect(snapshot.missing).toEqual([
      { object: 'NoSuchObject__c' },
      { object: 'Account', field: 'NoSuchField__c' },
      { object: 'Account', field: 'Owner.NoSuchField__c' },
    ]);
    expect(createSnapshotReader(snapshot.store).columns('NoSuchObject__c')).toEqual([]);
    snapshot.store.close();
  });

  it('can be opened again from the vault, and is a holding', async () => {
    const snapshot = await take([{ object: 'Account', fields: ['Name'] }]);
    snapshot.store.close();
    expect(vault.holdings().find(({ id }) => id === snapshot.holding.id)).toMatchObject({
      kind: 'snapshot',
      expiresAt,
    });
    const store = vault.openStore(snapshot.holding.id);
    expect(createSnapshotReader(store).byId('Account', accountId)).toMatchObject({ Name: 'Foyer Durand' });
    store.close();
  });

  it('leaves nothing on disk when the org fails half way', async () => {
    const before = vault.holdings().map(({ id }) => id);
    let path = '';
    const failing: Org = {
      ...org,
      query: async function* () {
        path = vault.holdings().find(({ id }) => !before.includes(id))?.path ?? '';
        await Promise.reject(new Error('cut'));
      },
    };
    await expect(take([{ object: 'Account', fields: ['Name'] }], failing)).rejects.toThrow('cut');
    expect(vault.holdings().map(({ id }) => id)).toEqual(before);
    expect(path).not.toBe('');
    expect(existsSync(path)).toBe(false);
  });
});
