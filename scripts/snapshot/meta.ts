import type { EncryptedStore } from '../vault/port.ts';
import type { SnapshotColumn } from './wants.ts';

/** What a snapshot knows of one object it copied. */
export type CopiedObject = {
  readonly object: string;
  readonly rows: number;
  /** ISO instant the reading began. */
  readonly at: string;
  readonly by: 'rest' | 'bulk';
  readonly calls: number;
};

const OBJECTS = 'snapshot_meta';
const FIELDS = 'snapshot_field';

export const createMeta = (store: EncryptedStore): void => {
  store.create({
    name: OBJECTS,
    columns: { object: 'text', at: 'text', rows: 'integer', calls: 'integer', way: 'text' },
  });
  store.create({ name: FIELDS, columns: { object: 'text', path: 'text', type: 'text', lookup: 'integer' } });
};

export const writeMeta = (store: EncryptedStore, copied: CopiedObject, columns: readonly SnapshotColumn[]): void => {
  const { object, at, rows, calls, by } = copied;
  store.insert(OBJECTS, ['object', 'at', 'rows', 'calls', 'way'], [[object, at, rows, calls, by]]);
  const fields = columns.map(({ path, type, isLookup }) => [object, path, type, isLookup ? 1 : 0]);
  store.insert(FIELDS, ['object', 'path', 'type', 'lookup'], fields);
};

export const readObjects = (store: EncryptedStore): readonly CopiedObject[] =>
  [...store.read(`SELECT object, at, rows, calls, way FROM ${OBJECTS} ORDER BY object`)].map((row) => ({
    object: String(row['object']),
    at: String(row['at']),
    rows: Number(row['rows']),
    calls: Number(row['calls']),
    by: row['way'] === 'bulk' ? 'bulk' : 'rest',
  }));

export const readColumns = (store: EncryptedStore): ReadonlyMap<string, readonly SnapshotColumn[]> => {
  const columns = new Map<string, SnapshotColumn[]>();
  for (const row of store.read(`SELECT object, path, type, lookup FROM ${FIELDS} ORDER BY rowid`)) {
    const object = String(row['object']);
    const column = { path: String(row['path']), type: String(row['type']), isLookup: row['lookup'] === 1 };
    columns.set(object, [...(columns.get(object) ?? []), column]);
  }
  return columns;
};
