import { inChunks } from '../kernel/soql.ts';
import { isHistoryObject } from '../model/discoverPaths.ts';
import type { OrgModel } from '../model/orgModel.ts';
import type { ReportProgress } from '../model/progress.ts';
import type { DescribedObject, Org, OrgRow } from '../org/port.ts';
import { rowsById } from '../plan/operations/values.ts';
import type { EncryptedStore } from '../vault/port.ts';
import type { RecordReference, SubjectGraph, SubjectItem } from './graph.ts';
import { readLinkedIds } from './linkedIds.ts';
import { straysOfPeople } from './peopleStrays.ts';
import { resolveSubjects } from './resolveSubject.ts';
import { createOrgRows } from './rowSource.ts';

/** A record of somebody's graph as the org holds it. */
export type GraphRow = Pick<SubjectItem, 'object' | 'id' | 'shared' | 'deleted'> & {
  /** The record that led to it; null for the person's own. */
  readonly from: string | null;
  /** Of files, messages and activities: ids of all records they are linked to. */
  readonly linked: readonly string[];
  /** Somebody else whose id comes first has the record in their graph too: it is theirs to change. */
  readonly isTaken: boolean;
  /** Stored values; undefined when the org names the record and does not give it. */
  readonly row?: OrgRow;
};

/** What is read of the people whom a plan changes beyond their own record. */
export type PeopleGraphs = {
  /** Everything about the person, in the order of the graph. */
  readonly of: (person: string) => readonly GraphRow[];
  readonly describes: ReadonlyMap<string, DescribedObject>;
  readonly model: OrgModel;
  /** Empties the tables; what they held is overwritten. */
  readonly drop: () => void;
};

/** People whose graphs are read together: their ids fit into one query, their rows into memory. */
const PEOPLE_AT_ONCE = 400;
const TABLE = 'subject_graph';
/** Which record is in whose graph, and who is the first of several. */
const ITEMS = 'subject_graph_item';
const SEVERAL = 'subject_graph_several';
const NOT_READ = new Set(['base64', 'address', 'location']);

/** What names the person without a lookup is told of others too until somebody has looked. */
const STRAY = { shared: true, deleted: false, from: null, linked: [] } as const;

type StoredRow = Omit<GraphRow, 'isTaken'>;
type Ports = { readonly org: Org; readonly store: EncryptedStore; readonly report?: ReportProgress };
type Reading = Ports & { readonly model: OrgModel; readonly describes: Map<string, DescribedObject> };

const describedAs = async ({ org, describes }: Reading, object: string): Promise<DescribedObject | undefined> => {
  const known = describes.get(object) ?? (await org.describe(object));
  if (known === undefined || describes.has(object)) return known;
  describes.set(object, known);
  // whether old values may be deleted is told by the history's own describe
  for (const { childObject } of known.children.filter((child) => isHistoryObject(child.childObject))) {
    const history = await org.describe(childObject);
    if (history !== undefined) describes.set(childObject, history);
  }
  return known;
};

const storedFields = ({ fields }: DescribedObject): readonly string[] =>
  fields.filter(({ type, calculated }) => !NOT_READ.has(type) && !calculated).map(({ name }) => name);

/** Rows of all graphs by id: a record that several people share is read once. */
const readRows = async (reading: Reading, graphs: readonly SubjectGraph[]): Promise<ReadonlyMap<string, OrgRow>> => {
  const wanted = new Map<string, Set<string>>();
  for (const { items } of graphs)
    for (const { object, id } of items) wanted.set(object, (wanted.get(object) ?? new Set<string>()).add(id));
  const rows = new Map<string, OrgRow>();
  for (const [object, ids] of wanted) {
    const described = await describedAs(reading, object);
    if (described === undefined) continue;
    const asked = { object, ids: [...ids], deletedToo: true };
    for (const [id, row] of await rowsById(reading.org, asked, storedFields(described))) rows.set(id, row);
  }
  return rows;
};

const graphRow = (
  { object, id, shared, deleted, steps }: SubjectItem,
  row: OrgRow | undefined,
  linked: ReadonlySet<string> | undefined,
): StoredRow => ({
  ...{ object, id, shared, deleted, from: steps.at(-1)?.from.id ?? null, linked: [...(linked ?? [])] },
  ...(row === undefined ? {} : { row }),
});

const readSome = async (reading: Reading, people: readonly RecordReference[]): Promise<void> => {
  const { org, model, store } = reading;
  const source = createOrgRows(org);
  const graphs = await resolveSubjects(
    people.map((one) => [one]),
    model,
    { rows: source },
  );
  const items = new Map(graphs.flatMap((graph) => graph.items.map((item) => [item.id, item] as const)));
  const linked = await readLinkedIds([...items.values()], model, source);
  const rows = await readRows(reading, graphs);
  const strays = await straysOfPeople(model, { graphs, rows }, org);
  const stored = graphs.map(({ roots, items: own }) => {
    const person = roots[0]?.id ?? '';
    const found = own.map((item) => graphRow(item, rows.get(item.id), linked.get(item.id)));
    const copies = (strays.get(person) ?? []).map((one): StoredRow => ({ ...one, ...STRAY }));
    return [person, JSON.stringify([...found, ...copies])];
  });
  store.insert(TABLE, ['person', 'rows'], stored);
  const held = graphs.flatMap(({ roots, items: own }) => own.map(({ id }) => [id, roots[0]?.id ?? '']));
  store.insert(ITEMS, ['id', 'person'], held);
};

const dropIn = (store: EncryptedStore): void => {
  for (const table of [TABLE, ITEMS, SEVERAL]) store.run(`DROP TABLE IF EXISTS ${table}`);
};

const createIn = (store: EncryptedStore): void => {
  dropIn(store);
  store.run(`CREATE TABLE ${TABLE} (person text PRIMARY KEY, rows text) WITHOUT ROWID`);
  store.run(`CREATE TABLE ${ITEMS} (id text, person text)`);
  store.run(`CREATE TABLE ${SEVERAL} (id text PRIMARY KEY, first text) WITHOUT ROWID`);
};

const noteSeveral = (store: EncryptedStore): void => {
  store.run(
    `INSERT INTO ${SEVERAL} SELECT id, min(person) FROM ${ITEMS} GROUP BY id HAVING count(DISTINCT person) > 1`,
  );
  store.run(`DELETE FROM ${ITEMS}`);
};

const takenOf = (store: EncryptedStore, person: string, ids: readonly string[]): ReadonlySet<string> => {
  const sql = `SELECT id FROM ${SEVERAL} WHERE first <> ? AND id IN (SELECT value FROM json_each(?))`;
  return new Set([...store.read(sql, [person, JSON.stringify(ids)])].map(({ id }) => String(id)));
};

const graphIn = (store: EncryptedStore, person: string): readonly GraphRow[] => {
  for (const { rows } of store.read(`SELECT rows FROM ${TABLE} WHERE person = ?`, [person])) {
    const stored = JSON.parse(String(rows)) as readonly StoredRow[];
    const ids = stored.map(({ id }) => id);
    const taken = takenOf(store, person, ids);
    return stored.map((row) => ({ ...row, isTaken: taken.has(row.id) }));
  }
  return [];
};

/**
 * Reads the whole graphs of people into an encrypted store: by groups, so that neither memory nor calls grow with more
 * than a group. What lies in the recycle bin is among them.
 */
export const readPeopleGraphs = async (
  people: Iterable<RecordReference>,
  model: OrgModel,
  ports: Ports,
): Promise<PeopleGraphs> => {
  const { store, report } = ports;
  const reading: Reading = { ...ports, model, describes: new Map() };
  createIn(store);
  const all = [...people];
  let done = 0;
  for (const some of inChunks(all, PEOPLE_AT_ONCE)) {
    await readSome(reading, some);
    done += some.length;
    report?.({ stage: 'retention.graph', done, total: all.length });
  }
  noteSeveral(store);
  return {
    of: (person) => graphIn(store, person),
    ...{ describes: reading.describes, model },
    drop: () => {
      dropIn(store);
    },
  };
};
