import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openTwinAs } from '../../scripts/app/connectTwin.ts';
import type { RecordId } from '../../scripts/kernel/recordId.ts';
import { applyPlan } from '../../scripts/plan/apply/applyPlan.ts';
import { callsForPages, mutationCalls, predictCalls, type GroupSize } from '../../scripts/plan/apply/callBudget.ts';
import { planRetention } from '../../scripts/retention/plan.ts';
import { applyInput, applyPorts, approve } from './cycle.ts';
import { temporaryVault } from './temporaryVault.ts';
import { oldContact, openTestOrg, START, type TestOrg } from './testOrg.ts';

describe('calls of queries', () => {
  it('are five pages each at most, and never fewer than the longest query has pages', () => {
    expect(callsForPages([])).toBe(0);
    expect(callsForPages([1, 1, 1, 1, 1])).toBe(1);
    expect(callsForPages([1, 1, 1, 1, 1, 1])).toBe(2);
    expect(callsForPages([3, 1])).toBe(3);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 20 }), (pages) => {
        const calls = callsForPages(pages);
        const all = pages.reduce((sum, one) => sum + one, 0);
        expect(calls).toBeGreaterThanOrEqual(Math.max(0, ...pages, Math.ceil(all / 5)));
        expect(calls).toBeLessThanOrEqual(all);
      }),
    );
  });
});

describe('calls for 10,000 deletions of one object', () => {
  const reading = (ids: number) => ({ ids, rows: ids });
  const people = 10_000;
  const step = (operation: 'delete' | 'purge', wave: number) => ({ operation, wave, object: 'Contact', count: people });
  const group: GroupSize = {
    ...{ object: 'Contact', people, own: reading(people), others: [] },
    steps: [step('delete', 1), step('purge', 2)],
  };

  it('are at most 10 for the change, 12 for the checks and 55 for the recycle bin', () => {
    expect(mutationCalls('delete', people)).toBeLessThanOrEqual(10);
    expect(mutationCalls('purge', people)).toBeLessThanOrEqual(55);
    const all = predictCalls({ groups: [group], batches: [[people]], counted: 0, guard: 0 });
    const frame = predictCalls({ groups: [{ ...group, steps: [] }], batches: [[0]], counted: 0, guard: 0 });
    const checks = all - frame - mutationCalls('delete', people) - mutationCalls('purge', people);
    expect(checks).toBeLessThanOrEqual(12);
  });
});

describe('predicted calls', () => {
  let at: TestOrg;
  let home: ReturnType<typeof temporaryVault>;
  beforeAll(async () => {
    at = await openTestOrg();
    home = temporaryVault('budget', START);
  });
  afterAll(async () => {
    await at.close();
    home.remove();
  });
  afterEach(async () => {
    for (const object of ['Case', 'Contact']) {
      const ids: RecordId[] = [];
      for await (const row of at.admin.query(`SELECT Id FROM ${object}`)) ids.push(row['Id'] as RecordId);
      await at.admin.delete(ids);
    }
  });

  it.each([1, 15, 230, 2_600])(
    'bound what a run for %p people uses, and exceed it by a tenth at most',
    async (people) => {
      const ids = at.load(
        'Contact',
        Array.from({ length: people }, (_, n) => oldContact(`Due${n}`)),
      );
      at.load(
        'Case',
        ids
          .filter((_, n) => n % 4 === 0)
          .map((ContactId) => ({
            ...{ ContactId, Status: 'Closed', IsClosed: true, Origin: 'Web' },
            CreatedDate: '2016-01-01T00:00:00.000Z',
          })),
      );
      // Every command has a connection of its own: what was described for the plan is described again for the run.
      const law = { ...at.law, folder: home.folder, toolVersion: '0.1.0' };
      const planned = await planRetention(law, {
        org: await openTwinAs(at.twin, 'admin'),
        vault: home.vault,
        clock: at.clock,
      });
      await approve(at, planned.path);
      const org = await openTwinAs(at.twin, 'admin');
      const { summary } = await applyPlan(applyInput(at, planned.path), applyPorts(at, home, { org }));
      const { predicted, used, by = [] } = summary.calls;
      expect(summary.state).toBe('done');
      expect(by.reduce((sum, one) => sum + one.calls, 0)).toBe(used);
      expect(predicted).toBeGreaterThanOrEqual(used);
      expect(predicted).toBeLessThanOrEqual(used * 1.1);
    },
    120_000,
  );
});
