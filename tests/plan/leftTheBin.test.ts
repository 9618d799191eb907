import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { RecordId } from '../../scripts/kernel/recordId.ts';
import type { Org } from '../../scripts/org/port.ts';
import { applyPlan, resumePlan } from '../../scripts/plan/apply/applyPlan.ts';
import { applyInput, applyPorts, approve, livingContacts, makePlan } from './cycle.ts';
import { temporaryVault } from './temporaryVault.ts';
import { oldContact, openTestOrg, START, type TestOrg } from './testOrg.ts';

/*
 * The recycle bin drops rows by itself when it is full, and others may empty it: what we deleted may be gone before we
 * decide again, or before we purge it. Gone is what the plan wanted.
 */

let at: TestOrg;
let home: ReturnType<typeof temporaryVault>;
beforeAll(async () => {
  at = await openTestOrg();
});
afterAll(() => at.close());
beforeEach(() => {
  home = temporaryVault('bin', START);
});
afterEach(async () => {
  at.twin.faults.clear();
  const ids: RecordId[] = [];
  for await (const row of at.admin.query('SELECT Id FROM Contact')) ids.push(row['Id'] as RecordId);
  await at.admin.delete(ids);
  home.remove();
});

const planned = async (people: number): Promise<{ readonly ids: readonly string[]; readonly path: string }> => {
  const rows = Array.from({ length: people }, (_, n) => oldContact(`Bin${String(n).padStart(3, '0')}`));
  const ids = at.load('Contact', rows);
  const { path } = await makePlan(at, home);
  await approve(at, path);
  return { ids, path };
};

const inBin = (): Promise<number> => {
  const soql = "SELECT COUNT(Id) n FROM Contact WHERE IsDeleted = true AND LastName LIKE 'Bin%'";
  const counted = async (): Promise<number> => {
    for await (const row of at.admin.query(soql, { deletedToo: true })) return Number(row['n']);
    return 0;
  };
  return counted();
};

describe('a record that leaves the recycle bin by itself', () => {
  it('counts as done when it is gone before the purge', async () => {
    const { ids, path } = await planned(6);
    const org: Org = {
      ...at.admin,
      emptyRecycleBin: async (batch) => {
        await at.admin.emptyRecycleBin(batch.slice(0, 2));
        return at.admin.emptyRecycleBin(batch);
      },
    };
    const { summary } = await applyPlan(applyInput(at, path), applyPorts(at, home, { org }));
    expect(summary).toMatchObject({ state: 'done', stopCause: null, persons: { done: ids.length } });
    expect(summary.counts['already-done']).toBeGreaterThanOrEqual(2);
    expect([await livingContacts(at), await inBin()]).toEqual([[], 0]);
  });

  it('counts as done when it is gone before we decide once more, and the others are decided about', async () => {
    const { ids, path } = await planned(6);
    const org: Org = {
      ...at.admin,
      delete: async (batch) => {
        const outcomes = await at.admin.delete(batch);
        const [dropped] = batch.filter((id) => ids.includes(id));
        if (dropped !== undefined) await at.admin.emptyRecycleBin([dropped]);
        return outcomes;
      },
    };
    const { summary } = await applyPlan(applyInput(at, path), applyPorts(at, home, { org }));
    expect(summary).toMatchObject({ state: 'done', persons: { done: ids.length } });
    expect(summary.counts['already-done']).toBeGreaterThanOrEqual(1);
    expect([await livingContacts(at), await inBin()]).toEqual([[], 0]);
  });

  it('is not believed of a record that lies in the bin: it is left, and reported', async () => {
    const { ids, path } = await planned(3);
    const match = { operation: 'emptyRecycleBin' as const, ids: [ids[0]!] };
    at.twin.faults.add({ kind: 'rows', code: 'INVALID_ID_FIELD', match });
    const { summary } = await applyPlan(applyInput(at, path), applyPorts(at, home));
    expect(summary).toMatchObject({ state: 'partly-done', persons: { done: 2, refused: 1 } });
    expect(summary.notDone).toEqual([{ code: 'INVALID_ID_FIELD', count: 1 }]);
    expect([await livingContacts(at), await inBin()]).toEqual([[], 1]);
  });
});

const runRecord = async (): Promise<readonly unknown[]> => {
  const soql =
    'SELECT State__c, ErrorCode__c, LockKey__c FROM GardeRun__c ORDER BY StartedAt__c DESC, Name DESC LIMIT 1';
  for await (const row of at.admin.query(soql)) return [row['State__c'], row['ErrorCode__c'], row['LockKey__c']];
  return [];
};

describe('a question that the org does not answer', () => {
  it.each([
    ['UNKNOWN_EXCEPTION', 500, 'unknown-error'],
    ['API_DISABLED_FOR_ORG', 403, 'ask-human'],
    ['REQUEST_LIMIT_EXCEEDED', 403, 'org-unavailable'],
  ])('pauses the run with %s on its record, and it goes on later', async (code, status, cause) => {
    const { ids, path } = await planned(4);
    let asked = false;
    const failing = (): void => {
      if (asked) return;
      asked = true;
      at.twin.faults.add({ kind: 'error', code, status, match: { route: 'query with deleted rows' } });
    };
    const org: Org = {
      ...at.admin,
      delete: async (batch) => {
        const outcomes = await at.admin.delete(batch);
        failing();
        return outcomes;
      },
    };
    const paused = await applyPlan(applyInput(at, path), applyPorts(at, home, { org }));
    expect(paused.summary).toMatchObject({ state: 'paused', stopCause: cause, stopCode: code });
    expect(paused.checkpoint).toBeNull();
    at.twin.faults.clear();
    expect(await runRecord()).toEqual(['paused', code, null]);
    const { summary } = await resumePlan(applyInput(at, path), applyPorts(at, home));
    expect(summary).toMatchObject({ state: 'done', persons: { done: ids.length } });
  });
});
