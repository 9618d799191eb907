import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openTwinAs } from '../../scripts/app/connectTwin.ts';
import type { RecordId } from '../../scripts/kernel/recordId.ts';
import type { Charter } from '../../scripts/model/charter.ts';
import type { Org } from '../../scripts/org/port.ts';
import { approvalPolicyFor, peopleNeeded, type ApprovalPolicy } from '../../scripts/plan/approve/approvalPolicy.ts';
import { approvePlan, type ApproveInput } from '../../scripts/plan/approve/approvePlan.ts';
import { countingApprovals } from '../../scripts/plan/approve/approvals.ts';
import { publishPlan } from '../../scripts/plan/file/publishPlan.ts';
import { SHOWN_FIELDS, shownText, termsSummary } from '../../scripts/plan/file/shownSummary.ts';
import { sha256Hex } from '../../scripts/kernel/hash.ts';
import type { RetentionPlanResult } from '../../scripts/retention/plan.ts';
import { apply, livingContacts, makePlan } from './cycle.ts';
import { temporaryVault } from './temporaryVault.ts';
import { oldContact, openTestOrg, START, type TestOrg } from './testOrg.ts';

let at: TestOrg;
let home: ReturnType<typeof temporaryVault>;
let plan: RetentionPlanResult;
let second: Org;
let contact: RecordId;

const anybody = (people: number): ApprovalPolicy => ({
  requirements: [{ rule: null, people, by: [] }],
  rehearsal: 'advised',
});
const userOf = (role: string): string => at.twin.users[role]!.userId;

/** Lets a role record decisions, as the administrator says it in Setup. */
const makeOfficer = async (role: string): Promise<Org> => {
  for await (const row of at.admin.query("SELECT Id FROM PermissionSet WHERE Name = 'GardeOfficer'"))
    await at.admin.create('PermissionSetAssignment', [{ AssigneeId: userOf(role), PermissionSetId: row['Id'] }]);
  return openTwinAs(at.twin, role);
};

beforeAll(async () => {
  at = await openTestOrg();
  second = await makeOfficer('noFiles');
});
afterAll(() => at.close());
beforeEach(async () => {
  at.setTime(START);
  home = temporaryVault('approvals', START);
  contact = at.load('Contact', [oldContact('Ancienne')])[0] as RecordId;
  plan = await makePlan(at, home);
});
afterEach(async () => {
  await at.admin.delete([contact]);
  home.remove();
});

const decide = (org: Org, decision: ApproveInput['decision'] = 'approved') =>
  approvePlan({ planPath: plan.path, decision }, { org, clock: at.clock });

/** Codes of what stands against a run, in order; empty = it may begin. */
const problems = async (policy = anybody(1), over: object = {}): Promise<readonly string[]> => {
  const need = { policy, runningUserId: userOf('admin'), now: at.clock.now(), ...over };
  const result = await countingApprovals(at.admin, plan.header, need);
  return result.ok ? [] : result.problems.map(({ code }) => code);
};
const later = (minutes: number): void => {
  at.setTime(new Date(Date.parse(at.clock.now()) + minutes * 60_000).toISOString());
};
/** A record made by hand, with everything an honest one has. */
const handMade = async (org: Org, over: object = {}): Promise<string> => {
  const [made] = await org.create('GardeApproval__c', [
    {
      PlanDigest__c: plan.header.digest,
      Decision__c: 'approved',
      ExpiresAt__c: plan.header.terms.expiresAt,
      SummaryHash__c: termsSummary(plan.header),
      ...over,
    },
  ]);
  expect(made?.errors).toEqual([]);
  return made!.id!;
};
/** What an administrator can do past every permission set of ours: straight at the row. */
const editBehind = (id: string, values: Readonly<Record<string, string>>): void => {
  at.load('GardeApproval__c', [{ Id: id, ...values }]);
};

describe('forged approvals', () => {
  it('an honest approval by another person’s own login lets the plan run', async () => {
    await decide(at.officer);
    expect(await problems()).toEqual([]);
    expect((await apply(at, home, plan.path)).summary.state).toBe('done');
    expect(await livingContacts(at)).toEqual([]);
  });

  it('one made by who planned or by who runs does not count', async () => {
    await handMade(await makeOfficer('admin'));
    expect(await problems()).toEqual(['ApprovalMissing', 'SelfApproval']);
    expect(await problems(anybody(1), { runningUserId: userOf('officer') })).toContain('ApprovalMissing');
    await decide(at.officer);
    expect(await problems(anybody(1), { runningUserId: userOf('officer') })).toContain('SelfApproval');
  });

  it('one made by a user who may set audit fields does not count, nor one they write in another’s name', async () => {
    const loader = await makeOfficer('loader');
    await handMade(loader);
    expect(await problems()).toEqual(['ApprovalMissing', 'ApproverMaySetAuditFields']);
    await handMade(loader, { CreatedById: userOf('officer'), CreatedDate: '2026-11-20T08:00:00.000Z' });
    expect(await problems()).toContain('ApprovalEdited');
    await expect(apply(at, home, plan.path)).rejects.toMatchObject({ name: 'ApprovalEdited' });
  });

  it('one that somebody edited blocks, since it may have been a refusal', async () => {
    const { approvalId } = await decide(at.officer, 'refused');
    later(5);
    editBehind(approvalId, {
      Decision__c: 'approved',
      LastModifiedById: userOf('admin'),
      LastModifiedDate: at.clock.now(),
      SystemModstamp: at.clock.now(),
    });
    expect(await problems()).toContain('ApprovalEdited');
    await decide(at.officer);
    expect(await problems()).toEqual([]);
  });

  it('one for another digest, past its expiry, of another summary, or without one does not count', async () => {
    const planId = await publishPlan(at.admin, plan.header, { status: 'planned', approvals: 1 });
    await handMade(at.officer, { PlanDigest__c: 'ab'.repeat(32), Plan__c: planId });
    expect(await problems()).toEqual(['ApprovalMissing', 'ApprovalOfOtherPlan']);
    later(1);
    await handMade(at.officer, { ExpiresAt__c: '2026-11-20T09:30:00.000Z' });
    later(60);
    expect(await problems()).toEqual(['ApprovalMissing', 'ApprovalExpired', 'ApprovalOfOtherPlan']);
    await handMade(at.officer, { SummaryHash__c: 'cd'.repeat(32) });
    expect(await problems()).toContain('ApprovalOfOtherSummary');
    later(1);
    await handMade(at.officer, { SummaryHash__c: null });
    expect(await problems()).toContain('ApprovalOfOtherSummary');
  });

  it('a deleted approval does not count; a deleted refusal still blocks until its author withdraws it', async () => {
    const { approvalId } = await decide(at.officer);
    await at.admin.delete([approvalId as RecordId]);
    expect(await problems()).toEqual(['ApprovalDeleted', 'ApprovalMissing']);
    later(1);
    const refusal = await decide(second, 'refused');
    await at.admin.delete([refusal.approvalId as RecordId]);
    later(1);
    await decide(at.officer);
    expect(await problems()).toEqual(['PlanRefused', 'ApprovalDeleted']);
    later(1);
    await decide(second, 'revoked');
    expect(await problems()).toEqual([]);
  });

  it('a record whose numbers somebody changed gives another summary than the plan’s', async () => {
    const planId = await publishPlan(at.admin, plan.header, { status: 'planned', approvals: 1 });
    const shown = async (): Promise<string> => {
      for await (const row of at.admin.query(
        `SELECT ${SHOWN_FIELDS.join(', ')} FROM GardePlan__c WHERE Id = '${planId}'`,
      ))
        return sha256Hex(shownText(row));
      throw new Error('no plan');
    };
    await handMade(at.officer, { SummaryHash__c: await shown() });
    expect(await problems()).toEqual([]);
    await at.admin.update('GardePlan__c', [{ Id: planId, PeopleCount__c: 0 }]);
    later(1);
    await handMade(at.officer, { SummaryHash__c: await shown() });
    expect(await problems()).toContain('ApprovalOfOtherSummary');
    const component = readFileSync('force-app/main/shared/lwc/gardeApprovals/shownSummary.ts', 'utf8');
    const [, list = ''] = /SHOWN_FIELDS = \[([^\]]*)\]/.exec(component) ?? [];
    expect([...list.matchAll(/'(\w+)'/g)].map(([, name]) => name)).toEqual(SHOWN_FIELDS);
  });
});

describe('the charter’s policy', () => {
  const withRules = (approvals: Partial<Charter['approvals']>): Charter => ({
    ...at.law.charter,
    approvals: { ...at.law.charter.approvals, ...approvals },
  });

  it('asks two people, neither of them planner or runner', async () => {
    await decide(at.officer);
    expect(await problems(anybody(2))).toEqual(['ApprovalMissing']);
    await decide(second);
    expect(await problems(anybody(2))).toEqual([]);
    await decide(second, 'refused');
    expect(await problems(anybody(1))).toEqual(['PlanRefused']);
  });

  it('names who may: holders of a permission set or one user; others’ approvals are said not to count', async () => {
    const by = (one: ApprovalPolicy['requirements'][number]['by']): ApprovalPolicy => ({
      requirements: [{ rule: 'prospects', people: 1, by: one }],
      rehearsal: 'advised',
    });
    await decide(at.officer);
    expect(await problems(by([{ permissionSet: 'GardeOfficer' }]))).toEqual([]);
    expect(await problems(by([{ permissionSet: 'GardePurge' }]))).toEqual(['ApprovalMissing', 'ApproverNotNamed']);
    expect(await problems(by([{ user: at.twin.users['officer']!.username }]))).toEqual([]);
    expect(await problems(by([{ user: at.twin.users['noFiles']!.username }]))).toContain('ApproverNotNamed');
  });

  it('is each rule’s own where it has one, the charter’s otherwise', () => {
    const own = withRules({ people: 2 });
    expect(peopleNeeded(approvalPolicyFor(own, plan.header))).toBe(2);
    const perRule: Charter = {
      ...at.law.charter,
      retention: at.law.charter.retention.map((rule) =>
        rule.key === 'prospects'
          ? { ...rule, approvals: { people: 2, by: [{ permissionSet: 'GardeOfficer' }] } }
          : rule,
      ),
    };
    const { requirements, rehearsal } = approvalPolicyFor(perRule, plan.header);
    expect(requirements.find(({ rule }) => rule === 'prospects')).toEqual({
      ...{ rule: 'prospects', people: 2, by: [{ permissionSet: 'GardeOfficer' }] },
    });
    expect(requirements.find(({ rule }) => rule === 'prospect-leads')?.people ?? 1).toBe(1);
    expect(rehearsal).toBe('required');
  });

  it('refuses a run never rehearsed, and an approval where the record says so', async () => {
    const required: ApprovalPolicy = { ...anybody(1), rehearsal: 'required' };
    await decide(at.officer);
    await expect(apply(at, home, plan.path, { policy: required })).rejects.toMatchObject({ name: 'RehearsalMissing' });
    await publishPlan(at.admin, plan.header, { status: 'planned', approvals: 1, mustRehearse: true });
    await expect(decide(second)).rejects.toMatchObject({ name: 'RehearsalMissing' });
    expect((await decide(second, 'refused')).decision).toBe('refused');
  });
});
