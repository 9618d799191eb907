import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { OPERATIONS, type PlanStep } from '../../../scripts/model/plan.ts';
import type { OrgRow } from '../../../scripts/org/port.ts';
import { OPERATION_DEFINITIONS } from '../../../scripts/plan/operations/registry.ts';
import { temporaryVault } from '../temporaryVault.ts';
import { openTestOrg, type TestOrg } from '../testOrg.ts';
import { openCalls, step, type CallRun } from './callKit.ts';

let at: TestOrg;
let home: ReturnType<typeof temporaryVault>;
let run: CallRun | undefined;
beforeAll(async () => {
  at = await openTestOrg();
  home = temporaryVault('operations', at.clock.now());
});
beforeEach(() => {
  at.twin.faults.clear();
  run?.close();
  run = undefined;
});
afterAll(async () => {
  run?.close();
  await at.close();
  home.remove();
});

const open = async (...steps: readonly PlanStep[]): Promise<CallRun> => (run = await openCalls(at, home, steps));
const contact = (over: Readonly<Record<string, string | null>> = {}): string =>
  at.load('Contact', [{ LastName: 'Martin', Description: 'alt', ...over }])[0]!;
const rows = async (soql: string, deletedToo = false): Promise<readonly OrgRow[]> => {
  const found: OrgRow[] = [];
  for await (const row of at.admin.query(soql, { deletedToo })) found.push(row);
  return found;
};
/** The next request of this kind is carried out and its answer lost. */
const loseAnswer = (match: { readonly route: string; readonly operation?: string }): void => {
  at.twin.faults.add({ kind: 'reset', moment: 'after', match, when: { times: 1 } });
};
const holding = async (text: string): Promise<string> => {
  const { orgId } = await at.admin.identity();
  const options = { expiresAt: '2027-01-01T00:00:00.000Z', fileName: 'letter.txt' };
  return (await home.vault.seal('letter-outbox', orgId, Buffer.from(text), options)).id;
};

describe('create', () => {
  const make = (key: string, subject: string, values: Readonly<Record<string, string>>, over: Partial<PlanStep> = {}) =>
    step({ key, subject, operation: 'create', object: 'Task', payload: { values }, ...over });

  it('finds what a lost answer left behind by the run’s mark and makes nothing twice', async () => {
    const subject = contact();
    const values = { WhoId: subject, Subject: 'Bilan annuel' };
    const { call, outcomes, differences, journal } = await open(make('a', subject, values), make('b', subject, values));
    loseAnswer({ route: 'create many' });
    await call('create');
    expect(outcomes()).toEqual({ a: 'done settled', b: 'done settled' });
    const tasks = await rows(`SELECT Id FROM Task WHERE WhoId = '${subject}'`);
    expect([...journal.madeBy(['a', 'b']).values()].sort()).toEqual(tasks.map((task) => task['Id']).sort());
    expect(await differences('create')).toEqual([]);
  });

  it('makes again what never arrived, though the same record of somebody else’s is there', async () => {
    const subject = contact();
    const values = { WhoId: subject, Subject: 'Relance' };
    await at.officer.create('Task', [values]);
    at.load('Task', [values]);
    at.twin.faults.add({ kind: 'reset', moment: 'before', match: { route: 'create many' }, when: { times: 1 } });
    const { call, outcomes } = await open(make('a', subject, values));
    await call('create');
    expect(outcomes()).toEqual({ a: 'done' });
    expect(await rows(`SELECT Id FROM Task WHERE WhoId = '${subject}'`)).toHaveLength(3);
  });

  it('uses the external id where the step writes one, and takes nobody else’s record for its own', async () => {
    const subject = contact();
    const of = (key: string) =>
      make(
        key,
        subject,
        {},
        {
          object: 'GardePurpose__c',
          settle: 'external-id',
          payload: { values: { PurposeKey__c: key, Name: key }, externalId: { field: 'PurposeKey__c', value: key } },
        },
      );
    const { call, outcomes } = await open(of('e1'), of('e2'));
    await at.admin.create('GardePurpose__c', [{ PurposeKey__c: 'e2', Name: 'e2' }]);
    loseAnswer({ route: 'create many' });
    await call('create');
    expect(outcomes()).toEqual({ e1: 'done settled', e2: 'changed RECORD_EXISTS' });
    expect(await rows("SELECT Id FROM GardePurpose__c WHERE PurposeKey__c IN ('e1', 'e2')")).toHaveLength(2);
  });

  it('gives later steps the id of the record, and refuses them where none was made', async () => {
    const subject = contact();
    const { call, outcomes } = await open(
      make('parent', subject, { LastName: 'Neu' }, { object: 'Contact' }),
      step({
        ...{ key: 'child', subject, operation: 'update', object: 'Contact' },
        payload: { values: { ReportsToId: 'new:parent' } },
      }),
      step({
        ...{ key: 'orphan', subject, operation: 'update', object: 'Contact' },
        payload: { values: { ReportsToId: 'new:nothing' } },
      }),
    );
    await call('create');
    await call('update');
    expect(outcomes()).toEqual({ parent: 'done', child: 'done', orphan: 'refused RECORD_NOT_MADE' });
    const [row] = await rows(`SELECT ReportsTo.LastName FROM Contact WHERE Id = '${subject}'`);
    expect(row).toMatchObject({ ReportsTo: { LastName: 'Neu' } });
  });
});

describe('update', () => {
  const change = (key: string, subject: string, over: Partial<PlanStep> = {}): PlanStep =>
    step({ key, subject, operation: 'update', object: 'Contact', payload: { values: { Description: null } }, ...over });

  it('leaves a value that is no longer the one the plan read, and names it', async () => {
    const [kept, gone, done] = [contact(), contact(), contact()];
    const first = await open(change('x', kept));
    const values = (id: string) => ({ Description: first.digest('Contact', id, 'Description', 'alt') });
    const precondition = (id: string) => ({ decision: 'ab'.repeat(32), goesWith: [], values: values(id) });
    const steps = [kept, gone, done].map((id, i) => change(`s${String(i)}`, id, { precondition: precondition(id) }));
    const { call, outcomes, differences } = await open(...steps);
    await at.admin.update('Contact', [{ Id: kept, Description: 'neu' }]);
    await at.admin.delete([gone as never]);
    await call('update');
    expect(outcomes()).toEqual({ s0: 'changed VALUE_CHANGED', s1: 'changed RECORD_GONE', s2: 'done' });
    expect(await rows(`SELECT Description FROM Contact WHERE Id = '${kept}'`)).toEqual([{ Description: 'neu' }]);
    expect(await differences('update')).toMatchObject([{ key: 's0', fields: ['Description'] }, { key: 's1' }]);
  });

  it('settles a lost answer by the values, and then finds nothing left to do', async () => {
    const subject = contact();
    const { call, outcomes } = await open(change('a', subject));
    loseAnswer({ route: 'update many' });
    await call('update');
    expect(outcomes()).toEqual({ a: 'done settled' });
  });

  it('is refused by the org itself when somebody edits the record after it was read', async () => {
    const [edited, quiet] = [contact(), contact()];
    const over = { precondition: { decision: 'ab'.repeat(32), goesWith: [], ifUnmodified: true as const } };
    const { call, outcomes } = await open(change('edited', edited, over), change('quiet', quiet, over));
    at.setTime('2026-11-20T09:05:00.000Z');
    const write = { operation: 'update' as const, object: 'Contact', rows: [{ Id: edited, Description: 'Mensch' }] };
    const match = { route: 'composite' };
    at.twin.faults.add({
      kind: 'secondClient',
      moment: 'before',
      as: 'officer',
      match,
      when: { times: 1 },
      writes: [write],
    });
    at.twin.faults.add({ kind: 'secondClient', moment: 'before', match, when: { times: 1 }, writes: [write] });
    await call('update');
    expect(outcomes()).toEqual({ edited: 'changed PRECONDITION_FAILED', quiet: 'done' });
    expect(await rows(`SELECT Description FROM Contact WHERE Id = '${edited}'`)).toEqual([{ Description: 'Mensch' }]);
  });
});

describe('upsert', () => {
  it('makes or changes by external id, settles by it, and keeps to what its way back allows', async () => {
    const subject = contact();
    const of = (key: string, inverse: PlanStep['inverse'], Name: string): PlanStep =>
      step({
        ...{ key, subject, operation: 'upsert', object: 'GardePurpose__c', recordId: `new:${key}`, inverse },
        payload: { values: { Name }, externalId: { field: 'PurposeKey__c', value: key } },
      });
    await at.admin.create('GardePurpose__c', [{ PurposeKey__c: 'there', Name: 'alt' }]);
    const { call, outcomes, differences, journal } = await open(
      of('there', 'restore-values', 'neu'),
      of('fresh', 'delete', 'frisch'),
      of('absent', 'restore-values', 'nie'),
    );
    loseAnswer({ route: 'upsert many' });
    await call('upsert');
    expect(outcomes()).toEqual({ there: 'done settled', fresh: 'done settled', absent: 'changed RECORD_GONE' });
    expect(journal.madeBy(['fresh']).size).toBe(1);
    expect(await differences('upsert')).toMatchObject([{ key: 'absent', code: 'RECORD_GONE' }]);
    const found = await rows(
      "SELECT Name FROM GardePurpose__c WHERE PurposeKey__c IN ('there', 'fresh', 'absent') ORDER BY Name",
    );
    expect(found).toEqual([{ Name: 'frisch' }, { Name: 'neu' }]);
  });
});

describe('merge', () => {
  const merge = (key: string, master: string, losers: readonly string[], over: Partial<PlanStep> = {}): PlanStep =>
    step({
      ...{ key, subject: master, operation: 'merge', object: 'Contact' },
      payload: { losers: [...losers], values: { Description: 'zusammen' } },
      ...over,
    });

  it('settles a lost answer by the losers’ MasterRecordId and merges several in one call', async () => {
    const people = Array.from({ length: 4 }, () => contact());
    const { call, outcomes, differences } = await open(
      merge('a', people[0]!, [people[1]!]),
      merge('b', people[2]!, [people[3]!]),
    );
    loseAnswer({ route: 'partner SOAP', operation: 'merge' });
    const before = at.admin.calls();
    await call('merge');
    expect(outcomes()).toEqual({ a: 'done settled', b: 'done settled' });
    expect(at.admin.calls() - before).toBeLessThanOrEqual(4);
    expect(await differences('merge')).toEqual([]);
    const [loser] = await rows(`SELECT MasterRecordId FROM Contact WHERE Id = '${people[1]!}'`, true);
    expect(loser).toEqual({ MasterRecordId: people[0] });
  });

  it('leaves a merge whose loser is gone, and one that is done already', async () => {
    const [master, loser, other] = [contact(), contact(), contact()];
    await at.admin.delete([loser as never]);
    const { call, outcomes } = await open(merge('gone', master, [loser]));
    await call('merge');
    expect(outcomes()).toEqual({ gone: 'changed LOSER_GONE' });
    await at.admin.merge({
      object: 'Contact',
      masterId: master as never,
      masterFields: {},
      loserIds: [other as never],
    });
    const again = await open(merge('twice', master, [other]));
    await again.call('merge');
    expect(again.outcomes()).toEqual({ twice: 'already-done' });
  });
});

describe('deleteHistory', () => {
  it('takes history rows and feed items, and settles by what is left of them', async () => {
    const subject = contact();
    const [feed] = at.load('FeedItem', [
      { Id: `0D5Te${'0'.repeat(10)}`, ParentId: subject, Body: 'geändert', Type: 'TextPost' },
    ]);
    const { call, outcomes, differences } = await open(
      step({ key: 'f', subject, operation: 'deleteHistory', object: 'FeedItem', payload: { historyIds: [feed!] } }),
    );
    expect(await differences('deleteHistory')).toMatchObject([{ key: 'f', code: 'RECORD_LIVE' }]);
    loseAnswer({ route: 'partner SOAP', operation: 'delete' });
    await call('deleteHistory');
    expect(outcomes()).toEqual({ f: 'done settled' });
    expect(await differences('deleteHistory')).toEqual([]);
  });

  it('takes every row that names the record when it is called, and leaves those of others', async () => {
    const [subject, other] = [contact(), contact()];
    const post = (n: number, parent: string) => ({
      ...{ Id: `0D5Tf${String(n).padStart(10, '0')}`, ParentId: parent, Body: 'geändert', Type: 'TextPost' },
    });
    at.load('FeedItem', [post(1, subject)]);
    const all = (record: string) =>
      step({
        ...{ key: record, subject: record, recordId: record, operation: 'deleteHistory', object: 'FeedItem' },
        payload: { historyOf: 'ParentId' },
      });
    const { call, outcomes, differences } = await open(all(subject), all(contact()));
    at.load('FeedItem', [post(2, subject), post(3, other)]);
    expect(await differences('deleteHistory')).toMatchObject([{ key: subject, code: 'RECORD_LIVE' }]);
    loseAnswer({ route: 'partner SOAP', operation: 'delete' });
    await call('deleteHistory');
    expect(Object.values(outcomes())).toEqual(['done settled', 'done settled']);
    expect(await differences('deleteHistory')).toEqual([]);
    expect(await rows(`SELECT ParentId FROM FeedItem WHERE ParentId IN ('${subject}', '${other}')`)).toEqual([
      { ParentId: other },
    ]);
  });

  it('asks for rows by name or for all of them', () => {
    const wrong = step({ key: 'w', subject: '003000000000001AAA', operation: 'deleteHistory', object: 'FeedItem' });
    const problems = OPERATION_DEFINITIONS.deleteHistory.problemsOf(wrong);
    expect(problems.map((problem) => problem.subject)).toEqual(['w: payload.historyIds']);
  });
});

describe('uploadFile', () => {
  it('links a new file or makes a version, and settles by title and checksum', async () => {
    const subject = contact();
    const file = { holding: await holding('Bescheid'), title: 'Bescheid', fileName: 'bescheid.txt' };
    const upload = (key: string, place: object): PlanStep =>
      step({
        key,
        subject,
        operation: 'uploadFile',
        object: 'ContentVersion',
        payload: { file: { ...file, ...place } },
      });
    const { call, outcomes, journal, differences } = await open(upload('new', { linkTo: subject }));
    loseAnswer({ route: 'create' });
    await call('uploadFile');
    expect(outcomes()).toEqual({ new: 'done settled' });
    expect(await differences('uploadFile')).toEqual([]);
    const document = journal.madeBy(['new']).get('new')!;
    const next = await open(upload('next', { versionOf: document, holding: await holding('geschwärzt') }));
    await next.call('uploadFile');
    expect(next.outcomes()).toEqual({ next: 'done' });
    expect(await next.differences('uploadFile')).toEqual([]);
    expect(await rows(`SELECT Id FROM ContentVersion WHERE ContentDocumentId = '${document}'`)).toHaveLength(2);
    expect(await rows(`SELECT Id FROM ContentDocumentLink WHERE LinkedEntityId = '${subject}'`)).toHaveLength(1);
  });
});

describe('sealLocal and send', () => {
  it('seals whole records under the person’s own key, once, though the run is killed after it', async () => {
    const [subject, other] = [contact({ Description: 'geheim' }), contact()];
    const seal = { kind: 'archive', expiresAt: '2031-01-01T00:00:00.000Z' };
    const steps = [subject, other].map((id) =>
      step({ key: id, subject: id, operation: 'sealLocal', object: 'Contact', payload: { seal } }),
    );
    let kills = 1;
    run = await openCalls(at, home, steps, {
      crashPoint: (boundary) => {
        if (boundary === 'committed-not-answered' && kills-- > 0) throw new Error('killed');
      },
    });
    await expect(run.call('sealLocal')).rejects.toThrow('killed');
    await run.settle();
    await run.call('sealLocal');
    expect(Object.values(run.outcomes())).toEqual(['done settled', 'done settled']);
    expect(await run.differences('sealLocal')).toEqual([]);
    const { orgId } = await at.admin.identity();
    const archives = home.vault.holdings(orgId).filter((one) => one.kind === 'archive');
    expect(archives).toHaveLength(1);
    const text = Buffer.from(await home.vault.open(archives[0]!.id)).toString();
    expect(text).not.toContain('geheim');
    const line = JSON.parse(text.split('\n').find((one) => one.includes(subject))!) as { sealed: string };
    const row = JSON.parse(Buffer.from(home.vault.openForSubject(orgId, subject, line.sealed)).toString()) as OrgRow;
    expect(row).toMatchObject({ LastName: 'Martin', Description: 'geheim' });
  });

  it('puts a letter into the outbox once, and refuses an unknown channel by name', async () => {
    const subject = contact();
    const letter = { channel: 'outbox', template: 'answer', holding: await holding('Sehr geehrte') };
    const steps = [step({ key: 'l', subject, operation: 'send', object: 'Contact', payload: { letter } })];
    let kills = 1;
    run = await openCalls(at, home, steps, {
      crashPoint: (boundary) => {
        if (boundary === 'request-sent' && kills-- > 0) throw new Error('killed');
      },
    });
    await expect(run.call('send')).rejects.toThrow('killed');
    await new Promise((arrived) => setTimeout(arrived, 200));
    await run.settle();
    await run.call('send');
    expect(run.outcomes()).toEqual({ l: 'done settled' });
    const made = run.journal.madeBy(['l']).get('l')!;
    expect(Buffer.from(await home.vault.open(made)).toString()).toBe('Sehr geehrte');
    const pigeon = step({ ...steps[0]!, payload: { letter: { ...letter, channel: 'pigeon' } } });
    expect(OPERATION_DEFINITIONS.send.problemsOf(pigeon)).toMatchObject([
      { code: 'StepNotValid', subject: 'l: payload.letter.channel', actions: ['Use one of: outbox.'] },
    ]);
  });
});

describe('the registry', () => {
  it('has one definition per operation, and only operations without a way back are for good', () => {
    expect(Object.keys(OPERATION_DEFINITIONS).sort()).toEqual([...OPERATIONS].sort());
    const final = OPERATIONS.filter((one) => OPERATION_DEFINITIONS[one].inverses.every((way) => way === 'none'));
    expect(final).toEqual(['purge', 'deleteHistory', 'sealLocal', 'send']);
  });

  it('names everything wrong with a step at once', () => {
    const wrong = step({
      key: 'w',
      subject: '003000000000001AAA',
      operation: 'update',
      object: 'Contact',
      settle: 'run-mark',
      inverse: 'undelete',
      before: 'x',
      payload: { losers: ['003000000000001AAA'] },
    });
    const problems = OPERATION_DEFINITIONS.update.problemsOf(wrong);
    expect(problems.map((problem) => problem.subject)).toEqual([
      'w: payload.values',
      'w: payload.losers',
      'w: inverse',
      'w: settle',
      'w: before',
    ]);
  });
});
