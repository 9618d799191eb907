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
    const { id, collected, links, rules, exceptions = [] } = person;
    yield [id, collected, links[0] ?? null, links[1] ?? null, rules.join(' '), exceptions.join(' ')];
  }
}

/** What a row says, packed: a row in scratch tables costs more than anything that is in it. */
const packed = (record: string, told: readonly (readonly [number, Fact])[]): string =>
  [record, ...told.map(([index, { date, until }]) => `${String(index)},${date ?? ''},${until ?? ''}`)].join(';');

function* factRows(
  sources: readonly (readonly [number, FactSource])[],
  rows: Iterable<OrgRow>,
  timeZone: string,
): Iterable<readonly StoreValue[]> {
  for (const row of rows) {
    const told = new Map<string, (readonly [number, Fact])[]>();
    for (const [index, source] of sources) {
      const fact = factOf(source, row, timeZone);
      if (fact === undefined) continue;
      const own = told.get(fact.target);
      if (own === undefined) told.set(fact.target, [[index, fact]]);
      else own.push([index, fact]);
    }
    for (const [target, own] of told) yield [target, `${target};${packed(own[0]?.[1].record ?? '', own)}`];
  }
}

const SCRATCH = [
  'DROP TABLE IF EXISTS scratchPerson',
  'DROP TABLE IF EXISTS scratchFact',
  'CREATE TABLE scratchPerson (id text PRIMARY KEY, collected text, link0 text, link1 text, rules text, exceptions text) WITHOUT ROWID',
  'CREATE TABLE scratchFact (target text, facts text)',
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
  store.insert('scratchPerson', ['id', 'collected', 'link0', 'link1', 'rules', 'exceptions'], people);
  const numbered = sources.map((source, index) => [index, source] as const);
  for (const object of new Set(sources.map((source) => source.object))) {
    const own = numbered.filter(([, source]) => source.object === object);
    const rows = factRows(own, from.rowsOf(object), from.timeZone);
    store.insert('scratchFact', ['target', 'facts'], rows);
  }
  store.run('CREATE INDEX scratchFactTarget ON scratchFact (target)');
};

const FACTS = `
  SELECT p.id, p.collected, p.link0, p.link1, p.rules, p.exceptions,
    (SELECT group_concat(f.facts, '|') FROM scratchFact f WHERE f.target IN (p.id, p.link0, p.link1)) AS facts
  FROM scratchPerson p ORDER BY p.id`;

type Joined = Readonly<Record<string, StoreValue>>;

const text = (value: StoreValue | undefined): string | null => (typeof value === 'string' ? value : null);

const dayIn = (value: string | undefined): LocalDate | null =>
  value === undefined || value === '' ? null : (value as LocalDate);

/** The facts of one packed row. */
const factsIn = (row: string, sources: readonly FactSource[]): readonly Fact[] => {
  const [target = '', record = '', ...told] = row.split(';');
  return told.flatMap((one) => {
    const [index, date, until] = one.split(',');
    const source = sources[Number(index)];
    return source === undefined ? [] : [{ source, target, record, date: dayIn(date), until: dayIn(until) }];
  });
};

const words = (value: StoreValue | undefined): readonly string[] =>
  (text(value) ?? '').split(' ').filter((word) => word !== '');

const personIn = (row: Joined): Person => {
  const exceptions = words(row['exceptions']);
  return {
    id: text(row['id']) ?? '',
    collected: text(row['collected']) as LocalDate | null,
    links: [text(row['link0']), text(row['link1'])],
    rules: words(row['rules']),
    ...(exceptions.length === 0 ? {} : { exceptions }),
  };
};

const inOrder = (a: Fact, b: Fact): number =>
  a.source.key < b.source.key ? -1 : a.source.key > b.source.key ? 1 : a.record < b.record ? -1 : 1;

/** Every person of the scratch tables with all their facts, by record id: the same order for the same snapshot. */
export function* factsByPerson(store: EncryptedStore, sources: readonly FactSource[]): Iterable<PersonFacts> {
  for (const row of store.read(FACTS)) {
    const packedRows = text(row['facts'])?.split('|') ?? [];
    const facts = packedRows.flatMap((one) => factsIn(one, sources)).sort(inOrder);
    yield { person: personIn(row), facts };
  }
}

/** Empties the scratch tables; what they held is overwritten. */
export const dropScratch = (store: EncryptedStore): void => {
  for (const statement of SCRATCH.slice(0, 2)) store.run(statement);
};
