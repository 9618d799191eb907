import type { LocalDate } from '../kernel/legalPeriod.ts';
import type { OrgRow } from '../org/port.ts';
import type { EncryptedStore, StoreValue } from '../vault/port.ts';
import { factOf, type Fact } from './facts.ts';
import type { FactSource } from './factSources.ts';
import { personOf, type PeopleSpec, type Person, type PersonFacts } from './people.ts';

/** Rows of an object of the snapshot, lazily. */
export type RowsOf = (object: string) => Iterable<OrgRow>;

function* personRows(spec: PeopleSpec, rows: Iterable<OrgRow>, timeZone: string): Iterable<readonly StoreValue[]> {
  for (const row of rows) {
    const person = personOf(spec, row, timeZone);
    if (person === undefined) continue;
    const { id, collected, links, rules } = person;
    yield [id, collected, links[0] ?? null, links[1] ?? null, rules.join(' ')];
  }
}

function* factRows(
  sources: readonly (readonly [number, FactSource])[],
  rows: Iterable<OrgRow>,
  timeZone: string,
): Iterable<readonly StoreValue[]> {
  for (const row of rows) {
    for (const [index, source] of sources) {
      const fact = factOf(source, row, timeZone);
      if (fact !== undefined) yield [fact.target, index, fact.record, fact.date, fact.until];
    }
  }
}

const SCRATCH = [
  'DROP TABLE IF EXISTS scratchPerson',
  'DROP TABLE IF EXISTS scratchFact',
  'CREATE TABLE scratchPerson (id text PRIMARY KEY, collected text, link0 text, link1 text, rules text) WITHOUT ROWID',
  'CREATE TABLE scratchFact (target text, source integer, record text, date text, until text)',
];

/** Sorts the facts of a snapshot by target into scratch tables of an encrypted store: memory stays flat. */
export const gatherFacts = (
  store: EncryptedStore,
  spec: PeopleSpec,
  sources: readonly FactSource[],
  from: { readonly rowsOf: RowsOf; readonly timeZone: string },
): void => {
  for (const statement of SCRATCH) store.run(statement);
  const people = personRows(spec, from.rowsOf(spec.object), from.timeZone);
  store.insert('scratchPerson', ['id', 'collected', 'link0', 'link1', 'rules'], people);
  const numbered = sources.map((source, index) => [index, source] as const);
  for (const object of new Set(sources.map((source) => source.object))) {
    const own = numbered.filter(([, source]) => source.object === object);
    const rows = factRows(own, from.rowsOf(object), from.timeZone);
    store.insert('scratchFact', ['target', 'source', 'record', 'date', 'until'], rows);
  }
  store.run('CREATE INDEX scratchFactTarget ON scratchFact (target)');
};

const FACTS = `
  SELECT p.id, p.collected, p.link0, p.link1, p.rules, f.target, f.source, f.record, f.date, f.until
  FROM scratchPerson p LEFT JOIN scratchFact f ON f.target IN (p.id, p.link0, p.link1)
  ORDER BY p.id`;

type Joined = Readonly<Record<string, StoreValue>>;

const text = (value: StoreValue | undefined): string | null => (typeof value === 'string' ? value : null);

const factIn = (row: Joined, sources: readonly FactSource[]): Fact | undefined => {
  const source = typeof row['source'] === 'number' ? sources[row['source']] : undefined;
  if (source === undefined) return undefined;
  return {
    source,
    target: text(row['target']) ?? '',
    record: text(row['record']) ?? '',
    date: text(row['date']) as LocalDate | null,
    until: text(row['until']) as LocalDate | null,
  };
};

const personIn = (row: Joined): Person => ({
  id: text(row['id']) ?? '',
  collected: text(row['collected']) as LocalDate | null,
  links: [text(row['link0']), text(row['link1'])],
  rules: (text(row['rules']) ?? '').split(' '),
});

const inOrder = (a: Fact, b: Fact): number =>
  a.source.key < b.source.key ? -1 : a.source.key > b.source.key ? 1 : a.record < b.record ? -1 : 1;

/** Every person of the scratch tables with all their facts, by record id: the same order for the same snapshot. */
export function* factsByPerson(store: EncryptedStore, sources: readonly FactSource[]): Iterable<PersonFacts> {
  let current: { readonly person: Person; readonly facts: Fact[] } | undefined;
  const finished = (): PersonFacts | undefined =>
    current === undefined ? undefined : { person: current.person, facts: current.facts.sort(inOrder) };
  for (const row of store.read(FACTS)) {
    if (current?.person.id !== row['id']) {
      const before = finished();
      if (before !== undefined) yield before;
      current = { person: personIn(row), facts: [] };
    }
    const fact = factIn(row, sources);
    if (fact !== undefined) current?.facts.push(fact);
  }
  const last = finished();
  if (last !== undefined) yield last;
}

/** Empties the scratch tables; what they held is overwritten. */
export const dropScratch = (store: EncryptedStore): void => {
  for (const statement of SCRATCH.slice(0, 2)) store.run(statement);
};
