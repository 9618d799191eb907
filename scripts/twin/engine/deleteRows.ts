import { TwinError, type RowResult, type Session } from '../contract.ts';
import type { ObjectDefinition } from '../schema/definitions.ts';
import { purgeBatch, purgeRows, sendToBin, type DeleteParts } from './binWrites.ts';
import { relationsInUse, type DeleteRelation, type RelationsInUse } from './deleteRelations.ts';
import { checkRow, type Root } from './deleteGuards.ts';
import { deletionTree } from './deletion.ts';
import type { EngineContext } from './engineContext.ts';
import { requireId } from './ids.ts';
import { dataStorage } from './limits.ts';
import { crossReference, entityIsDeleted, noAccess, RowProblem } from './problems.ts';
import type { Binned } from './recycleBin.ts';
import type { StoredRow } from './rowStore.ts';
import { eachRow } from './save.ts';
import { mayReach } from './sharing.ts';

export type { DeleteParts } from './binWrites.ts';
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

/** A request's view of what hangs off its rows: asked once by object, so that most rows need no look of their own. */
type Reach = { readonly inUse: RelationsInUse; readonly used: ReadonlyMap<string, readonly DeleteRelation[]> };

/** Sends one record and all that goes with it to the bin; answers the batch. RowProblem when it may not go. */
export const deleteTree = (
  parts: DeleteParts,
  session: Session,
  target: Target,
  options: { readonly cause?: Root['cause']; readonly reach?: Reach } = {},
): number => {
  const root = { ...target, cause: options.cause ?? 'direct' };
  const inUse = options.reach?.inUse ?? relationsInUse(parts.context);
  const used = options.reach?.used.get(target.object.name);
  return sendToBin(parts, session, deletionTree(parts.context, root, inUse, used));
};

const reachOf = (parts: DeleteParts, ids: readonly string[]): Reach => {
  const byObject = new Map<string, string[]>();
  for (const given of ids) {
    const object = objectNamed(parts, given);
    if (object === undefined) continue;
    const list = byObject.get(object) ?? [];
    byObject.set(object, list);
    list.push(rowId(given));
  }
  const inUse = relationsInUse(parts.context);
  return { inUse, used: new Map([...byObject].map(([object, list]) => [object, inUse(object, list)])) };
};

const objectNamed = (parts: DeleteParts, given: string): string | undefined => {
  try {
    return parts.objectOfId(rowId(given));
  } catch (error) {
    if (error instanceof RowProblem) return undefined;
    throw error;
  }
};

type Deleting = {
  readonly parts: DeleteParts;
  readonly session: Session;
  readonly reach: Reach;
};

/** Puts one row into the bin; answers the batch, or nothing for a history row, which is gone at once. */
const deleteOne = ({ parts, session, reach }: Deleting, target: Target): number | undefined => {
  const { context } = parts;
  if (!isHistory(context, target.object)) {
    requireDeleteRight(context, session, target);
    checkRow(context, target);
    return deleteTree(parts, session, target, { reach });
  }
  if (!context.accessOf(session.userId).object(target.object.name).delete) throw noAccess();
  purgeRows(parts, target.object.name, [target.id], 'direct');
  return undefined;
};

const withIds = (results: readonly RowResult[], ids: readonly string[]): readonly RowResult[] =>
  results.map((result, index) => ({ ...result, id: result.id ?? ids[index] ?? null }));

/**
 * Deletes records in the order given: to the bin with everything that cascades; history rows are purged at once. A row
 * that went along with an earlier one of the request answers ENTITY_IS_DELETED.
 */
export const deleteRows = (
  parts: DeleteParts,
  session: Session,
  ids: readonly string[],
  allOrNone: boolean,
): readonly RowResult[] => {
  const deleting = { parts, session, reach: reachOf(parts, ids) };
  const results = eachRow(parts, ids, allOrNone, (given) => {
    const target = liveTarget(parts, session, given);
    deleteOne(deleting, target);
    return { id: target.id, created: false };
  });
  return withIds(results, ids);
};

/** Empties what has been in the bin for more than its days, and the oldest of what it has no room for. */
export const sweepBin = (parts: DeleteParts): void => {
  const { keptDays, recordsPerMegabyte, minimumHours } = parts.context.rules.recycleBin;
  const now = parts.context.clock.now();
  const purge = (batches: readonly number[]): void => {
    if (batches.length === 0) return;
    parts.context.store.transaction(() => {
      batches.forEach((batch) => purgeBatch(parts, batch, true));
    });
  };
  purge(parts.bin.expired(now, keptDays));
  purge(parts.bin.overflow(now, recordsPerMegabyte * dataStorage, minimumHours));
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
  const deleting = { parts, session, reach: reachOf(parts, ids) };
  const results = eachRow(parts, ids, false, (given) => {
    const target = liveTarget(parts, session, given);
    if (target.object.name !== wanted) throw crossReference();
    const batch = deleteOne(deleting, target);
    if (batch !== undefined) purgeBatch(parts, batch);
    return { id: target.id, created: false };
  });
  return withIds(results, ids);
};

/** The text live orgs answer, also for rows that went along with another. */
const noEntry = (): RowProblem =>
  new RowProblem('INVALID_ID_FIELD', 'invalid record id; no recycle bin entry found', ['Id']);

/** What others deleted is for those with the permission. Subordinates' bins are not emulated: there is no hierarchy. */
export const requireOwnBin = (context: EngineContext, session: Session, binned: Binned): void => {
  if (binned.deletedBy === session.userId) return;
  if (!context.accessOf(session.userId).has(context.rules.recycleBin.othersPermission)) throw noAccess();
};

/**
 * Removes records (and what was deleted with them) from the bin for good. Rows that went along with another are refused.
 * Source: https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_emptyrecyclebin.htm
 */
export const emptyBin = (parts: DeleteParts, session: Session, ids: readonly string[]): readonly RowResult[] => {
  sweepBin(parts);
  const results = eachRow(parts, ids, false, (given) => {
    const id = rowId(given);
    const binned = parts.bin.find(id);
    if (binned?.state !== 'root') throw noEntry();
    requireOwnBin(parts.context, session, binned);
    purgeBatch(parts, binned.batch);
    return { id, created: false };
  });
  return withIds(results, ids);
};
