import { beforeAll, describe, expect, it } from '@jest/globals';
import ExcelJS from 'exceljs';
import { auditXlsx } from '../../scripts/reports/auditXlsx.ts';
import { safeCell } from '../../scripts/reports/sheets.ts';
import { sampleView } from './sampleAudit.ts';

let book: ExcelJS.Workbook;
beforeAll(async () => {
  book = new ExcelJS.Workbook();
  const bytes = await auditXlsx(sampleView('en'));
  await book.xlsx.load(bytes.buffer as ArrayBuffer);
});

describe('the audit as a workbook', () => {
  it('has a sheet for each part', () => {
    expect(book.worksheets.map((sheet) => sheet.name)).toEqual([
      'At a glance',
      'Inventory',
      'Free text',
      'Who may read it',
      'Undeclared fields',
      'Hidden places',
    ]);
  });

  it('says “incomplete” in its first row', () => {
    expect(book.worksheets[0]?.getCell('A2').text).toMatch(/^Incomplete/);
  });

  it('holds no formula, whatever a label says', () => {
    const cells: ExcelJS.Cell[] = [];
    book.eachSheet((sheet) => sheet.eachRow((row) => row.eachCell((cell) => void cells.push(cell))));
    expect(cells.filter((cell) => cell.type === ExcelJS.ValueType.Formula || /^[=+\-@]/.test(cell.text))).toEqual([]);
    expect(cells.some((cell) => cell.text === `'=HYPERLINK("http://x.example")`)).toBe(true);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('neutralises %j', (text) => {
    expect(safeCell(text)).toBe(`'${text}`);
  });

  it('leaves numbers and plain text alone', () => {
    expect([safeCell(-1), safeCell('a=b'), safeCell(null)]).toEqual([-1, 'a=b', null]);
  });
});
