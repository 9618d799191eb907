import { beforeAll, describe, expect, it } from '@jest/globals';
import type { DataEngine, QueryRow, Session } from '../../../scripts/twin/contract.ts';
import { createEngine } from '../../../scripts/twin/engine/createEngine.ts';
import { field, file, manifest, object, problems, testOrg, xml, type TestOrg } from '../metadata/packages.ts';
import { NOW } from '../schema/freshOrg.ts';

/** Source of all cases: https://help.salesforce.com/s/articleView?id=platform.dev_understanding_global_variables.htm */

const calculated = (name: string, type: string, formula: string): string =>
  field(name, type, `<formula>${formula.replaceAll('&', '&amp;')}</formula>`);

const rule = (name: string, condition: string): string =>
  `<validationRules><fullName>${name}</fullName><active>true</active><errorConditionFormula>${condition.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</errorConditionFormula><errorMessage>${name}</errorMessage></validationRules>`;

const label = (name: string, value: string): string =>
  `<labels><fullName>${name}</fullName><language>en_US</language><protected>false</protected><shortDescription>${name}</shortDescription><value>${value}</value></labels>`;

const metadata = (key: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><CustomMetadata xmlns="http://soap.sforce.com/2006/04/metadata" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><label>First</label><values><field>Most__c</field><value xsi:type="xsd:double">${key}</value></values></CustomMetadata>`;

const parts =
  field('Amount__c', 'Currency', '<precision>12</precision><scale>2</scale>') +
  calculated('Greeting__c', 'Text', "$Label.Greeting & '!'") +
  calculated('Free__c', 'Checkbox', '$Permission.Exempt') +
  calculated('Most__c', 'Text', 'TEXT($CustomMetadata.Pin__mdt.First.Most__c)') +
  calculated('Origin__c', 'DateTime', '$System.OriginDateTime + 1') +
  rule('Too_much', 'AND(NOT($Permission.Exempt), Amount__c > $CustomMetadata.Pin__mdt.First.Most__c)') +
  rule(
    'Looked_up',
    "AND(Amount__c = 77, VLOOKUP($ObjectType.Zip__c.Fields.State__c, $ObjectType.Zip__c.Fields.Name, '75011') <> 'Paris')",
  ) +
  rule('Labelled', 'TEXT(Amount__c) = $Label.Forbidden');

const files = [
  manifest({
    CustomObject: ['Gift__c', 'Pin__mdt', 'Zip__c'],
    CustomMetadata: ['Pin.First'],
    CustomLabels: ['*'],
    CustomLabel: ['*'],
    CustomPermission: ['Exempt'],
    PermissionSet: ['Exempted'],
  }),
  file('objects/Gift__c.object', object(parts)),
  file(
    'objects/Pin__mdt.object',
    xml(
      'CustomObject',
      `${field('Most__c', 'Number', '<precision>12</precision><scale>2</scale>')}<label>Pin</label><pluralLabel>Pins</pluralLabel>`,
    ),
  ),
  file('objects/Zip__c.object', object(field('State__c', 'Text', '<length>40</length>'))),
  file('customMetadata/Pin.First.md', metadata('100')),
  file('labels/CustomLabels.labels', xml('CustomLabels', label('Greeting', 'Good day') + label('Forbidden', '13'))),
  file('customPermissions/Exempt.customPermission', xml('CustomPermission', '<label>Exempt</label>')),
  file(
    'permissionsets/Exempted.permissionset',
    xml(
      'PermissionSet',
      '<customPermissions><enabled>true</enabled><name>Exempt</name></customPermissions><label>Exempted</label>',
    ),
  ),
];

describe('global variables of formulas', () => {
  let org: TestOrg;
  let engine: DataEngine;
  let session: Session;
  const messages = (amount: number): readonly string[] =>
    engine
      .insert(session, 'Gift__c', [{ Amount__c: amount }], { allOrNone: false })
      .flatMap(({ errors }) => errors.map(({ message }) => message));
  const first = (): QueryRow | undefined => {
    const soql = 'SELECT Greeting__c, Free__c, Most__c, Origin__c FROM Gift__c LIMIT 1';
    return [...engine.query(session, soql, { includeDeleted: false }).rows][0];
  };

  beforeAll(() => {
    org = testOrg();
    expect(problems(org.deploy(files))).toEqual([]);
    const { admin } = org.seeded.users;
    if (admin === undefined) throw new Error('no administrator');
    for (const name of ['Amount__c', 'Greeting__c', 'Free__c', 'Most__c', 'Origin__c']) {
      org.store.insertRaw('FieldPermissions', {
        ParentId: String(
          org.store.find(
            'PermissionSet',
            'ProfileId',
            org.store.readRow('User', admin.userId)?.['ProfileId'] ?? null,
          )[0]?.['Id'],
        ),
        SobjectType: 'Gift__c',
        Field: `Gift__c.${name}`,
        PermissionsRead: true,
        PermissionsEdit: true,
      });
    }
    session = { orgId: org.seeded.orgId, userId: admin.userId, username: admin.username, apiVersion: 66 };
    engine = createEngine({
      registry: org.registry,
      store: org.store,
      clock: { now: () => NOW },
      orgId: org.seeded.orgId,
      accessOf: () => org.access('admin'),
    });
  });

  it('read labels, custom metadata records, custom permissions and the origin of time, in rules and fields', () => {
    expect(org.metadata.notRehearsed().filter(({ fullName }) => fullName.startsWith('Gift__c'))).toEqual([]);
    expect(messages(101)).toEqual(['Too_much']);
    expect(messages(13)).toEqual(['Labelled']);
    expect(messages(100)).toEqual([]);
    expect(first()).toMatchObject({ Greeting__c: 'Good day!', Free__c: false, Most__c: '100' });
    expect(String(first()?.['Origin__c'])).toMatch(/^1900-01-02T00:00:00/);
  });

  it('follow what is deployed and assigned later', () => {
    const [set] = org.store.find('PermissionSet', 'Name', 'Exempted');
    const { userId } = session;
    org.store.insertRaw('PermissionSetAssignment', { AssigneeId: userId, PermissionSetId: String(set?.['Id']) });
    expect(messages(101)).toEqual([]);
    expect(first()).toMatchObject({ Free__c: true });
    const changed = [
      manifest({ CustomMetadata: ['Pin.First'], CustomLabel: ['Greeting'] }),
      file('customMetadata/Pin.First.md', metadata('7')),
      file('labels/CustomLabels.labels', xml('CustomLabels', label('Greeting', 'Hello'))),
    ];
    expect(problems(org.deploy(changed))).toEqual([]);
    expect(first()).toMatchObject({ Greeting__c: 'Hello!', Most__c: '7' });
    expect(
      [
        ...engine.query(session, 'SELECT Name, Value FROM ExternalString', { includeDeleted: false, tooling: true })
          .rows,
      ].map((row) => row['Value']),
    ).toEqual(['Hello', '13']);
  });

  it('look a value up by the name of a custom record, in validation rules', () => {
    expect(messages(77)).toEqual(['Looked_up']);
    org.store.insertRaw('Zip__c', { Name: '75011', State__c: 'Paris' });
    expect(messages(77)).toEqual([]);
    const outcome = org.deploy([
      manifest({ CustomObject: ['Gift__c'] }),
      file(
        'objects/Gift__c.object',
        object(
          calculated(
            'Odd__c',
            'Text',
            "VLOOKUP($ObjectType.Zip__c.Fields.State__c, $ObjectType.Zip__c.Fields.Name, '7')",
          ),
        ),
      ),
    ]);
    expect(problems(outcome)).toEqual([
      'CustomField Gift__c.Odd__c: Function VLOOKUP may not be used in this type of formula',
    ]);
  });

  it.each([
    ['$Permission.Nobody', 'Checkbox'],
    ['$Label.Nothing', 'Text'],
    ['$CustomMetadata.Pin__mdt.Second.Most__c', 'Number'],
    ['$System.Nothing', 'Text'],
  ])('fails to deploy where %s does not exist', (name, type) => {
    const number = type === 'Number' ? '<precision>12</precision><scale>2</scale>' : '';
    const outcome = org.deploy([
      manifest({ CustomObject: ['Gift__c'] }),
      file('objects/Gift__c.object', object(field('Odd__c', type, `<formula>${name}</formula>${number}`))),
    ]);
    expect(problems(outcome)).toEqual([`CustomField Gift__c.Odd__c: Field ${name} does not exist. Check spelling.`]);
  });

  it('are refused by name where a package names what this org does not have', () => {
    const own = testOrg();
    const path = 'npe03__Recurring_Donation__c.npe03__Total__c';
    expect(own.metadata.notRehearsed()).toContainEqual({ type: 'CustomField', fullName: path });
    const { admin } = own.seeded.users;
    const twin = createEngine({
      registry: own.registry,
      store: own.store,
      clock: { now: () => NOW },
      orgId: own.seeded.orgId,
      accessOf: () => own.access('admin'),
    });
    const soql = 'SELECT npe03__Total__c FROM npe03__Recurring_Donation__c';
    const user = { ...session, orgId: own.seeded.orgId, userId: admin?.userId ?? '' };
    expect(() => twin.query(user, soql, { includeDeleted: false })).toThrow(
      'NOT_EMULATED: formula field npe03__Recurring_Donation__c.npe03__Total__c ($Label.RecurringDonationOpenStatus, which this org does not have)',
    );
  });
});
