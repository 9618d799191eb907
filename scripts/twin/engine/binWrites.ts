import type { FieldValue, JournalEntry, Session } from '../contract.ts';
import type { ObjectDefinition } from '../schema/definitions.ts';
import type { Blobs } from './blobs.ts';
import type { DeletionTree, DoomedGroup } from './deletion.ts';
import type { EngineContext } from './engineContext.ts';
import type { Change } from './journal.ts';
import type { BinState, RecycleBin } from './recycleBin.ts';
import type { RollUps } from './rollUps.ts';
import { stamp } from './rowStore.ts';
import { systemWrite } from './systemWrite.ts';

export type DeleteParts = {
  readonly context: EngineContext;
  readonly bin: RecycleBin;
  readonly blobs: Blobs;
  readonly rollUps: RollUps;
  readonly objectOfId: (id: string) => string | undefined;
};

/** The same change of many rows of one object. */
export const journalAll = (context: EngineContext, ids: readonly string[], change: Omit<Change, 'id'>): void => {
  for (const id of ids) context.journal.write({ ...change, id });
};

const hasBin = (object: ObjectDefinition): boolean => object.fields.some((field) => field.name === 'IsDeleted');

/** Writes the same values (and, when given, the bin state) into many rows of one object. */
export const updateMany = (
  context: EngineContext,
  object: ObjectDefinition,
  ids: readonly string[],
  change: { readonly values: Readonly<Record<string, FieldValue>>; readonly batch?: number | null },
): void => {
  const { sql, sets: own, values } = context.store.setting(object.name, systemWrite(context, object, change.values));
  const sets = [...own];
  const bound = [...values];
  if (change.batch !== undefined) {
    sets.push('"_deleted" = ?', '"_batch" = ?');
    bound.push(change.batch === null ? 0 : 1, change.batch);
  }
  if (sets.length === 0 || ids.length === 0) return;
  context.store.touched(object.name);
  context.store
    .statement(`UPDATE ${sql} SET ${sets.join(', ')} WHERE "Id" IN (SELECT value FROM json_each(?))`)
    .run(...bound, JSON.stringify(ids));
};

/** Removes rows and their bytes for good, leaving only that their ids once existed. */
export const purgeRows = (
  parts: DeleteParts,
  object: string,
  ids: readonly string[],
  cause: JournalEntry['cause'],
): void => {
  const { context, bin, blobs } = parts;
  const table = context.store.tableFor(object);
  const list = JSON.stringify(ids);
  context.store.touched(table.object.name);
  context.store.statement(`DELETE FROM ${table.sql} WHERE "Id" IN (SELECT value FROM json_each(?))`).run(list);
  blobs.removeAll(ids);
  bin.bury(table.object.name, ids, stamp(context.clock.now()));
  journalAll(context, ids, { object: table.object.name, change: 'purge', cause, fields: [] });
};

type Going = {
  readonly parts: DeleteParts;
  readonly session: Session;
  readonly batch: number;
  readonly at: string;
  readonly tree: DeletionTree;
};

const toBin = (going: Going, object: ObjectDefinition, ids: readonly string[], state: BinState): void => {
  if (ids.length === 0) return;
  const { parts, session, batch, at, tree } = going;
  const cause = state === 'along' ? 'cascade' : tree.root.cause;
  if (!hasBin(object)) {
    purgeRows(parts, object.name, ids, cause);
    return;
  }
  const values = { LastModifiedById: session.userId, LastModifiedDate: at, SystemModstamp: at };
  updateMany(parts.context, object, ids, { values, batch });
  parts.bin.add({ ids, batch, object: object.name, state, deletedDate: at, deletedBy: session.userId });
  journalAll(parts.context, ids, { object: object.name, change: 'delete', cause, fields: [] });
};

const sendGroup = (going: Going, group: DoomedGroup): void => {
  const { parts, tree } = going;
  for (const row of group.rows) parts.rollUps.noteChild(group.object.name, row);
  const ids = group.rows.map((row) => String(row['Id']));
  const isRoot = (id: string): boolean => id === tree.root.id;
  toBin(going, group.object, ids.filter(isRoot), group.object.undeletable ? 'root' : 'lost');
  toBin(
    going,
    group.object,
    ids.filter((id) => !isRoot(id)),
    'along',
  );
};

/** Sends a tree to the bin and empties the lookups that pointed at it; answers the batch. */
export const sendToBin = (parts: DeleteParts, session: Session, tree: DeletionTree): number => {
  const { context, bin } = parts;
  const at = stamp(context.clock.now());
  const batch = bin.openBatch();
  for (const { object, field, rows } of tree.cuts) {
    const ids = rows.map(([id]) => id);
    updateMany(context, object, ids, { values: { [field.name]: null, SystemModstamp: at } });
    bin.addCuts(
      batch,
      rows.map(([id, value]) => ({ object: object.name, id, field: field.name, value })),
    );
    journalAll(context, ids, { object: object.name, change: 'update', cause: 'set-null', fields: [field.name] });
    for (const [, value] of rows) parts.rollUps.noteChild(object.name, { [field.name]: value });
  }
  if (tree.lost.length > 0) bin.lose(tree.lost);
  const going = { parts, session, batch, at, tree };
  for (const group of tree.doomed) sendGroup(going, group);
  return batch;
};

/** Physically removes a batch. */
export const purgeBatch = (parts: DeleteParts, batch: number, expired = false): void => {
  const groups = new Map<string, { object: string; cause: JournalEntry['cause']; ids: string[] }>();
  for (const { object, id, state } of parts.bin.batch(batch)) {
    const own = state === 'along' ? 'cascade' : 'direct';
    const cause = expired ? 'expiry' : own;
    const group = groups.get(`${object} ${cause}`) ?? { object, cause, ids: [] };
    groups.set(`${object} ${cause}`, group);
    group.ids.push(id);
  }
  for (const { object, cause, ids } of groups.values()) purgeRows(parts, object, ids, cause);
  parts.bin.close(batch, 'purged');
};
