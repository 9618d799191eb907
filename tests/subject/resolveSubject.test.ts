import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { valueOf } from '../../scripts/kernel/result.ts';
import { resolveModel } from '../../scripts/model/resolveModel.ts';
import { resolveSubject } from '../../scripts/subject/resolveSubject.ts';
import type { EdgeRow, RowSource } from '../../scripts/subject/rowSource.ts';
import { aField, aLookup, anObject, modelInput } from '../model/describedOrg.ts';

type Row = Readonly<Record<string, string>>;
type Tables = Readonly<Record<string, readonly Row[]>>;

/** Rows in memory, in the order given. */
const rowsIn = (tables: Tables): RowSource => {
  const read = (by: string) =>
    async function* (edge: Parameters<RowSource['pointingTo']>[0], ids: readonly string[]): AsyncGenerator<EdgeRow> {
      for (const row of await Promise.resolve(tables[edge.object] ?? [])) {
        const target = row[edge.via] ?? '';
        if (target === '' || !ids.includes(row[by === 'via' ? edge.via : 'Id'] ?? '')) continue;
        const extra = edge.extra.map((field) => row[field] ?? '').filter((id) => id !== '');
        yield { id: row['Id'] ?? '', target, extra, deleted: row['IsDeleted'] === 'true' };
      }
    };
  return { pointingTo: read('via'), pointedFrom: read('Id') };
};

const model = valueOf(
  resolveModel(
    modelInput([
      anObject(
        'Contact',
        [aField('Name'), aLookup('AccountId', 'Account'), aLookup('IndividualId', 'Individual')],
        '003',
      ),
      anObject('Account', [aField('Name')], '001'),
      anObject('Individual', [aField('Name')], '0PK'),
      anObject(
        'Opportunity',
        [aField('Name'), aLookup('AccountId', 'Account'), aLookup('npsp__Primary_Contact__c', 'Contact')],
        '006',
      ),
      anObject('npe01__OppPayment__c', [aLookup('npe01__Opportunity__c', 'Opportunity')]),
      anObject('npe4__Relationship__c', [
        aLookup('npe4__Contact__c', 'Contact'),
        aLookup('npe4__RelatedContact__c', 'Contact'),
        aLookup('npe4__ReciprocalRelationship__c', 'npe4__Relationship__c'),
      ]),
      anObject('Task', [aLookup('WhoId', 'Contact', 'Lead'), aLookup('WhatId', 'Opportunity', 'Account', 'Course__c')]),
      anObject('ContentDocumentLink', [
        aLookup('LinkedEntityId', 'Contact', 'Account', 'Opportunity', 'Task', 'Course__c'),
        aLookup('ContentDocumentId', 'ContentDocument'),
      ]),
      anObject('ContentDocument', [aField('Title')]),
      anObject('ContentVersion', [aLookup('ContentDocumentId', 'ContentDocument')]),
      anObject('Course__c', [aLookup('Student__c', 'Contact')]),
      anObject('Mark__c', [aLookup('Course__c', 'Course__c'), aLookup('Judge__c', 'Contact')]),
    ]),
  ),
);

const TABLES: Tables = {
  Contact: [
    { Id: '003A', AccountId: '001H', IndividualId: '0PKA' },
    { Id: '003B', AccountId: '001H' },
    { Id: '003C', IndividualId: '0PKA' },
  ],
  Individual: [{ Id: '0PKA' }],
  Account: [{ Id: '001H' }],
  Opportunity: [
    { Id: '006A', AccountId: '001H', npsp__Primary_Contact__c: '003A' },
    { Id: '006B', AccountId: '001H', npsp__Primary_Contact__c: '003B' },
  ],
  npe01__OppPayment__c: [
    { Id: 'PA', npe01__Opportunity__c: '006A' },
    { Id: 'PB', npe01__Opportunity__c: '006B' },
  ],
  npe4__Relationship__c: [
    { Id: 'R1', npe4__Contact__c: '003A', npe4__RelatedContact__c: '003B', npe4__ReciprocalRelationship__c: 'R2' },
    { Id: 'R2', npe4__Contact__c: '003B', npe4__RelatedContact__c: '003A', npe4__ReciprocalRelationship__c: 'R1' },
  ],
  Task: [
    { Id: 'T1', WhoId: '003A' },
    { Id: 'T2', WhatId: '006A', IsDeleted: 'true' },
    { Id: 'T3', WhatId: '001H' },
  ],
  ContentDocumentLink: [
    { Id: 'L1', LinkedEntityId: '006A', ContentDocumentId: 'D1' },
    { Id: 'L2', LinkedEntityId: 'C1', ContentDocumentId: 'D2' },
    { Id: 'L3', LinkedEntityId: '003B', ContentDocumentId: 'D2' },
  ],
  ContentDocument: [{ Id: 'D1' }, { Id: 'D2' }],
  ContentVersion: [
    { Id: 'V1', ContentDocumentId: 'D1' },
    { Id: 'V2', ContentDocumentId: 'D2' },
  ],
  Course__c: [{ Id: 'C1', Student__c: '003A' }],
  Mark__c: [
    { Id: 'M1', Course__c: 'C1' },
    { Id: 'M2', Course__c: 'C1', Judge__c: '003B' },
  ],
};

const graphOf = (tables: Tables, ...roots: readonly string[]) =>
  resolveSubject(
    roots.map((id) => ({ object: 'Contact', id })),
    model,
    { rows: rowsIn(tables) },
  );

describe('a subject graph', () => {
  it('holds what is the person’s to any depth, and none of what is only the household’s or a relative’s', async () => {
    const { items } = await graphOf(TABLES, '003A');
    const own = items.filter((item) => !item.shared).map((item) => item.id);
    expect(own.sort()).toEqual(
      ['003A', '003C', '006A', '0PKA', 'C1', 'D1', 'L1', 'L2', 'M1', 'PA', 'R1', 'R2', 'T1', 'T2', 'V1'].sort(),
    );
    expect(
      items
        .filter((item) => item.shared)
        .map((item) => item.id)
        .sort(),
    ).toEqual(['001H', 'D2', 'V2']);
  });

  it('takes another record with the same Individual for the same person', async () => {
    const { items } = await graphOf(TABLES, '003A');
    const other = items.find((item) => item.id === '003C');
    expect(other?.steps.map((step) => step.lookup)).toEqual(['Contact.IndividualId', 'Contact.IndividualId']);
  });

  it('explains each record by the shortest path from a root', async () => {
    const { items } = await graphOf(TABLES, '003A');
    const version = items.find((item) => item.id === 'V1');
    expect(version?.steps.map((step) => step.to.id)).toEqual(['006A', 'L1', 'D1', 'V1']);
    expect(version?.steps[0]?.role).toEqual({ en: 'gift or membership of', fr: 'don ou adhésion de' });
  });

  it('marks what lies in the recycle bin', async () => {
    const { items } = await graphOf(TABLES, '003A');
    expect(items.filter((item) => item.deleted).map((item) => item.id)).toEqual(['T2']);
  });

  it('ends on cycles and does not depend on the order of rows, whatever the org holds', async () => {
    const ids = ['003A', '003B', '003C', '006A', '006B', 'C1', 'C2'];
    const link = fc.constantFrom('', ...ids);
    const rows = (prefix: string, ...fields: readonly string[]) =>
      fc
        .array(fc.record(Object.fromEntries(fields.map((field) => [field, link]))), { maxLength: 6 })
        .map((list) => list.map((row, i): Row => ({ ...(row as Row), Id: `${prefix}${i}` })));
    const tables = fc.record({
      Contact: rows('003', 'AccountId', 'IndividualId'),
      Opportunity: rows('006', 'npsp__Primary_Contact__c'),
      npe4__Relationship__c: rows(
        'R',
        'npe4__Contact__c',
        'npe4__RelatedContact__c',
        'npe4__ReciprocalRelationship__c',
      ),
      Task: rows('T', 'WhoId', 'WhatId'),
      Course__c: rows('C', 'Student__c'),
      Mark__c: rows('M', 'Course__c', 'Judge__c'),
    });
    await fc.assert(
      fc.asyncProperty(tables, fc.subarray(ids.slice(0, 3), { minLength: 1 }), async (some, roots) => {
        const turned = Object.fromEntries(Object.entries(some).map(([object, list]) => [object, list.toReversed()]));
        const [first, second] = [await graphOf(some, ...roots), await graphOf(turned, ...roots.toReversed())];
        expect(second.items).toEqual(first.items);
        expect(new Set(first.items.map((item) => item.id)).size).toBe(first.items.length);
      }),
      { numRuns: 60 },
    );
  });
});
