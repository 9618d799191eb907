import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { rehearsalTwin } from '../../scripts/app/rehearsalTwin.ts';
import { connectTwin } from '../../scripts/app/connectTwin.ts';
import { parseRecordId } from '../../scripts/kernel/recordId.ts';
import type { PlanDecision } from '../../scripts/model/plan.ts';
import type { Org, OrgRow } from '../../scripts/org/port.ts';
import { createSchemaSource } from '../../scripts/org/wholeDescribes.ts';
import { openPlan } from '../../scripts/plan/file/openPlan.ts';
import { eachDecision, readSteps } from '../../scripts/plan/file/planStore.ts';
import { rehearsePlan } from '../../scripts/plan/rehearse/rehearsePlan.ts';
import { apply, applyPorts, approve, makePlan } from '../plan/cycle.ts';
import { temporaryVault } from '../plan/temporaryVault.ts';
import { oldContact, openTestOrg, START, type TestOrg } from '../plan/testOrg.ts';
import { allowHistory } from '../disposal/anonymisedOrg.ts';
import { anonymisingLaw, newId } from './anonymising.ts';

let at: TestOrg;
let home: ReturnType<typeof temporaryVault>;
/** Record ids by what is special about the person. */
let people: Readonly<Record<'bare' | 'rich' | 'file' | 'honoured' | 'feed' | 'imported', string>>;
let living: string;

const alike = (name: string, over: object = {}) =>
  oldContact(name, { Birthdate: '1961-04-03', MailingPostalCode: '69003', MailingCountry: 'France', ...over });

const rows = async (soql: string, deletedToo = false): Promise<readonly OrgRow[]> => {
  const found: OrgRow[] = [];
  for await (const row of at.admin.query(soql, { deletedToo })) found.push(row);
  return found;
};

const gift = { StageName: 'Closed Won', IsWon: true, IsClosed: true, CloseDate: '2011-03-17' };

/** Everything of one person in rows of their own, to any depth. */
const plantRich = async (id: string, household: string): Promise<void> => {
  const [task] = at.load('Task', [
    { WhoId: id, Subject: 'Appel needle', Status: 'Completed', ActivityDate: '2012-01-02' },
  ]);
  at.load('Attachment', [{ Id: newId('00P'), ParentId: task!, Name: 'needle.txt' }]);
  at.load('Note', [{ Id: newId('002'), ParentId: id, Title: 'needle', Body: 'needle' }]);
  const [mail] = at.load('EmailMessage', [{ Id: newId('02s'), Status: '3', Subject: 'needle', TextBody: 'needle' }]);
  at.load('EmailMessageRelation', [
    {
      Id: newId((await at.admin.describe('EmailMessageRelation'))?.keyPrefix ?? ''),
      EmailMessageId: mail!,
      RelationId: id,
      RelationType: 'ToAddress',
      RelationAddress: 'n@n.example',
    },
  ]);
  const [given] = at.load('Opportunity', [
    {
      ...gift,
      Name: 'needle Don',
      Amount: 30,
      npsp__Primary_Contact__c: id,
      AccountId: household,
      Description: 'needle',
    },
  ]);
  await at.admin.update('Opportunity', [{ Id: given!, CloseDate: '2011-03-18' }]);
  const bytes = Buffer.from('needle');
  await at.admin.uploadFile({ title: 'needle', fileName: 'needle.txt', bytes, linkTo: parseRecordId(given!)! });
};

beforeAll(async () => {
  const whole = await openTestOrg();
  await allowHistory(whole);
  at = { ...whole, law: await anonymisingLaw(whole.law, { copies: 'P0D' }) };
  const [household] = at.load('Account', [{ Name: 'Foyer needle', npe01__SYSTEM_AccountType__c: 'Household Account' }]);
  const [bare, rich, file, honoured, feed, imported] = at.load('Contact', [
    alike('Un'),
    alike('needle Deux', { AccountId: household!, Email: 'needle@people.example' }),
    ...['Trois', 'Quatre', 'Cinq'].map((name) => alike(name)),
    alike('Six', { Email: 'Six@people.example' }),
    alike('Sept'),
  ]);
  [living = ''] = at.load('Contact', [{ LastName: 'Recent', CreatedDate: '2026-01-01T00:00:00.000Z' }]);
  people = { bare: bare!, rich: rich!, file: file!, honoured: honoured!, feed: feed!, imported: imported! };
  await plantRich(people.rich, household!);
  const bytes = Buffer.from('joint');
  await at.admin.uploadFile({ title: 'joint', fileName: 'joint.txt', bytes, linkTo: parseRecordId(people.file)! });
  const [document] = await rows(
    `SELECT ContentDocumentId FROM ContentDocumentLink WHERE LinkedEntityId = '${people.file}'`,
  );
  const [tie] = await at.admin.create('ContentDocumentLink', [
    { ContentDocumentId: document!['ContentDocumentId'], LinkedEntityId: living, ShareType: 'V' },
  ]);
  expect(tie?.errors).toEqual([]);
  at.load('Opportunity', [
    {
      ...{ ...gift, CloseDate: '2025-12-01', Name: 'Don', Amount: 9 },
      ...{ npsp__Primary_Contact__c: living, npsp__Honoree_Contact__c: people.honoured },
    },
  ]);
  await at.admin.create('npsp__DataImport__c', [
    { npsp__Contact1_Lastname__c: 'Six', npsp__Contact1_Personal_Email__c: 'six+a@people.example' },
    { npsp__Contact1_Lastname__c: 'Six', npsp__Contact1_Personal_Email__c: 'six@people.example' },
  ]);
  at.load('FeedItem', [{ Id: newId('0D5'), ParentId: people.feed, Body: 'Bonjour', Type: 'TextPost' }]);
});
afterAll(() => at.close());
beforeEach(() => {
  home = temporaryVault('anonymise-graph', START);
});

const decisionsOf = (path: string): ReadonlyMap<string, PlanDecision> => {
  const plan = openPlan(path, home.vault);
  try {
    return new Map([...eachDecision(plan.store)].map((one) => [one.subject, one]));
  } finally {
    plan.store.close();
  }
};

const wordsOf = (path: string): Readonly<Record<string, unknown>> => {
  const decisions = decisionsOf(path);
  return Object.fromEntries(
    Object.entries(people).map(([who, id]) => {
      const { word, wordUntil, findings } = decisions.get(id)?.reason.facts ?? {};
      return [who, [word, wordUntil, findings]];
    }),
  );
};

const withoutHistoryRight = (org: Org): Org => ({
  ...org,
  describe: async (object) => {
    const described = await org.describe(object);
    return described !== undefined && object === 'ContactHistory' ? { ...described, deletable: false } : described;
  },
});

describe('a rule that anonymises reads the whole graph of each person', () => {
  it('says pseudonymised of everybody whose history may not be deleted, with the reason by name', async () => {
    const plan = await makePlan({ ...at, admin: withoutHistoryRight(at.admin) }, home);
    expect(wordsOf(plan.path)).toMatchObject({
      bare: ['pseudonymised', null, 'history-remains:ContactHistory'],
    });
  });

  it('says anonymised only of whom nothing is left: no shared file, no shared row, no post that can still be read', async () => {
    const plan = await makePlan(at, home);
    expect(wordsOf(plan.path)).toEqual({
      bare: ['anonymised', null, ''],
      rich: ['anonymised', null, ''],
      file: [
        ...['pseudonymised', null],
        'deleted-readable:ContentDocumentLink file-remains:ContentDocument row-remains:ContentVersion',
      ],
      honoured: ['pseudonymised', null, 'row-remains:Opportunity'],
      feed: ['pseudonymised', '2026-12-05', 'deleted-readable:FeedItem'],
      imported: ['pseudonymised', null, 'row-remains:npsp__DataImport__c'],
    });
    expect(plan.calls).toBeGreaterThan(0);
    const plannedSteps = openPlan(plan.path, home.vault);
    const left = [...readSteps(plannedSteps.store)].map(({ step }) => step.recordId);
    plannedSteps.store.close();
    expect(left).not.toContain(living);
  });

  it('carries out what it planned, in the rehearsal and in the org, and leaves no trace of whom it calls anonymised', async () => {
    const plan = await makePlan(at, home);
    const schema = createSchemaSource(await connectTwin(at.twin, 'admin'));
    const rehearsed = await rehearsePlan(plan.path, { ...applyPorts(at, home), openRehearsal: rehearsalTwin(schema) });
    expect(rehearsed.differences).toEqual([]);
    await approve(at, plan.path);
    const { summary } = await apply(at, home, plan.path);
    expect([summary.state, summary.notDone]).toEqual(['done', []]);
    for (const object of ['Contact', 'Account', 'Opportunity', 'Task', 'Note', 'Attachment', 'EmailMessage'])
      expect(JSON.stringify(await rows(`SELECT FIELDS(ALL) FROM ${object} LIMIT 200`, true))).not.toMatch(/needle/i);
    expect(await rows(`SELECT Id FROM ContentDocument WHERE Title = 'needle'`, true)).toEqual([]);
    expect(await rows(`SELECT Id FROM ContentDocument WHERE Title = 'joint'`)).toHaveLength(1);
    expect(await rows(`SELECT Id FROM OpportunityFieldHistory`)).toEqual([]);
    expect((await makePlan(at, home)).header.terms.steps).toBe(0);
  });
});
