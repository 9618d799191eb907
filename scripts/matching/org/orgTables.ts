import { matchesFilter } from '../../model/filterMatch.ts';
import type { OrgRow } from '../../org/port.ts';
import { readPath } from '../../org/rowPaths.ts';
import type { SnapshotReader } from '../../snapshot/reader.ts';
import type { MatchColumn } from '../contract.ts';
import { createCsvBuilder } from '../read/csvBuilder.ts';
import type { MatchInput } from '../read/readInput.ts';
import { createRowIdWriter } from '../read/rowIds.ts';
import type { MatchedRows } from './matchedRows.ts';

const COMMA = 44;

/** Rows of an object ready to be matched; rows keep their place whether they take part or not. */
export type OrgTable = {
  readonly input: MatchInput;
  readonly spec: MatchedRows;
  /** Rows of this table whose person is restricted. */
  readonly restricted: readonly number[];
  /** Rows that are new or were changed after `since`. */
  readonly changed: readonly number[];
};

export type TableTerms = {
  readonly restricted: ReadonlySet<string>;
  readonly side: 'a' | 'b';
  /** ISO 3166-1 alpha-2 of records that do not say theirs: the controller's. */
  readonly country: string;
  /** ISO instant of the last run's reading. */
  readonly since?: string;
};

const encoder = new TextEncoder();

const textAt = (row: OrgRow, field: string): string => {
  const value = readPath(row, field);
  return value === null ? '' : String(value);
};

const isRestricted = (row: OrgRow, { individual }: MatchedRows, restricted: ReadonlySet<string>): boolean =>
  restricted.has(textAt(row, 'Id')) || (individual !== undefined && restricted.has(textAt(row, individual)));

const toldColumns = (columns: readonly MatchColumn[]): MatchInput['columns'] =>
  columns.map(({ name, role }) => ({ name, role, by: 'pack', confidence: 1, reasons: [] }));

/** The rows of one object of a snapshot as lines in memory, by record id; columns the org does not show are left out. */
export const orgTable = (reader: SnapshotReader, spec: MatchedRows, terms: TableTerms): OrgTable => {
  const seen = new Set(reader.columns(spec.object).map(({ path }) => path));
  const own = spec.columns.filter(({ field }) => seen.has(field));
  const builder = createCsvBuilder(COMMA);
  const ids = createRowIdWriter(1024);
  const restricted: number[] = [];
  const changed: number[] = [];
  for (const row of reader.rows(spec.object)) {
    if (!matchesFilter(spec.where, (path) => readPath(row, path))) continue;
    const at = builder.rows();
    const id = encoder.encode(textAt(row, 'Id'));
    ids.add(id, 0, id.length);
    if (isRestricted(row, spec, terms.restricted)) restricted.push(at);
    if (terms.since !== undefined && textAt(row, 'SystemModstamp') >= terms.since) changed.push(at);
    builder.cellBytes(id, 0, id.length, false);
    for (const { field } of own) builder.cell(textAt(row, field));
    builder.endRow();
  }
  const rows = builder.rows();
  const bytes = builder.done();
  const columns: readonly MatchColumn[] = [
    { name: 'Id', role: 'id' },
    ...own.map(({ field, role }): MatchColumn => ({
      ...{ name: field, role },
      ...(role === 'birth-date' ? { dateOrder: 'ymd' as const } : {}),
    })),
  ];
  const table = {
    ...{ name: spec.object, side: terms.side, bytes, start: 0, end: bytes.byteLength, delimiter: COMMA, columns },
    ...{ country: terms.country, entity: spec.rows },
  };
  return {
    input: { table, rows, ids: ids.done(), columns: toldColumns(columns), isNumbered: false },
    ...{ spec, restricted, changed },
  };
};
