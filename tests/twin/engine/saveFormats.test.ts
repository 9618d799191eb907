import { beforeAll, describe, expect, it } from '@jest/globals';
import type { FieldValue, InputRow } from '../../../scripts/twin/contract.ts';
import { coerce, coercerOf } from '../../../scripts/twin/engine/coerce.ts';
import { filterLogic } from '../../../scripts/twin/engine/filterLogic.ts';
import { RowProblem } from '../../../scripts/twin/engine/problems.ts';
import { defineField, type FieldInput } from '../../../scripts/twin/schema/defineField.ts';
import { association, type Association } from './association.ts';

const values = (...names: readonly string[]): NonNullable<FieldInput['picklistValues']> =>
  names.map((value, index) => ({ value, label: value, active: index !== 2, defaultValue: false }));

const outcome = (
  input: Omit<FieldInput, 'name' | 'label'>,
  value: string | number | boolean,
  cut = false,
): FieldValue => {
  const field = defineField({ label: 'It', ...input, name: 'It__c' });
  try {
    return coercerOf(field, cut)(value);
  } catch (error) {
    if (error instanceof RowProblem) return `${error.error.statusCode}: ${error.message}`;
    throw error;
  }
};

const wrong = (value: string): string => `INVALID_TYPE_ON_FIELD_IN_RECORD: It: value not of required type: ${value}`;
const outside = (value: string): string =>
  `NUMBER_OUTSIDE_VALID_RANGE: It: value outside of valid range on numeric field: ${value}`;

/** Sources: SOAP API guide, primitive and field data types; recorded errors. */
describe('a value', () => {
  it.each<[string, Omit<FieldInput, 'name'>, string | number | boolean, FieldValue]>([
    ['text is trimmed and has one line', { type: 'string' }, '  a\r\nb\nc ', 'a b c'],
    ['text of several lines keeps them', { type: 'textarea' }, ' a\nb ', 'a\nb'],
    ['text that is only blanks is nothing', { type: 'string' }, '   ', null],
    [
      'long text is refused',
      { type: 'string', length: 3 },
      'abcd',
      'STRING_TOO_LONG: It: data value too large: abcd (max length=3)',
    ],
    ['an e-mail address with a tag', { type: 'email' }, 'a.b+c@x-y.example', 'a.b+c@x-y.example'],
    [
      'an e-mail address with accents',
      { type: 'email' },
      'é@x.example',
      'INVALID_EMAIL_ADDRESS: It: invalid email address: é@x.example',
    ],
    [
      'an e-mail address that ends in a period',
      { type: 'email' },
      'a.@x.example',
      'INVALID_EMAIL_ADDRESS: It: invalid email address: a.@x.example',
    ],
    ['a phone number is any text', { type: 'phone' }, 'call me', 'call me'],
    ['a web address is any text', { type: 'url' }, 'www', 'www'],
    ['a number is rounded half away from zero', { type: 'double', precision: 5, scale: 2 }, '-1.005', -1.01],
    ['a number with an exponent', { type: 'double', precision: 18, scale: 0 }, '1e3', 1000],
    ['a number with too many digits', { type: 'currency', precision: 5, scale: 2 }, 1000, outside('1000')],
    ['rounding may not add a digit', { type: 'percent', precision: 3, scale: 1 }, 99.96, outside('99.96')],
    ['a number that is none', { type: 'double' }, '1,5', wrong('1,5')],
    ['a whole number with a fraction', { type: 'int' }, 1.5, wrong('1.5')],
    ['a whole number past 32 bits', { type: 'int' }, '2147483648', outside('2147483648')],
    ['a latitude', { type: 'double', precision: 8, scale: 5, compoundFieldName: 'P' }, 91, 91],
    ['a day', { type: 'date' }, '2024-02-29', '2024-02-29'],
    ['a day that does not exist', { type: 'date' }, '2023-02-29', wrong('2023-02-29')],
    [
      'a day before there were days',
      { type: 'date' },
      '1699-12-31',
      'FIELD_INTEGRITY_EXCEPTION: It: invalid date: Thu Dec 31 00:00:00 GMT 1699',
    ],
    ['a date-time as a day is its day in UTC', { type: 'date' }, '2024-01-01T00:30:00+01:00', '2023-12-31'],
    ['an instant with an offset', { type: 'datetime' }, '2024-01-01T10:00:00.500+0200', '2024-01-01T08:00:00.000Z'],
    ['an instant without a zone', { type: 'datetime' }, '2024-01-01T10:00:00', wrong('2024-01-01T10:00:00')],
    ['a time', { type: 'time' }, '23:59:01.5Z', '23:59:01.500Z'],
    ['a time past midnight', { type: 'time' }, '24:00:00Z', wrong('24:00:00Z')],
    ['a checkbox by number', { type: 'boolean' }, 1, true],
    ['a checkbox by another word', { type: 'boolean' }, 'yes', wrong('yes')],
    ['a choice in any case', { type: 'picklist', picklistValues: values('Hot', 'Cold') }, 'hOT', 'Hot'],
    ['a choice nobody set up', { type: 'picklist', picklistValues: values('Hot') }, 'Tepid', 'Tepid'],
    [
      'an inactive choice of a restricted list',
      { type: 'picklist', restrictedPicklist: true, picklistValues: values('a', 'b', 'c') },
      'c',
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST: It: bad value for restricted picklist field: c',
    ],
    [
      'choices in the order of the set-up',
      { type: 'multipicklist', picklistValues: values('a', 'b') },
      'x; B ;a;b',
      'a;b;x',
    ],
    ['an id of 15 characters', { type: 'reference' }, '001Gd0000000001', '001Gd0000000001IAA'],
    [
      'an id with a wrong checksum',
      { type: 'reference' },
      '001Gd0000000001AAA',
      'MALFORMED_ID: It: id value of incorrect type: 001Gd0000000001AAA',
    ],
  ])('%s', (_what, input, value, expected) => {
    expect(outcome(input, value)).toBe(expected);
  });

  it('is cut where the request allows it', () => {
    expect(outcome({ type: 'string', length: 3 }, 'ab cd', true)).toBe('ab');
    expect(outcome({ type: 'double', precision: 3, scale: 0 }, 12_345, true)).toBe(outside('12345'));
  });

  it('is in the range of degrees where it is a coordinate', () => {
    const latitude = defineField({
      name: 'Place__Latitude__s',
      type: 'double',
      precision: 8,
      scale: 5,
      compoundFieldName: 'Place__c',
    });
    expect(coerce(latitude, '-90')).toBe(-90);
    expect(() => coerce(latitude, 90.1)).toThrow(RowProblem);
  });
});

describe('filter logic', () => {
  const truths = [true, false, true];
  it.each<[string | undefined, boolean | undefined]>([
    [undefined, false],
    ['1 AND (2 OR 3)', true],
    ['1 AND 2 OR 3', undefined],
    ['NOT 2 AND 1', true],
    ['1 AND', undefined],
    ['1 AND 4', undefined],
    ['(1', undefined],
    ['1; DROP', undefined],
  ])('%s', (text, expected) => {
    expect(filterLogic(text, 3)?.((index) => truths[index] === true)).toBe(expected);
  });
});

describe('a request', () => {
  let org: Association;
  beforeAll(() => {
    org = association();
  });
  const first = (object: string, row: InputRow) =>
    org.engine.insert(org.admin, object, [row], { allOrNone: false })[0]?.errors[0];

  it('refuses an id of an object that the lookup cannot point to', () => {
    const [contact = ''] = org.insert('Contact', { LastName: 'x' });
    expect(first('Contact', { LastName: 'y', AccountId: contact })).toEqual({
      statusCode: 'FIELD_INTEGRITY_EXCEPTION',
      message: `Account ID: id value of incorrect type: ${contact}`,
      fields: ['AccountId'],
    });
  });

  it('refuses an owner who is not active', () => {
    const leaver = org.store.insertRaw('User', { Username: 'gone@asso.example', Name: 'Gone', IsActive: false });
    expect(first('Account', { Name: 'x', OwnerId: leaver })).toEqual({
      statusCode: 'INACTIVE_OWNER_OR_USER',
      message: `operation performed with inactive user [${leaver.slice(0, 15)}] as owner of account`,
      fields: [],
    });
  });

  it('refuses a parent that the user may not see', () => {
    const [secret = ''] = org.insert('Secret__c', { Name: 'x' });
    const session = org.colleague({ permissions: ['ModifyAllData'] });
    const row = { PathOnClient: 'a.txt', FirstPublishLocationId: secret };
    expect(org.engine.insert(session, 'ContentVersion', [row], { allOrNone: false })[0]?.errors[0]).toEqual({
      statusCode: 'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY',
      message: `insufficient access rights on cross-reference id: ${secret.slice(0, 15)}`,
      fields: [],
    });
  });

  it('names every required field that is empty', () => {
    expect(first('Opportunity', { Amount: 1 })).toMatchObject({
      message: 'Required fields are missing: [Name, StageName]',
      fields: ['Name', 'StageName'],
    });
  });

  it('journals a row and its history once each, and nothing of a row that failed', () => {
    const since = org.engine.journal(0).at(-1)?.sequence ?? 0;
    org.engine.insert(org.admin, 'Account', [{ Name: 'a' }, { Nothing: 1 }, { Name: 'b' }], { allOrNone: false });
    const entries = org.engine
      .journal(since)
      .map(({ object, cause, because }) => [object, cause, because !== undefined]);
    expect(entries).toEqual([
      ['Account', 'direct', false],
      ['Account', 'direct', false],
      ['AccountHistory', 'history', true],
      ['AccountHistory', 'history', true],
    ]);
  });

  it('leaves the entries of the journal apart that a row is on account of', () => {
    const since = org.engine.journal(0).at(-1)?.sequence ?? 0;
    const ids = org.insert('Account', { Name: 'c' }, { Name: 'd' });
    const because = org.engine
      .journal(since)
      .filter(({ cause }) => cause === 'history')
      .map((entry) => entry.because);
    expect(because).toEqual(ids);
    expect(org.engine.journal(since + 3).map((entry) => entry.because)).toEqual([ids[1]]);
  });
});
