import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openTwinAs } from '../../scripts/app/connectTwin.ts';
import type { RecordId } from '../../scripts/kernel/recordId.ts';
import type { Org } from '../../scripts/org/port.ts';
import { applyPlan, resumePlan, type ApplyPorts } from '../../scripts/plan/apply/applyPlan.ts';
import { jobsOf, waitForRest } from '../../scripts/plan/channels/bulkSteps.ts';
import { examplePerson } from './examplePlan.ts';
import { applyInput, applyPorts, approve, livingContacts, makePlan } from './cycle.ts';
import { temporaryVault } from './temporaryVault.ts';
import { oldContact, openTestOrg, START, type TestOrg } from './testOrg.ts';

let at: TestOrg;
let home: ReturnType<typeof temporaryVault>;
beforeAll(async () => {
  at = await openTestOrg();
});
afterAll(() => at.close());
beforeEach(() => {
  at.setTime(START);
  home = temporaryVault('bulk', START);
});
afterEach(async () => {
  at.twin.faults.clear();
  for (const object of ['Case', 'Contact']) {
    const ids: RecordId[] = [];
    for await (const row of at.admin.query(`SELECT Id FROM ${object}`)) ids.push(row['Id'] as RecordId);
    await at.admin.delete(ids);
  }
  home.remove();
});

/** So many due people that the last tier has 60 of them. */
const populate = (): readonly string[] => {
  const names = Array.from({ length: 170 }, (_, n) => `Due${String(n).padStart(3, '0')}`);
  return at.load(
    'Contact',
    names.map((name) => oldContact(name)),
  );
};

/** Jobs from ten steps on. */
const bulkPorts = (over: Partial<ApplyPorts> = {}): ApplyPorts => applyPorts(at, home, { bulkFrom: 10, ...over });

const planned = async (): Promise<string> => {
  const { path } = await makePlan(at, home);
  await approve(at, path);
  return path;
};

const closedJobs = async (org: Org): Promise<number> => (await org.ingest.unfinished()).length;

describe('a run by Bulk jobs', () => {
  it('deletes by job, empties the bin, and leaves no job behind', async () => {
    populate();
    const path = await planned();
    const created: string[] = [];
    const ingest = {
      ...at.admin.ingest,
      create: async (...task: Parameters<Org['ingest']['create']>) => {
        const id = await at.admin.ingest.create(...task);
        created.push(id);
        return id;
      },
    };
    const { summary } = await applyPlan(applyInput(at, path), bulkPorts({ org: { ...at.admin, ingest } }));
    expect(summary).toMatchObject({ state: 'done', persons: { done: 170, left: 0 } });
    expect(created.length).toBeGreaterThanOrEqual(3);
    for (const id of created) expect(await at.admin.ingest.state(id)).toBeUndefined();
    expect(await livingContacts(at)).toEqual([]);
  });

  it('takes rows that others lock in smaller calls', async () => {
    populate();
    const path = await planned();
    at.twin.faults.add({
      kind: 'rows',
      code: 'UNABLE_TO_LOCK_ROW',
      match: { operation: 'delete', object: 'Contact' },
      when: { every: 7, times: 12 },
    });
    const { summary } = await applyPlan(applyInput(at, path), bulkPorts());
    expect(summary).toMatchObject({ state: 'done', persons: { done: 170 } });
  });

  it('asks the records when a job fails in the middle, and takes the others in smaller calls', async () => {
    populate();
    const path = await planned();
    at.twin.faults.add({
      kind: 'jobFailure',
      message: 'InternalServerError : something broke',
      afterRows: 5,
      match: { job: 'ingest', operation: 'delete' },
    });
    const { summary } = await applyPlan(applyInput(at, path), bulkPorts());
    expect(summary).toMatchObject({ state: 'done', persons: { done: 170 } });
  });

  it('waits for the job of a killed run before it asks what became of its rows', async () => {
    const ids = populate();
    const path = await planned();
    class Killed extends Error {}
    let states = 0;
    const ingest = {
      ...at.admin.ingest,
      state: (id: string) => {
        states += 1;
        if (states === 1) throw new Killed();
        return at.admin.ingest.state(id);
      },
    };
    const killed = applyPlan(applyInput(at, path), bulkPorts({ org: { ...at.admin, ingest } }));
    await expect(killed).rejects.toThrow(Killed);
    const deletions: string[] = [];
    const watched: Org = {
      ...at.admin,
      delete: (rows) => {
        deletions.push(...rows);
        return at.admin.delete(rows);
      },
    };
    const { summary } = await resumePlan(applyInput(at, path), bulkPorts({ org: watched }));
    expect(summary).toMatchObject({ state: 'done', persons: { done: ids.length } });
    expect(deletions).toEqual([]);
    expect(await closedJobs(at.admin)).toBe(0);
  });

  it('pauses when a job does not end, and goes on with the same job', async () => {
    populate();
    const path = await planned();
    const [fault] = at.twin.faults.add({ kind: 'slow', match: { job: 'ingest' } });
    const first = await applyPlan(applyInput(at, path), bulkPorts());
    expect(first.summary).toMatchObject({ state: 'paused', stopCode: 'BULK_JOB_SLOW' });
    at.twin.faults.clear();
    expect(fault).toBeDefined();
    const { summary } = await resumePlan(applyInput(at, path), bulkPorts());
    expect(summary).toMatchObject({ state: 'done', persons: { done: 170 } });
  });

  it('puts back who is edited between check and deletion, and says so', async () => {
    const ids = populate();
    const path = await planned();
    const officer = await openTwinAs(at.twin, 'loader');
    let edited = false;
    const ingest = {
      ...at.admin.ingest,
      close: async (id: string) => {
        if (!edited) await officer.update('Contact', [{ Id: ids[0]!, MobilePhone: '+33 6 99 99 99 99' }]);
        edited = true;
        await at.admin.ingest.close(id);
      },
    };
    const { summary } = await applyPlan(applyInput(at, path), bulkPorts({ org: { ...at.admin, ingest } }));
    expect(summary).toMatchObject({ state: 'partly-done', persons: { done: 169, changed: 1 } });
    expect(summary.notDone).toContainEqual({ code: 'edited-since-check', count: 1 });
    expect(await livingContacts(at)).toEqual(['Due000']);
  });
});

describe('jobs', () => {
  const steps = Array.from({ length: 25 }, (_, n) => examplePerson(2 * n).steps[0]!);
  const row = (step: (typeof steps)[number]) => ({ Id: step.recordId });

  it('are split by rows and by bytes, and lose no step', () => {
    expect(jobsOf(steps, row, { rows: 10, bytes: 1e6 }).map((job) => job.length)).toEqual([10, 10, 5]);
    const byBytes = jobsOf(steps, row, { rows: 1000, bytes: 100 });
    expect(byBytes.length).toBeGreaterThan(5);
    expect(byBytes.flat()).toEqual(steps);
  });

  it('are looked at as often as their speed asks for', () => {
    expect(waitForRest(10_000, 0, 0)).toBe(500);
    expect(waitForRest(10_000, 0, 500)).toBeGreaterThan(500);
    expect(waitForRest(10_000, 5_000, 10_000)).toBe(11_000);
    expect(waitForRest(1_000_000, 1, 1_000)).toBe(60_000);
  });
});
