import { beforeEach, describe, expect, it } from '@jest/globals';
import { shapeOrg, type ShapeOrg } from './shapeOrg.ts';

let org: ShapeOrg;
beforeEach(() => {
  org = shapeOrg('npsp');
});
const person = (values = {}) => org.insert('Contact', { LastName: 'Martin', ...values })[0] ?? '';
const account = (Name: string, values = {}) => org.insert('Account', { Name, ...values })[0] ?? '';
const one = (soql: string) => org.rows(soql, true)[0] ?? {};

describe('merging', () => {
  it.each(['Account', 'Contact', 'Lead', 'Individual'])('takes records of %s', (object) => {
    const needed =
      object === 'Account' ? { Name: 'a' } : { LastName: 'a', ...(object === 'Lead' ? { Company: 'c' } : {}) };
    const [master, loser, second] = org.insert(object, needed, needed, needed);
    expect(org.merge(object, master ?? '', [loser ?? '', second ?? ''])).toMatchObject({
      success: true,
      id: master,
      mergedRecordIds: [loser, second],
    });
    expect(org.count(object)).toBeGreaterThanOrEqual(1);
    expect(org.rows(`SELECT Id FROM ${object} WHERE Id IN ('${loser ?? ''}', '${second ?? ''}')`)).toEqual([]);
  });

  it.each(['Case', 'Opportunity', 'Campaign'])('refuses records of %s as a fault, in the recorded words', (object) => {
    expect(() => org.merge(object, '500000000000001AAA', ['500000000000002AAA'])).toThrow(
      expect.objectContaining({
        errorCode: 'INVALID_TYPE_FOR_OPERATION',
        message: 'entity type does not support merge',
      }),
    );
  });

  it('moves what hangs on the losers, whatever its delete rule: restricting, cascading, polymorphic, custom', () => {
    const [master, loser] = [person(), person()];
    const [support] = org.insert('Case', { ContactId: loser, Status: 'New' });
    const [task] = org.insert('Task', { Subject: 's', WhoId: loser, Status: 'Not Started', Priority: 'Normal' });
    const note = org.load('Note', { ParentId: loser, Title: 'n', OwnerId: org.admin.userId });
    const [gift] = org.insert('Opportunity', {
      ...{ Name: 'o', StageName: 'Prospecting', CloseDate: '2026-01-01' },
      npsp__Primary_Contact__c: loser,
    });
    const below = person({ LastName: 'Below', ReportsToId: loser });
    const before = org.engine.journal(0).length;
    const result = org.merge('Contact', master, [loser]);
    expect([...result.updatedRelatedIds].sort()).toEqual(
      expect.arrayContaining([support, task, note, gift, below].map((id) => id ?? '')),
    );
    expect(one(`SELECT ContactId FROM Case WHERE Id = '${support ?? ''}'`)).toMatchObject({ ContactId: master });
    expect(one(`SELECT WhoId FROM Task WHERE Id = '${task ?? ''}'`)).toMatchObject({ WhoId: master });
    expect(one(`SELECT ReportsToId FROM Contact WHERE Id = '${below}'`)).toMatchObject({ ReportsToId: master });
    expect(org.journalSince(before)).toEqual(
      expect.arrayContaining([
        'Case update reparent ContactId',
        'Note update reparent ParentId',
        'Opportunity update reparent npsp__Primary_Contact__c',
        'Contact delete merge',
        'Contact update merge',
      ]),
    );
  });

  it('keeps the values of the master but for those the caller sets, and shows who created the oldest of them', () => {
    const loser = person({ Email: 'old@asso.example', Phone: '1' });
    org.advance(24);
    const master = person({ Email: 'new@asso.example' });
    org.advance(24);
    org.merge('Contact', master, [loser], { Phone: '2' });
    expect(one(`SELECT Email, Phone, CreatedDate, LastModifiedDate FROM Contact WHERE Id = '${master}'`)).toMatchObject(
      {
        Email: 'new@asso.example',
        Phone: '2',
        CreatedDate: expect.stringMatching(/^2026-03-10/),
        LastModifiedDate: expect.stringMatching(/^2026-03-12/),
      },
    );
  });

  it('undoes everything when the values for the master are refused', () => {
    const [master, loser] = [person(), person()];
    const [support] = org.insert('Case', { ContactId: loser, Status: 'New' });
    const before = org.engine.journal(0).length;
    expect(org.merge('Contact', master, [loser], { Email: 'no address' })).toMatchObject({ success: false });
    expect(one(`SELECT ContactId FROM Case WHERE Id = '${support ?? ''}'`)).toMatchObject({ ContactId: loser });
    expect(org.engine.journal(0)).toHaveLength(before);
  });

  it('keeps a membership both have once, and roles of losers are no longer primary', () => {
    const [master, loser] = [person(), person()];
    const [both, own] = org.insert('Campaign', { Name: 'both' }, { Name: 'own' });
    org.insert(
      'CampaignMember',
      { CampaignId: both ?? '', ContactId: master },
      { CampaignId: both ?? '', ContactId: loser },
      { CampaignId: own ?? '', ContactId: loser },
    );
    const [gift] = org.insert('Opportunity', { Name: 'o', StageName: 'Prospecting', CloseDate: '2026-01-01' });
    const role = org.load('OpportunityContactRole', { OpportunityId: gift ?? '', ContactId: loser, IsPrimary: true });
    expect(org.merge('Contact', master, [loser])).toMatchObject({ success: true });
    expect(org.rows(`SELECT CampaignId FROM CampaignMember WHERE ContactId = '${master}' ORDER BY Id`)).toMatchObject([
      { CampaignId: both },
      { CampaignId: own },
    ]);
    expect(org.count('CampaignMember')).toBe(2);
    expect(one(`SELECT ContactId, IsPrimary FROM OpportunityContactRole WHERE Id = '${role}'`)).toMatchObject({
      ContactId: master,
      IsPrimary: false,
    });
  });

  it('leaves feeds and history of the losers behind, and moves their files', () => {
    const [master, loser] = [person(), person()];
    const history = org.load('ContactHistory', { ContactId: loser, Field: 'Email' });
    const post = org.load('FeedItem', { ParentId: loser, Body: 'x' });
    org.insert('ContentVersion', { PathOnClient: 'a.txt', VersionData: 'aGk=', FirstPublishLocationId: loser });
    org.merge('Contact', master, [loser]);
    const gone = { IsDeleted: true };
    expect(one(`SELECT IsDeleted, ContactId FROM ContactHistory WHERE Id = '${history}'`)).toMatchObject(gone);
    expect(one(`SELECT IsDeleted, ParentId FROM FeedItem WHERE Id = '${post}'`)).toMatchObject(gone);
    expect(org.rows(`SELECT Id FROM ContentDocumentLink WHERE LinkedEntityId = '${master}'`)).toHaveLength(1);
  });

  it('points the losers at the master, and undelete brings them back without what was moved', () => {
    const [master, loser] = [account('M'), account('L')];
    const contact = person({ AccountId: loser });
    org.merge('Account', master, [loser]);
    expect(one(`SELECT IsDeleted, MasterRecordId FROM Account WHERE Id = '${loser}'`)).toMatchObject({
      IsDeleted: true,
      MasterRecordId: master,
    });
    expect(org.undelete(loser)).toEqual(['ok']);
    expect(one(`SELECT IsDeleted, MasterRecordId FROM Account WHERE Id = '${loser}'`)).toMatchObject({
      IsDeleted: false,
      MasterRecordId: null,
    });
    expect(one(`SELECT AccountId FROM Contact WHERE Id = '${contact}'`)).toMatchObject({ AccountId: master });
  });

  it('refuses circles in the account hierarchy and in who reports to whom', () => {
    const loser = account('parent');
    const master = account('child', { ParentId: account('middle', { ParentId: loser }) });
    const boss = person();
    const report = person({ ReportsToId: boss });
    expect(org.merge('Account', master, [loser])).toMatchObject({ success: false });
    expect(org.merge('Contact', report, [boss])).toMatchObject({ success: false });
    expect(org.rows(`SELECT Id FROM Account WHERE Id = '${loser}'`)).toHaveLength(1);
  });

  it('refuses portal users by name, and those without the right to delete', () => {
    const [master, loser] = [person(), person()];
    org.engine.adminLoad('User', [{ Id: org.other.userId, ContactId: loser }]);
    expect(org.merge('Contact', master, [loser])).toMatchObject({
      success: false,
      errors: [{ statusCode: 'NOT_EMULATED', message: 'NOT_EMULATED: merging records that have portal users' }],
    });
    const request = { object: 'Contact', masterId: person(), loserIds: [person()], masterFields: {} };
    expect(org.engine.merge(org.other, request)).toMatchObject({
      success: false,
      errors: [{ statusCode: 'INSUFFICIENT_ACCESS_OR_READONLY' }],
    });
  });
});

describe('relations between contacts and accounts', () => {
  const relation = (AccountId: string, ContactId: string, IsDirect: boolean) =>
    org.load('AccountContactRelation', { AccountId, ContactId, IsDirect });
  const forget = (): void => {
    for (const row of org.rows('SELECT Id FROM AccountContactRelation')) {
      org.store.removeRaw('AccountContactRelation', String(row['Id']));
    }
  };
  const of = (contact: string) =>
    org
      .rows(`SELECT AccountId, IsDirect FROM AccountContactRelation WHERE ContactId = '${contact}' ORDER BY AccountId`)
      .map((row) => [row['AccountId'], row['IsDirect']]);

  beforeEach(() => {
    org = shapeOrg('bare');
  });

  it('of a loser with another account become indirect ones of the master', () => {
    const [here, there] = [account('here'), account('there')];
    const [master, loser] = [person({ AccountId: here }), person({ AccountId: there })];
    forget();
    relation(here, master, true);
    relation(there, loser, true);
    expect(org.merge('Contact', master, [loser])).toMatchObject({ success: true });
    expect(of(master)).toEqual([
      [here, true],
      [there, false],
    ]);
  });

  it('that both have refuse the merge in the recorded words, unless both are their own account', () => {
    const other = account('XYZ');
    const home = account('home');
    const [master, loser] = [person({ AccountId: home }), person({ AccountId: home })];
    forget();
    relation(home, master, true);
    relation(home, loser, true);
    relation(other, master, false);
    const second = relation(other, loser, false);
    const [refusal] = org.merge('Contact', master, [loser]).errors;
    expect(refusal?.statusCode).toBe('MERGE_FAILED');
    expect(refusal?.message).toBe(
      `Before you can merge contacts, you must ensure that the merge won't result in duplicate account relationships by removing these existing relationships:<br/><p><table><th>Account Name</th><th>Contact Names</th><tr><td><a target='_blank' href='/${other.slice(0, 15)}'> XYZ</a></td><td><a target='_blank' href='/${master.slice(0, 15)}'> Martin</a>, <a target='_blank' href='/${loser.slice(0, 15)}'> Martin</a></td></tr></table>`,
    );
    expect(org.remove(second)).toEqual(['ok']);
    expect(org.merge('Contact', master, [loser])).toMatchObject({ success: true });
    expect(of(master)).toEqual([
      [other, false],
      [home, true],
    ]);
  });
});

describe('the privacy record', () => {
  const people = () => {
    const [old] = org.insert('Individual', { LastName: 'old' });
    org.advance(24);
    const [young] = org.insert('Individual', { LastName: 'young' });
    return { old: old ?? '', young: young ?? '' };
  };

  it.each([
    ['stays the master’s', false],
    ['is the one changed last where the org wants it so', true],
  ])('%s', (_what, preference) => {
    const { old, young } = people();
    const [settings] = [...org.store.iterate('Organization')];
    org.store.updateRaw('Organization', String(settings?.['Id']), {
      PreferencesAutoSelectIndividualOnMerge: preference,
    });
    const [master, loser] = [person({ IndividualId: old }), person({ IndividualId: young })];
    expect(org.merge('Contact', master, [loser])).toMatchObject({ success: true });
    const kept = preference ? young : old;
    expect(one(`SELECT IndividualId FROM Contact WHERE Id = '${master}'`)).toMatchObject({ IndividualId: kept });
  });
});
