import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openLeafSalts } from '../../scripts/evidence/leafSalts.ts';
import type { RecordId } from '../../scripts/kernel/recordId.ts';
import type { Operation } from '../../scripts/model/plan.ts';
import { CRASH_BOUNDARIES, type CrashBoundary } from '../../scripts/model/run.ts';
import type { Org } from '../../scripts/org/port.ts';
import { applyPlan, resumePlan, type ApplyPorts, type ApplyResult } from '../../scripts/plan/applyPlan.ts';
import { findJournal } from '../../scripts/plan/journal.ts';
import { checkLedger } from '../../scripts/plan/checkLedger.ts';
import { readPlanHeader } from '../../scripts/plan/openPlan.ts';
import type { CrashPoint } from '../../scripts/plan/runCalls.ts';
import { createRetentionGuard } from '../../scripts/retention/retentionGuard.ts';
import { applyInput, applyPorts, approve, livingContacts, makePlan } from './cycle.ts';
import { temporaryVault } from './temporaryVault.ts';
import { oldContact, openTestOrg, type TestOrg } from './testOrg.ts';

class Killed extends Error {}
type Home = ReturnType<typeof temporaryVault>;
const OPERATIONS = ['create', 'delete', 'purge', 'undelete', 'uploadFile'] as const;

let at: TestOrg;
let home: Home;
beforeAll(async () => {
  at = await openTestOrg();
  home = temporaryVault('crash', at.clock.now());
});
afterAll(async () => {
  await at.close();
  home.remove();
});

/** Fourteen due people of every kind, four of whom call in while they are being deleted; one who is kept. */
const populate = (): ReadonlyMap<string, string> => {
  const names = Array.from({ length: 14 }, (_, i) => `Due${String(i).padStart(2, '0')}`);
  const individuals = at.load('Individual', [{ LastName: 'Due00' }, { LastName: 'Due01' }]);
  const ids = at.load('Contact', [
    ...names.map((name, i) => oldContact(name, individuals[i] === undefined ? {} : { IndividualId: individuals[i] })),
    { LastName: 'Kept', CreatedDate: '2026-11-01T00:00:00.000Z' },
  ]);
  const of = (i: number): string => ids[i]!;
  at.load(
    'Case',
    [0, 1, 2].map((i) => ({
      ContactId: of(i),
      Status: 'Closed',
      IsClosed: true,
      Origin: 'Web',
      CreatedDate: '2016-01-01T00:00:00.000Z',
    })),
  );
  at.load(
    'Task',
    [0, 3, 4].map((i) => ({ WhoId: of(i), Subject: 'Mailing', Status: 'Completed' })),
  );
  return new Map(names.map((name, i) => [name, of(i)]));
};

const CALLERS = ['Due01', 'Due02', 'Due03', 'Due04'];

/** The org as it is when four people call in just before the request for their deletion arrives. */
const withCallers = (people: ReadonlyMap<string, string>): Org => {
  let called = false;
  const callIn = (ids: readonly string[]): void => {
    const callers = CALLERS.map((name) => people.get(name)!);
    if (called || !callers.every((id) => ids.includes(id))) return;
    called = true;
    const call = {
      Subject: 'Appel',
      Status: 'Completed',
      IsClosed: true,
      TaskSubtype: 'Call',
      ActivityDate: '2026-11-19',
    };
    at.load(
      'Task',
      callers.map((WhoId) => ({ ...call, WhoId })),
    );
  };
  return {
    ...at.admin,
    delete: (ids) => {
      callIn(ids);
      return at.admin.delete(ids);
    },
  };
};

/** A killer that strikes at each wanted point once. */
const killer = (wanted: Set<string>) => {
  const struck: string[] = [];
  const crashPoint: CrashPoint = (boundary: CrashBoundary, operation: Operation) => {
    const point = `${operation} ${boundary}`;
    if (!wanted.delete(point)) return;
    struck.push(point);
    throw new Killed(point);
  };
  return { crashPoint, struck };
};

type End = { readonly result: ApplyResult; readonly entries: readonly unknown[]; readonly living: readonly string[] };

type LeafContent = {
  readonly subject: string;
  readonly content: { readonly operation: string; readonly object: string; readonly outcome: string };
};

const entriesOf = (people: ReadonlyMap<string, string>, treeSize: number): readonly unknown[] => {
  const names = new Map([...people].map(([name, id]) => [id, name]));
  const all = home.vault.holdings().filter((one) => one.kind === 'ledger-salts');
  const salts = all.map((one) => openLeafSalts(home.vault, one)).find((one) => one.checkpoint()?.size === treeSize)!;
  const entries = [...people.values()].flatMap((id) => salts.entriesOf(id));
  expect(salts.count()).toBe(entries.length + 2);
  return entries.map((entry) => {
    const { content, subject } = JSON.parse(entry.content) as LeafContent;
    return [names.get(subject), content.operation, content.object, content.outcome];
  });
};

/** Applies, and after each killing resumes, until the run ends. */
const untilItEnds = async (path: string, ports: ApplyPorts): Promise<ApplyResult> => {
  for (let attempt = 0; attempt < 60; attempt += 1) {
    try {
      const { digest } = readPlanHeader(path);
      const journal = findJournal(home.vault, (await at.admin.identity()).orgId, digest);
      journal?.close();
      return await (journal === undefined ? applyPlan : resumePlan)(applyInput(at, path), ports);
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      // A request that was on its way when the process died still arrives.
      await new Promise((arrived) => setTimeout(arrived, 60));
    }
  }
  throw new Error('the run never ended');
};

const run = async (wanted: Set<string>): Promise<End & { readonly struck: readonly string[] }> => {
  const people = populate();
  const { path } = await makePlan(at, home);
  await approve(at, path);
  const guard = await createRetentionGuard(at.law, at.clock.now)(at.admin, readPlanHeader(path));
  const { crashPoint, struck } = killer(wanted);
  const createGuard = () => Promise.resolve(guard);
  const result = await untilItEnds(path, applyPorts(at, home, { org: withCallers(people), crashPoint, createGuard }));
  const entries = entriesOf(people, result.checkpoint!.size);
  const end = { result, struck, entries, living: await livingContacts(at) };
  for (const object of ['Case', 'Contact', 'Individual']) await at.admin.delete(await idsOf(object));
  return end;
};

const idsOf = async (object: string): Promise<readonly RecordId[]> => {
  const ids: RecordId[] = [];
  for await (const row of at.admin.query(`SELECT Id FROM ${object}`)) ids.push(row['Id'] as RecordId);
  return ids;
};

describe('RET-06: a run killed at any boundary', () => {
  it('resumes to the same org and the same ledger as a run that was never killed', async () => {
    const whole = await run(new Set());
    expect(whole.living).toEqual(['Due01', 'Due02', 'Due03', 'Due04', 'Kept']);
    expect(whole.result.summary).toMatchObject({ state: 'partly-done', persons: { done: 10, changed: 4, left: 0 } });
    const wanted = new Set(OPERATIONS.flatMap((operation) => CRASH_BOUNDARIES.map((one) => `${operation} ${one}`)));
    const histogram: string[] = [];
    for (let i = 0; i < 6 && wanted.size > 0; i += 1) {
      const killed = await run(wanted);
      histogram.push(...killed.struck);
      expect(killed.living).toEqual(whole.living);
      expect(killed.entries).toEqual(whole.entries);
      expect(killed.result.summary.persons).toEqual(whole.result.summary.persons);
      expect(killed.result.summary.state).toBe(whole.result.summary.state);
    }
    expect([...wanted]).toEqual([]);
    expect(histogram).toHaveLength(OPERATIONS.length * CRASH_BOUNDARIES.length);
    const ledger = await checkLedger({ record: true }, { org: at.admin, vault: home.vault, clock: at.clock });
    expect(ledger).toMatchObject({ state: 'verified', faults: [] });
    const files = await at.admin.count("SELECT COUNT() FROM ContentVersion WHERE Title = 'leaves'");
    const runs = await at.admin.count('SELECT COUNT() FROM GardeRun__c');
    expect([files, runs]).toEqual([ledger.checkpoints, ledger.checkpoints]);
  }, 300_000);
});
