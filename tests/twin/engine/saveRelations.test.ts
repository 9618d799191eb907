import { beforeAll, describe, expect, it } from '@jest/globals';
import { field, file, giftPackage, manifest, object } from '../metadata/packages.ts';
import { deployedOrg, onObject, type DeployedOrg } from './deployedOrg.ts';

const picklist = (restricted: boolean, names: readonly string[], more = ''): string =>
  `<valueSet>${more}<restricted>${String(restricted)}</restricted><valueSetDefinition><sorted>false</sorted>${names
    .map((name) => `<value><fullName>${name}</fullName><default>false</default><label>${name}</label></value>`)
    .join('')}</valueSetDefinition></valueSet>`;

const setting = (controlling: string, value: string): string =>
  `<valueSettings><controllingFieldValue>${controlling}</controllingFieldValue><valueName>${value}</valueName></valueSettings>`;

const filter = (items: string, rest = ''): string =>
  `<lookupFilter><active>true</active>${rest}${items}<isOptional>false</isOptional></lookupFilter>`;

const condition = (name: string, operation: string, value: string): string =>
  `<filterItems><field>${name}</field><operation>${operation}</operation>${value}</filterItems>`;

const lookup = (name: string, target: string, rest: string): string =>
  field(
    name,
    'Lookup',
    `<referenceTo>${target}</referenceTo><relationshipName>${name.replace('__c', 's')}</relationshipName>${rest}`,
  );

describe('dependent picklists', () => {
  let org: DeployedOrg;
  beforeAll(() => {
    org = deployedOrg();
    // The dependent field comes first in the file, as retrieved files have it.
    const city = picklist(
      true,
      ['Lyon', 'Bonn'],
      `<controllingField>Country__c</controllingField>${setting('France', 'Lyon')}${setting('Germany', 'Bonn')}`,
    );
    org.deploy(
      ...giftPackage(
        field('City__c', 'Picklist', city) + field('Country__c', 'Picklist', picklist(true, ['France', 'Germany'])),
      ),
    );
  });

  it('are described with what goes with what', () => {
    const fields = org.engine.describe(org.admin, 'Gift__c')['fields'] as readonly Record<string, unknown>[];
    expect(fields.find((each) => each['name'] === 'City__c')).toMatchObject({
      dependentPicklist: true,
      controllerName: 'Country__c',
      picklistValues: [
        { value: 'Lyon', validFor: 'gAAA' },
        { value: 'Bonn', validFor: 'QAAA' },
      ],
    });
  });

  it('are saved in any combination: dependency is a matter of the user interface', () => {
    expect(org.tryInsert('Gift__c', { Country__c: 'France', City__c: 'Bonn' })?.success).toBe(true);
    expect(org.tryInsert('Gift__c', { City__c: 'Paris' })?.errors[0]?.statusCode).toBe(
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
    );
  });

  it('are refused when the controlling field is not there', () => {
    const orphan = field(
      'Town__c',
      'Picklist',
      picklist(true, ['Lyon'], '<controllingField>Land__c</controllingField>'),
    );
    expect(org.failures(...onObject('Gift__c', orphan, 'Town__c'))).toEqual([
      'CustomField Gift__c.Town__c: In field: controllingField - no CustomField named Gift__c.Land__c found',
    ]);
  });
});

describe('lookup filters', () => {
  let org: DeployedOrg;
  let vip = '';
  let other = '';
  beforeAll(() => {
    org = deployedOrg();
    const value = (text: string): string => `<value>${text}</value>`;
    const same = condition('Contact.AccountId', 'equals', '<valueField>$Source.Household__c</valueField>');
    org.deploy(
      ...giftPackage(
        lookup('Household__c', 'Account', '') +
          lookup(
            'Donor__c',
            'Contact',
            filter(
              condition('Contact.Department', 'equals', value('VIP, Board')) +
                condition('Contact.Account.Type', 'startsWith', value('Cust')),
              '<booleanFilter>1 OR 2</booleanFilter><errorMessage>Choose one of our VIPs</errorMessage>',
            ),
          ) +
          lookup('Member__c', 'Contact', filter(same)),
      ),
    );
    const [household = ''] = org.insert('Account', { Name: 'Household', Type: 'Customer - Direct' });
    [vip = '', other = ''] = org.insert('Contact', { LastName: 'a', Department: 'board' }, { LastName: 'b' });
    org.insert('Contact', { LastName: 'c', AccountId: household });
  });

  const refused = (message: string, name: string) => ({
    statusCode: 'FIELD_FILTER_VALIDATION_EXCEPTION',
    message,
    fields: [name],
  });

  it('refuse what does not pass, with their own message', () => {
    expect(org.tryInsert('Gift__c', { Donor__c: vip })?.success).toBe(true);
    expect(org.tryInsert('Gift__c', { Donor__c: other })?.errors).toEqual([
      refused('Choose one of our VIPs', 'Donor__c'),
    ]);
  });

  it('look through relationships of the record looked up', () => {
    const [customer] = org.query("SELECT Id FROM Contact WHERE LastName = 'c'");
    expect(org.tryInsert('Gift__c', { Donor__c: String(customer?.['Id']) })?.success).toBe(true);
  });

  it('compare with fields of the row itself, and are judged again when those change', () => {
    const [member] = org.query("SELECT Id, AccountId FROM Contact WHERE LastName = 'c'");
    const row = { Member__c: String(member?.['Id']), Household__c: String(member?.['AccountId']) };
    const [gift = ''] = org.insert('Gift__c', row);
    const text = 'Value does not exist or does not match filter criteria.';
    expect(org.tryUpdate('Gift__c', { Id: gift, Household__c: null })).toEqual(refused(text, 'Member__c'));
    expect(org.tryUpdate('Gift__c', { Id: gift, Name: 'renamed' })).toBeUndefined();
  });

  it('on standard lookups count too, and optional ones do not', () => {
    const optional = filter(condition('Account.Type', 'equals', '<value>Other</value>')).replace(
      '<isOptional>false',
      '<isOptional>true',
    );
    const standard = (body: string) =>
      onObject('Contact', `<fields><fullName>AccountId</fullName>${body}</fields>`, 'AccountId');
    const [account = ''] = org.insert('Account', { Name: 'Plain' });
    org.deploy(...standard(optional));
    expect(org.tryInsert('Contact', { LastName: 'x', AccountId: account })?.success).toBe(true);
    org.deploy(...standard(optional.replace('<isOptional>true', '<isOptional>false')));
    expect(org.tryInsert('Contact', { LastName: 'x', AccountId: account })?.errors[0]?.fields).toEqual(['AccountId']);
  });
});

describe('record types', () => {
  let org: DeployedOrg;
  const idOf = (name: string): string =>
    org.registry.object('Gift__c')?.recordTypes?.find((type) => type.developerName === name)?.id ?? '';
  beforeAll(() => {
    org = deployedOrg();
    const offered = (name: string): string =>
      `<picklistValues><picklist>Kind__c</picklist><values><fullName>${name}</fullName><default>false</default></values></picklistValues>`;
    const type = (name: string, active: boolean, rest: string): string =>
      `<recordTypes><fullName>${name}</fullName><active>${String(active)}</active><label>${name}</label>${rest}</recordTypes>`;
    org.deploy(
      manifest({ CustomObject: ['Gift__c'] }),
      file(
        'objects/Gift__c.object',
        object(
          field('Kind__c', 'Picklist', picklist(true, ['Cash', 'Goods, food'])) +
            type('Money', true, offered('Cash')) +
            type('Things', true, offered('Goods%2C food')) +
            type('Old', false, ''),
        ),
      ),
    );
  });

  it('must be active ones of the object', () => {
    const [account] = org.registry.object('Account')?.recordTypes ?? [];
    for (const id of [idOf('Old'), account?.id ?? '012000000000001AAA']) {
      expect(org.tryInsert('Gift__c', { RecordTypeId: id })?.errors).toEqual([
        {
          statusCode: 'INVALID_CROSS_REFERENCE_KEY',
          message: `Record Type ID: this ID value isn't valid for the user: ${id}`,
          fields: ['RecordTypeId'],
        },
      ]);
    }
  });

  it('take only their own values of restricted picklists', () => {
    const money = { RecordTypeId: idOf('Money') };
    expect(org.tryInsert('Gift__c', { ...money, Kind__c: 'Cash' })?.success).toBe(true);
    expect(org.tryInsert('Gift__c', { ...money, Kind__c: 'Goods, food' })?.errors[0]?.message).toBe(
      'Kind: bad value for restricted picklist field: Goods, food',
    );
    expect(org.tryInsert('Gift__c', { RecordTypeId: idOf('Things'), Kind__c: 'Goods, food' })?.success).toBe(true);
  });

  it('are the default one where a row names none', () => {
    const [gift = ''] = org.insert('Gift__c', {});
    expect(org.read('Gift__c', gift, 'RecordTypeId')).toMatchObject({ RecordTypeId: idOf('Money') });
  });
});

describe('roll-ups', () => {
  let org: DeployedOrg;
  beforeAll(() => {
    org = deployedOrg();
    const master = (name: string, target: string): string =>
      field(
        name,
        'MasterDetail',
        `<referenceTo>${target}</referenceTo><relationshipName>Lines</relationshipName><reparentableMasterDetail>true</reparentableMasterDetail>`,
      );
    const line = (label: string, parts: string): string =>
      object(parts, { sharing: 'ControlledByParent' }).replaceAll('Gift', label);
    const sum = (name: string, key: string, of: string, rest = ''): string =>
      field(
        name,
        'Summary',
        `<summarizedField>${of}</summarizedField><summaryForeignKey>${key}</summaryForeignKey><summaryOperation>${rest === '' ? 'sum' : rest}</summaryOperation>`,
      );
    org.deploy(
      manifest({ CustomObject: ['Fund__c', 'Gift__c', 'Line__c'] }),
      file(
        'objects/Fund__c.object',
        object(
          sum('Total__c', 'Gift__c.Fund__c', 'Gift__c.Sum__c') +
            '<validationRules><fullName>Cap</fullName><active>true</active><errorConditionFormula>Total__c &gt; 100</errorConditionFormula><errorMessage>The fund is full</errorMessage></validationRules>',
        ).replaceAll('Gift</', 'Fund</'),
      ),
      file(
        'objects/Gift__c.object',
        object(
          master('Fund__c', 'Fund__c') +
            sum('Sum__c', 'Line__c.Gift__c', 'Line__c.Amount__c') +
            sum('Latest__c', 'Line__c.Gift__c', 'Line__c.On__c', 'max'),
          { sharing: 'ControlledByParent' },
        ),
      ),
      file(
        'objects/Line__c.object',
        line(
          'Line',
          field('Amount__c', 'Currency', '<precision>10</precision><scale>2</scale>') + field('On__c', 'Date'),
        ).replace('</CustomObject>', `${master('Gift__c', 'Gift__c')}</CustomObject>`),
      ),
    );
  });

  it('reach the grandparent, over dates and money, and follow a child to its new parent', () => {
    const [fund = '', second = ''] = org.insert('Fund__c', { Name: 'f' }, { Name: 'g' });
    const [gift = '', moved = ''] = org.insert('Gift__c', { Fund__c: fund }, { Fund__c: second });
    const [line = ''] = org.insert(
      'Line__c',
      { Gift__c: gift, Amount__c: 10.1, On__c: '2026-01-02' },
      { Gift__c: gift, Amount__c: 20.2, On__c: '2026-03-04' },
    );
    expect(org.read('Gift__c', gift, 'Sum__c', 'Latest__c')).toMatchObject({ Sum__c: 30.3, Latest__c: '2026-03-04' });
    expect(org.read('Fund__c', fund, 'Total__c')).toMatchObject({ Total__c: 30.3 });
    expect(org.tryUpdate('Line__c', { Id: line, Gift__c: moved })).toBeUndefined();
    expect(org.read('Fund__c', fund, 'Total__c')).toMatchObject({ Total__c: 20.2 });
    expect(org.read('Fund__c', second, 'Total__c')).toMatchObject({ Total__c: 10.1 });
  });

  it('fail the child whose parent refuses the new sum, and leave the others', () => {
    const [full = '', free = ''] = org.insert('Fund__c', { Name: 'full' }, { Name: 'free' });
    const [a = '', b = ''] = org.insert('Gift__c', { Fund__c: full }, { Fund__c: free });
    const results = org.engine.insert(
      org.admin,
      'Line__c',
      [
        { Gift__c: a, Amount__c: 101 },
        { Gift__c: b, Amount__c: 100 },
      ],
      { allOrNone: false },
    );
    expect(results.map((result) => result.errors[0]?.message ?? 'saved')).toEqual(['The fund is full', 'saved']);
    expect(org.read('Fund__c', full, 'Total__c')).toMatchObject({ Total__c: 0 });
    expect(org.read('Fund__c', free, 'Total__c')).toMatchObject({ Total__c: 100 });
  });
});
