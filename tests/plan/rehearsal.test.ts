import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openTwinAs } from '../../scripts/app/connectTwin.ts';
import { openRehearsalTwin } from '../../scripts/app/rehearsalTwin.ts';
import type { RecordId } from '../../scripts/kernel/recordId.ts';
import type { Org } from '../../scripts/org/port.ts';
import type { ApprovalPolicy } from '../../scripts/plan/approve/approvalPolicy.ts';
import { approvePlan } from '../../scripts/plan/approve/approvePlan.ts';
import { openPlan } from '../../scripts/plan/file/openPlan.ts';
import { publishPlan } from '../../scripts/plan/file/publishPlan.ts';
import { publishRehearsal } from '../../scripts/plan/rehearse/publishRehearsal.ts';
import { acceptDifferences, rehearsalState, type RehearsalState } from '../../scripts/plan/rehearse/rehearsalRecord.ts';
import { rehearsePlan, tryPlan, type OpenRehearsal } from '../../scripts/plan/rehearse/rehearsePlan.ts';
import { openSandbox } from '../../scripts/plan/rehearse/sandboxTrial.ts';
import { createRetentionGuard } from '../../scripts/retention/retentionGuard.ts';
import type { RetentionPlanResult } from '../../scripts/retention/plan.ts';
import type { ControlledTwin } from '../../scripts/twin/controls.ts';
import { apply, approve, livingContacts, makePlan } from './cycle.ts';
import { seededRandom, temporaryVault } from './temporaryVault.ts';
import { oldContact, openTestOrg, START, type TestOrg } from './testOrg.ts';

const REQUIRED: ApprovalPolicy = { requirements: [{ rule: null, people: 1, by: [] }], rehearsal: 'required' };
const CASCADE = 'did-not-happen.*.cascade';

let at: TestOrg;
let home: ReturnType<typeof temporaryVault>;
let plan: RetentionPlanResult;
let people: readonly string[];
beforeAll(async () => {
  at = await openTestOrg();
});
afterAll(() => at.close());
beforeEach(async () => {
  home = temporaryVault('rehearsal', START);
  people = at.load(
    'Contact',
    ['A', 'B', 'C'].map((name) => oldContact(name)),
  );
  at.load('Task', [{ WhoId: people[0]!, Subject: 'Mailing', Status: 'Completed' }]);
  plan = await makePlan(at, home);
});
afterEach(async () => {
  await at.admin.delete(people as readonly RecordId[]);
  home.remove();
});

const ports = () => ({
  ...{ org: at.admin, vault: home.vault, clock: at.clock, random: seededRandom('rehearsal') },
  createGuard: createRetentionGuard(at.law, at.clock.now),
});
/** A twin that forgot the activities: what the plan says goes along does not. */
const forgetful: OpenRehearsal = (content) =>
  openRehearsalTwin({ ...content, rows: (object) => (object === 'Task' ? [] : content.rows(object)) });
const rehearse = (openRehearsal: OpenRehearsal = openRehearsalTwin) =>
  rehearsePlan(plan.path, { ...ports(), openRehearsal });
const onPlan = <T>(work: (opened: ReturnType<typeof openPlan>) => T): T => {
  const opened = openPlan(plan.path, home.vault);
  try {
    return work(opened);
  } finally {
    opened.store.close();
  }
};
const accept = (...keys: readonly string[]): RehearsalState =>
  onPlan((opened) => acceptDifferences(opened, keys, { by: 'admin@mains-tendues.example', at: START }));
const nameOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    (error: unknown) => (error as Error).name,
  );

describe('what a rehearsal found', () => {
  it('blocks approval and run until somebody accepts each difference by name, and keeps who did', async () => {
    const planId = await publishPlan(at.admin, plan.header, { status: 'planned', approvals: 1, mustRehearse: true });
    const shown = async () => {
      for await (const row of at.admin.query(
        `SELECT Status__c, RehearsalTier__c, OpenDifferenceCount__c, RehearsalNotes__c FROM GardePlan__c WHERE Id = '${planId}'`,
      ))
        return row;
      throw new Error('no plan');
    };
    const found = await rehearse(forgetful);
    await publishRehearsal(at.admin, plan.header, found.state);
    expect(found.state.open.map(({ key, count }) => [key, count])).toEqual([[CASCADE, 1]]);
    expect(await shown()).toMatchObject({ Status__c: 'planned', RehearsalTier__c: 'twin', OpenDifferenceCount__c: 1 });
    expect(await nameOf(approve(at, plan.path))).toBe('RehearsalDiffers');
    expect(await nameOf(apply(at, home, plan.path, { policy: REQUIRED }))).toBe('RehearsalDiffers');
    expect(() => accept('not-predicted.Case.cascade')).toThrow(expect.objectContaining({ name: 'DifferenceUnknown' }));
    const state = accept(CASCADE);
    expect(state).toMatchObject({
      open: [],
      accepted: [{ key: CASCADE, by: 'admin@mains-tendues.example', at: START }],
    });
    await publishRehearsal(at.admin, plan.header, state);
    expect(await shown()).toMatchObject({ Status__c: 'rehearsed', OpenDifferenceCount__c: 0 });
    expect((await shown())['RehearsalNotes__c']).toContain(`= ${CASCADE} 1 admin@mains-tendues.example`);
    await approve(at, plan.path);
    expect((await apply(at, home, plan.path, { policy: REQUIRED })).summary.state).toBe('done');
  });

  it('counts an acceptance for as many records as there were, and the last rehearsal of each tier', async () => {
    await rehearse(forgetful);
    accept(CASCADE);
    at.load('Task', [{ WhoId: people[1]!, Subject: 'Mailing', Status: 'Completed' }]);
    plan = await makePlan(at, home);
    expect(onPlan(({ store }) => rehearsalState(store).records)).toEqual([]);
    await rehearse(forgetful);
    accept(CASCADE);
    expect((await rehearse(forgetful)).state.open).toEqual([]);
    expect((await rehearse()).state).toMatchObject({ open: [], records: [{ tier: 'twin', differences: [] }] });
  });

  it('leaves nothing of its own behind on this machine or in the org', async () => {
    const before = home.vault.holdings().map(({ id }) => id);
    const sequence = at.twin.engine.journalEnd();
    await rehearse();
    expect(home.vault.holdings().map(({ id }) => id)).toEqual(before);
    expect(at.twin.engine.journal(sequence)).toEqual([]);
  });
});

describe('a rehearsal in a sandbox', () => {
  const sandboxOf = async (): Promise<{ readonly twin: ControlledTwin; readonly org: Org }> => {
    const twin = await at.twin.clone();
    const own = await openTwinAs(twin, 'admin');
    const identity = async () => ({
      ...(await own.identity()),
      ...{ isSandbox: true, orgId: '00D000000000009EAA' as RecordId },
    });
    return { twin, org: { ...own, identity } };
  };
  const tryOn = (sandbox: Org) => tryPlan(plan.path, { ...ports(), openTrial: openSandbox(sandbox) });

  it('is refused in production, in the plan’s own org, and in one without its records', async () => {
    expect(await nameOf(tryOn(at.admin))).toBe('NotASandbox');
    const { twin, org } = await sandboxOf();
    await org.delete(people as readonly RecordId[]);
    expect(await nameOf(tryOn(org))).toBe('SandboxWithoutRecords');
    await twin.close();
    expect(onPlan(({ store }) => rehearsalState(store).records)).toEqual([]);
  });

  it('runs the plan there for real, tells what it has not got, and leaves the org alone', async () => {
    const { twin, org } = await sandboxOf();
    await org.delete([people[2] as RecordId]);
    const result = await tryOn(org);
    expect(result.differences).toEqual([]);
    expect(result.notCovered.find(({ what }) => what === 'absent-in-sandbox')?.count).toBe(1);
    expect(result.effects).toContainEqual({
      ...{ object: 'Contact', change: 'delete', cause: 'direct', field: null, predicted: 2, actual: 2 },
    });
    expect(await org.count('SELECT COUNT() FROM Contact')).toBe(0);
    await twin.close();
    expect(await livingContacts(at)).toEqual(['A', 'B', 'C']);
    expect(result.state.records.map(({ tier }) => tier)).toEqual(['sandbox']);
    await approvePlan({ planPath: plan.path, decision: 'approved' }, { org: at.officer, clock: at.clock });
    expect((await apply(at, home, plan.path, { policy: REQUIRED })).summary.state).toBe('done');
  });

  it('finds what goes there beside the plan', async () => {
    const { twin, org } = await sandboxOf();
    const [bystander] = await org.create('Contact', [{ LastName: 'Bystander' }]);
    const triggered: Org = {
      ...org,
      delete: async (ids) => {
        const outcomes = await org.delete(ids);
        await org.delete([bystander!.id!]);
        return outcomes;
      },
    };
    const { differences } = await tryOn(triggered);
    await twin.close();
    expect(differences.map(({ key }) => key)).toContain('not-predicted.Contact.counted');
  });
});
