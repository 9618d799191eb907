import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GardeError } from '../../../scripts/kernel/result.ts';
import { groupsOf } from '../../../scripts/matching/publish/groups.ts';
import { publishNativeSets } from '../../../scripts/matching/publish/nativeSets.ts';
import type { DuplicateGroup } from '../../../scripts/model/duplicateGroup.ts';
import type { Org } from '../../../scripts/org/port.ts';
import type { Twin } from '../../../scripts/twin/contract.ts';
import { startTwin } from '../../../scripts/twin/startTwin.ts';
import { orgAs } from '../../org/twinConnection.ts';
import { matched } from './matched.ts';
import type { GivenPair } from './matched.ts';

let twin: Twin;
let org: Org;
let ids: readonly string[];

beforeAll(async () => {
  twin = await startTwin({ shape: 'npsp', port: 0, production: true });
  org = await orgAs(twin, 'admin');
  const rows = Array.from({ length: 6 }, (_, i) => ({ LastName: `Invented ${i}` }));
  const made = [
    ...(await org.create('Contact', rows)),
    ...(await org.create('Lead', [{ LastName: 'Invented', Company: 'None' }])),
  ];
  ids = made.map(({ id }) => id ?? '');
});
afterAll(() => twin.close());

const groups = (pairs: readonly GivenPair[]): readonly DuplicateGroup[] =>
  groupsOf(
    {
      result: matched(7, pairs),
      recordOf: (row) => ({ object: row === 6 ? 'Lead' : 'Contact', id: ids[row] ?? '' }),
    },
    () => [],
  ).groups;
const PAIRS = [
  { a: 0, b: 1, probability: 0.9 },
  { a: 2, b: 3, probability: 0.8 },
  { a: 4, b: 6, probability: 0.7 },
];
const setsNow = () => org.count('SELECT COUNT() FROM DuplicateRecordSet');

// one org, told as a story: each step builds on the one before
describe('native duplicate record sets', () => {
  it('hold groups of one object, and groups across objects are counted', async () => {
    const done = await publishNativeSets(groups(PAIRS), { org });
    expect(done).toMatchObject({ made: 2, present: 0, mixed: 1, unsupported: {}, refused: {}, storageKb: 12 });
    expect(await setsNow()).toBe(2);
    expect(await org.count('SELECT COUNT() FROM DuplicateRecordItem')).toBe(4);
  });

  it('are left as they are by a second run', async () => {
    expect(await publishNativeSets(groups(PAIRS), { org })).toMatchObject({ made: 0, present: 2, storageKb: 0 });
    expect(await setsNow()).toBe(2);
  });

  it('are made once although answers are lost', async () => {
    let lost = 0;
    const lossy: Org = {
      ...org,
      create: async (...args) => {
        const outcomes = await org.create(...args);
        if (lost++ < 2) throw new GardeError([{ code: 'AnswerLost', message: 'lost', actions: [] }]);
        return outcomes;
      },
    };
    const done = await publishNativeSets(groups([{ a: 4, b: 5, probability: 0.6 }]), { org: lossy });
    expect(done).toMatchObject({ made: 1, refused: {} });
    expect(await setsNow()).toBe(3);
    expect(await org.count('SELECT COUNT() FROM DuplicateRecordItem')).toBe(6);
  });

  it('are refused by name where the org or the user’s rights lack them', async () => {
    const without: Org = { ...org, describe: () => Promise.resolve(undefined) };
    await expect(publishNativeSets([], { org: without })).rejects.toMatchObject({ name: 'NativeSetsUnavailable' });
  });
});
