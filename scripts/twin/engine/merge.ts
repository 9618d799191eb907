import {
  TwinError,
  type FieldValue,
  type MergeRequest,
  type MergeResult,
  type RowError,
  type Session,
} from '../contract.ts';
import type { ChildRelationship, FieldDefinition, ObjectDefinition } from '../schema/definitions.ts';
import { deleteTree, isHistory, liveTarget, type DeleteParts, type Target } from './deleteRows.ts';
import { liveChildren, systemWrite } from './deletion.ts';
import { noAccess, RowProblem } from './problems.ts';
import { updateRows, type SaveParts } from './save.ts';
import { stamp } from './rowStore.ts';
import { mayReach } from './sharing.ts';
import { requireUniqueTogether } from './uniqueness.ts';

export type MergeParts = SaveParts & DeleteParts;

/** Source: https://developer.salesforce.com/docs/platform/api/guide/sforce-api-calls-merge.html */
const maxLosers = 2;

type Merging = {
  readonly parts: MergeParts;
  readonly session: Session;
  readonly object: ObjectDefinition;
  readonly masterId: string;
  readonly moved: Set<string>;
};

type Child = { readonly object: ObjectDefinition; readonly field: FieldDefinition; readonly id: string };

const isLost = (merging: Merging, child: ObjectDefinition): boolean =>
  isHistory(merging.parts.context, child) || merging.parts.context.rules.lostInMerge.includes(child.name);

const fails = (work: () => void): boolean => {
  try {
    work();
    return false;
  } catch (error) {
    if (error instanceof RowProblem) return true;
    throw error;
  }
};

/** A junction the master already has stays behind and goes with the loser. */
const masterHasIt = (merging: Merging, child: Child, row: Readonly<Record<string, FieldValue>>): boolean => {
  const { context, plans } = merging.parts;
  const moved = { ...row, [child.field.name]: merging.masterId };
  return fails(() => requireUniqueTogether(context, plans(child.object), moved, child.id));
};

const reparent = (merging: Merging, child: Child): void => {
  const { context, rollUps } = merging.parts;
  const row = context.store.readRow(child.object.name, child.id);
  if (row === undefined || masterHasIt(merging, child, row)) return;
  if (child.id === merging.masterId) {
    throw new RowProblem('MERGE_FAILED', 'attempt to violate hierarchy constraints', [child.field.name]);
  }
  const values = { [child.field.name]: merging.masterId, SystemModstamp: stamp(context.clock.now()) };
  context.store.updateRaw(child.object.name, child.id, systemWrite(context, child.object, values));
  rollUps.noteChild(child.object.name, row);
  rollUps.noteChild(child.object.name, { ...row, ...values });
  context.journal.write({
    object: child.object.name,
    id: child.id,
    change: 'update',
    cause: 'reparent',
    fields: [child.field.name],
  });
  merging.moved.add(child.id);
};

const reparentAll = (merging: Merging, relationship: ChildRelationship, loserId: string): void => {
  const { context } = merging.parts;
  const object = context.registry.object(relationship.childObject);
  const field = context.registry.field(relationship.childObject, relationship.field);
  if (object === undefined || field === undefined || isLost(merging, object)) return;
  if (!context.store.tableFor(object.name).columns.has(field.name.toLowerCase())) return;
  for (const id of liveChildren(context, object.name, field.name, loserId)) {
    // The pointer of an earlier loser to this master says which merge it was, not whose child it is.
    if (id !== loserId && field.name !== 'MasterRecordId') reparent(merging, { object, field, id });
  }
};

/** After reparenting, no chain of self-lookups may lead from the master back to it. */
const checkCycles = (merging: Merging): void => {
  const { context } = merging.parts;
  const own = merging.object.fields.filter(
    (field) => field.name !== 'MasterRecordId' && field.referenceTo.includes(merging.object.name),
  );
  for (const field of own) {
    const seen = new Set<string>([merging.masterId]);
    let next = context.store.readRow(merging.object.name, merging.masterId)?.[field.name];
    while (typeof next === 'string') {
      if (seen.has(next))
        throw new RowProblem('MERGE_FAILED', 'attempt to violate hierarchy constraints', [field.name]);
      seen.add(next);
      next = context.store.readRow(merging.object.name, next)?.[field.name];
    }
  }
};

const absorb = (merging: Merging, loser: Target): void => {
  const { parts, session, object } = merging;
  for (const relationship of parts.context.registry.children(object.name)) reparentAll(merging, relationship, loser.id);
  const pointer = systemWrite(parts.context, object, { MasterRecordId: merging.masterId });
  parts.context.store.updateRaw(object.name, loser.id, pointer);
  deleteTree(parts, session, { ...loser, row: { ...loser.row, ...pointer } }, 'merge');
};

const targets = (
  parts: MergeParts,
  session: Session,
  request: MergeRequest,
): { master: Target; losers: readonly Target[] } => {
  const { context } = parts;
  if (request.loserIds.length < 1 || request.loserIds.length > maxLosers) {
    throw new RowProblem(
      'MERGE_FAILED',
      `the number of records to merge into the master must be 1 or ${maxLosers}`,
      [],
    );
  }
  const master = liveTarget(parts, session, request.masterId);
  const losers = request.loserIds.map((id) => liveTarget(parts, session, id));
  const ids = new Set([master.id, ...losers.map((loser) => loser.id)]);
  if (ids.size !== losers.length + 1) throw new RowProblem('MERGE_FAILED', 'a record cannot be merged with itself', []);
  for (const target of [master, ...losers]) {
    if (target.object.name.toLowerCase() !== request.object.toLowerCase()) {
      throw new RowProblem('INVALID_MERGE_RECORD', 'records to be merged must be of the same type', []);
    }
    if (!mayReach({ context, session, right: 'edit' }, target.object, target.id)) throw noAccess();
  }
  if (!master.object.mergeable) {
    throw new RowProblem('INVALID_MERGE_RECORD', `entity type cannot be merged: ${master.object.name}`, []);
  }
  const rights = context.accessOf(session.userId).object(master.object.name);
  if (!rights.edit || !rights.delete) throw noAccess();
  return { master, losers };
};

const updateMaster = (merging: Merging, request: MergeRequest): void => {
  const { parts, session, object, masterId } = merging;
  const rest = Object.entries(request.masterFields).filter(
    ([name]) => !['id', 'attributes', 'type'].includes(name.toLowerCase()),
  );
  if (rest.length === 0) return;
  const rows = [{ ...Object.fromEntries(rest), Id: masterId }];
  const [result] = updateRows(parts, session, object.name, { rows, options: { allOrNone: true } });
  const error = result?.errors[0];
  if (error !== undefined) throw new RowProblem(error.statusCode, error.message, error.fields);
};

const failure = (request: MergeRequest, error: RowError): MergeResult => ({
  id: request.masterId,
  success: false,
  mergedRecordIds: [],
  updatedRelatedIds: [],
  errors: [error],
});

/**
 * Merges up to two losers into the master, in one transaction: children are moved to the master, the losers go to the bin
 * with MasterRecordId, their field values are not taken over; `masterFields` are saved on the master.
 * A junction that master and loser share is kept once (the platform's choice there is not documented).
 */
export const mergeRecords = (parts: MergeParts, session: Session, request: MergeRequest): MergeResult => {
  try {
    return parts.context.store.transaction(() => {
      const { master, losers } = targets(parts, session, request);
      const merging: Merging = { parts, session, object: master.object, masterId: master.id, moved: new Set() };
      for (const loser of losers) absorb(merging, loser);
      checkCycles(merging);
      updateMaster(merging, request);
      parts.rollUps.settle();
      return {
        id: master.id,
        success: true,
        mergedRecordIds: losers.map((loser) => loser.id),
        updatedRelatedIds: [...merging.moved].filter((id) => losers.every((loser) => loser.id !== id)),
        errors: [],
      };
    });
  } catch (error) {
    parts.rollUps.forget();
    if (error instanceof RowProblem) return failure(request, error.error);
    if (error instanceof TwinError)
      return failure(request, { statusCode: error.errorCode, message: error.message, fields: error.fields ?? [] });
    throw error;
  }
};
