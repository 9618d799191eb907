import type { FieldValue } from '../contract.ts';
import type { ChildRelationship, FieldDefinition, ObjectDefinition } from '../schema/definitions.ts';
import type { EngineContext } from './engineContext.ts';
import { RowProblem } from './problems.ts';
import { displayName } from './recordNames.ts';
import { encode, type StoredRow } from './rowStore.ts';
import { quote } from './tables.ts';

/** A row that goes, and why. */
export type Doomed = {
  readonly object: ObjectDefinition;
  readonly id: string;
  readonly row: StoredRow;
  readonly cause: 'direct' | 'cascade' | 'merge';
};

/** A lookup that is emptied because its target goes. */
export type Cut = {
  readonly object: ObjectDefinition;
  readonly id: string;
  readonly field: FieldDefinition;
  readonly value: string;
};

export type DeletionTree = { readonly doomed: readonly Doomed[]; readonly cuts: readonly Cut[] };

type Restriction = {
  readonly parent: Doomed;
  readonly relationship: ChildRelationship;
  readonly children: readonly StoredRow[];
};

const refusal = (root: Doomed, reason: string, names: readonly string[]): RowProblem =>
  new RowProblem(
    'DELETE_FAILED',
    `Your attempt to delete ${displayName(root.object, root.row)} could not be completed because ${reason}: ${names.join(', ')}\n`,
  );

const namesOf = (object: ObjectDefinition | undefined, rows: readonly StoredRow[]): readonly string[] =>
  rows.map((row) => (object === undefined ? String(row['Id']) : displayName(object, row)));

/** Guards that no lookup states, such as closed-won opportunities of an account (config/twin/platform-rules.json). */
const checkGuards = (context: EngineContext, root: Doomed, parent: Doomed): void => {
  for (const guard of context.rules.deleteGuards) {
    const child = context.registry.object(guard.child);
    if (guard.parent !== parent.object.name || child === undefined) continue;
    if (context.registry.field(child.name, guard.childField) === undefined) continue;
    const blocking = context.store
      .find(child.name, guard.childField, parent.id)
      .filter((row) => Object.entries(guard.when).every(([name, value]) => row[name] === value));
    if (blocking.length > 0) throw refusal(root, guard.reason.replace(/:$/, ''), namesOf(child, blocking));
  }
};

/** A cascade the platform refuses while a child is, say, activated. */
const checkRefusedStates = (
  root: Doomed,
  child: ObjectDefinition,
  field: FieldDefinition,
  rows: readonly StoredRow[],
): void => {
  const state = field.deleteRefusedWhen;
  if (state === undefined) return;
  const blocking = rows.filter((row) => state.values.includes(String(row[state.field])));
  if (blocking.length === 0) return;
  throw refusal(
    root,
    `it is associated with the following ${child.labelPlural.toLowerCase()}.`,
    namesOf(child, blocking),
  );
};

class TreeWalk {
  readonly doomed = new Map<string, Doomed>();
  readonly cuts: Cut[] = [];
  readonly restrictions: Restriction[] = [];
  readonly #context: EngineContext;
  readonly #root: Doomed;

  constructor(context: EngineContext, root: Doomed) {
    this.#context = context;
    this.#root = root;
  }

  visit(one: Doomed): void {
    if (this.doomed.has(one.id)) return;
    this.doomed.set(one.id, one);
    checkGuards(this.#context, this.#root, one);
    for (const relationship of this.#context.registry.children(one.object.name)) this.#follow(one, relationship);
  }

  #follow(parent: Doomed, relationship: ChildRelationship): void {
    if (relationship.deleteRule === 'none') return;
    const { registry, store } = this.#context;
    const child = registry.object(relationship.childObject);
    const field = registry.field(relationship.childObject, relationship.field);
    if (child === undefined || field === undefined || !store.tableFor(child.name).columns.has(field.name)) return;
    if (!store.has(child.name, field.name, parent.id)) return;
    const rows = store.find(child.name, field.name, parent.id);
    if (relationship.deleteRule === 'restrict') this.restrictions.push({ parent, relationship, children: rows });
    else if (relationship.deleteRule === 'set-null') this.#cut(child, field, rows);
    else {
      checkRefusedStates(this.#root, child, field, rows);
      for (const row of rows) this.visit({ object: child, id: String(row['Id']), row, cause: 'cascade' });
    }
  }

  #cut(object: ObjectDefinition, field: FieldDefinition, rows: readonly StoredRow[]): void {
    for (const row of rows) {
      this.cuts.push({ object, id: String(row['Id']), field, value: String(row[field.name]) });
    }
  }

  /** Children that go themselves restrict nothing. */
  check(): void {
    for (const { relationship, children } of this.restrictions) {
      const blocking = children.filter((row) => !this.doomed.has(String(row['Id'])));
      if (blocking.length === 0) continue;
      const object = this.#context.registry.object(relationship.childObject);
      throw refusal(
        this.#root,
        `it is associated with the following ${(object?.labelPlural ?? relationship.childObject).toLowerCase()}.`,
        namesOf(object, blocking),
      );
    }
  }
}

/**
 * Everything that goes with one record: cascades transitively, lookups that are emptied. Nothing is written.
 * Throws DELETE_FAILED in the recorded words when a lookup or a guard restricts it.
 */
export const deletionTree = (context: EngineContext, root: Doomed): DeletionTree => {
  const walk = new TreeWalk(context, root);
  walk.visit(root);
  walk.check();
  return {
    doomed: [...walk.doomed.values()],
    cuts: walk.cuts.filter((cut) => !walk.doomed.has(cut.id)),
  };
};

/** Stamps a write the platform makes on someone's behalf; only fields the object has. */
export const systemWrite = (
  context: EngineContext,
  object: ObjectDefinition,
  values: Readonly<Record<string, FieldValue>>,
): Record<string, FieldValue> => {
  const { columns } = context.store.tableFor(object.name);
  return Object.fromEntries(Object.entries(values).filter(([name]) => columns.has(name.toLowerCase())));
};

/** Marks a row deleted (with its batch) or live again (batch null). */
export const markDeleted = (context: EngineContext, object: string, id: string, batch: number | null): void => {
  const table = context.store.tableFor(object);
  context.store.touched(table.object.name);
  context.store
    .statement(`UPDATE ${table.sql} SET "_deleted" = ?, "_batch" = ? WHERE "Id" = ?`)
    .run(batch === null ? 0 : 1, batch, id);
};

/** The ids of live rows that point at `id` through one field. */
export const liveChildren = (
  context: EngineContext,
  object: string,
  field: string,
  id: FieldValue,
): readonly string[] => {
  context.store.index(object, field);
  const table = context.store.tableFor(object);
  return context.store
    .statement(`SELECT "Id" AS id FROM ${table.sql} WHERE ${quote(field)} = ? AND "_deleted" = 0 ORDER BY rowid`)
    .all(encode(id))
    .map((row) => String(row['id']));
};
