import { describe, expect, it } from '@jest/globals';
import { compareEffects, type Foresight, type RehearsedChange } from '../../scripts/plan/rehearse/rehearsalEffects.ts';

const PERSON = '003000000000001AAA';
/** A plan that deletes one person and foretells nothing else. */
const foresight = (): Foresight => ({
  byId: new Map([[`delete ${PERSON}`, { object: 'Contact', fields: new Set<string>(), cause: 'direct', seen: false }]]),
  inserts: new Map(),
  touched: new Set([PERSON]),
  unlinked: new Map(),
  traces: new Set(),
});
const person: RehearsedChange = { object: 'Contact', id: PERSON, change: 'delete', cause: 'direct', fields: [] };
const cascade = (object: string, id: string, because = PERSON): RehearsedChange => ({
  ...{ object, id, change: 'delete' as const, cause: 'cascade', fields: [], because },
});
const keys = (...changes: readonly RehearsedChange[]) =>
  compareEffects(foresight(), [person, ...changes]).differences.map(({ key }) => key);

describe('what goes along with a deleted record', () => {
  it('is no difference when it is its history or its links to files, which no plan can foretell', () => {
    expect(
      keys(cascade('ContentDocumentLink', '06A000000000001AAA'), cascade('ContactHistory', '017000000000001AAA')),
    ).toEqual([]);
  });

  it('is a difference when it is anything else, or goes with a record that the plan does not touch', () => {
    expect(keys(cascade('Task', '00T000000000001AAA'))).toEqual(['not-predicted.Task.cascade']);
    expect(keys(cascade('ContentDocumentLink', '06A000000000001AAA', '001000000000001AAA'))).toEqual([
      'not-predicted.ContentDocumentLink.cascade',
    ]);
    expect(keys(cascade('ContentDocument', '069000000000001AAA'))).toEqual(['not-predicted.ContentDocument.cascade']);
  });
});
