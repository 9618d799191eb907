import { describe, expect, it } from '@jest/globals';
import { field, file, giftPackage, manifest, object, problems, testOrg, xml } from './packages.ts';

const values = (restricted: boolean, ...names: readonly string[]): string =>
  `<valueSet><restricted>${restricted}</restricted><valueSetDefinition><sorted>false</sorted>${names
    .map((name, i) => `<value><fullName>${name}</fullName><default>${i === 0}</default><label>${name}!</label></value>`)
    .join('')}</valueSetDefinition></valueSet>`;

describe('deploying objects', () => {
  const org = testOrg();
  const outcome = org.deploy(
    giftPackage(
      field(
        'Key__c',
        'Text',
        '<length>40</length><unique>true</unique><externalId>true</externalId><required>true</required>',
      ) +
        field('Amount__c', 'Currency', '<precision>12</precision><scale>2</scale><defaultValue>5</defaultValue>') +
        field('Kind__c', 'Picklist', values(true, 'Once', 'Monthly')) +
        field('Paid__c', 'Checkbox', '<defaultValue>true</defaultValue>') +
        field(
          'Notes__c',
          'LongTextArea',
          '<length>5000</length><visibleLines>3</visibleLines><trackHistory>true</trackHistory>',
        ) +
        field(
          'Donor__c',
          'Lookup',
          '<referenceTo>Contact</referenceTo><relationshipName>Gifts</relationshipName><deleteConstraint>Restrict</deleteConstraint>',
        ) +
        field('Place__c', 'Location', '<scale>5</scale><displayLocationInDecimal>true</displayLocationInDecimal>') +
        field('Net__c', 'Number', '<precision>12</precision><scale>2</scale><formula>Amount__c * 0.66</formula>') +
        '<listViews><fullName>All</fullName><columns>NAME</columns><columns>Amount__c</columns><filterScope>Everything</filterScope><label>All gifts</label></listViews>' +
        '<recordTypes><fullName>InKind</fullName><active>true</active><label>In kind</label></recordTypes>' +
        '<validationRules><fullName>Positive</fullName><active>true</active><errorConditionFormula>Amount__c &lt; 0</errorConditionFormula><errorMessage>Not negative</errorMessage></validationRules>',
      {
        head: '<enableHistory>true</enableHistory><enableFeeds>true</enableFeeds><enableActivities>true</enableActivities>',
      },
    ),
  );

  it('answers one message for the object and one for each part', () => {
    expect(problems(outcome)).toEqual([]);
    const messages = outcome.successes.map((each) => `${each.type} ${each.fullName} ${each.created}`);
    expect(messages).toContain('CustomObject Gift__c true');
    expect(messages).toContain('CustomField Gift__c.Amount__c true');
    expect(messages).toContain('ListView Gift__c.All true');
    expect(messages.filter((message) => message.startsWith('CustomField'))).toHaveLength(8);
    expect(new Set(outcome.successes.map((each) => each.id)).size).toBe(outcome.successes.length);
  });

  it('makes the object with its system fields', () => {
    const gift = org.registry.object('gift__c');
    expect(gift).toMatchObject({
      name: 'Gift__c',
      sharingModel: 'Private',
      historyObject: 'Gift__History',
      feedEnabled: true,
      allowsActivities: true,
    });
    expect(gift?.keyPrefix).toMatch(/^a\w\w$/);
    expect(gift?.fields.map((each) => each.name)).toEqual(
      expect.arrayContaining([
        'Id',
        'OwnerId',
        'IsDeleted',
        'Name',
        'CreatedDate',
        'SystemModstamp',
        'LastActivityDate',
        'RecordTypeId',
      ]),
    );
    expect(org.registry.object('Gift__History')?.historyOf).toBe('Gift__c');
  });

  it('makes the fields as their metadata says', () => {
    const get = (name: string) => org.registry.field('Gift__c', name);
    expect(get('Key__c')).toMatchObject({
      type: 'string',
      length: 40,
      unique: true,
      externalId: true,
      idLookup: true,
      nillable: false,
    });
    expect(get('Amount__c')).toMatchObject({ type: 'currency', precision: 12, scale: 2, defaultValue: 5 });
    expect(get('Kind__c')).toMatchObject({ restrictedPicklist: true });
    expect(get('Kind__c')?.picklistValues).toEqual([
      { value: 'Once', label: 'Once!', active: true, defaultValue: true },
      { value: 'Monthly', label: 'Monthly!', active: true, defaultValue: false },
    ]);
    expect(get('Paid__c')).toMatchObject({ type: 'boolean', defaultValue: true, nillable: false });
    expect(get('Notes__c')).toMatchObject({ type: 'textarea', length: 5000, filterable: false, trackHistory: true });
    expect(get('Place__Latitude__s')).toMatchObject({ type: 'double', compoundFieldName: 'Place__c', scale: 5 });
    expect(get('Net__c')).toMatchObject({ formula: 'Amount__c * 0.66', createable: false, updateable: false });
    expect(org.registry.children('Contact')).toContainEqual({
      childObject: 'Gift__c',
      field: 'Donor__c',
      relationshipName: 'Gifts__r',
      deleteRule: 'restrict',
    });
  });

  it('writes rows for list views and record types, and says what it does not run', () => {
    expect(org.store.find('ListView', 'SobjectType', 'Gift__c')).toMatchObject([
      { DeveloperName: 'All', Name: 'All gifts' },
    ]);
    const type = org.registry.object('Gift__c')?.recordTypes?.[0];
    expect(org.store.readRow('RecordType', type?.id ?? '')).toMatchObject({
      DeveloperName: 'InKind',
      SobjectType: 'Gift__c',
    });
    // Formulas and rules that compile are run.
    expect(org.metadata.notRehearsed()).not.toEqual(
      expect.arrayContaining([expect.objectContaining({ fullName: expect.stringMatching(/^Gift__c\./) })]),
    );
  });

  it('gives nobody the new fields, but the object to who may modify all data', () => {
    const admin = org.access('admin');
    expect(admin.object('Gift__c').read).toBe(true);
    expect(admin.field('Gift__c', 'Amount__c').read).toBe(false);
    expect(admin.field('Gift__c', 'Key__c').read).toBe(true);
    expect(org.access('officer').object('Gift__c').read).toBe(false);
  });

  it('keeps rows, prefix and other fields when it is deployed again, and reports nothing changed', () => {
    const before = org.registry.object('Gift__c');
    const id = org.store.insertRaw('Gift__c', { Name: 'A gift', Key__c: 'K1' });
    const partial = [
      manifest({ CustomField: ['Gift__c.More__c'] }),
      file('objects/Gift__c.object', xml('CustomObject', field('More__c', 'Date'))),
    ];
    expect(problems(org.deploy(partial))).toEqual([]);
    expect(org.registry.object('Gift__c')?.keyPrefix).toBe(before?.keyPrefix);
    expect(org.store.readRow('Gift__c', id)).toMatchObject({ Name: 'A gift', Key__c: 'K1', More__c: null });
    expect(org.deploy(partial).successes).toMatchObject([{ type: 'CustomField', created: false, changed: false }]);
  });
});

describe('deploying relationships between new objects', () => {
  it('accepts details, roll-ups and circles in one package', () => {
    const org = testOrg();
    const outcome = org.deploy([
      manifest({ CustomObject: ['Basket__c', 'Item__c'] }),
      file(
        'objects/Basket__c.object',
        object(
          field(
            'Total__c',
            'Summary',
            '<summaryForeignKey>Item__c.Basket__c</summaryForeignKey><summaryOperation>sum</summaryOperation><summarizedField>Item__c.Price__c</summarizedField>',
          ) +
            field('Best__c', 'Lookup', '<referenceTo>Item__c</referenceTo><relationshipName>BestOf</relationshipName>'),
        ),
      ),
      file(
        'objects/Item__c.object',
        object(
          field(
            'Basket__c',
            'MasterDetail',
            '<referenceTo>Basket__c</referenceTo><relationshipName>Items</relationshipName>',
          ) + field('Price__c', 'Currency', '<precision>10</precision><scale>2</scale>'),
          { sharing: 'ControlledByParent' },
        ),
      ),
    ]);
    expect(problems(outcome)).toEqual([]);
    expect(org.registry.field('Basket__c', 'Total__c')).toMatchObject({
      type: 'currency',
      rollUp: { childObject: 'Item__c', childField: 'Basket__c', operation: 'sum', summarizedField: 'Price__c' },
    });
    expect(org.registry.field('Item__c', 'OwnerId')).toBeUndefined();
    expect(org.registry.field('Item__c', 'Basket__c')).toMatchObject({ masterDetail: true, nillable: false });
  });

  it('puts fields of Activity on tasks and events, and tracks standard fields', () => {
    const org = testOrg();
    const outcome = org.deploy([
      manifest({ CustomField: ['Activity.Mood__c', 'Account.Website'] }),
      file('objects/Activity.object', xml('CustomObject', field('Mood__c', 'Text', '<length>20</length>'))),
      file(
        'objects/Account.object',
        xml('CustomObject', '<fields><fullName>Website</fullName><trackHistory>true</trackHistory></fields>'),
      ),
    ]);
    expect(problems(outcome)).toEqual([]);
    expect(org.registry.field('Task', 'Mood__c')?.length).toBe(20);
    expect(org.registry.field('Event', 'Mood__c')?.length).toBe(20);
    expect(org.registry.field('Account', 'Website')).toMatchObject({ trackHistory: true, type: 'url' });
  });

  it('fills picklists from a shared value set, now and when it changes', () => {
    const org = testOrg();
    const set = (values: string): string =>
      xml('GlobalValueSet', `${values}<masterLabel>Colours</masterLabel><sorted>false</sorted>`);
    const value = (name: string): string =>
      `<customValue><fullName>${name}</fullName><default>false</default><label>${name}</label></customValue>`;
    org.deploy([
      manifest({ GlobalValueSet: ['Colours'], CustomObject: ['Gift__c'] }),
      file('globalValueSets/Colours.globalValueSet', set(value('Red'))),
      file(
        'objects/Gift__c.object',
        object(field('Colour__c', 'Picklist', '<valueSet><valueSetName>Colours</valueSetName></valueSet>')),
      ),
    ]);
    const colours = () => org.registry.field('Gift__c', 'Colour__c')?.picklistValues.map((each) => each.value);
    expect(colours()).toEqual(['Red']);
    org.deploy([
      manifest({ GlobalValueSet: ['Colours'] }),
      file('globalValueSets/Colours.globalValueSet', set(value('Red') + value('Blue'))),
    ]);
    expect(colours()).toEqual(['Red', 'Blue']);
    expect(org.registry.field('Gift__c', 'Colour__c')?.restrictedPicklist).toBe(true);
  });

  it('makes custom settings and custom metadata types with their records', () => {
    const org = testOrg();
    const outcome = org.deploy([
      manifest({ CustomObject: ['Knobs__c', 'Pin__mdt'], CustomMetadata: ['Pin.First'] }),
      file(
        'objects/Knobs__c.object',
        xml(
          'CustomObject',
          `<customSettingsType>Hierarchy</customSettingsType>${field('On__c', 'Checkbox', '<defaultValue>false</defaultValue>')}<label>Knobs</label>`,
        ),
      ),
      file(
        'objects/Pin__mdt.object',
        xml(
          'CustomObject',
          `${field('Key__c', 'Text', '<length>80</length>')}<label>Pin</label><pluralLabel>Pins</pluralLabel>`,
        ),
      ),
      file(
        'customMetadata/Pin.First.md',
        '<?xml version="1.0" encoding="UTF-8"?><CustomMetadata xmlns="http://soap.sforce.com/2006/04/metadata" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><label>First</label><values><field>Key__c</field><value xsi:type="xsd:string">abc</value></values></CustomMetadata>',
      ),
    ]);
    expect(problems(outcome)).toEqual([]);
    expect(org.registry.object('Knobs__c')).toMatchObject({ customSetting: true });
    expect(org.registry.object('Pin__mdt')).toMatchObject({ customMetadata: true, createable: false });
    expect(org.store.find('Pin__mdt', 'DeveloperName', 'First')).toMatchObject([
      { Key__c: 'abc', MasterLabel: 'First' },
    ]);
  });
});

describe('a deployment that must not stay', () => {
  it('leaves schema, rows and listed metadata as they were', () => {
    const org = testOrg();
    const good = giftPackage(
      field('Key__c', 'Text', '<length>10</length>') +
        '<recordTypes><fullName>R</fullName><active>true</active><label>R</label></recordTypes>',
    );
    const state = () => [
      org.registry.object('Gift__c'),
      org.store.count('RecordType'),
      org.metadata.list('CustomField').length,
    ];
    const before = state();
    expect(org.deploy(good, true).successes.length).toBeGreaterThan(2);
    expect(state()).toEqual(before);
    const bad = giftPackage(field('Key__c', 'Text', '<length>10</length>') + field('Bad__c', 'Text'));
    expect(problems(org.deploy(bad))).toEqual([
      "CustomField Gift__c.Bad__c: Must specify 'length' for a CustomField of type Text",
    ]);
    expect(state()).toEqual(before);
    expect(problems(org.deploy(good))).toEqual([]);
    org.store.insertRaw('Gift__c', { Name: 'kept' });
    org.deploy(bad);
    expect(org.store.count('Gift__c')).toBe(1);
    expect(org.registry.field('Gift__c', 'Bad__c')).toBeUndefined();
  });
});
