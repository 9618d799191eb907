import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openRehearsalTwin } from '../../scripts/app/rehearsalTwin.ts';
import type { RecordId } from '../../scripts/kernel/recordId.ts';
import { applyPlan } from '../../scripts/plan/apply/applyPlan.ts';
import { checkLedger } from '../../scripts/plan/prove/checkLedger.ts';
import { rehearsePlan } from '../../scripts/plan/rehearse/rehearsePlan.ts';
import { createUndoGuard } from '../../scripts/plan/undo/undoGuard.ts';
import { applyInput, approve } from './cycle.ts';
import { seededRandom, temporaryVault } from './temporaryVault.ts';
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
let orgId: string;
beforeAll(async () => {
  at = await openTestOrg();
  home = temporaryVault('undo-whole', at.clock.now());
  ({ orgId } = await at.admin.identity());
});
afterAll(async () => {
  await at.close();
  home.remove();
});

const later = (): void => at.setTime(new Date(Date.parse(at.clock.now()) + 60_000).toISOString());

/** A person whose name is changed, who gets a task, and another who is deleted and lost from the bin. */
const mixed = async () => {
  const [kept, lost] = at.load('Contact', [
    oldContact('Garde', { FirstName: 'Ada' }),
    oldContact('Perdu', { FirstName: 'Leo', Phone: '0101010101' }),
  ]) as [string, string];
  const people: readonly HandPerson[] = [
    {
      ...{ subject: kept, object: 'Contact' },
      steps: [
        {
          ...{ key: 'a', operation: 'update', object: 'Contact' },
          ...{ payload: { values: { FirstName: 'X' } }, image: { values: { FirstName: 'Ada' } } },
        },
        {
          ...{ key: 't', operation: 'create', object: 'Task', wave: 1 },
          payload: { values: { WhoId: kept, Subject: 'Rappel', Status: 'Completed' } },
        },
      ],
    },
    {
      ...{ subject: lost, object: 'Contact' },
      steps: [
        {
          ...{ key: 'd', operation: 'delete', object: 'Contact' },
          image: { values: { FirstName: 'Leo', LastName: 'Perdu', Phone: '0101010101' } },
        },
      ],
    },
  ];
  const done = await runHandPlan(at, home, people);
  await at.admin.emptyRecycleBin([lost as RecordId]);
  later();
  return { kept, lost, run: done.summary.runId };
};

describe('an undo plan', () => {
  it('is rehearsed like any plan and does what it says', async () => {
    const { run } = await mixed();
    const { plan } = await lookAtUndo(at, home, run);
    const rehearsed = await rehearsePlan(plan!.path, {
      ...{ org: at.admin, vault: home.vault, clock: at.clock, random: seededRandom('rehearsal') },
      ...{ createGuard: createUndoGuard(home.vault), openRehearsal: openRehearsalTwin },
    });
    expect(rehearsed.summary).toMatchObject({ state: 'done', notDone: [], counts: { done: 3 } });
    expect(rehearsed.differences).toEqual([]);
  });

  it('is the same plan when it is looked at twice, and the run keeps a ledger that verifies', async () => {
    const { run, kept } = await mixed();
    const [first, second] = [await lookAtUndo(at, home, run), await lookAtUndo(at, home, run)];
    expect(second.plan!.header.digest).toBe(first.plan!.header.digest);
    const { applied } = await undoRun(at, home, run);
    expect(applied.summary).toMatchObject({ state: 'done', persons: { done: 2 } });
    expect(applied.summary.calls.used).toBeLessThanOrEqual(applied.summary.calls.predicted);
    expect(await rowById(at, 'Contact', kept, ['FirstName'])).toMatchObject({ FirstName: 'Ada' });
    expect(await checkLedger({ record: false }, { org: at.admin, vault: home.vault, clock: at.clock })).toMatchObject({
      state: 'verified',
    });
  });
});

describe('a second client at work', () => {
  it('whose edit comes at any moment of the undo has the last word, and everybody else gets their values back', async () => {
    const ends: string[] = [];
    for (let nth = 4; nth <= 32; nth += 4) {
      const ids = at.load(
        'Contact',
        ['A', 'B', 'C'].map((name) => oldContact(name, { FirstName: 'Ada' })),
      );
      const people = ids.map((id): HandPerson => ({
        ...{ subject: id, object: 'Contact' },
        steps: [
          {
            ...{ key: 'a', operation: 'update', object: 'Contact' },
            ...{ payload: { values: { FirstName: 'X' } }, image: { values: { FirstName: 'Ada' } } },
          },
        ],
      }));
      const done = await runHandPlan(at, home, people);
      later();
      const { plan } = await lookAtUndo(at, home, done.summary.runId);
      await approve(at, plan!.path);
      later();
      const write = { operation: 'update' as const, object: 'Contact', rows: [{ Id: ids[0]!, FirstName: 'Eva' }] };
      at.twin.faults.add({
        ...{ kind: 'secondClient', moment: 'before', as: 'officer', when: { nth }, writes: [write] },
        match: { user: 'admin' },
      });
      const applied = await applyPlan(applyInput(at, plan!.path), undoPorts(at, home));
      const hits = at.twin.faults.hits().filter((hit) => hit.kind === 'secondClient');
      at.twin.faults.clear();
      const [edited, ...others] = await Promise.all(ids.map((id) => rowById(at, 'Contact', id, ['FirstName'])));
      expect(edited!['FirstName']).toBe(hits.length > 0 ? 'Eva' : 'Ada');
      for (const other of others) expect(other!['FirstName']).toBe('Ada');
      ends.push(`${hits.length} ${applied.summary.persons.changed}`);
    }
    // some edits came before the call and kept it away, some after it; none was lost
    expect(new Set(ends)).toEqual(new Set(['1 1', '1 0']));
  });
});

describe('files', () => {
  const version = (id: string) =>
    rowsWhere(
      at,
      `SELECT Title, VersionNumber FROM ContentVersion WHERE ContentDocumentId = '${id}' AND IsLatest = true`,
    );

  it('get the version back that was there before', async () => {
    const id = at.load('Contact', [oldContact('Dossier')])[0]! as RecordId;
    const bytes = Buffer.from('first version');
    const documentId = await at.admin.uploadFile({ title: 'lettre', fileName: 'lettre.txt', bytes, linkTo: id });
    const sealed = await home.vault.seal('file-before', orgId, Buffer.from('redacted'), {
      ...{ expiresAt: '2027-06-01T00:00:00.000Z', fileName: 'redacted.txt' },
    });
    later();
    const done = await runHandPlan(at, home, [
      {
        ...{ subject: id, object: 'Contact' },
        steps: [
          {
            ...{
              key: 'u',
              operation: 'uploadFile',
              object: 'ContentVersion',
              recordId: documentId,
              inverse: 'restore-values',
            },
            payload: { file: { holding: sealed.id, title: 'caviardé', fileName: 'lettre.txt', versionOf: documentId } },
          },
        ],
      },
    ]);
    expect(done.summary.state).toBe('done');
    expect(await version(documentId)).toMatchObject([{ Title: 'caviardé' }]);
    later();
    const { applied } = await undoRun(at, home, done.summary.runId);
    expect(applied.summary).toMatchObject({ state: 'done', counts: { done: 1 } });
    expect(await version(documentId)).toMatchObject([{ Title: 'lettre' }]);
    const [newest] = await rowsWhere(
      at,
      `SELECT Id FROM ContentVersion WHERE ContentDocumentId = '${documentId}' AND IsLatest = true`,
    );
    const read = await at.admin.downloadFile('ContentVersion', newest!['Id'] as RecordId);
    expect(Buffer.from(read).toString()).toBe('first version');
  });
});

describe('two people who point to each other', () => {
  it('are linked again by a second undo once both are there', async () => {
    const [chief, report] = at.load('Contact', [oldContact('Chef'), oldContact('Suit')]) as [string, string];
    at.load('Contact', [{ Id: report, ReportsToId: chief }]);
    const remove = (subject: string, LastName: string, more: object): HandPerson => ({
      ...{ subject, object: 'Contact' },
      steps: [{ key: 'd', operation: 'delete', object: 'Contact', image: { values: { LastName, ...more } } }],
    });
    // the second's record goes first, so that its image still has the lookup
    const second = remove(report, 'Suit', { ReportsToId: chief });
    const done = await runHandPlan(at, home, [remove(chief, 'Chef', {}), second]);
    await at.admin.emptyRecycleBin([chief, report] as RecordId[]);
    later();
    const first = await undoRun(at, home, done.summary.runId);
    expect(first.looked.leftItems).toMatchObject([{ recordId: report, field: 'ReportsToId', code: 'parent-gone' }]);
    expect(first.applied.summary.state).toBe('done');
    later();
    const again = await undoRun(at, home, done.summary.runId);
    expect(again.looked.left).toEqual([]);
    expect(again.applied.summary).toMatchObject({ state: 'done', counts: { done: 1 } });
    expect(await rowsWhere(at, "SELECT ReportsTo.LastName FROM Contact WHERE LastName = 'Suit'")).toEqual([
      { ReportsTo: { LastName: 'Chef' } },
    ]);
    expect(await lookAtUndo(at, home, done.summary.runId)).toMatchObject({ plan: null, left: [] });
  });
});
