import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { runShow, type ShowOrder } from '../../scripts/app/planReports.ts';
import type { RecordId } from '../../scripts/kernel/recordId.ts';
import type { Org, OrgRow } from '../../scripts/org/port.ts';
import { openPlan } from '../../scripts/plan/file/openPlan.ts';
import { publishPlan } from '../../scripts/plan/file/publishPlan.ts';
import { refreshPlan, type Refresh } from '../../scripts/plan/file/refreshPlan.ts';
import { planRetention } from '../../scripts/retention/plan.ts';
import { apply, approve, makePlan } from './cycle.ts';
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
  home = temporaryVault('refresh', START);
});
afterEach(async () => {
  const ids: RecordId[] = [];
  for await (const row of at.admin.query('SELECT Id FROM Contact')) ids.push(row['Id'] as RecordId);
  await at.admin.delete(ids);
  home.remove();
});

const refresh = (planPath: string): Promise<Refresh> =>
  refreshPlan(
    { planPath, folder: join(home.folder, 'fresh'), limit: 10 },
    {
      org: at.admin,
      vault: home.vault,
      plan: (only, folder) =>
        planRetention(
          { ...at.law, only, folder, toolVersion: '0.1.0' },
          { org: at.admin, vault: home.vault, clock: at.clock },
        ),
      publish: (header) => publishPlan(at.admin, header, { status: 'planned', approvals: 1 }),
    },
  );
const statusOf = async (digest: string): Promise<unknown> => {
  for await (const row of at.admin.query(`SELECT Status__c FROM GardePlan__c WHERE PlanDigest__c = '${digest}'`)) {
    return row['Status__c'];
  }
  return undefined;
};
const nameOf = async (work: () => Promise<unknown>): Promise<string> => {
  try {
    await work();
  } catch (error) {
    return (error as Error).name;
  }
  return 'no error';
};
const kinds = (): readonly string[] => home.vault.holdings().map((one) => one.kind);

describe('planning again', () => {
  it('shows who changed before anything is written, then writes and marks the old plan as superseded', async () => {
    const [anne, bruno] = at.load('Contact', [oldContact('Anne'), oldContact('Bruno')]);
    const { path, header } = await makePlan(at, home);
    await publishPlan(at.admin, header, { status: 'planned', approvals: 1 });
    await at.admin.create('Task', [
      {
        WhoId: bruno!,
        Subject: 'Call',
        TaskSubtype: 'Call',
        CallType: 'Inbound',
        Status: 'Completed',
        ActivityDate: '2026-11-01',
      },
    ]);
    const [carla] = at.load('Contact', [oldContact('Carla')]);
    const fresh = await refresh(path);
    expect(fresh.diff.rows.map((row) => [row.recordId, row.change, row.after?.reason])).toEqual([
      [bruno, 'kept-now', 'recent-contact'],
      [carla, 'appeared', 'no-contact'],
    ]);
    expect(fresh.diff.unchanged).toBe(1);
    expect(existsSync(join(home.folder, 'fresh'))).toBe(false);
    expect(await statusOf(header.digest)).toBe('planned');

    const kept = await fresh.keep();
    expect(kept.wasPublished).toBe(true);
    expect(await statusOf(header.digest)).toBe('superseded');
    const { header: made, store } = openPlan(kept.path, home.vault);
    store.close();
    expect(await statusOf(made.digest)).toBe('planned');
    expect(made.terms.reasons.find((one) => one.verdict === 'due')?.count).toBe(2);
    // the old plan is given up with its copy of the org
    expect(() => openPlan(path, home.vault)).toThrow('not on this machine');
    expect(kinds()).toEqual(['snapshot', 'plan-steps', 'planned-law']);
    expect(anne).toBeDefined();
  });

  it('leaves everything as it was when the answer is no, and writes nothing to the org of a plan not published', async () => {
    at.load('Contact', [oldContact('Anne')]);
    const { path, header } = await makePlan(at, home);
    const before = kinds();
    (await refresh(path)).discard();
    expect(kinds()).toEqual(before);
    openPlan(path, home.vault).store.close();
    at.setTime('2026-11-21T09:00:00.000Z');
    const again = await refresh(path);
    expect(again.diff.terms.map((term) => term.what)).toEqual(expect.arrayContaining(['asOf', 'snapshot']));
    expect((await again.keep()).wasPublished).toBe(false);
    expect(await statusOf(header.digest)).toBeUndefined();
  });

  it('is refused for a plan that was carried out', async () => {
    at.load('Contact', [oldContact('Anne')]);
    const { path } = await makePlan(at, home);
    await approve(at, path);
    await apply(at, home, path);
    expect(await nameOf(() => refresh(path))).toBe('PlanAlreadyApplied');
  });
});

describe('the same org, charter and date', () => {
  /** The org with its rows in another order. */
  const shuffled = (turn: (rows: OrgRow[]) => OrgRow[]): Org => ({
    ...at.admin,
    query: async function* (soql, options) {
      const rows: OrgRow[] = [];
      for await (const row of at.admin.query(soql, options)) rows.push(row);
      yield* turn(rows);
    },
  });

  it('give the same digest, whatever the order of rows and the time zone of the machine', async () => {
    const ids = at.load(
      'Contact',
      ['Anne', 'Bruno', 'Carla', 'David'].map((name) => oldContact(name)),
    );
    at.load(
      'Task',
      ids.flatMap((WhoId, n) =>
        [0, 1].map((day) => ({
          ...{ WhoId, Subject: 'Mailing', Status: 'Completed', IsClosed: true },
          ActivityDate: `2026-10-${10 + n + day}`,
        })),
      ),
    );
    const zone = process.env['TZ'];
    const digests: string[] = [];
    for (const [name, turn] of [
      ['Europe/Paris', (rows: OrgRow[]) => rows],
      ['Pacific/Kiritimati', (rows: OrgRow[]) => rows.toReversed()],
      [
        'America/Los_Angeles',
        (rows: OrgRow[]) => rows.toSorted((a, b) => JSON.stringify(a).length - JSON.stringify(b).length),
      ],
    ] as const) {
      process.env['TZ'] = name;
      const { header } = await planRetention(
        { ...at.law, folder: home.folder, toolVersion: '0.1.0' },
        { org: shuffled(turn), vault: home.vault, clock: at.clock },
      );
      expect(header.terms.steps).toBe(8);
      digests.push(header.digest);
    }
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
    expect(new Set(digests).size).toBe(1);
  });

  it('leave nothing about people in the readable header', async () => {
    const needle = 'Zwetschgenbaum';
    const [id] = at.load('Contact', [
      oldContact(needle, {
        FirstName: needle,
        Email: `${needle}@example.example`,
        Phone: '+33123456789',
        Description: needle,
      }),
    ]);
    const { path } = await makePlan(at, home);
    const text = readFileSync(path, 'utf8').toLowerCase();
    for (const part of [needle.toLowerCase(), '33123456789', id!.toLowerCase(), id!.slice(0, 15).toLowerCase()]) {
      expect(text).not.toContain(part);
    }
    expect(text).not.toContain('@');
  });
});

describe('showing a plan', () => {
  const order = (planPath: string, over: Partial<ShowOrder> = {}): ShowOrder => ({
    input: { planPath, limit: 10 },
    language: 'en',
    outputDir: join(home.folder, 'shown'),
    ...{ html: false, xlsx: false, withNames: false },
    ...over,
  });

  it('writes counts in the clear and names only sealed', async () => {
    const [id] = at.load('Contact', [oldContact('Zwetschgenbaum')]);
    const { path } = await makePlan(at, home);
    const ports = { vault: home.vault, org: at.admin, now: START };
    const shown = await runShow(order(path, { html: true, xlsx: true, withNames: true }), ports);
    expect(shown.files).toHaveLength(2);
    expect(readdirSync(join(home.folder, 'shown'))).toHaveLength(3);
    const page = readFileSync(shown.files[0]!, 'utf8');
    expect(page).not.toContain('Zwetschgenbaum');
    expect(page).not.toContain(id);
    expect(shown.shown.quota).toMatchObject({ needed: expect.any(Number) });
    expect(shown.shown.figures.duration.measured).toBe(true);
    expect(shown.names?.more).toBe(false);
    const sealed = readFileSync(shown.names!.path);
    expect(sealed.subarray(0, 21).toString()).toBe('age-encryption.org/v1');
    expect(home.vault.holdings().map((one) => one.kind)).toContain('named-report');
  });

  it('asks for the org when names are asked for', async () => {
    at.load('Contact', [oldContact('Anne')]);
    const { path } = await makePlan(at, home);
    expect(await nameOf(() => runShow(order(path, { withNames: true }), { vault: home.vault, now: START }))).toBe(
      'NamesNeedOrg',
    );
  });

  it('finds people by the object and operation of their steps', async () => {
    at.load('Contact', [oldContact('Anne'), oldContact('Bruno')]);
    const { path } = await makePlan(at, home);
    const of = async (filter: object) => {
      const { shown } = await runShow(order(path, { input: { planPath: path, limit: 1, ...filter } }), {
        ...{ vault: home.vault, now: START },
      });
      return [shown.people.length, shown.more, shown.steps.map((one) => one.operation)];
    };
    expect(await of({ operation: 'purge' })).toEqual([1, true, ['purge']]);
    expect(await of({ operation: 'merge' })).toEqual([0, false, []]);
    expect(await of({ object: 'Lead' })).toEqual([0, false, []]);
    expect(await of({})).toEqual([1, true, ['delete', 'purge']]);
  });
});
