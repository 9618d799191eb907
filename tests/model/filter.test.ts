import { describe, expect, it } from '@jest/globals';
import { composeQuery, parseQuery } from '@jetstreamapp/soql-parser-js';
import * as fc from 'fast-check';
import type { Condition } from '../../scripts/model/filter.ts';
import { matchesFilter } from '../../scripts/model/filterMatch.ts';
import { filterToSoql } from '../../scripts/model/filterSoql.ts';

const scalar = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 20 }), fc.integer(), fc.boolean(), fc.constant(null));
const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    field: fc.constantFrom('Name', 'Account.Name', 'npsp__X__c'),
    is: fc.constantFrom('equal', 'not-equal', 'greater', 'at-least', 'less', 'at-most'),
    value: scalar,
  }),
  fc.record({
    field: fc.constant('Status'),
    is: fc.constantFrom('in', 'not-in'),
    value: fc.array(scalar, { minLength: 1, maxLength: 4 }),
  }),
  fc.record({
    field: fc.constant('Subject'),
    is: fc.constantFrom('like', 'not-like'),
    value: fc.string({ maxLength: 20 }),
  }),
);

describe('a filter as SOQL', () => {
  it('writes each comparison in its own words', () => {
    expect(
      filterToSoql([
        { field: 'IsWon', is: 'equal', value: true },
        { field: 'Stage', is: 'not-in', value: ['A', "O'B"] },
        { field: 'CloseDate', is: 'at-least', value: '2026-01-31' },
        { field: 'Subject', is: 'not-like', value: 'Out of office%' },
        { field: 'End__c', is: 'not-equal', value: null },
      ]),
    ).toBe(
      "IsWon = true AND Stage NOT IN ('A','O\\'B') AND CloseDate >= 2026-01-31 AND (NOT Subject LIKE 'Out of office%') AND End__c != null",
    );
  });

  it('is read back by a SOQL parser whatever the values hold: nothing breaks out of its literal', () => {
    fc.assert(
      fc.property(fc.array(condition, { minLength: 1, maxLength: 4 }), (filter) => {
        const soql = `SELECT Id FROM Contact WHERE ${filterToSoql(filter)}`;
        const parsed = parseQuery(soql);
        expect(parsed.fields).toHaveLength(1);
        expect(composeQuery(parsed)).toContain('FROM Contact WHERE');
      }),
    );
  });

  it('refuses a name that is none', () => {
    expect(() => filterToSoql([{ field: 'Name = 1 OR Id', is: 'equal', value: 1 }])).toThrow(RangeError);
  });
});

describe('a filter on a row', () => {
  const read = (row: Readonly<Record<string, string | number | boolean | null>>) => (path: string) => row[path] ?? null;

  it('compares as SOQL does: text without case, empty values different from all others', () => {
    const row = read({ Stage: 'closed won', Amount: 20, Empty: null });
    const holds = (one: Condition): boolean => matchesFilter([one], row);
    expect(holds({ field: 'Stage', is: 'equal', value: 'Closed Won' })).toBe(true);
    expect(holds({ field: 'Stage', is: 'like', value: 'CLOSED%' })).toBe(true);
    expect(holds({ field: 'Amount', is: 'greater', value: 20 })).toBe(false);
    expect(holds({ field: 'Amount', is: 'at-least', value: 20 })).toBe(true);
    expect(holds({ field: 'Empty', is: 'not-in', value: ['a'] })).toBe(true);
    expect(holds({ field: 'Empty', is: 'less', value: 3 })).toBe(false);
    expect(holds({ field: 'Empty', is: 'equal', value: null })).toBe(true);
  });

  it('never says both a comparison and its opposite', () => {
    fc.assert(
      fc.property(scalar, fc.array(scalar, { minLength: 1, maxLength: 3 }), (value, wanted) => {
        const row = read({ F: value });
        expect(matchesFilter([{ field: 'F', is: 'in', value: wanted }], row)).not.toBe(
          matchesFilter([{ field: 'F', is: 'not-in', value: wanted }], row),
        );
      }),
    );
  });

  it('takes a pattern literally but for its per cent signs', () => {
    expect(matchesFilter([{ field: 'F', is: 'like', value: 'a.c%' }], read({ F: 'a.cd' }))).toBe(true);
    expect(matchesFilter([{ field: 'F', is: 'like', value: 'a.c%' }], read({ F: 'abcd' }))).toBe(false);
  });
});
