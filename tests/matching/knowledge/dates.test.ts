import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dateFromBytes } from '../../../scripts/matching/knowledge/dateBytes.ts';
import { DATE_ORDERS, type DateOrder } from '../../../scripts/matching/knowledge/contract.ts';
import { loadKnowledge } from './loadKnowledge.ts';

const { date } = await loadKnowledge();
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('dates', () => {
  it.each<readonly [string, DateOrder | undefined, string, string]>([
    ['1978-11-12', undefined, '19781112', 'day'],
    ['19781112', undefined, '19781112', 'day'],
    ['12/11/1978', undefined, '19781112', 'day'],
    ['12/11/1978', 'mdy', '19781211', 'day'],
    ['12.11.1978', 'dmy', '19781112', 'day'],
    ['25/11/1978', 'mdy', '19781125', 'day'],
    ['3/31/1954', undefined, '19540331', 'day'],
    ['11/12/78', 'dmy', '19781211', 'day'],
    ['11/12/05', 'dmy', '20051211', 'day'],
    ['12111978', 'dmy', '19781112', 'day'],
    ['121178', 'dmy', '19781112', 'day'],
    ['781112', 'ymd', '19781112', 'day'],
    ['12 novembre 1978', undefined, '19781112', 'day'],
    ['Nov 12, 1978', undefined, '19781112', 'day'],
    ['12. März 1978', undefined, '19780312', 'day'],
    ['1er août 1978', undefined, '19780801', 'day'],
    ['1978-11-12T00:00:00.000Z', undefined, '19781112', 'day'],
    ['1978-11-12 00:00:00', undefined, '19781112', 'day'],
    ['28806', undefined, '19781112', 'day'],
    ['1978-11', undefined, '19781100', 'month'],
    ['11/1978', undefined, '19781100', 'month'],
    ['novembre 1978', undefined, '19781100', 'month'],
    ['1978', undefined, '19780000', 'year'],
    ['vers 1950', undefined, '19500000', 'year'],
    ['00/00/1950', undefined, '19500000', 'year'],
    ['', undefined, '0', 'none'],
    ['inconnue', undefined, '0', 'none'],
    ['0000-00-00', undefined, '0', 'none'],
  ])('%s (%s) is %s, to the %s', (text, order, packed, precision) => {
    const found = date(text, order);
    expect([(found.packed >>> 0).toString(16), found.precision]).toEqual([packed, precision]);
  });

  it.each(['1900-01-01', '01/01/1900', '1970-01-01', '9999-12-31', '31/12/9999', '01/01/0001', '11/11/1111'])(
    '%s was entered because something had to be',
    (text) => {
      expect(date(text).placeholder).toBe(true);
    },
  );

  it('say when day and month could be the other way round', () => {
    expect(date('11/12/1978').ambiguous).toBe(true);
    expect(date('11/12/1978', 'dmy').ambiguous).toBe(false);
    expect(date('25/12/1978').ambiguous).toBe(false);
    expect(date('11/11/1978').ambiguous).toBe(false);
    expect(date('1978-11-12').ambiguous).toBe(false);
  });

  it('are read from bytes as from texts', () => {
    const day = fc.date({ min: new Date('1000-01-01'), max: new Date('2100-12-31'), noInvalidDate: true });
    const order = fc.constantFrom(undefined, ...DATE_ORDERS);
    fc.assert(
      fc.property(day, order, fc.nat({ max: 4 }), (when, way, form) => {
        const [year = '', month = '', dayOf = ''] = when.toISOString().slice(0, 10).split('-');
        const text =
          [
            `${year}-${month}-${dayOf}`,
            `${year}${month}${dayOf}`,
            `${dayOf}/${month}/${year}`,
            `${month}.${dayOf}.${year}`,
            `${dayOf}-${month}-${year}`,
          ][form] ?? '';
        const packed = dateFromBytes(bytesOf(`x${text}y`), 1, text.length + 1, way);
        if (packed !== 0) expect(packed).toBe(date(text, way).packed);
        if (form === 0 || (form === 2 && way !== 'mdy')) expect(packed).not.toBe(0);
      }),
    );
  });

  it('never fail, from texts or from bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom(undefined, ...DATE_ORDERS), (text, order) => {
        const found = date(text, order);
        const bytes = bytesOf(text);
        const packed = dateFromBytes(bytes, 0, bytes.length, order);
        if (packed !== 0) expect(packed).toBe(found.packed);
      }),
    );
  });
});
