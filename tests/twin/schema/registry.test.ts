import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createRegistry } from '../../../scripts/twin/schema/createRegistry.ts';
import { defineField } from '../../../scripts/twin/schema/defineField.ts';
import type { ObjectDefinition } from '../../../scripts/twin/schema/definitions.ts';
import { emptyRegistry } from '../../../scripts/twin/schema/registry.ts';
import { idField } from '../../../scripts/twin/schema/systemFields.ts';

const custom = (name: string, more: Partial<ObjectDefinition> = {}): ObjectDefinition => ({
  name,
  label: name,
  labelPlural: name,
  keyPrefix: 'a7Z',
  custom: true,
  customSetting: false,
  customMetadata: false,
  queryable: true,
  createable: true,
  updateable: true,
  deletable: true,
  undeletable: true,
  mergeable: false,
  replicateable: true,
  searchable: true,
  feedEnabled: false,
  sharingModel: 'Private',
  fields: [idField(name), defineField({ name: 'Name', type: 'string', nameField: true })],
  ...more,
});

describe('the schema registry', () => {
  const bare = createRegistry('bare');

  it('finds objects and fields in any case and answers canonical names', () => {
    const recase = fc.array(fc.boolean(), { minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(fc.constantFrom('Contact.IndividualId', 'Account.Name', 'Task.WhoId'), recase, (path, upper) => {
        const typed = Array.from(path).map((letter, i) =>
          upper[i % 20] === true ? letter.toUpperCase() : letter.toLowerCase(),
        );
        const [object = '', field = ''] = typed.join('').split('.');
        expect(`${String(bare.object(object)?.name)}.${String(bare.field(object, field)?.name)}`).toBe(path);
      }),
    );
  });

  it('knows nothing of absent objects and fields', () => {
    expect(bare.object('Legal_Hold__c')).toBeUndefined();
    expect(bare.field('Contact', 'Religion__c')).toBeUndefined();
    expect(bare.field('Nothing__c', 'Id')).toBeUndefined();
    expect(bare.children('Nothing__c')).toEqual([]);
  });

  it('finds objects by key prefix', () => {
    expect(bare.objectByKeyPrefix('003')?.name).toBe('Contact');
    expect(bare.objectByKeyPrefix('0PK')?.name).toBe('Individual');
    expect(bare.objectByKeyPrefix('zzz')).toBeUndefined();
  });

  it('changes its version with every change', () => {
    const registry = emptyRegistry();
    const versions = [registry.version];
    registry.put(custom('Gift__c'));
    versions.push(registry.version);
    registry.remove('gift__C');
    versions.push(registry.version);
    registry.remove('gift__C');
    expect(new Set(versions).size).toBe(3);
    expect(registry.version).toBe(versions[2]);
  });

  it('puts back what a snapshot saw, however often', () => {
    const registry = createRegistry('bare');
    const undo = registry.snapshot();
    for (let round = 0; round < 2; round += 1) {
      registry.put(custom('Gift__c'));
      registry.remove('Contact');
      expect(registry.object('Contact')).toBeUndefined();
      undo();
      expect(registry.object('Gift__c')).toBeUndefined();
      expect(registry.field('Contact', 'Email')?.type).toBe('email');
      expect(registry.objectByKeyPrefix('003')?.name).toBe('Contact');
    }
  });

  it('makes and removes the history object with the setting of its object', () => {
    const registry = emptyRegistry();
    registry.put(custom('Gift__c', { historyObject: 'Gift__History' }));
    expect(registry.object('Gift__History')?.historyOf).toBe('Gift__c');
    expect(registry.children('Gift__c')).toEqual([
      { childObject: 'Gift__History', field: 'ParentId', relationshipName: 'Histories', deleteRule: 'cascade' },
    ]);
    registry.put(custom('Gift__c'));
    expect(registry.object('Gift__History')).toBeUndefined();
  });

  it('lets files, feeds and activities point at custom objects that allow them', () => {
    const registry = createRegistry('bare');
    const targets = (field: string): readonly string[] => registry.field('Task', field)?.referenceTo ?? [];
    registry.put(custom('Gift__c', { keyPrefix: 'a7Y', allowsActivities: true }));
    registry.put(custom('Quiet__c', { keyPrefix: 'a7X' }));
    expect(targets('WhatId')).toContain('Gift__c');
    expect(targets('WhatId')).not.toContain('Quiet__c');
    expect(registry.field('ContentDocumentLink', 'LinkedEntityId')?.referenceTo).toContain('Quiet__c');
    expect(registry.field('FeedItem', 'ParentId')?.referenceTo).not.toContain('Gift__c');
    registry.remove('Gift__c');
    expect(targets('WhatId')).not.toContain('Gift__c');
  });

  it('gives an object RecordTypeId once it has record types', () => {
    expect(bare.field('Account', 'RecordTypeId')).toBeUndefined();
    expect(createRegistry('npsp').field('Account', 'RecordTypeId')?.referenceTo).toEqual(['RecordType']);
  });
});
