import type { FieldValue } from '../contract.ts';
import type { FieldDefinition, ObjectDefinition } from '../schema/definitions.ts';
import { journalAll, updateMany } from './binWrites.ts';
import type { DeleteParts, Target } from './deleteRows.ts';
import { RowProblem } from './problems.ts';
import { stamp } from './rowStore.ts';
import type { SaveParts } from './save.ts';
import { quote } from './tables.ts';

export type MergeParts = SaveParts & DeleteParts;

/** One merge under way. */
export type Merging = {
  readonly parts: MergeParts;
  readonly userId: string;
  readonly object: ObjectDefinition;
  readonly master: Target;
  readonly losers: readonly Target[];
  /** Rows that do not move: the other halves of losers that are two records. */
  readonly halves: ReadonlySet<string>;
  /** Rows that were moved, losers included. */
  readonly moved: Set<string>;
};

/** From which record to which the children of an object move. */
export type Move = { readonly object: ObjectDefinition; readonly from: string; readonly to: string };

export const hierarchyProblem = (field: string): RowProblem =>
  new RowProblem('MERGE_FAILED', 'attempt to violate hierarchy constraints', [field]);

/** The live rows that point at a record through one lookup. */
export const childIds = (merging: Merging, object: string, field: string, id: string): readonly string[] => {
  const { store } = merging.parts.context;
  store.index(object, field);
  const sql = `SELECT "Id" AS id FROM ${store.tableFor(object).sql} WHERE ${quote(field)} = ? AND "_deleted" = 0 ORDER BY "_row"`;
  return store
    .statement(sql)
    .all(id)
    .map((row) => String(row['id']));
};

/** Where children sit: an object and its lookup. */
export type Child = { readonly object: ObjectDefinition; readonly field: FieldDefinition };

const resetsOf = (merging: Merging, { object }: Child): Record<string, FieldValue> => {
  const rules = merging.parts.context.rules.merge.resets.filter(
    (rule) => rule.object === object.name && object.fields.some((field) => field.name === rule.field),
  );
  return Object.fromEntries(rules.map((rule) => [rule.field, rule.value]));
};

/** Moves rows to the master without any of a save's rules, as the platform does: no trigger, no validation of theirs. */
export const moveRows = (merging: Merging, child: Child, move: Move, ids: readonly string[]): void => {
  if (ids.length === 0) return;
  const { context, rollUps } = merging.parts;
  const resets = resetsOf(merging, child);
  const values = { ...resets, [child.field.name]: move.to, SystemModstamp: stamp(context.clock.now()) };
  updateMany(context, child.object, ids, { values });
  for (const id of [move.from, move.to]) rollUps.noteChild(child.object.name, { [child.field.name]: id });
  const fields = [child.field.name, ...Object.keys(resets)];
  journalAll(context, ids, { object: child.object.name, change: 'update', cause: 'reparent', fields });
  for (const id of ids) merging.moved.add(id);
};
