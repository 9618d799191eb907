import type { OrgValue } from '../org/port.ts';
import type { EncryptedStore } from '../vault/port.ts';
import { sqlName, storedType } from './columns.ts';
import type { SnapshotColumn } from './wants.ts';

/** Some rows of an object, column by column, in the order in which the paths were asked for. */
export type RowChunk = {
  readonly rows: number;
  readonly columns: readonly (readonly OrgValue[])[];
};

/** Rows that come out of the store together: one text for all of them costs a quarter of what a record a row does. */
const ROWS_PER_CHUNK = 500;

/** As JSON the engine writes numbers with 15 digits; 17 give every double back. */
const asJson = ({ path, type }: SnapshotColumn): string => {
  const name = sqlName(path);
  return storedType(type) === 'real' ? `iif(typeof(${name}) = 'real', printf('%!.17g', ${name}), ${name})` : name;
};

const chunkQuery = (object: string, columns: readonly SnapshotColumn[]): string => {
  const [table, step] = [sqlName(object), String(ROWS_PER_CHUNK)];
  const lists = columns.map((column) => `json_group_array(${asJson(column)})`).join(', ');
  return `WITH RECURSIVE chunk(first) AS (
      SELECT 1 UNION ALL SELECT first + ${step} FROM chunk WHERE first + ${step} <= (SELECT max(rowid) FROM ${table}))
    SELECT (SELECT json_array(${lists}) FROM ${table} WHERE rowid BETWEEN first AND first + ${step} - 1) AS rows FROM chunk`;
};

/** Stored values as the org port gives them. */
const restored = (values: readonly OrgValue[], type: string): readonly OrgValue[] => {
  const isReal = storedType(type) === 'real';
  if (!isReal && type !== 'boolean') return values;
  return values.map((value) => (value === null ? null : isReal ? Number(value) : value === 1));
};

/**
 * All rows of a copied object in the order they were copied in, only the paths asked for, lazily. A path that was not
 * copied is empty in every row, as it is in a row read alone.
 */
export function* rowChunks(
  store: EncryptedStore,
  object: string,
  copied: readonly SnapshotColumn[],
  paths: readonly string[],
): Generator<RowChunk> {
  const wanted = paths.flatMap((path) => copied.find((column) => column.path === path) ?? []);
  if (wanted.length === 0) return;
  for (const { rows: text } of store.read(chunkQuery(object, wanted))) {
    const lists = JSON.parse(String(text)) as OrgValue[][];
    const found = new Map(wanted.map(({ path, type }, i) => [path, restored(lists[i] ?? [], type)]));
    const rows = lists[0]?.length ?? 0;
    const empty = Array<OrgValue>(rows).fill(null);
    if (rows > 0) yield { rows, columns: paths.map((path) => found.get(path) ?? empty) };
  }
}
