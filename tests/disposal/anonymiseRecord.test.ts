import { describe, expect, it } from '@jest/globals';
import { anonymisePerson, joinFindings } from '../../scripts/disposal/anonymisePerson.ts';
import { anonymiseRecord, type RecordTreatment, type Traces } from '../../scripts/disposal/anonymiseRecord.ts';
import type { Finding } from '../../scripts/disposal/anonymity/contract.ts';
import { verdictOf } from '../../scripts/disposal/anonymity/verdict.ts';
import { fieldsToTreat, fieldTreatments } from '../../scripts/disposal/fieldTreatments.ts';
import type { LocalDate } from '../../scripts/kernel/legalPeriod.ts';
import type { FieldCategory } from '../../scripts/model/pack.ts';
import type { DescribedChild, DescribedField, DescribedObject } from '../../scripts/org/port.ts';
import { treatments } from './knowledge.ts';

const field = (name: string, over: Partial<DescribedField> = {}): DescribedField => ({
  ...{ name, label: name, type: 'string', length: 80, nillable: true, createable: true, updateable: true },
  ...{ filterable: true, calculated: false, custom: false, nameField: false, externalId: false, unique: false },
  ...{ encrypted: false, htmlFormatted: false, extraTypeInfo: null, compoundFieldName: null, referenceTo: [] },
  ...{ relationshipName: null, picklistValues: [], inlineHelpText: null },
  ...over,
});
const child = (childObject: string, via: string): DescribedChild => ({
  ...{ childObject, field: via, relationshipName: null, cascadeDelete: true, restrictedDelete: false },
});
const objectOf = (fields: readonly DescribedField[], children: readonly DescribedChild[] = []): DescribedObject => ({
  ...{ name: 'Contact', label: 'Contact', labelPlural: 'Contacts', keyPrefix: '003', custom: false, queryable: true },
  ...{ createable: true, updateable: true, deletable: true, undeletable: true, mergeable: true, fields, children },
});
const category = (key: string, over: Partial<FieldCategory> = {}): FieldCategory => ({
  ...{ categories: [key], thirdParty: false, derived: false, freeText: false },
  ...over,
});

const CATEGORIES: Readonly<Record<string, FieldCategory>> = {
  LastName: category('user.name.last'),
  Suffix: category('user.name.last'),
  FirstName: category('user.name.first'),
  Birthdate: category('user.demographic.date_of_birth'),
  Email: category('user.contact.email'),
  Notes__c: category('user.content.private', { freeText: true }),
  Emergency__c: category('user.demographic.gender', { thirdParty: true }),
  Illness__c: category('user.demographic.gender', { special: 'article-9' }),
  DoNotCall: category('user.privacy_preferences'),
  Tool__c: category('system.operations'),
};
const FIELDS = [
  field('Id', { updateable: false }),
  field('Name', { updateable: false }),
  field('LastName', { nillable: false, length: 12 }),
  ...['Suffix', 'FirstName', 'Email', 'Notes__c', 'Emergency__c', 'Illness__c', 'Tool__c', 'Undeclared__c'].map(
    (name) => field(name),
  ),
  field('Birthdate', { type: 'date' }),
  field('DoNotCall', { type: 'boolean', nillable: false }),
  field('OwnerId', { type: 'reference', nillable: false, referenceTo: ['User'] }),
  field('School__c', { type: 'reference', referenceTo: ['Account'] }),
  field('Rank__c', { type: 'picklist', nillable: false }),
  field('Formula__c', { calculated: true, updateable: false }),
];

const how = (described: DescribedObject, over: Partial<RecordTreatment> = {}): RecordTreatment => ({
  treated: fieldTreatments(described, CATEGORIES, treatments),
  text: 'Personne anonymisée',
  coarse: (_field, _treatment, value) => (value === null ? null : '1961-01-01'),
  ...over,
});
const DAY = '2026-12-05' as LocalDate;
const traces = (over: Partial<Traces> = {}): Traces => ({
  ...{ isDeletable: () => true, hasBin: () => true, feeds: [], readableUntil: DAY, keptUntil: null },
  ...over,
});

const ROW = {
  ...{ Id: '003000000000001AAA', LastName: 'Durand', Suffix: 'III', FirstName: 'Anne', Birthdate: '1961-03-04' },
  ...{
    Email: 'anne@courriel.example',
    Notes__c: 'aime les chats',
    Emergency__c: 'Bob',
    Illness__c: 'oui',
    Tool__c: 'x',
  },
  ...{
    Undeclared__c: 'y',
    DoNotCall: true,
    OwnerId: '005000000000001AAA',
    School__c: '001000000000001AAA',
    Rank__c: 'Or',
  },
};

describe('fieldTreatments', () => {
  it('decides by object, platform, category and, where nobody declared the field, empties it', () => {
    const treated = fieldTreatments(objectOf(FIELDS), CATEGORIES, treatments, { Rank__c: { do: 'keep' } });
    const shown = Object.fromEntries([...treated].map(([name, own]) => [name, own.do]));
    expect(shown).toEqual({
      ...{ LastName: 'constant', Suffix: 'constant', FirstName: 'empty', Birthdate: 'coarsen', Email: 'empty' },
      // what may hold anything, is about somebody else, or is a special category: whatever its category says
      ...{ Notes__c: 'empty', Emergency__c: 'empty', Illness__c: 'empty' },
      ...{
        DoNotCall: 'empty',
        Tool__c: 'keep',
        Undeclared__c: 'empty',
        OwnerId: 'keep',
        School__c: 'empty',
        Rank__c: 'keep',
      },
    });
    expect(fieldsToTreat(treated)).toEqual([
      ...['Id', 'Birthdate', 'DoNotCall', 'Email', 'Emergency__c', 'FirstName', 'Illness__c', 'LastName', 'Notes__c'],
      ...['School__c', 'Suffix', 'Undeclared__c'],
    ]);
  });

  it('says of gifts that amounts stay and days do not', () => {
    const gift = {
      ...objectOf([field('Amount'), field('CloseDate'), field('CampaignId'), field('Name')]),
      name: 'Opportunity',
    };
    expect([...fieldTreatments(gift, {}, treatments).values()].map((own) => own.do)).toEqual([
      'keep',
      'coarsen',
      'keep',
      'constant',
    ]);
  });
});

describe('anonymiseRecord', () => {
  it('RET-07: writes over everything that is not kept, in one change without a way back', () => {
    const described = objectOf(FIELDS);
    const { operations, findings } = anonymiseRecord(ROW, described, how(described), traces());
    expect(operations).toEqual([
      {
        ...{ wave: 1, operation: 'update', object: 'Contact', id: ROW.Id, goesWith: [], isFinal: true },
        payload: {
          values: {
            ...{ LastName: 'Personne ano', Suffix: null, FirstName: null, Birthdate: '1961-01-01', Email: null },
            ...{
              Notes__c: null,
              Emergency__c: null,
              Illness__c: null,
              Undeclared__c: null,
              DoNotCall: false,
              School__c: null,
            },
          },
        },
      },
    ]);
    expect(findings).toEqual([
      { check: 'singling-out', code: 'required-field-kept', place: 'Contact.Rank__c', until: null },
    ]);
  });

  it('deletes every row that keeps an old value after the change, those that the change makes among them', () => {
    const described = objectOf(FIELDS, [child('ContactHistory', 'ContactId'), child('Task', 'WhoId')]);
    const known = new Map([['ContactHistory', ['017000000000002AAA', '017000000000001AAA']]]);
    const { operations } = anonymiseRecord(ROW, described, how(described), traces({ known, feeds: treatments.feeds }));
    expect(operations.slice(1)).toEqual([
      {
        ...{
          wave: 2,
          operation: 'deleteHistory',
          object: 'ContactHistory',
          id: ROW.Id,
          goesWith: [],
          part: 'ContactHistory',
        },
        payload: { historyOf: 'ContactId', historyIds: ['017000000000001AAA', '017000000000002AAA'] },
      },
      {
        ...{ wave: 2, operation: 'deleteHistory', object: 'FeedItem', id: ROW.Id, goesWith: [], part: 'FeedItem' },
        payload: { historyOf: 'ParentId' },
      },
    ]);
  });

  it('plans nothing for a record that looks so already, but its history', () => {
    const described = objectOf(FIELDS, [child('ContactHistory', 'ContactId')]);
    const done = { Id: ROW.Id, LastName: 'Personne ano', Birthdate: '1961-01-01', DoNotCall: false, Email: '' };
    expect(anonymiseRecord(done, described, how(described), traces()).operations).toEqual([]);
    const known = new Map([['ContactHistory', ['017000000000001AAA']]]);
    const { operations } = anonymiseRecord(done, described, how(described), traces({ known }));
    expect(operations.map((one) => one.operation)).toEqual(['deleteHistory']);
  });

  it('says that history it may not delete remains, and until when, and that keys of the platform remain', () => {
    const number = field('Number__c', { custom: true, externalId: true, unique: true, updateable: false });
    const described = objectOf([...FIELDS, number], [child('ContactHistory', 'ContactId')]);
    const { operations, findings } = anonymiseRecord(
      ...([ROW, described, how(described)] as const),
      traces({ isDeletable: () => false, keptUntil: DAY }),
    );
    expect(operations.map((one) => one.operation)).toEqual(['update']);
    expect(findings.slice(1)).toEqual([
      { check: 'linkability', code: 'key-remains', place: 'Contact.Number__c', until: null },
      { check: 'linkability', code: 'history-remains', place: 'ContactHistory', until: DAY },
    ]);
  });

  it('moves lookups to the record that stands for a cell', () => {
    const described = objectOf(FIELDS);
    const { operations } = anonymiseRecord(
      ROW,
      described,
      how(described, { moves: { School__c: 'new:cell' } }),
      traces(),
    );
    expect(operations[0]?.payload?.values).toMatchObject({ School__c: 'new:cell' });
  });
});

describe('anonymisePerson', () => {
  const described = objectOf(FIELDS);
  const record = { described, row: ROW, how: how(described) };
  const tie = (id: string, to: string) => ({ object: 'ContentDocumentLink', id, to });
  const planned = (over: object) =>
    anonymisePerson(
      { record, rows: [], files: [], ...over },
      { treatments, traces: traces({ hasBin: (object) => object !== 'FeedItem' }) },
    );
  const shown = (operations: readonly { readonly wave: number; readonly operation: string; readonly id: string }[]) =>
    operations.map((one) => `${String(one.wave)} ${one.operation} ${one.id}`);

  it('deletes before it rewrites and empties the bin last', () => {
    const rows = [
      { object: 'Task', id: 'task', isShared: false },
      { object: 'FeedItem', id: 'feed', isShared: false },
    ];
    const { operations, findings } = planned({ rows });
    expect(shown(operations)).toEqual(['0 delete task', '0 delete feed', `1 update ${ROW.Id}`, '3 purge task']);
    expect(findings).toContainEqual({
      check: 'linkability',
      code: 'deleted-readable',
      place: 'FeedItem',
      count: 1,
      until: DAY,
    });
  });

  it('leaves what others share and what proves something, and says so', () => {
    const rows = [
      { object: 'Task', id: 'shared', isShared: true },
      { object: 'GardeRequest__c', id: 'request', isShared: false },
      { object: 'Unknown__c', id: 'unread', isShared: false },
    ];
    const { operations, left, findings } = planned({ rows });
    expect(shown(operations)).toEqual([`1 update ${ROW.Id}`]);
    expect(left.map(({ id }) => id)).toEqual(['shared', 'request', 'unread']);
    expect(findings.filter(({ code }) => code === 'row-remains').map(({ place }) => place)).toEqual([
      'GardeRequest__c',
      'Task',
      'Unknown__c',
    ]);
  });

  it('deletes a file of this person alone, and of others only what ties it to this one', () => {
    const files = [
      { document: { object: 'ContentDocument', id: 'own' }, ties: [tie('l1', ROW.Id), tie('l2', 'task')] },
      { document: { object: 'ContentDocument', id: 'joint' }, ties: [tie('l3', ROW.Id), tie('l4', 'else')] },
    ];
    const rows = [
      { object: 'Task', id: 'task', isShared: false },
      { object: 'ContentDocumentLink', id: 'l3', isShared: false },
    ];
    const { operations } = planned({ rows, files });
    expect(shown(operations).filter((one) => one.startsWith('0'))).toEqual([
      '0 delete own',
      '0 delete l3',
      '0 delete task',
    ]);
  });

  it('rewrites rows that carry statistics as it does the person', () => {
    const gift = { ...described, name: 'Gift__c' };
    const rows = [
      {
        object: 'Gift__c',
        id: 'gift',
        isShared: false,
        record: { described: gift, row: { ...ROW, Id: 'gift' }, how: how(gift) },
      },
    ];
    const { operations } = planned({ rows });
    expect(shown(operations)).toEqual([`1 update ${ROW.Id}`, '1 update gift']);
  });
});

describe('verdictOf', () => {
  const finding = (until: LocalDate | null): Finding => ({
    check: 'linkability',
    code: 'history-remains',
    place: 'X',
    until,
  });
  const asOf = '2026-11-20' as LocalDate;
  const day = (text: string) => text as LocalDate;

  it('says anonymised only where nothing speaks against it any more', () => {
    expect(verdictOf([], asOf)).toEqual({ word: 'anonymised' });
    expect(verdictOf([finding(day('2026-11-19'))], asOf)).toEqual({ word: 'anonymised' });
    expect(verdictOf([finding(asOf)], asOf)).toMatchObject({ word: 'pseudonymised', until: asOf });
  });

  it('says pseudonymised until the last of the days, or without an end', () => {
    const until = (...days: readonly (LocalDate | null)[]) => verdictOf(days.map(finding), asOf);
    expect(until(day('2026-12-01'), day('2027-01-01'), day('2026-12-24'))).toMatchObject({ until: '2027-01-01' });
    expect(until(day('2026-12-01'), null)).toMatchObject({ word: 'pseudonymised', until: null });
    expect(until(null, day('2026-12-01'))).toMatchObject({ until: null });
  });

  it('counts the same finding once', () => {
    expect(joinFindings([finding(null), { ...finding(null), count: 3 }, finding(asOf)])).toEqual([
      { ...finding(asOf), count: 1 },
      { ...finding(null), count: 4 },
    ]);
  });
});
