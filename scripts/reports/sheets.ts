import type ExcelJS from 'exceljs';

export type Cell = string | number | null;

/** Text that a spreadsheet would take for a formula is led by an apostrophe (OWASP, CSV injection). */
export const safeCell = (value: Cell): Cell =>
  typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;

/** A sheet with a bold, frozen header line and filters. */
export const addSheet = (
  book: ExcelJS.Workbook,
  name: string,
  titles: readonly string[],
  rows: readonly (readonly Cell[])[],
): void => {
  const sheet = book.addWorksheet(name.slice(0, 31), { views: [{ state: 'frozen', ySplit: 1 }] });
  sheet.columns = titles.map((title, i) => ({
    header: title,
    width: Math.min(60, Math.max(title.length, ...rows.map((row) => String(row[i] ?? '').length)) + 2),
  }));
  sheet.getRow(1).font = { bold: true };
  for (const row of rows) sheet.addRow(row.map(safeCell));
  sheet.autoFilter = { from: { row: 1, column: 1 }, to: { row: 1, column: titles.length } };
};
