import { inChunks, soqlList, soqlName } from '../kernel/soql.ts';
import { sha256Hex } from '../kernel/hash.ts';
import { OrgError } from '../org/orgProblems.ts';
import type { Org, OrgRow } from '../org/port.ts';
import { readPath } from '../org/rowPaths.ts';
import { factOf, type Fact } from './facts.ts';
import { pathsOf, type FactSource } from './factSources.ts';
import { personOf, personPaths, type PeopleSpec, type Person, type PersonFacts } from './people.ts';

/** What the org says right now about some people. */
export type FreshReading = {
  readonly people: ReadonlyMap<string, PersonFacts>;
  /** Ids of rows that were in the recycle bin at the time. */
  readonly binned: ReadonlySet<string>;
  /** Digest of the watched fields of each person's own row. */
  readonly watched: ReadonlyMap<string, string>;
};

/**
 * Ids in one query: with 15 characters each they stay under the platform's 100,000 characters a query with room for
 * its other parts. https://developer.salesforce.com/docs/atlas.en-us.salesforce_app_limits_cheatsheet.meta/
 */
const IDS_PER_QUERY = 5_000;

/** Rows of an object whose path holds one of these ids. */
type Wanted = {
  readonly object: string;
  readonly fields: readonly string[];
  readonly path: string;
  readonly ids: readonly string[];
  /** Further fields that are compared and not read: a digest of them comes with each row. */
  readonly digested?: readonly string[];
};

const binField = async (org: Org, object: string): Promise<readonly string[]> =>
  // Users and some others never go to the bin and have no such field.
  (await org.describe(object))?.fields.some((field) => field.name === 'IsDeleted') === true ? ['IsDeleted'] : [];

/** An id as it may stand in a filter; the last three characters only help where case is lost. */
const short = (id: string): string => id.slice(0, 15);

type Asked = { readonly wanted: number; readonly soql: string };

const queriesFor = async (org: Org, wanted: readonly Wanted[], idsPerQuery: number): Promise<readonly Asked[]> => {
  const queries: Asked[] = [];
  // Many lookups are asked about the same records.
  const lists = new Map<readonly string[], readonly string[]>();
  for (const [at, { object, fields, path, ids, digested = [] }] of wanted.entries()) {
    const select = [...new Set([...fields, ...(await binField(org, object)), ...digested])].map(soqlName).join(', ');
    const by = `SELECT ${select} FROM ${soqlName(object)} WHERE ${soqlName(path)}`;
    const known = lists.get(ids) ?? inChunks(ids, idsPerQuery).map((chunk) => soqlList(chunk.map(short)));
    lists.set(ids, known);
    for (const list of known) queries.push({ wanted: at, soql: `${by} IN ${list}` });
  }
  return queries;
};

/** Adds what is taken of each row of a page. */
const addTo = <T>(own: T[], rows: readonly OrgRow[], take: (row: OrgRow) => readonly T[]): void => {
  for (const row of rows) own.push(...take(row));
};

/** What an org says of a query that is too long for it; a shorter one of the same kind may pass. */
const TOO_LONG = new Set([
  'QUERY_TOO_COMPLICATED',
  'QUERY_TIMEOUT',
  'OPERATION_TOO_LARGE',
  'ERROR_HTTP_413',
  'ERROR_HTTP_414',
  'ERROR_HTTP_431',
]);
const isTooLong = (error: unknown): boolean =>
  error instanceof OrgError && error.foreignCodes.some((code) => TOO_LONG.has(code));

/**
 * What is taken of each row of all that is wanted, the recycle bin included; asked again in shorter queries when the org
 * wants that. Rows are let go as they are read: thousands of wide ones held at once cost more than reading them.
 */
const takenOf = async <T>(
  org: Org,
  wanted: readonly Wanted[],
  take: (row: OrgRow, wanted: number) => readonly T[],
): Promise<readonly (readonly T[])[]> => {
  for (let idsPerQuery = IDS_PER_QUERY; ; idsPerQuery = Math.ceil(idsPerQuery / 5)) {
    const found = wanted.map((): T[] => []);
    const queries = await queriesFor(org, wanted, idsPerQuery);
    const soql = queries.map((query) => query.soql);
    const fields = wanted.flatMap(({ digested = [] }) => digested);
    const options = { deletedToo: true, ...(fields.length === 0 ? {} : { digest: { fields, as: WATCHED } }) };
    try {
      for await (const { of, rows } of org.queryMany(soql, options)) {
        const at = queries[of]?.wanted ?? 0;
        addTo(found[at] ?? [], rows, (row) => take(row, at));
      }
      return found;
    } catch (error) {
      if (!isTooLong(error) || idsPerQuery <= SHORTEST) throw error;
    }
  }
};
const SHORTEST = 200;

/** Where a row has the digest of what is compared; no field is called so. */
const WATCHED = '~watched';

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

/** What one reading asks for: each object and lookup, and the objects of the records it points to. */
export const readingsOf = (
  sources: readonly FactSource[],
): readonly { readonly name: string; readonly to: ReadonlySet<string> }[] =>
  grouped(sources.filter((source) => source.kind !== 'unlinks')).map((group) => ({
    name: `${group.object} ${group.via}`,
    to: new Set(group.sources.map((source) => source.to)),
  }));

/** How many of a person's records such a reading asks about: their own, those they are linked to. */
export const targetsOfPerson = (spec: PeopleSpec, to: ReadonlySet<string>, person: Person): number =>
  spec.links.filter((link, i) => person.links[i] != null && link.to.some((object) => to.has(object))).length +
  (to.has(spec.object) ? 1 : 0);

export type ReadingInput = {
  readonly spec: PeopleSpec;
  readonly sources: readonly FactSource[];
  readonly timeZone: string;
  /** Rows that were in the bin before our own deletion; every other row counts, in the bin or not. */
  readonly binnedBefore?: ReadonlySet<string>;
  /** Further fields of the people's own rows: whoever changes one of them works on the record just now. */
  readonly watch?: readonly string[];
};

type Counts = (row: OrgRow) => boolean;

type OwnRows = { readonly people: readonly Person[]; readonly watched: ReadonlyMap<string, string> };

/** What is compared of a row: fields that the decision reads too stand beside the digest of the others. */
const watchedOf = (row: OrgRow, read: readonly string[]): string => {
  const digest = typeof row[WATCHED] === 'string' ? row[WATCHED] : '';
  return read.length === 0 ? digest : sha256Hex(JSON.stringify([digest, ...read.map((path) => readPath(row, path))]));
};

const readPeople = async (org: Org, ids: readonly string[], input: ReadingInput, counts: Counts): Promise<OwnRows> => {
  const { spec, timeZone, watch = [] } = input;
  const fields = personPaths(spec);
  const read = watch.filter((field) => fields.includes(field));
  const digested = watch.filter((field) => !fields.includes(field));
  const watched = new Map<string, string>();
  const [people = []] = await takenOf(org, [{ object: spec.object, fields, path: 'Id', ids, digested }], (row) => {
    const person = counts(row) ? personOf(spec, row, timeZone) : undefined;
    if (person === undefined) return [];
    if (watch.length > 0) watched.set(person.id, watchedOf(row, read));
    return [person];
  });
  return { people, watched };
};

const readSources = async (
  org: Org,
  people: readonly Person[],
  input: ReadingInput,
  counts: Counts,
): Promise<readonly Fact[]> => {
  const groups = grouped(input.sources);
  const targets = new Map<string, readonly string[]>();
  const idsOf = (group: Group): readonly string[] => {
    const name = [...new Set(group.sources.map((source) => source.to))].sort().join(' ');
    const ids = targets.get(name) ?? targetsOf(input.spec, group, people);
    targets.set(name, ids);
    return ids;
  };
  const wanted = groups.map((group) => ({
    object: group.object,
    fields: [...new Set(group.sources.flatMap(pathsOf))],
    path: group.via,
    ids: idsOf(group),
  }));
  const found = await takenOf(org, wanted, (row, i) =>
    counts(row) ? (groups[i]?.sources ?? []).flatMap((source) => factOf(source, row, input.timeZone) ?? []) : [],
  );
  return found.flat();
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
  const { people, watched } = await readPeople(org, ids, input, counts);
  const byTarget = new Map<string, Fact[]>();
  for (const fact of await readSources(org, people, input, counts)) {
    const known = byTarget.get(fact.target);
    if (known === undefined) byTarget.set(fact.target, [fact]);
    else known.push(fact);
  }
  const factsOf = (person: Person): readonly Fact[] =>
    [person.id, ...person.links].flatMap((id) => (id === null ? [] : (byTarget.get(id) ?? [])));
  const known = new Map(people.map((person) => [person.id, { person, facts: factsOf(person) }]));
  return { people: known, binned, watched };
};
