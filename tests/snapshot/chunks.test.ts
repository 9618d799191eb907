import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { tableOf, sqlName } from '../../scripts/snapshot/columns.ts';
import { createMeta, writeMeta } from '../../scripts/snapshot/meta.ts';
import { createSnapshotReader, type SnapshotReader } from '../../scripts/snapshot/reader.ts';
import type { SnapshotColumn } from '../../scripts/snapshot/wants.ts';
import { readPath } from '../../scripts/org/rowPaths.ts';
import type { OrgValue } from '../../scripts/org/port.ts';
import type { EncryptedStore, StoreValue } from '../../scripts/vault/port.ts';
import { ORG, recordId } from '../plan/examplePlan.ts';
import { temporaryVault } from '../plan/temporaryVault.ts';

const home = temporaryVault('chunks');
let store: EncryptedStore;
beforeAll(() => {
  ({ store } = home.vault.createStore('snapshot', ORG, '2027-01-01T00:00:00.000Z'));
  createMeta(store);
});
afterAll(() => {
  store.close();
  home.remove();
});

const COLUMNS: readonly SnapshotColumn[] = [
  { path: 'Id', type: 'id', isLookup: false },
  { path: 'Name', type: 'string', isLookup: false },
  { path: 'Account.Rating', type: 'picklist', isLookup: false },
  { path: 'IsActive', type: 'boolean', isLookup: false },
  { path: 'Seats__c', type: 'int', isLookup: false },
  { path: 'Amount__c', type: 'currency', isLookup: false },
];
const PATHS = ['Amount__c', 'Id', 'NotCopied__c', 'Account.Rating', 'IsActive', 'Name', 'Seats__c'];

let made = 0;
/** A copied object of its own with these rows, and a reader of it. */
const copied = (
  rows: readonly (readonly StoreValue[])[],
): { readonly object: string; readonly reader: SnapshotReader } => {
  const object = `Made${String((made += 1))}__c`;
  store.create(tableOf(object, COLUMNS));
  store.insert(
    object,
    COLUMNS.map(({ path }) => path),
    rows,
  );
  store.run(`CREATE INDEX ${sqlName(`ix.${object}.Id`)} ON ${sqlName(object)} ("Id")`);
  writeMeta(store, { object, rows: rows.length, at: '2026-01-01T00:00:00.000Z', by: 'rest', calls: 0 }, COLUMNS);
  return { object, reader: createSnapshotReader(store) };
};

const inChunks = (reader: SnapshotReader, object: string): readonly (readonly OrgValue[])[] =>
  [...reader.chunks(object, PATHS)].flatMap(({ rows, columns }) =>
    Array.from({ length: rows }, (_, row) => columns.map((column) => column[row] ?? null)),
  );

const oneByOne = (reader: SnapshotReader, object: string): readonly (readonly OrgValue[])[] =>
  [...reader.rows(object)].map((row) => PATHS.map((path) => readPath(row, path)));

const text = fc.option(fc.string({ unit: 'grapheme' }));
const values = fc.record({
  name: text,
  rating: text,
  active: fc.option(fc.constantFrom(0, 1)),
  seats: fc.option(fc.integer()),
  amount: fc.option(
    fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(0.1 + 0.2, 99.50000000000001)),
  ),
});

describe('rows of a snapshot by chunks', () => {
  it('are the same values as rows read one by one, to the last bit of every number', () => {
    fc.assert(
      fc.property(fc.array(values, { maxLength: 12 }), (drawn) => {
        const rows = drawn.map(({ name, rating, active, seats, amount }, n) => {
          // minus zero is zero to the platform and to the store
          return [recordId('a00', n), name, rating, active, seats, amount === null ? null : amount + 0];
        });
        const { object, reader } = copied(rows);
        expect(inChunks(reader, object)).toEqual(oneByOne(reader, object));
      }),
      { numRuns: 60 },
    );
  });

  it('come whole however many there are, and in ranges of ids that hold equally many', () => {
    const ids = Array.from({ length: 1203 }, (_, n) => recordId('a00', (n * 7) % 1203));
    const { object, reader } = copied(ids.map((id) => [id, null, null, null, null, null]));
    expect(inChunks(reader, object).map(([, id]) => id)).toEqual(ids);
    const inOrder = [...ids].sort();
    expect(reader.idMarks(object, 500)).toEqual([inOrder[499], inOrder[999]]);
  });

  it('are none of an object that was not copied or is empty', () => {
    const { object, reader } = copied([]);
    expect([...reader.chunks(object, PATHS)]).toEqual([]);
    expect([...reader.chunks('NoSuch__c', PATHS)]).toEqual([]);
    expect([reader.idMarks(object, 10), reader.idMarks('NoSuch__c', 10)]).toEqual([[], []]);
  });
});
