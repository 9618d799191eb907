import type { FieldDefinition, ObjectDefinition } from '../schema/definitions.ts';
import { idTest, type DeleteRelation, type RelationsInUse } from './deleteRelations.ts';
import { checkGuards, deleteRefused, namesOf, type Root } from './deleteGuards.ts';
import type { EngineContext } from './engineContext.ts';
import type { StoredRow } from './rowStore.ts';
import { quote } from './tables.ts';

/** Rows of one object that go, in the order found. `rows` hold ids and lookups only. */
export type DoomedGroup = { readonly object: ObjectDefinition; readonly rows: readonly StoredRow[] };

/** A lookup that is emptied because its target goes. */
export type Cut = {
  readonly object: ObjectDefinition;
  readonly field: FieldDefinition;
  /** Ids of the rows that had it, with the id they pointed at. */
  readonly rows: readonly (readonly [id: string, value: string])[];
};

export type DeletionTree = {
  readonly root: Root;
  readonly doomed: readonly DoomedGroup[];
  readonly cuts: readonly Cut[];
  /** Details already in the bin whose master goes now: nothing can restore them any more. */
  readonly lost: readonly string[];
};

type Restriction = { readonly relation: DeleteRelation; readonly parents: readonly string[] };

const idOf = (row: StoredRow): string => String(row['Id']);

/** Walks level by level: one query per object and lookup of a level, however many rows it has. */
class TreeWalk {
  readonly #context: EngineContext;
  readonly #root: Root;
  readonly #inUse: RelationsInUse;
  readonly #ids = new Set<string>();
  readonly #groups = new Map<string, { object: ObjectDefinition; rows: StoredRow[] }>();
  readonly #cuts: Cut[] = [];
  readonly #lost: string[] = [];
  readonly #restrictions: Restriction[] = [];

  constructor(context: EngineContext, root: Root, inUse: RelationsInUse) {
    this.#context = context;
    this.#root = root;
    this.#inUse = inUse;
  }

  run(used: readonly DeleteRelation[]): DeletionTree {
    let level = this.#doom(this.#root.object, [this.#root.row]);
    let relations: readonly DeleteRelation[] | undefined = used;
    while (level.length > 0) {
      const next: DoomedGroup[] = [];
      for (const group of level) next.push(...this.#below(group, relations));
      relations = undefined;
      level = next;
    }
    this.#checkRestrictions();
    return {
      root: this.#root,
      doomed: [...this.#groups.values()],
      cuts: this.#cuts
        .map((cut) => ({ ...cut, rows: cut.rows.filter(([id]) => !this.#ids.has(id)) }))
        .filter((cut) => cut.rows.length > 0),
      lost: this.#lost,
    };
  }

  #doom(object: ObjectDefinition, found: readonly StoredRow[]): readonly DoomedGroup[] {
    const rows = found.filter((row) => !this.#ids.has(idOf(row)));
    if (rows.length === 0) return [];
    const group = this.#groups.get(object.name) ?? { object, rows: [] };
    this.#groups.set(object.name, group);
    for (const row of rows) {
      this.#ids.add(idOf(row));
      group.rows.push(row);
    }
    return [{ object, rows }];
  }

  #below(group: DoomedGroup, known: readonly DeleteRelation[] | undefined): readonly DoomedGroup[] {
    const ids = group.rows.map(idOf);
    checkGuards(this.#context, this.#root, group.object.name, ids);
    const relations = known ?? this.#inUse(group.object.name, ids);
    return relations.flatMap((relation) => this.#follow(relation, ids));
  }

  #follow(relation: DeleteRelation, parents: readonly string[]): readonly DoomedGroup[] {
    if (relation.rule === 'restrict') {
      this.#restrictions.push({ relation, parents });
      return [];
    }
    const { child, field } = relation;
    if (field.masterDetail) this.#lost.push(...this.#rowsOf(relation, parents, 1).map(idOf));
    const rows = this.#rowsOf(relation, parents, 0);
    if (rows.length === 0) return [];
    if (relation.rule === 'set-null') {
      this.#cuts.push({ object: child, field, rows: rows.map((row) => [idOf(row), String(row[field.name])]) });
      return [];
    }
    this.#checkStates(relation, rows);
    return this.#doom(child, rows);
  }

  #rowsOf(relation: DeleteRelation, parents: readonly string[], deleted: 0 | 1): readonly StoredRow[] {
    const { child, field, columns } = relation;
    const test = idTest(parents);
    const { store } = this.#context;
    store.index(child.name, field.name);
    const table = store.tableFor(child.name).sql;
    const sql = `SELECT ${columns} FROM ${table} WHERE ${quote(field.name)} ${test.sql} AND "_deleted" = ${deleted} ORDER BY "_row"`;
    return store.statement(sql).all(test.value) as StoredRow[];
  }

  /** A cascade the platform refuses while a child is, say, activated. */
  #checkStates({ child, field }: DeleteRelation, rows: readonly StoredRow[]): void {
    const state = field.deleteRefusedWhen;
    if (state === undefined) return;
    const blocking = rows.filter((row) => state.values.includes(String(row[state.field]))).map(idOf);
    if (blocking.length > 0) this.#refuse(child, blocking);
  }

  /** Children that go themselves restrict nothing. */
  #checkRestrictions(): void {
    for (const { relation, parents } of this.#restrictions) {
      const blocking = this.#rowsOf(relation, parents, 0)
        .map(idOf)
        .filter((id) => !this.#ids.has(id));
      if (blocking.length > 0) this.#refuse(relation.child, blocking);
    }
  }

  #refuse(child: ObjectDefinition, blocking: readonly string[]): never {
    const reason = `it is associated with the following ${child.labelPlural.toLowerCase()}.`;
    throw deleteRefused(this.#root, reason, namesOf(this.#context, child, blocking));
  }
}

/**
 * Everything that goes with one record: cascades transitively, lookups that are emptied. Nothing is written. `used` are the
 * root's relations that have children, which may have been asked for many records at once.
 * Throws DELETE_FAILED in the recorded words when a lookup or a guard restricts it; the first cause found is named: guards
 * of the record, then level by level in the order of the lookups.
 */
export const deletionTree = (
  context: EngineContext,
  root: Root,
  inUse: RelationsInUse,
  used: readonly DeleteRelation[] = inUse(root.object.name, [root.id]),
): DeletionTree => new TreeWalk(context, root, inUse).run(used);
