import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openRehearsalTwin } from '../../scripts/app/rehearsalTwin.ts';
import type { RecordId } from '../../scripts/kernel/recordId.ts';
import type { NoteKey } from '../../scripts/evidence/signedNote.ts';
import type { Org } from '../../scripts/org/port.ts';
import { approvePlan } from '../../scripts/plan/approve/approvePlan.ts';
import { applyPlan } from '../../scripts/plan/apply/applyPlan.ts';
import { ledgerSigner } from '../../scripts/plan/prove/runLedger.ts';
import { rehearsePlan } from '../../scripts/plan/rehearse/rehearsePlan.ts';
import { showPlan } from '../../scripts/plan/file/showPlan.ts';
import { openTwinAs } from '../../scripts/app/connectTwin.ts';
import { planRetention } from '../../scripts/retention/plan.ts';
import { createRetentionGuard } from '../../scripts/retention/retentionGuard.ts';
import { apply, applyInput, applyPorts, approve, livingContacts, makePlan, ORG_NAME, resume } from '../plan/cycle.ts';
import { seededRandom, temporaryVault } from '../plan/temporaryVault.ts';
import { oldContact, openTestOrg, START, type TestOrg } from '../plan/testOrg.ts';

let at: TestOrg;
let home: ReturnType<typeof temporaryVault>;
beforeAll(async () => {
  at = await openTestOrg();
});
afterAll(() => at.close());
beforeEach(() => {
  at.setTime(START);
  home = temporaryVault('cycle', START);
});
afterEach(async () => {
  for (const object of ['GardeRequest__c', 'Case', 'Opportunity', 'Contact', 'Lead']) {
    const ids: RecordId[] = [];
    for await (const row of at.admin.query(`SELECT Id FROM ${object}`)) ids.push(row['Id'] as RecordId);
    await at.admin.delete(ids);
  }
  home.remove();
});

const reasonsOf = async (planPath: string): Promise<Readonly<Record<string, string>>> => {
  const { people } = await showPlan({ planPath, limit: 100 }, { vault: home.vault, now: START });
  const names = new Map<string, string>();
  for await (const row of at.admin.query('SELECT Id, LastName FROM Contact')) {
    names.set(row['Id'] as string, row['LastName'] as string);
  }
  return Object.fromEntries(people.map((one) => [names.get(one.recordId) ?? one.recordId, one.reason]));
};
const changesSince = (sequence: number) => at.twin.engine.journal(sequence);
const lastSequence = (): number => at.twin.engine.journal(0).at(-1)?.sequence ?? 0;
const nameOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
  } catch (error) {
    return (error as Error).name;
  }
  return 'no error';
};

describe('retention plan', () => {
  it('RET-01: counts from the last genuine contact, not from sends, opens or edits', async () => {
    const [mailed, opened, clicked, wrote, edited] = at.load(
      'Contact',
      ['Mailed', 'Opened', 'Clicked', 'Wrote', 'Edited'].map((name) => oldContact(name)),
    );
    at.load('Task', [
      { WhoId: mailed!, Subject: 'Mailing', Status: 'Completed', IsClosed: true, ActivityDate: '2026-10-01' },
    ]);
    const message = (over: object) => ({
      Status: '3',
      MessageDate: '2026-10-01T08:00:00.000Z',
      Subject: 'Nouvelles',
      ...over,
    });
    const [sent, click, reply] = at.load('EmailMessage', [
      message({ Incoming: false, IsOpened: true }),
      message({ Incoming: false, IsLinkClicked: true, LastLinkClickedDate: '2026-10-02T08:00:00.000Z' }),
      message({ Incoming: true }),
    ] as never);
    const relation = (EmailMessageId: string, RelationId: string, RelationType: string) => ({
      EmailMessageId,
      RelationId,
      RelationType,
    });
    at.load('EmailMessageRelation', [
      relation(sent!, opened!, 'ToAddress'),
      relation(click!, clicked!, 'ToAddress'),
      relation(reply!, wrote!, 'FromAddress'),
    ]);
    await at.admin.update('Contact', [{ Id: edited!, Description: 'nettoyé' }]);
    const { path } = await makePlan(at, home);
    expect(await reasonsOf(path)).toEqual({
      Mailed: 'no-contact',
      Opened: 'no-contact',
      Edited: 'no-contact',
      Clicked: 'recent-contact',
      Wrote: 'recent-contact',
    });
  });

  it('RET-03: keeps people with a gift, an open request or an open case, and says which', async () => {
    const [donor, asking, caseful] = at.load(
      'Contact',
      ['Donor', 'Asking', 'Caseful', 'Due'].map((name) => oldContact(name)),
    );
    at.load('Opportunity', [
      {
        Name: 'Don',
        StageName: 'Closed Won',
        IsWon: true,
        IsClosed: true,
        CloseDate: '2018-05-01',
        npsp__Primary_Contact__c: donor!,
      },
    ]);
    await at.admin.create('GardeRequest__c', [
      { RequestKey__c: 'r1', Status__c: 'initiated', ReceivedAt__c: START, Contact__c: asking! },
    ]);
    at.load('Case', [
      { ContactId: caseful!, Status: 'New', IsClosed: false, Origin: 'Phone', CreatedDate: '2016-01-01T00:00:00.000Z' },
    ]);
    const { path, header } = await makePlan(at, home);
    expect(await reasonsOf(path)).toEqual({ Donor: 'fiscal-duty', Asking: 'hold', Caseful: 'hold', Due: 'no-contact' });
    expect(header.terms.reasons.find((one) => one.code === 'fiscal-duty')?.until?.last).toBe('2029-05-01');
  });

  it('RET-02: changes nothing, and lists exactly what the run then does', async () => {
    const ids = at.load(
      'Contact',
      ['A', 'B', 'C'].map((name) => oldContact(name)),
    );
    at.load('Task', [{ WhoId: ids[0]!, Subject: 'Mailing', Status: 'Completed' }]);
    const before = lastSequence();
    const { path } = await makePlan(at, home);
    expect(changesSince(before)).toEqual([]);
    const { people } = await showPlan({ planPath: path, limit: 10 }, { vault: home.vault, now: START });
    const planned = people.flatMap((one) => one.operations.map((step) => `${step.operation} ${step.recordId}`));
    await approve(at, path);
    const start = lastSequence();
    expect((await apply(at, home, path)).summary.state).toBe('done');
    const done = changesSince(start).filter((one) => one.object === 'Contact' && one.cause === 'direct');
    expect(done.map((one) => `${one.change} ${one.id}`).sort()).toEqual([...planned].sort());
    const cascaded = changesSince(start).filter((one) => one.object === 'Task' && one.change === 'delete');
    expect(cascaded).toHaveLength(1);
  });

  it('gives the same digest for the same snapshot, and no personal data outside the vault', async () => {
    at.load(
      'Contact',
      ['Needle-Durand', 'B'].map((name) => oldContact(name)),
    );
    const first = await makePlan(at, home);
    const second = await makePlan(at, home);
    expect(second.header.digest).toBe(first.header.digest);
    const text = readFileSync(first.path, 'utf8');
    expect(text).not.toContain('Needle');
    expect(text).not.toMatch(/\b003[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?\b/);
  });

  it('is refused when a place that may forbid deletion is hidden, and writes nothing', async () => {
    at.load('Contact', [oldContact('A')]);
    const before = lastSequence();
    const blind = await openTwinAs(at.twin, 'hiddenHold');
    const plan = planRetention(
      { ...at.law, folder: home.folder, toolVersion: '0.1.0' },
      { org: blind, vault: home.vault, clock: at.clock },
    );
    expect(await nameOf(plan)).toBe('HoldSourceHidden');
    expect([changesSince(before), home.vault.holdings()]).toEqual([[], []]);
  });

  it('is refused with a remedy for a rule that does not exist or a day before the law', async () => {
    const plan = (over: object) =>
      nameOf(
        planRetention(
          { ...at.law, folder: home.folder, toolVersion: '0.1.0', ...over },
          { org: at.admin, vault: home.vault, clock: at.clock },
        ),
      );
    expect(await plan({ only: ['prospect'] })).toBe('RuleNotInCharter');
    expect(await plan({ asOf: '2017-01-01' })).toBe('RuleNotInForce');
  });
});

describe('plan apply', () => {
  it('leaves alone who changed since the plan, and says why', async () => {
    const [called, gone] = at.load(
      'Contact',
      ['Called', 'Gone', 'Due', 'Tasked'].map((name) => oldContact(name)),
    );
    const tasked = (await contactId('Tasked'))!;
    const { path } = await makePlan(at, home);
    await approve(at, path);
    at.load('Task', [
      {
        WhoId: called!,
        Subject: 'Appel',
        Status: 'Completed',
        IsClosed: true,
        TaskSubtype: 'Call',
        ActivityDate: '2026-11-01',
      },
      { WhoId: tasked, Subject: 'Mailing', Status: 'Completed' },
    ]);
    await at.admin.delete([gone as RecordId]);
    const { summary } = await apply(at, home, path);
    expect(summary.persons).toEqual({ done: 1, changed: 3, refused: 0, left: 0 });
    expect(summary.notDone).toEqual([
      { code: 'new-related-row', count: 2 },
      { code: 'recent-contact', count: 2 },
      { code: 'record-gone', count: 2 },
    ]);
    expect(await livingContacts(at)).toEqual(['Called', 'Tasked']);
  });

  it('does not begin without an approval by another person’s own login', async () => {
    at.load('Contact', [oldContact('A')]);
    const { path } = await makePlan(at, home);
    expect(await nameOf(apply(at, home, path))).toBe('ApprovalMissing');
    const self = approvePlan({ planPath: path, decision: 'approved' }, { org: at.admin, clock: at.clock });
    expect(await nameOf(self)).toBe('SelfApproval');
    const loader = await openTwinAs(at.twin, 'loader');
    const byLoader = approvePlan({ planPath: path, decision: 'approved' }, { org: loader, clock: at.clock });
    expect(await nameOf(byLoader)).toBe('ApproverMaySetAuditFields');
    await approve(at, path);
    await approvePlan({ planPath: path, decision: 'revoked' }, { org: at.officer, clock: at.clock });
    expect(await nameOf(apply(at, home, path))).toBe('ApprovalMissing');
    await approvePlan({ planPath: path, decision: 'refused' }, { org: at.officer, clock: at.clock });
    expect(await nameOf(apply(at, home, path))).toBe('PlanRefused');
    expect(await livingContacts(at)).toEqual(['A']);
  });

  it('refuses a stale plan, another charter, another version, a wrong org name, and runs no plan twice', async () => {
    at.load('Contact', [oldContact('A')]);
    const { path } = await makePlan(at, home);
    await approve(at, path);
    expect(await nameOf(apply(at, home, path, { orgName: 'Autre' }))).toBe('OrgNameNotConfirmed');
    const { use } = applyInput(at, path);
    expect(await nameOf(apply(at, home, path, { use: { ...use, charterDigest: 'cd'.repeat(32) } }))).toBe(
      'PlanByOtherCharter',
    );
    at.setTime('2026-12-20T00:00:00.000Z');
    expect(await nameOf(apply(at, home, path))).toBe('PlanExpired');
    at.setTime(START);
    expect((await apply(at, home, path)).summary.state).toBe('done');
    expect(await nameOf(apply(at, home, path))).toBe('PlanAlreadyApplied');
    expect(await nameOf(resume(at, home, path))).toBe('PlanAlreadyApplied');
  });

  it('tells the second of two machines who holds the org, and takes over when the lease has ended', async () => {
    at.load(
      'Contact',
      ['A', 'B'].map((name) => oldContact(name)),
    );
    const { path } = await makePlan(at, home);
    await approve(at, path);
    await at.admin.create('GardeRun__c', [
      {
        RunKey__c: 'other',
        PlanDigest__c: 'x',
        State__c: 'running',
        LockKey__c: 'org',
        LeaseOwner__c: 'other',
        LeaseExpiresAt__c: '2026-11-20T09:10:00.000Z',
      },
    ]);
    expect(await nameOf(apply(at, home, path))).toBe('RunLocked');
    at.setTime('2026-11-20T09:20:00.000Z');
    expect((await apply(at, home, path)).summary.state).toBe('done');
  });

  it('pauses at the end of a tier or of its call budget, and resumes', async () => {
    at.load(
      'Contact',
      Array.from({ length: 14 }, (_, i) => oldContact(`P${String(i)}`)),
    );
    const { path } = await makePlan(at, home);
    await approve(at, path);
    const first = await apply(at, home, path, { upTo: 'first-twenty' });
    expect(first).toMatchObject({ checkpoint: null, summary: { state: 'paused', stopCause: 'tier-reached' } });
    expect(first.summary.persons).toEqual({ done: 10, changed: 0, refused: 0, left: 4 });
    expect(await nameOf(apply(at, home, path))).toBe('RunUnfinished');
    const poor = await resume(at, home, path, { budgetShare: 0.000001 });
    expect(poor.summary).toMatchObject({ state: 'paused', stopCause: 'call-budget' });
    expect((await resume(at, home, path)).summary).toMatchObject({ state: 'done', persons: { done: 14 } });
  });

  it('stops after the first tier when more rows are gone than its steps explain', async () => {
    at.load(
      'Contact',
      Array.from({ length: 14 }, (_, i) => oldContact(`T${String(i).padStart(2, '0')}`)),
    );
    const [bystander] = at.load('Contact', [{ LastName: 'Bystander', CreatedDate: '2026-11-01T00:00:00.000Z' }]);
    const { path } = await makePlan(at, home);
    await approve(at, path);
    const triggered: Org = {
      ...at.admin,
      delete: async (ids) => {
        const outcomes = await at.admin.delete(ids);
        await at.admin.delete([bystander as RecordId]);
        return outcomes;
      },
    };
    const { summary } = await applyPlan(applyInput(at, path), applyPorts(at, home, { org: triggered }));
    expect(summary).toMatchObject({
      state: 'stopped',
      stopCause: 'read-back-differs',
      stopCode: 'MORE_ROWS_GONE Contact',
    });
    expect(summary.persons).toMatchObject({ done: 10, left: 4 });
  });

  it('stops on an error code that nobody decided about, and pauses when the org cannot go on', async () => {
    const ledgerKeys: NoteKey[] = [];
    const failing = async (code: string) => {
      at.load('Contact', [oldContact('A')]);
      const { path } = await makePlan(at, home);
      await approve(at, path);
      const org: Org = {
        ...at.admin,
        delete: (ids) =>
          Promise.resolve(ids.map((id) => ({ id, success: false, created: false, errors: [{ code, fields: [] }] }))),
      };
      const { summary } = await applyPlan(applyInput(at, path, { ledgerKeys }), applyPorts(at, home, { org }));
      ledgerKeys.push(ledgerSigner(home.vault, at.twin.orgId));
      home.remove();
      home = temporaryVault(code, START);
      return [summary.state, summary.stopCause, summary.stopCode];
    };
    expect(await failing('SOMETHING_NEW')).toEqual(['stopped', 'unknown-error', 'SOMETHING_NEW']);
    expect(await failing('REQUEST_LIMIT_EXCEEDED')).toEqual(['paused', 'org-unavailable', 'REQUEST_LIMIT_EXCEEDED']);
  });
});

describe('plan rehearse', () => {
  it('runs the executor on a twin of the snapshot, says first what is not covered, and finds what differs', async () => {
    const ids = at.load(
      'Contact',
      ['A', 'B', 'C'].map((name) => oldContact(name)),
    );
    at.load('Task', [{ WhoId: ids[0]!, Subject: 'Mailing', Status: 'Completed' }]);
    const { path } = await makePlan(at, home);
    const before = lastSequence();
    const createGuard = createRetentionGuard(at.law, at.clock.now);
    const ports = { org: at.admin, vault: home.vault, clock: at.clock, random: seededRandom('r'), createGuard };
    const result = await rehearsePlan(path, { ...ports, openRehearsal: openRehearsalTwin });
    expect(result.notCovered.map(({ what }) => what)).toContain('package-code');
    expect(result.differences).toEqual([]);
    for (const { predicted, actual } of result.effects) expect([null, actual]).toContain(predicted);
    expect(result.summary.persons).toEqual({ done: 3, changed: 0, refused: 0, left: 0 });
    expect(changesSince(before)).toEqual([]);
    const forgetful = await rehearsePlan(path, {
      ...ports,
      openRehearsal: (content) =>
        openRehearsalTwin({ ...content, rows: (object) => (object === 'Task' ? [] : content.rows(object)) }),
    });
    expect(forgetful.differences).toEqual([
      {
        key: 'did-not-happen.*.cascade',
        kind: 'did-not-happen',
        object: '*',
        field: null,
        because: 'cascade',
        count: 1,
      },
    ]);
    expect(ORG_NAME).toBe((await at.admin.identity()).orgName);
  });
});

const contactId = async (name: string): Promise<string | undefined> => {
  for await (const row of at.admin.query(`SELECT Id FROM Contact WHERE LastName = '${name}'`))
    return row['Id'] as string;
  return undefined;
};
