import type { FieldValue, RowResult, Session } from '../contract.ts';
import type { FieldDefinition, ObjectDefinition } from '../schema/definitions.ts';
import { journalAll, updateMany, type DeleteParts } from './binWrites.ts';
import { requireOwnBin, rowId, sweepBin } from './deleteRows.ts';
import type { EngineContext } from './engineContext.ts';
import { noAccess, RowProblem } from './problems.ts';
import type { Binned, CutLookup } from './recycleBin.ts';
import { stamp, type StoredRow } from './rowStore.ts';
import { eachRow } from './save.ts';
import { isStored, quote } from './tables.ts';
import { requireUnique } from './uniqueness.ts';
import type { WritePlan } from './plan.ts';

type UndeleteParts = DeleteParts & { readonly plans: (object: ObjectDefinition) => WritePlan };

/** The only text recorded for a failed undelete; it covers rows whose parent is not there. */
const notInBin = (): RowProblem => new RowProblem('UNDELETE_FAILED', 'Entity is not in the recycle bin');

type Group = { readonly object: ObjectDefinition; readonly ids: readonly string[] };

const grouped = (context: EngineContext, batch: readonly Binned[]): readonly Group[] => {
  const groups = new Map<string, { object: ObjectDefinition; ids: string[] }>();
  for (const one of batch) {
    const object = context.registry.object(one.object);
    if (object === undefined || one.state === 'lost') continue;
    const group = groups.get(object.name) ?? { object, ids: [] };
    groups.set(object.name, group);
    group.ids.push(one.id);
  }
  return [...groups.values()];
};

const liveIds = (context: EngineContext, field: FieldDefinition, ids: ReadonlySet<string>): ReadonlySet<string> => {
  const live = new Set<string>();
  const list = JSON.stringify([...ids]);
  for (const name of field.referenceTo) {
    const prefix = context.registry.object(name)?.keyPrefix ?? undefined;
    if (prefix === undefined || ![...ids].some((id) => id.startsWith(prefix))) continue;
    const table = context.store.tableFor(name).sql;
    const sql = `SELECT "Id" AS id FROM ${table} WHERE "Id" IN (SELECT value FROM json_each(?)) AND "_deleted" = 0`;
    for (const row of context.store.statement(sql).all(list)) live.add(String(row['id']));
  }
  return live;
};

const isKeptInStep = (field: FieldDefinition): boolean =>
  field.type === 'reference' && isStored(field) && Object.values(field.deleteRule).some((rule) => rule !== 'none');

/** By lookup, the rows of a group whose target is not there. */
const dangling = (
  context: EngineContext,
  { object, ids }: Group,
  wanted: (field: FieldDefinition) => boolean,
): ReadonlyMap<FieldDefinition, readonly string[]> => {
  const table = context.store.tableFor(object.name).sql;
  const list = JSON.stringify(ids);
  const found = new Map<FieldDefinition, readonly string[]>();
  for (const field of object.fields.filter((each) => isKeptInStep(each) && wanted(each))) {
    const column = quote(field.name);
    const sql = `SELECT "Id" AS id, ${column} AS target FROM ${table} WHERE "Id" IN (SELECT value FROM json_each(?)) AND ${column} IS NOT NULL`;
    const rows = context.store.statement(sql).all(list);
    if (rows.length === 0) continue;
    const live = liveIds(context, field, new Set(rows.map((row) => String(row['target']))));
    const lost = rows.filter((row) => !live.has(String(row['target']))).map((row) => String(row['id']));
    if (lost.length > 0) found.set(field, lost);
  }
  return found;
};

const isRequired = (field: FieldDefinition): boolean => field.masterDetail || !field.nillable;

/**
 * Rows that cannot be without a parent that is gone stay deleted, and what hangs off them; when it is the record itself, the
 * undelete is refused. Answers the groups that come back.
 * Source: https://help.salesforce.com/s/articleView?id=000386040; junctions whose masters are both deleted are lost.
 */
const withoutOrphans = (
  parts: UndeleteParts,
  binned: Binned,
  groups: readonly Group[],
): { readonly groups: readonly Group[]; readonly again: boolean } => {
  const { context, bin } = parts;
  let again = false;
  const kept = groups.map((group) => {
    const orphans = new Set([...dangling(context, group, isRequired).values()].flat());
    if (orphans.size === 0) return group;
    if (orphans.has(binned.id)) throw notInBin();
    again = true;
    updateMany(context, group.object, [...orphans], { values: {}, batch: binned.batch });
    bin.lose([...orphans]);
    return { ...group, ids: group.ids.filter((id) => !orphans.has(id)) };
  });
  return { groups: kept, again };
};

const restorable = (parts: UndeleteParts, binned: Binned, all: readonly Group[]): readonly Group[] => {
  let step = { groups: all, again: true };
  while (step.again) step = { ...withoutOrphans(parts, binned, step.groups) };
  return step.groups.filter((group) => group.ids.length > 0);
};

/** Other lookups whose target is no longer there are emptied. */
const settleReferences = (context: EngineContext, group: Group): void => {
  for (const [field, ids] of dangling(context, group, (each) => !isRequired(each))) {
    updateMany(context, group.object, ids, { values: { [field.name]: null } });
    const { name } = group.object;
    journalAll(context, ids, { object: name, change: 'update', cause: 'set-null', fields: [field.name] });
  }
};

const requireUniqueRows = (parts: UndeleteParts, { object, ids }: Group): void => {
  const plan = parts.plans(object);
  if (plan.unique.length === 0) return;
  for (const id of ids) {
    const row = parts.context.store.readRow(object.name, id);
    if (row !== undefined) requireUnique(parts.context, plan, row, id);
  }
};

const noteRestored = ({ context, rollUps }: UndeleteParts, { object, ids }: Group): void => {
  const table = context.store.tableFor(object.name).sql;
  const names = object.fields.filter((field) => field.type === 'reference' && isStored(field)).map(({ name }) => name);
  const sql = `SELECT ${['Id', ...names].map(quote).join(', ')} FROM ${table} WHERE "Id" IN (SELECT value FROM json_each(?))`;
  for (const row of context.store.statement(sql).all(JSON.stringify(ids))) {
    rollUps.noteChild(object.name, row as StoredRow);
  }
};

const restoreGroup = (parts: UndeleteParts, session: Session, group: Group): void => {
  const at = stamp(parts.context.clock.now());
  // A row that lives again was merged into none. Source: object reference, Account.MasterRecordId.
  const values: Record<string, FieldValue> = { MasterRecordId: null };
  updateMany(parts.context, group.object, group.ids, {
    values: { ...values, LastModifiedById: session.userId, LastModifiedDate: at, SystemModstamp: at },
  });
  settleReferences(parts.context, group);
  requireUniqueRows(parts, group);
  noteRestored(parts, group);
};

const journalRestored = (context: EngineContext, { object, ids }: Group, root: string): void => {
  const write = (list: readonly string[], cause: 'direct' | 'cascade'): void => {
    journalAll(context, list, { object: object.name, change: 'undelete', cause, fields: [] });
  };
  write(
    ids.filter((id) => id === root),
    'direct',
  );
  write(
    ids.filter((id) => id !== root),
    'cascade',
  );
};

const isRestored = (context: EngineContext, cut: CutLookup): boolean =>
  context.registry.field(cut.object, cut.field)?.custom === true ||
  context.rules.restoredLookups.some((each) => each.object === cut.object && each.field === cut.field);

/** Fills a lookup that was emptied by the delete, only if nothing replaced it meanwhile. */
const restoreCut = (parts: UndeleteParts, cut: CutLookup): void => {
  const { context } = parts;
  const object = context.registry.object(cut.object);
  if (object === undefined || !isRestored(context, cut)) return;
  const row = context.store.readRow(object.name, cut.id);
  if (row?.[cut.field] !== null || context.store.isDeleted(object.name, cut.id) === true) return;
  const values = { [cut.field]: cut.value, SystemModstamp: stamp(context.clock.now()) };
  updateMany(context, object, [cut.id], { values });
  parts.rollUps.noteChild(object.name, { [cut.field]: cut.value });
  context.journal.write({ object: object.name, id: cut.id, change: 'update', cause: 'restore', fields: [cut.field] });
};

const undeleteOne = (parts: UndeleteParts, session: Session, given: string): string => {
  const { context } = parts;
  const id = rowId(given);
  const binned = parts.bin.find(id);
  const object = binned === undefined ? undefined : context.registry.object(binned.object);
  if (binned?.state !== 'root' || object === undefined) throw notInBin();
  if (!context.accessOf(session.userId).object(object.name).read) throw noAccess();
  requireOwnBin(context, session, binned);
  const batch = grouped(context, parts.bin.batch(binned.batch));
  // Every row of the batch lives again before any is checked, since they refer to one another.
  for (const group of batch) updateMany(context, group.object, group.ids, { values: {}, batch: null });
  for (const group of restorable(parts, binned, batch)) {
    restoreGroup(parts, session, group);
    journalRestored(context, group, id);
  }
  for (const cut of parts.bin.cuts(binned.batch)) restoreCut(parts, cut);
  parts.bin.close(binned.batch, 'restored');
  return id;
};

/**
 * Takes records out of the bin with everything deleted along with them, and refills the lookups the platform refills.
 * What was deleted by somebody else needs Modify All Data; rows that went along cannot come back alone.
 * Source: https://developer.salesforce.com/docs/atlas.en-us.apexcode.meta/apexcode/langCon_apex_dml_examples_delete.htm
 */
export const undeleteRows = (
  parts: UndeleteParts,
  session: Session,
  ids: readonly string[],
  allOrNone: boolean,
): readonly RowResult[] => {
  sweepBin(parts);
  const results = eachRow(parts, ids, allOrNone, (id) => ({ id: undeleteOne(parts, session, id), created: false }));
  return results.map((result, index) => ({ ...result, id: result.id ?? ids[index] ?? null }));
};
