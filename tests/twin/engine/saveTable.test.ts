import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FieldValue, RowTable } from '../../../scripts/twin/contract.ts';
import { recordsOfTable } from '../../../scripts/twin/rowTable.ts';
import { shapeOrg } from './shapeOrg.ts';

const OBJECTS = [
  'Contact',
  'Account',
  'Opportunity',
  'Lead',
  'Task',
  'Case',
  'CampaignMember',
  'npe01__OppPayment__c',
  'npe03__Recurring_Donation__c',
];

const org = () => {
  const made = shapeOrg('npsp');
  const [account = '', gone = ''] = made.insert('Account', { Name: 'Foyer' }, { Name: 'Ancien foyer' });
  const [contact = ''] = made.insert('Contact', { LastName: 'Exemple', AccountId: account });
  const [gift = ''] = made.insert('Opportunity', {
    ...{ Name: 'Don', StageName: 'Prospecting', CloseDate: '2026-01-31', AccountId: account },
  });
  const [campaign = ''] = made.insert('Campaign', { Name: 'Appel' });
  made.remove(gone);
  return { ...made, known: { account, contact, gift, campaign, gone } };
};

const values = (known: Readonly<Record<string, string>>): fc.Arbitrary<FieldValue | undefined> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('Exemple', ' Exemple ', 'a\nb', 'Closed Won', 'Prospecting', 'Open') },
    {
      weight: 4,
      arbitrary: fc.constantFrom('2026-02-28', '2026-02-30', '2026-02-28T10:00:00Z', 'person@people.example'),
    },
    { weight: 4, arbitrary: fc.constantFrom(...Object.values(known), '001000000000000AAA', 'no id') },
    { weight: 3, arbitrary: fc.constantFrom<FieldValue | undefined>(null, undefined, '', true, false, 'true', 'yes') },
    { weight: 2, arbitrary: fc.constantFrom<FieldValue>(1, -1.005, '12.5', 1e20, 'x'.repeat(300)) },
  );

const tables = (fields: readonly string[], known: Readonly<Record<string, string>>): fc.Arbitrary<RowTable> =>
  fc.uniqueArray(fc.constantFrom(...fields), { minLength: 1, maxLength: 6 }).chain((chosen) =>
    fc.record({
      fields: fc.constant(chosen),
      rows: fc.array(fc.array(values(known), { maxLength: chosen.length }), { minLength: 1, maxLength: 6 }),
    }),
  );

/** Required fields come first, so that some of the rows are saved. */
const filled = (required: readonly string[], good: readonly FieldValue[], table: RowTable): RowTable => {
  const others = table.fields.filter((name) => !required.includes(name));
  return {
    fields: [...required, ...others],
    rows: table.rows.map((cells, index) => [
      ...good.map((value) => (index % 5 === 4 ? null : value)),
      ...others.map((name) => cells[table.fields.indexOf(name)]),
    ]),
  };
};

describe('rows of a file', () => {
  it.each(OBJECTS)('are saved as the same records are, with the same errors and journal: %s', (object) => {
    const [byRecord, byTable] = [org(), org()];
    const { known } = byRecord;
    const definition = byRecord.registry.object(object);
    const fields = definition?.fields.filter((field) => field.type !== 'base64') ?? [];
    const required: Readonly<Record<string, FieldValue>> = {
      ...{
        LastName: 'Exemple',
        Company: 'Exemple',
        Name: 'Exemple',
        StageName: 'Prospecting',
        CloseDate: '2026-03-01',
      },
      ...{ ContactId: known.contact, CampaignId: known.campaign, npe01__Opportunity__c: known.gift },
    };
    const needed = fields
      .filter((field) => !field.nillable && !field.defaultedOnCreate && field.createable && field.name in required)
      .map((field) => field.name);
    const good = needed.map((name) => required[name] ?? null);
    const names = fields.map((field) => field.name);
    fc.assert(
      fc.property(tables(names, known), fc.boolean(), fc.constantFrom('admin', 'other'), (drawn, allOrNone, user) => {
        const table = filled(needed, good, drawn);
        const options = { allOrNone };
        const since = byRecord.engine.journalEnd();
        for (const rows of [table.rows, table.rows.toReversed()]) {
          const expected = byRecord.engine.insert(byRecord[user], object, recordsOfTable({ ...table, rows }), options);
          expect(byTable.engine.insertTable(byTable[user], object, { ...table, rows }, options)).toEqual(expected);
        }
        expect(byTable.engine.journal(since)).toEqual(byRecord.engine.journal(since));
      }),
      { numRuns: 60 },
    );
    expect([...byTable.store.iterate(object)]).toEqual([...byRecord.store.iterate(object)]);
    expect(byRecord.count(object)).toBeGreaterThan(1);
  });

  it('know of a lookup only what is still true', () => {
    const { engine, admin, known, insert, remove } = org();
    const fields = ['LastName', 'AccountId'];
    const options = { allOrNone: false };
    const [account = ''] = insert('Account', { Name: 'Foyer qui part' });
    const save = (id: string) => engine.insertTable(admin, 'Contact', { fields, rows: [['Exemple', id]] }, options);
    expect(save(account)[0]?.success).toBe(true);
    expect(save(account)[0]?.success).toBe(true);
    remove(account);
    expect(save(account)[0]?.errors[0]?.statusCode).toBe('ENTITY_IS_DELETED');
    expect(save(known.account)[0]?.success).toBe(true);
  });
});
