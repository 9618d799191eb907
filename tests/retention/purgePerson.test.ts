import { describe, expect, it } from '@jest/globals';
import { purgePerson, type PersonToPurge, type RelatedRow } from '../../scripts/disposal/purgePerson.ts';

const row = (object: string, id: string, over: Partial<RelatedRow> = {}): RelatedRow => ({
  ...{ object, id, restricts: false, isShared: false },
  ...over,
});
const person = (over: Partial<PersonToPurge> = {}): PersonToPurge => ({
  ...{ object: 'Contact', id: 'c1', related: [] },
  ...over,
});
const shape = (of: PersonToPurge): readonly string[] => {
  const disposal = purgePerson(of);
  return disposal.kind === 'restricted'
    ? [`restricted by ${disposal.by.join(',')}`]
    : disposal.operations.map((one) => `${String(one.wave)} ${one.operation} ${one.id}`);
};

describe('purge of a person', () => {
  it('deletes, and only then empties the bin', () => {
    expect(shape(person())).toEqual(['1 delete c1', '2 purge c1']);
  });

  it('deletes restricting rows of the person first and lists the rows that go with it', () => {
    const related = [row('Case', 'k1', { restricts: true }), row('Task', 't1')];
    expect(shape(person({ related }))).toEqual(['0 delete k1', '1 delete c1', '2 purge k1', '2 purge c1']);
    const disposal = purgePerson(person({ related }));
    expect(disposal.kind === 'operations' && disposal.operations[1]?.goesWith).toEqual(['t1']);
  });

  it('keeps the person when a restricting row is not theirs alone', () => {
    const related = [row('User', 'u1', { restricts: true, isShared: true })];
    expect(shape(person({ related }))).toEqual(['restricted by User']);
  });

  it('takes the Individual last, unless something else hangs on it', () => {
    const own = { object: 'Individual', id: 'i1', keptBy: [] };
    expect(shape(person({ own }))).toEqual(['1 delete c1', '2 purge c1', '3 delete i1', '4 purge i1']);
    const kept = purgePerson(person({ own: { ...own, keptBy: [{ object: 'Lead' }] } }));
    expect(kept).toMatchObject({ kind: 'operations', left: ['Individual'] });
  });
});
