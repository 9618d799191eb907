import { inChunks, soqlList, soqlName } from '../kernel/soql.ts';
import type { Org } from '../org/port.ts';
import type { ShownPerson } from '../plan/file/showPlan.ts';
import type { NamedPerson } from '../reports/planXlsx.ts';

const IDS_PER_READ = 200;

const namesOf = async (org: Org, object: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  const names = new Map<string, string>();
  const field = (await org.describe(object))?.fields.find((one) => one.nameField)?.name;
  if (field === undefined) return names;
  for (const chunk of inChunks(ids, IDS_PER_READ)) {
    const soql = `SELECT Id, ${soqlName(field)} FROM ${soqlName(object)} WHERE Id IN ${soqlList(chunk)}`;
    for await (const row of org.query(soql)) {
      const [id, name] = [row['Id'], row[field]];
      if (typeof id === 'string' && typeof name === 'string') names.set(id, name);
    }
  }
  return names;
};

/** People of a plan with the names that the org has for them now; null for records that are gone or have no name. */
export const namedPeople = async (org: Org, people: readonly ShownPerson[]): Promise<readonly NamedPerson[]> => {
  const names = new Map<string, string>();
  for (const object of new Set(people.map((one) => one.object))) {
    const ids = people.filter((one) => one.object === object).map((one) => one.recordId);
    for (const [id, name] of await namesOf(org, object, ids)) names.set(id, name);
  }
  return people.map((one) => ({ ...one, name: names.get(one.recordId) ?? null }));
};
