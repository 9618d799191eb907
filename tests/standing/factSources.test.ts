import { describe, expect, it } from '@jest/globals';
import type { DescribedObject } from '../../scripts/org/port.ts';
import { deletionSources, namedLookups, type FactSource } from '../../scripts/standing/factSources.ts';

const child = (childObject: string, field: string, flags: { cascade?: boolean; restrict?: boolean } = {}) => ({
  childObject,
  field,
  relationshipName: null,
  cascadeDelete: flags.cascade ?? false,
  restrictedDelete: flags.restrict ?? false,
});
const contact = {
  name: 'Contact',
  children: [
    child('Task', 'WhoId', { cascade: true }),
    child('Hold__c', 'Contact__c'),
    child('Other__c', 'Contact__c'),
    child('Case', 'ContactId', { restrict: true }),
  ],
} as unknown as DescribedObject;
const hold: FactSource = {
  ...{ key: 'hold', kind: 'hold', object: 'Hold__c', via: 'Contact__c', to: 'Contact', where: [] },
  ...{ optional: true, shared: false },
};
const kinds = (sources: readonly FactSource[]) => sources.map(({ key, kind }) => [key, kind]);

describe('what deleting a record does to the rows around it', () => {
  it('is told of graph paths, and of every restricting lookup', () => {
    const task = { object: 'Task', via: 'WhoId', to: 'Contact', shared: false };
    expect(kinds(deletionSources(contact, namedLookups([task], [])))).toEqual([
      ['Task.WhoId', 'cascades'],
      ['Case.ContactId', 'restricts'],
    ]);
  });

  it('is told of rows that only a hold reads: one that is over loses its lookup', () => {
    expect(kinds(deletionSources(contact, namedLookups([], [hold])))).toEqual([
      ['Hold__c.Contact__c', 'unlinks'],
      ['Case.ContactId', 'restricts'],
    ]);
  });
});
