import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { csvLine, csvRecords, decodeUtf8, parseCsv } from '../../scripts/org/csv.ts';

const inChunks = async function* (text: string, size: number): AsyncGenerator<string> {
  for (let start = 0; start < text.length; start += size) yield await Promise.resolve(text.slice(start, start + size));
};
const rowsOf = async (text: string, size = 7): Promise<readonly (readonly string[])[]> =>
  Array.fromAsync(parseCsv(inChunks(text, size)));

describe('CSV', () => {
  it('reads what it wrote, wherever the stream is cut', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é') });
    const table = fc
      .integer({ min: 1, max: 4 })
      .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width })));
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 9 }), async (rows, size) => {
        expect(await rowsOf(rows.map(csvLine).join(''), size)).toEqual(rows);
      }),
    );
  });

  it('takes unquoted cells, CRLF, blank lines and a missing last line end', async () => {
    expect(await rowsOf('Id,Name\r\n1,x\r\n\r\n2,')).toEqual([
      ['Id', 'Name'],
      ['1', 'x'],
      ['2', ''],
    ]);
  });

  it('refuses a text that is cut inside quotes', async () => {
    await expect(rowsOf('"Id"\n"1')).rejects.toThrow(RangeError);
  });

  it('refuses a row that does not fit the header', async () => {
    await expect(Array.fromAsync(csvRecords(parseCsv(inChunks('a,b\n1\n', 3))))).rejects.toThrow(RangeError);
  });

  it('keeps characters whole whose bytes arrive in two chunks', async () => {
    const bytes = Buffer.from('Zoé 👩‍🌾', 'utf8');
    const one = async function* (): AsyncGenerator<Uint8Array> {
      for (const byte of bytes) yield await Promise.resolve(Uint8Array.of(byte));
    };
    expect((await Array.fromAsync(decodeUtf8(one()))).join('')).toBe('Zoé 👩‍🌾');
  });
});
