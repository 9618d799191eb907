import { inChunks, soqlList, soqlName, soqlString } from '../../kernel/soql.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { ReportProgress } from '../../model/progress.ts';
import { OrgError } from '../../org/orgProblems.ts';
import type { DescribedObject, Org, OrgRow } from '../../org/port.ts';
import { createSnapshotReader, type SnapshotReader } from '../../snapshot/reader.ts';
import { takeSnapshot, type Snapshot } from '../../snapshot/takeSnapshot.ts';
import type { RecordId } from '../../kernel/recordId.ts';
import type { Vault } from '../../vault/port.ts';
import type { Values } from './beforeImages.ts';
import type { DoneStep, FileBefore, OrgState, RowState } from './contract.ts';
import { doneToPeople, type FinishedRun } from './doneSteps.ts';
import { readFilesBefore } from './filesBefore.ts';
import { createRecordsToRead, type RecordsToRead } from './recordsToRead.ts';

export type UndoPorts = { readonly org: Org; readonly vault: Vault; readonly clock: Clock };

/** The org as the undo was decided on, and the copy that a rehearsal is loaded from. */
export type ReadState = {
  readonly state: OrgState;
  readonly snapshot: Snapshot;
  /** Objects and fields that could not be read. */
  readonly hidden: readonly string[];
};

type Child = ReturnType<OrgState['childrenOf']>[number];

const prefixesOf = async (org: Org): Promise<ReadonlyMap<string, string>> =>
  new Map(
    (await org.describeGlobal()).flatMap(({ keyPrefix, name }) =>
      keyPrefix === null ? [] : [[keyPrefix, name] as const],
    ),
  );

type Found = {
  readonly records: RecordsToRead;
  /** Ids of records the run made, by object. */
  readonly made: ReadonlyMap<string, ReadonlySet<string>>;
  /** Steps that wrote a new version of a file. */
  readonly versions: readonly DoneStep[];
};

const findRecords = (run: FinishedRun, prefixes: ReadonlyMap<string, string>): Found => {
  const records = createRecordsToRead(prefixes);
  const made = new Map<string, Set<string>>();
  const versions: DoneStep[] = [];
  for (const { done } of doneToPeople(run)) {
    for (const one of done) {
      records.addStep(one);
      if (one.step.payload?.file?.versionOf !== undefined) versions.push(one);
      const id = one.made ?? (one.step.operation === 'undelete' ? one.step.recordId : null);
      if (id === null) continue;
      const object = prefixes.get(id.slice(0, 3)) ?? one.step.object;
      made.set(object, (made.get(object) ?? new Set<string>()).add(id));
    }
  }
  return { records, made, versions };
};

type Place = { readonly object: string; readonly field: string };

async function* eachChild(org: Org, { object, field }: Place, ids: readonly string[]) {
  for (const chunk of inChunks(ids)) {
    const soql = `SELECT Id, ${soqlName(field)} FROM ${soqlName(object)} WHERE ${soqlName(field)} IN ${soqlList(chunk)}`;
    for await (const { Id: id, [field]: parent } of org.query(soql))
      if (typeof id === 'string' && typeof parent === 'string') yield [parent, { object, field, id }] as const;
  }
}

/** Rows of one child object that would be deleted with these; undefined when the org does not answer the question. */
const childrenIn = async (
  org: Org,
  at: Place,
  ids: readonly string[],
): Promise<readonly (readonly [string, Child])[] | undefined> => {
  const found: (readonly [string, Child])[] = [];
  try {
    for await (const child of eachChild(org, at, ids)) found.push(child);
  } catch (error) {
    if (error instanceof OrgError) return undefined;
    throw error;
  }
  return found;
};

const isAskable = (object: DescribedObject | undefined, field: string): object is DescribedObject =>
  object?.queryable === true && object.fields.some((one) => one.name === field && one.filterable);

type Children = { readonly byParent: ReadonlyMap<string, readonly Child[]>; readonly hidden: readonly string[] };

/** What hangs on records the run made, so that taking them away takes nothing of others along. */
const readChildren = async (org: Org, made: Found['made']): Promise<Children> => {
  const byParent = new Map<string, Child[]>();
  const hidden: string[] = [];
  for (const [object, ids] of made) {
    const described = await org.describe(object);
    for (const { childObject, field } of described?.children.filter((child) => child.cascadeDelete) ?? []) {
      if (!isAskable(await org.describe(childObject), field)) continue;
      const found = await childrenIn(org, { object: childObject, field }, [...ids].sort());
      if (found === undefined) hidden.push(`${childObject}.${field}`);
      for (const [parent, child] of found ?? []) byParent.set(parent, [...(byParent.get(parent) ?? []), child]);
    }
  }
  return { byParent, hidden };
};

/** The org's own time after the run's last change: that of its record there. */
const endOf = async (org: Org, runKey: string, finished: string): Promise<string> => {
  for await (const row of org.query(
    `SELECT LastModifiedDate FROM GardeRun__c WHERE RunKey__c = ${soqlString(runKey)}`,
  )) {
    if (typeof row['LastModifiedDate'] === 'string') return row['LastModifiedDate'];
  }
  return finished;
};

const plain = (row: OrgRow): Values =>
  Object.fromEntries(
    Object.entries(row).filter(
      (entry): entry is [string, string | number | boolean | null] =>
        entry[1] === null || ['string', 'number', 'boolean'].includes(typeof entry[1]),
    ),
  );

const rowState = (reader: SnapshotReader, object: string, id: string): RowState => {
  const row = reader.byId(object, id);
  if (row === undefined) return { place: 'gone', values: {} };
  return { place: row['IsDeleted'] === true ? 'bin' : 'live', values: plain(row) };
};

type Parts = {
  readonly prefixes: ReadonlyMap<string, string>;
  readonly records: RecordsToRead;
  readonly described: ReadonlyMap<string, DescribedObject>;
  readonly children: Children['byParent'];
  readonly files: ReadonlyMap<string, FileBefore>;
  readonly moved: ReadonlyMap<string, string>;
  readonly endedAt: string;
};

const stateOf = (reader: SnapshotReader, parts: Parts): OrgState => {
  const objectOf = (id: string): string | undefined => parts.prefixes.get(id.slice(0, 3));
  const rowOf = (object: string, id: string): RowState => rowState(reader, object, id);
  return {
    rowOf,
    objectOf,
    placeOf: (id) => {
      const object = objectOf(id);
      const wasRead =
        object !== undefined && parts.described.has(object) && parts.records.byObject.get(object)?.has(id);
      return wasRead === true ? rowOf(object, id).place : undefined;
    },
    described: (object) => parts.described.get(object),
    movedTo: (id) => parts.moved.get(id),
    childrenOf: (id) => parts.children.get(id) ?? [],
    fileBefore: (documentId) => parts.files.get(documentId),
    endedAt: parts.endedAt,
  };
};

const describeAll = async (org: Org, objects: Iterable<string>): Promise<ReadonlyMap<string, DescribedObject>> => {
  const described = new Map<string, DescribedObject>();
  for (const object of objects) {
    const one = await org.describe(object);
    if (one !== undefined) described.set(object, one);
  }
  return described;
};

export type ReadOrder = {
  readonly run: FinishedRun;
  readonly runKey: string;
  readonly finished: string;
  readonly moved: ReadonlyMap<string, string>;
  readonly expiresAt: string;
};

/**
 * Reads from the org what undoing a run has to know: the rows it touched wherever they are, what they point to, what
 * hangs on those it made. Copied into a snapshot, so that deciding is pure and a rehearsal starts from the same rows.
 */
export const readOrgState = async (order: ReadOrder, ports: UndoPorts, tell: ReportProgress): Promise<ReadState> => {
  const { org } = ports;
  const prefixes = await prefixesOf(org);
  const { records, made, versions } = findRecords(order.run, prefixes);
  for (const id of order.moved.values()) {
    const object = prefixes.get(id.slice(0, 3));
    if (object !== undefined) records.add(object, id);
  }
  const children = await readChildren(org, made);
  for (const own of children.byParent.values()) for (const child of own) records.add(child.object, child.id);
  const described = await describeAll(org, [...records.byObject.keys()].sort());
  const endedAt = await endOf(org, order.runKey, order.finished);
  const files = await readFilesBefore(ports, versions, { endedAt, expiresAt: order.expiresAt });
  const wants = [...described.keys()].map((object) => ({
    ...{ object, fields: 'all' as const, deletedToo: true },
    ids: [...(records.byObject.get(object) ?? [])].sort() as RecordId[],
  }));
  const snapshot = await takeSnapshot({ wants, expiresAt: order.expiresAt }, ports, tell);
  const parts = { prefixes, records, described, children: children.byParent, files, moved: order.moved, endedAt };
  const unseen = [...records.byObject.keys()].filter((object) => !described.has(object));
  return {
    state: stateOf(createSnapshotReader(snapshot.store), parts),
    snapshot,
    hidden: [...unseen, ...children.hidden],
  };
};
