import type { RowResult, Session } from '../contract.ts';
import type { FieldDefinition, ObjectDefinition } from '../schema/definitions.ts';
import { rowId, sweepBin, type DeleteParts } from './deleteRows.ts';
import { markDeleted, systemWrite } from './deletion.ts';
import type { EngineContext } from './engineContext.ts';
import { noAccess, RowProblem } from './problems.ts';
import { textOf, type Binned, type CutLookup } from './recycleBin.ts';
import { stamp, type StoredRow } from './rowStore.ts';
import { eachRow } from './save.ts';
import { mayReach } from './sharing.ts';
import { requireUnique } from './uniqueness.ts';
import type { WritePlan } from './writePlan.ts';

type UndeleteParts = DeleteParts & { readonly plans: (object: ObjectDefinition) => WritePlan };

const notInBin = (): RowProblem => new RowProblem('UNDELETE_FAILED', 'Entity is not in the recycle bin');

const targetState = (context: EngineContext, field: FieldDefinition, id: string): 'live' | 'deleted' | 'gone' => {
  for (const name of field.referenceTo) {
    const object = context.registry.object(name);
    if (object?.keyPrefix !== id.slice(0, 3)) continue;
    const deleted = context.store.isDeleted(object.name, id);
    if (deleted !== undefined) return deleted ? 'deleted' : 'live';
  }
  return 'gone';
};

/** Lookups whose target is no longer there are emptied; a master that is not there refuses the undelete. */
const settleReferences = (parts: UndeleteParts, object: ObjectDefinition, row: StoredRow): Record<string, null> => {
  const emptied: Record<string, null> = {};
  for (const field of parts.plans(object).references) {
    const id = textOf(row, field.name);
    if (id === undefined || targetState(parts.context, field, id) === 'live') continue;
    if (field.masterDetail) {
      throw new RowProblem('UNDELETE_FAILED', `the parent of this record is deleted: ${field.name}`, [field.name]);
    }
    const rule = field.deleteRule[field.referenceTo[0] ?? ''] ?? field.deleteRule['*'];
    if (rule === 'set-null') emptied[field.name] = null;
  }
  return emptied;
};

const restoreRow = (parts: UndeleteParts, session: Session, one: Binned): void => {
  const { context } = parts;
  const object = context.registry.object(one.object);
  const row = object === undefined ? undefined : context.store.readRow(object.name, one.id);
  if (object === undefined || row === undefined) return;
  requireUnique(context, parts.plans(object), row, one.id);
  const at = stamp(context.clock.now());
  const stamps = { LastModifiedById: session.userId, LastModifiedDate: at, SystemModstamp: at };
  context.store.updateRaw(object.name, one.id, {
    ...systemWrite(context, object, stamps),
    ...settleReferences(parts, object, row),
  });
  parts.rollUps.noteChild(object.name, row);
  context.journal.write({
    object: object.name,
    id: one.id,
    change: 'undelete',
    cause: one.root ? 'direct' : 'cascade',
    fields: [],
  });
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
  const values = systemWrite(context, object, { [cut.field]: cut.value, SystemModstamp: stamp(context.clock.now()) });
  context.store.updateRaw(object.name, cut.id, values);
  context.journal.write({ object: object.name, id: cut.id, change: 'update', cause: 'cascade', fields: [cut.field] });
};

const undeleteOne = (parts: UndeleteParts, session: Session, given: string): string => {
  const { context } = parts;
  const id = rowId(given);
  const binned = parts.bin.find(id);
  const object = binned === undefined ? undefined : context.registry.object(binned.object);
  if (binned?.root !== true || object === undefined) throw notInBin();
  if (!object.undeletable || !mayReach({ context, session, right: 'edit' }, object, id)) throw noAccess();
  const batch = parts.bin.batch(binned.batch);
  // Every row of the batch lives again before any is checked, since they refer to one another.
  for (const one of batch) markDeleted(context, one.object, one.id, null);
  for (const one of batch) restoreRow(parts, session, one);
  for (const cut of parts.bin.cuts(binned.batch)) restoreCut(parts, cut);
  parts.bin.close(binned.batch);
  return id;
};

/**
 * Takes records out of the bin with everything deleted along with them, and refills the lookups the platform refills.
 * Source: https://developer.salesforce.com/docs/atlas.en-us.apexcode.meta/apexcode/langCon_apex_dml_undelete.htm
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
