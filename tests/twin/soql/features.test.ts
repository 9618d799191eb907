import { describe, expect, it } from '@jest/globals';
import { association } from '../engine/association.ts';

const org = association();
const [north, south] = org.insert(
  'Account',
  { Name: 'North', Rating: 'Cold' },
  { Name: 'South', Rating: 'Hot' },
  { Name: 'École', Rating: 'Hot' },
);
const [anna] = org.insert(
  'Contact',
  { FirstName: 'Anna', LastName: 'Abel', Email: 'anna@asso.example', AccountId: north!, Birthdate: '1980-01-31' },
  { FirstName: 'Bruno', LastName: 'Béal', AccountId: north!, Birthdate: '1990-06-15' },
  { FirstName: 'Chloé', LastName: '100%_\\x', AccountId: south! },
);
org.insert(
  'Gift__c',
  { Household__c: north!, Donor__c: anna!, Amount__c: 10, Status__c: 'Posted', Given__c: '2026-03-28T23:30:00Z' },
  { Household__c: north!, Amount__c: 20, Status__c: 'Pledged', Given__c: '2026-10-25T22:30:00Z' },
  { Household__c: south!, Amount__c: 5, Status__c: 'Posted', Given__c: '2026-03-29T01:30:00Z' },
);

const values = (soql: string, name: string) => org.query(soql).map((row) => row[name]);
const names = (where: string) => values(`SELECT LastName FROM Contact WHERE ${where} ORDER BY LastName`, 'LastName');
const plain = (soql: string) =>
  org.query(soql).map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => name !== 'attributes')));

// https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_comparisonoperators.htm
describe('SOQL comparisons', () => {
  it.each<[string, readonly string[]]>([
    ["LastName <> 'abel'", ['100%_\\x', 'Béal']],
    ["LastName LIKE '100\\%%'", ['100%_\\x']],
    ["LastName LIKE '%\\_%'", ['100%_\\x']],
    ["LastName LIKE '%\\\\x'", ['100%_\\x']],
    ["LastName LIKE 'b\\u00e9al'", ['Béal']],
    ["LastName = 'B\\u00C9AL'", ['Béal']],
    ['Email IN (null)', ['100%_\\x', 'Béal']],
    ["Email NOT IN (null, 'x@asso.example')", ['Abel']],
    ["Email NOT IN ('x@asso.example')", ['100%_\\x', 'Abel', 'Béal']],
    ["NOT Email IN ('anna@asso.example')", ['100%_\\x', 'Béal']],
    ["NOT (LastName = 'Abel' OR LastName = 'béal')", ['100%_\\x']],
    ["(NOT(LastName = 'Abel')) AND (NOT(LastName = 'béal'))", ['100%_\\x']],
    ["AccountId = ''", []],
    ['Birthdate = null', ['100%_\\x']],
    ['Birthdate != 1980-01-31', ['100%_\\x', 'Béal']],
    ['Birthdate < TODAY AND Birthdate > 1985-01-01', ['Béal']],
    ['CreatedDate = TODAY AND CreatedDate <= TODAY', ['100%_\\x', 'Abel', 'Béal']],
    ['CreatedDate > TODAY', []],
    ["toLabel(Account.Rating) = 'Hot (label)'", ['100%_\\x']],
  ])('%s', (where, expected) => {
    expect(names(where)).toEqual(expected);
  });
});

// https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_date_functions.htm
// Clocks go forward on 29 March 2026, back on 25 October, in Paris.
describe('SOQL date functions', () => {
  it.each<[string, readonly number[]]>([
    ['DAY_ONLY(convertTimezone(Given__c)) = 2026-03-29', [5, 10]],
    ['HOUR_IN_DAY(convertTimezone(Given__c)) = 3', [5]],
    ['HOUR_IN_DAY(Given__c) = 1', [5]],
    ['HOUR_IN_DAY(convertTimezone(Given__c)) = 23', [20]],
    ['DAY_IN_MONTH(Given__c) = 28', [10]],
    ['DAY_IN_WEEK(Given__c) = 1', [5, 20]],
    ['CALENDAR_QUARTER(Given__c) = 4', [20]],
    ['WEEK_IN_YEAR(Given__c) = 13', [5, 10]],
    ['Given__c = THIS_YEAR AND Given__c > NEXT_N_MONTHS:2', [20]],
    ['Given__c > 2026-03-29T02:30:00+01:00', [20]],
    ['Given__c >= 2026-03-29T02:30:00+01:00', [5, 20]],
    ['Given__c >= 2026-03-29T02:30:00+0100', [5, 20]],
  ])('%s', (where, expected) => {
    const amounts = values(`SELECT Amount__c FROM Gift__c WHERE ${where} ORDER BY Amount__c`, 'Amount__c');
    expect(amounts).toEqual(expected);
  });
});

// https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_groupby.htm
describe('SOQL groups', () => {
  it('ROLLUP adds up from right to left, subtotals after what they add up', () => {
    expect(
      plain(
        'SELECT Household__r.Name h, Status__c s, GROUPING(Status__c) g, COUNT(Id) n FROM Gift__c GROUP BY ROLLUP(Household__r.Name, Status__c)',
      ),
    ).toEqual([
      { h: 'North', s: 'Pledged', g: 0, n: 1 },
      { h: 'North', s: 'Posted', g: 0, n: 1 },
      { h: 'North', s: null, g: 1, n: 2 },
      { h: 'South', s: 'Posted', g: 0, n: 1 },
      { h: 'South', s: null, g: 1, n: 1 },
      { h: null, s: null, g: 1, n: 3 },
    ]);
  });

  it('CUBE adds up every combination', () => {
    const rows = plain(
      'SELECT Household__r.Name h, Status__c s, SUM(Amount__c) t FROM Gift__c GROUP BY CUBE(Household__r.Name, Status__c) HAVING GROUPING(Household__r.Name) = 1 ORDER BY GROUPING(Status__c), Status__c',
    );
    expect(rows).toEqual([
      { h: null, s: 'Pledged', t: 20 },
      { h: null, s: 'Posted', t: 15 },
      { h: null, s: null, t: 35 },
    ]);
  });

  it.each<[string, readonly Record<string, unknown>[]]>([
    ['SELECT MIN(Name), MAX(Name) FROM Account', [{ expr0: 'École', expr1: 'South' }]],
    ['SELECT MIN(Rating), MAX(Rating) FROM Account', [{ expr0: 'Hot', expr1: 'Cold' }]],
    ['SELECT COUNT(Email), COUNT(Id) FROM Contact', [{ expr0: 1, expr1: 3 }]],
    ['SELECT SUM(Amount__c) FROM Gift__c WHERE Amount__c > 100', [{ expr0: null }]],
    ['SELECT MAX(Birthdate) FROM Contact', [{ expr0: '1990-06-15' }]],
    [
      'SELECT Account.Name FROM Contact GROUP BY Account.Name ORDER BY Account.Name DESC',
      [{ Name: 'South' }, { Name: 'North' }],
    ],
    [
      'SELECT Rating, COUNT(Id) FROM Account GROUP BY Rating HAVING COUNT(Id) > 1 AND Rating != null',
      [{ Rating: 'Hot', expr0: 2 }],
    ],
    ['SELECT Rating FROM Account GROUP BY Rating ORDER BY COUNT(Id) LIMIT 1', [{ Rating: 'Cold' }]],
    [
      'SELECT Rating foo, Account.Name bar1, COUNT(Id) sum2 FROM Account GROUP BY Rating, Account.Name ORDER BY Name LIMIT 1',
      [{ foo: 'Hot', bar1: 'École', sum2: 1 }],
    ],
    ['SELECT Rating FROM Account GROUP BY Rating ORDER BY Rating LIMIT 1 OFFSET 1', [{ Rating: 'Cold' }]],
  ])('%s', (soql, expected) => {
    expect(plain(soql)).toEqual(expected);
  });
});

describe('SOQL names', () => {
  // https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_alias.htm
  it.each<[string, number]>([
    ["SELECT c.Id, c.FirstName, a.Name FROM Contact c, c.Account a WHERE a.Name = 'north'", 2],
    ["SELECT COUNT() FROM Contact c, c.Account a WHERE a.Name = 'north' AND c.LastName LIKE 'a%'", 1],
    ["SELECT Contact.Id FROM Contact WHERE Contact.LastName = 'abel'", 1],
    ["select id from contact as c where c.account.name like 'n%' order by c.lastname desc nulls last limit 1", 1],
    ['SELECT Id, (SELECT c.Id FROM Account.Contacts c WHERE c.LastName != null) FROM Account', 3],
    ['SELECT Id FROM Contact USING SCOPE everything', 3],
    ['SELECT Id FROM Contact USING SCOPE Mine', 3],
    ['SELECT Id FROM Contact FOR UPDATE', 3],
    ["SELECT\tId\r\nFROM\nContact\nWHERE LastName='Abel'", 1],
  ])('%s', (soql, count) => {
    expect(org.engine.query(org.admin, soql, { includeDeleted: false }).totalSize).toBe(count);
  });

  it('are answered in canonical case, in the order asked for', () => {
    const [row] = org.query("SELECT lastname, account.NAME, id, FIRSTNAME FROM contact WHERE lastname = 'ABEL'");
    expect(Object.keys(row!)).toEqual(['attributes', 'LastName', 'Account', 'Id', 'FirstName']);
    expect(Object.keys(row!['Account'] as object)).toEqual(['attributes', 'Name']);
    expect(row!.attributes.type).toBe('Contact');
  });

  it('of parents may be labels too', () => {
    expect(plain("SELECT toLabel(Account.Rating) FROM Contact WHERE LastName = 'abel'")).toMatchObject([
      { Account: { Rating: 'Cold (label)' } },
    ]);
  });

  // https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_fields.htm
  it('of FIELDS(ALL) are bounded by LIMIT or by ids', () => {
    expect(org.query(`SELECT FIELDS(ALL) FROM Account WHERE Id = '${north!}'`)).toHaveLength(1);
    expect(
      org.query(`SELECT FIELDS(CUSTOM), Name FROM Account WHERE Id IN ('${north!}') AND Name != null`),
    ).toHaveLength(1);
    expect(org.query('SELECT FIELDS(STANDARD) FROM Account')).toHaveLength(3);
  });
});

// https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_relationships_query_limits.htm
describe('SOQL children', () => {
  const nested = 'SELECT Id, (SELECT Id, (SELECT Id FROM Gifts__r) FROM Contacts) FROM Account';

  it('may have children themselves from version 58 on', () => {
    const before = { ...org.admin, apiVersion: 57 };
    expect(org.query(nested)).toHaveLength(3);
    expect(() => org.query(nested, before)).toThrow(/nested at most 2 levels/);
  });

  it('are read with their own WHERE, ORDER BY, LIMIT and OFFSET', () => {
    const rows = org.query(
      "SELECT Name, (SELECT LastName FROM Contacts WHERE LastName != 'x' ORDER BY LastName DESC LIMIT 1 OFFSET 1) FROM Account WHERE Name = 'North'",
    );
    expect(rows).toMatchObject([{ Contacts: { totalSize: 1, done: true, records: [{ LastName: 'Abel' }] } }]);
  });
});

describe('SOQL order', () => {
  // https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_orderby.htm
  it.each<[string, readonly unknown[]]>([
    ['Name LIMIT 2', ['École', 'North']],
    ['Name DESC LIMIT 2', ['South', 'North']],
    ['Rating, Name DESC', ['South', 'École', 'North']],
    ['CreatedDate, Name', ['École', 'North', 'South']],
    ['Id', ['North', 'South', 'École']],
    ['Id DESC LIMIT 1', ['École']],
  ])('by %s', (order, expected) => {
    expect(values(`SELECT Name FROM Account ORDER BY ${order}`, 'Name')).toEqual(expected);
  });

  it('by an index sees what was written since', () => {
    const own = association();
    own.insert('Account', { Name: 'm' });
    const first = () => own.query('SELECT Name FROM Account ORDER BY Name LIMIT 1')[0]?.['Name'];
    expect(first()).toBe('m');
    own.insert('Account', { Name: 'É' });
    expect(first()).toBe('É');
  });
});
