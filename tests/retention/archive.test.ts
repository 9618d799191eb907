import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openRehearsalTwin } from '../../scripts/app/rehearsalTwin.ts';
import type { Law } from '../../scripts/app/loadLaw.ts';
import type { RecordId } from '../../scripts/kernel/recordId.ts';
import type { OrgRow } from '../../scripts/org/port.ts';
import { rehearsePlan } from '../../scripts/plan/rehearse/rehearsePlan.ts';
import { openArchive, type ArchiveOrder } from '../../scripts/retention/openArchive.ts';
import { applyPlan } from '../../scripts/plan/apply/applyPlan.ts';
import { apply, applyInput, applyPorts, approve, livingContacts, makePlan } from '../plan/cycle.ts';
import { temporaryVault } from '../plan/temporaryVault.ts';
import { oldContact, openTestOrg, START, type TestOrg } from '../plan/testOrg.ts';

let at: TestOrg;
let home: ReturnType<typeof temporaryVault>;
let law: Law;
const members: Law['charter']['retention'][number] = {
  ...{ key: 'members', purpose: 'member-management', from: 'fr-cnil/members', people: 'Contact', where: [] },
  action: 'archive',
};
beforeAll(async () => {
  at = await openTestOrg();
  law = { ...at.law, charter: { ...at.law.charter, retention: [...at.law.charter.retention, members] } };
  at = { ...at, law };
});
afterAll(() => at.close());
beforeEach(() => {
  at.setTime(START);
  home = temporaryVault('archive', START);
});
afterEach(async () => {
  for (const object of ['GardeArchive__c', 'Opportunity', 'Contact', 'Lead']) {
    const ids: RecordId[] = [];
    for await (const row of at.admin.query(`SELECT Id FROM ${object}`)) ids.push(row['Id'] as RecordId);
    await at.admin.delete(ids);
  }
  home.remove();
});

const rows = async (soql: string): Promise<readonly OrgRow[]> => {
  const found: OrgRow[] = [];
  for await (const row of at.admin.query(soql)) found.push(row);
  return found;
};
const gift = (contact: string, date: string, over: object = {}) => ({
  ...{ Name: 'Don', StageName: 'Closed Won', IsWon: true, IsClosed: true, CloseDate: date, Amount: 50 },
  ...{ npsp__Primary_Contact__c: contact, ...over },
});
const membership = (contact: string, from: string, to: string) =>
  gift(contact, from, { npe01__Membership_Start_Date__c: from, npe01__Membership_End_Date__c: to });
/** Two people can restore the org's key: what adding recipients does is told in the tests of keys. */
const applyArchive = (path: string) =>
  applyPlan(applyInput(at, path), applyPorts(at, { vault: { ...home.vault, requireRecipients: () => undefined } }));

describe('the action archive', () => {
  it('RET-04: seals what the law makes us keep of a former member, and nothing else stays in the active base', async () => {
    const [former, old] = at.load('Contact', [
      oldContact('Former', { FirstName: 'Nadine', Description: 'chante bien', Email: 'former@people.example' }),
      oldContact('Old'),
    ]);
    const [kept] = at.load('Opportunity', [
      membership(former!, '2020-01-01', '2020-12-31'),
      gift(old!, '2010-01-01'),
    ] as never);
    const { path, header } = await makePlan(at, home);
    expect(header.terms.reasons.map(({ rule, verdict, count }) => [rule, verdict, count])).toEqual([
      ['members', 'due', 1],
      ['prospects', 'due', 1],
    ]);
    expect(header.terms.rules.find(({ key }) => key === 'members')?.action).toBe('archive');
    const rehearsed = await rehearsePlan(path, { ...applyPorts(at, home), openRehearsal: openRehearsalTwin });
    expect(rehearsed.state.open).toEqual([]);
    await approve(at, path);
    await expect(apply(at, home, path)).rejects.toMatchObject({ name: 'RecipientsMissing' });
    const { summary } = await applyArchive(path);
    expect([summary.state, summary.counts.refused, summary.counts.changed]).toEqual(['done', 0, 0]);
    expect(await livingContacts(at)).toEqual([]);
    expect((await rows('SELECT Id FROM Opportunity')).map((row) => row['Id'])).not.toContain(kept);
    const [archive] = await rows(
      'SELECT Id, Name, SubjectKey__c, UntilDate__c, Contents__c, RuleKey__c, DocumentKey__c FROM GardeArchive__c',
    );
    expect(archive).toMatchObject({
      ...{
        SubjectKey__c: former,
        UntilDate__c: '2031-01-01',
        Contents__c: 'Contact 1, Opportunity 1',
        RuleKey__c: 'members',
      },
    });
    expect(JSON.stringify(archive)).not.toMatch(/Former|Nadine/);
    const again = await makePlan(at, home);
    expect(again.header.terms.steps).toBe(0);
  });

  it('foretells what the org deletes with an archived gift and no duty needs: a soft credit of somebody else', async () => {
    const [former, friend] = at.load('Contact', [
      oldContact('Former'),
      oldContact('Friend', { CreatedDate: '2026-01-05T10:00:00.000Z' }),
    ]);
    const [gift] = at.load('Opportunity', [membership(former!, '2020-01-01', '2020-12-31')] as never);
    const credit = { npsp__Contact__c: friend!, npsp__Opportunity__c: gift!, npsp__Amount__c: 50 };
    const [made] = await at.admin.create('npsp__Partial_Soft_Credit__c', [credit]);
    expect(made?.success).toBe(true);
    const { path, header } = await makePlan(at, home);
    const told = header.terms.effects.filter(({ object }) => object === 'npsp__Partial_Soft_Credit__c');
    expect(told).toEqual([{ object: 'npsp__Partial_Soft_Credit__c', effect: 'cascade', count: 1 }]);
    const rehearsed = await rehearsePlan(path, { ...applyPorts(at, home), openRehearsal: openRehearsalTwin });
    expect(rehearsed.state.open).toEqual([]);
    await approve(at, path);
    const { summary } = await applyArchive(path);
    expect([summary.state, summary.counts.refused, summary.counts.changed]).toEqual(['done', 0, 0]);
    const [archive] = await rows('SELECT Contents__c FROM GardeArchive__c');
    expect(archive?.['Contents__c']).toBe('Contact 1, Opportunity 1');
    expect(await livingContacts(at)).toEqual(['Friend']);
  });

  it('RET-05: opens an archive only for the role and a reason, and logs it before anything is shown', async () => {
    const [former] = at.load('Contact', [oldContact('Former', { FirstName: 'Nadine' })]);
    at.load('Opportunity', [membership(former!, '2020-01-01', '2020-12-31')] as never);
    const { path } = await makePlan(at, home);
    await approve(at, path);
    await applyArchive(path);
    const [archive] = await rows('SELECT Id, ArchiveKey__c FROM GardeArchive__c');
    const order = (over: Partial<ArchiveOrder> = {}): ArchiveOrder => ({
      ...{ archive: archive!['Id'] as string, reason: 'contrôle fiscal des reçus de 2020', to: 'answer' },
      ...over,
    });
    const open = (over: Partial<ArchiveOrder> = {}) =>
      openArchive(order(over), { org: at.admin, vault: home.vault, clock: at.clock });
    const logged = () => rows('SELECT Reason__c, Form__c, ArchiveKey__c, CreatedById FROM GardeArchiveAccess__c');
    await expect(open({ reason: ' oui ' })).rejects.toMatchObject({ name: 'ArchiveReasonMissing' });
    await expect(open()).rejects.toMatchObject({ name: 'ArchiveRoleMissing' });
    expect(await logged()).toEqual([]);
    await at.assign(['GardeArchiveReader']);
    await expect(open({ archive: 'nothing-of-that-key' })).rejects.toMatchObject({ name: 'ArchiveNotFound' });
    const opened = await open({ archive: archive!['ArchiveKey__c'] as string });
    expect(opened.content?.rows.map(({ object, values }) => [object, values['LastName'] ?? values['Amount']])).toEqual([
      ['Contact', 'Former'],
      ['Opportunity', 50],
    ]);
    expect(opened.content?.rows[0]?.values).not.toHaveProperty('Email');
    const sealed = await open({ to: { path: `${home.folder}/copy.age`, days: 3 } });
    expect([sealed.content, typeof sealed.file?.passphrase]).toEqual([undefined, 'string']);
    const { userId } = await at.admin.identity();
    expect(await logged()).toMatchObject(
      ['json', 'sealed'].map((form) => ({
        ...{ Reason__c: order().reason, Form__c: form, ArchiveKey__c: archive!['ArchiveKey__c'], CreatedById: userId },
      })),
    );
    // forgetting the person destroys the one key that opens it
    const { orgId } = await at.admin.identity();
    home.vault.forgetSubject(orgId, former!);
    await expect(open()).rejects.toMatchObject({ name: 'SubjectForgotten' });
  });

  it('ends when the duty ends: the record and its file go by plan, unless a dispute holds it', async () => {
    const [one, other] = at.load('Contact', [oldContact('One'), oldContact('Other')]);
    at.load(
      'Opportunity',
      [one!, other!].map((id) => membership(id, '2020-01-01', '2020-12-31')),
    );
    const first = await makePlan(at, home);
    await approve(at, first.path);
    await applyArchive(first.path);
    const archives = await rows('SELECT Id, DocumentKey__c FROM GardeArchive__c ORDER BY SubjectKey__c');
    await at.admin.update('GardeArchive__c', [{ Id: archives[1]!['Id'], IsHeld__c: true }]);
    at.setTime('2031-01-01T09:00:00.000Z');
    expect((await makePlan(at, home)).header.terms.steps).toBe(0);
    at.setTime('2031-01-02T09:00:00.000Z');
    const plan = await makePlan(at, home);
    expect(plan.header.terms.reasons).toMatchObject([
      { rule: 'end-of-archive', verdict: 'due', code: 'archive-over', count: 1 },
      { rule: 'end-of-archive', verdict: 'kept', code: 'hold', count: 1 },
    ]);
    const rehearsed = await rehearsePlan(plan.path, { ...applyPorts(at, home), openRehearsal: openRehearsalTwin });
    expect(rehearsed.state.open).toEqual([]);
    await approve(at, plan.path);
    expect((await apply(at, home, plan.path)).summary.state).toBe('done');
    expect((await rows('SELECT Id FROM GardeArchive__c')).map((row) => row['Id'])).toEqual([archives[1]!['Id']]);
    const documents = await rows(
      `SELECT Id FROM ContentDocument WHERE Id = '${archives[0]!['DocumentKey__c'] as string}'`,
    );
    expect(documents).toEqual([]);
  });

  it('holds back whoever has a new gift since the plan, and leaves their archive unmade', async () => {
    const [former] = at.load('Contact', [oldContact('Former')]);
    at.load('Opportunity', [membership(former!, '2020-01-01', '2020-12-31')] as never);
    const { path } = await makePlan(at, home);
    await approve(at, path);
    at.load('Opportunity', [gift(former!, '2019-06-01')] as never);
    const { summary } = await applyArchive(path);
    expect(summary.counts.done).toBe(0);
    expect(await livingContacts(at)).toEqual(['Former']);
    expect(await rows('SELECT Id FROM GardeArchive__c')).toEqual([]);
  });
});
