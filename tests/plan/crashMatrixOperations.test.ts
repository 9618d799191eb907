import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CRASH_BOUNDARIES } from '../../scripts/model/run.ts';
import type { ApplyResult } from '../../scripts/plan/apply/applyPlan.ts';
import { checkLedger } from '../../scripts/plan/prove/checkLedger.ts';
import type { CrashPoint } from '../../scripts/plan/apply/runCalls.ts';
import { createKiller, histogram, untilItEnds, wantedKills } from '../soak/drive.ts';
import { endState, type EndState } from '../soak/endState.ts';
import { freezePlan, type FrozenPlan } from '../soak/frozenPlan.ts';
import { addRecipients, makeMixedPlan, MIXED_OPERATIONS, standingGuard } from '../soak/mixedPlan.ts';
import { applyInput, applyPorts, approve } from './cycle.ts';
import { temporaryVault } from './temporaryVault.ts';
import { openTestOrg, type TestOrg } from './testOrg.ts';

const TIMES = 3;
const PEOPLE = 6;

let at: TestOrg;
let home: ReturnType<typeof temporaryVault>;
let frozen: FrozenPlan;
beforeAll(async () => {
  at = await openTestOrg();
  home = temporaryVault('operations', at.clock.now());
  await addRecipients(at, home.folder);
  const path = await makeMixedPlan(at, home, { people: PEOPLE });
  await approve(at, path);
  frozen = await freezePlan(at, home.folder, path);
});
afterAll(async () => {
  await at.close();
  home.remove();
});

type End = { readonly result: ApplyResult; readonly state: EndState; readonly sittings: number };

const run = async (crashPoint?: CrashPoint): Promise<End> => {
  const opened = { ...home, ...(await frozen.thaw()) };
  const ports = applyPorts(at, opened, {
    createGuard: standingGuard,
    ...(crashPoint === undefined ? {} : { crashPoint }),
  });
  const { result, sittings } = await untilItEnds(applyInput(at, frozen.planPath), ports);
  const { vault } = opened;
  const state = await endState(at.twin, at.admin, { vault, orgId: at.twin.orgId, since: frozen.begunAt });
  const ledger = await checkLedger({ record: false }, { org: at.admin, vault, clock: at.clock });
  expect(ledger).toMatchObject({ state: 'verified', faults: [], checkpoints: 1 });
  return { result, state, sittings };
};

describe('a run of every operation, killed at any boundary', () => {
  it('resumes to the same org, vault and ledger as a run that was never killed', async () => {
    const whole = await run();
    expect(whole.result.summary).toMatchObject({ state: 'done', persons: { done: PEOPLE, changed: 0, left: 0 } });
    const wanted = wantedKills(MIXED_OPERATIONS, TIMES);
    const struck: string[] = [];
    for (let seed = 1; seed <= 12 && [...wanted.values()].some((left) => left > 0); seed += 1) {
      const strikesAt = (object: string): boolean => !object.startsWith('Garde');
      const killer = createKiller(wanted, { seed, isEager: seed > 3, strikesAt });
      const killed = await run(killer.crashPoint);
      struck.push(...killer.struck);
      expect(killed.state).toEqual(whole.state);
      const { persons, state, doneBy } = whole.result.summary;
      expect(killed.result.summary).toMatchObject({ persons, state, doneBy });
    }
    process.stdout.write(`${histogram(struck)}\n`);
    expect([...wanted].filter(([, left]) => left > 0)).toEqual([]);
    expect(struck.length).toBe(MIXED_OPERATIONS.length * CRASH_BOUNDARIES.length * TIMES);
  }, 300_000);
});
