import { beforeAll, describe, expect, it } from '@jest/globals';
import type { DemoRow } from '../../scripts/demo/generate.ts';
import { demoOrg, OPTIONS, type DemoOrg } from './demoOrg.ts';

const text = (row: DemoRow, column: string): string => String(row[column] ?? '');
const day = (value: string): string => value.slice(0, 10);
const yearsBefore = (date: string, years: number): string => `${Number(date.slice(0, 4)) - years}${date.slice(4)}`;

type Seen = readonly (readonly [key: string, date: string])[];

const collected = (org: DemoOrg): Seen =>
  ['Contact', 'Lead'].flatMap((object) =>
    org.of(object).map((row) => [text(row, 'Demo_Key__c'), day(text(row, 'CreatedDate'))] as const),
  );

const spoken = (org: DemoOrg): Seen => [
  ...org
    .of('Task')
    .filter((row) => row['TaskSubtype'] === 'Call' && row['CallDisposition'] !== 'Pas de réponse')
    .map((row) => [text(row, 'WhoIdKey'), text(row, 'ActivityDate')] as const),
  ...org.of('Event').map((row) => [text(row, 'WhoIdKey'), day(text(row, 'StartDateTime'))] as const),
  ...org.of('Case').map((row) => [text(row, 'Contact.Demo_Key__c'), day(text(row, 'CreatedDate'))] as const),
];

const written = (org: DemoOrg): Seen => {
  const incoming = new Map(
    org
      .of('EmailMessage')
      .filter((row) => row['Incoming'] === true)
      .map((row) => [text(row, 'Demo_Key__c'), day(text(row, 'MessageDate'))]),
  );
  return org
    .of('EmailMessageRelation')
    .filter((row) => row['RelationType'] === 'FromAddress')
    .map((row) => [text(row, 'RelationIdKey'), incoming.get(text(row, 'EmailMessage.Demo_Key__c')) ?? ''] as const);
};

const given = (org: DemoOrg): Seen => {
  const won = new Map(
    org
      .of('Opportunity')
      .filter((row) => row['StageName'] === 'Closed Won')
      .map((row) => [text(row, 'Demo_Key__c'), text(row, 'CloseDate')]),
  );
  return org
    .of('OpportunityContactRole')
    .map((row) => [text(row, 'Contact.Demo_Key__c'), won.get(text(row, 'Opportunity.Demo_Key__c')) ?? ''] as const);
};

const consented = (org: DemoOrg): Seen => {
  const persons = new Map(
    org.of('Contact').map((row) => [text(row, 'Individual.Demo_Key__c'), text(row, 'Demo_Key__c')]),
  );
  return org
    .of('ContactPointTypeConsent')
    .filter((row) => row['PrivacyConsentStatus'] === 'OptIn')
    .map((row) => [persons.get(text(row, 'Party.Demo_Key__c')) ?? '', day(text(row, 'CaptureDate'))] as const);
};

/** The date of the last thing each person did, read from the rows as a retention rule would. */
const lastContacts = (org: DemoOrg): ReadonlyMap<string, string> => {
  const last = new Map<string, string>();
  for (const [key, date] of [collected, spoken, written, given, consented].flatMap((read) => read(org)))
    if ((last.get(key) ?? '') < date) last.set(key, date);
  return last;
};

const keysOf = (org: DemoOrg, kind: Parameters<DemoOrg['truthOf']>[0]): readonly string[] =>
  org.truthOf(kind).flatMap(({ keys }) => keys);

describe('the ground truth', () => {
  let org: DemoOrg;
  let binned: ReadonlySet<string>;
  beforeAll(() => {
    org = demoOrg();
    binned = new Set(keysOf(org, 'inBin'));
  });
  const live = (rows: readonly DemoRow[]) => rows.filter((row) => !binned.has(text(row, 'Demo_Key__c')));

  it('knows the last contact of everybody as the rows tell it', () => {
    const fromRows = lastContacts(org);
    const lines = org.truthOf('lastContact');
    expect(lines.length).toBe(live(org.of('Contact')).length + live(org.of('Lead')).length);
    for (const { keys, detail } of lines)
      expect([keys[0], fromRows.get(keys[0] ?? '')]).toEqual([keys[0], detail?.['date']]);
  });

  it('has as due exactly who never gave nor paid dues, is silent for three years and is held by nothing', () => {
    const fromRows = lastContacts(org);
    const gave = new Set(
      org
        .of('Opportunity')
        .filter((row) => row['StageName'] === 'Closed Won')
        .map((row) => text(row, 'npsp__Primary_Contact__r.Demo_Key__c')),
    );
    const held = new Set([
      ...org
        .of('Legal_Hold__c')
        .filter((row) => row['Active__c'] === true)
        .map((row) => text(row, 'Contact__r.Demo_Key__c')),
      ...org
        .of('Case')
        .filter((row) => row['Status'] !== 'Closed')
        .map((row) => text(row, 'Contact.Demo_Key__c')),
      ...org
        .of('Opportunity')
        .filter((row) => row['StageName'] === 'Pledged')
        .map((row) => text(row, 'npsp__Primary_Contact__r.Demo_Key__c')),
    ]);
    const limit = yearsBefore(OPTIONS.today, 3);
    const silent = [...live(org.of('Contact')), ...live(org.of('Lead'))]
      .map((row) => text(row, 'Demo_Key__c'))
      .filter((key) => !gave.has(key) && (fromRows.get(key) ?? '') < limit);
    expect([...keysOf(org, 'prospectDue')].sort()).toEqual(silent.filter((key) => !held.has(key)).sort());
    expect([...keysOf(org, 'prospectBlocked')].sort()).toEqual(silent.filter((key) => held.has(key)).sort());
    expect(silent.length / OPTIONS.people).toBeGreaterThan(0.07);
    expect(silent.length / OPTIONS.people).toBeLessThan(0.18);
  });

  it('has due people whom opens, bulk sends or edits would seem to keep alive', () => {
    const noisy = org.truthOf('prospectDue').filter(({ detail }) => detail?.['noise'] === true);
    const limit = yearsBefore(OPTIONS.today, 3);
    const touched = new Set(
      ['Task', 'EmailMessageRelation'].flatMap((object) =>
        org.of(object).map((row) => text(row, object === 'Task' ? 'WhoIdKey' : 'RelationIdKey')),
      ),
    );
    expect(noisy.length).toBeGreaterThan(20);
    for (const { keys } of noisy) {
      const [key = ''] = keys;
      const row = [...org.of('Contact'), ...org.of('Lead')].find((one) => one['Demo_Key__c'] === key);
      expect(touched.has(key)).toBe(true);
      expect(day(text(row ?? {}, 'LastModifiedDate')) > limit).toBe(true);
    }
  });

  it('knows minors, the deceased and opt-outs as the rows tell them', () => {
    const contacts = live(org.of('Contact'));
    const people = [...contacts, ...live(org.of('Lead'))];
    const eighteen = yearsBefore(OPTIONS.today, 18);
    const firsts = contacts.filter((row) => !/-D\d$/.test(text(row, 'Demo_Key__c')));
    const young = firsts.filter((row) => text(row, 'Birthdate') > eighteen).map((row) => text(row, 'Demo_Key__c'));
    expect([...keysOf(org, 'minor')].sort()).toEqual(young.sort());
    const flagged = (column: string) =>
      people
        .filter((row) => row[column] === true)
        .map((row) => text(row, 'Demo_Key__c'))
        .sort();
    expect([...keysOf(org, 'deceased')].sort()).toEqual(flagged('npsp__Deceased__c'));
    const optedOut = (channel: string) =>
      org
        .truthOf('optedOut')
        .filter(({ detail }) => detail?.['channel'] === channel)
        .flatMap(({ keys }) => keys)
        .sort();
    expect(optedOut('Email')).toEqual(flagged('HasOptedOutOfEmail'));
    expect(optedOut('Phone')).toEqual(flagged('DoNotCall'));
    expect(optedOut('All')).toEqual(flagged('npsp__Do_Not_Contact__c'));
  });

  it('says of every sensitive note where it is', () => {
    const keyed = new Map(
      ['Contact', 'Lead', 'Case', 'Beneficiary_Follow_Up__c'].flatMap((object) =>
        org.of(object).map((row) => [`${object} ${text(row, 'Demo_Key__c')}`, row] as const),
      ),
    );
    const lines = [...org.truthOf('sensitiveNote'), ...org.truthOf('identifierNote')];
    expect(lines.length).toBeGreaterThan(50);
    for (const { keys, detail } of lines) {
      const [object, field] = [String(detail?.['object']), String(detail?.['field'])];
      const rows =
        object === 'Task' || object === 'Event'
          ? org.of(object).filter((row) => row['WhoIdKey'] === keys[0])
          : [keyed.get(`${object} ${String(keys[0])}`) ?? {}];
      expect(rows.some((row) => text(row, field).length > 5)).toBe(true);
    }
  });

  it('pairs duplicates that are two records of one person, never of two', () => {
    for (const { keys } of org.truthOf('duplicate')) {
      const [one = '', other = ''] = keys;
      if (one.startsWith('ORG')) continue;
      expect(other.slice(1).startsWith(one.slice(1))).toBe(true);
    }
    const pairs = new Set(org.truthOf('duplicate').map(({ keys }) => keys.join()));
    expect(org.truthOf('notDuplicate').filter(({ keys }) => pairs.has(keys.join()))).toEqual([]);
    const share = org.truthOf('duplicate').length / OPTIONS.people;
    expect(share).toBeGreaterThan(0.06);
    expect(share).toBeLessThan(0.14);
  });

  it('has open consent of the last word spoken', () => {
    const PURPOSES: Readonly<Record<string, string>> = { prospecting: 'appeals', 'partner-sharing': 'partners' };
    const CHANNELS: Readonly<Record<string, string>> = { email: 'Email', 'phone-call': 'Phone', post: 'Mail' };
    const lastWord = new Map<string, boolean>();
    for (const row of org.of('GardeConsentEvent__c')) {
      const purpose = text(row, 'PurposeKey__c');
      const key = [text(row, 'SubjectKey__c'), PURPOSES[purpose] ?? purpose, CHANNELS[text(row, 'Channel__c')]].join(
        ' ',
      );
      lastWord.set(key, row['Status__c'] === 'given');
    }
    const said = new Map(
      org
        .truthOf('consent')
        .map(({ keys, detail }) => [
          [keys[0], detail?.['purpose'], detail?.['channel']].join(' '),
          detail?.['given'] === true,
        ]),
    );
    expect(said).toEqual(lastWord);
  });
});
