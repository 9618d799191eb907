import { beforeAll, describe, expect, it } from '@jest/globals';
import type { DataEngine, DeployOutcome, InputRow, QueryRow, Session } from '../../../scripts/twin/contract.ts';
import { createEngine } from '../../../scripts/twin/engine/createEngine.ts';
import { field, giftPackage, problems, testOrg, type TestOrg } from '../metadata/packages.ts';
import { NOW } from '../schema/freshOrg.ts';

const calculated = (name: string, type: string, formula: string, rest = ''): string =>
  field(name, type, `<formula>${formula.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</formula>${rest}`);

const sized = '<precision>12</precision><scale>2</scale>';

const lookup = field(
  'Donor__c',
  'Lookup',
  '<referenceTo>Contact</referenceTo><relationshipName>Gifts</relationshipName><relationshipLabel>Gifts</relationshipLabel>',
);

const parts =
  field('Amount__c', 'Currency', sized) +
  field('Share__c', 'Percent', '<precision>5</precision><scale>2</scale>') +
  field('Paid__c', 'Date') +
  field('Kind__c', 'Text', '<length>40</length><defaultValue>UPPER($User.LastName)</defaultValue>') +
  field('Due__c', 'Date', '<defaultValue>TODAY() + 30</defaultValue>') +
  lookup +
  calculated('Net__c', 'Currency', 'Amount__c * (1 - Share__c)', sized) +
  calculated(
    'Strict__c',
    'Number',
    'Amount__c + 1',
    `${sized}<formulaTreatBlanksAs>BlankAsBlank</formulaTreatBlanksAs>`,
  ) +
  calculated('Twice__c', 'Number', 'Net__c * 2', sized) +
  calculated('Donor_Name__c', 'Text', "Donor__r.FirstName & ' ' & Donor__r.Account.Name") +
  calculated('Large__c', 'Checkbox', 'Amount__c >= 100') +
  calculated('Ratio__c', 'Number', '1 / Amount__c', sized) +
  calculated('After_Ratio__c', 'Number', 'Ratio__c + 1', sized) +
  calculated('Next__c', 'Date', 'ADDMONTHS(Paid__c, 1)') +
  calculated('Owner_Name__c', 'Text', 'Owner:User.LastName') +
  calculated('Long__c', 'Text', 'RPAD("x", 2300, "y")') +
  calculated('Left_Over__c', 'Text', 'TEXT(MOD(Amount__c, 0) / 1000)') +
  calculated('Reader__c', 'Text', '$User.LastName & $Profile.Name & $Organization.Name') +
  '<validationRules><fullName>Positive</fullName><active>true</active><errorConditionFormula>Amount__c &lt; 0</errorConditionFormula><errorDisplayField>Amount__c</errorDisplayField><errorMessage>Not negative</errorMessage></validationRules>' +
  '<validationRules><fullName>Known</fullName><active>true</active><errorConditionFormula>AND(ISNEW(), Net__c &lt; -50)</errorConditionFormula><errorMessage>Too negative</errorMessage></validationRules>' +
  '<validationRules><fullName>Fixed</fullName><active>true</active><errorConditionFormula>AND(ISCHANGED(Kind__c), PRIORVALUE(Kind__c) = "fixed")</errorConditionFormula><errorMessage>Fixed stays</errorMessage></validationRules>' +
  '<validationRules><fullName>Broken</fullName><active>true</active><errorConditionFormula>AND(Kind__c = "broken", 1 / Amount__c &gt; 1)</errorConditionFormula><errorMessage>Never shown</errorMessage></validationRules>' +
  '<validationRules><fullName>Asleep</fullName><active>false</active><errorConditionFormula>TRUE</errorConditionFormula><errorMessage>Never</errorMessage></validationRules>';

const partial = { allOrNone: false };

describe('formulas of an org', () => {
  let org: TestOrg;
  let engine: DataEngine;
  let session: Session;
  let outcome: DeployOutcome;
  const insert = (object: string, row: InputRow): string => {
    const [result] = engine.insert(session, object, [row], partial);
    expect(result?.errors).toEqual([]);
    return result?.id ?? '';
  };
  const query = (soql: string): readonly QueryRow[] => [...engine.query(session, soql, { includeDeleted: false }).rows];
  const errors = (row: InputRow) => engine.insert(session, 'Gift__c', [row], partial)[0]?.errors;
  const read = (id: string, name: string): unknown => engine.retrieve(session, 'Gift__c', id, [name])[name];

  beforeAll(() => {
    org = testOrg();
    outcome = org.deploy(giftPackage(parts));
    const { registry, store, seeded } = org;
    engine = createEngine({
      ...{ registry, store, orgId: seeded.orgId, clock: { now: () => NOW } },
      accessOf: () => ({
        object: () => ({ read: true, create: true, edit: true, delete: true, viewAll: true, modifyAll: true }),
        field: () => ({ read: true, edit: true }),
        has: () => true,
      }),
    });
    session = { orgId: seeded.orgId, userId: org.userId('admin'), username: 'admin', apiVersion: 66 };
  });

  it('deploy, and what runs is no longer listed as not rehearsed', () => {
    expect(problems(outcome)).toEqual([]);
    const names = org.metadata.notRehearsed().map((each) => each.fullName);
    expect(names.filter((name) => name.startsWith('Gift__c.'))).toEqual([]);
  });

  it('give values when rows are read, rounded to the field, blank as zero or as blank', () => {
    const id = insert('Gift__c', { Name: 'A', Amount__c: 100.55, Share__c: 33 });
    expect(engine.retrieve(session, 'Gift__c', id)).toMatchObject({
      Net__c: 67.37,
      Twice__c: 134.74,
      Strict__c: 101.55,
      Large__c: true,
      Next__c: null,
    });
    const empty = insert('Gift__c', { Name: 'B' });
    expect(engine.retrieve(session, 'Gift__c', empty)).toMatchObject({ Net__c: 0, Strict__c: null, Large__c: false });
  });

  it('stop a save, in a rule, by the name of the rule', () => {
    expect(errors({ Name: 'Z', Kind__c: 'broken', Amount__c: 0 })).toEqual([
      {
        statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION',
        message: 'Validation Formula "Broken" Invalid (Division by zero)',
        fields: [],
      },
    ]);
    expect(errors({ Name: 'Z', Kind__c: 'whole', Amount__c: 0 })).toEqual([]);
  });

  it('answer null where they end in an error, also in formulas that read them', () => {
    const id = insert('Gift__c', { Name: 'C', Amount__c: 0 });
    expect([read(id, 'Ratio__c'), read(id, 'After_Ratio__c')]).toEqual([null, null]);
  });

  it('follow relationships up, whatever the user named', () => {
    const account = insert('Account', { Name: 'Foyer Martin' });
    const contact = insert('Contact', { LastName: 'Martin', FirstName: 'Ada', AccountId: account });
    const id = insert('Gift__c', { Name: 'D', Donor__c: contact, Amount__c: 5, Paid__c: '2026-01-31' });
    expect(read(id, 'Donor_Name__c')).toBe('Ada Foyer Martin');
    expect(read(id, 'Next__c')).toBe('2026-02-28');
    const user = org.store.readRow('User', session.userId);
    expect(read(id, 'Owner_Name__c')).toBe(user?.['LastName']);
    expect(String(read(id, 'Reader__c'))).toMatch(new RegExp(`^${String(user?.['LastName'])}`));
    const [child] = query(`SELECT (SELECT Donor_Name__c FROM Gifts__r) FROM Contact WHERE Id = '${contact}'`);
    expect(child?.['Gifts__r']).toMatchObject({ records: [{ Donor_Name__c: 'Ada Foyer Martin' }] });
  });

  it('are filtered, ordered, grouped and summed', () => {
    expect(
      query("SELECT Name FROM Gift__c WHERE Net__c > 50 AND Donor_Name__c = ' '").map((row) => row['Name']),
    ).toEqual(['A']);
    const ordered = query('SELECT Net__c FROM Gift__c ORDER BY Net__c DESC').map((row) => Number(row['Net__c']));
    expect(ordered).toEqual([...ordered].sort((a, b) => b - a));
    const [total] = query('SELECT SUM(Net__c) total FROM Gift__c');
    expect(total?.['total']).toBeCloseTo(72.37);
    expect(query('SELECT Large__c, COUNT(Id) n FROM Gift__c GROUP BY Large__c ORDER BY Large__c')).toMatchObject([
      { Large__c: false, n: 4 },
      { Large__c: true, n: 1 },
    ]);
    expect(query('SELECT FIELDS(CUSTOM) FROM Gift__c LIMIT 1')[0]).toHaveProperty('Twice__c');
  });

  it('end after 1,300 characters, and are computed as the database does', () => {
    const id = insert('Gift__c', { Name: 'L', Amount__c: 250 });
    expect(String(read(id, 'Long__c'))).toHaveLength(1300);
    expect(read(id, 'Left_Over__c')).toBe('.25');
  });

  it('fill default values of new rows', () => {
    const id = insert('Gift__c', { Name: 'E' });
    expect(read(id, 'Due__c')).toBe('2026-12-22');
    expect(read(id, 'Kind__c')).toBe(String(org.store.readRow('User', session.userId)?.['LastName']).toUpperCase());
    expect(read(insert('Gift__c', { Name: 'F', Due__c: null, Kind__c: 'own' }), 'Kind__c')).toBe('own');
    const described = engine.describe(session, 'Gift__c')['fields'] as readonly Record<string, unknown>[];
    const flags = (name: string) => described.find((each) => each['name'] === name);
    expect(flags('Due__c')).toMatchObject({ defaultValueFormula: 'TODAY() + 30', defaultedOnCreate: true });
    expect(flags('Net__c')).toMatchObject({ calculated: true, calculatedFormula: 'Amount__c * (1 - Share__c)' });
  });

  it('keep rows from being saved, all failing rules told together', () => {
    const rule = (message: string, fields: readonly string[]) => ({
      statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION',
      message,
      fields,
    });
    expect(errors({ Name: 'x', Amount__c: -1 })).toEqual([rule('Not negative', ['Amount__c'])]);
    expect(errors({ Name: 'x', Amount__c: -100 })).toEqual([
      rule('Not negative', ['Amount__c']),
      rule('Too negative', []),
    ]);
    const id = insert('Gift__c', { Name: 'G', Kind__c: 'fixed' });
    const update = (row: InputRow) => engine.update(session, 'Gift__c', [{ Id: id, ...row }], partial)[0]?.errors;
    expect(update({ Kind__c: 'other' })).toEqual([rule('Fixed stays', [])]);
    expect(update({ Amount__c: 7 })).toEqual([]);
    expect(read(id, 'Amount__c')).toBe(7);
  });
});

describe('a formula that is not in order', () => {
  const deployed = (extra: string): readonly string[] => problems(testOrg().deploy(giftPackage(extra)));
  const amount = field('Amount__c', 'Currency', sized);

  it.each([
    [
      'an unknown field',
      calculated('A__c', 'Number', 'Nothing__c + 1', sized),
      'CustomField Gift__c.A__c: Field Nothing__c does not exist. Check spelling.',
    ],
    [
      'another type',
      amount + calculated('A__c', 'Text', 'Amount__c * 2'),
      'CustomField Gift__c.A__c: Formula result is data type (Number), incompatible with expected data type (Text).',
    ],
    [
      'a circle',
      calculated('A__c', 'Number', 'B__c + 1', sized) + calculated('B__c', 'Number', 'A__c + 1', sized),
      'Formula cannot use another formula field that directly or indirectly refers to itself.',
    ],
    [
      'a condition that is no condition',
      `${amount}<validationRules><fullName>Odd</fullName><active>true</active><errorConditionFormula>Amount__c + 1</errorConditionFormula><errorMessage>x</errorMessage></validationRules>`,
      'ValidationRule Gift__c.Odd: Formula result is data type (Number), incompatible with expected data type (true or false).',
    ],
  ])('fails to deploy: %s', (_what, extra, expected) => {
    expect(deployed(extra).join('\n')).toContain(expected);
  });

  it('is kept and listed when this engine does not do it', () => {
    const org = testOrg();
    const outcome = org.deploy(
      giftPackage(
        calculated('A__c', 'Text', '$Api.Session_ID') +
          '<validationRules><fullName>Looked</fullName><active>true</active><errorConditionFormula>DAYS360(TODAY(), TODAY()) = 1</errorConditionFormula><errorMessage>x</errorMessage></validationRules>',
      ),
    );
    expect(problems(outcome)).toEqual([]);
    const names = org.metadata.notRehearsed().map((each) => `${each.type} ${each.fullName}`);
    expect(names).toContain('CustomField Gift__c.A__c');
    expect(names).toContain('ValidationRule Gift__c.Looked');
  });
});
