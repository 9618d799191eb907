import { notEmulated, TwinError, type MergeRequest, type Session } from '../contract.ts';
import type { ObjectDefinition } from '../schema/definitions.ts';
import { liveTarget, type Target } from './deleteRows.ts';
import { hierarchyProblem, type MergeParts, type Merging } from './mergeMove.ts';
import { noAccess, RowProblem } from './problems.ts';
import { mayReach } from './sharing.ts';

/**
 * The object, when its records can be merged at all; TwinError INVALID_TYPE_FOR_OPERATION, which is a fault of the whole
 * call on the platform (recorded: https://github.com/StevenMMortimer/salesforcer/issues/102).
 */
export const mergeableObject = (parts: MergeParts, name: string): ObjectDefinition => {
  const object = parts.context.registry.object(name);
  if (object?.mergeable !== true) {
    throw new TwinError('INVALID_TYPE_FOR_OPERATION', 'entity type does not support merge');
  }
  return object;
};

const checkPairs = (parts: MergeParts, master: Target, losers: readonly Target[]): void => {
  for (const pair of parts.context.rules.merge.pairs) {
    if (pair.object !== master.object.name) continue;
    const kinds = new Set([master, ...losers].map((target) => target.row[pair.is] === true));
    if (kinds.size > 1) throw new RowProblem('INVALID_MERGE_RECORD', 'records to be merged must be of the same type');
  }
};

const checkPortalUsers = (parts: MergeParts, object: ObjectDefinition, losers: readonly Target[]): void => {
  const { context } = parts;
  for (const { object: users, field } of context.rules.merge.portalUsers) {
    if (context.registry.field(users, field)?.referenceTo.includes(object.name) !== true) continue;
    if (losers.some((loser) => context.store.has(users, field, loser.id))) {
      throw notEmulated('merging records that have portal users');
    }
  }
};

const requireRights = (parts: MergeParts, session: Session, master: Target, losers: readonly Target[]): void => {
  const { context } = parts;
  const rights = context.accessOf(session.userId).object(master.object.name);
  if (!rights.edit || !rights.delete) throw noAccess();
  for (const target of [master, ...losers]) {
    if (!mayReach({ context, session, right: 'edit' }, target.object, target.id)) throw noAccess();
  }
};

/**
 * The live records of a request: one or two losers besides the master, all of the object, edited and deleted by whoever may.
 * Merging who has a portal user is refused by name.
 */
export const mergeTargets = (
  parts: MergeParts,
  session: Session,
  request: MergeRequest,
): { readonly master: Target; readonly losers: readonly Target[] } => {
  const { maxLosers } = parts.context.rules.merge;
  if (request.loserIds.length < 1 || request.loserIds.length > maxLosers) {
    throw new RowProblem('MERGE_FAILED', `the number of records to merge into the master must be 1 or ${maxLosers}`);
  }
  const master = liveTarget(parts, session, request.masterId);
  const losers = request.loserIds.map((id) => liveTarget(parts, session, id));
  const ids = new Set([master.id, ...losers.map((loser) => loser.id)]);
  if (ids.size !== losers.length + 1) throw new RowProblem('MERGE_FAILED', 'a record cannot be merged with itself');
  for (const target of [master, ...losers]) {
    if (target.object.name.toLowerCase() !== request.object.toLowerCase()) {
      throw new RowProblem('INVALID_MERGE_RECORD', 'records to be merged must be of the same type');
    }
  }
  checkPairs(parts, master, losers);
  requireRights(parts, session, master, losers);
  checkPortalUsers(parts, master.object, losers);
  return { master, losers };
};

/** After reparenting, no chain of self-lookups may lead from the master back to it. */
export const checkCycles = (merging: Merging): void => {
  const { context } = merging.parts;
  const { name, fields } = merging.object;
  for (const field of fields) {
    if (field.name === 'MasterRecordId' || !field.referenceTo.includes(name)) continue;
    const seen = new Set<string>([merging.master.id]);
    let next = context.store.readRow(name, merging.master.id)?.[field.name];
    while (typeof next === 'string') {
      if (seen.has(next)) throw hierarchyProblem(field.name);
      seen.add(next);
      next = context.store.readRow(name, next)?.[field.name];
    }
  }
};
