import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RecordId } from '../../scripts/kernel/recordId.ts';
import { CRASH_BOUNDARIES } from '../../scripts/model/run.ts';
import type { Org } from '../../scripts/org/port.ts';
import type { ApplyResult } from '../../scripts/plan/apply/applyPlan.ts';
import { checkLedger } from '../../scripts/plan/prove/checkLedger.ts';
import { readPlanHeader } from '../../scripts/plan/file/openPlan.ts';
import type { CrashPoint } from '../../scripts/plan/apply/runCalls.ts';
import { createRetentionGuard } from '../../scripts/retention/retentionGuard.ts';
import { createKiller, histogram, untilItEnds, wantedKills } from '../soak/drive.ts';
import { endState, type EndState } from '../soak/endState.ts';
import { freezePlan, type FrozenPlan } from '../soak/frozenPlan.ts';
import { applyInput, applyPorts, approve, livingContacts, makePlan } from './cycle.ts';
import { recordId } from './examplePlan.ts';
import { temporaryVault } from './temporaryVault.ts';
import { oldContact, openTestOrg, type TestOrg } from './testOrg.ts';

const OPERATIONS = ['create', 'delete', 'purge', 'undelete', 'uploadFile'] as const;
const TIMES = 3;

let at: TestOrg;
let home: ReturnType<typeof temporaryVault>;
let people: ReadonlyMap<string, string>;
let frozen: FrozenPlan;
beforeAll(async () => {
  at = await openTestOrg();
  home = temporaryVault('crash', at.clock.now());
  people = populate();
  const { path } = await makePlan(at, home);
  await approve(at, path);
  frozen = await freezePlan(at, home.folder, path);
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
const withCallers = (): Org => {
  let called = false;
  const callIn = (ids: readonly string[]): void => {
    const callers = CALLERS.map((name) => people.get(name)!);
    if (called || !callers.every((id) => ids.includes(id))) return;
    called = true;
    const call = { Subject: 'Appel', Status: 'Completed', IsClosed: true, TaskSubtype: 'Call' };
    at.load(
      'Task',
      // the same ids in every run, so that ends can be compared by id
      callers.map((WhoId, i) => ({ ...call, Id: recordId('00T', 900 + i), WhoId, ActivityDate: '2026-11-19' })),
    );
  };
  return {
    ...at.admin,
    delete: (ids: readonly RecordId[]) => {
      callIn(ids);
      return at.admin.delete(ids);
    },
  };
};

type End = {
  readonly result: ApplyResult;
  readonly state: EndState;
  readonly living: readonly string[];
  readonly sittings: number;
};

const run = async (crashPoint?: CrashPoint): Promise<End> => {
  const opened = { ...home, ...(await frozen.thaw()) };
  const guard = await createRetentionGuard(at.law, at.clock.now)(at.admin, readPlanHeader(frozen.planPath));
  const ports = applyPorts(at, opened, {
    org: withCallers(),
    createGuard: () => Promise.resolve(guard),
    ...(crashPoint === undefined ? {} : { crashPoint }),
  });
  const { result, sittings } = await untilItEnds(applyInput(at, frozen.planPath), ports);
  const { vault } = opened;
  const orgId = at.twin.orgId;
  const state = await endState(at.twin, at.admin, { vault, orgId, since: frozen.begunAt });
  const ledger = await checkLedger({ record: false }, { org: at.admin, vault, clock: at.clock });
  expect(ledger).toMatchObject({ state: 'verified', faults: [], checkpoints: 1 });
  return { result, state, sittings, living: await livingContacts(at) };
};

describe('RET-06: a run killed at any boundary', () => {
  it('resumes to the same org and the same ledger as a run that was never killed', async () => {
    const whole = await run();
    expect(whole.living).toEqual(['Due01', 'Due02', 'Due03', 'Due04', 'Kept']);
    expect(whole.result.summary).toMatchObject({ state: 'partly-done', persons: { done: 10, changed: 4, left: 0 } });
    const wanted = wantedKills(OPERATIONS, TIMES);
    const struck: string[] = [];
    for (let seed = 1; seed <= 12 && [...wanted.values()].some((left) => left > 0); seed += 1) {
      const killer = createKiller(wanted, { seed, isEager: seed > 4 });
      const killed = await run(killer.crashPoint);
      struck.push(...killer.struck);
      expect(killed.sittings).toBe(killer.struck.length + 1);
      expect(killed.state).toEqual(whole.state);
      const { persons, state, doneBy, counts } = whole.result.summary;
      expect(killed.result.summary).toMatchObject({ persons, state, doneBy, counts });
    }
    process.stdout.write(`${histogram(struck)}\n`);
    expect([...wanted].filter(([, left]) => left > 0)).toEqual([]);
    expect(struck.length).toBe(OPERATIONS.length * CRASH_BOUNDARIES.length * TIMES);
  }, 300_000);
});
