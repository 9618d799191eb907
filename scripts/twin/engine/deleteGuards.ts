import { notEmulated, type FieldValue } from '../contract.ts';
import type { ObjectDefinition } from '../schema/definitions.ts';
import { idTest } from './deleteRelations.ts';
import type { EngineContext } from './engineContext.ts';
import { RowProblem } from './problems.ts';
import { displayName } from './recordNames.ts';
import { encode } from './columnWrites.ts';
import type { StoredRow } from './rowStore.ts';
import { quote } from './tables.ts';

/** A record to delete, and why. */
export type Root = {
  readonly object: ObjectDefinition;
  readonly id: string;
  readonly row: StoredRow;
  readonly cause: 'direct' | 'merge';
};

/** DELETE_FAILED in the recorded words: the record that was to go, why not, and the names of what is in the way. */
export const deleteRefused = (root: Root, reason: string, names: readonly string[]): RowProblem =>
  new RowProblem(
    'DELETE_FAILED',
    `Your attempt to delete ${displayName(root.object, root.row)} could not be completed because ${reason}: ${names.join(', ')}\n`,
  );

/** How the platform names rows in its messages. */
export const namesOf = (context: EngineContext, object: ObjectDefinition, ids: readonly string[]): readonly string[] =>
  ids.map((id) => displayName(object, context.store.readRow(object.name, id) ?? { Id: id }));

/** Guards that no lookup states, such as closed-won opportunities of an account (config/twin/platform-rules.json). */
export const checkGuards = (context: EngineContext, root: Root, parent: string, ids: readonly string[]): void => {
  for (const guard of context.rules.deleteGuards) {
    const child = context.registry.object(guard.child);
    if (guard.parent !== parent || child === undefined) continue;
    const needed = [guard.childField, ...Object.keys(guard.when)];
    if (needed.some((name) => context.registry.field(child.name, name) === undefined)) continue;
    context.store.index(child.name, guard.childField);
    const test = idTest(ids);
    const states = Object.entries(guard.when);
    const when = states.map(([name]) => ` AND ${quote(name)} = ?`).join('');
    const sql = `SELECT "Id" AS id FROM ${context.store.tableFor(child.name).sql} WHERE ${quote(guard.childField)} ${test.sql} AND "_deleted" = 0${when} ORDER BY "_row"`;
    const found = context.store.statement(sql).all(test.value, ...states.map(([, value]) => encode(value)));
    if (found.length === 0) continue;
    const blocking = found.map((row) => String(row['id']));
    throw deleteRefused(root, guard.reason.replace(/:$/, ''), namesOf(context, child, blocking));
  }
};

const isIn = (row: StoredRow, field: string, values: readonly FieldValue[]): boolean =>
  row[field] !== undefined && values.includes(row[field]);

/** The document's owner keeps the link that says so. */
const checkOwnerLink = (context: EngineContext, { object, row }: Pick<Root, 'object' | 'row'>): void => {
  const { link, document, ownerShare } = context.rules.files;
  if (object.name !== link || row['ShareType'] !== ownerShare) return;
  const file = context.store.readRow(document, String(row['ContentDocumentId']));
  if (file === undefined || file['OwnerId'] !== row['LinkedEntityId']) return;
  throw new RowProblem('FIELD_INTEGRITY_EXCEPTION', 'field integrity exception');
};

/**
 * Rows that may not be deleted by themselves, though they go with a parent: direct account-contact relations, activated
 * orders, owners' file links. TwinError NOT_EMULATED for a series of recurring activities.
 */
export const checkRow = (context: EngineContext, target: Pick<Root, 'object' | 'row'>): void => {
  const { object, row } = target;
  for (const guard of context.rules.rowGuards) {
    if (guard.object === object.name && isIn(row, guard.field, guard.values)) {
      throw new RowProblem(guard.statusCode, guard.message);
    }
  }
  for (const refused of context.rules.refusedDeletes) {
    if (refused.object === object.name && isIn(row, refused.field, refused.values)) throw notEmulated(refused.what);
  }
  checkOwnerLink(context, target);
};
