import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deployDemoFields, loadPeople } from '../../scripts/app/demo/prepareOrg.ts';
import { openTwinAs } from '../../scripts/app/connectTwin.ts';
import type { TwinState } from '../../scripts/app/twinState.ts';
import { generateTruth } from '../../scripts/demo/generate.ts';
import { showPlan } from '../../scripts/plan/file/showPlan.ts';
import { makePlan } from '../plan/cycle.ts';
import { temporaryVault } from '../plan/temporaryVault.ts';
import { openTestOrg, START, type TestOrg } from '../plan/testOrg.ts';

const DEMO = { people: 120, seed: 5, today: START.slice(0, 10) };
let at: TestOrg;
let home: ReturnType<typeof temporaryVault>;
beforeAll(async () => {
  at = await openTestOrg();
  home = temporaryVault('truth', START);
  const state = at.twin as unknown as TwinState;
  await deployDemoFields(state, home.folder);
  await loadPeople(state, DEMO, () => undefined);
  at = { ...at, admin: await openTwinAs(state, 'admin') };
});
afterAll(async () => {
  await at.close();
  home.remove();
});

const keysById = async (object: string): Promise<ReadonlyMap<string, string>> => {
  const keys = new Map<string, string>();
  for await (const row of at.admin.query(`SELECT Id, Demo_Key__c FROM ${object}`)) {
    keys.set(row['Id'] as string, row['Demo_Key__c'] as string);
  }
  return keys;
};

describe('retention plan of the demo org', () => {
  it('finds exactly the prospects that the generator knows to be due, and keeps those that are blocked', async () => {
    const { path, header } = await makePlan(at, home);
    const { people } = await showPlan({ planPath: path, limit: 2000 }, { vault: home.vault, now: START });
    const keys = new Map([...(await keysById('Contact')), ...(await keysById('Lead'))]);
    const named = (verdict: 'due' | 'kept') =>
      new Set(people.filter((one) => one.verdict === verdict).map((one) => keys.get(one.recordId)));
    const truth = [...generateTruth(DEMO)];
    const due = truth.filter((one) => one.kind === 'prospectDue').flatMap((one) => one.keys);
    expect([...named('due')].sort()).toEqual([...due].sort());
    const blocked = truth.filter((one) => one.kind === 'prospectBlocked').flatMap((one) => one.keys);
    for (const key of blocked) expect(named('kept')).toContain(key);
    expect(header.terms.considered).toBe(people.length);
  });
});
