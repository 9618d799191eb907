import { archivePerson, type PersonToArchive, type RowToArchive } from '../disposal/archivePerson.ts';
import { emptyFields, fieldsOf, writeFields, type FieldKnowledge } from '../disposal/changeFields.ts';
import type { PlannedOperation } from '../disposal/contract.ts';
import type { LocalDate } from '../kernel/legalPeriod.ts';
import type { DescribedObject, OrgRow } from '../org/port.ts';
import { plainValue } from '../plan/operations/values.ts';
import type { Values } from '../plan/undo/beforeImages.ts';
import type { PersonFacts } from '../standing/people.ts';
import type { Keeper } from '../standing/standingAt.ts';
import { archivedUntil, archiveTermsOf } from './archiveTerms.ts';
import type { RuleAction } from './decidePerson.ts';
import { dutiesInForce } from './dutyRecords.ts';
import type { PeopleInScope } from './retentionScope.ts';
import { phaseOf } from './rules.ts';

/** What actions know of the org beside the facts: rows as they were copied, describes, what packs and charter say. */
export type ActionKnowledge = {
  readonly rowOf: (object: string, id: string) => OrgRow | undefined;
  readonly described: (object: string) => DescribedObject | undefined;
  readonly fields: (object: string) => FieldKnowledge;
  /** What the action restrict writes into records of an object. */
  readonly restriction: (object: string) => Values;
  /** Lookups that the action unlink clears. */
  readonly ties: (object: string) => readonly string[];
  /** By which somebody who asks finds their archive; none where the org has no place for them. */
  readonly fingerprints: (object: string, row: OrgRow) => readonly string[];
  /** The object with the field history of an object and its lookup; undefined where none is kept. */
  readonly history: (object: string) => { readonly object: string; readonly via: string } | undefined;
};

export const valuesIn = (row: OrgRow, fields: readonly string[]): Values =>
  Object.fromEntries(
    fields.flatMap((field) => {
      const value = plainValue(row, field);
      return value === undefined ? [] : [[field, value] as const];
    }),
  );

/** What people write: the platform's own fields and roll-ups change by themselves. */
const writtenFields = (described: DescribedObject): readonly string[] =>
  described.fields
    .filter(({ updateable, calculated, type }) => updateable && !calculated && !PARTS.has(type))
    .map(({ name }) => name);
const PARTS = new Set(['base64', 'address', 'location']);

type Held = { readonly described: DescribedObject; readonly row: OrgRow };

const heldOf = (org: ActionKnowledge, object: string, id: string): Held | undefined => {
  const [described, row] = [org.described(object), org.rowOf(object, id)];
  return described === undefined || row === undefined ? undefined : { described, row };
};

/** The Individual behind the person, which restricting concerns too. */
const recordsOf = ({ person }: PersonFacts, { spec }: Pick<PeopleInScope, 'spec'>) => {
  const own = spec.links.flatMap((link, at) => {
    const id = person.links[at];
    const [object] = link.to;
    return link.isOwn && object !== undefined && id !== undefined && id !== null ? [{ object, id }] : [];
  });
  return [{ object: spec.object, id: person.id }, ...own];
};

const existing = (values: Values, { described }: Held): Values =>
  Object.fromEntries(
    Object.entries(values).filter(([name]) => described.fields.some((one) => one.name === name && one.updateable)),
  );

type Expanding = {
  readonly known: PersonFacts;
  readonly scope: PeopleInScope;
  readonly org: ActionKnowledge;
};

const restrict = ({ known, scope, org }: Expanding): readonly PlannedOperation[] =>
  recordsOf(known, scope).flatMap(({ object, id }) => {
    const held = heldOf(org, object, id);
    if (held === undefined) return [];
    const values = existing(org.restriction(object), held);
    return writeFields({ object, id, held: valuesIn(held.row, Object.keys(values)) }, values, 0).map((one) => ({
      ...{ ...one, part: 'restrict' },
    }));
  });

const unlink = ({ known, scope, org }: Expanding): readonly PlannedOperation[] => {
  const object = scope.spec.object;
  const { id } = known.person;
  const held = heldOf(org, object, id);
  if (held === undefined) return [];
  const ties = Object.fromEntries(org.ties(object).map((field) => [field, null]));
  const values = existing(ties, held);
  return writeFields({ object, id, held: valuesIn(held.row, Object.keys(values)) }, values, 1).map((one) => ({
    ...{ ...one, part: 'unlink' },
  }));
};

const empty = ({ known, scope, org }: Expanding, fields: NonNullable<RuleAction['fields']>) => {
  const object = scope.spec.object;
  const { id } = known.person;
  const held = heldOf(org, object, id);
  if (held === undefined) return [];
  const names = fieldsOf(org.fields(object), fields);
  const history = org.history(object);
  return emptyFields({ object, id, held: valuesIn(held.row, names) }, names, {
    ...{ described: held.described },
    ...(history === undefined ? {} : { history }),
  }).map((one) => ({ ...one, wave: one.wave + 2 }));
};

/** Operations of actions that leave the person where they are; none when everything is done already. */
export const lesserOperations = (of: Expanding, actions: readonly RuleAction[]): readonly PlannedOperation[] => {
  const operations = actions.flatMap(({ action, fields }) => {
    if (fields !== undefined) return empty(of, fields);
    return action === 'restrict' ? restrict(of) : action === 'unlink' ? unlink(of) : [];
  });
  // two rules that want the same of one record are one change
  return [
    ...new Map(
      operations.map((one) => [`${one.operation} ${one.id} ${one.part ?? ''} ${String(one.wave)}`, one]),
    ).values(),
  ];
};

export type ArchiveWanted = {
  readonly duties: readonly Keeper[];
  readonly asOf: LocalDate;
  readonly rule: PeopleInScope['rules'][number];
  readonly purge: readonly PlannedOperation[];
  readonly rows: readonly RowToArchive[];
};

/** The record that a row hangs on: the lookup behind the first step of its path to the person. */
const parentOf = ({ described, row }: Held, via: string): string | undefined => {
  const [step = ''] = via.split('.');
  const lookup = described.fields.find(({ relationshipName }) => relationshipName === step);
  const value = lookup === undefined ? undefined : plainValue(row, lookup.name);
  return typeof value === 'string' ? value : undefined;
};

type HeldRows = ReadonlyMap<string, Held>;

/** The record among these that the org deletes a row along with. */
const deletedWith = (row: Held, rows: HeldRows): string | undefined => {
  const isMaster = (field: string): boolean => {
    const parent = rows.get(String(plainValue(row.row, field)));
    return (parent?.described.children ?? []).some(
      (one) => one.childObject === row.described.name && one.field === field && one.cascadeDelete,
    );
  };
  const [master] = row.described.fields
    .filter(({ referenceTo, name }) => referenceTo.length > 0 && isMaster(name))
    .map(({ name }) => String(plainValue(row.row, name)))
    .sort();
  return master;
};

/** Rows of duties in force, what hangs on them, and what the org deletes along with them. */
export const keptRows = ({ known, org }: Expanding, asOf: LocalDate): readonly RowToArchive[] => {
  const kept = new Map<string, RowToArchive>();
  const helds = new Map<string, Held>();
  const keep = (object: string, id: string, held: Held, depth: number): void => {
    const names = held.described.fields.map(({ name }) => name);
    const written = valuesIn(held.row, writtenFields(held.described));
    kept.set(id, { object, id, values: valuesIn(held.row, names), written, depth });
    helds.set(id, held);
  };
  for (const { source, record } of dutiesInForce(known, asOf)) {
    const held = heldOf(org, source.object, record);
    if (held !== undefined) keep(source.object, record, held, source.via.split('.').length - 1);
  }
  const leftOut = new Set<string>();
  const hangOn = (kind: 'accompanies' | 'goes-along'): void => {
    for (const { source, record } of known.facts.filter((fact) => fact.source.kind === kind)) {
      const held = heldOf(org, source.object, record);
      const parent = held === undefined ? undefined : kept.get(parentOf(held, source.via) ?? '');
      if (held === undefined || parent === undefined || kept.has(record)) continue;
      keep(source.object, record, held, parent.depth + 1);
      if (kind === 'goes-along') leftOut.add(record);
    }
  };
  hangOn('accompanies');
  hangOn('goes-along');
  const rows = [...kept.values()].map((row): RowToArchive => {
    const held = helds.get(row.id);
    const isLeftOut = leftOut.has(row.id);
    return held === undefined ? row : { ...row, goesWith: deletedWith(held, helds), isLeftOut };
  });
  return rows.sort((one, other) => (one.id < other.id ? -1 : 1));
};

/** Of the person's own record, what duties and claims need; the record's name field is always told. */
const ownPart = (
  of: Expanding,
  duties: readonly Keeper[],
  categories: readonly string[],
): PersonToArchive | undefined => {
  const object = of.scope.spec.object;
  const { id } = of.known.person;
  const held = heldOf(of.org, object, id);
  if (held === undefined) return undefined;
  const needs = [...new Set([...duties.flatMap((one) => one.needs ?? []), ...categories])];
  const names = fieldsOf(of.org.fields(object), { categories: needs });
  const written = writtenFields(held.described).filter((name) => names.includes(name));
  return { object, id, values: valuesIn(held.row, names), written: valuesIn(held.row, written) };
};

/**
 * What the action archive expands into; undefined when no duty is in force and the rule keeps nothing for claims: the
 * person is purged then.
 */
export const archiveOperations = (
  of: Expanding,
  { duties, asOf, rule, purge, rows }: ArchiveWanted,
): { readonly operations: readonly PlannedOperation[]; readonly until: LocalDate } | undefined => {
  const until = archivedUntil(rule, duties, asOf);
  if (until === null) return undefined;
  const person = ownPart(of, duties, phaseOf(rule)?.categories ?? []);
  if (person === undefined) throw new RangeError('the person’s own record was not copied');
  const terms = archiveTermsOf(rule, person.id, asOf);
  const row = of.org.rowOf(person.object, person.id) ?? {};
  const fingerprints = of.org.fingerprints(person.object, row);
  return { until, operations: archivePerson({ ...{ person, rows, until, purge, fingerprints }, terms }) };
};
