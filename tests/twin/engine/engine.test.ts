import { beforeAll, describe, expect, it } from '@jest/globals';
import type { DataEngine, Session } from '../../../scripts/twin/contract.ts';
import { createEngine } from '../../../scripts/twin/engine/createEngine.ts';
import { createRowStore } from '../../../scripts/twin/engine/rowStore.ts';
import { computeAccess } from '../../../scripts/twin/schema/access.ts';
import { createRegistry } from '../../../scripts/twin/schema/createRegistry.ts';
import { defineField } from '../../../scripts/twin/schema/defineField.ts';
import { seedOrg } from '../../../scripts/twin/schema/seedOrg.ts';
import { association } from './association.ts';

describe('a schema that changes', () => {
  it('keeps rows when a field is added and forgets the values of one that is removed', () => {
    const org = association();
    const [id] = org.insert('Secret__c', { Name: 'kept' });
    const before = org.registry.object('Secret__c')!;
    const note = defineField({ name: 'Note__c', type: 'string', length: 20, custom: true });
    org.registry.put({ ...before, fields: [...before.fields, note] });
    org.engine.update(org.admin, 'Secret__c', [{ Id: id!, Note__c: 'gone' }], { allOrNone: true });
    org.registry.put(before);
    expect(() => org.query('SELECT Note__c FROM Secret__c')).toThrow(/No such column 'Note__c'/);
    org.registry.put({ ...before, fields: [...before.fields, note] });
    expect(org.query('SELECT Name, Note__c FROM Secret__c')).toMatchObject([{ Name: 'kept', Note__c: null }]);
  });

  it('loses the rows of an object that is removed', () => {
    const org = association();
    org.insert('Secret__c', {});
    const object = org.registry.object('Secret__c')!;
    org.registry.remove('Secret__c');
    expect(() => org.query('SELECT Id FROM Secret__c')).toThrow(/not supported/);
    org.registry.put(object);
    expect(org.count('Secret__c')).toBe(0);
  });

  it('is as it was after a transaction that altered tables is undone', () => {
    const org = association();
    org.insert('Secret__c', { Name: 'kept' });
    const undo = org.registry.snapshot();
    const object = org.registry.object('Secret__c')!;
    const note = defineField({ name: 'Note__c', type: 'string', length: 20, custom: true });
    expect(() =>
      org.engine.transaction(() => {
        org.registry.put({ ...object, fields: [...object.fields, note] });
        org.insert('Secret__c', { Note__c: 'x' });
        throw new Error('undo');
      }),
    ).toThrow('undo');
    undo();
    expect(org.query('SELECT Name FROM Secret__c')).toMatchObject([{ Name: 'kept' }]);
    org.registry.put({ ...object, fields: [...object.fields, note] });
    expect(org.query('SELECT Note__c FROM Secret__c')).toMatchObject([{ Note__c: null }]);
  });
});

describe('an admin load', () => {
  const org = association();

  it('keeps ids, audit fields, history rows and deleted rows as they are', () => {
    const accountId = '0015g00000XyZabAAF';
    expect(
      org.engine.adminLoad('Account', [
        { Id: accountId, Name: 'Loaded', CreatedDate: '2010-01-02T03:04:05.000+0000', Score__c: 7 },
        { Id: '0015g00000XyZac', Name: 'Binned', IsDeleted: true },
      ]),
    ).toBe(2);
    org.engine.adminLoad('AccountHistory', [{ AccountId: accountId, Field: 'Name', OldValue: 'a', NewValue: 'b' }]);
    expect(org.engine.retrieve(org.admin, 'Account', accountId)).toMatchObject({
      Name: 'Loaded',
      CreatedDate: '2010-01-02T03:04:05.000Z',
    });
    expect(org.count('Account')).toBe(1);
    expect(org.engine.undelete(org.admin, ['0015g00000XyZac'], { allOrNone: true })[0]?.success).toBe(true);
    expect(org.engine.journal(0)[0]).toMatchObject({ object: 'Account', change: 'insert', cause: 'load' });
  });

  it('writes nothing when one row cannot be', () => {
    const before = org.count('Account');
    expect(() => org.engine.adminLoad('Account', [{ Name: 'fine' }, { Nonsense: 1 }])).toThrow(
      /No such column 'Nonsense'/,
    );
    expect(org.count('Account')).toBe(before);
  });
});

describe('what the engine answers about itself', () => {
  const org = association();

  it('counts requests against the daily limit, which begins anew after a day', () => {
    const { store, registry } = association();
    let now = 0;
    const engine = createEngine({
      registry,
      store: createRowStore(registry, { now: () => now }),
      clock: { now: () => now },
      orgId: org.admin.orgId,
      accessOf: () => {
        throw new Error('not asked');
      },
      dailyRequests: 2,
    });
    engine.countRequest(org.admin);
    engine.countRequest(org.admin);
    expect(engine.limits(org.admin)['DailyApiRequests']).toEqual({ Max: 2, Remaining: 0 });
    expect(() => engine.countRequest(org.admin)).toThrow(
      expect.objectContaining({ errorCode: 'REQUEST_LIMIT_EXCEEDED', status: 403 }),
    );
    now += 86_400_000;
    expect(() => engine.countRequest(org.admin)).not.toThrow();
    expect(store).toBeDefined();
  });

  it('lists what was updated between two instants', () => {
    const [first] = org.insert('Account', { Name: 'a' });
    org.advance(60_000);
    const [second] = org.insert('Account', { Name: 'b' });
    expect(org.engine.getUpdated(org.admin, 'Account', '2026-03-10T09:30:30Z', '2026-03-10T10:00:00Z')).toEqual([
      second,
    ]);
    expect(org.engine.recordCounts(['account', 'Nothing'])).toEqual({ Account: 2 });
    expect(org.engine.objectOfId(first!)).toBe('Account');
    expect(() => org.engine.objectOfId('001bad')).toThrow(expect.objectContaining({ errorCode: 'MALFORMED_ID' }));
  });
});

describe('on the bundled schema', () => {
  let engine: DataEngine;
  let sessionOf: (role: string) => Session;
  beforeAll(() => {
    const clock = { now: () => Date.parse('2026-03-10T09:30:00Z') };
    const registry = createRegistry('npsp');
    const store = createRowStore(registry, clock);
    const { orgId, users } = seedOrg(registry, store, { shape: 'npsp' });
    engine = createEngine({
      registry,
      store,
      clock,
      orgId,
      accessOf: (id) => computeAccess(registry, store, id, clock.now()),
    });
    sessionOf = (role) => ({ orgId, apiVersion: 66, ...users[role]! });
  });
  const rows = (soql: string, role = 'admin') => [
    ...engine.query(sessionOf(role), soql, { includeDeleted: false }).rows,
  ];

  it('EntityDefinition and FieldDefinition tell what exists', () => {
    expect(
      rows("SELECT QualifiedApiName, KeyPrefix, IsQueryable FROM EntityDefinition WHERE QualifiedApiName = 'contact'"),
    ).toMatchObject([{ QualifiedApiName: 'Contact', KeyPrefix: '003', IsQueryable: true }]);
    expect(
      rows(
        "SELECT QualifiedApiName, EntityDefinition.QualifiedApiName, DataType FROM FieldDefinition WHERE EntityDefinition.QualifiedApiName = 'Contact' AND QualifiedApiName = 'Email'",
      ),
    ).toMatchObject([
      { QualifiedApiName: 'Email', EntityDefinition: { QualifiedApiName: 'Contact' }, DataType: 'Email' },
    ]);
    expect(() => rows('SELECT QualifiedApiName FROM FieldDefinition')).toThrow(
      /a filter on a reified column is required/,
    );
  });

  it('what clients ask first is answered, and ScratchOrgInfo is no object', () => {
    expect(
      rows(
        'SELECT Name, InstanceName, IsSandbox, TrialExpirationDate, NamespacePrefix, OrganizationType FROM Organization',
      ),
    ).toMatchObject([{ IsSandbox: false, TrialExpirationDate: null }]);
    const { username } = sessionOf('admin');
    expect(
      rows(`SELECT name FROM Profile WHERE Id IN (SELECT ProfileId FROM User WHERE username='${username}')`),
    ).toHaveLength(1);
    expect(() => rows('SELECT Id FROM ScratchOrgInfo limit 1')).toThrow(
      expect.objectContaining({ errorCode: 'INVALID_TYPE', status: 400 }),
    );
    expect(engine.findUser(username.toUpperCase())).toMatchObject({ username, isActive: true });
  });

  it('every object can be queried and described by an administrator', () => {
    const admin = sessionOf('admin');
    for (const object of engine.describeGlobal(admin)) {
      const name = String(object['name']);
      if (object['queryable'] !== true || ['FieldDefinition', 'EntityParticle'].includes(name)) continue;
      expect(
        engine.query(admin, `SELECT FIELDS(ALL) FROM ${name} LIMIT 1`, { includeDeleted: true }).totalSize,
      ).toBeGreaterThanOrEqual(0);
      expect(engine.describe(admin, name)['name']).toBe(name);
    }
  });
});
