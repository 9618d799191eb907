import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createCsvReader, csvLine, DELIMITERS, LINE_ENDINGS } from '../../../scripts/twin/bulk/csv.ts';

const delimiters = fc.constantFrom(...Object.values(DELIMITERS));
const endings = fc.constantFrom(...Object.values(LINE_ENDINGS));
const table = fc.integer({ min: 2, max: 5 }).chain((width) =>
  fc.array(fc.array(fc.string({ unit: 'grapheme', maxLength: 12 }), { minLength: width, maxLength: width }), {
    maxLength: 20,
  }),
);

const read = (text: string, delimiter: string, cut: number): string[][] => {
  const reader = createCsvReader(delimiter);
  const records: (readonly string[])[] = [];
  for (let at = 0; at < text.length; at += cut) records.push(...reader.push(text.slice(at, at + cut)));
  records.push(...reader.end());
  return records.map((record) => [...record]);
};

describe('csv', () => {
  it('reads what it wrote, wherever the text is cut into pieces', () => {
    fc.assert(
      fc.property(table, delimiters, endings, fc.integer({ min: 1, max: 30 }), (rows, delimiter, ending, cut) => {
        const text = rows.map((row) => csvLine(row, delimiter, ending)).join('');
        expect(read(text, delimiter, cut)).toEqual(rows);
      }),
    );
  });

  it('reads bare and quoted cells alike, the last line without a break too', () => {
    expect(read('a,b\n1,"two ""2"""\r\n"line\nbreak",', ',', 5)).toEqual([
      ['a', 'b'],
      ['1', 'two "2"'],
      ['line\nbreak', ''],
    ]);
  });

  it('skips empty lines', () => {
    expect(read('a,b\n\n1,2\n\n', ',', 100)).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
  });

  it('refuses text after a closing quote', () => {
    expect(() => read('a,b\n"x"y,2\n', ',', 100)).toThrow(/followed by other text/);
  });

  it('refuses a quoted cell that never ends', () => {
    expect(() => read('a,b\n"x,2\n', ',', 100)).toThrow(/not closed|followed/);
  });
});
