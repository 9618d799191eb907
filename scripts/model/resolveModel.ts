import { failed, ok, type Result } from '../kernel/result.ts';
import { charterProblems } from './charterPlaces.ts';
import { discoverPaths, type DeclaredEdges } from './discoverPaths.ts';
import { declarationsOf, modelObject } from './modelObjects.ts';
import type { AbsentItem, ModelInput, ModelObject, ModelPath, OrgModel, UndeclaredField } from './orgModel.ts';
import {
  holdFields,
  type AnywherePath,
  type FiscalRecord,
  type GenuineContact,
  type GraphPath,
  type HoldSource,
  type PeopleObject,
} from './pack.ts';
import { hasPath, missingPath } from './presence.ts';

type Named<T> = { readonly item: T; readonly namedBy: string };
type Kept<T> = { readonly kept: readonly T[]; readonly absent: readonly AbsentItem[] };

const named = <T>(
  input: ModelInput,
  ofPack: (pack: ModelInput['packs'][number]) => readonly T[],
  own: readonly T[],
) => [
  ...input.packs.flatMap((pack) => ofPack(pack).map((item): Named<T> => ({ item, namedBy: pack.pack }))),
  ...own.map((item): Named<T> => ({ item, namedBy: 'charter' })),
];

/** Keeps what the org shows; lists the rest with the object or the first missing field. */
const present = <T extends { readonly object: string }>(
  input: ModelInput,
  items: readonly Named<T>[],
  what: AbsentItem['what'],
  needs: (item: T) => readonly string[],
): Kept<T> => {
  const kept: T[] = [];
  const absent: AbsentItem[] = [];
  for (const { item, namedBy } of items) {
    const missing = input.describes.has(item.object)
      ? missingPath(input.describes, item.object, needs(item))
      : undefined;
    if (!input.describes.has(item.object)) absent.push({ what, object: item.object, namedBy });
    else if (missing !== undefined) absent.push({ what, object: item.object, field: missing, namedBy });
    else kept.push(item);
  }
  return { kept, absent };
};

const uniqueNames = (names: readonly string[]): string[] => [...new Set(names)];

const joined = (a: PeopleObject, b: PeopleObject): PeopleObject => ({
  ...b,
  ...a,
  where: [...a.where, ...b.where],
  givenName: uniqueNames([...a.givenName, ...b.givenName]),
  familyName: uniqueNames([...a.familyName, ...b.familyName]),
  emails: uniqueNames([...a.emails, ...b.emails]),
  phones: uniqueNames([...a.phones, ...b.phones]),
});

/** One entry per people object, restricted to the fields that exist; filters whose field is missing mean "no such rows". */
const mergePeople = (input: ModelInput): Kept<PeopleObject> => {
  const all = new Map<string, PeopleObject>();
  const items = named(input, (pack) => pack.people, []);
  const { kept, absent } = present(input, items, 'people', (person) => person.where.map((one) => one.field));
  for (const person of kept) {
    const known = all.get(person.object);
    all.set(person.object, known === undefined ? person : joined(known, person));
  }
  const has = (object: string) => (field: string) => hasPath(input.describes, object, field);
  return {
    kept: [...all.values()].map((person) => {
      const { birthDate, individual, household, ...rest } = person;
      const exists = has(person.object);
      return {
        ...rest,
        givenName: person.givenName.filter(exists),
        familyName: person.familyName.filter(exists),
        emails: person.emails.filter(exists),
        phones: person.phones.filter(exists),
        ...(birthDate !== undefined && exists(birthDate) ? { birthDate } : {}),
        ...(individual !== undefined && exists(individual) ? { individual } : {}),
        ...(household !== undefined && exists(household) ? { household } : {}),
      };
    }),
    absent,
  };
};

const edgesOf = (
  input: ModelInput,
  people: readonly PeopleObject[],
): DeclaredEdges & { absent: readonly AbsentItem[] } => {
  const charterPaths = new Set<GraphPath>(input.charter.paths);
  const toModel = (path: GraphPath): ModelPath => ({
    ...path,
    origin: charterPaths.has(path) ? 'charter' : 'pack',
    others: [],
  });
  const via = (path: { readonly via: string }): readonly string[] => [path.via];
  const down = present(
    input,
    named(input, (pack) => pack.paths, input.charter.paths),
    'path',
    via,
  );
  const upward = present(
    input,
    named(input, (pack) => pack.upward, []),
    'path',
    via,
  );
  const anywhere = present<AnywherePath>(
    input,
    named(input, (pack) => pack.anywhere, []),
    'path',
    via,
  );
  const reaches = (path: GraphPath): boolean => input.describes.has(path.to);
  return {
    people,
    paths: down.kept.filter(reaches).map(toModel),
    upward: upward.kept.filter(reaches).map(toModel),
    anywhere: anywhere.kept,
    absent: [...down.absent, ...upward.absent, ...anywhere.absent],
  };
};

const missingFields = (input: ModelInput): readonly AbsentItem[] =>
  input.packs.flatMap((pack) =>
    Object.entries(pack.fields).flatMap(([object, fields]) =>
      input.describes.has(object)
        ? Object.keys(fields)
            .filter((field) => !hasPath(input.describes, object, field))
            .map((field): AbsentItem => ({ what: 'field', object, field, namedBy: pack.pack }))
        : [],
    ),
  );

type Objects = { readonly objects: Map<string, ModelObject>; readonly undeclared: readonly UndeclaredField[] };

const objectsOf = (
  input: ModelInput,
  edges: DeclaredEdges,
  paths: readonly ModelPath[],
  strays: readonly string[],
): Objects => {
  const declarations = declarationsOf(input.packs, input.charter);
  const people = new Set(edges.people.map((person) => person.object));
  const related = new Set([
    ...paths.map((path) => path.object),
    ...edges.upward.map((path) => path.to),
    ...edges.anywhere.map((path) => path.object),
  ]);
  const kindOf = (name: string): ModelObject['kind'] =>
    people.has(name) ? 'person' : related.has(name) ? 'related' : strays.includes(name) ? 'stray' : 'other';
  const read = [...input.describes.values()].map((seen) => modelObject(input, declarations, seen, kindOf(seen.name)));
  return {
    objects: new Map(read.map(({ object }) => [object.name, object])),
    undeclared: read.flatMap((one) => one.undeclared),
  };
};

const datedNeeds = (item: GenuineContact | FiscalRecord): readonly string[] => [
  item.via,
  item.date,
  ...item.where.map((one) => one.field),
];
const holdNeeds = (hold: HoldSource): readonly string[] => [
  hold.via,
  ...(hold.until === undefined ? [] : [hold.until]),
  ...holdFields(hold),
];

type Rules = Pick<OrgModel, 'strays' | 'genuineContacts' | 'fiscalRecords' | 'holds' | 'absent'>;

const rulesOf = (input: ModelInput): Rules => {
  const none = (): readonly string[] => [];
  const strays = present(
    input,
    named(input, (pack) => pack.strays, []),
    'stray',
    none,
  );
  const contacts = present(
    input,
    named(input, (pack) => pack.genuineContacts, []),
    'genuine-contact',
    datedNeeds,
  );
  const fiscal = present(
    input,
    named(input, (pack) => pack.fiscalRecords, []),
    'fiscal-record',
    datedNeeds,
  );
  const holds = present(
    input,
    named(input, (pack) => pack.holds, input.charter.holds),
    'hold',
    holdNeeds,
  );
  return {
    strays: strays.kept,
    genuineContacts: contacts.kept,
    fiscalRecords: fiscal.kept,
    holds: holds.kept,
    absent: [...contacts.absent, ...fiscal.absent, ...holds.absent, ...strays.absent],
  };
};

/**
 * Merges packs, charter and describes into the model of one org: what of the packs exists here, what the org has that no
 * pack names, what is absent. Problems: `CharterNamesUnknownPlace`, all at once, with the nearest known name.
 */
export const resolveModel = (input: ModelInput): Result<OrgModel> => {
  const problems = charterProblems(input);
  if (problems.length > 0) return failed(...problems);
  const people = mergePeople(input);
  const edges = edgesOf(input, people.kept);
  const paths = [...edges.paths, ...discoverPaths(input, edges)];
  const rules = rulesOf(input);
  const strays = rules.strays.map((stray) => stray.object);
  return ok({
    packs: input.packs.map(({ pack, version }) => ({ pack, version })),
    people: people.kept,
    paths,
    upward: edges.upward,
    anywhere: edges.anywhere,
    ...rules,
    ...objectsOf(input, edges, paths, strays),
    absent: [...people.absent, ...edges.absent, ...missingFields(input), ...rules.absent],
  });
};
