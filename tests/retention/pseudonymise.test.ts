import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { soughtMarks, withArchiveMarks } from '../../scripts/app/archiveMarks.ts';
import { connectTwin } from '../../scripts/app/connectTwin.ts';
import { rehearsalTwin } from '../../scripts/app/rehearsalTwin.ts';
import { runShow } from '../../scripts/app/planReports.ts';
import { parseRecordId } from '../../scripts/kernel/recordId.ts';
import type { Charter } from '../../scripts/model/charter.ts';
import type { OrgRow } from '../../scripts/org/port.ts';
import { createSchemaSource } from '../../scripts/org/wholeDescribes.ts';
import { openPlan } from '../../scripts/plan/file/openPlan.ts';
import { readSteps } from '../../scripts/plan/file/planStore.ts';
import { applyPlan } from '../../scripts/plan/apply/applyPlan.ts';
import { rehearsePlan } from '../../scripts/plan/rehearse/rehearsePlan.ts';
import { findArchives } from '../../scripts/retention/findArchives.ts';
import { openArchive, type ArchiveOrder } from '../../scripts/retention/openArchive.ts';
import type { PersonMarks } from '../../scripts/suppression/marks.ts';
import { applyInput, applyPorts, approve, makePlan } from '../plan/cycle.ts';
import { temporaryVault } from '../plan/temporaryVault.ts';
import { oldContact, openTestOrg, START, type TestOrg } from '../plan/testOrg.ts';
import { allowHistory } from '../disposal/anonymisedOrg.ts';
import { anonymisingLaw, newId } from './anonymising.ts';

let at: TestOrg;
let home: ReturnType<typeof temporaryVault>;
const rule: Charter['retention'][number] = {
  ...{ key: 'donors', purpose: 'prospecting', from: 'fr-cnil/donors', people: 'Contact', where: [] },
  ...{ action: 'pseudonymise', archive: { for: { years: 5 }, categories: [] } },
};
const gift = { StageName: 'Closed Won', IsWon: true, IsClosed: true };
let donor: string;
let namesake: string;

const rows = async (soql: string, deletedToo = false): Promise<readonly OrgRow[]> => {
  const found: OrgRow[] = [];
  for await (const row of at.admin.query(soql, { deletedToo })) found.push(row);
  return found;
};
/** Two people can restore the org's key. */
const applyIt = (path: string) =>
  applyPlan(applyInput(at, path), applyPorts(at, { vault: { ...home.vault, requireRecipients: () => undefined } }));
const opened = (over: Partial<ArchiveOrder> = {}) =>
  rows('SELECT Id FROM GardeArchive__c').then(([archive]) =>
    openArchive(
      { archive: archive?.['Id'] as string, reason: 'Claim about the gift of March', to: 'answer', ...over },
      { org: at.admin, vault: home.vault, clock: at.clock },
    ),
  );

const stepsIn = (path: string): readonly string[] => {
  const { store } = openPlan(path, home.vault);
  try {
    return [...readSteps(store)].map(({ step }) => JSON.stringify(step));
  } finally {
    store.close();
  }
};

beforeAll(async () => {
  const whole = await openTestOrg();
  await allowHistory(whole);
  const law = await anonymisingLaw(whole.law);
  at = { ...whole, law: { ...law, charter: { ...law.charter, retention: [rule] } } };
  home = temporaryVault('pseudonymise', START);
  at = { ...at, law: await withArchiveMarks(at.law, { org: at.admin, vault: home.vault }) };
  const [household] = at.load('Account', [{ Name: 'Foyer needle', npe01__SYSTEM_AccountType__c: 'Household Account' }]);
  [donor = '', namesake = ''] = at.load('Contact', [
    oldContact('needle', {
      ...{ FirstName: 'Nadine', Email: 'needle@people.example', MobilePhone: '+33612345678' },
      ...{ Birthdate: '1961-04-03', MailingPostalCode: '69003', MailingCountry: 'France', AccountId: household! },
    }),
    { LastName: 'needle', FirstName: 'Nadine', CreatedDate: '2026-01-01T00:00:00.000Z' },
  ]);
  const [given] = at.load('Opportunity', [
    { ...gift, Name: 'needle Don', Amount: 20, CloseDate: '2011-03-01', npsp__Primary_Contact__c: donor },
  ]);
  await at.admin.update('Opportunity', [{ Id: given!, Amount: 30 }]);
  at.load('Note', [{ Id: newId('002'), ParentId: donor, Title: 'needle', Body: 'needle' }]);
  const bytes = Buffer.from('needle');
  await at.admin.uploadFile({ title: 'needle', fileName: 'needle.txt', bytes, linkTo: parseRecordId(donor)! });
});
afterAll(async () => {
  home.remove();
  await at.close();
});

describe('a rule that pseudonymises', () => {
  it('puts a random token in place of who it is, and seals what identifies under the person’s own key', async () => {
    const { path, header } = await makePlan(at, home);
    expect(header.terms.reasons.map(({ verdict, count }) => [verdict, count])).toEqual([
      ['due', 1],
      ['kept', 1],
    ]);
    expect(header.terms.rules[0]?.action).toBe('pseudonymise');
    expect(header.terms.anonymisation).toBeUndefined();
    expect(header.terms.pseudonymisation?.people).toEqual([
      { object: 'Contact', count: 1, first: '2031-11-20', last: '2031-11-20' },
    ]);
    expect(stepsIn((await makePlan(at, home)).path)).toEqual(stepsIn(path));
    const { files, shown } = await runShow(
      {
        ...{ input: { planPath: path, limit: 1, person: donor }, language: 'en', outputDir: home.folder },
        ...{ html: true, xlsx: false, withNames: false },
      },
      { vault: home.vault, now: at.clock.now() },
    );
    const page = readFileSync(files[0] ?? '', 'utf8').replace(/\s+/g, ' ');
    expect(page).toMatch(/1 × Contact pseudonymised: .* until 2031-11-20/);
    expect(page).not.toMatch(/\banonymi/i);
    expect(shown.people[0]?.facts).toMatchObject({ pseudonymised: 7, keptUntil: '2031-11-20', findings: '' });
    const schema = createSchemaSource(await connectTwin(at.twin, 'admin'));
    const { state, differences } = await rehearsePlan(path, {
      ...applyPorts(at, home),
      openRehearsal: rehearsalTwin(schema),
    });
    expect([state.open, differences]).toEqual([[], []]);
    await approve(at, path);
    await expect(applyPlan(applyInput(at, path), applyPorts(at, home))).rejects.toMatchObject({
      name: 'RecipientsMissing',
    });
    const { summary } = await applyIt(path);
    expect([summary.state, summary.notDone]).toEqual(['done', []]);
    const [person] = await rows(`SELECT FIELDS(ALL) FROM Contact WHERE Id = '${donor}' LIMIT 1`);
    expect(person).toMatchObject({ FirstName: null, Email: null, MobilePhone: null, Birthdate: '1961-01-01' });
    expect(person?.['LastName']).toMatch(/^Pseudonyme [0-9A-Z]{20}$/);
    const [given] = await rows('SELECT Name, Amount, npsp__Primary_Contact__c FROM Opportunity');
    expect(given).toMatchObject({ Name: person?.['LastName'], Amount: 30, npsp__Primary_Contact__c: donor });
  });

  it('leaves the token alone in what is left of the person, and a namesake as they are', async () => {
    const living = `WHERE Id != '${namesake}'`;
    for (const object of [`Contact ${living}`, 'Account', 'Opportunity', 'Note', 'GardeArchive__c'])
      expect(JSON.stringify(await rows(`SELECT FIELDS(ALL) FROM ${object} LIMIT 200`, true))).not.toMatch(
        /needle|Nadine|nonymis/i,
      );
    expect(await rows(`SELECT Id FROM ContentDocument WHERE Title = 'needle'`, true)).toEqual([]);
    expect(await rows('SELECT Id FROM OpportunityFieldHistory')).toEqual([]);
    const [other] = await rows(`SELECT FirstName, LastName FROM Contact WHERE Id = '${namesake}'`);
    expect(other).toMatchObject({ FirstName: 'Nadine', LastName: 'needle' });
    expect((await makePlan(at, home)).header.terms.steps).toBe(0);
  });

  it('RET-05: tells whose the token is only for the role and a reason, and logs both', async () => {
    await expect(opened()).rejects.toMatchObject({ name: 'ArchiveRoleMissing' });
    await at.assign(['GardeArchiveReader']);
    await expect(opened({ reason: 'asked' })).rejects.toMatchObject({ name: 'ArchiveReasonMissing' });
    const { content } = await opened();
    const [person] = await rows(`SELECT LastName FROM Contact WHERE Id = '${donor}'`);
    expect(content?.pseudonym).toBe(person?.['LastName']);
    expect(content?.rows[0]).toMatchObject({
      ...{ object: 'Contact', id: donor },
      values: { LastName: 'needle', FirstName: 'Nadine', Email: 'needle@people.example', Birthdate: '1961-04-03' },
    });
    expect(content?.rows.map(({ object }) => object)).toEqual(
      expect.arrayContaining(['Account', 'Contact', 'ContentDocument', 'Note', 'Opportunity']),
    );
    expect(await rows('SELECT Reason__c FROM GardeArchiveAccess__c')).toMatchObject([
      { Reason__c: 'Claim about the gift of March' },
    ]);
  });

  it('DSR-08: is found for whoever asks, in their own spelling of what they were known by, and for nobody else', async () => {
    const { orgId } = await at.admin.identity();
    const nobody = { names: [], emails: [], phones: [], birthDates: [], addresses: [] };
    const find = async (marks: Partial<PersonMarks>) => {
      const of = { vault: home.vault, orgId, country: 'FR' };
      return findArchives(at.admin, await soughtMarks(of, { ...nobody, ...marks }));
    };
    const named = (given: string, family: string) => [{ full: `${given} ${family}`, given: [given], family: [family] }];
    const by = async (marks: Partial<PersonMarks>) => (await find(marks)).found.map((one) => one.by.join(' '));
    expect(await by({ emails: [' Needle@People.example '] })).toEqual(['email']);
    expect(await by({ phones: ['06 12 34 56 78'] })).toEqual(['phone']);
    expect(await by({ names: named('NEEDLE', 'nadine'), birthDates: ['1961-04-03'] })).toEqual(['name-birth']);
    expect(await by({ names: named('Nadine', 'Needle') })).toEqual([]);
    expect(await by({ names: named('Nadine', 'Needle'), birthDates: ['1961-04-04'] })).toEqual([]);
    expect(await by({ emails: ['needles@people.example'] })).toEqual([]);
    expect(await find({ phones: ['06 12 34 56 78'] })).toMatchObject({
      ...{ looked: 1, without: 0 },
      found: [{ rule: 'donors', until: '2031-11-20' }],
    });
  });

  it('is final once the person’s key is destroyed: nothing tells any more whose the token was', async () => {
    const { orgId } = await at.admin.identity();
    expect(home.vault.forgetSubject(orgId, donor)).toBe(true);
    await expect(opened()).rejects.toMatchObject({ name: 'SubjectForgotten' });
    expect((await makePlan(at, home)).header.terms.steps).toBe(0);
  });
});

describe('a charter that pseudonymises', () => {
  it('says how long it can be told whose a pseudonym is, or is refused', async () => {
    const endless: typeof rule = { ...rule, archive: { categories: [] } };
    const law = { ...at.law, charter: { ...at.law.charter, retention: [endless] } };
    await expect(makePlan({ ...at, law }, home)).rejects.toMatchObject({ name: 'PseudonymWithoutEnd' });
  });
});
