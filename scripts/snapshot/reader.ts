import { inChunks } from '../kernel/soql.ts';
import type { Filter } from '../model/filter.ts';
import { matchesFilter } from '../model/filterMatch.ts';
import type { OrgRow } from '../org/port.ts';
import { readPath } from '../org/rowPaths.ts';
import type { EncryptedStore, StoreValue } from '../vault/port.ts';
import { rowChunks, type RowChunk } from './chunks.ts';
import { restoredRow, sqlName } from './columns.ts';
import { readColumns, readObjects } from './meta.ts';
import type { CopiedObject } from './meta.ts';
import type { SnapshotColumn } from './wants.ts';

/** Reads a snapshot lazily; rows come in the order of their ids, where nothing else is said. */
export type SnapshotReader = {
  readonly objects: readonly CopiedObject[];
  /** Field paths copied of an object; none when it was not copied. */
  readonly columns: (object: string) => readonly SnapshotColumn[];
  /** All rows, or those that meet the filter as SOQL would judge it. */
  readonly rows: (object: string, where?: Filter) => Iterable<OrgRow>;
  /** The same paths of all rows, some hundred rows at a time, in the order they were copied in. */
  readonly chunks: (object: string, paths: readonly string[]) => Iterable<RowChunk>;
  /** Every n-th id of an object, in the order of ids: where ranges of n rows begin and end. */
  readonly idMarks: (object: string, every: number) => readonly string[];
  readonly byId: (object: string, id: string) => OrgRow | undefined;
  /** Rows whose lookup holds one of the ids. */
  readonly byLookup: (object: string, field: string, ids: readonly string[]) => Iterable<OrgRow>;
};

const IDS_PER_READ = 500;

const idMarks = (
  store: EncryptedStore,
  object: string,
  copied: readonly SnapshotColumn[],
  every: number,
): readonly string[] => {
  const marks: string[] = [];
  if (copied.length === 0) return marks;
  const sql = `SELECT "Id" AS id FROM ${sqlName(object)} WHERE "Id" > ? ORDER BY "Id" LIMIT 1 OFFSET ?`;
  for (let last: StoreValue | undefined = ''; last !== undefined;) {
    const [found] = store.read(sql, [last, every - 1]);
    last = found?.['id'];
    if (typeof last === 'string') marks.push(last);
  }
  return marks;
};

export const createSnapshotReader = (store: EncryptedStore): SnapshotReader => {
  const byObject = readColumns(store);
  const columns = (object: string): readonly SnapshotColumn[] => byObject.get(object) ?? [];
  const read = function* (object: string, rest: string, parameters: readonly StoreValue[] = []): Generator<OrgRow> {
    const known = columns(object);
    if (known.length === 0) return;
    for (const record of store.read(`SELECT * FROM ${sqlName(object)} ${rest}`, parameters)) {
      yield restoredRow(known, record);
    }
  };
  return {
    objects: readObjects(store),
    columns,
    rows: function* (object, where = []) {
      for (const row of read(object, 'ORDER BY "Id"')) {
        if (matchesFilter(where, (path) => readPath(row, path))) yield row;
      }
    },
    chunks: (object, paths) => rowChunks(store, object, columns(object), paths),
    idMarks: (object, every) => idMarks(store, object, columns(object), every),
    byId: (object, id) => {
      for (const row of read(object, 'WHERE "Id" = ?', [id])) return row;
      return undefined;
    },
    byLookup: function* (object, field, ids) {
      if (!columns(object).some(({ path }) => path === field)) return;
      for (const chunk of inChunks([...new Set(ids)].sort(), IDS_PER_READ)) {
        const marks = chunk.map(() => '?').join(',');
        yield* read(object, `WHERE ${sqlName(field)} IN (${marks}) ORDER BY "Id"`, chunk);
      }
    },
  };
};
