import { soqlList, soqlName } from '../kernel/soql.ts';
import type { OrgModel } from '../model/orgModel.ts';
import type { Org } from '../org/port.ts';
import { queryPeople, readPeople } from '../subject/peopleRows.ts';
import type { RowSource } from '../subject/rowSource.ts';
import { rowText } from '../subject/rowText.ts';
import type { Closeness, OtherPerson } from './identityIndex.ts';
import { referencesOf, type ReadRecord } from './readRecords.ts';

export type OthersInput = {
  readonly model: OrgModel;
  readonly records: readonly ReadRecord[];
  /** Ids of the person's own records. */
  readonly own: ReadonlySet<string>;
  /** Lookups that say who handled a row. */
  readonly staffFields: readonly string[];
};
export type OthersPorts = { readonly org: Pick<Org, 'query'>; readonly rows: RowSource };

/** Above this an account is an organisation rather than a household. */
const HOUSEHOLD_SIZE = 20;
const MOST_MEMBERS = 2_000;
const STAFF = 'User';

const prefixesOf = (model: OrgModel): ReadonlyMap<string, string> =>
  new Map(
    model.people.flatMap(({ object }) => {
      const prefix = model.objects.get(object)?.keyPrefix;
      return prefix === null || prefix === undefined ? [] : [[prefix, object] as const];
    }),
  );

/** Ids of people whom records of the person name, the closest way each. */
const namedByRecords = ({ model, records, own, staffFields }: OthersInput): ReadonlyMap<string, Closeness> => {
  const prefixes = prefixesOf(model);
  const found = new Map<string, Closeness>();
  const rank: Readonly<Record<Closeness, number>> = { close: 3, linked: 2, distant: 1, staff: 0 };
  for (const record of records) {
    const object = model.objects.get(record.item.object);
    for (const { field, id } of object === undefined ? [] : referencesOf(record, object)) {
      const target = prefixes.get(id.slice(0, 3));
      if (target === undefined || own.has(id)) continue;
      const isStaff = target === STAFF || staffFields.includes(field.name);
      const closeness = isStaff ? 'staff' : record.item.steps.length <= 1 ? 'close' : 'linked';
      const known = found.get(id);
      if (known === undefined || rank[closeness] > rank[known]) found.set(id, closeness);
    }
  }
  return found;
};

/** People of the same household, or of the same organisation when there are many. */
const householdMembers = async (input: OthersInput, ports: OthersPorts): Promise<readonly OtherPerson[]> => {
  const members: Omit<OtherPerson, 'closeness'>[] = [];
  for (const person of input.model.people) {
    const { household } = person;
    if (household === undefined) continue;
    const ids = input.records
      .filter(({ item }) => item.object === person.object && input.own.has(item.id))
      .map(({ row }) => rowText(row, household))
      .filter((id) => id !== '');
    if (ids.length === 0) continue;
    const where = `${soqlName(household)} IN ${soqlList([...new Set(ids)])}`;
    for await (const row of queryPeople(ports.org, person, where)) {
      if (!input.own.has(row.id)) members.push(row);
      if (members.length >= MOST_MEMBERS) break;
    }
  }
  const closeness: Closeness = members.length > HOUSEHOLD_SIZE ? 'distant' : 'close';
  return members.map((member) => ({ ...member, closeness }));
};

/**
 * Everybody else whom the org ties to the person's records: household, relationships, correspondents, people named by a
 * lookup, and the staff who handled a row. What they are called and reached by is what a copy must not show.
 */
export const readOtherPeople = async (
  input: OthersInput,
  linked: ReadonlyMap<string, ReadonlySet<string>>,
  ports: OthersPorts,
): Promise<readonly OtherPerson[]> => {
  const named = new Map(namedByRecords(input));
  for (const ids of linked.values())
    for (const id of ids) if (!input.own.has(id) && !named.has(id)) named.set(id, 'linked');
  const rows = await readPeople(ports.org, input.model, named.keys());
  const people = rows.map((row): OtherPerson => ({
    ...row,
    closeness: row.object === STAFF ? 'staff' : (named.get(row.id) ?? 'linked'),
  }));
  return [...people, ...(await householdMembers(input, ports))];
};
