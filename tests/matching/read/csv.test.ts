import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openCsvBytes, openTable } from '../../../scripts/matching/read/openTable.ts';
import { idOf } from '../../../scripts/matching/read/rowIds.ts';
import { scanPlainRows } from '../../../scripts/matching/read/scanPlainRows.ts';
import { scanQuotedRows } from '../../../scripts/matching/read/scanQuotedRows.ts';
import { readRowIds, scanTable } from '../../../scripts/matching/read/scanTable.ts';
import { fileFolder, linesOf, problemsOf, sharedBytes } from './files.ts';

let at: ReturnType<typeof fileFolder>;
beforeAll(() => {
  at = fileFolder();
});
afterAll(() => {
  at.remove();
});

const open = (text: string | Uint8Array) => openCsvBytes(sharedBytes(text), 'a.csv');
const scan = (text: string | Uint8Array) => scanTable(open(text));
const idsOf = (text: string | Uint8Array): readonly string[] => {
  const regular = scan(text);
  const ids = readRowIds(regular, 0);
  return Array.from({ length: ids.count }, (_, row) => idOf(ids, row));
};
const utf16 = (text: string, order: 'le' | 'be', mark: boolean): Uint8Array => {
  const bytes = Buffer.from(`${mark ? '\ufeff' : ''}${text}`, 'utf16le');
  return order === 'le' ? bytes : bytes.swap16();
};

describe('encodings', () => {
  const text = 'id;prénom\n1;Zoë\n2;Łucja\n';
  it.each([
    ['utf-8', Buffer.from(text)],
    ['utf-8-bom', Buffer.from(`\ufeff${text}`)],
    ['utf-16le', utf16(text, 'le', true)],
    ['utf-16be', utf16(text, 'be', true)],
  ])('%s is recognised and told', (encoding, bytes) => {
    const table = scan(bytes).table;
    expect(table.dialect.encoding).toBe(encoding);
    expect(table.header).toEqual(['id', 'prénom']);
    expect(linesOf(table)).toBe('1;Zoë\n2;Łucja\n');
  });

  it('UTF-16 without a mark is recognised by its NUL bytes', () => {
    expect(open(utf16('id,name\n1,Anna\n2,Bea\n', 'le', false)).dialect.encoding).toBe('utf-16le');
    expect(open(utf16('id,name\n1,Anna\n2,Bea\n', 'be', false)).dialect.encoding).toBe('utf-16be');
  });

  it('Windows-1252 becomes UTF-8, the euro sign and the oe ligature too', () => {
    const bytes = Buffer.from('id;nom\n1;C\x9cur \x80 \xe9t\xe9\n', 'latin1');
    const table = scan(bytes).table;
    expect(table.dialect.encoding).toBe('windows-1252');
    expect(linesOf(table)).toBe('1;Cœur € été\n');
  });

  it('a file put together from two encodings is refused with the line', async () => {
    const bytes = Buffer.concat([Buffer.from('id;nom\n1;Zoë\n2;Éva\n3;Noé\n'), Buffer.from('4;Zo\xeb\n', 'latin1')]);
    expect(await problemsOf(() => open(bytes))).toEqual([['EncodingMixed', 'a.csv, line 5']]);
  });

  it('bytes that no encoding explains are refused with the line', async () => {
    const bytes = Buffer.from('id;nom\n1;x\n2;\x81\x8d\n', 'latin1');
    expect(await problemsOf(() => open(bytes))).toEqual([['EncodingUnknown', 'a.csv, line 3']]);
  });

  it('a NUL byte is refused with the line', async () => {
    expect(await problemsOf(() => open('id,name\n1,a\n2,b\0c\n3,d\n'))).toEqual([['FileNotText', 'a.csv, line 3']]);
  });
});

describe('separators', () => {
  it.each([',', ';', '\t', '|'] as const)('%j is found', (delimiter) => {
    const text = ['id,na', 'x,1', 'y,2'].map((line) => line.replace(',', delimiter)).join('\n');
    expect(open(text).dialect.delimiter).toBe(delimiter);
  });

  it('the one that every line agrees on wins, not the one with most hits', () => {
    expect(open('id;nom, prénom;ville\n1;Exemple, Ada;Lyon\n2;Exemple, Bob, fils;Metz\n').dialect.delimiter).toBe(';');
  });

  it("Excel's line sep= is obeyed and skipped, and counted in line numbers", async () => {
    expect(open('sep=|\nid|n\n1|a\n').header).toEqual(['id', 'n']);
    expect(await problemsOf(() => scan('sep=|\nid|n\n1|a\n1|b|c\n'))).toEqual([['RaggedRows', 'a.csv, line 4']]);
  });

  it('a file with one column is a table', () => {
    expect(scan('email\nada@mail.example\n').rows).toBe(1);
  });

  it('column names are made unique, empty ones get a number', () => {
    expect(open('id,mail,,mail\n1,a,b,c\n').header).toEqual(['id', 'mail', 'column 3', 'mail (2)']);
  });
});

describe('rows', () => {
  it('are read with CRLF, without a last line end, with marks, separators and line ends in quotes', () => {
    expect(idsOf('id,n\r\na,1\r\nb,2')).toEqual(['a', 'b']);
    expect(idsOf('id,n\n"a","x, y"\n"b","say ""no""\nnow"\n"c""c",z\n')).toEqual(['a', 'b', 'c"c']);
  });

  it('that are blank go, inside and at the end', () => {
    const inside = scan('id,n\na,1\n\n,\n  ,\nb,2\n\n\n');
    expect(inside.rows).toBe(2);
    expect(linesOf(inside.table)).toBe('a,1\nb,2\n');
    expect(inside.table.dialect.notes).toEqual(['blank-lines']);
  });

  it('that end in a lone carriage return are written anew', () => {
    const table = scan('id,n\ra,1\rb,2\r');
    expect(linesOf(table.table)).toBe('a,1\nb,2\n');
  });

  it('with marks inside cells or blanks before quotes are written as RFC 4180 writes them', () => {
    expect(linesOf(scan('id,n\na,6" nails\nb, "x, y"\n').table)).toBe('a,"6"" nails"\nb,"x, y"\n');
  });

  it('with more or fewer cells are all named at once, with their lines', async () => {
    expect(await problemsOf(() => scan('id,n,c\na,1\n"b\nb",2,3\nc,1,2,3\n'))).toEqual([
      ['RaggedRows', 'a.csv, lines 2, 5'],
    ]);
    const many = `id,n\n${'x\n'.repeat(30)}`;
    expect(await problemsOf(() => scan(many))).toEqual([
      ['RaggedRows', 'a.csv, lines 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 (30 in all)'],
    ]);
  });

  it('with a quote that never closes, or text behind a closed one, are refused with the line', async () => {
    expect(await problemsOf(() => scan('id,n\na,1\nb,"2\nc,3\n'))).toEqual([['QuoteNotClosed', 'a.csv, line 3']]);
    expect(await problemsOf(() => scan('id,n\na,"1"x\nb,2\n'))).toEqual([['QuoteBroken', 'a.csv, line 2']]);
  });

  it('without a header are told from those with one', async () => {
    expect(await problemsOf(() => open('1,ada@mail.example\n2,bob@mail.example\n'))).toEqual([
      ['HeaderMissing', 'a.csv, line 1'],
    ]);
  });

  it('are none: refused', async () => {
    expect(await problemsOf(() => scan('id,n\n'))).toEqual([['FileHasNoRows', 'a.csv']]);
    expect(await problemsOf(() => open('\n\n'))).toEqual([['FileEmpty', 'a.csv']]);
  });
});

describe('ids', () => {
  it('that repeat or are missing are named by line', async () => {
    expect(await problemsOf(() => idsOf('id,n\na,1\nb,2\na,3\n'))).toEqual([['IdRepeated', 'a.csv, lines 2 and 4']]);
    expect(await problemsOf(() => idsOf('id,n\na,1\n,2\n'))).toEqual([['IdMissing', 'a.csv, line 3']]);
  });

  it('are the numbers of the records where there is no column for them', () => {
    const regular = scan('n\nx\ny\nz\n');
    const ids = readRowIds(regular, undefined);
    expect([0, 1, 2].map((row) => idOf(ids, row))).toEqual(['1', '2', '3']);
  });
});

describe('files', () => {
  it('that are absent, empty or of another kind are refused by name', async () => {
    expect(await problemsOf(() => openTable(`${at.folder}/none.csv`))).toEqual([
      ['FileNotFound', `${at.folder}/none.csv`],
    ]);
    expect(await problemsOf(() => openTable(at.folder))).toEqual([['FileNotFound', at.folder]]);
    expect(await problemsOf(() => openTable(at.write('empty.csv', '')))).toEqual([['FileEmpty', 'empty.csv']]);
    const packed = at.write('old.csv', Uint8Array.from([0x1f, 0x8b, 8, 0, 0, 0]));
    expect(await problemsOf(() => openTable(packed))).toEqual([['FileFormatUnsupported', 'old.csv']]);
    const damaged = at.write('book.xlsx', Uint8Array.from([0x50, 0x4b, 3, 4, 0, 0, 0, 0]));
    expect(await problemsOf(() => openTable(damaged))).toEqual([['FileDamaged', 'book.xlsx']]);
  });

  it('with a line of many megabytes are refused before the rest is read', async () => {
    const endless = at.write('endless.csv', Buffer.alloc(17 << 20, 'x'));
    expect(await problemsOf(() => openTable(endless))).toEqual([['LineTooLong', 'endless.csv, line 1']]);
    const later = at.write('later.csv', Buffer.concat([Buffer.from('id,n\na,'), Buffer.alloc(17 << 20, 'x')]));
    expect(await problemsOf(async () => scanTable(await openTable(later)))).toEqual([
      ['LineTooLong', 'later.csv, line 2'],
    ]);
  });
});

describe('any table', () => {
  const cell = fc.string({
    unit: fc.constantFrom('a', 'é', ',', ';', '"', '\n', '\r', ' ', '=', '1', '🙂'),
    maxLength: 8,
  });
  const quoted = (text: string): string => (/[",\n\r;]|^ | $/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

  it('comes back cell by cell as it was written', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 20 }), (rows) => {
        const text = `id,x,y\n${rows.map(([x, y], i) => `r${i},${quoted(x)},${quoted(y)}`).join('\n')}\n`;
        const regular = scan(text);
        expect(regular.rows).toBe(rows.length);
        expect([...(regular.sample[1] ?? [])].sort()).toEqual(rows.map(([x]) => x).sort());
        expect([...(regular.sample[2] ?? [])].sort()).toEqual(rows.map(([, y]) => y).sort());
      }),
      { numRuns: 200 },
    );
  });

  it('without quotes has the same rows four bytes at a time as byte by byte', () => {
    const plain = fc.string({ unit: fc.constantFrom('a', 'bc', 'é', ' ', '🙂'), maxLength: 9 });
    const line = fc.oneof(
      fc.tuple(plain, plain).map(([x, y]) => `${x},${y}`),
      fc.constantFrom('', ',', ' , ', 'x', 'a,b,c'),
    );
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 30 }), fc.constantFrom('\n', '\r\n'), (lines, end) => {
        const table = open(`id,n${end}${lines.join(end)}${end}`);
        expect(scanPlainRows(table)).toEqual(scanQuotedRows(table));
      }),
      { numRuns: 200 },
    );
  });

  it('gives the same sample in any order of its rows', () => {
    const rows = Array.from({ length: 5000 }, (_, i) => `r${i},name ${i % 977}`);
    const sampleOf = (lines: readonly string[]) => scan(`id,n\n${lines.join('\n')}\n`).sample;
    expect(sampleOf(rows.toReversed())).toEqual(sampleOf(rows));
    expect(sampleOf(rows)[0]).toHaveLength(2000);
  });
});
