import type { ChildRelationship, FieldDefinition, ObjectDefinition } from '../schema/definitions.ts';
import type { EngineContext } from './engineContext.ts';
import { isStored, quote } from './tables.ts';

/** A lookup that matters when its target goes, with the SQL it takes to follow it. */
export type DeleteRelation = {
  readonly child: ObjectDefinition;
  readonly field: FieldDefinition;
  readonly rule: 'cascade' | 'restrict' | 'set-null';
  /** Columns of the child that deletion reads: its id, its lookups, the state that refuses a cascade. */
  readonly columns: string;
};

const columnsOf = (child: ObjectDefinition, field: FieldDefinition): string => {
  const names = child.fields.filter((each) => each.type === 'reference' && isStored(each)).map((each) => each.name);
  const state = field.deleteRefusedWhen?.field;
  const known = state !== undefined && child.fields.some((each) => each.name === state) ? [state] : [];
  return ['Id', ...new Set([...names, ...known])].map(quote).join(', ');
};

const relationOf = (context: EngineContext, relationship: ChildRelationship): readonly DeleteRelation[] => {
  const { registry } = context;
  const child = registry.object(relationship.childObject);
  const field = registry.field(relationship.childObject, relationship.field);
  if (relationship.deleteRule === 'none' || child === undefined || field === undefined || !isStored(field)) return [];
  return [{ child, field, rule: relationship.deleteRule, columns: columnsOf(child, field) }];
};

type Kept = { version: number; readonly byObject: Map<string, readonly DeleteRelation[]> };

const kept = new WeakMap<object, Kept>();

/** What hangs off an object, worked out once per schema version. */
export const deleteRelations = (context: EngineContext, object: string): readonly DeleteRelation[] => {
  const { registry } = context;
  let memory = kept.get(registry);
  if (memory?.version !== registry.version) {
    memory = { version: registry.version, byObject: new Map() };
    kept.set(registry, memory);
  }
  const known = memory.byObject.get(object);
  if (known !== undefined) return known;
  const relations = registry.children(object).flatMap((relationship) => relationOf(context, relationship));
  memory.byObject.set(object, relations);
  return relations;
};

/** How SQL tests a column against ids, with what it binds: one id or a set. */
export const idTest = (ids: readonly string[]): { readonly sql: string; readonly value: string } =>
  ids.length === 1 && ids[0] !== undefined
    ? { sql: '= ?', value: ids[0] }
    : { sql: 'IN (SELECT value FROM json_each(?))', value: JSON.stringify(ids) };

/** Of an object's relations those that some row uses for one of these ids. */
export type RelationsInUse = (object: string, ids: readonly string[]) => readonly DeleteRelation[];

/**
 * Asks which relations are in use, for one request: the tables there are are read once, and objects without rows get
 * neither table nor index. Rows in the bin count: a detail in the bin is lost when its master goes.
 */
export const relationsInUse = (context: EngineContext): RelationsInUse => {
  const { store } = context;
  const tables = new Set(store.tables());
  const filled = new Map<string, boolean>();
  const hasRows = (object: string): boolean => {
    const known = filled.get(object);
    if (known !== undefined) return known;
    const sql = (): string => `SELECT 1 AS yes FROM ${store.tableFor(object).sql} LIMIT 1`;
    const found = tables.has(object) && store.statement(sql()).get() !== undefined;
    filled.set(object, found);
    return found;
  };
  return (object, ids) => {
    if (ids.length === 0) return [];
    const test = idTest(ids);
    return deleteRelations(context, object).filter(({ child, field }) => {
      if (!hasRows(child.name)) return false;
      store.index(child.name, field.name);
      const sql = `SELECT 1 AS yes FROM ${store.tableFor(child.name).sql} WHERE ${quote(field.name)} ${test.sql} LIMIT 1`;
      return store.statement(sql).get(test.value) !== undefined;
    });
  };
};
