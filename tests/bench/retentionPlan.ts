import { readFileSync } from 'node:fs';
import { valueOf } from '../../scripts/kernel/result.ts';
import type { LocalDate } from '../../scripts/kernel/legalPeriod.ts';
import { charter } from '../../scripts/model/charter.ts';
import { parsePack } from '../../scripts/model/parsePack.ts';
import { parseRuleSet } from '../../scripts/model/parseRuleSet.ts';
import { planFromSnapshot } from '../../scripts/retention/plan.ts';
import { rulesInForce } from '../../scripts/retention/rules.ts';
import type { PeopleInScope } from '../../scripts/retention/retentionScope.ts';
import { sqlName } from '../../scripts/snapshot/columns.ts';
import { createMeta, writeMeta } from '../../scripts/snapshot/meta.ts';
import { createSnapshotReader } from '../../scripts/snapshot/reader.ts';
import { declaredSources, pathsOf, type FactSource } from '../../scripts/standing/factSources.ts';
import type { StoreValue } from '../../scripts/vault/port.ts';
import { ORG, recordId } from '../plan/examplePlan.ts';
import { temporaryVault } from '../plan/temporaryVault.ts';
import { timed, type Bench } from './bench.ts';

const EXPIRES = '2026-12-31T00:00:00.000Z';
const AT = '2026-11-20T09:00:00.000Z';
const AS_OF = '2026-11-20' as LocalDate;
/** Rows about people, a person: ten, of the kinds a nonprofit's org has most of. */
const ROWS_A_PERSON: Readonly<Record<string, number>> = {
  Task: 5,
  Opportunity: 2,
  CampaignMember: 2,
  npe01__OppPayment__c: 1,
};

const packs = ['core', 'sales-cloud', 'npsp'].map((name) =>
  valueOf(parsePack(readFileSync(`config/packs/${name}.yml`, 'utf8'))),
);
const ruleSets = [valueOf(parseRuleSet(readFileSync('config/rules/fr-cnil.yml', 'utf8')))];
const text = { en: 'x', fr: 'x' };
const own = charter.parse({
  garde: 1,
  controller: {
    ...{ name: 'x', address: 'x', contact: 'x', country: 'FR', timeZone: 'Europe/Paris', language: 'fr' },
    authority: text,
  },
  packs: ['core', 'sales-cloud', 'npsp'],
  purposes: [{ key: 'p', name: text, legalBasis: 'legitimate-interest' }],
  retention: [{ key: 'prospects', purpose: 'p', from: 'fr-cnil/prospects', people: 'Contact', action: 'purge' }],
});

const cascade: FactSource = {
  ...{ key: 'Task.WhoId', kind: 'cascades', object: 'Task', via: 'WhoId', to: 'Contact', where: [] },
  ...{ optional: true, shared: false },
};
const sources = [
  ...declaredSources(packs, [], ['Contact']).filter(
    ({ object, kind }) => Object.hasOwn(ROWS_A_PERSON, object) && kind !== 'solicitation',
  ),
  cascade,
];

const group = (): PeopleInScope => ({
  spec: {
    ...{ object: 'Contact', where: [], rules: [{ key: 'prospects', where: [] }] },
    links: [
      { field: 'AccountId', to: ['Account'], isOwn: false },
      { field: 'IndividualId', to: ['Individual'], isOwn: true },
    ],
  },
  rules: valueOf(rulesInForce(own, ruleSets, AS_OF)),
  ...{ sources, whole: [] },
});

type Home = ReturnType<typeof temporaryVault>;

const isBoolean = (path: string): boolean => /(^|\.)(Is|Has)[A-Z]|__Paid__c|Written_Off/.test(path);

/** Every third person gave lately; of the others one in two was heard of in the last three years. */
const valueAt = (path: string, n: number, person: number, via: string): StoreValue => {
  if (path === 'Id') return recordId('00X', n);
  if (path === via) return recordId('003', person);
  if (isBoolean(path)) return person % 3 === 0 ? 1 : 0;
  if (path.includes('Date')) return person % 2 === 0 ? '2015-03-01' : '2025-03-01';
  return null;
};

const copyRows = (
  store: ReturnType<Home['vault']['openStore']>,
  object: string,
  paths: readonly string[],
  rows: Iterable<readonly StoreValue[]>,
): number => {
  const columns = paths.map((path) => ({ path, type: isBoolean(path) ? ('boolean' as const) : ('string' as const) }));
  store.create({
    name: object,
    columns: Object.fromEntries(columns.map(({ path, type }) => [path, type === 'boolean' ? 'integer' : 'text'])),
  });
  const count = store.insert(object, paths, rows);
  store.run(`CREATE INDEX ${sqlName(`ix.${object}.Id`)} ON ${sqlName(object)} ("Id")`);
  writeMeta(
    store,
    { object, rows: count, at: AT, by: 'bulk', calls: 0 },
    columns.map(({ path, type }) => ({ path, type, isLookup: false })),
  );
  return count;
};

const fill = (store: ReturnType<Home['vault']['openStore']>, people: number): number => {
  createMeta(store);
  let rows = 0;
  const contacts = function* (): Generator<readonly StoreValue[]> {
    for (let n = 0; n < people; n += 1)
      yield [recordId('003', n), '2014-01-01T00:00:00.000Z', recordId('001', n), null];
  };
  copyRows(store, 'Contact', ['Id', 'CreatedDate', 'AccountId', 'IndividualId'], contacts());
  for (const [object, each] of Object.entries(ROWS_A_PERSON)) {
    const ofObject = sources.filter((source) => source.object === object);
    const paths = [...new Set(ofObject.flatMap(pathsOf))];
    const vias = ofObject.map(({ via }) => via);
    const generated = function* (): Generator<readonly StoreValue[]> {
      for (let n = 0; n < people * each; n += 1) {
        const person = n % people;
        yield paths.map((path) => valueAt(path, n, person, vias.includes(path) ? path : ''));
      }
    };
    rows += copyRows(store, object, paths, generated());
  }
  store.flush();
  return rows;
};

const plan = (home: Home, store: ReturnType<Home['vault']['openStore']>, holding: string): number => {
  const scope = {
    ...{ groups: [group()], absent: [], describes: new Map() },
    completeness: {
      ...{ state: 'complete' as const, hidden: [], absent: [], filesVisible: 'seen' as const, at: AT },
    },
  };
  const { header } = planFromSnapshot(
    { charter: own, packs, ruleSets, folder: home.folder, toolVersion: '0.0.0', asOf: AS_OF },
    { vault: home.vault, clock: { now: () => AT } },
    {
      ...{ scope: scope as never, asOf: AS_OF, scopeCalls: 0, reader: createSnapshotReader(store), archives: () => [] },
      snapshot: { holding: { id: holding }, store, objects: [], missing: [], calls: 0 } as never,
      identity: { orgId: ORG, orgName: 'x', userId: recordId('005', 1) } as never,
    },
    () => undefined,
  );
  return header.terms.considered;
};

/** Reads every row and does nothing with it: what a decision on them cannot be faster than. */
const readAll = (store: ReturnType<Home['vault']['openStore']>, people: number): number => {
  const reader = createSnapshotReader(store);
  let read = 0;
  for (const object of ['Contact', ...Object.keys(ROWS_A_PERSON)])
    for (const row of reader.rows(object)) read += row['Id'] === null ? 0 : 1;
  return read === 0 ? 0 : people;
};

export const retentionPlan: Bench = {
  name: 'retention-plan',
  unit: 'people/s',
  baseline: 'every copied row read once from the encrypted snapshot, nothing decided',
  measure: (quick, rows) => {
    const people = rows ?? (quick ? 200 : 100_000);
    const home = temporaryVault('retention-plan', AT);
    try {
      const { store, holding } = home.vault.createStore('snapshot', ORG, EXPIRES);
      const related = fill(store, people);
      const before = process.cpuUsage();
      const own_ = timed(() => plan(home, store, holding.id));
      const used = process.cpuUsage(before);
      const memory = process.resourceUsage().maxRSS * 1024;
      const baseline = timed(() => readAll(store, people));
      store.close();
      const cpu = Number(((used.user + used.system) / 1_000_000).toFixed(2));
      return { own: own_, memory, baseline, figures: { people, related, seconds: own_.seconds, cpu } };
    } finally {
      home.remove();
    }
  },
};
