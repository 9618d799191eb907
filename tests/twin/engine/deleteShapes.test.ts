import { beforeEach, describe, expect, it } from '@jest/globals';
import { shapeOrg, type ShapeOrg } from './shapeOrg.ts';

let org: ShapeOrg;
beforeEach(() => {
  org = shapeOrg('bare');
});
const code = (statusCode: string) => expect.objectContaining({ statusCode });
const refused = (name: string, what: string, names: string) => ({
  statusCode: 'DELETE_FAILED',
  message: `Your attempt to delete ${name} could not be completed because it is associated with the following ${what}.: ${names}\n`,
  fields: [],
});
const account = (name = 'Edge') => org.insert('Account', { Name: name })[0] ?? '';

describe('contracts and orders of an account', () => {
  it('go with it while they are drafts', () => {
    const id = account();
    org.load('Contract', { AccountId: id, StatusCode: 'Draft', Status: 'Draft', OwnerId: org.admin.userId });
    expect(org.remove(id)).toEqual(['ok']);
    expect(org.count('Contract')).toBe(0);
  });

  it('keep it once they are activated', () => {
    const id = account();
    const contract = { AccountId: id, StatusCode: 'Activated', Status: 'Activated', OwnerId: org.admin.userId };
    org.load('Contract', { ...contract, ContractNumber: '00000100' });
    expect(org.remove(id)).toEqual([refused('Edge', 'contracts', '00000100')]);
  });

  it('cannot be deleted by themselves when activated: orders answer in the recorded words', () => {
    const order = org.load('Order', { AccountId: account(), StatusCode: 'Activated', OwnerId: org.admin.userId });
    expect(org.remove(order)).toEqual([
      {
        statusCode: 'DELETE_FAILED',
        message: 'unable to modify activated or superseded order: cannot delete order, or add or remove order products',
        fields: [],
      },
    ]);
  });
});

describe('a request', () => {
  it('is worked through in its order: a restricting child first frees its parent', () => {
    const [contact] = org.insert('Contact', { LastName: 'Davis' });
    const [first] = org.insert('Case', { ContactId: contact ?? '', Status: 'New' });
    expect(org.remove(contact ?? '', first ?? '')).toEqual([code('DELETE_FAILED'), 'ok']);
    expect(org.remove(contact ?? '')).toEqual(['ok']);
  });

  it('finds what went along earlier deleted, and a repeated id too', () => {
    const id = account();
    const [contact] = org.insert('Contact', { LastName: 'Davis', AccountId: id });
    expect(org.remove(id, contact ?? '', id)).toEqual(['ok', code('ENTITY_IS_DELETED'), code('ENTITY_IS_DELETED')]);
  });

  it('names the closed-won opportunities first when there are several reasons', () => {
    const id = account();
    const closed = { StageName: 'Closed Won', CloseDate: '2026-01-01', AccountId: id };
    org.insert('Opportunity', { Name: 'Edge SLA', ...closed }, { Name: 'Edge Generator', ...closed });
    org.insert('Case', { AccountId: id, Status: 'New' });
    expect(org.remove(id)).toEqual([
      {
        statusCode: 'DELETE_FAILED',
        message:
          'Your attempt to delete Edge could not be completed because some opportunities in that account were closed won. The opportunities that could not be deleted are shown below.: Edge SLA, Edge Generator\n',
        fields: [],
      },
    ]);
  });

  it('with all or none leaves everything', () => {
    const id = account();
    const [contact] = org.insert('Contact', { LastName: 'Davis' });
    org.insert('Case', { ContactId: contact ?? '', Status: 'New' });
    const results = org.engine.delete(org.admin, [id, contact ?? ''], { allOrNone: true });
    expect(results.map((result) => result.errors[0]?.statusCode)).toEqual([
      'ALL_OR_NONE_OPERATION_ROLLED_BACK',
      'DELETE_FAILED',
    ]);
    expect(org.count('Account')).toBe(1);
  });

  it('refuses ids that are none, that nobody has, and that are gone for good', () => {
    const id = account();
    org.remove(id);
    org.engine.emptyRecycleBin(org.admin, [id]);
    expect(org.remove('nonsense', '001000000000001AAA', id)).toEqual([
      code('MALFORMED_ID'),
      code('INVALID_CROSS_REFERENCE_KEY'),
      code('ENTITY_IS_DELETED'),
    ]);
  });
});

describe('an individual', () => {
  const individual = () => org.insert('Individual', { FirstName: 'Ada', LastName: 'Martin' })[0] ?? '';
  const purpose = () => org.insert('DataUsePurpose', { Name: 'Newsletter' })[0] ?? '';

  it.each<[string, string, (id: string) => Record<string, string>, string]>([
    ['Contact', 'contacts', (id) => ({ LastName: 'Martin', IndividualId: id }), 'Martin'],
    ['Lead', 'leads', (id) => ({ LastName: 'Martin', Company: 'x', IndividualId: id }), 'Martin'],
    [
      'ContactPointTypeConsent',
      'contact point type consents',
      (id) => ({ Name: 'c', PartyId: id, ContactPointType: 'Email', PrivacyConsentStatus: 'OptIn' }),
      'c',
    ],
    ['PartyConsent', 'party consents', (id) => ({ Name: 'p', PartyId: id, PrivacyConsentStatus: 'OptIn' }), 'p'],
    ['AuthorizationFormConsent', 'authorization form consents', (id) => ({ Name: 'a', ConsentGiverId: id }), 'a'],
  ])('stays while a %s hangs on it', (object, what, values, name) => {
    const id = individual();
    const child = org.load(object, { OwnerId: org.admin.userId, ...values(id), Name: name });
    expect(org.remove(id)).toEqual([refused('Ada Martin', what, name)]);
    expect(org.remove(child, id)).toEqual(['ok', 'ok']);
  });

  it('takes its contact points along, unless a consent hangs on one', () => {
    const id = individual();
    const [email] = org.insert('ContactPointEmail', { ParentId: id, EmailAddress: 'ada@asso.example' });
    org.insert('ContactPointPhone', { ParentId: id, TelephoneNumber: '0' });
    const consent = org.load('ContactPointConsent', {
      Name: 'consent',
      ContactPointId: email ?? '',
      OwnerId: org.admin.userId,
    });
    expect(org.remove(id)).toEqual([refused('Ada Martin', 'contact point consents', 'consent')]);
    expect(org.remove(consent, id)).toEqual(['ok', 'ok']);
    expect([org.count('ContactPointEmail'), org.count('ContactPointPhone')]).toEqual([0, 0]);
  });

  it('and what it is asked for are kept by the consents below them', () => {
    const id = purpose();
    org.load('CommSubscription', { Name: 'letter', DataUsePurposeId: id, OwnerId: org.admin.userId });
    expect(org.remove(id)).toEqual([code('DELETE_FAILED')]);
  });
});

describe('files', () => {
  const file = (place: string) => {
    const [version] = org.insert('ContentVersion', {
      PathOnClient: 'a.txt',
      VersionData: 'aGk=',
      FirstPublishLocationId: place,
    });
    return {
      version: version ?? '',
      document: String(
        org.rows(`SELECT ContentDocumentId FROM ContentVersion WHERE Id = '${version ?? ''}'`)[0]?.[
          'ContentDocumentId'
        ],
      ),
    };
  };

  it('lose the link to a deleted record, and stay', () => {
    const id = account();
    const { document, version } = file(id);
    expect(org.remove(id)).toEqual(['ok']);
    const links = org.rows(`SELECT LinkedEntityId FROM ContentDocumentLink WHERE ContentDocumentId = '${document}'`);
    expect(links).toEqual([expect.objectContaining({ LinkedEntityId: org.admin.userId })]);
    expect(org.rows(`SELECT Id FROM ContentVersion WHERE Id = '${version}'`)).toHaveLength(1);
  });

  it('keep their versions and their owner link, unless the document goes', () => {
    const { document, version } = file(account());
    const links = `SELECT Id FROM ContentDocumentLink WHERE ContentDocumentId = '${document}'`;
    const [own] = org.rows(`${links} AND ShareType = 'I'`);
    expect(org.remove(version)).toEqual([code('INSUFFICIENT_ACCESS_OR_READONLY')]);
    expect(org.remove(String(own?.['Id']))).toEqual([code('FIELD_INTEGRITY_EXCEPTION')]);
    expect(org.remove(document)).toEqual(['ok']);
    expect([org.rows(links), org.count('ContentVersion')]).toEqual([[], 0]);
  });
});

describe('what hangs off people', () => {
  it('goes with them: activities, roles, memberships, e-mails, notes, attachments', () => {
    const [contact] = org.insert('Contact', { LastName: 'Martin' });
    const who = contact ?? '';
    const [task] = org.insert('Task', { Subject: 'Call', WhoId: who, Status: 'Not Started', Priority: 'Normal' });
    org.load('TaskRelation', { RelationId: who });
    const [opportunity] = org.insert('Opportunity', { Name: 'o', StageName: 'Prospecting', CloseDate: '2026-01-01' });
    org.insert('OpportunityContactRole', { OpportunityId: opportunity ?? '', ContactId: who });
    const [campaign] = org.insert('Campaign', { Name: 'c' });
    org.insert('CampaignMember', { CampaignId: campaign ?? '', ContactId: who });
    org.load('Note', { ParentId: who, Title: 'n', OwnerId: org.admin.userId });
    org.load('Attachment', { ParentId: who, Name: 'a', OwnerId: org.admin.userId });
    const before = org.engine.journal(0).length;
    expect(org.remove(who)).toEqual(['ok']);
    const gone = ['Task', 'TaskRelation', 'OpportunityContactRole', 'CampaignMember', 'Note', 'Attachment'];
    expect(gone.map((object) => [object, org.count(object)])).toEqual(gone.map((object) => [object, 0]));
    expect(org.journalSince(before)).toEqual(
      expect.arrayContaining(['Contact delete direct', ...gone.map((object) => `${object} delete cascade`)]),
    );
    expect(org.undelete(task ?? '')).toEqual([code('UNDELETE_FAILED')]);
    expect(org.undelete(who)).toEqual(['ok']);
    expect(gone.map((object) => org.count(object))).toEqual(gone.map(() => 1));
  });

  it('includes direct account relations, which nobody deletes by themselves', () => {
    const id = account();
    const [contact] = org.insert('Contact', { LastName: 'Martin', AccountId: id });
    const [direct] = org
      .rows(`SELECT Id FROM AccountContactRelation WHERE ContactId = '${contact ?? ''}' AND IsDirect = true`)
      .map((row) => String(row['Id']));
    const relation =
      direct ?? org.load('AccountContactRelation', { AccountId: id, ContactId: contact ?? '', IsDirect: true });
    expect(org.remove(relation)).toEqual([
      {
        statusCode: 'INVALID_OPERATION',
        message:
          "A direct relationship can't be deleted. You can modify the relationship by changing the contact's parent account or deleting the contact.",
        fields: [],
      },
    ]);
    expect(org.remove(contact ?? '')).toEqual(['ok']);
    expect(org.count('AccountContactRelation')).toBe(0);
  });

  it('does not include a series of recurring activities: deleting one is refused by name', () => {
    const series = org.load('Task', { Subject: 'Weekly', IsRecurrence: true, OwnerId: org.admin.userId });
    expect(() => org.remove(series)).toThrow('NOT_EMULATED: deleting a series of recurring tasks');
  });

  it('includes history, which cannot come back alone', () => {
    const id = account();
    org.engine.update(org.admin, 'Account', [{ Id: id, Name: 'Other' }], { allOrNone: true });
    org.load('AccountHistory', { AccountId: id, Field: 'Name' });
    expect(org.remove(id)).toEqual(['ok']);
    expect(org.rows('SELECT Id FROM AccountHistory')).toEqual([]);
    expect(org.undelete(id)).toEqual(['ok']);
    expect(org.rows('SELECT Id FROM AccountHistory').length).toBeGreaterThan(0);
  });
});
