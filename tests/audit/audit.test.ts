import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditOrg } from '../../scripts/app/auditOrg.ts';
import type { AuditOrder, AuditOutcome } from '../../scripts/app/auditOrg.ts';
import { openTwinAs } from '../../scripts/app/connectTwin.ts';
import { openVault, systemClock, systemRandom } from '../../scripts/app/ports.ts';
import type { AuditReport } from '../../scripts/model/auditReport.ts';
import type { Org } from '../../scripts/org/port.ts';
import type { Twin } from '../../scripts/twin/contract.ts';
import { startTwin } from '../../scripts/twin/startTwin.ts';

const NEEDLES = [
  'Bérénice',
  'Quatremère',
  'berenice@gmail.example',
  'FR7630006000011234567890189',
  '185052A00405824',
  'diabétique',
];

let twin: Twin;
let folder: string;
let order: AuditOrder;
let all: AuditOutcome;

const auditAs = async (role: string, more: Partial<AuditOrder> = {}): Promise<AuditOutcome> => {
  const vault = await openVault(join(folder, 'vault'));
  const org = await openTwinAs(twin, role);
  return auditOrg({ ...order, ...more }, { org, vault, clock: systemClock, random: systemRandom }, () => undefined);
};

const load = async (org: Org): Promise<void> => {
  const contacts = [
    {
      FirstName: 'Bérénice',
      LastName: 'Quatremère',
      Email: 'berenice@gmail.example',
      Religion__c: 'Catholique',
      Description: 'Est diabétique. IBAN FR7630006000011234567890189',
    },
    {
      FirstName: 'Côme',
      LastName: 'Zannier',
      Email: 'come@mairie.example',
      Description: 'N° de sécurité sociale 1 85 05 2A 004 058 24',
    },
    { LastName: 'Vide' },
  ];
  const outcomes = await org.create('Contact', contacts);
  expect(outcomes.every((one) => one.success)).toBe(true);
  const [first] = outcomes;
  const notes = await org.create('Task', [
    { Subject: 'Appel', WhoId: first?.id ?? null, Description: 'Habite rue de l’Église, 06 39 98 12 34' },
  ]);
  expect(notes.every((one) => one.success)).toBe(true);
};

beforeAll(async () => {
  twin = await startTwin({ shape: 'npsp', port: 0, production: true });
  folder = await mkdtemp(join(tmpdir(), 'garde-audit-'));
  order = {
    charterPath: 'config/charters/demo.yml',
    language: 'en',
    outputDir: join(folder, 'all'),
    scan: 'full',
    sampleRows: 2000,
    withNames: true,
    publish: false,
  };
  await load(await openTwinAs(twin, 'admin'));
  all = await auditAs('admin');
});

afterAll(async () => {
  await twin.close();
  await rm(folder, { recursive: true, force: true });
});

const fieldOf = (report: AuditReport, object: string, field: string) =>
  report.objects.find((one) => one.object === object)?.fields.find((one) => one.field === field);

describe('garde audit', () => {
  it('counts records and filled fields, with category and level', () => {
    expect(all.report.objects.find((one) => one.object === 'Contact')?.rows).toBe(3);
    expect(fieldOf(all.report, 'Contact', 'Email')).toMatchObject({
      filled: 2,
      level: 'personal',
      categories: ['user.contact.email'],
    });
    expect(fieldOf(all.report, 'Contact', 'Religion__c')).toMatchObject({
      filled: 1,
      level: 'special',
      origin: 'undeclared',
    });
    expect(fieldOf(all.report, 'Contact', 'Description')).toMatchObject({ filled: 2, freeText: true });
  });

  it('PII-01: finds identifiers and telling words in free text, and streets are none', () => {
    const found = all.report.findings.map((one) => `${one.object}.${one.field} ${one.detector} ${one.certain}`);
    expect(found.sort()).toEqual([
      'Contact.Description health 1',
      'Contact.Description iban 1',
      'Contact.Description nir 1',
      'Task.Description phone 1',
    ]);
  });

  it('PII-04: no report holds a text, a name or an identifier of a record', async () => {
    for (const path of Object.values(all.paths)) {
      const text = (await readFile(path)).toString('latin1');
      const utf8 = (await readFile(path)).toString('utf8');
      expect(NEEDLES.filter((needle) => text.includes(needle) || utf8.includes(needle))).toEqual([]);
      expect(utf8).not.toMatch(/\b003[A-Za-z0-9]{15}\b/);
    }
  });

  it('writes names and record ids only into a sealed file', async () => {
    const sealed = await readFile(all.names?.path ?? '');
    expect(sealed.toString('latin1').startsWith('age-encryption.org/v1')).toBe(true);
    expect(NEEDLES.filter((needle) => sealed.includes(Buffer.from(needle)))).toEqual([]);
    expect(all.names?.passphrase.length).toBeGreaterThan(20);
  });

  it('SEC-01: counts as readers exactly the users whose own describe shows the field', async () => {
    const roles = Object.keys(twin.users);
    const orgs = await Promise.all(roles.map((role) => openTwinAs(twin, role)));
    const active = await orgs[0]!.count('SELECT COUNT() FROM User WHERE IsActive = true');
    const describes = await Promise.all(orgs.map((org) => org.describe('Contact')));
    for (const field of ['Religion__c', 'Dietary_Needs__c', 'Description']) {
      const seeing = describes.filter((one) => one?.fields.some((described) => described.name === field)).length;
      const reader = all.report.readers?.find((one) => one.object === 'Contact' && one.field === field);
      expect({ field, users: reader?.users }).toEqual({ field, users: seeing });
      expect(seeing).toBeLessThanOrEqual(active);
    }
  });

  it('says “incomplete” for a user from whom a special-category field is hidden, and does not call it absent', async () => {
    const { report, paths } = await auditAs('noSpecialField', {
      outputDir: join(folder, 'part'),
      scan: 'none',
      withNames: false,
    });
    expect(report.completeness.state).toBe('incomplete');
    expect(report.completeness.hidden.map((place) => `${place.object}.${place.field ?? ''}`)).toContain(
      'Contact.Religion__c',
    );
    expect(report.absent.filter((one) => one.object === 'Contact' && one.field === 'Religion__c')).toEqual([]);
    expect(await readFile(paths.html, 'utf8')).toMatch(/<main>\s*<p class="first incomplete">\s*Incomplete/);
  });

  it('reads no text when told so, and says it', async () => {
    const { report } = await auditAs('admin', { outputDir: join(folder, 'none'), scan: 'none', withNames: false });
    expect({ mode: report.scan.mode, findings: report.findings, rows: report.cost.rowsScanned }).toEqual({
      mode: 'none',
      findings: [],
      rows: 0,
    });
  });

  it('reads a sample when told so, and says how large', async () => {
    const { report } = await auditAs('admin', {
      outputDir: join(folder, 'sample'),
      scan: 'sample',
      sampleRows: 1,
      withNames: false,
    });
    expect(report.scan).toEqual({ mode: 'sample', sampleRows: 1 });
    expect(report.objects.find((one) => one.object === 'Contact')?.scannedRows).toBe(1);
  });

  it('does not publish figures to an org that has no place for them', async () => {
    await expect(
      auditAs('admin', { outputDir: join(folder, 'publish'), scan: 'none', withNames: false, publish: true }),
    ).rejects.toMatchObject({
      name: 'FiguresHaveNoPlace',
    });
  });
});
