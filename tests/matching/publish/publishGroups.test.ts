import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { groupsOf } from '../../../scripts/matching/publish/groups.ts';
import { lookAtPublication, publishGroups } from '../../../scripts/matching/publish/publishGroups.ts';
import type { PublishInput } from '../../../scripts/matching/publish/publishGroups.ts';
import { readDecisions } from '../../../scripts/matching/publish/readDecisions.ts';
import { textIn } from '../../../scripts/matching/publish/rowText.ts';
import type { RememberedDecision } from '../../../scripts/model/duplicateGroup.ts';
import { GardeError } from '../../../scripts/kernel/result.ts';
import type { Org, OrgRow } from '../../../scripts/org/port.ts';
import { openTestOrg } from '../../plan/testOrg.ts';
import type { TestOrg } from '../../plan/testOrg.ts';
import { matched } from './matched.ts';
import type { GivenPair } from './matched.ts';

let bench: TestOrg;
let people: readonly string[];
let leads: readonly string[];

beforeAll(async () => {
  bench = await openTestOrg();
  people = bench.load(
    'Contact',
    Array.from({ length: 8 }, (_, i) => ({ LastName: `Invented ${i}`, CreatedDate: '2020-01-01T00:00:00.000Z' })),
  );
  leads = bench.load('Lead', [{ LastName: 'Invented', Company: 'None', CreatedDate: '2020-01-01T00:00:00.000Z' }]);
});
afterAll(() => bench.close());

const scope = { objects: ['Contact', 'Lead'], links: ['person'], zones: ['review'], isWhole: true };

/** Rows 0 to 7 are contacts, row 8 a lead. */
const inputOf = (pairs: readonly GivenPair[], over: Partial<PublishInput> = {}): PublishInput => ({
  groups: groupsOf(
    {
      result: matched(9, pairs),
      recordOf: (row) =>
        row === 8 ? { object: 'Lead', id: leads[0] ?? '' } : { object: 'Contact', id: people[row] ?? '' },
    },
    () => [{ comparison: 'email', level: 'exact', weight: 8.1, words: { en: 'Same e-mail', fr: 'Même adresse' } }],
  ).groups,
  run: {
    runKey: 'run-1',
    modelDigest: 'ab'.repeat(32),
    compared: [
      { role: 'email', words: { en: 'E-mail', fr: 'E-mail' }, fields: { Contact: ['Email'], Lead: ['Email'] } },
    ],
  },
  scope,
  ...over,
});

const rowsOf = async (org: Org, soql: string): Promise<readonly OrgRow[]> => {
  const rows: OrgRow[] = [];
  for await (const row of org.query(soql)) rows.push(row);
  return rows;
};
const decisionsOf = async (): Promise<readonly RememberedDecision[]> => {
  const all: RememberedDecision[] = [];
  for await (const one of readDecisions(bench.admin)) all.push(one);
  return all;
};

const FIRST: readonly GivenPair[] = [
  { a: 0, b: 1, probability: 0.93 },
  { a: 2, b: 3, probability: 0.81 },
  { a: 4, b: 8, probability: 0.71 },
  { a: 5, b: 6, probability: 0.66 },
  { a: 6, b: 7, probability: 0.61 },
];

// one org, told as a story: each step builds on the one before
describe('publishing duplicate groups', () => {
  it('first says what it would do, what that takes in storage and calls, and writes nothing', async () => {
    const look = await lookAtPublication(inputOf(FIRST), { org: bench.admin });
    expect(look).toMatchObject({ groups: 4, members: 9, made: 13, changed: 0, stale: 0, kept: 0, storageKb: 26 });
    expect(look.calls).toBeGreaterThan(0);
    expect(await bench.admin.count('SELECT COUNT() FROM GardeDuplicateGroup__c')).toBe(0);
  });

  it('makes groups and members with ids, scores and evidence, and says what it took', async () => {
    const done = await publishGroups(inputOf(FIRST), { org: bench.admin });
    expect(done).toMatchObject({ made: 13, changed: 0, unchanged: 0, stale: 0, storageKb: 26, refused: {} });
    const groups = await rowsOf(
      bench.admin,
      'SELECT Status__c, LinkKind__c, Zone__c, Method__c, Confidence__c, PeopleObject__c, TotalMembers__c, MatchedFields__c, MatchRunKey__c, DetectedAt__c, ComparedFields__c FROM GardeDuplicateGroup__c ORDER BY Confidence__c DESC',
    );
    expect(groups[0]).toMatchObject({
      ...{ Status__c: 'proposed', LinkKind__c: 'person', Zone__c: 'review', Method__c: 'probabilistic' },
      ...{ Confidence__c: 93, PeopleObject__c: 'Contact', TotalMembers__c: 2, MatchedFields__c: 'email' },
      MatchRunKey__c: 'run-1',
    });
    expect(groups[2]).toMatchObject({ PeopleObject__c: 'Contact,Lead' });
    expect(JSON.parse(groups[0]?.['ComparedFields__c'] as string)).toMatchObject([{ role: 'email' }]);
    const [lead] = await rowsOf(
      bench.admin,
      `SELECT Lead__c, SubjectType__c, LinkedToKey__c, Score__c, Role__c, Evidence__c FROM GardeDuplicateMember__c WHERE SubjectKey__c = '${leads[0] ?? ''}'`,
    );
    expect(lead).toMatchObject({ Lead__c: leads[0], SubjectType__c: 'Lead', LinkedToKey__c: people[4], Score__c: 71 });
  });

  it('writes nothing the second time', async () => {
    const again = await publishGroups(inputOf(FIRST, { run: { ...inputOf(FIRST).run, runKey: 'run-2' } }), {
      org: bench.admin,
    });
    expect(again).toMatchObject({ made: 0, changed: 0, unchanged: 13, stale: 0, storageKb: 0 });
    expect(await bench.admin.count("SELECT COUNT() FROM GardeDuplicateGroup__c WHERE MatchRunKey__c = 'run-2'")).toBe(
      0,
    );
  });

  it('lets the officer decide about what the tool published, and reads the decisions back as pairs', async () => {
    const groups = await rowsOf(
      bench.officer,
      'SELECT Id, GroupKey__c FROM GardeDuplicateGroup__c ORDER BY Confidence__c DESC',
    );
    const me = (await bench.officer.identity()).userId;
    const decided = { DecidedBy__c: me, DecidedAt__c: '2026-11-20T10:00:00.000Z' };
    const outcomes = await bench.officer.update('GardeDuplicateGroup__c', [
      {
        Id: groups[0]?.['Id'],
        Status__c: 'confirmed',
        Decision__c: 'duplicate',
        DecisionComment__c: 'Same form',
        ...decided,
      },
      { Id: groups[1]?.['Id'], Status__c: 'dismissed', Decision__c: 'related', ...decided },
      { Id: groups[2]?.['Id'], Decision__c: 'later' },
      { Id: groups[3]?.['Id'], Status__c: 'confirmed', Decision__c: 'duplicate', ...decided },
    ]);
    expect(outcomes.flatMap(({ errors }) => errors)).toEqual([]);
    const [other] = await rowsOf(
      bench.officer,
      `SELECT Id FROM GardeDuplicateMember__c WHERE SubjectKey__c = '${people[7] ?? ''}'`,
    );
    const [excluded] = await bench.officer.update('GardeDuplicateMember__c', [
      { Id: other?.['Id'], Role__c: 'excluded', ExclusionReason__c: 'different-person' },
    ]);
    expect(excluded?.errors).toEqual([]);
    const decisions = await decisionsOf();
    expect(
      decisions.map(({ a, b, decision }) => [people.indexOf(a.id), people.indexOf(b.id), decision]).sort(),
    ).toEqual([
      [0, 1, 'duplicate'],
      [2, 3, 'related'],
      [5, 6, 'duplicate'],
      [5, 7, 'not-duplicate'],
      [6, 7, 'not-duplicate'],
    ]);
    expect(decisions.find(({ a }) => a.id === people[0])).toMatchObject({
      ...{ by: me, at: '2026-11-20T10:00:00.000Z', why: 'Same form', groupKey: groups[0]?.['GroupKey__c'] },
    });
  });

  it('keeps what people touched, removes what is found no longer and adds what is new', async () => {
    await publishGroups(inputOf([...FIRST, { a: 1, b: 7, probability: 0.55 }]), { org: bench.admin });
    const done = await publishGroups(inputOf([{ a: 0, b: 7, probability: 0.52 }]), { org: bench.admin });
    expect(done).toMatchObject({ made: 3, stale: 1, kept: 4 });
    const left = await rowsOf(bench.admin, 'SELECT Status__c, Decision__c FROM GardeDuplicateGroup__c');
    expect(left.map((row) => `${textIn(row, 'Status__c')} ${textIn(row, 'Decision__c')}`.trim()).sort()).toEqual([
      'confirmed duplicate',
      'confirmed duplicate',
      'dismissed related',
      'proposed',
      'proposed later',
    ]);
  });

  it('removes nothing when only new records were compared, or other objects', async () => {
    const partly = await publishGroups(inputOf([], { scope: { ...scope, isWhole: false } }), { org: bench.admin });
    expect(partly.stale).toBe(0);
    const others = await publishGroups(inputOf([], { scope: { ...scope, objects: ['Lead'] } }), { org: bench.admin });
    expect(others.stale).toBe(0);
  });

  it('asks the org when an answer is lost, and ends with every row there once', async () => {
    let lost = 0;
    const lossy: Org = {
      ...bench.admin,
      upsert: async (...args) => {
        const outcomes = await bench.admin.upsert(...args);
        if (lost++ % 2 === 0) throw new GardeError([{ code: 'AnswerLost', message: 'lost', actions: [] }]);
        return outcomes;
      },
    };
    const input = inputOf([{ a: 3, b: 6, probability: 0.58 }], { scope: { ...scope, isWhole: false } });
    await publishGroups(input, { org: lossy });
    expect(lost).toBeGreaterThan(1);
    const key = input.groups[0]?.key ?? '';
    expect(await bench.admin.count(`SELECT COUNT() FROM GardeDuplicateGroup__c WHERE GroupKey__c = '${key}'`)).toBe(1);
    expect(
      await bench.admin.count(`SELECT COUNT() FROM GardeDuplicateMember__c WHERE Group__r.GroupKey__c = '${key}'`),
    ).toBe(2);
  });

  it('counts the rows an org refuses by code and leaves them out', async () => {
    const gone = { ...inputOf([{ a: 2, b: 4, probability: 0.57 }]) };
    const groups = gone.groups.map((group) => ({
      ...group,
      members: group.members.map((member, at) =>
        at === 0 ? { ...member, record: { object: 'Contact', id: '003000000000000AAA' } } : member,
      ),
    }));
    const done = await publishGroups({ ...gone, groups, scope: { ...scope, isWhole: false } }, { org: bench.admin });
    expect(Object.values(done.refused)).toEqual([1]);
  });

  it('refuses by name when the user cannot write them', async () => {
    const blind: Org = { ...bench.admin, describe: () => Promise.resolve(undefined) };
    await expect(publishGroups(inputOf([]), { org: blind })).rejects.toMatchObject({ name: 'GroupsNotPublished' });
  });
});
