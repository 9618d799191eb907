import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { appendLedger } from '../../scripts/evidence/appendLedger.ts';
import { leafFileText, leafHashOf, readLeafFile } from '../../scripts/evidence/leafFile.ts';
import { openLeafSalts } from '../../scripts/evidence/leafSalts.ts';
import { verifyInclusion } from '../../scripts/evidence/proofs.ts';
import { noteSigner, parseNote, parseVerifierKey, verifierKey } from '../../scripts/evidence/signedNote.ts';
import { saltedCommitment } from '../../scripts/kernel/hash.ts';
import type { RecordId } from '../../scripts/kernel/recordId.ts';
import type { Org, OrgRow } from '../../scripts/org/port.ts';
import { checkLedger, type LedgerCheckResult } from '../../scripts/plan/prove/checkLedger.ts';
import { ledgerSigner } from '../../scripts/plan/prove/runLedger.ts';
import { inclusionProof } from './referenceTree.ts';
import { apply, approve, makePlan } from '../plan/cycle.ts';
import { seededRandom, temporaryVault } from '../plan/temporaryVault.ts';
import { oldContact, openTestOrg, START, type TestOrg } from '../plan/testOrg.ts';

let at: TestOrg;
let home: ReturnType<typeof temporaryVault>;
let orgId: string;
let people: readonly string[];
const NEEDLE = 'Needle-Martin';

beforeAll(async () => {
  at = await openTestOrg();
  home = temporaryVault('ledger', START);
  orgId = (await at.admin.identity()).orgId;
  const all: string[] = [];
  for (const round of [1, 2, 3]) {
    all.push(...at.load('Contact', [oldContact(`${NEEDLE}${String(round)}`), oldContact(`Autre${String(round)}`)]));
    const { path } = await makePlan(at, home);
    await approve(at, path);
    await apply(at, home, path);
  }
  people = all;
});
afterAll(async () => {
  await at.close();
  home.remove();
});

const rows = async (soql: string): Promise<readonly OrgRow[]> => {
  const found: OrgRow[] = [];
  for await (const row of at.admin.query(soql)) found.push(row);
  return found;
};
const check = (
  over: { readonly org?: Org; readonly vault?: typeof home.vault; readonly keys?: readonly string[] } = {},
) =>
  checkLedger(
    { record: false, ...(over.keys === undefined ? {} : { keys: over.keys }) },
    { org: over.org ?? at.admin, vault: over.vault ?? home.vault, clock: at.clock },
  );
const faults = (report: LedgerCheckResult) => report.faults.map((one) => [one.code, one.treeSize, one.leaf]);
const leafVersions = async (): Promise<readonly { readonly id: string; readonly text: string }[]> => {
  const versions = await rows("SELECT Id FROM ContentVersion WHERE Title = 'leaves' ORDER BY CreatedDate, Id");
  return Promise.all(
    versions.map(async (row) => {
      const id = row['Id'] as RecordId;
      return { id, text: Buffer.from(await at.admin.downloadFile('ContentVersion', id)).toString() };
    }),
  );
};

/** What a second look at the ledger sees when somebody replaced the leaf file of one run. */
const withLeafText = async (run: number, change: (lines: readonly string[]) => readonly string[]) => {
  const version = (await leafVersions())[run]!;
  const lines = version.text.trimEnd().split('\n');
  const forged = Buffer.from(`${change(lines).join('\n')}\n`);
  const org: Org = {
    ...at.admin,
    downloadFile: (object, id) => (id === version.id ? Promise.resolve(forged) : at.admin.downloadFile(object, id)),
  };
  const stranger = temporaryVault('stranger', START);
  try {
    const key = verifierKey(ledgerSigner(home.vault, orgId));
    return {
      known: faults(await check({ org })),
      stranger: faults(await check({ org, vault: stranger.vault, keys: [key] })),
    };
  } finally {
    stranger.remove();
  }
};

describe('EVI-01: the ledger', () => {
  it('verifies as written, here and by anybody who has the key', async () => {
    const report = await check();
    expect(report).toMatchObject({ state: 'verified', checkpoints: 3, leaves: 21, faults: [], timestamped: false });
    const stranger = temporaryVault('stranger', START);
    expect(await check({ vault: stranger.vault, keys: [report.verifierKey] })).toMatchObject({ state: 'verified' });
    expect(faults(await check({ vault: stranger.vault }))).toEqual(
      [7, 14, 21].map((size) => ['SignatureUnknown', size, null]),
    );
    stranger.remove();
    expect((await check({ keys: [] })).verifierKey).toContain(`garde-ledger/${orgId}+`);
    await expect(check({ keys: ['nonsense'] })).rejects.toMatchObject({ name: 'VerifierKeyUnreadable' });
  });

  it('locates an altered, deleted, inserted and moved entry', async () => {
    const altered = await withLeafText(1, (lines) =>
      lines.map((line, i) => (i === 2 ? line.replace(/"c":"../, '"c":"00') : line)),
    );
    expect(altered).toEqual({ known: [['LeafAltered', 14, 9]], stranger: [['LeafAltered', 14, 9]] });
    const deleted = await withLeafText(1, (lines) => lines.filter((_, i) => i !== 3));
    expect(deleted.stranger).toEqual([['LeafMoved', 14, 10]]);
    const inserted = await withLeafText(0, (lines) => [...lines.slice(0, 2), lines[0]!, ...lines.slice(2)]);
    expect(inserted.stranger).toEqual([['LeafMoved', 7, 2]]);
    const moved = await withLeafText(2, (lines) => [lines[1]!, lines[0]!, ...lines.slice(2)]);
    expect(moved.stranger).toEqual([['LeafMoved', 21, 14]]);
    const cut = await withLeafText(2, (lines) => lines.slice(0, -1));
    expect(cut.stranger).toEqual([['LeafCountDiffers', 21, 20]]);
  });

  it('locates an entry in a file that was rewritten as a whole, where the run was made', async () => {
    const forged = await withLeafText(1, (lines) => {
      const commitments = readLeafFile(lines.join('\n')).commitments.map((one, i) => (i === 4 ? 'ab'.repeat(32) : one));
      return leafFileText(commitments).trimEnd().split('\n');
    });
    expect(forged).toEqual({ known: [['LeafAltered', 14, 11]], stranger: [['RootDiffers', 14, 7]] });
  });

  it('finds a checkpoint that was altered, deleted, or cut off the end', async () => {
    const checkpoints = await rows('SELECT Id, NoteText__c, RootHash__c FROM GardeCheckpoint__c ORDER BY TreeSize__c');
    const [first, second, third] = checkpoints.map((row) => row['Id'] as RecordId);
    await at.admin.update('GardeCheckpoint__c', [{ Id: second!, RootHash__c: 'ab'.repeat(32) }]);
    expect(faults(await check())).toContainEqual(['CheckpointAltered', 14, null]);
    await at.admin.update('GardeCheckpoint__c', [{ Id: second!, RootHash__c: checkpoints[1]!['RootHash__c'] }]);
    await at.admin.delete([second!]);
    expect(faults(await check())).toEqual([
      ['CheckpointMissing', 21, 7],
      ['CheckpointMissing', 14, null],
    ]);
    await at.admin.undelete([second!]);
    await at.admin.delete([third!]);
    expect(faults(await check())).toEqual([['CheckpointMissing', 21, null]]);
    await at.admin.undelete([third!]);
    expect([(await check()).state, first]).toEqual(['verified', first]);
  });

  it('lets one of two appends at the same head through, and the other go on from the new head', async () => {
    const [run] = await at.admin.create('GardeRun__c', [{ RunKey__c: 'later', PlanDigest__c: 'x', State__c: 'done' }]);
    const signer = ledgerSigner(home.vault, orgId);
    let raced = false;
    const org: Org = {
      ...at.admin,
      create: async (object, created) => {
        if (!raced) {
          raced = true;
          const [other] = await at.admin.create('GardeRun__c', [
            { RunKey__c: 'first', PlanDigest__c: 'x', State__c: 'done' },
          ]);
          await appendLedger(at.admin, { runRecordId: other!.id!, commitments: () => ['11'.repeat(32)], signer });
        }
        return at.admin.create(object, created);
      },
    };
    const appended = await appendLedger(org, {
      runRecordId: run!.id!,
      commitments: () => ['22'.repeat(32), '33'.repeat(32)],
      signer,
    });
    expect(appended).toMatchObject({ previousSize: 22, size: 24 });
    const again = await appendLedger(at.admin, { runRecordId: run!.id!, commitments: () => [], signer });
    expect(again).toEqual(appended);
    const ids = await rows('SELECT Id FROM GardeCheckpoint__c WHERE TreeSize__c > 21');
    await at.admin.delete(ids.map((row) => row['Id'] as RecordId));
  });

  it('refuses to append to a head that is not what it was', async () => {
    const [head] = await rows('SELECT Id, RootHash__c FROM GardeCheckpoint__c ORDER BY TreeSize__c DESC LIMIT 1');
    await at.admin.update('GardeCheckpoint__c', [{ Id: head!['Id'], RootHash__c: '00'.repeat(32) }]);
    const append = appendLedger(at.admin, {
      runRecordId: 'a00000000000000AAA',
      commitments: () => [],
      signer: ledgerSigner(home.vault, orgId),
    });
    await expect(append).rejects.toMatchObject({ name: 'LedgerBroken' });
    await at.admin.update('GardeCheckpoint__c', [{ Id: head!['Id'], RootHash__c: head!['RootHash__c'] }]);
  });

  it('proves one entry to somebody who gets its salt and content only', async () => {
    const [version] = await leafVersions();
    const salts = home.vault
      .holdings(orgId)
      .filter((one) => one.kind === 'ledger-salts')
      .map((one) => openLeafSalts(home.vault, one));
    const first = salts.find((one) => one.checkpoint()?.size === 7)!;
    const entry = first.entriesOf(people[0]!)[0]!;
    const { commitments } = readLeafFile(version!.text);
    expect(saltedCommitment(Buffer.from(entry.salt, 'hex'), entry.content)).toBe(commitments[entry.index]);
    const hashes = commitments.map(leafHashOf);
    const tree = { size: 7, root: Buffer.from(first.checkpoint()!.root, 'hex') };
    const leaf = { index: entry.index, hash: hashes[entry.index]! };
    expect(verifyInclusion(leaf, tree, inclusionProof(hashes, entry.index))).toBe(true);
    for (const one of salts) one.close();
  });
});

describe('EVI-02: an erased person', () => {
  it('is in no leaf and no checkpoint, and the ledger verifies when their salts are gone', async () => {
    const texts = [
      ...(await leafVersions()).map((one) => one.text),
      ...(await rows('SELECT NoteText__c, Origin__c FROM GardeCheckpoint__c')).map((row) => JSON.stringify(row)),
      ...(await rows('SELECT RunKey__c, PlanDigest__c, ErrorCode__c FROM GardeRun__c')).map((row) =>
        JSON.stringify(row),
      ),
    ].join('\n');
    for (const needle of [NEEDLE, 'Needle', ...people, ...people.map((id) => id.slice(0, 15))]) {
      expect(texts).not.toContain(needle);
    }
    const holding = home.vault.holdings(orgId).find((one) => one.kind === 'ledger-salts')!;
    const salts = openLeafSalts(home.vault, holding);
    const person = people.find((id) => salts.entriesOf(id).length > 0)!;
    salts.forget(person);
    expect(salts.entriesOf(person)).toEqual([]);
    expect(salts.count()).toBe(7);
    salts.close();
    expect(await check()).toMatchObject({ state: 'verified', faults: [] });
  });
});

describe('signed checkpoint', () => {
  const signer = noteSigner('garde-ledger/test', seededRandom('key')(32));

  it('is read back with its signer, and by no other key', async () => {
    const [row] = await rows('SELECT NoteText__c FROM GardeCheckpoint__c ORDER BY TreeSize__c LIMIT 1');
    const note = row!['NoteText__c'] as string;
    expect(note.split('\n').slice(0, 2)).toEqual([`garde-ledger/${orgId}`, '7']);
    expect(parseNote(note, [signer, ledgerSigner(home.vault, orgId)])?.signedBy?.name).toBe(`garde-ledger/${orgId}`);
    expect(parseNote(note.replace('\n7\n', '\n8\n'), [ledgerSigner(home.vault, orgId)])?.signedBy).toBeUndefined();
    expect(parseNote(note.replaceAll('\n', '\r\n'), [ledgerSigner(home.vault, orgId)])?.signedBy).toBeDefined();
    expect(parseNote('no note', [signer])).toBeUndefined();
  });

  it('has a key that outsiders can pin', () => {
    expect(parseVerifierKey(verifierKey(signer))?.publicKey.equals(signer.publicKey)).toBe(true);
    expect(parseVerifierKey(verifierKey(signer).replace(/\+[0-9a-f]{8}\+/, '+00000000+'))).toBeUndefined();
  });
});
