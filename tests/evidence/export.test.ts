import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash, X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runLedgerExport } from '../../scripts/app/ledger.ts';
import { runWitness } from '../../scripts/app/witness.ts';
import { parseWitnessKey } from '../../scripts/evidence/cosignature.ts';
import { exportLine, type ExportLine } from '../../scripts/evidence/exportLines.ts';
import { leafHashOf } from '../../scripts/evidence/leafFile.ts';
import { ledgerHead } from '../../scripts/evidence/ledgerRecords.ts';
import { growTree } from '../../scripts/evidence/merkle.ts';
import { proveRun } from '../../scripts/evidence/proveRun.ts';
import { noteSigner, signCheckpoint, verifierKey } from '../../scripts/evidence/signedNote.ts';
import { stampCheckpoint } from '../../scripts/evidence/stampCheckpoint.ts';
import type { RecordId } from '../../scripts/kernel/recordId.ts';
import { checkLedger, endedRuns, openRunSalts } from '../../scripts/plan/prove/checkLedger.ts';
import type { OrgRow } from '../../scripts/org/port.ts';
import { ledgerSigner } from '../../scripts/plan/prove/runLedger.ts';
import { apply, approve, makePlan } from '../plan/cycle.ts';
import { seededRandom, temporaryVault } from '../plan/temporaryVault.ts';
import { oldContact, openTestOrg, START, type TestOrg } from '../plan/testOrg.ts';
import { openLocalAuthority, type LocalAuthority } from './localAuthority.ts';

let at: TestOrg;
let home: ReturnType<typeof temporaryVault>;
let folder: string;
let authority: LocalAuthority;
let key: string;
let people: readonly string[];
const random = seededRandom('export');
const NEEDLE = 'Aiguille-Durand';

const runOnce = async (name: string): Promise<readonly string[]> => {
  const ids = at.load('Contact', [oldContact(`${NEEDLE}-${name}`)]);
  const { path } = await makePlan(at, home);
  await approve(at, path);
  await apply(at, home, path);
  return ids;
};
const ports = () => ({ org: at.admin, vault: home.vault, clock: at.clock, random });
const exported = async (name: string): Promise<string> =>
  (await runLedgerExport({ charterPath: 'config/charters/demo.yml', keys: [], outputDir: join(folder, name) }, ports()))
    .path;
const linesOf = (path: string): ExportLine[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => exportLine.parse(JSON.parse(line)));

type Outcome = { readonly status: number; readonly said: string };
const rowsOf = async (soql: string): Promise<readonly OrgRow[]> => {
  const rows: OrgRow[] = [];
  for await (const row of at.admin.query(soql)) rows.push(row);
  return rows;
};
/** The verifier as a stranger runs it: a process of its own, on a file. */
const verifyFile = (path: string, ...args: readonly string[]): Promise<Outcome> =>
  new Promise((resolve) => {
    execFile(process.execPath, ['bin/verify-ledger.mjs', path, ...args], (error, stdout, stderr) => {
      resolve({ status: typeof error?.code === 'number' ? error.code : 0, said: stdout + stderr });
    });
  });
/** A copy of an export with something forged; its count of lines is put right. */
const forged = (path: string, change: (lines: ExportLine[]) => readonly ExportLine[]): string => {
  const lines = [...change(linesOf(path))];
  const last = lines.pop()!;
  const target = join(folder, `forged-${Buffer.from(random(4)).toString('hex')}.ndjson`);
  lines.push('lines' in last ? { lines: lines.length + 1 } : last);
  writeFileSync(target, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return target;
};

let first: string;
let second: string;

beforeAll(async () => {
  authority = openLocalAuthority();
  at = await openTestOrg();
  home = temporaryVault('export', START);
  folder = mkdtempSync(join(tmpdir(), 'garde-export-'));
  people = [...(await runOnce('un')), ...(await runOnce('deux'))];
  first = await exported('first');
  people = [...people, ...(await runOnce('trois'))];
  const head = await ledgerHead(at.admin);
  const timestamps = { ask: authority.answer, roots: [new X509Certificate(authority.root)] };
  expect((await stampCheckpoint(at.admin, head!, timestamps, random)).state).toBe('stamped');
  second = await exported('second');
  key = verifierKey(ledgerSigner(home.vault, (await at.admin.identity()).orgId));
});
afterAll(async () => {
  await at.close();
  home.remove();
  authority.remove();
  rmSync(folder, { recursive: true, force: true });
});

describe('an exported ledger', () => {
  it('is verified by a stranger with one file of code and a key, and says what was not verified', async () => {
    const outcome = await verifyFile(second, '--key', key);
    expect(outcome).toMatchObject({ status: 0 });
    expect(outcome.said).toContain('VERIFIED\n  3 checkpoints');
    expect(outcome.said).toContain('9 opened entries, 2 proofs');
    for (const part of ['no --witness', 'has a time-stamp; give --tsa', 'not time-stamped by a third party']) {
      expect(outcome.said).toContain(part);
    }
  });

  it('brings the verifier of one file along: no dependency, short enough to read', () => {
    const source = readFileSync(join(folder, 'second', 'verify-ledger.mjs'), 'utf8');
    const code = source.split('\n').filter((line) => !/^\s*(\/\/.*|\/?\*.*)?$/.test(line));
    expect(code.length).toBeLessThanOrEqual(300);
    expect(Math.max(...code.map((line) => line.length))).toBeLessThanOrEqual(120);
    const imported = [...source.matchAll(/from '([^']+)'/g)].map(([, name]) => name);
    expect(imported.filter((name) => !name!.startsWith('node:'))).toEqual([]);
    expect(imported.length).toBeGreaterThan(2);
  });

  it('EVI-04: has its time-stamp verified with the authority’s root, and refused with another', async () => {
    const right = await verifyFile(second, '--key', key, '--tsa', authority.rootPath);
    expect(right).toMatchObject({ status: 0 });
    expect(right.said).toMatch(/existed on 20\d\d-.*says a time-stamp authority/);
    expect(right.said).not.toContain('not time-stamped');
    const other = openLocalAuthority('ec');
    const wrong = await verifyFile(second, '--key', key, '--tsa', other.rootPath);
    other.remove();
    expect(wrong.status).toBe(1);
    expect(wrong.said).toContain('leads to none of the trusted ones');
  });

  it('names nobody and no record of theirs', () => {
    const text = readFileSync(second, 'utf8');
    for (const needle of [NEEDLE, ...people, ...people.map((id) => id.slice(0, 15))])
      expect(text).not.toContain(needle);
  });

  it('is refused when signed by a key that the reader does not know', async () => {
    const stranger = verifierKey(noteSigner('garde-ledger/other', random(32)));
    const outcome = await verifyFile(second, '--key', stranger);
    expect(outcome.status).toBe(1);
    expect(outcome.said).toContain('is signed by none of the keys');
  });
});

describe('a forgery in an exported ledger is found', () => {
  const change = (edit: (lines: ExportLine[]) => readonly ExportLine[], ...args: readonly string[]) =>
    verifyFile(forged(second, edit), '--key', key, ...args);

  it('an altered, deleted, inserted and reordered commitment', async () => {
    const onLeaves = (edit: (leaves: string[]) => string[]) => (lines: ExportLine[]) => {
      const at = lines.findLastIndex((line) => 'leaves' in line);
      return lines.map((line, i) => (i === at && 'leaves' in line ? { leaves: edit(line.leaves) } : line));
    };
    for (const edit of [
      (leaves: string[]) => leaves.map((one, i) => (i === 1 ? 'ab'.repeat(32) : one)),
      (leaves: string[]) => leaves.slice(1),
      (leaves: string[]) => [...leaves.slice(0, 1), 'cd'.repeat(32), ...leaves.slice(1)],
      (leaves: string[]) => [...leaves].reverse(),
    ]) {
      const outcome = await change(onLeaves(edit));
      expect(outcome.status).toBe(1);
      expect(outcome.said).toMatch(/altered, deleted, inserted or forked since leaf \d+/);
    }
  });

  it('a forged approval', async () => {
    const isApproval = (line: ExportLine) => 'entry' in line && line.content.includes('"kind":"approval"');
    expect(linesOf(second).filter(isApproval)).toHaveLength(3);
    const outcome = await change((lines) =>
      lines.map((line) =>
        isApproval(line) && 'entry' in line
          ? { ...line, content: line.content.replace(/"approver":"005\w+"/, '"approver":"005000000000099AAA"') }
          : line,
      ),
    );
    expect(outcome.status).toBe(1);
    expect(outcome.said).toContain('is not what the ledger committed to: forged or altered');
  });

  it('a dropped tail, by whoever has seen more: another export, a note, a witness', async () => {
    const dropped = await verifyFile(first, '--key', key);
    expect(dropped.status).toBe(0);
    expect(dropped.said).toContain('whether the end was cut off');
    const seen = await verifyFile(first, '--key', key, '--note', second);
    expect(seen.status).toBe(1);
    expect(seen.said).toContain('which this ledger lacks: its tail was dropped');
    expect((await verifyFile(second, '--key', key, '--note', first)).said).toContain('is part of this ledger');
  });

  it('a file that was cut, and one that is none', async () => {
    const cut = join(folder, 'cut.ndjson');
    writeFileSync(cut, readFileSync(second, 'utf8').split('\n').slice(0, -2).join('\n'));
    expect((await verifyFile(cut, '--key', key)).said).toContain('is cut');
    writeFileSync(cut, readFileSync(second, 'utf8').slice(0, -40));
    expect((await verifyFile(cut, '--key', key)).status).toBe(2);
    writeFileSync(cut, 'nothing\n');
    expect((await verifyFile(cut)).status).toBe(2);
  });

  it('a fork, even one signed with the ledger’s own key', async () => {
    const own = ledgerSigner(home.vault, (await at.admin.identity()).orgId);
    const fork = forged(second, (lines) => {
      const tree = growTree();
      return lines.flatMap((line): readonly ExportLine[] => {
        if ('leaves' in line) {
          const leaves = line.leaves.map((one, i) => (i === 2 ? 'ee'.repeat(32) : one));
          for (const one of leaves) tree.append(leafHashOf(one));
          return [{ leaves }];
        }
        if ('entry' in line || 'consistency' in line) return [];
        if (!('checkpoint' in line)) return [line];
        const peaks = tree.peaks().map((peak) => Buffer.from(peak));
        const note = signCheckpoint({ origin: own.name, size: tree.size(), root: tree.root(), peaks }, own);
        return [{ ...line, checkpoint: note, timestamp: null }];
      });
    });
    expect((await verifyFile(fork, '--key', key)).status).toBe(0);
    const seen = await verifyFile(fork, '--key', key, '--note', first);
    expect(seen.status).toBe(1);
    expect(seen.said).toContain('forked or rewritten');
    const witness = {
      stateDir: join(folder, 'w2'),
      name: 'dpo.example/w2',
      ledgerKey: key,
      outputDir: join(folder, 'n2'),
    };
    await runWitness({ ...witness, exportPath: first }, { clock: at.clock, random });
    await expect(runWitness({ ...witness, exportPath: fork }, { clock: at.clock, random })).rejects.toMatchObject({
      problems: [{ code: 'WitnessRefuses', subject: expect.stringContaining('LedgerForked') }],
    });
  });
});

describe('a witness', () => {
  const order = () => ({
    stateDir: join(folder, 'witness'),
    name: 'dpo.example/witness',
    ledgerKey: key,
    outputDir: join(folder, 'notes'),
  });

  it('signs what grows from what it signed last, and nothing else', async () => {
    const one = await runWitness({ ...order(), exportPath: first }, { clock: at.clock, random });
    const two = await runWitness({ ...order(), exportPath: second }, { clock: at.clock, random });
    expect([one.previousSize, two.previousSize]).toEqual([null, one.size]);
    expect(two.verifierKey).toBe(one.verifierKey);
    const back = runWitness({ ...order(), exportPath: first }, { clock: at.clock, random });
    await expect(back).rejects.toMatchObject({ name: 'WitnessRefuses' });
    const note = readFileSync(two.notePath, 'utf8');
    expect(note.split('\n').filter((line) => line.startsWith('— '))).toHaveLength(2);
    const pinned = ['--key', key, '--witness', two.verifierKey];
    const right = await verifyFile(second, ...pinned, '--note', two.notePath);
    expect(right).toMatchObject({ status: 0 });
    expect(right.said).toContain(`saw the ledger with ${String(two.size)} leaves`);
    expect((await verifyFile(second, ...pinned)).said).toContain('cosigned none');
  });

  it('is compared with the org: what it saw and the ledger lacks is a fault', async () => {
    const {
      notePath,
      verifierKey: witnessKey,
      size,
    } = await runWitness({ ...order(), exportPath: second }, { clock: at.clock, random });
    const witnesses = { keys: [parseWitnessKey(witnessKey)!], notes: [readFileSync(notePath, 'utf8')] };
    const check = () => checkLedger({ record: false, witnesses }, ports());
    expect(await check()).toMatchObject({ state: 'verified', witnessed: [{ name: 'dpo.example/witness', size }] });
    const head = await ledgerHead(at.admin);
    await at.admin.delete([head!.Id as RecordId]);
    expect((await check()).faults.map((one) => one.code)).toContain('WitnessDiffers');
    await at.admin.undelete([head!.Id as RecordId]);
    expect((await check()).state).toBe('verified');
  });

  it('refuses an export that somebody shortened or signed with another key, and a name that is none', async () => {
    const folderOf = { ...order(), stateDir: join(folder, 'w3') };
    const cut = join(folder, 'cut-for-witness.ndjson');
    writeFileSync(cut, readFileSync(second, 'utf8').split('\n').slice(0, -3).join('\n'));
    const stranger = verifierKey(noteSigner(key.split('+')[0]!, random(32)));
    for (const [over, code] of [
      [{ exportPath: cut }, 'WitnessRefuses'],
      [{ exportPath: second, ledgerKey: stranger }, 'WitnessRefuses'],
      [{ exportPath: second, name: 'two words' }, 'WitnessNameUnfit'],
    ] as const) {
      const signing = runWitness({ ...folderOf, ...over }, { clock: at.clock, random });
      await expect(signing).rejects.toMatchObject({ name: code });
    }
  });
});

describe('the approvals of a run', () => {
  it('are compared with the org: one that was deleted or added with an earlier date is a fault', async () => {
    const check = async () =>
      (await checkLedger({ record: false }, ports())).faults.filter((one) => one.code === 'ApprovalDiffers');
    const rows: { id: RecordId; plan: string }[] = [];
    for await (const row of at.admin.query('SELECT Id, PlanDigest__c FROM GardeApproval__c ORDER BY CreatedDate, Id')) {
      rows.push({ id: row['Id'] as RecordId, plan: row['PlanDigest__c'] as string });
    }
    expect(await check()).toEqual([]);
    await at.admin.delete([rows[0]!.id]);
    expect(await check()).toHaveLength(1);
    await at.admin.undelete([rows[0]!.id]);
    const officer = at.twin.users['officer']!.userId;
    at.twin.engine.adminLoad('GardeApproval__c', [
      {
        ...{ Id: 'a0F00000000Forg', PlanDigest__c: rows[0]!.plan, Decision__c: 'approved', CreatedById: officer },
        ...{ CreatedDate: '2026-11-01T00:00:00.000Z', ExpiresAt__c: '2027-01-01T00:00:00.000Z' },
      },
    ]);
    expect(await check()).toHaveLength(1);
  });
});

describe('the proof of a run, as the holder of a certificate gets it', () => {
  it('verifies without the ledger, names the certificate, and a forged entry does not', async () => {
    const { orgId } = await at.admin.identity();
    const salts = openRunSalts(home.vault, orgId);
    const run = [...endedRuns(salts)].sort((a, b) => b.size - a.size)[0]!;
    const [record] = await rowsOf(`SELECT Run__c FROM GardeCheckpoint__c WHERE TreeSize__c = ${String(run.size)}`);
    const certificate = join(folder, 'certificate.html');
    writeFileSync(certificate, '<!doctype html>');
    const hash = createHash('sha256').update('<!doctype html>').digest('hex');
    await at.admin.update('GardeRun__c', [{ Id: record!['Run__c'], CertificateHash__c: hash }]);
    const lines = await proveRun(at.admin, {
      runRecordId: record!['Run__c'] as string,
      commitments: () => run.salts.commitments(),
      opened: run.salts.runEntries(),
      header: { origin: `garde-ledger/${orgId}`, exportedAt: START, tool: 'Garde' },
      keys: [key],
    });
    for (const one of salts) one.close();
    const path = join(folder, 'certificate.proof.ndjson');
    writeFileSync(path, lines!.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const outcome = await verifyFile(path, '--key', key, '--certificate', certificate);
    expect(outcome).toMatchObject({ status: 0 });
    expect(outcome.said).toContain('3 opened entries');
    expect(outcome.said).toContain('names the certificate given');
    expect(outcome.said).toContain('this is the proof of one run, not the whole ledger');
    writeFileSync(certificate, '<!doctype html><p>more</p>');
    expect((await verifyFile(path, '--certificate', certificate)).status).toBe(1);
    writeFileSync(path, readFileSync(path, 'utf8').replace('\\"state\\":\\"', '\\"state\\":\\"x'));
    expect((await verifyFile(path, '--key', key)).said).toContain('forged or altered');
    expect((await verifyFile(second, '--key', key, '--note', path)).status).toBe(0);
  });
});
