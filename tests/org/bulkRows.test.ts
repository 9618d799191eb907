import { describe, expect, it } from '@jest/globals';
import { bulkRows } from '../../scripts/org/bulkRows.ts';
import { bulkError } from '../../scripts/org/bulkLoad.ts';
import { cellReader, columnsOf, rowOf } from '../../scripts/org/typedValues.ts';
import type { DescribedObject, OrgRow } from '../../scripts/org/port.ts';

const partsOf = async (rows: readonly OrgRow[], bytes?: number): Promise<readonly string[]> => {
  const source = bulkRows(rows, bytes);
  const parts: string[] = [];
  while (await source.hasMore()) {
    const chunks = await Array.fromAsync(source.part());
    parts.push(Buffer.concat(chunks).toString('utf8'));
  }
  return parts;
};

describe('bulk rows', () => {
  it('writes null and empty text as "empty this field", a missing member as "leave alone"', async () => {
    expect(
      await partsOf([
        { Id: '1', Email: null, Name: 'a"b' },
        { Id: '2', Name: '' },
      ]),
    ).toEqual(['"Id","Email","Name"\n"1","#N/A","a""b"\n"2","","#N/A"\n']);
  });

  it('writes a reference by external id as a path', async () => {
    expect(await partsOf([{ Name: 'x', Account: { Key__c: 'k' } }])).toEqual(['"Name","Account.Key__c"\n"x","k"\n']);
  });

  it('cuts into parts that each begin with the header and lose no row', async () => {
    const rows = Array.from({ length: 10 }, (_, i) => ({ Id: String(i).padStart(10, '0') }));
    const parts = await partsOf(rows, 40);
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.every((part) => part.startsWith('"Id"\n') && part.length <= 45)).toBe(true);
    expect(parts.flatMap((part) => part.trim().split('\n').slice(1))).toEqual(rows.map(({ Id }) => `"${Id}"`));
  });

  it('makes no part of nothing', async () => {
    expect(await partsOf([])).toEqual([]);
  });

  it('refuses a row with a column the first row had not', async () => {
    await expect(partsOf([{ Id: '1' }, { Id: '2', Email: 'x@y.example' }])).rejects.toMatchObject({
      name: 'RequestRefused',
      problems: [{ subject: 'Email' }],
    });
  });

  it('reads code and fields of a failed row and drops the text between them', () => {
    expect(bulkError('REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --')).toEqual({
      code: 'REQUIRED_FIELD_MISSING',
      fields: ['LastName'],
    });
    expect(bulkError('UNABLE_TO_LOCK_ROW:unable to obtain access to Zoé Martin, 12 rue X:--')).toEqual({
      code: 'UNABLE_TO_LOCK_ROW',
      fields: [],
    });
  });
});

const object = (name: string, fields: readonly Record<string, unknown>[]): DescribedObject =>
  ({ name, fields, children: [] }) as unknown as DescribedObject;
const objects = new Map([
  [
    'Contact',
    object('Contact', [
      { name: 'Id', type: 'id', relationshipName: null, referenceTo: [] },
      { name: 'HasOptedOut', type: 'boolean', relationshipName: null, referenceTo: [] },
      { name: 'AccountId', type: 'reference', relationshipName: 'Account', referenceTo: ['Account'] },
    ]),
  ],
  [
    'Account',
    object('Account', [
      { name: 'Score', type: 'double', relationshipName: null, referenceTo: [] },
      { name: 'Since', type: 'datetime', relationshipName: null, referenceTo: [] },
    ]),
  ],
]);

describe('typed values', () => {
  it('gives cells the types REST would give them, parents nested', async () => {
    const describeObject = (name: string): Promise<DescribedObject | undefined> => Promise.resolve(objects.get(name));
    const columns = await columnsOf(describeObject, 'Contact', ['Id', 'HasOptedOut', 'Account.Score', 'Account.Since']);
    expect(rowOf(columns, ['1', 'true', '2.5', '2026-01-02T03:04:05.000Z'])).toEqual({
      Id: '1',
      HasOptedOut: true,
      Account: { Score: 2.5, Since: '2026-01-02T03:04:05.000+0000' },
    });
    expect(rowOf(columns, ['2', 'false', '', ''])).toEqual({ Id: '2', HasOptedOut: false, Account: null });
  });

  it('never makes a number of a text that looks like one', () => {
    expect(cellReader('string')('0012')).toBe('0012');
    expect(cellReader('phone')('0601020304')).toBe('0601020304');
  });
});
