import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FieldValue } from '../../../scripts/twin/contract.ts';
import type { RowStore } from '../../../scripts/twin/engine/rowStore.ts';
import { SETTLED_ROWS } from '../../../scripts/twin/engine/tables.ts';
import { freshOrg, NOW } from '../schema/freshOrg.ts';

type Values = Record<string, FieldValue>;

const early = '2020-01-01T00:00:00.000Z';
const late = '2026-11-22T00:00:00.000Z';

const date = fc.constantFrom(early, late);
const person = fc.constantFrom('005000000000001AAA', '005000000000002AAA');
const changes = fc.record(
  {
    LastName: fc.string(),
    Title: fc.option(fc.string()),
    Fax: fc.option(fc.constantFrom('1', '')),
    Description: fc.option(fc.string()),
    HasOptedOutOfFax: fc.boolean(),
    DoNotCall: fc.boolean(),
    MailingLatitude: fc.option(fc.constantFrom(0, 1.5)),
    OwnerId: person,
    CreatedById: person,
    LastModifiedById: fc.option(person),
    CreatedDate: date,
    LastModifiedDate: date,
    SystemModstamp: fc.option(date),
  },
  { requiredKeys: [] },
);

const step = fc.oneof(
  fc.record({ kind: fc.constant('insert' as const), values: changes }),
  fc.record({ kind: fc.constant('update' as const), at: fc.nat(), values: changes }),
  fc.record({ kind: fc.constant('index' as const), field: fc.constantFrom('Fax', 'OwnerId', 'SystemModstamp') }),
  fc.record({ kind: fc.constant('undone' as const), values: changes }),
);

/** So many rows that the table was written anew without what they do not use. */
const settled = () => {
  const org = freshOrg('bare');
  for (let n = 0; n <= SETTLED_ROWS; n += 1)
    org.store.insertRaw('Contact', { LastName: `Member ${n}`, Email: 'a@b.example' });
  return org;
};

const readRows = (store: RowStore, expected: ReadonlyMap<string, Values>): void => {
  for (const [id, values] of expected) expect(store.readRow('Contact', id)).toMatchObject(values);
};

const stamped = (values: Values): Values => ({
  HasOptedOutOfFax: false,
  Fax: null,
  LastModifiedById: null,
  CreatedDate: late,
  LastModifiedDate: late,
  SystemModstamp: late,
  ...values,
});

const take = (store: RowStore, expected: Map<string, Values>, values: Values): void => {
  expected.set(store.insertRaw('Contact', values), stamped(values));
};

const undo = (store: RowStore, values: Values): void => {
  expect(() =>
    store.transaction(() => {
      store.insertRaw('Contact', values);
      throw new Error('undone');
    }),
  ).toThrow('undone');
};

const columns = (store: RowStore): readonly string[] =>
  store
    .tableFor('Contact')
    .ordered.filter(({ stored }) => stored)
    .map(({ field }) => field.name);

describe('the room that rows take', () => {
  it('gives back what was written, whatever columns the rows before did without', () => {
    const { store, registry } = settled();
    const expected = new Map<string, Values>();
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        for (const one of steps) {
          const ids = [...expected.keys()];
          const id = one.kind === 'update' ? ids[one.at % Math.max(1, ids.length)] : undefined;
          if (one.kind === 'insert') take(store, expected, one.values);
          else if (one.kind === 'undone') undo(store, one.values);
          else if (one.kind === 'index') store.index('Contact', one.field);
          else if (id !== undefined) {
            expect(store.updateRaw('Contact', id, one.values)).toBe(true);
            expected.set(id, { ...expected.get(id), ...one.values });
          }
        }
        readRows(store, expected);
      }),
      { numRuns: 60 },
    );
    const copy = store.copy(registry.copy(), { now: () => NOW });
    readRows(copy, expected);
    copy.close();
    store.close();
  });

  it('keeps no column that none of the first thousand rows uses, until one does', () => {
    const { store } = settled();
    expect(columns(store)).not.toContain('Fax');
    expect(columns(store)).toContain('Email');
    store.insertRaw('Contact', { LastName: 'None', Fax: null, HasOptedOutOfFax: false });
    expect(columns(store)).not.toContain('HasOptedOutOfFax');
    const id = store.insertRaw('Contact', { LastName: 'One', Fax: '1', HasOptedOutOfFax: true });
    expect(columns(store)).toEqual(expect.arrayContaining(['Fax', 'HasOptedOutOfFax']));
    expect(store.find('Contact', 'Fax', '1').map((row) => row['Id'])).toEqual([id]);
    expect(store.find('Contact', 'Email', 'A@B.example')).toHaveLength(SETTLED_ROWS + 1);
    store.close();
  });

  it('follows the schema when fields come and go, also one that others follow', () => {
    const { store, registry } = settled();
    const by = '005000000000001AAA';
    const id = store.insertRaw('Contact', { LastName: 'One', Fax: '1', CreatedById: by, LastModifiedById: by });
    const contact = registry.object('Contact');
    if (contact === undefined) throw new Error('no contacts');
    const without = ['CreatedById', 'Fax', 'Title'];
    registry.put({ ...contact, fields: contact.fields.filter(({ name }) => !without.includes(name)) });
    const row = store.readRow('Contact', id);
    expect(row).toMatchObject({ LastName: 'One', LastModifiedById: by, SystemModstamp: late });
    expect(Object.keys(row ?? {})).not.toContain('Fax');
    registry.put(contact);
    expect(store.readRow('Contact', id)).toMatchObject({ Fax: null, CreatedById: null });
    store.updateRaw('Contact', id, { Fax: '2', Title: null, LastModifiedById: null });
    expect(store.readRow('Contact', id)).toMatchObject({ Fax: '2', Title: null, LastModifiedById: null });
    store.close();
  });
});
