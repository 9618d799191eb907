import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkLedger } from '../../scripts/plan/prove/checkLedger.ts';
import { seededChance } from '../soak/drive.ts';
import { endState, type EndState } from '../soak/endState.ts';
import { freezePlan, type FrozenPlan } from '../soak/frozenPlan.ts';
import { requestsMade, sitAndKill, type KillMoment, type SittingEnd, type SittingOrder } from '../soak/killedRuns.ts';
import { approve, makePlan } from './cycle.ts';
import { temporaryVault } from './temporaryVault.ts';
import { oldContact, openTestOrg, START, type TestOrg } from './testOrg.ts';

const KILLS = 20;
const KILLS_PER_RUN = 7;

let at: TestOrg;
let home: ReturnType<typeof temporaryVault>;
let frozen: FrozenPlan;
beforeAll(async () => {
  at = await openTestOrg();
  home = temporaryVault('kills', at.clock.now());
  const ids = at.load('Contact', [
    ...Array.from({ length: 24 }, (_, i) => oldContact(`Due${String(i).padStart(2, '0')}`)),
    { LastName: 'Kept', CreatedDate: '2026-11-01T00:00:00.000Z' },
  ]);
  const closed = { Status: 'Closed', IsClosed: true, Origin: 'Web', CreatedDate: '2016-01-01T00:00:00.000Z' };
  at.load(
    'Case',
    ids.slice(0, 12).map((ContactId) => ({ ...closed, ContactId })),
  );
  at.load(
    'Task',
    ids.slice(6, 18).map((WhoId) => ({ WhoId, Subject: 'Mailing', Status: 'Completed' })),
  );
  const { path } = await makePlan(at, home);
  await approve(at, path);
  frozen = await freezePlan(at, home.folder, path);
});
afterAll(async () => {
  await at.close();
  home.remove();
});

type End = { readonly state: EndState; readonly ended: SittingEnd; readonly killedAt: readonly KillMoment[] };

/** Sits at the plan again and again until it is through; `moments` says when each sitting is killed. */
const run = async (moments: Iterable<KillMoment>): Promise<End> => {
  const { vault, folder } = await frozen.thaw();
  const { instanceUrl, orgId, users } = at.twin;
  const order: SittingOrder = { twin: { instanceUrl, orgId, users }, folder, planPath: frozen.planPath, now: START };
  const killedAt: KillMoment[] = [];
  let ended: SittingEnd = { killed: true };
  for (const moment of moments) {
    ended = await sitAndKill(at, order, moment);
    if (!ended.killed) break;
    killedAt.push(moment);
  }
  if (ended.killed) ended = await sitAndKill(at, order);
  const state = await endState(at.twin, at.admin, { vault, orgId, since: frozen.begunAt });
  const ledger = await checkLedger({ record: false }, { org: at.admin, vault, clock: at.clock });
  expect(ledger).toMatchObject({ state: 'verified', faults: [], checkpoints: 1 });
  return { state, ended, killedAt };
};

describe('a process that is killed by the system', () => {
  it('loses nothing, does nothing twice and leaves nothing behind, whenever it is', async () => {
    const whole = await run([]);
    expect(whole.ended).toMatchObject({ summary: { state: 'done', persons: { done: 24 } } });
    const { requests, writes } = requestsMade(at);
    const chance = seededChance(20);
    const upTo = (n: number): number => 1 + Math.floor(chance() * n);
    const drawn = (): KillMoment => {
      const delay = upTo(10) - 1;
      // half of them where it hurts: between the sending of a change and its answer
      return chance() < 0.5
        ? { of: 'writes', nth: upTo(writes / 2), delay }
        : { of: 'requests', nth: upTo(requests), delay };
    };
    const kills: KillMoment[] = [];
    for (let runs = 0; runs < 12 && kills.length < KILLS; runs += 1) {
      const moments = Array.from({ length: Math.min(KILLS_PER_RUN, KILLS - kills.length) }, drawn);
      const killed = await run(moments);
      kills.push(...killed.killedAt);
      expect(killed.state).toEqual(whole.state);
      expect(killed.ended).toMatchObject({ summary: { state: 'done', persons: { done: 24 } } });
    }
    process.stdout.write(
      `killed ${String(kills.length)} times: ${kills.map(({ of, nth, delay }) => `${of} ${nth}+${delay} ms`).join(', ')}\n`,
    );
    expect(kills.length).toBeGreaterThanOrEqual(KILLS);
  }, 300_000);
});
