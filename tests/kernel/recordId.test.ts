import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseRecordId } from '../../scripts/kernel/recordId.ts';

const id15 = fc.stringMatching(/^[A-Za-z0-9]{15}$/);

describe('record ids', () => {
  it('gives the platform’s own suffix', () => {
    expect(parseRecordId('0015000000Gv7qJ')).toBe('0015000000Gv7qJAAR');
  });

  it('is the same id from its 15 and its 18 characters', () => {
    fc.assert(
      fc.property(id15, (short) => {
        const long = parseRecordId(short)!;
        expect(parseRecordId(long)).toBe(long);
        expect(long.slice(0, 15)).toBe(short);
      }),
    );
  });

  it('tells apart two ids that differ in case only, even where case is lost', () => {
    fc.assert(
      fc.property(id15, (short) => {
        const other = short.replace(/[a-z]/, (letter) => letter.toUpperCase());
        fc.pre(other !== short);
        expect(parseRecordId(other)!.toUpperCase()).not.toBe(parseRecordId(short)!.toUpperCase());
      }),
    );
  });

  it('refuses a wrong checksum, a wrong length and a quote', () => {
    for (const text of ['0015000000Gv7qJAAA', '0015000000Gv7q', "0015000000Gv7q'", ''])
      expect(parseRecordId(text)).toBeUndefined();
  });
});
