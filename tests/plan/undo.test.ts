import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RecordId } from '../../scripts/kernel/recordId.ts';
import { temporaryVault } from './temporaryVault.ts';
import { oldContact, openTestOrg, type TestOrg } from './testOrg.ts';
import { keyOf, lookAtUndo, rowById, rowsWhere, runHandPlan, undoRun, type Home } from './undoKit.ts';

let at: TestOrg;
let home: Home;
beforeAll(async () => {
  at = await openTestOrg();
  home = temporaryVault('undo', at.clock.now());
});
afterAll(async () => {
  await at.close();
  home.remove();
});

const later = (): void => at.setTime(new Date(Date.parse(at.clock.now()) + 60_000).toISOString());

const person = (over: object = {}): string => at.load('Contact', [oldContact('Martin', over)])[0]!;

describe('undo of updates', () => {
  it('brings the values back where the field still has the value the run wrote', async () => {
    const id = person({ FirstName: 'Ada', Phone: '0102030405' });
    const done = await runHandPlan(at, home, [
      {
        ...{ subject: id, object: 'Contact' },
        steps: [
          {
            ...{ key: 'a', operation: 'update', object: 'Contact' },
            payload: { values: { FirstName: 'Anonym', Phone: null } },
            image: { values: { FirstName: 'Ada', Phone: '0102030405' } },
          },
        ],
      },
    ]);
    expect(done.summary.state).toBe('done');
    expect(await rowById(at, 'Contact', id, ['FirstName', 'Phone'])).toMatchObject({
      FirstName: 'Anonym',
      Phone: null,
    });

    later();
    const { looked, applied } = await undoRun(at, home, done.summary.runId);

    expect(looked).toMatchObject({ people: 1, left: [] });
    expect(looked.plan!.header.terms).toMatchObject({ kind: 'undo', undoes: { run: done.summary.runId }, steps: 1 });
    expect(applied.summary).toMatchObject({ state: 'done', counts: { done: 1 } });
    expect(await rowById(at, 'Contact', id, ['FirstName', 'Phone'])).toMatchObject({
      FirstName: 'Ada',
      Phone: '0102030405',
    });
  });

  it('keeps a later edit of a person and names record and field', async () => {
    const id = person({ FirstName: 'Ada', Phone: '0102030405' });
    const done = await runHandPlan(at, home, [
      {
        ...{ subject: id, object: 'Contact' },
        steps: [
          {
            ...{ key: 'a', operation: 'update', object: 'Contact' },
            payload: { values: { FirstName: 'Anonym', Phone: null } },
            image: { values: { FirstName: 'Ada', Phone: '0102030405' } },
          },
        ],
      },
    ]);
    later();
    await at.officer.update('Contact', [{ Id: id, Phone: '0600000000' }]);

    const { looked, applied } = await undoRun(at, home, done.summary.runId);

    expect(looked.leftItems).toEqual([
      { subject: id, operation: 'update', object: 'Contact', recordId: id, field: 'Phone', code: 'edited-since' },
    ]);
    expect(applied.summary.counts).toMatchObject({ done: 1 });
    expect(await rowById(at, 'Contact', id, ['FirstName', 'Phone'])).toMatchObject({
      FirstName: 'Ada',
      Phone: '0600000000',
    });
  });
});

describe('undo of creations', () => {
  const create = (subject: string) => ({
    ...{ subject, object: 'Contact' },
    steps: [
      {
        ...{ key: 'c', operation: 'create' as const, object: 'Task' },
        payload: { values: { WhoId: subject, Subject: 'Rappel', Status: 'Not Started' } },
      },
    ],
  });
  const tasks = (id: string) => rowsWhere(at, `SELECT Id FROM Task WHERE WhoId = '${id}'`);

  it('takes away what the run made', async () => {
    const id = person();
    const done = await runHandPlan(at, home, [create(id)]);
    expect(await tasks(id)).toHaveLength(1);
    later();
    const { applied } = await undoRun(at, home, done.summary.runId);
    expect(applied.summary.state).toBe('done');
    expect(await tasks(id)).toHaveLength(0);
  });

  it('leaves it when somebody worked on it since', async () => {
    const id = person();
    const done = await runHandPlan(at, home, [create(id)]);
    later();
    const [task] = await tasks(id);
    await at.officer.update('Task', [{ Id: task!['Id'], Description: 'called' }]);
    const looked = await lookAtUndo(at, home, done.summary.runId);
    expect(looked.plan).toBeNull();
    expect(looked.left).toEqual([{ operation: 'create', object: 'Task', code: 'edited-since', count: 1 }]);
  });
});

describe('undo of deletions', () => {
  const remove = (subject: string, image?: object) => ({
    ...{ subject, object: 'Contact' },
    steps: [
      {
        ...{ key: 'd', operation: 'delete' as const, object: 'Contact' },
        ...(image === undefined ? { inverse: 'undelete' as const } : { image }),
      },
    ],
  });

  it('takes records out of the recycle bin', async () => {
    const id = person();
    const done = await runHandPlan(at, home, [remove(id)]);
    expect((await rowById(at, 'Contact', id, ['Id']))!['IsDeleted']).toBe(true);
    later();
    const { applied } = await undoRun(at, home, done.summary.runId);
    expect(applied.summary).toMatchObject({ state: 'done', counts: { done: 1 } });
    expect((await rowById(at, 'Contact', id, ['Id']))!['IsDeleted']).toBe(false);
  });

  it('says that the bin was emptied when nothing was sealed', async () => {
    const id = person();
    const done = await runHandPlan(at, home, [remove(id)]);
    await at.admin.emptyRecycleBin([id as RecordId]);
    const looked = await lookAtUndo(at, home, done.summary.runId);
    expect(looked.plan).toBeNull();
    expect(looked.left).toEqual([{ operation: 'delete', object: 'Contact', code: 'bin-emptied', count: 1 }]);
  });

  it('makes a record again that the bin no longer has, with what went with it and what pointed to it', async () => {
    const id = person({ FirstName: 'Ada' });
    const [report] = at.load('Contact', [oldContact('Reports', { ReportsToId: id })]);
    const done = await runHandPlan(at, home, [
      remove(id, {
        values: { FirstName: 'Ada', LastName: 'Martin', CreatedDate: '2015-03-01T10:00:00.000Z' },
        rows: [
          {
            object: 'Task',
            id: at.load('Task', [{ WhoId: id, Subject: 'Appel', Status: 'Completed' }])[0]!,
            values: { WhoId: id, Subject: 'Appel', Status: 'Completed' },
          },
        ],
        links: [{ object: 'Contact', id: report, field: 'ReportsToId', was: id }],
      }),
    ]);
    expect(await rowById(at, 'Contact', report!, ['ReportsToId'])).toMatchObject({ ReportsToId: null });
    await at.admin.emptyRecycleBin([id as RecordId]);
    later();

    const { applied } = await undoRun(at, home, done.summary.runId);

    expect(applied.summary).toMatchObject({ state: 'done', notDone: [] });
    const [again] = await rowsWhere(
      at,
      `SELECT Id, FirstName FROM Contact WHERE LastName = 'Martin' AND FirstName = 'Ada' AND CreatedDate = TODAY`,
    );
    const newId = again!['Id'] as string;
    expect(newId).not.toBe(id);
    expect(await rowById(at, 'Contact', report!, ['ReportsToId'])).toMatchObject({ ReportsToId: newId });
    expect(await rowsWhere(at, `SELECT Subject FROM Task WHERE WhoId = '${newId}'`)).toEqual([{ Subject: 'Appel' }]);

    const again2 = await lookAtUndo(at, home, done.summary.runId);
    expect(again2).toMatchObject({ plan: null, left: [] });
  });
});

describe('undo of several steps', () => {
  it('goes back step by step, last first', async () => {
    const id = person({ FirstName: 'One' });
    const step = (key: string, wave: number, from: string, to: string) => ({
      ...{ key, wave, operation: 'update' as const, object: 'Contact' },
      payload: { values: { FirstName: to } },
      image: { values: { FirstName: from } },
      ...(wave === 0 ? {} : { dependsOn: [keyOf(id, 'a')] }),
    });
    const done = await runHandPlan(at, home, [
      { subject: id, object: 'Contact', steps: [step('a', 0, 'One', 'Two'), step('b', 1, 'Two', 'Three')] },
    ]);
    later();
    const { looked, applied } = await undoRun(at, home, done.summary.runId);
    expect(looked.plan!.header.terms.steps).toBe(2);
    expect(applied.summary.counts.done).toBe(2);
    expect(await rowById(at, 'Contact', id, ['FirstName'])).toMatchObject({ FirstName: 'One' });
  });
});
