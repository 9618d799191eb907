import { describe, expect, it } from '@jest/globals';
import type { Place } from '../../scripts/model/completeness.ts';
import type { DescribedField, DescribedObject } from '../../scripts/org/port.ts';
import type { FactSource } from '../../scripts/standing/factSources.ts';
import { visibleSources, type Describe } from '../../scripts/standing/sourceVisibility.ts';

const field = (name: string, referenceTo: readonly string[] = [], relationshipName: string | null = null) =>
  ({ name, referenceTo, relationshipName }) as DescribedField;
const objects: Readonly<Record<string, readonly DescribedField[]>> = {
  Hold__c: [field('Id'), field('Contact__c', ['Contact'], 'Contact__r'), field('Active__c')],
  Contact: [field('Id'), field('AccountId', ['Account'], 'Account')],
  Account: [field('Id')],
};
const describeSeen: Describe = (object) =>
  objects[object] === undefined ? undefined : ({ name: object, fields: objects[object] } as DescribedObject);
const hold: FactSource = {
  ...{ key: 'lawsuit', kind: 'hold', object: 'Hold__c', via: 'Contact__c', to: 'Contact' },
  where: [{ field: 'Active__c', is: 'equal', value: true }],
  optional: true,
  shared: false,
};
const place = (object: string, visibility: 'hidden' | 'absent', name?: string): Place => ({
  ...{ object, visibility, evidence: 'describe' },
  ...(name === undefined ? {} : { field: name }),
});
const codes = (source: FactSource, absent: readonly Place[], hidden: readonly Place[]): readonly string[] => {
  const result = visibleSources([source], describeSeen, { absent, hidden });
  return result.ok ? [`seen ${String(result.value.sources.length)}`] : result.problems.map((one) => one.code);
};

describe('sources that may forbid deletion', () => {
  it('are read when every field of theirs is seen', () => {
    expect(codes(hold, [], [])).toEqual(['seen 1']);
    expect(codes({ ...hold, via: 'Contact__r.AccountId' }, [], [])).toEqual(['seen 1']);
  });

  it('block when the object, a field, or rows of it are hidden', () => {
    expect(codes({ ...hold, object: 'Secret__c' }, [], [place('Secret__c', 'hidden')])).toEqual(['HoldSourceHidden']);
    const byField = { ...hold, where: [{ field: 'Sealed__c', is: 'equal' as const, value: true }] };
    expect(codes(byField, [], [place('Hold__c', 'hidden', 'Sealed__c')])).toEqual(['HoldSourceHidden']);
    expect(codes(hold, [], [{ ...place('Hold__c', 'hidden'), unseenRows: 3 }])).toEqual(['HoldSourceHidden']);
    expect(codes(hold, [], [place('Hold__c', 'hidden', 'Active__c')])).toEqual(['HoldSourceHidden']);
  });

  it('block when nobody proved that what is not seen is absent', () => {
    expect(codes({ ...hold, object: 'Unknown__c' }, [], [])).toEqual(['HoldSourceHidden']);
  });

  it('do not block when they are absent, unless the charter requires them', () => {
    const gone = { ...hold, object: 'Legal__c' };
    expect(codes(gone, [place('Legal__c', 'absent')], [])).toEqual(['seen 0']);
    expect(codes({ ...gone, optional: false }, [place('Legal__c', 'absent')], [])).toEqual(['RequiredSourceAbsent']);
    expect(codes({ ...hold, via: 'Lost__c' }, [place('Hold__c', 'absent', 'Lost__c')], [])).toEqual(['seen 0']);
  });
});
