import type { AnywherePath, GraphPath, PeopleObject } from './pack.ts';
import type { ModelInput, ModelPath, SeenField, SeenObject } from './orgModel.ts';
import { isTechnicalObject } from './referenceLists.ts';

export type DeclaredEdges = {
  readonly people: readonly PeopleObject[];
  readonly paths: readonly ModelPath[];
  readonly upward: readonly ModelPath[];
  readonly anywhere: readonly AnywherePath[];
};

const edgeKey = (object: string, via: string, to = ''): string => `${object}.${via}>${to}`.toLowerCase();

/** Field history, standard (`ContactHistory`) and custom (`X__History`). */
export const isHistoryObject = (name: string): boolean => /^\w+(FieldHistory|History|__History)$/.test(name);

/** People whose rows may be looked up from anywhere; users are staff, and everything points to them. */
const subjectsOf = (people: readonly PeopleObject[]): ReadonlySet<string> =>
  new Set(people.map((person) => person.object).filter((name) => name !== 'User'));

const isCandidate = (input: ModelInput, edges: DeclaredEdges, object: SeenObject): boolean =>
  object.queryable &&
  !isTechnicalObject(input.technical, object.name) &&
  !edges.people.some((person) => person.object === object.name) &&
  !edges.anywhere.some((path) => path.object === object.name);

const lookups = (input: ModelInput, object: SeenObject): readonly SeenField[] =>
  object.fields.filter((field) => field.referenceTo.length > 0 && !input.technical.fields.includes(field.name));

const roleOf = (object: SeenObject): GraphPath['role'] => ({
  en: `${object.label} of`,
  fr: `${object.label} de`,
});

/**
 * Edges that no pack or charter names: rows of custom objects with a lookup to a person or to something a person owns
 * (to any depth), rows of standard objects with a lookup to a person, and field history. An edge that does not lead to a
 * person straight away skips rows whose own lookups name somebody else; an object that packs already link to people some
 * other way (an opportunity with `Introduced_By__c`) is only shared through such an edge.
 */
export const discoverPaths = (input: ModelInput, edges: DeclaredEdges): readonly ModelPath[] => {
  const subjects = subjectsOf(edges.people);
  const declared = new Set([
    ...edges.paths.map((path) => edgeKey(path.object, path.via, path.to)),
    ...edges.upward.map((path) => edgeKey(path.object, path.via)),
  ]);
  const owned = new Set<string>([
    ...subjects,
    ...edges.paths.filter((path) => !path.shared).map((path) => path.object),
    ...edges.anywhere.map((path) => path.object),
  ]);
  owned.delete('User');
  const reviewed = new Set([...edges.paths.map((path) => path.object), ...edges.upward.map((path) => path.to)]);
  const found = new Map<string, ModelPath>();
  const consider = (object: SeenObject, field: SeenField): void => {
    for (const to of field.referenceTo) {
      const direct = subjects.has(to);
      const wanted = object.custom || isHistoryObject(object.name) || direct;
      const key = edgeKey(object.name, field.name, to);
      const known = declared.has(key) || declared.has(edgeKey(object.name, field.name)) || found.has(key);
      if (!wanted || !owned.has(to) || known) continue;
      const people = lookups(input, object).filter((one) => one.referenceTo.some((target) => subjects.has(target)));
      const others = direct ? [] : people.map((one) => one.name);
      const shared = direct && reviewed.has(object.name);
      const path = { object: object.name, via: field.name, to, role: roleOf(object), shared };
      found.set(key, { ...path, origin: 'describe', others });
    }
  };
  for (let before = -1; before !== owned.size + found.size;) {
    before = owned.size + found.size;
    for (const object of input.describes.values()) {
      if (!isCandidate(input, edges, object)) continue;
      for (const field of lookups(input, object)) consider(object, field);
    }
    for (const path of found.values()) if (!path.shared) owned.add(path.object);
  }
  return [...found.values()].sort((a, b) => (edgeKey(a.object, a.via, a.to) < edgeKey(b.object, b.via, b.to) ? -1 : 1));
};
