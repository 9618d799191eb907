import { describe, expect, it } from '@jest/globals';
import { TwinError } from '../../../scripts/twin/contract.ts';
import { shares } from '../../../scripts/twin/sosl/runSearch.ts';
import { association } from '../engine/association.ts';

const org = association();
const [north] = org.insert('Account', { Name: 'Maison du Nord', Rating: 'Hot' }, { Name: 'Nord-Est services' });
org.insert(
  'Contact',
  { FirstName: 'Chloé', LastName: 'Béal', Email: 'chloe.beal@asso.example', AccountId: north! },
  { FirstName: 'Anna', LastName: 'Beaumont', Email: 'anna@nord.example' },
  { FirstName: 'Bruno', LastName: 'Smith', Email: 'bruno@asso.example' },
);

const found = (sosl: string) =>
  org.engine
    .search(org.admin, sosl)
    .map((row) => row['LastName'] ?? row['Name'] ?? row.attributes.type)
    .sort();

const errorOf = (sosl: string): string => {
  try {
    org.engine.search(org.admin, sosl);
  } catch (error) {
    if (error instanceof TwinError) return `${error.errorCode} ${error.message}`;
    throw error;
  }
  throw new Error(`not refused: ${sosl}`);
};

// https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_sosl_find.htm
describe('SOSL', () => {
  it.each<[string, readonly string[]]>([
    ['FIND {beal} RETURNING Contact(LastName)', ['Béal']],
    ['FIND {BÉAL} RETURNING Contact(LastName)', ['Béal']],
    ['find {bea*} returning contact(lastname)', ['Beaumont', 'Béal']],
    ['FIND {be?l} RETURNING Contact(LastName)', ['Béal']],
    ['FIND {bea} RETURNING Contact(LastName)', []],
    ['FIND {chloe beal} RETURNING Contact(LastName)', ['Béal']],
    ['FIND {"beal chloe"} IN NAME FIELDS RETURNING Contact(LastName)', []],
    ['FIND {"chloe beal"} IN NAME FIELDS RETURNING Contact(LastName)', ['Béal']],
    ['FIND {anna OR bruno} RETURNING Contact(LastName)', ['Beaumont', 'Smith']],
    ['FIND {asso AND NOT bruno} RETURNING Contact(LastName)', ['Béal']],
    ['FIND {asso AND (chloe OR anna)} RETURNING Contact(LastName)', ['Béal']],
    ['FIND {anna@nord.example} IN EMAIL FIELDS RETURNING Contact(LastName)', ['Beaumont']],
    ['FIND {nord} IN NAME FIELDS RETURNING Contact(LastName), Account(Name)', ['Maison du Nord', 'Nord-Est services']],
    ['FIND {nord} IN PHONE FIELDS RETURNING Contact(LastName), Account(Name)', []],
    ["FIND {nord} RETURNING Account(Name WHERE Rating = 'Hot')", ['Maison du Nord']],
    ['FIND {nord} RETURNING Account(Name ORDER BY Name DESC LIMIT 1)', ['Nord-Est services']],
    ['FIND {asso*} RETURNING Contact(LastName, Account.Name) LIMIT 1', ['Béal']],
    ['FIND {nord\\-est} RETURNING Account(Name)', ['Nord-Est services']],
    ['FIND {nord}', ['Account', 'Account', 'Contact']],
  ])('%s', (sosl, expected) => {
    expect(found(sosl)).toEqual(expected);
  });

  it.each<[string, string]>([
    [
      "FIND 'Jones' IN ALL FIELDS",
      'MALFORMED_SEARCH No search term found. The search term must be enclosed in braces.',
    ],
    ['FIND {a}', 'INVALID_SEARCH search term must be longer than one character: a'],
    ['FIND {a*}', 'INVALID_SEARCH search term must be longer than one character: a*'],
    ['FIND {*nord}', 'NOT_EMULATED NOT_EMULATED: SOSL wildcard at the beginning of *nord'],
    ['FIND {nord} IN SIDEBAR FIELDS', 'NOT_EMULATED NOT_EMULATED: SOSL IN SIDEBAR FIELDS'],
    ['FIND {nord} RETURNING Account WITH SNIPPET', 'NOT_EMULATED NOT_EMULATED: SOSL WITH SNIPPET'],
    ['FIND {nord} UPDATE TRACKING', 'NOT_EMULATED NOT_EMULATED: SOSL UPDATE TRACKING'],
    ['FIND {nord} RETURNING Nothing__c', 'INVALID_TYPE \nFIND {nord} RETURNING Nothing__c\n'],
    ['FIND {nord} RETURNING Account(Nope__c)', "No such column 'Nope__c' on entity 'Account'"],
    ['FIND {nord) AND (est}', 'MALFORMED_SEARCH'],
  ])('refuses %s', (sosl, text) => {
    expect(errorOf(sosl)).toContain(text);
  });

  it('finds nothing in what the user may not see', () => {
    const colleague = org.colleague({ objects: ['Account'], fields: ['Contact.Email'] });
    expect(org.engine.search(colleague, 'FIND {nord}')).toEqual([]);
    expect(org.engine.search(colleague, 'FIND {bruno} RETURNING Contact(LastName)')).toMatchObject([
      { LastName: 'Smith' },
    ]);
    expect(() => org.engine.search(colleague, 'FIND {nord} RETURNING Account')).toThrow(/sObject type 'Account'/);
  });

  // https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_sosl_limit.htm
  it('shares an overall limit evenly among objects without one of their own', () => {
    const rows = (count: number) => Array.from({ length: count }, () => ({ attributes: { type: 'X' } }));
    const of = (counts: readonly (readonly [number, boolean])[], limit: number) =>
      shares(
        counts.map(([count, bounded]) => ({ rows: rows(count), bounded })),
        limit,
      );
    expect(
      of(
        [
          [19, false],
          [35, false],
        ],
        20,
      ),
    ).toEqual([10, 10]);
    expect(
      of(
        [
          [3, false],
          [35, false],
        ],
        20,
      ),
    ).toEqual([3, 17]);
    expect(
      of(
        [
          [20, true],
          [200, false],
        ],
        100,
      ),
    ).toEqual([20, 80]);
    expect(
      of(
        [
          [1, false],
          [1, false],
        ],
        20,
      ),
    ).toEqual([1, 1]);
  });

  it('searches by parameters', () => {
    const rows = org.engine.search(org.admin, {
      q: 'nord',
      in: 'NAME',
      fields: ['id', 'Name'],
      sobjects: [{ name: 'Account', where: "Rating = 'Hot'", limit: 5 }, { name: 'Contact' }],
    });
    expect(rows).toMatchObject([{ attributes: { type: 'Account' }, Name: 'Maison du Nord' }]);
  });
});
