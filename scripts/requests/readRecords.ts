import { inChunks, soqlList, soqlName } from '../kernel/soql.ts';
import type { ModelField, ModelObject, OrgModel } from '../model/orgModel.ts';
import type { ReportProgress } from '../model/progress.ts';
import type { Org, OrgRow } from '../org/port.ts';
import type { SubjectItem } from '../subject/graph.ts';
import { rowText } from '../subject/rowText.ts';

/** A record of the graph as the org holds it. */
export type ReadRecord = { readonly item: SubjectItem; readonly row: OrgRow };

export type ReadPorts = { readonly org: Pick<Org, 'query'>; readonly report?: ReportProgress };

/** Bytes are fetched apart; compound values only repeat their parts. */
const NOT_SELECTED: ReadonlySet<string> = new Set(['base64', 'address', 'location']);

/** Fields whose values a row of the copy may show. */
export const copiedFields = (object: ModelObject): readonly ModelField[] =>
  object.fields.filter((field) => !NOT_SELECTED.has(field.type));

/** Rows of one object by id, every readable field, recycle bin and archived activities included. */
export const readRows = async function* (
  org: Pick<Org, 'query'>,
  object: ModelObject,
  ids: readonly string[],
): AsyncGenerator<OrgRow> {
  const fields = ['Id', ...copiedFields(object).map((field) => field.name)];
  const select = `SELECT ${[...new Set(fields)].map(soqlName).join(', ')} FROM ${soqlName(object.name)}`;
  for (const chunk of inChunks(ids)) {
    yield* org.query(`${select} WHERE Id IN ${soqlList(chunk)}`, { deletedToo: true });
  }
};

const byObject = (items: readonly SubjectItem[]): ReadonlyMap<string, readonly SubjectItem[]> => {
  const groups = new Map<string, SubjectItem[]>();
  for (const item of items) {
    const known = groups.get(item.object);
    if (known === undefined) groups.set(item.object, [item]);
    else known.push(item);
  }
  return groups;
};

/** All records of a graph in its order; `unread` are those the org named and did not give. */
export const readRecords = async (
  items: readonly SubjectItem[],
  model: OrgModel,
  ports: ReadPorts,
): Promise<{ readonly records: readonly ReadRecord[]; readonly unread: readonly SubjectItem[] }> => {
  const rows = new Map<string, OrgRow>();
  for (const [name, own] of byObject(items)) {
    const object = model.objects.get(name);
    if (object === undefined) continue;
    for await (const row of readRows(
      ports.org,
      object,
      own.map((item) => item.id),
    ))
      rows.set(rowText(row, 'Id'), row);
    ports.report?.({ stage: 'request.records', subject: name, done: rows.size, total: items.length });
  }
  const records = items.flatMap((item): readonly ReadRecord[] => {
    const row = rows.get(item.id);
    return row === undefined ? [] : [{ item, row }];
  });
  return { records, unread: items.filter((item) => !rows.has(item.id)) };
};

/** Ids that lookups of the records hold, by record. */
export const referencesOf = (record: ReadRecord, object: ModelObject): readonly { field: ModelField; id: string }[] =>
  object.fields
    .filter((field) => field.referenceTo.length > 0)
    .map((field) => ({ field, id: rowText(record.row, field.name) }))
    .filter((reference) => reference.id !== '');

/** Names of records outside the graph that lookups point to: campaigns, funds, organisations. One query per object. */
export const readReferenceNames = async (
  ids: Iterable<string>,
  org: Pick<Org, 'query' | 'describe' | 'describeGlobal'>,
): Promise<ReadonlyMap<string, string>> => {
  const wanted = [...new Set(ids)];
  const prefixes = new Set(wanted.map((id) => id.slice(0, 3)));
  const names = new Map<string, string>();
  for (const { name, keyPrefix, queryable } of await org.describeGlobal()) {
    if (keyPrefix === null || !queryable || !prefixes.has(keyPrefix)) continue;
    const nameField = (await org.describe(name))?.fields.find((field) => field.nameField)?.name;
    if (nameField === undefined) continue;
    const own = wanted.filter((id) => id.startsWith(keyPrefix));
    for (const chunk of inChunks(own)) {
      const soql = `SELECT Id, ${soqlName(nameField)} FROM ${soqlName(name)} WHERE Id IN ${soqlList(chunk)}`;
      for await (const row of org.query(soql, { deletedToo: true }))
        names.set(rowText(row, 'Id'), rowText(row, nameField));
    }
  }
  return names;
};
