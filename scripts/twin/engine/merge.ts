import {
  TwinError,
  type FieldValue,
  type MergeRequest,
  type MergeResult,
  type RowError,
  type Session,
} from '../contract.ts';
import { deleteTree, type Target } from './deleteRows.ts';
import { checkCycles, mergeableObject, mergeTargets } from './mergeChecks.ts';
import { reparent } from './mergeChildren.ts';
import type { MergeParts, Merging } from './mergeMove.ts';
import { RowProblem } from './problems.ts';
import { stamp } from './rowStore.ts';
import { updateRows } from './save.ts';
import { systemWrite } from './systemWrite.ts';

export type { MergeParts } from './mergeMove.ts';

/** Children of the loser's second half (a person account's contact) move to the master's. */
const reparentPair = (merging: Merging, loser: Target): void => {
  const { registry, rules } = merging.parts.context;
  for (const pair of rules.merge.pairs) {
    if (pair.object !== merging.object.name) continue;
    const [from, to] = [loser.row[pair.other], merging.master.row[pair.other]];
    const object = registry.object(registry.field(pair.object, pair.other)?.referenceTo[0] ?? '');
    if (object !== undefined && typeof from === 'string' && typeof to === 'string')
      reparent(merging, { object, from, to });
  }
};

/** The contact of a person account hangs off its account and goes with it: it is not moved. */
const halvesOf = (parts: MergeParts, losers: readonly Target[]): ReadonlySet<string> => {
  const { pairs } = parts.context.rules.merge;
  const halves = losers.flatMap((loser) =>
    pairs
      .filter((pair) => pair.object === loser.object.name && loser.row[pair.is] === true)
      .map((pair) => loser.row[pair.other] ?? null),
  );
  return new Set(halves.filter((id) => typeof id === 'string'));
};

const absorb = (merging: Merging, session: Session, loser: Target): void => {
  const { parts, object, master } = merging;
  if (merging.halves.size > 0) reparentPair(merging, loser);
  reparent(merging, { object, from: loser.id, to: master.id });
  const pointer = systemWrite(parts.context, object, { MasterRecordId: master.id });
  parts.context.store.updateRaw(object.name, loser.id, pointer);
  deleteTree(parts, session, { ...loser, row: { ...loser.row, ...pointer } }, { cause: 'merge' });
};

const instantOf = (row: Readonly<Record<string, FieldValue>> | undefined, field: string): number =>
  Date.parse(String(row?.[field] ?? '')) || 0;

/** Who created the oldest of the records, and when: that is what the merged record shows. */
const oldest = (merging: Merging): Record<string, FieldValue> => {
  const rows = [merging.master, ...merging.losers].map((target) => target.row);
  const [first] = [...rows].sort((a, b) => instantOf(a, 'CreatedDate') - instantOf(b, 'CreatedDate'));
  if (first === undefined || first['CreatedDate'] === merging.master.row['CreatedDate']) return {};
  return { CreatedDate: first['CreatedDate'] ?? null, CreatedById: first['CreatedById'] ?? null };
};

/** With the org's option on, the privacy record changed last; otherwise the master's own stays. */
const privacyRecord = (merging: Merging): Record<string, FieldValue> => {
  const { store, registry, rules } = merging.parts.context;
  const { field, object, preference } = rules.merge.privacyRecord;
  if (registry.field(merging.object.name, field)?.referenceTo.includes(object) !== true) return {};
  if (registry.field(preference.object, preference.field) === undefined) return {};
  const [settings] = [...store.iterate(preference.object)];
  if (settings?.[preference.field] !== true) return {};
  const ids = [merging.master, ...merging.losers].map((target) => target.row[field]).filter((id) => id != null);
  const found = ids.map((id) => store.readRow(object, String(id)));
  const [latest] = found.sort((a, b) => instantOf(b, 'LastModifiedDate') - instantOf(a, 'LastModifiedDate'));
  const id = latest?.['Id'];
  return id === undefined || id === merging.master.row[field] ? {} : { [field]: id };
};

const stampMaster = (merging: Merging): void => {
  const { parts, object, master, userId } = merging;
  const at = stamp(parts.context.clock.now());
  const changed = { ...oldest(merging), ...privacyRecord(merging) };
  const stamps = { LastModifiedById: userId, LastModifiedDate: at, SystemModstamp: at };
  const values = systemWrite(parts.context, object, { ...changed, ...stamps });
  parts.context.store.updateRaw(object.name, master.id, values);
  const fields = Object.keys(changed);
  parts.context.journal.write({ object: object.name, id: master.id, change: 'update', cause: 'merge', fields });
};

const saveMaster = (merging: Merging, session: Session, request: MergeRequest): void => {
  const rest = Object.entries(request.masterFields).filter(
    ([name]) => !['id', 'attributes', 'type'].includes(name.toLowerCase()),
  );
  if (rest.length === 0) return;
  const rows = [{ ...Object.fromEntries(rest), Id: merging.master.id }];
  const [result] = updateRows(merging.parts, session, merging.object.name, { rows, options: { allOrNone: true } });
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

const mergeAll = (parts: MergeParts, session: Session, request: MergeRequest): MergeResult => {
  const { master, losers } = mergeTargets(parts, session, request);
  const { object } = master;
  const halves = halvesOf(parts, losers);
  const merging: Merging = { parts, userId: session.userId, object, master, losers, halves, moved: new Set() };
  for (const loser of losers) absorb(merging, session, loser);
  checkCycles(merging);
  stampMaster(merging);
  saveMaster(merging, session, request);
  parts.rollUps.settle();
  const gone = new Set(losers.map((loser) => loser.id));
  return {
    id: master.id,
    success: true,
    mergedRecordIds: losers.map((loser) => loser.id),
    updatedRelatedIds: [...merging.moved].filter((id) => !gone.has(id)),
    errors: [],
  };
};

/**
 * Merges one or two losers into the master, in one transaction, in the platform's order: children move to the master, the
 * losers go to the bin with MasterRecordId, `masterFields` are saved on the master. Values of the losers are not taken
 * over; the merged record shows who created the oldest of them and when. A link that master and loser share is kept once.
 * TwinError INVALID_TYPE_FOR_OPERATION for objects that cannot be merged.
 * Source: https://developer.salesforce.com/docs/platform/api/guide/sforce-api-calls-merge.html
 */
export const mergeRecords = (parts: MergeParts, session: Session, request: MergeRequest): MergeResult => {
  mergeableObject(parts, request.object);
  try {
    return parts.context.store.transaction(() => mergeAll(parts, session, request));
  } catch (error) {
    parts.rollUps.forget();
    if (error instanceof RowProblem) return failure(request, error.error);
    if (error instanceof TwinError)
      return failure(request, { statusCode: error.errorCode, message: error.message, fields: error.fields ?? [] });
    throw error;
  }
};
