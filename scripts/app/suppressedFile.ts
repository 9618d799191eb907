import { guessColumns } from '../matching/columns/guessColumns.ts';
import type { DateOrder, Knowledge } from '../matching/knowledge/contract.ts';
import { assignColumns, checkMap, samplesOf, type ReadColumn } from '../matching/read/columns.ts';
import type { FileDialect } from '../matching/read/contract.ts';
import { cellText, createRowScan, scanRow } from '../matching/read/csvRows.ts';
import { openTable } from '../matching/read/openTable.ts';
import { scanTable } from '../matching/read/scanTable.ts';
import type { ColumnMap, ColumnRole } from '../model/columnMap.ts';
import type { Candidate } from '../suppression/check.ts';
import type { PersonMarks } from '../suppression/marks.ts';

export type CandidateFile = {
  readonly name: string;
  readonly dialect: FileDialect;
  readonly columns: readonly ReadColumn[];
  readonly rows: number;
  /** Place: the row's number, the first below the header being 1. */
  readonly candidates: Iterable<Candidate<number>>;
};

type Cells = ReadonlyMap<ColumnRole, readonly string[]>;

const of = (cells: Cells, ...roles: readonly ColumnRole[]): readonly string[] =>
  roles.flatMap((role) => cells.get(role) ?? []);

/** A cell may hold several addresses or numbers. */
const each = (texts: readonly string[], separators: RegExp): readonly string[] =>
  texts
    .flatMap((text) => text.split(separators))
    .map((text) => text.trim())
    .filter((text) => text !== '');

const isoDates = (cells: Cells, knowledge: Knowledge, order: DateOrder | undefined): readonly string[] =>
  of(cells, 'birth-date').flatMap((text) => {
    const { year, month, day, precision, placeholder } = knowledge.date(text, order);
    if (precision !== 'day' || placeholder) return [];
    return [`${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`];
  });

const marksOf = (cells: Cells, knowledge: Knowledge, order: DateOrder | undefined): PersonMarks => {
  const [given, family] = [of(cells, 'given-name'), of(cells, 'family-name', 'birth-name')];
  const full = of(cells, 'full-name');
  const number = of(cells, 'house-number')[0] ?? '';
  const [postcode = ''] = of(cells, 'postcode');
  return {
    names: [
      ...(given.length + family.length === 0 ? [] : [{ full: [...given, ...family].join(' '), given, family }]),
      ...full.map((name) => ({ full: name, given: [], family: [] })),
    ],
    emails: each(of(cells, 'email'), /[;,|\s]+(?=\S+@)/),
    phones: each(of(cells, 'phone'), /[;,|]|\s\/\s/),
    birthDates: isoDates(cells, knowledge, order),
    addresses: [...of(cells, 'street', 'address-line'), ...(postcode === '' ? [] : [''])].map((street) => ({
      street: `${number} ${street}`.trim(),
      postcode,
    })),
  };
};

/**
 * Rows of a CSV, XLSX or Parquet file as people, columns by map and guess as matching takes them. GardeErrors of matching's
 * readers, all problems of the file at once.
 */
export const readCandidates = async (path: string, map: ColumnMap, knowledge: Knowledge): Promise<CandidateFile> => {
  const opened = await openTable(path);
  checkMap([opened], map);
  const { table, rows, starts, sample } = scanTable(opened);
  const guess = guessColumns(samplesOf(table.header, sample), knowledge);
  const { columns, told } = assignColumns(table.name, table.header, guess, map);
  const order = columns.find(({ role }) => role === 'birth-date')?.dateOrder;
  const candidates = function* (): Generator<Candidate<number>> {
    const scan = createRowScan(new Uint8Array(table.bytes), table.end, table.delimiter, table.header.length);
    for (let row = 0; row < rows; row += 1) {
      scanRow(scan, starts[row] ?? 0);
      const cells = new Map<ColumnRole, string[]>();
      for (const [at, { role }] of columns.entries()) {
        const text = cellText(scan, at).trim();
        if (text !== '' && role !== 'ignore') cells.set(role, [...(cells.get(role) ?? []), text]);
      }
      yield { place: row + 1, marks: marksOf(cells, knowledge, order) };
    }
  };
  return { name: table.name, dialect: table.dialect, columns: told, rows, candidates: candidates() };
};
