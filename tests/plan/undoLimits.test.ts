import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CRASH_BOUNDARIES } from '../../scripts/model/run.ts';
import { applyPlan, resumePlan } from '../../scripts/plan/apply/applyPlan.ts';
import { planUndo } from '../../scripts/plan/undo/planUndo.ts';
import { applyInput, applyPorts, approve } from './cycle.ts';
import { temporaryVault } from './temporaryVault.ts';
import { oldContact, openTestOrg, type TestOrg } from './testOrg.ts';
import {
  handPlan,
  lookAtUndo,
  rowById,
  runHandPlan,
  standingUnless,
  undoInput,
  undoPorts,
  undoRun,
  type HandPerson,
  type Home,
} from './undoKit.ts';

let at: TestOrg;
let home: Home;
let orgId: string;
beforeAll(async () => {
  at = await openTestOrg();
  home = temporaryVault('undo-limits', at.clock.now());
  ({ orgId } = await at.admin.identity());
});
afterAll(async () => {
  await at.close();
  home.remove();
});

const later = (days = 0): void =>
  at.setTime(new Date(Date.parse(at.clock.now()) + days * 86_400_000 + 60_000).toISOString());
const contact = (): string => at.load('Contact', [oldContact('Petit', { FirstName: 'Ada' })])[0]!;

const anonymise = (id: string): HandPerson => ({
  ...{ subject: id, object: 'Contact' },
  steps: [
    {
      ...{ key: 'a', operation: 'update', object: 'Contact' },
      ...{ payload: { values: { FirstName: 'X' } }, image: { values: { FirstName: 'Ada' } } },
    },
  ],
});
const firstName = async (id: string) => (await rowById(at, 'Contact', id, ['FirstName']))!['FirstName'];

describe('after a person was forgotten', () => {
  it('nothing of them is planned, and the others are', async () => {
    const [gone, other] = [contact(), contact()];
    const done = await runHandPlan(at, home, [anonymise(gone), anonymise(other)]);
    home.vault.forgetSubject(orgId, gone);
    later();
    const { looked, applied } = await undoRun(at, home, done.summary.runId);
    expect(looked).toMatchObject({ people: 1, left: [{ code: 'forgotten', count: 1 }] });
    expect(applied.summary).toMatchObject({ state: 'done', counts: { done: 1 } });
    expect(await firstName(gone)).toBe('X');
    expect(await firstName(other)).toBe('Ada');
  });

  it('a plan made before gives nothing back either', async () => {
    const [gone, other] = [contact(), contact()];
    const done = await runHandPlan(at, home, [anonymise(gone), anonymise(other)]);
    later();
    const { plan } = await lookAtUndo(at, home, done.summary.runId);
    await approve(at, plan!.path);
    home.vault.forgetSubject(orgId, gone);
    const applied = await applyPlan(applyInput(at, plan!.path), undoPorts(at, home));
    expect(applied.summary).toMatchObject({ state: 'partly-done', notDone: [{ code: 'SubjectForgotten', count: 1 }] });
    expect(await firstName(gone)).toBe('X');
    expect(await firstName(other)).toBe('Ada');
  });
});

describe('what is refused', () => {
  const look = (over: object) =>
    planUndo(undoInput(at, home, over), { org: at.admin, vault: home.vault, clock: at.clock });

  it('an undo of an undo, with what to do instead', async () => {
    const done = await runHandPlan(at, home, [anonymise(contact())]);
    later();
    const { looked, applied } = await undoRun(at, home, done.summary.runId);
    await expect(look({ run: applied.summary.runId })).rejects.toMatchObject({ name: 'UndoOfUndo' });
    await expect(look({ planPath: looked.plan!.path })).rejects.toMatchObject({ name: 'UndoOfUndo' });
  });

  it('a run that is not known, one that did not end, and one whose undo did not end', async () => {
    await expect(look({ run: 'no-such-run' })).rejects.toMatchObject({ name: 'RunNotFound' });
    const people = [contact(), contact(), contact()];
    const done = await runHandPlan(at, home, people.map(anonymise));
    later();
    const { plan } = await lookAtUndo(at, home, done.summary.runId);
    await approve(at, plan!.path);
    const paused = await applyPlan(applyInput(at, plan!.path, { upTo: 'first-twenty' }), undoPorts(at, home));
    expect(paused.summary.state).toBe('paused');
    await expect(look({ run: done.summary.runId })).rejects.toMatchObject({ name: 'UndoUnfinished' });
    const ended = await resumePlan(applyInput(at, plan!.path), undoPorts(at, home));
    expect(ended.summary.state).toBe('done');
    expect(await look({ planPath: done.path })).toMatchObject({ plan: null, left: [] });
  });

  it('a run whose undo period is over', async () => {
    const done = await runHandPlan(at, home, [anonymise(contact())]);
    later(at.law.charter.undoPeriod.days! + 1);
    await expect(look({ run: done.summary.runId })).rejects.toMatchObject({ name: 'UndoPeriodOver' });
  });
});

describe('a run that was not done in one go', () => {
  it('is undone by its record in the org, as far as it was done and no further', async () => {
    const [changed, done1, done2] = [contact(), contact(), contact()];
    const { path } = await handPlan(at, home, [changed, done1, done2].map(anonymise));
    await approve(at, path);
    const ports = applyPorts(at, home, { createGuard: standingUnless(changed) });
    const paused = await applyPlan(applyInput(at, path, { upTo: 'first-twenty' }), ports);
    expect(paused.summary.state).toBe('paused');
    await expect(planUndo(undoInput(at, home, { planPath: path }), ports)).rejects.toMatchObject({
      name: 'RunUnfinished',
    });
    const resumed = await resumePlan(applyInput(at, path), ports);
    expect(resumed.summary).toMatchObject({ state: 'partly-done', persons: { done: 2, changed: 1 } });
    later();
    const { looked, applied } = await undoRun(at, home, resumed.runRecordId);
    expect(looked).toMatchObject({ people: 2, left: [], runKey: resumed.summary.runId });
    expect(applied.summary).toMatchObject({ state: 'done', counts: { done: 2 } });
    expect(await Promise.all([changed, done1, done2].map(firstName))).toEqual(['Ada', 'Ada', 'Ada']);
  });
});

describe('an undo that is killed', () => {
  class Killed extends Error {}

  it.each(CRASH_BOUNDARIES)('%s resumes to the same end, nothing twice', async (boundary) => {
    const [id, deleted] = [contact(), contact()];
    const task = { key: 't', operation: 'create' as const, object: 'Task', wave: 1 };
    const done = await runHandPlan(at, home, [
      {
        ...anonymise(id),
        steps: [
          ...anonymise(id).steps,
          { ...task, payload: { values: { WhoId: id, Subject: 'Rappel', Status: 'Completed' } } },
        ],
      },
      {
        ...{ subject: deleted, object: 'Contact' },
        steps: [{ key: 'd', operation: 'delete', object: 'Contact', inverse: 'undelete' }],
      },
    ]);
    expect(done.summary.state).toBe('done');
    later();
    const { plan } = await lookAtUndo(at, home, done.summary.runId);
    const { path } = plan!;
    await approve(at, path);
    const wanted = new Set(['update', 'delete', 'undelete']);
    const crashPoint = (point: string, operation: string): void => {
      if (point === boundary && wanted.delete(operation)) throw new Killed(operation);
    };
    let ended = await applyPlan(applyInput(at, path), undoPorts(at, home, { crashPoint })).catch(() => undefined);
    for (let attempt = 0; ended === undefined && attempt < 6; attempt += 1) {
      // a request that was on its way when the process died still arrives
      await new Promise((arrived) => setTimeout(arrived, 60));
      ended = await resumePlan(applyInput(at, path), undoPorts(at, home, { crashPoint })).catch((error: unknown) => {
        if (error instanceof Killed) return undefined;
        throw error;
      });
    }
    expect(wanted.size).toBe(0);
    expect(ended!.summary).toMatchObject({ state: 'done', notDone: [], persons: { done: 2 } });
    expect(await firstName(id)).toBe('Ada');
    expect(await rowById(at, 'Contact', deleted, ['Id'])).toMatchObject({ IsDeleted: false });
    expect(await at.admin.count(`SELECT COUNT() FROM Task WHERE WhoId = '${id}'`)).toBe(0);
  });
});
