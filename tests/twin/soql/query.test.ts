import { describe, expect, it } from '@jest/globals';
import { association } from '../engine/association.ts';

const org = association();
const [north, south] = org.insert(
  'Account',
  { Name: 'North', Rating: 'Cold', BillingStreet: '1 quai', BillingCity: 'Lille' },
  { Name: 'south', Rating: 'Hot' },
);
org.insert('Account', { Name: 'Écluse', Rating: 'Warm', ParentId: north! }, { Name: 'zoo' });
const [anna, bruno, chloe] = org.insert(
  'Contact',
  {
    FirstName: 'Anna',
    LastName: 'Abel',
    Email: 'anna@asso.example',
    Birthdate: '1980-01-31',
    AccountId: north!,
    Interests__c: 'Sport;Art',
  },
  {
    FirstName: 'Bruno',
    LastName: 'Béal',
    Birthdate: '1990-06-15',
    AccountId: north!,
    HasOptedOut: true,
    Interests__c: 'Music',
  },
  { FirstName: 'Chloé', LastName: 'o_Neil', Email: 'chloe@asso.example', AccountId: south! },
);
const [lead] = org.insert('Lead', { Name: 'Prospect' });
org.insert('Task', { Subject: 'call', WhoId: anna! }, { Subject: 'mail', WhoId: lead! }, { Subject: 'idle' });
org.insert(
  'Gift__c',
  { Household__c: north!, Donor__c: anna!, Amount__c: 10.1, Status__c: 'Posted', Given__c: '2025-12-31T23:30:00Z' },
  { Household__c: north!, Donor__c: anna!, Amount__c: 20.2, Status__c: 'Pledged', Given__c: '2026-03-09T22:30:00Z' },
  { Household__c: south!, Amount__c: 5, Status__c: 'Posted', Given__c: '2026-03-10T08:00:00Z' },
);

const lastNames = (where: string) =>
  org.query(`SELECT LastName FROM Contact WHERE ${where} ORDER BY LastName`).map((row) => row['LastName']);
const amounts = (where: string) =>
  org.query(`SELECT Amount__c FROM Gift__c WHERE ${where} ORDER BY Amount__c`).map((row) => row['Amount__c']);

// https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_conditionexpression.htm
describe('SOQL conditions', () => {
  it.each<[string, readonly string[]]>([
    ["LastName = 'ABEL'", ['Abel']],
    ["LastName = 'BÉAL'", ['Béal']],
    ["LastName = 'Beal'", []],
    ["LastName != 'abel'", ['Béal', 'o_Neil']],
    ["Email != 'anna@asso.example'", ['Béal', 'o_Neil']],
    ['Email = null', ['Béal']],
    ["Email = ''", ['Béal']],
    ["NOT Email = 'anna@asso.example'", ['Béal', 'o_Neil']],
    ["NOT (Email = null AND LastName LIKE 'B%')", ['Abel', 'o_Neil']],
    ["LastName LIKE 'o\\_%'", ['o_Neil']],
    ["LastName LIKE 'B_AL'", ['Béal']],
    ["(NOT LastName LIKE '%l')", []],
    ["LastName IN ('abel', 'O_NEIL')", ['Abel', 'o_Neil']],
    ["LastName NOT IN ('abel', 'O_NEIL')", ['Béal']],
    ["Email IN (null, 'anna@asso.example')", ['Abel', 'Béal']],
    ["LastName > 'b'", ['Béal', 'o_Neil']],
    ['HasOptedOut = true', ['Béal']],
    ['HasOptedOut = FALSE', ['Abel', 'o_Neil']],
    ['Birthdate < 1985-01-01', ['Abel']],
    ["Interests__c INCLUDES ('Art;Sport', 'music')", ['Abel', 'Béal']],
    ["Interests__c INCLUDES ('Art;Music')", []],
    ["Interests__c EXCLUDES ('Art')", ['Béal', 'o_Neil']],
    ["Interests__c = 'Art;Sport'", ['Abel']],
    ["Account.Name = 'NORTH' AND (FirstName = 'anna' OR FirstName = 'bruno')", ['Abel', 'Béal']],
    [`AccountId = '${north!.slice(0, 15)}'`, ['Abel', 'Béal']],
    [`Id IN ('${anna!}', '${chloe!.slice(0, 15)}')`, ['Abel', 'o_Neil']],
    ["Id IN (SELECT Donor__c FROM Gift__c WHERE Status__c = 'Posted')", ['Abel']],
    ['Id NOT IN (SELECT Donor__c FROM Gift__c)', ['Béal', 'o_Neil']],
    ["AccountId IN (SELECT Id FROM Account WHERE Rating = 'Hot')", ['o_Neil']],
    ['CALENDAR_YEAR(Birthdate) = 1990', ['Béal']],
  ])('%s', (where, expected) => {
    expect(lastNames(where)).toEqual(expected);
  });

  // https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_dateformats.htm
  // It is 10 March 2026, 10:30 in Paris.
  it.each<[string, readonly number[]]>([
    ['Given__c = TODAY', [5]],
    ['Given__c = YESTERDAY', [20.2]],
    ['Given__c = LAST_N_DAYS:2', [5, 20.2]],
    ['Given__c = THIS_YEAR', [5, 10.1, 20.2]],
    ['Given__c = LAST_YEAR', []],
    ['Given__c >= THIS_MONTH', [5, 20.2]],
    ['Given__c < 2026-01-01T00:00:00Z', [10.1]],
    ['Given__c < 2026-01-01T00:00:00+01:00', []],
    ['CALENDAR_YEAR(Given__c) = 2025', [10.1]],
    ['CALENDAR_YEAR(convertTimezone(Given__c)) = 2025', []],
    ['DAY_ONLY(convertTimezone(Given__c)) = 2026-01-01', [10.1]],
    ['Amount__c > 5 AND Amount__c <= 10.1', [10.1]],
    ["Donor__r.Account.Name = 'north' AND Status__c != 'Posted'", [20.2]],
  ])('%s', (where, expected) => {
    expect(amounts(where)).toEqual(expected);
  });
});

describe('SOQL answers', () => {
  it('hold parents by relationship name, null where there is none, and compounds as objects', () => {
    expect(
      org.query(
        "SELECT Name, Parent.Name, billingaddress FROM Account WHERE Name IN ('north', 'écluse') ORDER BY Name",
      ),
    ).toMatchObject([
      { Name: 'Écluse', Parent: { attributes: { type: 'Account' }, Name: 'North' }, BillingAddress: null },
      { Name: 'North', Parent: null, BillingAddress: { street: '1 quai', city: 'Lille' } },
    ]);
  });

  it('read lookups to several objects by name, type and TYPEOF', () => {
    expect(org.query('SELECT Who.Name, Who.Type, Owner.Name FROM Task ORDER BY Subject')).toMatchObject([
      { Who: { attributes: { type: 'Contact' }, Name: 'Anna Abel', Type: 'Contact' }, Owner: { Name: 'Admin' } },
      { Who: null },
      { Who: { Name: 'Prospect', Type: 'Lead' } },
    ]);
    expect(
      org.query(
        'SELECT TYPEOF Who WHEN Contact THEN FirstName, Email ELSE Name END FROM Task WHERE WhoId != null ORDER BY Subject',
      ),
    ).toMatchObject([
      { Who: { attributes: { type: 'Contact' }, FirstName: 'Anna', Email: 'anna@asso.example' } },
      { Who: { attributes: { type: 'Lead' }, Name: 'Prospect' } },
    ]);
  });

  it('hold children in pages, null where there are none', () => {
    const rows = org.query(
      "SELECT Name, (SELECT LastName, (SELECT Amount__c FROM Gifts__r ORDER BY Amount__c DESC LIMIT 1) FROM Contacts WHERE FirstName != 'Bruno') FROM Account WHERE Rating != null ORDER BY Rating",
    );
    expect(rows).toMatchObject([
      { Name: 'south', Contacts: { totalSize: 1, done: true, records: [{ LastName: 'o_Neil', Gifts__r: null }] } },
      { Name: 'Écluse', Contacts: null },
      {
        Name: 'North',
        Contacts: { records: [{ LastName: 'Abel', Gifts__r: { totalSize: 1, records: [{ Amount__c: 20.2 }] } }] },
      },
    ]);
  });

  // https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_orderby.htm
  it.each<[string, readonly unknown[]]>([
    ['Name', ['Écluse', 'North', 'south', 'zoo']],
    ['Name DESC', ['zoo', 'south', 'North', 'Écluse']],
    ['Rating', ['zoo', 'south', 'Écluse', 'North']],
    ['Rating NULLS LAST', ['south', 'Écluse', 'North', 'zoo']],
    ['Parent.Name NULLS LAST, Name', ['North', 'south', 'zoo', 'Écluse']],
    ['Name LIMIT 2 OFFSET 1', ['North', 'south']],
  ])('are ordered by %s', (order, expected) => {
    expect(org.query(`SELECT Name FROM Account ORDER BY ${order}`).map((row) => row['Name'])).toEqual(expected);
  });

  // https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_agg_functions.htm
  it.each<[string, readonly unknown[]]>([
    ['SELECT COUNT(Id), SUM(Amount__c) total FROM Gift__c', [{ expr0: 3, total: 35.3 }]],
    [
      'SELECT Status__c, COUNT(Id) n FROM Gift__c GROUP BY Status__c ORDER BY COUNT(Id) DESC',
      [
        { Status__c: 'Posted', n: 2 },
        { Status__c: 'Pledged', n: 1 },
      ],
    ],
    [
      'SELECT Household__r.Name who, MAX(Amount__c), MIN(Given__c) FROM Gift__c GROUP BY Household__r.Name HAVING COUNT(Id) > 1',
      [{ who: 'North', expr0: 20.2, expr1: '2025-12-31T23:30:00.000Z' }],
    ],
    [
      'SELECT COUNT_DISTINCT(Donor__c), AVG(Amount__c) FROM Gift__c WHERE Donor__c != null',
      [{ expr0: 1, expr1: 15.15 }],
    ],
    [
      'SELECT CALENDAR_YEAR(Given__c) y, COUNT(Id) FROM Gift__c GROUP BY CALENDAR_YEAR(Given__c) ORDER BY CALENDAR_YEAR(Given__c)',
      [
        { y: 2025, expr0: 1 },
        { y: 2026, expr0: 2 },
      ],
    ],
  ])('%s', (soql, expected) => {
    expect(org.query(soql)).toMatchObject(expected as Record<string, unknown>[]);
  });

  it('of COUNT() are a number without rows', () => {
    const cursor = org.engine.query(org.admin, 'SELECT COUNT() FROM Contact WHERE Email != null', {
      includeDeleted: false,
    });
    expect([cursor.totalSize, [...cursor.rows]]).toEqual([2, []]);
  });

  it('of FIELDS(ALL) compute formulas, which may be filtered and ordered by', () => {
    const [row] = org.query('SELECT FIELDS(ALL) FROM Account LIMIT 1');
    expect(Object.keys(row!)).toContain('Gifts__c');
    expect(row!['Score__c']).toBe(String(row!['Name']).length);
    const scores = org.query('SELECT Score__c FROM Account ORDER BY Score__c DESC').map((each) => each['Score__c']);
    expect(scores).toEqual([...scores].sort((a, b) => Number(b) - Number(a)));
    expect(org.query('SELECT Id FROM Account WHERE Score__c > 1000')).toEqual([]);
  });

  it('have labels where toLabel() asks for them', () => {
    expect(org.query("SELECT toLabel(Rating) FROM Account WHERE Name = 'south'")).toMatchObject([
      { Rating: 'Hot (label)' },
    ]);
  });

  it('name their columns, as columns=true wants them', () => {
    const { columns } = org.engine.query(
      org.admin,
      'SELECT Id, Account.Owner.Name, (SELECT Id FROM Gifts__r) FROM Contact',
      { includeDeleted: false },
    );
    expect(columns).toMatchObject([
      { columnName: 'Id', aggregate: false, joinColumns: [] },
      { columnName: 'Account', joinColumns: [{ columnName: 'Owner', joinColumns: [{ columnName: 'Name' }] }] },
      { columnName: 'Gifts__r', aggregate: true },
    ]);
  });

  it('come a page at a time, in order, whatever is written meanwhile', () => {
    const big = association();
    big.engine.adminLoad(
      'Secret__c',
      Array.from({ length: 1300 }, (_, index) => ({ Name: String(index).padStart(5, '0') })),
    );
    const cursor = big.engine.query(big.admin, 'SELECT Id, Name FROM Secret__c ORDER BY Name DESC', {
      includeDeleted: false,
    });
    const names: unknown[] = [];
    for (const row of cursor.rows) {
      if (names.length === 10) big.insert('Secret__c', { Name: '99999' });
      names.push(row['Name']);
    }
    expect(cursor.totalSize).toBe(1300);
    expect(names).toHaveLength(1300);
    expect(names[0]).toBe('01299');
    expect(names.at(-1)).toBe('00000');
  });

  it('know what the org has, also what the user may not read', () => {
    const hidden = org.colleague({ fields: ['Contact.Email'], permissions: ['ViewSetup', 'CustomizeApplication'] });
    expect(() => org.query('SELECT Email FROM Contact', hidden)).toThrow(/No such column 'Email' on entity 'Contact'/);
    expect(bruno).toBeDefined();
  });
});
