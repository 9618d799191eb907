import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RecordId } from '../../scripts/kernel/recordId.ts';
import { applyPlan } from '../../scripts/plan/apply/applyPlan.ts';
import { approve, applyInput } from './cycle.ts';
import { temporaryVault } from './temporaryVault.ts';
import { oldContact, openTestOrg, type TestOrg } from './testOrg.ts';
import {
  lookAtUndo,
  rowById,
  rowsWhere,
  runHandPlan,
  undoPorts,
  undoRun,
  type HandPerson,
  type Home,
} from './undoKit.ts';

let at: TestOrg;
let home: Home;
beforeAll(async () => {
  at = await openTestOrg();
  home = temporaryVault('undo-merge', at.clock.now());
});
afterAll(async () => {
  await at.close();
  home.remove();
});

const later = (): void => at.setTime(new Date(Date.parse(at.clock.now()) + 60_000).toISOString());

type Pair = {
  readonly master: string;
  readonly loser: string;
  readonly tasks: readonly string[];
  readonly plan: HandPerson;
};

/** Two records of one person; the loser has two tasks. */
const pair = (): Pair => {
  const [master, loser] = at.load('Contact', [
    oldContact('Durand', { FirstName: 'Zoe', Phone: '0101010101' }),
    oldContact('Durand-Petit', { FirstName: 'Zoé', Phone: '0202020202' }),
  ]) as [string, string];
  const tasks = at.load('Task', [
    { WhoId: loser, Subject: 'Un', Status: 'Completed' },
    { WhoId: loser, Subject: 'Deux', Status: 'Completed' },
  ]);
  const image = {
    values: { Phone: '0101010101' },
    rows: [
      { object: 'Contact', id: loser, values: { LastName: 'Durand-Petit', FirstName: 'Zoé', Phone: '0202020202' } },
    ],
    links: tasks.map((id) => ({ object: 'Task', id, field: 'WhoId', was: loser })),
  };
  const payload = { losers: [loser], values: { Phone: '0202020202' } };
  const step = { key: 'm', operation: 'merge' as const, object: 'Contact', payload, image };
  return { master, loser, tasks, plan: { subject: master, object: 'Contact', steps: [step] } };
};

describe('undo of a merge', () => {
  it('brings the loser back, gives it its own children again and the master its own values', async () => {
    const { master, loser, tasks, plan } = pair();
    const done = await runHandPlan(at, home, [plan]);
    expect(done.summary.state).toBe('done');
    expect(await rowById(at, 'Task', tasks[0]!, ['WhoId'])).toMatchObject({ WhoId: master });
    later();
    const { looked, applied } = await undoRun(at, home, done.summary.runId);
    expect(looked.left).toEqual([]);
    expect(applied.summary).toMatchObject({ state: 'done', notDone: [] });
    expect(await rowById(at, 'Contact', loser, ['MasterRecordId', 'Phone'])).toMatchObject({
      IsDeleted: false,
      Phone: '0202020202',
    });
    expect(await rowById(at, 'Contact', master, ['Phone'])).toMatchObject({ Phone: '0101010101' });
    for (const id of tasks) expect(await rowById(at, 'Task', id, ['WhoId'])).toMatchObject({ WhoId: loser });
  });

  it('leaves a child that somebody moved since, and makes a loser again that was purged', async () => {
    const { master, loser, tasks, plan } = pair();
    const done = await runHandPlan(at, home, [plan]);
    const other = at.load('Contact', [oldContact('Autre')])[0]!;
    later();
    await at.officer.update('Task', [{ Id: tasks[1]!, WhoId: other }]);
    await at.admin.emptyRecycleBin([loser as RecordId]);

    const { looked, applied } = await undoRun(at, home, done.summary.runId);

    expect(looked.leftItems).toEqual([
      { subject: master, operation: 'merge', object: 'Task', recordId: tasks[1], field: 'WhoId', code: 'edited-since' },
    ]);
    expect(applied.summary).toMatchObject({ state: 'done', notDone: [] });
    const [again] = await rowsWhere(
      at,
      "SELECT Id FROM Contact WHERE LastName = 'Durand-Petit' AND CreatedDate = TODAY",
    );
    expect(await rowById(at, 'Task', tasks[0]!, ['WhoId'])).toMatchObject({ WhoId: again!['Id'] });
    expect(await rowById(at, 'Task', tasks[1]!, ['WhoId'])).toMatchObject({ WhoId: other });
  });
});

describe('what somebody does between the look and the undo', () => {
  const anonymise = (id: string, to: string): HandPerson => ({
    ...{ subject: id, object: 'Contact' },
    steps: [
      {
        ...{ key: 'a', operation: 'update', object: 'Contact' },
        ...{ payload: { values: { FirstName: to } }, image: { values: { FirstName: 'Ada' } } },
      },
    ],
  });
  const two = (): readonly [string, string] =>
    at.load('Contact', [oldContact('A', { FirstName: 'Ada' }), oldContact('B', { FirstName: 'Ada' })]) as [
      string,
      string,
    ];

  it('is never written over: the step is told as changed, the others go on', async () => {
    const [edited, untouched] = two();
    const done = await runHandPlan(at, home, [anonymise(edited, 'X'), anonymise(untouched, 'X')]);
    later();
    const looked = await lookAtUndo(at, home, done.summary.runId);
    const { path } = looked.plan!;
    await approve(at, path);
    await at.officer.update('Contact', [{ Id: edited, FirstName: 'Eva' }]);
    const applied = await applyPlan(applyInput(at, path), undoPorts(at, home));
    expect(applied.summary).toMatchObject({
      ...{ state: 'partly-done', notDone: [{ code: 'VALUE_CHANGED', count: 1 }] },
      persons: { done: 1, changed: 1 },
    });
    expect(await rowById(at, 'Contact', edited, ['FirstName'])).toMatchObject({ FirstName: 'Eva' });
    expect(await rowById(at, 'Contact', untouched, ['FirstName'])).toMatchObject({ FirstName: 'Ada' });
  });

  it('is not written over either when it comes between the last reading and the call', async () => {
    const [edited, untouched] = two();
    const done = await runHandPlan(at, home, [anonymise(edited, 'X'), anonymise(untouched, 'X')]);
    later();
    const looked = await lookAtUndo(at, home, done.summary.runId);
    const { path } = looked.plan!;
    await approve(at, path);
    later();
    const org = {
      ...at.admin,
      updateUnmodified: async (...call: Parameters<typeof at.admin.updateUnmodified>) => {
        await at.officer.update('Contact', [{ Id: edited, FirstName: 'Eva' }]);
        return at.admin.updateUnmodified(...call);
      },
    };
    const applied = await applyPlan(applyInput(at, path), undoPorts(at, home, { org }));
    expect(applied.summary.persons).toMatchObject({ done: 1 });
    expect(applied.summary.state).toBe('partly-done');
    expect(await rowById(at, 'Contact', edited, ['FirstName'])).toMatchObject({ FirstName: 'Eva' });
    expect(await rowById(at, 'Contact', untouched, ['FirstName'])).toMatchObject({ FirstName: 'Ada' });
  });

  it('keeps nothing else of the same person from being undone', async () => {
    const [edited] = two();
    const called: HandPerson = {
      ...anonymise(edited, 'X'),
      steps: [
        ...anonymise(edited, 'X').steps,
        {
          ...{ key: 'b', operation: 'create', object: 'Task' },
          payload: { values: { WhoId: edited, Subject: 'Rappel', Status: 'Not Started' } },
        },
      ],
    };
    const done = await runHandPlan(at, home, [called]);
    const tasks = () => rowsWhere(at, `SELECT Id FROM Task WHERE WhoId = '${edited}'`);
    expect(await tasks()).toHaveLength(1);
    later();
    const { path } = (await lookAtUndo(at, home, done.summary.runId)).plan!;
    await approve(at, path);
    await at.officer.update('Contact', [{ Id: edited, FirstName: 'Eva' }]);
    const { summary } = await applyPlan(applyInput(at, path), undoPorts(at, home));
    expect(summary).toMatchObject({ state: 'partly-done', counts: { done: 1, changed: 1, 'put-back': 0 } });
    expect(await tasks()).toEqual([]);
    expect(await rowById(at, 'Contact', edited, ['FirstName'])).toMatchObject({ FirstName: 'Eva' });
  });
});
