import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readPath } from '../../scripts/org/rowPaths.ts';
import { sqlName, tableOf } from '../../scripts/snapshot/columns.ts';
import { createMeta, writeMeta } from '../../scripts/snapshot/meta.ts';
import { createSnapshotReader, type SnapshotReader } from '../../scripts/snapshot/reader.ts';
import type { SnapshotColumn } from '../../scripts/snapshot/wants.ts';
import { factOf, type Fact } from '../../scripts/standing/facts.ts';
import type { FactSource } from '../../scripts/standing/factSources.ts';
import { factsByPerson } from '../../scripts/standing/factsByPerson.ts';
import { gatherFacts } from '../../scripts/standing/gatherFacts.ts';
import { personOf, personPaths, type PeopleSpec } from '../../scripts/standing/people.ts';
import { withScratch } from '../../scripts/standing/rooms.ts';
import type { EncryptedStore, StoreValue } from '../../scripts/vault/port.ts';
import { ORG, recordId } from '../plan/examplePlan.ts';
import { temporaryVault } from '../plan/temporaryVault.ts';

const ZONE = 'Europe/Paris';
const EXPIRES = '2027-01-01T00:00:00.000Z';
const own = { optional: true, shared: false, where: [] };

const SOURCES: readonly FactSource[] = [
  { ...own, key: 'task', kind: 'contact', object: 'Task', via: 'WhoId', to: 'Contact', date: 'ActivityDate' },
  { ...own, key: 'task', kind: 'cascades', object: 'Task', via: 'WhoId', to: 'Contact' },
  {
    ...{ ...own, key: 'gift', kind: 'fiscal', object: 'Gift__c', via: 'AccountId', to: 'Account', date: 'CloseDate' },
    ...{ keep: { years: 10 }, where: [{ field: 'Amount__c', is: 'greater', value: 0.3 }] },
  },
  { ...own, key: 'gift-donor', kind: 'contact', object: 'Gift__c', via: 'DonorId', to: 'Contact', date: 'CloseDate' },
  { ...own, key: 'hold', kind: 'hold', object: 'Hold__c', via: 'About__c', to: 'Individual', until: 'Until__c' },
];
const SPEC: PeopleSpec = {
  object: 'Contact',
  where: [],
  links: [
    { field: 'AccountId', to: ['Account'], isOwn: false },
    { field: 'IndividualId', to: ['Individual'], isOwn: true },
  ],
  rules: [{ key: 'some', where: [{ field: 'Kind__c', is: 'not-equal', value: 'x' }] }],
};

const typeOf = (path: string): string =>
  path === 'Amount__c' ? 'currency' : path === 'CreatedDate' ? 'datetime' : 'string';

const put = (
  store: EncryptedStore,
  object: string,
  paths: readonly string[],
  rows: readonly (readonly StoreValue[])[],
) => {
  const columns: readonly SnapshotColumn[] = paths.map((path) => ({ path, type: typeOf(path), isLookup: false }));
  store.create(tableOf(object, columns));
  store.insert(object, paths, rows);
  store.run(`CREATE INDEX ${sqlName(`ix.${object}.Id`)} ON ${sqlName(object)} ("Id")`);
  writeMeta(store, { object, rows: rows.length, at: '2026-01-01T00:00:00.000Z', by: 'bulk', calls: 0 }, columns);
};

type Told = readonly [string, string, string, string | null, string | null];
const told = ({ source, target, record, date, until }: Fact): Told => [source.key, target, record, date, until];
const byText = (facts: readonly Told[]): readonly string[] => facts.map((fact) => JSON.stringify(fact)).sort();

/** Row by row, person by person: what gathering must come to. */
const plainly = (reader: SnapshotReader): readonly (readonly [string, readonly string[]])[] => {
  const facts = SOURCES.flatMap((source) =>
    [...reader.rows(source.object)].flatMap((row) => factOf(source, row, ZONE) ?? []),
  );
  return [...reader.rows('Contact')].flatMap((row) => {
    const person = personOf(SPEC, row, ZONE);
    if (person === undefined) return [];
    const records = [person.id, ...person.links];
    return [[readPath(row, 'Id') as string, byText(facts.filter(({ target }) => records.includes(target)).map(told))]];
  });
};

const PEOPLE = 9_000;
const person = fc.integer({ min: 0, max: PEOPLE - 1 }).map((n) => recordId('003', n));
const account = fc.integer({ min: 0, max: 40 }).map((n) => recordId('001', n));
const individual = fc.integer({ min: 0, max: 40 }).map((n) => recordId('0PK', n));
const day = fc.constantFrom('2014-05-02', '2021-12-31', '2025-02-28', null);
const other = fc.constantFrom('003\n","x', '00Q000000000001AAA', '', null);

describe('gathering facts', () => {
  it('gives each person, in the order of ids, what a plain look at every row gives', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(account, individual, fc.constantFrom('x', 'y')), { minLength: 1, maxLength: 20 }),
        fc.array(fc.tuple(fc.oneof(person, other), day), { maxLength: 40 }),
        fc.array(
          fc.tuple(fc.oneof(account, other), fc.oneof(person, other), day, fc.constantFrom(0.3, 0.1 + 0.2, null)),
          {
            maxLength: 40,
          },
        ),
        fc.array(fc.tuple(fc.oneof(individual, other), day), { maxLength: 20 }),
        (people, tasks, gifts, holds) => {
          const home = temporaryVault('gather');
          const { store } = home.vault.createStore('snapshot', ORG, EXPIRES);
          try {
            createMeta(store);
            put(
              store,
              'Contact',
              [...personPaths(SPEC)],
              Array.from({ length: PEOPLE }, (_, n) => {
                const [accountId, individualId, kind] = people[n % people.length] ?? ['', '', ''];
                const row: Readonly<Record<string, string>> = {
                  ...{ Id: recordId('003', (n * 7) % PEOPLE), CreatedDate: '2020-01-01T23:30:00.000Z' },
                  ...{ AccountId: accountId, IndividualId: individualId, Kind__c: kind },
                };
                return personPaths(SPEC).map((path) => row[path] ?? null);
              }),
            );
            const id = (n: number): string => recordId('00X', n);
            put(
              store,
              'Task',
              ['Id', 'WhoId', 'ActivityDate'],
              tasks.map((row, n) => [id(n), ...row]),
            );
            const giftPaths = ['Id', 'AccountId', 'DonorId', 'CloseDate', 'Amount__c'];
            put(
              store,
              'Gift__c',
              giftPaths,
              gifts.map((row, n) => [id(1000 + n), ...row]),
            );
            put(
              store,
              'Hold__c',
              ['Id', 'About__c', 'Until__c'],
              holds.map((row, n) => [id(2000 + n), ...row]),
            );
            const reader = createSnapshotReader(store);
            const found = withScratch(home.vault, { orgId: ORG, now: '2026-01-15T08:00:00.000Z' }, (scratch) =>
              [...factsByPerson(gatherFacts(scratch, SPEC, SOURCES, { reader, timeZone: ZONE }))].map(
                (known) => [known.person.id, byText(known.facts.map(told))] as const,
              ),
            );
            expect(found).toEqual(plainly(reader));
            expect(home.vault.holdings(ORG)).toHaveLength(1);
          } finally {
            store.close();
            home.remove();
          }
        },
      ),
      { numRuns: 4 },
    );
  });
});
