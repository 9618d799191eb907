import { describe, expect, it } from '@jest/globals';
import { TwinError } from '../../../scripts/twin/contract.ts';
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

const append =
  "If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.";

describe('SOQL errors', () => {
  it('show the line, a caret, row and column, as recorded', () => {
    expect(errorOf('SELECT Bacon__c FROM Account LIMIT 2')).toEqual([
      'INVALID_FIELD',
      `\nSELECT Bacon__c FROM Account LIMIT 2\n       ^\nERROR at Row:1:Column:8\nNo such column 'Bacon__c' on entity 'Account'. ${append}`,
    ]);
    expect(errorOf('SELECT Id\nFROM Account\nWHERE Bacon = 1')[1]).toContain(
      '\nWHERE Bacon = 1\n      ^\nERROR at Row:3:Column:7\n',
    );
  });

  // https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select.htm
  it.each<[string, string, string]>([
    ['SELEKT Id FROM Account', 'MALFORMED_QUERY', "unexpected token: 'SELEKT'"],
    ['SELECT Id FROM Account WHERE', 'MALFORMED_QUERY', "unexpected token: '<EOF>'"],
    [
      "SELECT Id FROM Account WHERE Name = 'a\\zb'",
      'MALFORMED_QUERY',
      "Illegal character sequence '\\z' in string literal",
    ],
    [
      "SELECT Id FROM Account WHERE Name = 'a' AND Name = 'b' OR Name = 'c'",
      'MALFORMED_QUERY',
      "unexpected token: 'OR'",
    ],
    ['SELECT Id FROM Nothing__c', 'INVALID_TYPE', "sObject type 'Nothing__c' is not supported."],
    ['SELECT Nobody.Name FROM Contact', 'INVALID_FIELD', "Didn't understand relationship 'Nobody' in field path."],
    [
      'SELECT (SELECT Id FROM Nobodies) FROM Account',
      'INVALID_TYPE',
      "Didn't understand relationship 'Nobodies' in FROM part of query call.",
    ],
    ["SELECT Id FROM Contact WHERE AccountId = 'x'", 'INVALID_QUERY_FILTER_OPERATOR', 'invalid ID field: x'],
    [
      "SELECT Id FROM Gift__c WHERE Amount__c = '5'",
      'INVALID_FIELD',
      "value of filter criterion for field 'Amount__c' must be of type currency and should not be enclosed in quotes",
    ],
    [
      'SELECT Id FROM Contact WHERE LastName = 5',
      'INVALID_FIELD',
      "value of filter criterion for field 'LastName' must be of type string and should be enclosed in quotes",
    ],
    [
      'SELECT Id FROM Contact WHERE Birthdate = 2020-01-01T00:00:00Z',
      'INVALID_FIELD',
      "value of filter criterion for field 'Birthdate' must be of type date and should not be enclosed in quotes",
    ],
    [
      "SELECT Id FROM Account WHERE Description = 'x'",
      'INVALID_FIELD',
      "field 'Description' can not be filtered in a query call",
    ],
    [
      'SELECT Id FROM Account ORDER BY Description',
      'MALFORMED_QUERY',
      "field 'Description' can not be sorted in a query call",
    ],
    [
      'SELECT COUNT(Id) FROM Account GROUP BY Description',
      'MALFORMED_QUERY',
      "field 'Description' can not be grouped in a query call",
    ],
    ['SELECT Name, COUNT(Id) FROM Account', 'MALFORMED_QUERY', 'Field must be grouped or aggregated: Name'],
    ['SELECT Name n FROM Account', 'MALFORMED_QUERY', 'only aggregate expressions use field aliasing'],
    [
      'SELECT COUNT(Id) FROM Account LIMIT 1',
      'MALFORMED_QUERY',
      'Non-grouped query that uses overall aggregate functions cannot also use LIMIT',
    ],
    ['SELECT FIELDS(ALL) FROM Account', 'MALFORMED_QUERY', 'The SOQL FIELDS function must have a LIMIT of at most 200'],
    ['SELECT Id FROM Account LIMIT 1 OFFSET 2001', 'NUMBER_OUTSIDE_VALID_RANGE', 'Maximum SOQL offset allowed is 2000'],
    [
      "SELECT Id FROM Account WHERE Name = 'a' OR Id IN (SELECT AccountId FROM Contact)",
      'MALFORMED_QUERY',
      "Semi join sub-selects are not allowed with the 'OR' operator",
    ],
    [
      'SELECT Id FROM Contact WHERE Id IN (SELECT ReportsToId FROM Contact)',
      'MALFORMED_QUERY',
      'The inner and outer selects should not be on the same object type',
    ],
    [
      'SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact LIMIT 1)',
      'MALFORMED_QUERY',
      "missing value at 'LIMIT'",
    ],
    [
      'SELECT Id FROM Account WHERE Id IN (SELECT OwnerId FROM Contact)',
      'MALFORMED_QUERY',
      'should point to the same object type',
    ],
    [
      'SELECT Id FROM Contact WHERE Id IN (SELECT WhoId FROM Task)',
      'MALFORMED_QUERY',
      "Entity 'Task' is not supported for semi join inner selects",
    ],
    [
      'SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact) AND Id IN (SELECT AccountId FROM Opportunity) AND Id IN (SELECT Household__c FROM Gift__c)',
      'MALFORMED_QUERY',
      'Maximum 2 semi join sub-selects are allowed',
    ],
    ['SELECT FORMAT(Amount__c) FROM Gift__c', 'NOT_EMULATED', 'NOT_EMULATED: SOQL function FORMAT(Amount__c)'],
    ['SELECT Id FROM Account USING SCOPE Team', 'NOT_EMULATED', 'NOT_EMULATED: SOQL USING SCOPE team'],
  ])('%s', (soql, code, message) => {
    const [errorCode, text] = errorOf(soql);
    expect(errorCode).toBe(code);
    expect(text).toContain(message);
  });

  it('hide what the user may not see behind the words for what does not exist', () => {
    const hidden = org.colleague({ objects: ['Case'], fields: ['Contact.AccountId'] });
    expect(() => org.query('SELECT Id FROM Case', hidden)).toThrow(/sObject type 'Case' is not supported/);
    expect(() => org.query('SELECT Account.Name FROM Contact', hidden)).toThrow(
      /Didn't understand relationship 'Account'/,
    );
    expect(() => org.query('SELECT (SELECT Id FROM Contacts) FROM Account', hidden)).toThrow(
      /Didn't understand relationship 'Contacts'/,
    );
  });

  it('never let a value become part of the statement', () => {
    org.insert('Account', { Name: `'; DROP TABLE "Account"; --` });
    expect(org.query(`SELECT Id FROM Account WHERE Name = '\\'; DROP TABLE "Account"; --'`)).toHaveLength(1);
  });
});
