import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cellTextOf, makeRowCursor, nextRow } from '../../../scripts/matching/engine/read/rowCursor.ts';
import { rangesOf, rowRangesOf, surveyRange } from '../../../scripts/matching/engine/read/survey.ts';
import { numberEnd } from '../../../scripts/matching/engine/read/houseNumber.ts';
import { foldInto, makeScratch } from '../../../scripts/matching/engine/text/fold.ts';
import { ByteDictionary } from '../../../scripts/matching/engine/text/byteDictionary.ts';

const sharedBytes = (text: string): Uint8Array => {
  const source = Buffer.from(text);
  const bytes = new Uint8Array(new SharedArrayBuffer(source.length));
  bytes.set(source);
  return bytes;
};
const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', '7', ' '), maxLength: 6 });
const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

describe('reading rows', () => {
  it('gives every cell of RFC 4180 lines back, wherever the table is cut into stretches', () => {
    const rows = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(rows, fc.boolean(), fc.integer({ min: 1, max: 30 }), (expected, isClosed, stretch) => {
        const text = expected.map((row) => row.map(quoted).join(',')).join('\n') + (isClosed ? '\n' : '');
        const bytes = sharedBytes(text);
        const table = { start: 0, end: bytes.length, delimiter: 44 };
        if (bytes.length < 3) return;
        const cuts = [];
        for (let from = 0; from < table.end - 1; from += stretch)
          cuts.push({ table: 0, from, to: Math.min(table.end - 1, from + stretch) });
        const ranges = rowRangesOf(
          [table],
          cuts,
          cuts.map((range) => surveyRange(bytes, range)),
        );
        const read = ranges.flatMap((range) => {
          const cursor = makeRowCursor(bytes, table, 3);
          cursor.at = range.from;
          return Array.from({ length: range.rows }, () => {
            nextRow(cursor);
            return [0, 1, 2].map((column) => cellTextOf(cursor, column));
          });
        });
        expect(read).toEqual(expected);
      }),
    );
  });

  it('surveys a table in stretches that leave no byte out', () => {
    expect(rangesOf([{ start: 5, end: 5 }])).toEqual([]);
    expect(rangesOf([{ start: 5, end: 9 }])).toEqual([{ table: 0, from: 5, to: 8 }]);
  });

  it('folds case, accents and blanks', () => {
    const scratch = makeScratch();
    for (const [text, folded] of [
      ['  Éléonore   DE\tLa Tour ', 'eleonore de la tour'],
      ['Žižka', 'zizka'],
      // what has no plain letter stays as it is, for knowledge to read
      ['Ł Ω', 'Ł Ω'],
      ["D'Angelo-Müller", "d'angelo-muller"],
    ] as const) {
      const bytes = Buffer.from(text);
      foldInto(scratch, bytes, 0, bytes.length);
      expect(Buffer.from(scratch.bytes.subarray(0, scratch.length)).toString()).toBe(folded);
    }
  });

  it('takes a house number off the front of an address line only when words follow', () => {
    for (const [line, end] of [
      ['12 rue de la paix', 2],
      ['12 bis, rue de la paix', 6],
      ['12b rue de la paix', 3],
      ['5 b street', 0],
      ['75001 paris', 5],
      ['750011 paris', 0],
      ['12', 0],
      ['rue du 8 mai', 0],
    ] as const) {
      const bytes = Buffer.from(line);
      expect([line, numberEnd(bytes, bytes.length)]).toEqual([line, end]);
    }
  });

  it('numbers distinct texts in the order they came, and counts them', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 3 }), { maxLength: 500 }), (texts) => {
        const dictionary = new ByteDictionary(1);
        const distinct = [...new Set(texts)];
        expect(texts.map((text) => dictionary.addText(text))).toEqual(texts.map((text) => distinct.indexOf(text)));
        expect(distinct.map((_, id) => dictionary.text(id))).toEqual(distinct);
        const uses = distinct.map((text) => texts.filter((one) => one === text).length);
        expect([...dictionary.distinct().uses]).toEqual(uses);
      }),
    );
  });
});
