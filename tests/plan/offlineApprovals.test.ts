import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openLeafSalts } from '../../scripts/evidence/leafSalts.ts';
import { GardeError } from '../../scripts/kernel/result.ts';
import type { Org } from '../../scripts/org/port.ts';
import { applyPlan, resumePlan } from '../../scripts/plan/apply/applyPlan.ts';
import { approveOffline, type ApproveOfflineResult } from '../../scripts/plan/approve/approveOffline.ts';
import { approvePlan } from '../../scripts/plan/approve/approvePlan.ts';
import { countingApprovals } from '../../scripts/plan/approve/approvals.ts';
import { readApproval, type OfflineApproval } from '../../scripts/plan/approve/offlineApproval.ts';
import type { RetentionPlanResult } from '../../scripts/retention/plan.ts';
import { applyInput, applyPorts, livingContacts, makePlan } from './cycle.ts';
import { temporaryVault } from './temporaryVault.ts';
import { oldContact, openTestOrg, START, type TestOrg } from './testOrg.ts';

const TYPE = 'GardeApprovalKey__mdt';

let at: TestOrg;
let home: ReturnType<typeof temporaryVault>;
let plan: RetentionPlanResult;
let other: RetentionPlanResult;
let folder: string;
beforeAll(async () => {
  at = await openTestOrg();
  home = temporaryVault('offline', START);
  folder = mkdtempSync(join(tmpdir(), 'garde-offline-'));
  at.load('Contact', [oldContact('Ancienne')]);
  other = await makePlan(at, home);
  at.load('Contact', [oldContact('Autre')]);
  plan = await makePlan(at, home);
});
afterAll(async () => {
  await at.close();
  home.remove();
  rmSync(folder, { recursive: true });
});

const usernameOf = (role: string): string => at.twin.users[role]!.username;

/** Signs as somebody, with a key of that name; the key is made when it is not there. */
const signed = (approver: string, key: string, planPath = plan.path): ApproveOfflineResult => {
  const keyPath = join(folder, `${key}.pem`);
  const makeKey = !existsSync(keyPath);
  return approveOffline({ planPath, approver, keyPath, makeKey, outputDir: folder }, { clock: at.clock });
};

const value = (field: string, type: string, text: string): string =>
  `<values><field>${field}</field><value xsi:type="xsd:${type}">${text}</value></values>`;

/** As an administrator pins a key: the type as the package has it, and a record of it. */
const pin = async (name: string, username: string, publicKey: string, until = '2027-11-20'): Promise<void> => {
  const source = mkdtempSync(join(folder, 'deploy-'));
  cpSync(`force-app/main/shared/objects/${TYPE}`, join(source, 'objects', TYPE), { recursive: true });
  mkdirSync(join(source, 'customMetadata'));
  writeFileSync(
    join(source, 'customMetadata', `GardeApprovalKey.${name}.md-meta.xml`),
    `<?xml version="1.0" encoding="UTF-8"?>
     <CustomMetadata xmlns="http://soap.sforce.com/2006/04/metadata" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
       xmlns:xsd="http://www.w3.org/2001/XMLSchema"><label>${name}</label><protected>false</protected>
     ${value('PublicKey__c', 'string', publicKey)}${value('Username__c', 'string', username)}
     ${value('ValidToDate__c', 'date', until)}</CustomMetadata>`,
  );
  const report = await at.admin.deployFolder(source, { checkOnly: false });
  expect(report.failures).toEqual([]);
};

const problems = async (
  offline: readonly OfflineApproval[],
  over: object = {},
  org = at.admin,
): Promise<readonly string[]> => {
  const policy = { requirements: [{ rule: null, people: 1, by: [] }], rehearsal: 'advised' as const };
  const need = { policy, runningUserId: at.twin.users['admin']!.userId, now: at.clock.now(), offline, ...over };
  const result = await countingApprovals(org, plan.header, need);
  if (!result.ok) for (const { actions } of result.problems) expect(actions.length).toBeGreaterThan(0);
  return result.ok ? [] : result.problems.map(({ code }) => code);
};
const codes = (work: () => unknown): readonly string[] => {
  try {
    work();
  } catch (error) {
    if (error instanceof GardeError) return [...new Set(error.problems.map(({ code }) => code))];
    throw error;
  }
  return [];
};

describe('an approval by signature', () => {
  it('is refused while the org knows no keys at all', async () => {
    // an org without the type: it is asked for one that is not there
    const query: Org['query'] = (soql, options) => at.admin.query(soql.replace(TYPE, 'GardeNoSuchKey__mdt'), options);
    const approval = readApproval(signed('nobody@example.org', 'early').path);
    expect(await problems([approval], {}, { ...at.admin, query })).toEqual(['ApprovalKeysHidden', 'ApprovalMissing']);
  });

  it('counts once the key is pinned, and only for the plan it was made for', async () => {
    const officer = usernameOf('officer');
    const { path, publicKey } = signed(officer, 'officer');
    const approval = readApproval(path);
    await pin('Nobody', 'somebody.else@example.org', publicKey);
    expect(await problems([approval])).toEqual(['ApprovalKeyNotPinned', 'ApprovalMissing']);
    await pin('Officer', officer.toUpperCase(), publicKey);
    expect(await problems([approval])).toEqual([]);
    expect(await problems([])).toEqual(['ApprovalMissing']);
    const ofOther = readApproval(signed(officer, 'officer', other.path).path);
    expect(await problems([ofOther])).toEqual(['ApprovalOfOtherPlan', 'ApprovalMissing']);
    // what counts is not spoiled by it, but nobody hands over a wrong file without being told
    expect(await problems([approval, ofOther])).toEqual(['ApprovalOfOtherPlan']);
  });

  it.each([
    ['plan', 'ab'.repeat(32)],
    ['summary', 'cd'.repeat(32)],
    ['expiresAt', '2036-01-01T00:00:00.000Z'],
    ['signedAt', '2026-11-19T00:00:00.000Z'],
  ])('is forged when its %s was changed', async (field, changed) => {
    const approval = readApproval(signed(usernameOf('officer'), 'officer').path);
    expect(await problems([{ ...approval, [field]: changed }])).toEqual(['ApprovalForged', 'ApprovalMissing']);
  });

  it('is forged when another key signed in the approver’s name', async () => {
    const { path } = signed(usernameOf('officer'), 'intruder');
    expect(await problems([readApproval(path)])).toEqual(['ApprovalForged', 'ApprovalMissing']);
  });

  it('ends with the plan, and with the last day of the key', async () => {
    const officer = usernameOf('officer');
    const approval = readApproval(signed(officer, 'officer').path);
    const late = { now: approval.expiresAt };
    expect(await problems([approval], late)).toEqual(['ApprovalExpired', 'ApprovalMissing']);
    const second = signed(usernameOf('noFiles'), 'second');
    await pin('Second', usernameOf('noFiles'), second.publicKey, '2026-11-20');
    expect(await problems([readApproval(second.path)])).toEqual(['ApprovalKeyExpired', 'ApprovalMissing']);
    expect(await problems([readApproval(second.path)], { now: '2026-11-19T23:00:00.000Z' })).toEqual([]);
  });

  it('does not count from whoever planned or runs, nor from a stranger', async () => {
    const own = signed(usernameOf('admin'), 'own');
    await pin('Own', usernameOf('admin'), own.publicKey);
    expect(await problems([readApproval(own.path)])).toEqual(['SelfApproval', 'ApprovalMissing']);
    const approval = readApproval(signed(usernameOf('officer'), 'officer').path);
    const running = { runningUserId: at.twin.users['officer']!.userId };
    expect(await problems([approval], running)).toEqual(['SelfApproval', 'ApprovalMissing']);
    const gone = signed('gone@example.org', 'gone');
    await pin('Gone', 'gone@example.org', gone.publicKey);
    expect(await problems([readApproval(gone.path)])).toEqual(['ApproverUnknown', 'ApprovalMissing']);
  });

  it('is counted once beside the same person’s record, and falls with their refusal', async () => {
    const approval = readApproval(signed(usernameOf('officer'), 'officer').path);
    const decide = (decision: 'approved' | 'refused' | 'revoked') => {
      at.setTime(new Date(Date.parse(at.clock.now()) + 60_000).toISOString());
      return approvePlan({ planPath: plan.path, decision }, { org: at.officer, clock: at.clock });
    };
    const two = { requirements: [{ rule: null, people: 2, by: [] }], rehearsal: 'advised' as const };
    await decide('approved');
    expect(await problems([approval], { policy: two })).toEqual(['ApprovalMissing']);
    await decide('revoked');
    expect(await problems([approval])).toEqual(['ApprovalOverruled', 'ApprovalMissing']);
    await decide('approved');
    expect(await problems([approval])).toEqual([]);
    await decide('revoked');
  });
});

describe('the file', () => {
  it('is refused with every wrong field when it is no approval', () => {
    const path = join(folder, 'wrong.json');
    expect(codes(() => readApproval(path))).toEqual(['ApprovalFileNotValid']);
    writeFileSync(path, JSON.stringify({ garde: 'approval', version: 1, decision: 'refused' }));
    expect(codes(() => readApproval(path))).toEqual(['ApprovalFileNotValid']);
    writeFileSync(path, '{');
    expect(codes(() => readApproval(path))).toEqual(['ApprovalFileNotValid']);
  });

  it('is signed with a key that only its owner may read, sealed when there is a passphrase, never over another', () => {
    const keyPath = join(folder, 'sealed.pem');
    const input = { planPath: plan.path, approver: 'a@example.org', keyPath, outputDir: folder };
    const sign = (over: object) => () => approveOffline({ ...input, makeKey: false, ...over }, { clock: at.clock });
    expect(codes(sign({}))).toEqual(['ApprovalKeyNotValid']);
    const { publicKey } = sign({ makeKey: true, passphrase: 'long enough' })();
    if (process.platform !== 'win32') expect(statSync(keyPath).mode & 0o777).toBe(0o600);
    expect(readFileSync(keyPath, 'utf8')).toMatch(/ENCRYPTED PRIVATE KEY/);
    expect(codes(sign({}))).toEqual(['ApprovalKeyNotValid']);
    expect(codes(sign({ passphrase: 'another' }))).toEqual(['ApprovalKeyNotValid']);
    expect(codes(sign({ makeKey: true }))).toEqual(['ApprovalKeyExists']);
    expect(sign({ passphrase: 'long enough' })().publicKey).toBe(publicKey);
  });
});

describe('a run', () => {
  it('begins with it, remembers it when it is resumed, and proves it in the ledger', async () => {
    const officer = usernameOf('noFiles');
    const { path, publicKey } = signed(officer, 'third');
    await pin('Third', officer, publicKey);
    const approvals = [readApproval(path)];
    const ports = applyPorts(at, home);
    expect(await livingContacts(at)).toHaveLength(2);
    const paused = await applyPlan(applyInput(at, plan.path, { approvals, upTo: 'first-twenty' }), ports);
    expect(paused.summary).toMatchObject({ state: 'paused', stopCause: 'tier-reached' });
    const { summary } = await resumePlan(applyInput(at, plan.path), ports);
    expect(summary.state).toBe('done');
    const holding = home.vault.holdings(at.twin.orgId).find((one) => one.kind === 'ledger-salts');
    const salts = openLeafSalts(home.vault, holding!);
    const leaves = salts.runEntries().map((entry) => JSON.parse(entry.content) as { content: object; kind: string });
    salts.close();
    const [leaf] = leaves.filter(({ kind }) => kind === 'approval');
    const { signature, signedAt } = approvals[0]!;
    const approver = at.twin.users['noFiles']!.userId;
    expect(leaf!.content).toMatchObject({ signed: [{ approver, signature, decidedAt: signedAt }] });
    expect(JSON.stringify(leaf)).not.toContain(officer);
  });
});
