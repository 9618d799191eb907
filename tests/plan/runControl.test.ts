import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { RecordId } from '../../scripts/kernel/recordId.ts';
import type { Org } from '../../scripts/org/port.ts';
import { applyPlan, resumePlan } from '../../scripts/plan/apply/applyPlan.ts';
import { openPlan } from '../../scripts/plan/file/openPlan.ts';
import { batchesOf, chooseRamp } from '../../scripts/plan/apply/ramp.ts';
import { ledgerSigner } from '../../scripts/plan/prove/runLedger.ts';
import { askForPause } from '../../scripts/plan/apply/runLock.ts';
import { parseRunWindow } from '../../scripts/plan/apply/runWindow.ts';
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
  home = temporaryVault('control', START);
});
afterEach(async () => {
  at.twin.faults.clear();
  const ids: RecordId[] = [];
  for await (const row of at.admin.query('SELECT Id FROM Contact')) ids.push(row['Id'] as RecordId);
  await at.admin.delete(ids);
  home.remove();
});

/** For a second machine that builds on what the first signed. */
const trusting = () => ({ ledgerKeys: [ledgerSigner(home.vault, at.twin.orgId)] });

const planned = async (people: number): Promise<string> => {
  at.load(
    'Contact',
    Array.from({ length: people }, (_, n) => oldContact(`Due${String(n).padStart(3, '0')}`)),
  );
  const { path } = await makePlan(at, home);
  await approve(at, path);
  return path;
};

/** The admin's org, in which something happens right before the first deletion. */
const before = (happens: () => Promise<unknown>): Org => {
  let once = false;
  return {
    ...at.admin,
    delete: async (ids) => {
      if (!once) await happens();
      once = true;
      return at.admin.delete(ids);
    },
  };
};

describe('a run', () => {
  it('pauses after the batch in hand when somebody asks, and goes on when it is resumed', async () => {
    const path = await planned(30);
    const ports = applyPorts(at, home, { org: before(() => askForPause(at.admin)) });
    const { summary } = await applyPlan(applyInput(at, path, { machine: 'Bureau de Camille' }), ports);
    expect(summary).toMatchObject({ state: 'paused', stopCause: 'pause-asked', persons: { done: 10, left: 20 } });
    const held = await at.admin.count('SELECT COUNT() FROM GardeRun__c WHERE LockKey__c != null');
    const paused = await at.admin.count("SELECT COUNT() FROM GardeRun__c WHERE State__c = 'paused'");
    expect([held, paused]).toEqual([0, 1]);
    const end = await resumePlan(applyInput(at, path), applyPorts(at, home));
    expect(end.summary).toMatchObject({ state: 'done', persons: { done: 30 } });
  });

  it('is told nothing to pause when none holds the org', async () => {
    expect(await askForPause(at.admin)).toEqual({ run: null, startedAt: null, machine: null });
  });

  it('begins nothing outside its window, and goes on inside it', async () => {
    const path = await planned(12);
    const window = { ...parseRunWindow('22:00-06:00'), timeZone: 'Europe/Paris' };
    const day = await applyPlan(applyInput(at, path, { window }), applyPorts(at, home));
    expect(day.summary).toMatchObject({ state: 'paused', stopCause: 'outside-window', persons: { left: 12 } });
    expect(await livingContacts(at)).toHaveLength(12);
    at.setTime('2026-11-20T21:30:00.000Z');
    const night = await resumePlan(applyInput(at, path, { window }), applyPorts(at, home));
    expect(night.summary.state).toBe('done');
  });

  it('tells a second machine who holds the org, where and since when', async () => {
    const path = await planned(3);
    const other = temporaryVault('other', START);
    const second = async (): Promise<unknown> => {
      const { path: own } = await makePlan(at, other);
      await approve(at, own);
      return applyPlan(applyInput(at, own, trusting()), applyPorts(at, other)).catch((error: unknown) => error);
    };
    let told: unknown;
    const org = before(async () => {
      told = await second();
    });
    await applyPlan(applyInput(at, path, { machine: 'poste-12' }), applyPorts(at, home, { org }));
    other.remove();
    expect(told).toMatchObject({ name: 'RunLocked' });
    const { username } = await at.admin.identity();
    expect((told as Error).message).toContain(`${username} runs `);
    expect((told as Error).message).toContain(`on poste-12 since 2026-11-20T09:00:00`);
  });

  it('leaves the lock to a killed run whose Bulk job the org still works on', async () => {
    const path = await planned(40);
    at.twin.faults.add({ kind: 'slow', match: { job: 'ingest' } });
    class Killed extends Error {}
    const ingest = { ...at.admin.ingest, state: () => Promise.reject(new Killed()) };
    const ports = applyPorts(at, home, { org: { ...at.admin, ingest }, bulkFrom: 5 });
    await expect(applyPlan(applyInput(at, path), ports)).rejects.toThrow(Killed);
    at.setTime('2026-11-20T12:00:00.000Z');
    const other = temporaryVault('other', START);
    const { path: own } = await makePlan(at, other);
    await approve(at, own);
    const take = () => applyPlan(applyInput(at, own, trusting()), applyPorts(at, other));
    await expect(take()).rejects.toThrow(/still works on a Bulk job/);
    at.twin.faults.clear();
    const [job] = await at.admin.ingest.unfinished();
    while ((await at.admin.ingest.state(job!.id))?.state !== 'JobComplete') await at.admin.ingest.state(job!.id);
    expect((await take()).summary.state).not.toBe('paused');
    other.remove();
  });
});

describe('the last tier', () => {
  it('comes in batches that fit into the recycle bin, each person once', async () => {
    const path = await planned(170);
    const plan = openPlan(path, home.vault);
    const ramp = chooseRamp(plan.store);
    const rest = [...batchesOf(plan.store, ramp, 'rest', { people: 1000, rows: 12 })];
    plan.store.close();
    // two steps a person
    expect(Math.max(...rest.map((batch) => batch.length))).toBe(6);
    const all = [...ramp.early.flat(), ...rest.flat()];
    expect(new Set(all).size).toBe(170);
    expect(all).toHaveLength(170);
  });
});
