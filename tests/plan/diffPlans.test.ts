import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PlanFrame } from '../../scripts/plan/file/writePlan.ts';
import { writePlan } from '../../scripts/plan/file/writePlan.ts';
import { diffPlans, type PlanDiff } from '../../scripts/plan/file/diffPlans.ts';
import type { PlannedPerson } from '../../scripts/plan/file/planStore.ts';
import { exampleFrame, examplePerson, ORG, recordId } from './examplePlan.ts';
import { temporaryVault } from './temporaryVault.ts';

let home: ReturnType<typeof temporaryVault>;
beforeEach(() => {
  home = temporaryVault();
});
afterEach(() => {
  home.remove();
});

const write = (people: readonly PlannedPerson[], frame: Partial<PlanFrame> = {}): string => {
  const sealed = home.vault.createStore('plan-steps', ORG, '2026-03-01T00:00:00.000Z');
  const { path } = writePlan(home.vault, {
    ...{ frame: exampleFrame(frame), people, sealed, folder: home.folder, snapshotHolding: 'none' },
    createdAt: '2026-01-15T08:02:00.000Z',
    calls: (due, steps) => due + steps,
  });
  sealed.store.close();
  return path;
};
const diff = (before: readonly PlannedPerson[], after: readonly PlannedPerson[], limit = 100): PlanDiff =>
  diffPlans({ beforePath: write(before), afterPath: write(after), limit }, { vault: home.vault });
const keptAs = (person: PlannedPerson, code: string, until: string | null): PlannedPerson => ({
  decision: {
    ...person.decision,
    ...{ verdict: 'kept', reason: { code, facts: { until } }, until, effects: [] },
  },
  steps: [],
});

describe('the difference of two plans', () => {
  it('is empty between two plans of the same people', () => {
    const people = [0, 1, 2].map(examplePerson);
    expect(diff(people, people)).toMatchObject({ unchanged: 3, steps: [], rows: [], terms: [], more: false });
  });

  it('tells by person what became of them, and counts steps by kind', () => {
    const before = [0, 1, 2, 4, 5].map(examplePerson);
    const other = examplePerson(4);
    const after = [
      keptAs(examplePerson(0), 'recent-contact', '2028-01-01'),
      { ...examplePerson(1), decision: { ...examplePerson(1).decision, until: '2027-05-01' } },
      { ...other, steps: [{ ...other.steps[0]!, wave: 5 }, ...other.steps.slice(1)] },
      examplePerson(5),
      examplePerson(6),
    ];
    const found = diff(before, after);
    expect(found.rows.map((row) => [row.recordId, row.change])).toEqual([
      [recordId('003', 0), 'kept-now'],
      [recordId('003', 1), 'other-reason'],
      [recordId('003', 2), 'gone'],
      [recordId('003', 4), 'other-steps'],
      [recordId('003', 6), 'appeared'],
    ]);
    expect(found.people).toEqual({
      ...{ appeared: 1, gone: 1, 'due-now': 0, 'kept-now': 1, 'other-reason': 1, 'other-steps': 1 },
    });
    expect(found.unchanged).toBe(1);
    expect(found.steps).toEqual([
      { object: 'Contact', operation: 'delete', rule: 'prospects', added: 1, removed: 2, changed: 1 },
      { object: 'Contact', operation: 'purge', rule: 'prospects', added: 1, removed: 2, changed: 0 },
    ]);
    expect(found.rows[0]).toMatchObject({
      before: { verdict: 'due', reason: 'no-contact' },
      after: { verdict: 'kept', reason: 'recent-contact', until: '2028-01-01' },
      removed: [{ operation: 'delete' }, { operation: 'purge' }],
    });
  });

  it('is turned round when the plans are', () => {
    const pick = fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { maxLength: 8 });
    fc.assert(
      fc.property(pick, pick, (one, two) => {
        const [a, b] = [one, two].map((numbers) => [...numbers].sort((x, y) => x - y).map(examplePerson));
        const [there, back] = [diff(a!, b!), diff(b!, a!)];
        expect(there.people.appeared).toBe(back.people.gone);
        expect(there.people.gone).toBe(back.people.appeared);
        expect(there.unchanged).toBe(one.filter((n) => two.includes(n)).length);
        expect(there.steps.map((kind) => [kind.added, kind.removed])).toEqual(
          back.steps.map((kind) => [kind.removed, kind.added]),
        );
      }),
      { numRuns: 8 },
    );
  });

  it('names what the plans are bound to and that differs', () => {
    const people = [examplePerson(0)];
    const found = diffPlans(
      {
        beforePath: write(people),
        afterPath: write(people, { asOf: '2026-02-01', packs: { core: '2026.12.0', npsp: '1' } }),
        limit: 10,
      },
      { vault: home.vault },
    );
    expect(found.terms).toEqual([
      { what: 'asOf', before: '2026-01-15', after: '2026-02-01' },
      { what: 'packs', before: 'core 2026.11.0', after: 'core 2026.12.0, npsp 1' },
    ]);
  });

  it('shows so many people and says that there are more', () => {
    const found = diff([], [0, 1, 2].map(examplePerson), 2);
    expect([found.rows.length, found.more, found.people.appeared]).toEqual([2, true, 3]);
  });

  it('is refused between plans of two orgs', () => {
    const other = '00D000000000002EAA';
    const sealed = home.vault.createStore('plan-steps', other, '2026-03-01T00:00:00.000Z');
    const { path } = writePlan(home.vault, {
      ...{ frame: exampleFrame({ orgId: other }), people: [], sealed, folder: home.folder, snapshotHolding: 'none' },
      createdAt: '2026-01-15T08:02:00.000Z',
      calls: () => 0,
    });
    sealed.store.close();
    const input = { beforePath: write([]), afterPath: path, limit: 1 };
    expect(() => diffPlans(input, { vault: home.vault })).toThrow('two different orgs');
  });
});
