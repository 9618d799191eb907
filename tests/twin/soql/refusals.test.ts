import { describe, expect, it } from '@jest/globals';
import { TwinError } from '../../../scripts/twin/contract.ts';
import { unexpectedToken, withCaret } from '../../../scripts/twin/soql/soqlErrors.ts';
import { association } from '../engine/association.ts';

const org = association();

const errorOf = (soql: string): readonly [string, string] => {
  try {
    org.query(soql);
  } catch (error) {
    if (error instanceof TwinError) return [error.errorCode, error.message];
    throw error;
  }
  throw new Error(`not refused: ${soql}`);
};

describe('The excerpt of a SOQL error', () => {
  // Recorded answers of several orgs; each shows what the platform cuts.
  it.each<[string, string, string, string, number]>([
    [
      'is the whole line when it is short',
      'SELECT Bacon__c FROM Account LIMIT 2',
      'Bacon__c',
      'SELECT Bacon__c FROM Account LIMIT 2',
      8,
    ],
    [
      'ends with the word thirty characters on',
      'SELECT Id, DepProbeField__c FROM Account LIMIT 1',
      'DepProbeField__c',
      'SELECT Id, DepProbeField__c FROM Account LIMIT',
      12,
    ],
    [
      'ends with a long word',
      "SELECT Id FROM DataSpace WHERE DataSpaceDefinition.DeveloperName = 'x'",
      'DataSpace ',
      'SELECT Id FROM DataSpace WHERE DataSpaceDefinition.DeveloperName',
      16,
    ],
    [
      'begins with the word thirty characters before',
      "SELECT Id, CreatedDate, (SELECT Id FROM Tasks) FROM Lead WHERE Email='emailid'",
      'Lead',
      "CreatedDate, (SELECT Id FROM Tasks) FROM Lead WHERE Email='emailid'",
      53,
    ],
    [
      'is of the field an id is compared with',
      "SELECT Id, Name, BillingStreet, BillingPostalCode FROM Account WHERE Id = '53'",
      "Id = '53'",
      "BillingPostalCode FROM Account WHERE Id = '53'",
      70,
    ],
    [
      'ends at a comma',
      'SELECT Id,Aaa__c,CreatedById,OCE__ActualCap__c,TPI_Product__c,Name,OCE__JobId__c,OCE__Other__c FROM X',
      'TPI_Product__c',
      'CreatedById,OCE__ActualCap__c,TPI_Product__c,Name,OCE__JobId__c',
      48,
    ],
  ])('%s', (_name, ...recorded) => {
    const [soql, word, excerpt, column] = recorded;
    const position = soql.indexOf(word);
    const caret = ' '.repeat(excerpt.indexOf(word));
    expect(withCaret(soql, position, 'why')).toBe(`\n${excerpt}\n${caret}^\nERROR at Row:1:Column:${column}\nwhy`);
  });

  it('points one before a word that cannot stand where it does', () => {
    const soql = 'SELECT Id, FROM Account';
    expect(unexpectedToken(soql, soql.indexOf('FROM'), 'FROM').message).toBe(
      `\nSELECT Id, FROM Account\n          ^\nERROR at Row:1:Column:11\nunexpected token: 'FROM'`,
    );
  });

  it('is of the row the culprit stands in', () => {
    expect(errorOf('SELECT Id\nFROM Nothing__c')[1]).toMatch(/^\nFROM Nothing__c\n {5}\^\nERROR at Row:2:Column:6\n/);
  });
});

// https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select.htm and, for
// texts, the release notes of Summer '24 (changed SOQL error messages).
describe('SOQL refuses what cannot be read', () => {
  it.each<[string, string]>([
    ['SELECT * FROM Account', "unexpected token: 'SELECT *'"],
    ['SELECT FROM Account', "unexpected token: 'SELECT FROM'"],
    ['SELECT Id FROM Account USING everything', "unexpected token: 'everything'"],
    ['SELECT Id FROM Account WHERE Id IN ()', "unexpected token: 'Id IN ()'"],
    ['SELECT Id FROM Account ALL ROWS', "unexpected token: 'ALL'"],
    ['SELECT Id FROM $x', "unexpected token: '$'"],
    ['SELECT Id /* all */ FROM Account', "unexpected token: '/'"],
    ['SELECT Id FROM Account -- all', "unexpected token: '-'"],
    ["SELECT Id FROM Account WHERE Name = 'O'Brien'", "unexpected token: 'Brien'"],
    ["SELECT Id FROM Account WHERE Name = '''", "unexpected token: '''"],
    ['SELECT Id FROM Account LIMIT -1', "unexpected token: '-1'"],
    ['SELECT Id FROM Account LIMIT 1.5', "unexpected token: '1.5'"],
    ['SELECT Id FROM Account LIMIT 1 OFFSET -1', 'SOQL offset must be a non-negative value'],
    ['SELECT Id FROM Account WHERE Name', "unexpected token: '<EOF>'"],
    ['SELECT Id FROM Account ORDER Name', "unexpected token: 'Name'"],
    ['SELECT Id FROM Account LIMIT 1 WHERE Name != null', "unexpected token: 'WHERE'"],
    ["SELECT Id FROM Account WHERE (Name = 'a' OR Name = 'b' AND Name = 'c')", "unexpected token: 'AND'"],
    ['SELECT Id FROM Account WHERE Name = :name', 'Bind variables only allowed in Apex code'],
    ['SELECT Id FROM Account WHERE Id IN :ids', 'Bind variables only allowed in Apex code'],
    ['SELECT Id FROM Account WHERE Id NOT IN :ids', 'Bind variables only allowed in Apex code'],
    ['SELECT Id FROM Account WHERE Name IN (:one, :other)', 'Bind variables only allowed in Apex code'],
    ['SELECT Id FROM Account LIMIT :most', 'Bind variables only allowed in Apex code'],
    ['SELECT Id FROM Account LIMIT 1 OFFSET :first', 'Bind variables only allowed in Apex code'],
    ['SELECT Id FROM Account WHERE Name = Rating', 'Bind variables only allowed in Apex code'],
    [
      'SELECT Id FROM Account WHERE CreatedDate > 2020-12-12t12:12:00-25:00',
      'Invalid datetime: 2020-12-12t12:12:00-25:00',
    ],
    [
      'SELECT Id FROM Account WHERE CreatedDate > 2020-52-12t12:12:00-05:00',
      'Invalid datetime: 2020-52-12t12:12:00-05:00',
    ],
    ['SELECT Id FROM Account WHERE CreatedDate > 2020-01-01T00:00:00', 'Invalid datetime: 2020-01-01T00:00:00'],
    ['SELECT Id FROM Contact WHERE Birthdate > 2020-02-30', 'Invalid date: 2020-02-30'],
    ["SELECT Id FROM Account WHERE Name = 'a\\%b'", "Illegal character sequence '\\%' in string literal"],
    ["SELECT Id FROM Account WHERE Name LIKE 'a\\qb'", "Illegal character sequence '\\q' in string literal"],
    ['SELECT Id FROM Account WITH SECURITY_ENFORCED', 'rule soqlWithIdentifierClause failed predicate'],
    ['SELECT Id FROM Account WITH USER_MODE', 'rule soqlWithIdentifierClause failed predicate'],
    [`SELECT Id FROM Account WHERE Name = '${'x'.repeat(4001)}'`, 'at most 4000 characters'],
    ['SELECT COUNT() FROM Account ORDER BY Name', 'ORDER BY not allowed in this call'],
    ['SELECT Name, Name FROM Account', 'duplicate field selected: Name'],
    ['SELECT Id, FIELDS(STANDARD) FROM Account', 'duplicate field selected: Id'],
    ['SELECT Parent.Parent.Parent.Parent.Parent.Parent.Name FROM Account', 'more than 5 relationships'],
    [
      `SELECT ${Array.from({ length: 21 }, () => '(SELECT Id FROM Contacts)').join(', ')} FROM Account`,
      'at most 20 parent-to-child sub-queries',
    ],
    ['SELECT (SELECT COUNT(Id) FROM Contacts) FROM Account', 'only root queries support aggregate expressions'],
    [
      'SELECT TYPEOF Account WHEN Account THEN Name END FROM Contact',
      'TYPEOF needs a polymorphic relationship: Account',
    ],
  ])('%.100s', (soql, message) => {
    const [code, text] = errorOf(soql);
    expect([code, text]).toEqual([
      soql.includes('FIELDS') || soql.includes('Name, Name') ? 'INVALID_FIELD' : 'MALFORMED_QUERY',
      expect.stringContaining(message),
    ]);
  });

  it('and what is too long', () => {
    expect(errorOf(`SELECT Id FROM Account WHERE Name != '${'x'.repeat(100_000)}'`)[0]).toBe('QUERY_TOO_COMPLICATED');
  });
});

// https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_agg_functions_field_types.htm
describe('SOQL refuses aggregates', () => {
  it.each<[string, string]>([
    ['SELECT SUM(Name) FROM Account', 'field Name does not support aggregate operator SUM'],
    ['SELECT COUNT(HasOptedOut) FROM Contact', 'field HasOptedOut does not support aggregate operator COUNT'],
    ['SELECT MAX(Interests__c) FROM Contact', 'field Interests__c does not support aggregate operator MAX'],
    ['SELECT AVG(Given__c) FROM Gift__c', 'field Given__c does not support aggregate operator AVG'],
    [
      'SELECT CALENDAR_YEAR(Amount__c) y FROM Gift__c GROUP BY CALENDAR_YEAR(Amount__c)',
      'field Amount__c does not support aggregate operator CALENDAR_YEAR',
    ],
    ['SELECT COUNT(Name) FROM Account GROUP BY Name', 'Grouped field should not be aggregated: Name'],
    ['SELECT COUNT(Id) FROM Account GROUP BY Name, Name', 'duplicate grouping expression: Name'],
    ['SELECT COUNT(Id) FROM Account HAVING COUNT(Id) > 1', 'HAVING needs GROUP BY'],
    [
      "SELECT Rating, COUNT(Id) FROM Account GROUP BY Rating HAVING Name = 'x'",
      'Field must be grouped or aggregated: Name',
    ],
    ['SELECT Name, Account.Name FROM Contact GROUP BY Name, Account.Name', 'duplicate alias: Name'],
    ['SELECT MAX(Name) x, MIN(Name) X FROM Contact', 'duplicate alias: X'],
    ['SELECT COUNT(Id) FROM Account GROUP BY Name ORDER BY Rating', 'Field must be grouped or aggregated: Rating'],
    [
      'SELECT COUNT(Id) FROM Account OFFSET 1',
      'Non-grouped query that uses overall aggregate functions cannot also use OFFSET',
    ],
    [
      'SELECT CALENDAR_YEAR(CALENDAR_MONTH(CreatedDate)) FROM Account GROUP BY CALENDAR_YEAR(CALENDAR_MONTH(CreatedDate))',
      'nested functional syntax',
    ],
  ])('%.100s', (soql, message) => {
    expect(errorOf(soql)).toEqual(['MALFORMED_QUERY', expect.stringContaining(message)]);
  });
});

// https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_comparisonoperators.htm
describe('SOQL refuses comparisons', () => {
  it.each<[string, string, string]>([
    [
      "SELECT Id FROM Contact WHERE Birthdate = ''",
      'INVALID_FIELD',
      "field 'Birthdate' must be of type date and should not be enclosed in quotes",
    ],
    [
      'SELECT Id FROM Account WHERE CreatedDate = 2020-01-01',
      'INVALID_FIELD',
      "field 'CreatedDate' must be of type dateTime and should not",
    ],
    [
      "SELECT Id FROM Contact WHERE HasOptedOut = 'true'",
      'INVALID_FIELD',
      "field 'HasOptedOut' must be of type boolean and should not",
    ],
    [
      'SELECT Id FROM Account WHERE Name = TODAY',
      'INVALID_FIELD',
      "field 'Name' must be of type string and should be enclosed in quotes",
    ],
    [
      "SELECT Id FROM Account WHERE BillingAddress = 'x'",
      'INVALID_FIELD',
      'Address fields can only be filtered using Distance expressions',
    ],
    ["SELECT Id FROM Contact WHERE AccountId LIKE '001%'", 'MALFORMED_QUERY', 'invalid operator on reference field'],
    ["SELECT Id FROM Contact WHERE LastName INCLUDES ('a')", 'MALFORMED_QUERY', 'invalid operator on string field'],
    [
      'SELECT Id FROM Contact WHERE Account.Id IN (SELECT Id FROM Account)',
      'MALFORMED_QUERY',
      "should be an id field, cannot use: 'Account.Id'",
    ],
    [
      'SELECT Id FROM Contact WHERE NOT AccountId IN (SELECT Id FROM Account)',
      'MALFORMED_QUERY',
      "not allowed with the 'NOT' operator",
    ],
    [
      'SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact WHERE Id IN (SELECT Donor__c FROM Gift__c))',
      'MALFORMED_QUERY',
      'Nesting of semi join sub-selects is not supported',
    ],
    [
      'SELECT Id FROM Account WHERE Id IN (SELECT Id, AccountId FROM Contact)',
      'MALFORMED_QUERY',
      'must select exactly one id field',
    ],
    [
      'SELECT Id FROM Account WHERE Amount__c = USD5',
      'INVALID_FIELD',
      "No such column 'Amount__c' on entity 'Account'",
    ],
    ['SELECT Id FROM Gift__c WHERE Amount__c = USD5', 'NOT_EMULATED', 'several currencies'],
    ['SELECT Id FROM Account WITH DATA CATEGORY Geography__c ABOVE usa__c', 'NOT_EMULATED', 'SOQL WITH DATA CATEGORY'],
    ['SELECT convertCurrency(Amount__c) FROM Gift__c', 'NOT_EMULATED', 'SOQL function convertCurrency(Amount__c)'],
    [
      'SELECT TYPEOF Who WHEN Contact THEN FORMAT(CreatedDate) END FROM Task',
      'NOT_EMULATED',
      'FORMAT(CreatedDate) in TYPEOF',
    ],
    ['SELECT Id FROM Account UPDATE VIEWSTAT', 'NOT_EMULATED', 'SOQL UPDATE VIEWSTAT'],
  ])('%.100s', (soql, code, message) => {
    expect(errorOf(soql)).toEqual([code, expect.stringContaining(message)]);
  });
});
