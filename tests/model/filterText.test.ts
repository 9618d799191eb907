import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseLocalDate, type LocalDate } from '../../scripts/kernel/legalPeriod.ts';
import { charterHold } from '../../scripts/model/charter.ts';
import { filterCases } from '../../scripts/model/filterCases.ts';
import { matchesFilter } from '../../scripts/model/filterMatch.ts';
import { filterToSoql } from '../../scripts/model/filterSoql.ts';
import { parseFilter, printFilter } from '../../scripts/model/filterText.ts';
import { holdFields } from '../../scripts/model/pack.ts';
import { declaredSources } from '../../scripts/standing/factSources.ts';
import { COMPARISONS, treeFields, type FilterTree, type FilterValue } from '../../scripts/model/filterTree.ts';

const today = parseLocalDate('2026-11-20')!;
const on = (text: string, row: Readonly<Record<string, string | number | boolean | null>>, day: LocalDate = today) =>
  filterCases(parseFilter(text), day).some((one) => matchesFilter(one, (path) => row[path] ?? null));

const field = fc.constantFrom('Status__c', 'Amount__c', 'Owner.Name', 'Closed__c');
const scalar: fc.Arbitrary<FilterValue> = fc.oneof(
  fc.string().map((text): FilterValue => ({ kind: 'text', text: text.replace(/\\(?=[%_])/g, '') })),
  fc.integer().map((number): FilterValue => ({ kind: 'number', number })),
  fc.boolean().map((boolean): FilterValue => ({ kind: 'boolean', boolean })),
  fc.constant<FilterValue>({ kind: 'null' }),
  fc.constantFrom<FilterValue>(
    { kind: 'date', date: '2026-02-28' },
    { kind: 'date', date: '2026-02-28T08:00:00Z' },
    { kind: 'relative', name: 'TODAY' },
    { kind: 'relative', name: 'LAST_N_DAYS', n: 30 },
  ),
);
const isOrderless = ({ kind }: FilterValue): boolean => kind === 'null' || kind === 'boolean';
const compare = fc
  .record({ field, is: fc.constantFrom(...COMPARISONS), values: fc.array(scalar, { minLength: 1, maxLength: 3 }) })
  .map(({ field: name, is, values }): FilterTree => {
    const base = { kind: 'compare' as const, field: name };
    if (is === 'IN' || is === 'NOT IN') return { ...base, is, values };
    if (is === 'LIKE') return { ...base, is, values: [{ kind: 'text', text: 'a%b' }] };
    const value = values[0]!;
    return { ...base, is: isOrderless(value) ? '=' : is, values: [value] };
  });
const { tree } = fc.letrec<{ tree: FilterTree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    compare,
    fc
      .record({
        kind: fc.constantFrom('all' as const, 'any' as const),
        of: fc.array(tie('tree'), { minLength: 2, maxLength: 3 }),
      })
      .map((one): FilterTree => one),
    tie('tree').map((of): FilterTree => ({ kind: 'not', of })),
  ),
}));

describe('a filter written as text', () => {
  it('is the same tree after it was printed and read again', () => {
    fc.assert(
      fc.property(tree, (one) => {
        expect(parseFilter(printFilter(one))).toEqual(one);
      }),
      { numRuns: 500 },
    );
  });

  it('reads comparisons, lists, patterns, empty values, dates and brackets', () => {
    expect(parseFilter("Status__c = 'Open' AND (Amount__c >= 10.5 OR Owner.Name LIKE 'M%')")).toEqual({
      kind: 'all',
      of: [
        { kind: 'compare', field: 'Status__c', is: '=', values: [{ kind: 'text', text: 'Open' }] },
        {
          kind: 'any',
          of: [
            { kind: 'compare', field: 'Amount__c', is: '>=', values: [{ kind: 'number', number: 10.5 }] },
            { kind: 'compare', field: 'Owner.Name', is: 'LIKE', values: [{ kind: 'text', text: 'M%' }] },
          ],
        },
      ],
    });
    expect(printFilter(parseFilter("a not in ('x','y') and b<>null"))).toBe("a NOT IN ('x', 'y') AND b != NULL");
    expect(treeFields(parseFilter('a = 1 AND (b = 2 OR NOT a = 3)'))).toEqual(['a', 'b']);
  });

  it.each([
    ["Name = 'x' OR 1=1", 'a field is missing'],
    ["Name = 'x') OR (Id != null", 'ends before'],
    ["Name = 'x'; DELETE", 'no filter has'],
    ['Id IN (SELECT Id FROM User)', 'a value'],
    ["Name = 'x' LIMIT 1", 'ends before'],
    ['CALENDAR_YEAR(CreatedDate) = 2020', 'comparison is missing'],
    ['Name = :name', 'no filter has'],
    ["Name = 'x", 'closing quote'],
    ["Name = 'x\\' OR Id != ''", 'closing quote'],
    ["Name LIKE 'a_b'", 'wildcards'],
    ['Name = Other__c', 'a value is'],
    ['Amount__c > NULL', 'neither less nor greater'],
    ['a = 1 AND b = 2 OR c = 3', 'brackets'],
    ['', 'a field is missing'],
    [`${'('.repeat(50)}a = 1${')'.repeat(50)}`, 'too many brackets'],
    ["Name = 'x' /* c */", 'no filter has'],
    ['Name = LAST_N_DAYS:99999', 'a value is'],
  ])('refuses %s', (text, message) => {
    expect(() => parseFilter(text)).toThrow(message);
  });

  it('never lets a text out of its quotes, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string(), (typed) => {
        const plain = typed.replace(/\\(?=[%_])/g, '');
        const printed = printFilter({
          ...{ kind: 'compare', field: 'Name', is: '=', values: [{ kind: 'text', text: plain }] },
        });
        expect(parseFilter(printed)).toMatchObject({ kind: 'compare', values: [{ text: plain }] });
        const soql = filterToSoql(filterCases(parseFilter(printed), today)[0]!, { quoteDates: true });
        expect(soql.replace(/'(?:[^'\\]|\\.)*'/gs, "''")).toBe("Name = ''");
      }),
      { numRuns: 500 },
    );
  });

  it('judges as SOQL does: nothing holds of an empty value but that it is empty, and NOT of that', () => {
    expect(on('Amount__c > 5', { Amount__c: 6 })).toBe(true);
    expect(on('Amount__c > 5', {})).toBe(false);
    expect(on('NOT Amount__c > 5', {})).toBe(true);
    expect(on("NOT (Amount__c > 5 AND Status__c = 'Open')", { Amount__c: 6, Status__c: 'Closed' })).toBe(true);
    expect(on("NOT (Amount__c > 5 OR Status__c = 'Open')", { Amount__c: 4, Status__c: 'open' })).toBe(false);
    expect(on("Status__c NOT IN ('Open', 'New')", {})).toBe(true);
    expect(on('Closed__c = FALSE', { Closed__c: false })).toBe(true);
  });

  it('moves date words with the day', () => {
    expect(on('Day__c = LAST_N_DAYS:30', { Day__c: '2026-10-21' })).toBe(true);
    expect(on('Day__c = LAST_N_DAYS:30', { Day__c: '2026-10-20' })).toBe(false);
    expect(on('Day__c = LAST_N_DAYS:30', { Day__c: '2026-11-20T23:00:00.000Z' })).toBe(true);
    expect(on('Day__c >= THIS_YEAR', { Day__c: '2026-01-01' })).toBe(true);
    expect(on('Day__c > THIS_YEAR', { Day__c: '2026-12-31' })).toBe(false);
    expect(on('Day__c <= LAST_MONTH', { Day__c: '2026-10-31' })).toBe(true);
    expect(on('Day__c != TODAY', {})).toBe(true);
    expect(on('Day__c IN (YESTERDAY, TOMORROW)', { Day__c: '2026-11-21' })).toBe(true);
    expect(on('Day__c NOT IN (YESTERDAY, TODAY)', { Day__c: '2026-11-20' })).toBe(false);
    expect(on('Day__c = NEXT_N_MONTHS:2', { Day__c: '2027-01-31' })).toBe(true);
    expect(on('Day__c = TODAY', { Day__c: '2030-01-01' }, parseLocalDate('2030-01-01'))).toBe(true);
  });

  it('holds of a row exactly when its negation does not', () => {
    const values: Readonly<Record<string, readonly FilterValue[]>> = {
      Status__c: [
        { kind: 'text', text: 'Open' },
        { kind: 'text', text: 'a%' },
      ],
      Amount__c: [
        { kind: 'number', number: 0 },
        { kind: 'number', number: 7 },
      ],
      Day__c: [
        { kind: 'date', date: '2026-11-20' },
        { kind: 'relative', name: 'LAST_MONTH' },
      ],
    };
    const own = fc
      .record({
        name: fc.constantFrom(...Object.keys(values)),
        is: fc.constantFrom(...COMPARISONS),
        which: fc.nat({ max: 1 }),
      })
      .map(({ name, is, which }): FilterTree => {
        const isText = name === 'Status__c';
        const value = values[name]![which]!;
        return { kind: 'compare', field: name, is: !isText && is === 'LIKE' ? '=' : is, values: [value] };
      });
    const someTree = fc.letrec<{ tree: FilterTree }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        own,
        fc.record({
          kind: fc.constantFrom('all' as const, 'any' as const),
          of: fc.array(tie('tree'), { minLength: 2, maxLength: 3 }),
        }),
        tie('tree').map((of): FilterTree => ({ kind: 'not', of })),
      ),
    })).tree;
    const row = fc.record({
      Status__c: fc.constantFrom<string | null>('Open', 'abc', null),
      Amount__c: fc.constantFrom<number | null>(0, 5, 9, null),
      Day__c: fc.constantFrom<string | null>('2026-10-05', '2026-11-20', '2027-01-01', null),
    });
    const meets = (of: FilterTree, has: Readonly<Record<string, string | number | null>>): boolean | undefined => {
      try {
        return filterCases(of, today).some((one) => matchesFilter(one, (path) => has[path] ?? null));
      } catch (error) {
        if (error instanceof RangeError) return undefined;
        throw error;
      }
    };
    fc.assert(
      fc.property(someTree, row, (one, has) => {
        const [plain, negated] = [meets(one, has), meets({ kind: 'not', of: one }, has)];
        if (plain !== undefined && negated !== undefined) expect(plain).toBe(!negated);
      }),
      { numRuns: 500 },
    );
  });

  it('stands in a charter’s hold: refused with its place, held case by case, and nothing but data', () => {
    const hold = (where: unknown) => ({
      ...{ key: 'dispute', object: 'Dispute__c', via: 'Contact__c', to: 'Contact', where },
      reason: { en: 'a dispute', fr: 'un litige' },
    });
    const read = charterHold.parse(hold("Status__c = 'Open' OR Closed__c >= LAST_N_DAYS:30"));
    expect(read).toMatchObject({ where: [], tree: { kind: 'any' } });
    expect(holdFields(read)).toEqual(['Status__c', 'Closed__c']);
    expect(declaredSources([], [read], ['Contact'], today).map(({ key, where }) => [key, where])).toEqual([
      ['dispute', [{ field: 'Status__c', is: 'equal', value: 'Open' }]],
      ['dispute', [{ field: 'Closed__c', is: 'at-least', value: '2026-10-21' }]],
    ]);
    expect(() => declaredSources([], [read], ['Contact'])).toThrow(RangeError);
    const refused = charterHold.safeParse(hold("Status__c = 'Open' OR Id IN (SELECT Id FROM User)"));
    expect(JSON.stringify(refused.error?.issues)).toContain('at character');
  });
});
