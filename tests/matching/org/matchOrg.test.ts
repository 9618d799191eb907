import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readMatchKnowledge } from '../../../scripts/app/matchKnowledge.ts';
import { GardeError } from '../../../scripts/kernel/result.ts';
import { decideInOrg } from '../../../scripts/matching/decisions/decideInOrg.ts';
import { explainPair } from '../../../scripts/matching/engine/explain.ts';
import { runMatch } from '../../../scripts/matching/engine/match.ts';
import { lookUpFile } from '../../../scripts/matching/lookUpFile.ts';
import { explainOrg } from '../../../scripts/matching/explainOrg.ts';
import { matchOrg, type OrgMatch, type OrgPorts } from '../../../scripts/matching/matchOrg.ts';
import { seededRandom, temporaryVault } from '../../plan/temporaryVault.ts';
import { openTestOrg, START, type TestOrg } from '../../plan/testOrg.ts';

let at: TestOrg;
let home: ReturnType<typeof temporaryVault>;
let ports: OrgPorts;

const GIVEN = ['Ada', 'Bruno', 'Chloé', 'Damien', 'Elsa', 'Farid', 'Gilles', 'Hanna', 'Igor', 'Jade', 'Karim', 'Lise'];
const FAMILY = ['Abadie', 'Brunel', 'Castel', 'Delmas', 'Escoffier', 'Faure', 'Garnier', 'Hamel', 'Imbert', 'Jourdan'];

/** An invented person, the same for the same number. */
const person = (number: number, over: object = {}) => ({
  FirstName: GIVEN[number % GIVEN.length]!,
  LastName: `${FAMILY[(number * 7) % FAMILY.length]!}${FAMILY[(number * 3 + 1) % FAMILY.length]!.toLowerCase()}`,
  Email: `p${number}@mail${number % 5}.example`,
  Birthdate: `19${40 + (number % 50)}-0${1 + (number % 9)}-1${number % 10}`,
  MailingStreet: `${1 + (number % 90)} rue ${FAMILY[(number * 5) % FAMILY.length]!}`,
  MailingPostalCode: `${10_000 + ((number * 731) % 80_000)}`,
  MailingCity: `Ville${(number * 13) % 97}`,
  CreatedDate: '2020-01-01T00:00:00.000Z',
  SystemModstamp: '2020-01-01T00:00:00.000Z',
  ...over,
});

const MAP = { id: 'id', 'given-name': 'given-name', 'family-name': 'family-name', email: 'email' } as const;
let twice: readonly string[];
let restricted: readonly string[];

beforeAll(async () => {
  at = await openTestOrg();
  home = temporaryVault('match', START);
  ports = {
    ...{ org: at.admin, vault: home.vault, clock: at.clock, random: seededRandom('match') },
    ...{ runMatch, explainPair, knowledge: await readMatchKnowledge(), threads: 1 },
  };
  at.load(
    'Contact',
    Array.from({ length: 400 }, (_, i) => person(i)),
  );
  // 60 people of the list once more, with a slip
  twice = at.load(
    'Contact',
    Array.from({ length: 60 }, (_, i) => person(i * 5, i % 2 === 0 ? { MailingStreet: null } : { Email: null })),
  );
  restricted = at.load('Contact', [person(100), person(200)]);
  at.load('Lead', [
    { FirstName: 'Ada', LastName: person(0).LastName, Email: 'p0@mail0.example', Company: 'x', CreatedDate: START },
  ]);
});
afterAll(async () => {
  await at.close();
  home.remove();
});

type Over = { readonly sinceLast?: boolean; readonly objects?: readonly string[]; readonly index?: boolean };
const run = ({ sinceLast = false, objects = [], index = false }: Over = {}): Promise<OrgMatch> =>
  matchOrg({ ...at.law, ...{ objects, sinceLast, index, toolVersion: '0' } }, ports, () => undefined);
const pairIds = ({ result, space }: OrgMatch): readonly string[] =>
  Array.from({ length: result.pairs.count }, (_, i) =>
    [space.idOf(result.pairs.a[i]!), space.idOf(result.pairs.b[i]!)].sort().join(' '),
  ).sort();
const clusterOf = ({ result, space }: OrgMatch, id: string): number => result.clusters[space.find(id)[0]!]!;
const firstOf = async (number: number): Promise<string> => {
  for await (const row of at.admin.query(
    `SELECT Id FROM Contact WHERE Email = '${person(number).Email}' ORDER BY Id LIMIT 1`,
  ))
    return row['Id'] as string;
  throw new Error('no such person');
};
const restrict = async (contact: string): Promise<void> => {
  const [request] = await at.admin.create('GardeRequest__c', [
    { RequestKey__c: 'r1', Contact__c: contact, Status__c: 'accepted', ReceivedAt__c: START },
  ]);
  await at.admin.create('GardeRequestItem__c', [
    { Request__c: request!.id, Right__c: 'restriction', Decision__c: 'granted' },
  ]);
};

describe('match run', () => {
  let first: OrgMatch;
  it('finds the people that were entered twice, over objects, and leaves restricted people out', async () => {
    await restrict(restricted[0]!);
    first = await run();
    expect(first.space.tables.map(({ name }) => name)).toEqual(['Contact', 'Lead']);
    const known = await firstOf(5);
    expect(clusterOf(first, twice[1]!)).toBe(clusterOf(first, known));
    // a row less in groups of its own for everybody who is there again; fewer are sure enough to be merged unseen
    expect(first.result.rows - new Set(first.result.groups).size).toBeGreaterThanOrEqual(30);
    expect(first.summary.clusters).toBeGreaterThan(10);
    expect(first.summary.excluded).toBe(1);
    expect(pairIds(first).filter((ids) => ids.includes(restricted[0]!))).toEqual([]);
    expect(pairIds(first).some((ids) => ids.includes(restricted[1]!))).toBe(true);
    const lead = first.space.idOf(first.space.offsets[1]!);
    expect(pairIds(first).some((ids) => ids.includes(lead))).toBe(true);
  });

  it('keeps one run and one copy of the records, both sealed, and nothing else', async () => {
    await run();
    const kinds = home.vault.holdings().map(({ kind }) => kind);
    expect(kinds.sort()).toEqual(['match-run', 'snapshot']);
  });

  it('explains a pair of the last run from the sealed copy', async () => {
    const explained = await explainOrg(at.law, [twice[1]!, await firstOf(5)], ports);
    expect(explained).toMatchObject({ link: 'person', excluded: false });
    expect(explained.evidence.map(({ comparison }) => comparison)).toContain('birth-date');
    await expect(explainOrg(at.law, ['003000000000999AAA', twice[1]!], ports)).rejects.toThrow(GardeError);
  });

  it('is bound by what people decided in the org', async () => {
    const pair = [twice[1]!, await firstOf(5)] as const;
    const decided = await decideInOrg(at.officer, { ids: pair, decision: 'not-duplicate', why: 'twins' });
    expect(decided.made).toBe(true);
    const bound = await run();
    expect(bound.decided).toBe(1);
    expect(clusterOf(bound, pair[0])).not.toBe(clusterOf(bound, pair[1]));
    const again = await decideInOrg(at.officer, { ids: pair, decision: 'duplicate', why: 'asked' });
    expect(again).toMatchObject({ made: false, key: decided.key, recordId: decided.recordId });
    const joined = await run();
    expect(clusterOf(joined, pair[0])).toBe(clusterOf(joined, pair[1]));
  });

  it('since the last run looks at new and changed records only, and knows the rest', async () => {
    const whole = await run();
    at.setTime('2026-11-21T09:00:00.000Z');
    const [fresh] = at.load('Contact', [
      person(33, { CreatedDate: '2026-11-21T08:00:00.000Z', SystemModstamp: '2026-11-21T08:00:00.000Z' }),
    ]);
    const next = await run({ sinceLast: true });
    expect(next.touched).toBeLessThan(10);
    expect(pairIds(next)).toContain([fresh!, await firstOf(33)].sort().join(' '));
    const kept = pairIds(next).filter((ids) => !ids.includes(fresh!));
    expect(kept).toEqual(pairIds(whole));
    expect(next.summary.clusters).toBeGreaterThanOrEqual(whole.summary.clusters);
  });

  it('leaves an index, sealed, in which a record is looked up as the run would judge it', async () => {
    const { run: kept } = await run({ index: true });
    const people = [person(5), person(200), { FirstName: 'Zoé', LastName: 'Inconnue', Email: 'z@nowhere.example' }];
    const file = join(mkdtempSync(join(home.folder, 'in-')), 'people.csv');
    const lines = people.map(({ FirstName, LastName, Email }, i) => `${i},${FirstName},${LastName},${Email}`);
    writeFileSync(file, ['id,given-name,family-name,email', ...lines].join('\n'));
    const order = { path: file, map: MAP, orgId: kept.orgId };
    const found = await lookUpFile(order, ports, () => undefined);
    const [known = [], left = [], stranger = []] = found.records.map(({ answer }) => answer.hits.map(({ id }) => id));
    expect(found.readAt).toBe(kept.readAt);
    expect(known).toContain(await firstOf(5));
    expect([left.includes(restricted[0]!), stranger]).toEqual([false, []]);
    const [index] = home.vault.holdings().filter(({ kind }) => kind === 'match-index');
    expect(readFileSync(index!.path).includes(person(5).LastName.toLowerCase())).toBe(false);
    await run();
    expect(home.vault.holdings().map(({ kind }) => kind)).not.toContain('match-index');
    await expect(lookUpFile(order, ports, () => undefined)).rejects.toMatchObject({ name: 'MatchIndexMissing' });
  });

  it('names an object that nothing is known of', async () => {
    await expect(run({ objects: ['Opportunity'] })).rejects.toMatchObject({ name: 'MatchObjectUnknown' });
  });
});
