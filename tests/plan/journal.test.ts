import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createJournal, findJournal, type Journal } from '../../scripts/plan/apply/journal.ts';
import { ORG, recordId } from './examplePlan.ts';
import { temporaryVault } from './temporaryVault.ts';

let home: ReturnType<typeof temporaryVault>;
let journal: Journal;
const step = (n: number) => ({ key: `s${String(n)}`, subject: recordId('003', n), recordId: recordId('003', n) });

beforeEach(() => {
  home = temporaryVault();
  journal = createJournal(home.vault, { orgId: ORG, expiresAt: '2026-03-01T00:00:00.000Z', meta: { plan: 'd1' } });
});
afterEach(() => {
  journal.close();
  home.remove();
});

describe('journal', () => {
  it('remembers an intent without outcome after the process is gone', () => {
    const id = journal.begin({ operation: 'delete', object: 'Contact', steps: [step(1), step(2)] });
    journal.close();
    journal = findJournal(home.vault, ORG, 'd1')!;
    expect(journal.pending()).toEqual([{ id, operation: 'delete', object: 'Contact', steps: [step(1), step(2)] }]);
    journal.finish(id, [{ key: 's1', subject: step(1).subject, outcome: 'done', code: null }]);
    expect(journal.pending()).toEqual([]);
    const known = journal.outcomesOf(['s1', 's2']);
    expect(['s1', 's2'].filter((key) => known.has(key))).toEqual(['s1']);
  });

  it('lets the latest outcome of a step count, and counts each step once', () => {
    const outcome = (n: number, of: 'done' | 'put-back' | 'changed', code: string | null) =>
      ({ key: `s${String(n)}`, subject: step(n).subject, outcome: of, code }) as const;
    journal.note([outcome(1, 'done', null), outcome(2, 'done', null)]);
    journal.note([outcome(1, 'put-back', null), outcome(3, 'changed', 'hold')]);
    expect(journal.outcomesOf(['s1']).get('s1')?.outcome).toBe('put-back');
    expect(journal.counts()).toEqual([
      { outcome: 'changed', code: 'hold', count: 1 },
      { outcome: 'done', code: null, count: 1 },
      { outcome: 'put-back', code: null, count: 1 },
    ]);
  });

  it('is worked on by one process at a time', () => {
    expect(() => findJournal(home.vault, ORG, 'd1')).toThrow('Another process');
    journal.close();
    journal = findJournal(home.vault, ORG, 'd1')!;
    journal.set('tier rest', 'done');
    expect(journal.get('tier rest')).toBe('done');
  });

  it('is found by its plan only', () => {
    journal.close();
    expect(findJournal(home.vault, ORG, 'd2')).toBeUndefined();
    journal = findJournal(home.vault, ORG, 'd1')!;
    expect(journal.get('plan')).toBe('d1');
  });
});
