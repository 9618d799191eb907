import type { ChildRelationship, ObjectDefinition } from '../schema/definitions.ts';
import { isHistory } from './deleteRows.ts';
import { childIds, hierarchyProblem, moveRows, type Child, type Merging, type Move } from './mergeMove.ts';
import { moveRelations } from './mergeRelations.ts';
import { isStored, quote } from './tables.ts';

/** The fields that make a link the same for master and loser, when the moved lookup is one of them. */
const keysOf = (merging: Merging, { object, field }: Child): readonly (readonly string[])[] => {
  const { uniqueTogether, merge } = merging.parts.context.rules;
  return [...uniqueTogether, ...merge.sharedOnce]
    .filter((rule) => rule.object === object.name && rule.fields.includes(field.name))
    .map((rule) => rule.fields)
    .filter((fields) => fields.every((name) => object.fields.some((each) => each.name === name)));
};

/** Of the loser's links those the master has already: they stay behind and go with the loser. */
const sharedLinks = (merging: Merging, child: Child, move: Move): ReadonlySet<string> => {
  const { store } = merging.parts.context;
  const table = store.tableFor(child.object.name).sql;
  const found = new Set<string>();
  for (const fields of keysOf(merging, child)) {
    const same = fields
      .filter((name) => name !== child.field.name)
      .map((name) => ` AND m.${quote(name)} IS l.${quote(name)}`);
    const sql = `SELECT l."Id" AS id FROM ${table} l JOIN ${table} m ON m.${quote(child.field.name)} = ?${same.join('')} WHERE l.${quote(child.field.name)} = ? AND l."_deleted" = 0 AND m."_deleted" = 0`;
    for (const row of store.statement(sql).all(move.to, move.from)) found.add(String(row['id']));
  }
  return found;
};

const isLost = (merging: Merging, child: ObjectDefinition): boolean =>
  isHistory(merging.parts.context, child) || merging.parts.context.rules.lostInMerge.includes(child.name);

const moveChildren = (merging: Merging, relationship: ChildRelationship, move: Move): void => {
  const { registry, rules } = merging.parts.context;
  const object = registry.object(relationship.childObject);
  const field = registry.field(relationship.childObject, relationship.field);
  if (object === undefined || field === undefined || !isStored(field) || isLost(merging, object)) return;
  // The pointer of an earlier loser to this master says which merge it was, not whose child it is.
  if (field.name === 'MasterRecordId') return;
  if (rules.merge.relations.some((rule) => rule.object === object.name && rule.fields.includes(field.name))) return;
  const ids = childIds(merging, object.name, field.name, move.from).filter(
    (id) => id !== move.from && !merging.halves.has(id),
  );
  if (ids.length === 0) return;
  if (ids.includes(merging.master.id)) throw hierarchyProblem(field.name);
  const stay = sharedLinks(merging, { object, field }, move);
  moveRows(
    merging,
    { object, field },
    move,
    ids.filter((id) => !stay.has(id)),
  );
};

/** Moves everything that hangs off one record to another: every lookup, whatever its delete rule; not history and feeds. */
export const reparent = (merging: Merging, move: Move): void => {
  const { registry } = merging.parts.context;
  moveRelations(merging, move);
  for (const relationship of registry.children(move.object.name)) moveChildren(merging, relationship, move);
};
