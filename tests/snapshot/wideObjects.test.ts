import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import type { DescribedField, DescribedObject, Org, OrgRow } from '../../scripts/org/port.ts';
import { parseRecordId } from '../../scripts/kernel/recordId.ts';
import { createSnapshotReader } from '../../scripts/snapshot/reader.ts';
import { takeSnapshot } from '../../scripts/snapshot/takeSnapshot.ts';
import { createVault } from '../../scripts/vault/createVault.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'garde-wide-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const names = ['Id', ...Array.from({ length: 799 }, (_, i) => `Field${i}__c`)];
const fields = names.map((name): Partial<DescribedField> => ({
  name,
  type: name === 'Id' ? 'id' : 'string',
  calculated: false,
  referenceTo: [],
}));
const wide = { name: 'Wide__c', fields } as unknown as DescribedObject;

it('copies objects with as many fields as the platform allows', async () => {
  const rows = Array.from({ length: 150 }, (_, i): OrgRow =>
    Object.fromEntries(names.map((name) => [name, `${name}${i}`])),
  );
  const org = {
    identity: () => Promise.resolve({ orgId: parseRecordId('00D000000000001')! }),
    describe: () => Promise.resolve(wide),
    approximateCounts: () => Promise.resolve(new Map([['Wide__c', 150]])),
    query: async function* () {
      for (const row of rows) yield await Promise.resolve(row);
    },
    calls: () => 0,
  } as unknown as Org;
  const now = '2026-11-22T10:00:00.000Z';
  const vault = createVault({ dataDir, now: () => now, random: (bytes) => randomBytes(bytes) });
  const input = { wants: [{ object: 'Wide__c', fields: 'all' as const }], expiresAt: '2026-11-29T10:00:00.000Z' };
  const { store } = await takeSnapshot(input, { org, vault, clock: { now: () => now } });
  expect([...createSnapshotReader(store).rows('Wide__c')]).toHaveLength(150);
  expect(createSnapshotReader(store).byId('Wide__c', 'Id149')).toEqual(rows[149]);
  store.close();
});
