import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { OrgError } from '../../scripts/org/orgProblems.ts';
import { applyPlan, resumePlan } from '../../scripts/plan/apply/applyPlan.ts';
import { checkLedger } from '../../scripts/plan/prove/checkLedger.ts';
import { insist, insistOnRow } from '../../scripts/plan/apply/ownRecords.ts';
import type { FaultInput } from '../../scripts/twin/faults/faultPlan.ts';
import { apply, applyInput, applyPorts, approve, makePlan } from './cycle.ts';
import { temporaryVault } from './temporaryVault.ts';
import { oldContact, openTestOrg, START, type TestOrg } from './testOrg.ts';

let at: TestOrg;
beforeAll(async () => {
  at = await openTestOrg();
});
afterAll(() => at.close());
afterEach(() => {
  at.twin.faults.clear();
});

const OWN = ['GardePlan__c', 'GardeRun__c', 'GardeCheckpoint__c'] as const;

/** A run of one person during which these faults happen: how it ended, and how many rows of Garde's own it made. */
const runWith = async (name: string, faults: readonly FaultInput[]) => {
  const home = temporaryVault(name, START);
  const count = (object: string): Promise<number> => at.admin.count(`SELECT COUNT() FROM ${object}`);
  try {
    at.load('Contact', [oldContact(name)]);
    const { path } = await makePlan(at, home);
    await approve(at, path);
    const before = await Promise.all(OWN.map(count));
    at.twin.faults.add({ faults });
    const { summary } = await apply(at, home, path);
    const hits = at.twin.faults.hits().length;
    at.twin.faults.clear();
    const after = await Promise.all(OWN.map(count));
    const checkpoints = at.admin.query('SELECT Id FROM GardeCheckpoint__c');
    for await (const { Id } of checkpoints) await at.admin.delete([Id as never]);
    return { state: summary.state, made: after.map((n, i) => n - (before[i] ?? 0)), hits };
  } finally {
    home.remove();
  }
};

describe('rows of Garde’s own', () => {
  it('are written again when others hold them', async () => {
    const faults = OWN.map((object): FaultInput => ({
      ...{ kind: 'rows', code: 'UNABLE_TO_LOCK_ROW', match: { object } },
      when: { times: 3 },
    }));
    const { hits, ...end } = await runWith('Locked', faults);
    expect(end).toEqual({ state: 'done', made: [1, 1, 1] });
    expect(hits).toBeGreaterThan(6);
  });

  it('are made once when the answer to their making is lost', async () => {
    const faults = (['POST', 'PATCH'] as const).map((method): FaultInput => ({
      ...{ kind: 'reset', moment: 'after', match: { method, path: '/services/data/*/composite/sobjects' } },
      when: { every: 2 },
    }));
    const { hits, ...end } = await runWith('Lost', faults);
    expect(end).toEqual({ state: 'done', made: [1, 1, 1] });
    expect(hits).toBeGreaterThan(2);
  });
});

describe('a run that is killed while it seals what the ledger commits to', () => {
  it('leaves no sealed entries that nobody knows', async () => {
    const home = temporaryVault('sealing', START);
    at.load('Contact', [oldContact('Sealing')]);
    const { path } = await makePlan(at, home);
    await approve(at, path);
    const ports = applyPorts(at, home);
    class Killed extends Error {}
    // only salts are drawn many at once
    const random = (bytes: number): Uint8Array => {
      if (bytes > 1000) throw new Killed();
      return ports.random(bytes);
    };
    await expect(applyPlan(applyInput(at, path), { ...ports, random })).rejects.toThrow(Killed);
    // one that was listed and has no table yet
    home.vault.createStore('ledger-salts', at.twin.orgId, '2030-01-01T00:00:00.000Z').store.close();
    const salts = () => home.vault.holdings(at.twin.orgId).filter(({ kind }) => kind === 'ledger-salts');
    expect(salts()).toHaveLength(2);
    const { summary } = await resumePlan(applyInput(at, path), ports);
    expect(summary.state).toBe('done');
    expect(salts()).toHaveLength(1);
    const checked = await checkLedger({ record: false }, { org: at.admin, vault: home.vault, clock: at.clock });
    expect(checked).toMatchObject({ state: 'verified', checkpoints: 1 });
    home.remove();
  });
});

describe('insisting', () => {
  const locked = { id: null, success: false, created: false, errors: [{ code: 'UNABLE_TO_LOCK_ROW', fields: [] }] };

  it('waits longer each time, and gives up after a minute with the org’s own error', async () => {
    const waited: number[] = [];
    const wait = (milliseconds: number): Promise<void> => {
      waited.push(milliseconds);
      return Promise.resolve();
    };
    await expect(insistOnRow(() => Promise.resolve([locked]), wait)).rejects.toBeInstanceOf(OrgError);
    expect(waited).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000]);
  });

  it('takes a refusal for good, and a defect, at once', async () => {
    let calls = 0;
    const refused = { ...locked, errors: [{ code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', fields: [] }] };
    const write = () => {
      calls += 1;
      return Promise.resolve([refused]);
    };
    expect(await insistOnRow(write, () => Promise.resolve())).toEqual(refused);
    await expect(insist(() => Promise.reject(new RangeError('defect')))).rejects.toThrow('defect');
    expect(calls).toBe(1);
  });
});
