import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ExcelJS from 'exceljs';
import { openTable } from '../../../scripts/matching/read/openTable.ts';
import { scanTable } from '../../../scripts/matching/read/scanTable.ts';
import { fileFolder, linesOf, problemsOf } from './files.ts';

let at: ReturnType<typeof fileFolder>;
beforeAll(() => {
  at = fileFolder();
});
afterAll(() => {
  at.remove();
});

const workbook = async (name: string, fill: (book: ExcelJS.Workbook) => void): Promise<string> => {
  const book = new ExcelJS.Workbook();
  fill(book);
  const path = join(at.folder, name);
  await book.xlsx.writeFile(path);
  return path;
};

describe('a workbook', () => {
  it('is read from its first filled sheet: dates, numbers, links, formulas and rich text as they show', async () => {
    const path = await workbook('people.dat', (book) => {
      book.addWorksheet('cover');
      const sheet = book.addWorksheet('people');
      sheet.addRow([]);
      sheet.addRow(['id', 'name', 'born', 'mail', 'age', 'paid']);
      sheet.addRow([
        7,
        { richText: [{ text: 'Ada ' }, { text: '"L."', font: { bold: true } }] },
        new Date('1815-12-10T00:00:00Z'),
        { text: 'ada@mail.example', hyperlink: 'mailto:ada@mail.example' },
        { formula: '1+1', result: 2 },
        true,
      ]);
      sheet.addRow(['', '', null]);
      sheet.addRow(['007', 'Bob, junior']);
      book.addWorksheet('old').addRow(['x']);
    });
    const { table, rows } = scanTable(await openTable(path));
    expect(table.header).toEqual(['id', 'name', 'born', 'mail', 'age', 'paid']);
    expect(linesOf(table)).toBe('7,"Ada ""L.""",1815-12-10,ada@mail.example,2,true\n007,"Bob, junior",,,,\n');
    expect(rows).toBe(2);
    expect(table.dialect).toMatchObject({ format: 'xlsx', sheet: 'people', notes: ['sheet-left-out:old'] });
  });

  it('with cells beyond its header, without records or without anything is refused', async () => {
    const ragged = await workbook('ragged.xlsx', (book) => {
      const sheet = book.addWorksheet('s');
      sheet.addRow(['id', 'n']);
      sheet.addRow(['a', 'b']);
      sheet.addRow(['a', 'b', 'c']);
    });
    expect(await problemsOf(() => openTable(ragged))).toEqual([['RaggedRows', 'ragged.xlsx, line 3']]);
    const header = await workbook('header.xlsx', (book) => {
      book.addWorksheet('s').addRow(['id', 'n']);
    });
    expect(await problemsOf(() => openTable(header))).toEqual([['FileHasNoRows', 'header.xlsx']]);
    const empty = await workbook('empty.xlsx', (book) => {
      book.addWorksheet('s');
    });
    expect(await problemsOf(() => openTable(empty))).toEqual([['FileEmpty', 'empty.xlsx']]);
  });
});

describe('a Parquet file', () => {
  it.each(['snappy', 'zstd', 'gzip', 'uncompressed', 'lz4_raw'])(
    'packed with %s is read, nested columns left out',
    async (codec) => {
      const path = join(at.folder, `people-${codec}.bin`);
      const connection = await (await DuckDBInstance.create()).connect();
      await connection.run(
        `COPY (SELECT i AS id, CASE WHEN i % 2 = 0 THEN 'Zoë, ' || i END AS name, DATE '1980-02-29' AS born,
        [i, i] AS list FROM range(3000) t(i)) TO '${path}' (FORMAT parquet, COMPRESSION ${codec}, ROW_GROUP_SIZE 2048)`,
      );
      connection.closeSync();
      const { table, rows } = scanTable(await openTable(path));
      expect(rows).toBe(3000);
      expect(table.header).toEqual(['id', 'name', 'born']);
      expect(linesOf(table).split('\n').slice(0, 2)).toEqual(['0,"Zoë, 0",1980-02-29', '1,,1980-02-29']);
      expect(linesOf(table).trimEnd().split('\n').at(-1)).toBe('2999,,1980-02-29');
      expect(table.dialect).toMatchObject({ format: 'parquet', notes: ['nested-column:list'] });
    },
  );

  it('that is cut is refused', async () => {
    const cut = at.write('cut.parquet', Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(100)]));
    expect(await problemsOf(() => openTable(cut))).toEqual([['FileDamaged', 'cut.parquet']]);
  });
});
