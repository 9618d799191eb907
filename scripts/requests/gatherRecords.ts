import { valueOf } from '../kernel/result.ts';
import type { Completeness } from '../model/completeness.ts';
import type { OrgModel } from '../model/orgModel.ts';
import { readCompleteness } from '../org/completeness.ts';
import { namedPlaces } from '../org/places.ts';
import { findPerson } from '../subject/findPerson.ts';
import type { RecordReference, SubjectItem } from '../subject/graph.ts';
import { readLinkedIds } from '../subject/linkedIds.ts';
import { readPeople, type PersonRow } from '../subject/peopleRows.ts';
import { readOrgModel } from '../subject/readOrgModel.ts';
import { resolveSubject } from '../subject/resolveSubject.ts';
import { createOrgRows, type RowSource } from '../subject/rowSource.ts';
import type { GatherInput, GatherPorts } from './accessPorts.ts';
import type { OtherPerson } from './identityIndex.ts';
import { readOtherPeople } from './otherPeople.ts';
import { readRecords, readReferenceNames, referencesOf, type ReadRecord, type UnreadField } from './readRecords.ts';
import { ownValuesOf } from './redactRecord.ts';
import { findStrays, namesSomebodyElse, type StrayFindings } from './strays.ts';

/** All that the org holds about the person, before anything is decided about it. */
export type Gathered = {
  readonly model: OrgModel;
  readonly completeness: Completeness;
  readonly subject: readonly RecordReference[];
  /** Records with the same e-mail address that were not taken. */
  readonly sameEmail: readonly RecordReference[];
  readonly own: readonly PersonRow[];
  readonly records: readonly ReadRecord[];
  readonly unread: readonly SubjectItem[];
  readonly unreadFields: readonly UnreadField[];
  readonly linked: ReadonlyMap<string, ReadonlySet<string>>;
  readonly others: readonly OtherPerson[];
  readonly referenceNames: ReadonlyMap<string, string>;
  readonly strays: StrayFindings;
};

/** Records of the graph that are copies naming somebody else too are held back like those found without a link. */
const splitStrays = (
  records: readonly ReadRecord[],
  found: StrayFindings,
  model: OrgModel,
  own: readonly PersonRow[],
): { readonly records: readonly ReadRecord[]; readonly strays: StrayFindings } => {
  const foreign = (record: ReadRecord): boolean => {
    const stray = model.strays.find((one) => one.object === record.item.object);
    return stray !== undefined && namesSomebodyElse(record.row, stray, own);
  };
  const held = records.filter(foreign);
  const groups = [...new Set(held.map((record) => record.item.object))].map((object) => ({
    object,
    ids: held.filter((record) => record.item.object === object).map((record) => record.item.id),
  }));
  return {
    records: [...records.filter((record) => !foreign(record)), ...found.records],
    strays: { ...found, heldBack: [...found.heldBack, ...groups] },
  };
};

const emailsOf = (records: readonly ReadRecord[], model: OrgModel): readonly string[] =>
  records.flatMap((record) => {
    const object = model.objects.get(record.item.object);
    const values = object === undefined ? [] : ownValuesOf(record, object, model);
    return values.filter(({ value }) => /^\S+@\S+$/.test(value.trim())).map(({ value }) => value.trim());
  });

/** Ids outside the graph whose records may be named: not people, and not records that tell about people. */
const nameableIds = (
  records: readonly ReadRecord[],
  others: readonly OtherPerson[],
  model: OrgModel,
  staffFields: readonly string[],
): Set<string> => {
  const known = new Set([...records.map((record) => record.item.id), ...others.map((other) => other.id)]);
  const people = new Set(model.people.filter((person) => person.where.length === 0).map((person) => person.object));
  const aboutPeople = new Set(
    [...model.objects.values()]
      .filter((object) => people.has(object.name) || object.kind === 'related')
      .map((object) => object.keyPrefix),
  );
  const ids = records.flatMap((record) => {
    const object = model.objects.get(record.item.object);
    return object === undefined
      ? []
      : referencesOf(record, object).filter(({ field }) => !staffFields.includes(field.name));
  });
  return new Set(ids.map(({ id }) => id).filter((id) => !known.has(id) && !aboutPeople.has(id.slice(0, 3))));
};

type Found = Pick<Gathered, 'subject' | 'sameEmail'> & { readonly model: OrgModel; readonly rows: RowSource };

const gatherGraph = async (found: Found, input: GatherInput, ports: GatherPorts) => {
  const { model, rows, subject } = found;
  const { org, report } = ports;
  const told = report === undefined ? {} : { report };
  const { items } = await resolveSubject(subject, model, { rows, ...told });
  const people = new Set(model.people.map((person) => person.object));
  const ownIds = items.filter((item) => people.has(item.object) && !item.shared).map((item) => item.id);
  const own = await readPeople(org, model, ownIds);
  const read = await readRecords(items, model, { org, ...told });
  const linked = await readLinkedIds(items, model, rows);
  const staffFields = input.technical.fields;
  const others = await readOtherPeople(
    { model, records: read.records, own: new Set(own.map((row) => row.id)), staffFields },
    linked,
    { org, rows },
  );
  const graph = new Set(items.map((item) => item.id));
  const emails = [...own.flatMap((row) => row.emails), ...emailsOf(read.records, model)];
  const strays = await findStrays({ model, people: own, emails, graph }, org);
  const referenceNames = await readReferenceNames(nameableIds(read.records, others, model, staffFields), org);
  const { unread, unreadFields } = read;
  return {
    own,
    unread,
    unreadFields,
    linked,
    others,
    referenceNames,
    ...splitStrays(read.records, strays, model, own),
  };
};

/**
 * Finds the person and reads everything in their graph. GardeErrors: `PeopleHidden`, `PersonNotFound`, `PersonAmbiguous`, the charter's
 * and the org's own.
 */
export const gatherRecords = async (input: GatherInput, ports: GatherPorts): Promise<Gathered> => {
  const { packs, charter, fieldNames, technical, person, includeMatchingEmail } = input;
  const { org, report } = ports;
  report?.({ stage: 'request.completeness' });
  const places = namedPlaces(packs, charter);
  const completeness = await readCompleteness(org, { places, now: ports.clock.now() });
  const sources = { packs, charter, fieldNames, technical, hidden: completeness.hidden };
  const model = await readOrgModel(org, sources, report);
  const rows = createOrgRows(org);
  report?.({ stage: 'request.person' });
  const { roots, sameEmail } = valueOf(await findPerson({ person, includeMatchingEmail }, model, { org, rows }));
  const found = { model, rows, subject: roots, sameEmail };
  return { model, completeness, subject: roots, sameEmail, ...(await gatherGraph(found, input, ports)) };
};
