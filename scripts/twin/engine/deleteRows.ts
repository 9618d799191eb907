import { TwinError, type RowResult, type Session } from '../contract.ts';
import type { ObjectDefinition } from '../schema/definitions.ts';
import type { Blobs } from './blobs.ts';
import { deletionTree, markDeleted, systemWrite, type Cut, type Doomed } from './deletion.ts';
import type { EngineContext } from './engineContext.ts';
import { requireId } from './ids.ts';
import { crossReference, entityIsDeleted, noAccess, RowProblem } from './problems.ts';
import type { RecycleBin } from './recycleBin.ts';
import type { RollUps } from './rollUps.ts';
import { stamp, type StoredRow } from './rowStore.ts';
import { eachRow } from './save.ts';
import { mayReach } from './sharing.ts';

export type DeleteParts = {
  readonly context: EngineContext;
  readonly bin: RecycleBin;
  readonly blobs: Blobs;
  readonly rollUps: RollUps;
  readonly objectOfId: (id: string) => string | undefined;
};

export type Target = { readonly object: ObjectDefinition; readonly id: string; readonly row: StoredRow };

/** A row id's 18 characters; RowProblem MALFORMED_ID when it is none. */
export const rowId = (id: string): string => {
  try {
    return requireId(id);
  } catch (error) {
    if (error instanceof TwinError) throw new RowProblem(error.errorCode, error.message, ['Id']);
    throw error;
  }
};

/** The live row an id names, that this user may see. */
export const liveTarget = (parts: DeleteParts, session: Session, given: string): Target => {
  const { context } = parts;
  const id = rowId(given);
  const name = parts.objectOfId(id);
  const object = name === undefined ? undefined : context.registry.object(name);
  if (object === undefined || !context.accessOf(session.userId).object(object.name).read) throw crossReference();
  const row = context.store.readRow(object.name, id);
  if (row === undefined) throw parts.bin.wasPurged(id) ? entityIsDeleted() : crossReference();
  if (context.store.isDeleted(object.name, id) === true) throw entityIsDeleted();
  if (!mayReach({ context, session, right: 'read' }, object, id)) throw crossReference();
  return { object, id, row };
};

/** Whether the object's rows are field history, which is purged at once by those who may. */
export const isHistory = (context: EngineContext, object: ObjectDefinition): boolean =>
  object.historyOf !== undefined || context.registry.objects().some((other) => other.historyObject === object.name);

const requireDeleteRight = (context: EngineContext, session: Session, { object, id }: Target): void => {
  const rights = context.accessOf(session.userId).object(object.name);
  if (!object.deletable || !rights.delete) throw noAccess();
  if (!mayReach({ context, session, right: 'edit' }, object, id)) throw noAccess();
};

const hasBin = (object: ObjectDefinition): boolean => object.fields.some((field) => field.name === 'IsDeleted');

const journalDelete = (parts: DeleteParts, one: Doomed, change: 'delete' | 'purge'): void => {
  parts.context.journal.write({ object: one.object.name, id: one.id, change, cause: one.cause, fields: [] });
};

const bin = (parts: DeleteParts, session: Session, one: Doomed, batch: number): void => {
  const { context } = parts;
  const at = stamp(context.clock.now());
  parts.rollUps.noteChild(one.object.name, one.row);
  if (!hasBin(one.object)) {
    purgeRow(parts, one.object.name, one.id, at);
    journalDelete(parts, one, 'purge');
    return;
  }
  const stamps = { LastModifiedById: session.userId, LastModifiedDate: at, SystemModstamp: at };
  context.store.updateRaw(one.object.name, one.id, systemWrite(context, one.object, stamps));
  markDeleted(context, one.object.name, one.id, batch);
  parts.bin.add({ batch, object: one.object.name, id: one.id, root: one.cause !== 'cascade', deletedDate: at });
  journalDelete(parts, one, 'delete');
};

const cut = (parts: DeleteParts, one: Cut, batch: number): void => {
  const { context } = parts;
  const at = stamp(context.clock.now());
  const values = systemWrite(context, one.object, { [one.field.name]: null, SystemModstamp: at });
  context.store.updateRaw(one.object.name, one.id, values);
  parts.bin.addCut(batch, { object: one.object.name, id: one.id, field: one.field.name, value: one.value });
  context.journal.write({
    object: one.object.name,
    id: one.id,
    change: 'update',
    cause: 'set-null',
    fields: [one.field.name],
  });
};

/** Removes a row and its bytes for good, leaving only that its id once existed. */
export const purgeRow = (parts: DeleteParts, object: string, id: string, at: string): void => {
  parts.context.store.removeRaw(object, id);
  parts.blobs.remove(id);
  parts.bin.remove(id);
  parts.bin.bury(object, id, at);
};

/** Sends one record and all that goes with it to the bin; answers the batch. RowProblem when it may not go. */
export const deleteTree = (
  parts: DeleteParts,
  session: Session,
  target: Target,
  cause: Doomed['cause'] = 'direct',
): number => {
  const tree = deletionTree(parts.context, { ...target, cause });
  const batch = parts.bin.openBatch();
  for (const one of tree.cuts) cut(parts, one, batch);
  for (const one of tree.doomed) bin(parts, session, one, batch);
  return batch;
};

const deleteOne = (parts: DeleteParts, session: Session, given: string): string => {
  const { context } = parts;
  const target = liveTarget(parts, session, given);
  if (!isHistory(context, target.object)) {
    requireDeleteRight(context, session, target);
    deleteTree(parts, session, target);
    return target.id;
  }
  if (!context.accessOf(session.userId).object(target.object.name).delete) throw noAccess();
  purgeRow(parts, target.object.name, target.id, stamp(context.clock.now()));
  journalDelete(parts, { ...target, cause: 'direct' }, 'purge');
  return target.id;
};

const withIds = (results: readonly RowResult[], ids: readonly string[]): readonly RowResult[] =>
  results.map((result, index) => ({ ...result, id: result.id ?? ids[index] ?? null }));

/** Deletes records: to the bin with everything that cascades; history rows are purged at once. */
export const deleteRows = (
  parts: DeleteParts,
  session: Session,
  ids: readonly string[],
  allOrNone: boolean,
): readonly RowResult[] =>
  withIds(
    eachRow(parts, ids, allOrNone, (id) => ({ id: deleteOne(parts, session, id), created: false })),
    ids,
  );

/** Physically removes a batch. */
export const purgeBatch = (parts: DeleteParts, batch: number): void => {
  const at = stamp(parts.context.clock.now());
  for (const one of parts.bin.batch(batch)) {
    purgeRow(parts, one.object, one.id, at);
    const cause = one.root ? 'direct' : 'cascade';
    parts.context.journal.write({ object: one.object, id: one.id, change: 'purge', cause, fields: [] });
  }
  parts.bin.close(batch);
};

/** Empties what has been in the bin for more than 15 days. */
export const sweepBin = (parts: DeleteParts): void => {
  const expired = parts.bin.expired(parts.context.clock.now());
  if (expired.length === 0) return;
  parts.context.store.transaction(() => {
    expired.forEach((batch) => purgeBatch(parts, batch));
  });
};

/** Bulk hardDelete: past the bin. TwinError FEATURENOTENABLED without the user permission. */
export const hardDeleteRows = (
  parts: DeleteParts,
  session: Session,
  object: string,
  ids: readonly string[],
): readonly RowResult[] => {
  const { context } = parts;
  if (!context.accessOf(session.userId).has(context.rules.hardDeletePermission)) {
    throw new TwinError(
      'FEATURENOTENABLED',
      'FeatureNotEnabled : hardDelete operation requires special user profile permission, please contact your system administrator',
    );
  }
  const wanted = context.registry.object(object)?.name;
  return withIds(
    eachRow(parts, ids, false, (given) => {
      const target = liveTarget(parts, session, given);
      if (target.object.name !== wanted) throw crossReference();
      requireDeleteRight(context, session, target);
      purgeBatch(parts, deleteTree(parts, session, target));
      return { id: target.id, created: false };
    }),
    ids,
  );
};

const notInBin = (): RowProblem => new RowProblem('UNDELETE_FAILED', 'Entity is not in the recycle bin');

/** Removes records (and what was deleted with them) from the bin for good. */
export const emptyBin = (parts: DeleteParts, session: Session, ids: readonly string[]): readonly RowResult[] => {
  sweepBin(parts);
  return withIds(
    eachRow(parts, ids, false, (given) => {
      const id = rowId(given);
      const binned = parts.bin.find(id);
      if (binned?.root !== true) throw notInBin();
      const object = parts.context.registry.object(binned.object);
      if (object === undefined || !mayReach({ context: parts.context, session, right: 'edit' }, object, id))
        throw noAccess();
      purgeBatch(parts, binned.batch);
      return { id, created: false };
    }),
    ids,
  );
};
