import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { digestColumns, digestedRow } from '../../scripts/org/digestedColumns.ts';

const FIELDS = ['Email', 'Description', 'Score__c'];
const columns = { fields: FIELDS, as: '~seen' };
const rewrite = digestColumns(columns);

const value = fc.oneof(fc.string({ unit: 'binary' }), fc.constant(null), fc.boolean(), fc.double({ noNaN: true }));
const values = fc.record({ Email: value, Description: value, Score__c: value });
const row = fc.record({ Id: fc.string(), Email: value, Description: value, Score__c: value });
const DIGEST = /^[0-9a-f]{64}$/;

const read = (text: string) => JSON.parse(rewrite(text)) as { records: Record<string, unknown>[] };

describe('columns that are compared and not read', () => {
  it('come as one digest a row, whatever the values are, and everything else stays', () => {
    fc.assert(
      fc.property(fc.array(row), (rows) => {
        const records = rows.map((one) => ({ attributes: { type: 'Contact' }, ...one }));
        const { records: found } = read(JSON.stringify({ done: true, records }));
        expect(found.map((one) => Object.keys(one))).toEqual(records.map(() => ['attributes', 'Id', '~seen']));
        expect(found.map((one) => one['Id'])).toEqual(rows.map((one) => one.Id));
        for (const one of found) expect(one['~seen']).toMatch(DIGEST);
      }),
    );
  });

  it('differ when one value does, and are the same when none does', () => {
    const digestOf = (one: object): unknown =>
      read(JSON.stringify({ records: [{ a: 0, ...one }] })).records[0]!['~seen'];
    fc.assert(
      fc.property(values, values, (a, b) => {
        expect(digestOf(a) === digestOf(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });

  it('are taken of the values where the answer has them in another order', () => {
    fc.assert(
      fc.property(row, ({ Id, Email, Description, Score__c }) => {
        const other = { Id, Score__c, Description, Email };
        const [found] = read(JSON.stringify({ records: [other] })).records;
        const plain = JSON.parse(JSON.stringify(other)) as typeof other;
        expect(found).toEqual(plain);
        const [usual] = read(JSON.stringify({ records: [{ Id, Email, Description, Score__c }] })).records;
        expect(digestedRow(columns, plain)).toEqual(usual);
      }),
    );
  });

  it('are no other columns that a value is made to look like', () => {
    const Name = ',"Email":null,"Description":null,"Score__c":1';
    const [found] = read(
      JSON.stringify({ records: [{ Id: 'x', Name, Email: 'a', Description: 'b', Score__c: 2 }] }),
    ).records;
    expect(found).toEqual({ Id: 'x', Name, '~seen': expect.stringMatching(DIGEST) });
  });
});
