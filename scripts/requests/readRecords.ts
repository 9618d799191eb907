import { GardeError } from '../kernel/result.ts';
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

export type ReadRows = {
  /** By record id. */
  readonly rows: ReadonlyMap<string, OrgRow>;
  /** Computed fields that the org does not give. */
  readonly unreadFields: readonly string[];
};

type Reading = { readonly org: Pick<Org, 'query'>; readonly object: string; readonly ids: readonly string[] };

const query = async (reading: Reading, fields: readonly string[]): Promise<readonly OrgRow[]> => {
  const select = `SELECT ${[...new Set(['Id', ...fields])].map(soqlName).join(', ')} FROM ${soqlName(reading.object)}`;
  const rows: OrgRow[] = [];
  for await (const row of reading.org.query(`${select} WHERE Id IN ${soqlList(reading.ids)}`, { deletedToo: true }))
    rows.push(row);
  return rows;
};

const isNotEmulated = (error: unknown): boolean => error instanceof GardeError && error.name === 'NotEmulated';

/** Computed fields, halved until those that a twin cannot compute stand alone; a real org answers at once. */
const queryComputed = async (
  reading: Reading,
  fields: readonly string[],
): Promise<{ readonly rows: readonly OrgRow[]; readonly unread: readonly string[] }> => {
  if (fields.length === 0) return { rows: [], unread: [] };
  try {
    return { rows: await query(reading, fields), unread: [] };
  } catch (error) {
    if (!isNotEmulated(error)) throw error;
    if (fields.length === 1) return { rows: [], unread: fields };
    const half = Math.ceil(fields.length / 2);
    const first = await queryComputed(reading, fields.slice(0, half));
    const second = await queryComputed(reading, fields.slice(half));
    return { rows: [...first.rows, ...second.rows], unread: [...first.unread, ...second.unread] };
  }
};

/** Rows of one object by id, every readable field, recycle bin and archived activities included. */
export const readRows = async (
  org: Pick<Org, 'query'>,
  object: ModelObject,
  ids: readonly string[],
): Promise<ReadRows> => {
  const rows = new Map<string, OrgRow>();
  const unread = new Set<string>();
  const names = (computed: boolean): readonly string[] =>
    copiedFields(object)
      .filter((field) => field.calculated === computed)
      .map((field) => field.name);
  for (const chunk of inChunks(ids)) {
    const reading = { org, object: object.name, ids: chunk };
    const computed = await queryComputed(
      reading,
      names(true).filter((field) => !unread.has(field)),
    );
    for (const field of computed.unread) unread.add(field);
    for (const row of [...(await query(reading, names(false))), ...computed.rows]) {
      const id = rowText(row, 'Id');
      rows.set(id, { ...rows.get(id), ...row });
    }
  }
  return { rows, unreadFields: [...unread] };
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

export type UnreadField = { readonly object: string; readonly field: string };

export type RecordsRead = {
  readonly records: readonly ReadRecord[];
  /** Named by the org and not given. */
  readonly unread: readonly SubjectItem[];
  readonly unreadFields: readonly UnreadField[];
};

/** All records of a graph in its order. */
export const readRecords = async (
  items: readonly SubjectItem[],
  model: OrgModel,
  ports: ReadPorts,
): Promise<RecordsRead> => {
  const all = new Map<string, OrgRow>();
  const unreadFields: UnreadField[] = [];
  for (const [name, own] of byObject(items)) {
    const object = model.objects.get(name);
    if (object === undefined) continue;
    const ids = own.map((item) => item.id);
    const read = await readRows(ports.org, object, ids);
    for (const [id, row] of read.rows) all.set(id, row);
    unreadFields.push(...read.unreadFields.map((field) => ({ object: name, field })));
    ports.report?.({ stage: 'request.records', subject: name, done: all.size, total: items.length });
  }
  const records = items.flatMap((item): readonly ReadRecord[] => {
    const row = all.get(item.id);
    return row === undefined ? [] : [{ item, row }];
  });
  return { records, unread: items.filter((item) => !all.has(item.id)), unreadFields };
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
