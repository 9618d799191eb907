import { inChunks, soqlList, soqlName } from '../kernel/soql.ts';
import type { Org, OrgRow } from '../org/port.ts';
import { factOf, readPath, type Fact } from './facts.ts';
import { pathsOf, type FactSource } from './factSources.ts';
import { personOf, personPaths, type PeopleSpec, type Person, type PersonFacts } from './people.ts';

/** What the org says right now about some people. */
export type FreshReading = {
  readonly people: ReadonlyMap<string, PersonFacts>;
  /** Ids of rows that were in the recycle bin at the time. */
  readonly binned: ReadonlySet<string>;
};

const IDS_PER_QUERY = 400;

const rowsBy = async function* (
  org: Org,
  object: string,
  fields: readonly string[],
  by: { readonly path: string; readonly ids: readonly string[] },
): AsyncIterable<OrgRow> {
  // Users and some others never go to the bin and have no such field.
  const hasBin = (await org.describe(object))?.fields.some((field) => field.name === 'IsDeleted') ?? false;
  const select = [...new Set([...fields, ...(hasBin ? ['IsDeleted'] : [])])].map(soqlName).join(', ');
  for (const ids of inChunks(by.ids, IDS_PER_QUERY)) {
    const soql = `SELECT ${select} FROM ${soqlName(object)} WHERE ${soqlName(by.path)} IN ${soqlList(ids)}`;
    yield* org.query(soql, { deletedToo: hasBin });
  }
};

type Group = { readonly object: string; readonly via: string; readonly sources: readonly FactSource[] };

const grouped = (sources: readonly FactSource[]): readonly Group[] => {
  const groups = new Map<string, FactSource[]>();
  for (const source of sources) {
    const name = `${source.object} ${source.via}`;
    groups.set(name, [...(groups.get(name) ?? []), source]);
  }
  return [...groups.values()].map((own) => ({ object: own[0]?.object ?? '', via: own[0]?.via ?? '', sources: own }));
};

/** Which of the people's records a source is about: themselves, or what they are linked to. */
const targetsOf = (spec: PeopleSpec, group: Group, people: readonly Person[]): readonly string[] => {
  const to = new Set(group.sources.map((source) => source.to));
  const linked = spec.links.flatMap((link, i) =>
    link.to.some((object) => to.has(object)) ? people.map((person) => person.links[i] ?? null) : [],
  );
  const own = to.has(spec.object) ? people.map((person) => person.id) : [];
  return [...new Set([...own, ...linked])].filter((id) => id !== null).sort();
};

/** How many calls one reading of up to 200 people takes at least: one per object and lookup, and the people's own. */
export const callsPerReading = (sources: readonly FactSource[]): number => grouped(sources).length + 1;

export type ReadingInput = {
  readonly spec: PeopleSpec;
  readonly sources: readonly FactSource[];
  readonly timeZone: string;
  /** Rows that were in the bin before our own deletion; every other row counts, in the bin or not. */
  readonly binnedBefore?: ReadonlySet<string>;
};

type Counts = (row: OrgRow) => boolean;

const readPeople = async (
  org: Org,
  ids: readonly string[],
  input: ReadingInput,
  counts: Counts,
): Promise<readonly Person[]> => {
  const people: Person[] = [];
  const { spec, timeZone } = input;
  for await (const row of rowsBy(org, spec.object, personPaths(spec), { path: 'Id', ids })) {
    const person = counts(row) ? personOf(spec, row, timeZone) : undefined;
    if (person !== undefined) people.push(person);
  }
  return people;
};

const readGroup = async (
  org: Org,
  group: Group,
  people: readonly Person[],
  input: ReadingInput & { readonly counts: Counts },
): Promise<readonly Fact[]> => {
  const facts: Fact[] = [];
  const fields = [...new Set(group.sources.flatMap(pathsOf))];
  const ids = targetsOf(input.spec, group, people);
  for await (const row of rowsBy(org, group.object, fields, { path: group.via, ids })) {
    if (!input.counts(row)) continue;
    facts.push(...group.sources.flatMap((source) => factOf(source, row, input.timeZone) ?? []));
  }
  return facts;
};

/**
 * Reads again, for these people only, everything that a decision reads. With `binnedBefore` it tells how things stand
 * after our own deletion: rows that went with the people still count, rows deleted earlier do not.
 */
export const readFacts = async (org: Org, ids: readonly string[], input: ReadingInput): Promise<FreshReading> => {
  const binned = new Set<string>();
  const counts: Counts = (row) => {
    if (row['IsDeleted'] !== true) return true;
    const id = String(readPath(row, 'Id'));
    binned.add(id);
    return input.binnedBefore !== undefined && !input.binnedBefore.has(id);
  };
  const people = await readPeople(org, ids, input, counts);
  const byTarget = new Map<string, Fact[]>();
  for (const group of grouped(input.sources)) {
    for (const fact of await readGroup(org, group, people, { ...input, counts })) {
      const known = byTarget.get(fact.target);
      if (known === undefined) byTarget.set(fact.target, [fact]);
      else known.push(fact);
    }
  }
  const factsOf = (person: Person): readonly Fact[] =>
    [person.id, ...person.links].flatMap((id) => (id === null ? [] : (byTarget.get(id) ?? [])));
  return { people: new Map(people.map((person) => [person.id, { person, facts: factsOf(person) }])), binned };
};
