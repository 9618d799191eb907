import type { CsvBlock, CsvFormat } from '../contract.ts';
import type { FieldDefinition } from '../schema/definitions.ts';
import { isPlainReader, type Columns, type RowShape } from './rowShape.ts';
import type { Binder } from './binder.ts';
import type { Scope } from './scope.ts';

/** Rows that one statement turns into one text. */
const ROWS_PER_BLOCK = 1_000;
/** SQLite takes at most 127 arguments in one call. */
const CELLS_PER_CALL = 100;

const REAL_TYPES = new Set(['double', 'currency', 'percent']);

/**
 * A number as the platform's CSV has it: whole ones bare, others with their point. SQLite itself would write large ones
 * with an exponent.
 */
const numberText = (sql: string, field: FieldDefinition): string =>
  REAL_TYPES.has(field.type)
    ? `rtrim(rtrim(printf('%.${Math.max(field.scale, 1)}f', ${sql}), '0'), '.')`
    : `CAST(CAST(${sql} AS INTEGER) AS TEXT)`;

const isNumber = (field: FieldDefinition): boolean =>
  REAL_TYPES.has(field.type) || ['int', 'long'].includes(field.type);

const textOf = (sql: string, field: FieldDefinition): string => {
  if (field.type === 'boolean') return `iif(${sql} = 1, 'true', 'false')`;
  if (!isNumber(field)) return `ifnull(${sql}, '')`;
  // A value that was loaded as text stays as it is.
  return `CASE typeof(${sql}) WHEN 'null' THEN '' WHEN 'text' THEN ${sql} ELSE ${numberText(sql, field)} END`;
};

type Cells = ReadonlyMap<string, string>;

const pathOf = (above: string, name: string): string => (above === '' ? name : `${above}.${name}`);

/** SQL of each plain value's text by its path (`Account.Name`). */
const cellsOf = (list: Columns, shape: RowShape, above = ''): Cells => {
  const cells = new Map<string, string>();
  for (const entry of shape.entries) {
    const path = pathOf(above, entry.name);
    if (entry.kind === 'parent') cellsOf(list, entry.shape, path).forEach((sql, name) => cells.set(name, sql));
    if (entry.kind !== 'value' || entry.field === undefined || !isPlainReader(entry.read)) continue;
    const text = textOf(list.sql(entry.index), entry.field);
    cells.set(path, above === '' ? text : `iif(${list.sql(shape.idIndex)} IS NULL, '', ${text})`);
  }
  return cells;
};

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** One line: every cell quoted, quotes doubled (`%w`). */
const lineSql = (cells: readonly string[], { delimiter, ending }: CsvFormat): string => {
  const calls: string[] = [];
  for (let from = 0; from < cells.length; from += CELLS_PER_CALL) {
    const some = cells.slice(from, from + CELLS_PER_CALL);
    const pattern =
      some.map(() => '"%w"').join(delimiter) + (from + CELLS_PER_CALL < cells.length ? delimiter : ending);
    calls.push(`printf(${literal(pattern)}, ${some.join(', ')})`);
  }
  return calls.join(' || ');
};

type Source = { readonly scope: Scope; readonly binder: Binder; readonly list: Columns; readonly shape: RowShape };

/** The rows with these SQLite row numbers, their cells in the order of the paths. */
export type CsvLines = (
  rows: Float64Array,
  format: CsvFormat,
  paths: readonly string[],
) => Iterable<CsvBlock> | undefined;

function* blocksOf(source: Source, rows: Float64Array, line: string): Generator<CsvBlock> {
  const { scope, binder } = source;
  const from = `json_each($keys) AS k CROSS JOIN ${scope.from()}`;
  const lines = `SELECT ${line} AS line FROM ${from} WHERE ${scope.root.alias}.rowid = k.value`;
  const sql = `SELECT COUNT(*) AS n, CAST(group_concat(line, '') AS BLOB) AS bytes FROM (${lines})`;
  for (let start = 0; start < rows.length; start += ROWS_PER_BLOCK) {
    const keys = `[${rows.subarray(start, start + ROWS_PER_BLOCK).join(',')}]`;
    const found = scope.input.context.store.statement(sql).get({ ...binder.values, keys });
    const bytes = found?.['bytes'];
    if (bytes instanceof Uint8Array) yield { rows: Number(found?.['n']), bytes };
  }
}

/**
 * Rows as CSV text, made by SQLite itself: no value becomes a JavaScript one. Answers undefined when one of the paths is
 * not a plain stored value.
 */
export const csvLines = (source: Source): CsvLines => {
  const cells = cellsOf(source.list, source.shape);
  return (rows, format, paths) => {
    const wanted = paths.map((path) => cells.get(path));
    if (wanted.length === 0 || !wanted.every((cell) => cell !== undefined)) return undefined;
    return blocksOf(source, rows, lineSql(wanted, format));
  };
};
