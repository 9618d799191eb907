import { notEmulated } from '../contract.ts';
import { userPermissions } from '../engine/permissionRows.ts';
import { isRollUpKept } from '../engine/rollUps.ts';
import { sharedRows } from '../engine/sharing.ts';
import { materialise, setupRowsAllowed } from '../engine/setupRows.ts';
import { quote } from '../engine/tables.ts';
import { formulasOf } from '../formula/fieldFormulas.ts';
import { globalName, missingBehind } from '../formula/namedRows.ts';
import type { FieldDefinition, ObjectDefinition } from '../schema/definitions.ts';
import { refuseKnownObject, refuseUnqueryable } from '../schema/notEmulatedObjects.ts';
import type { Binder } from './binder.ts';
import { formulaColumn } from './formulaColumn.ts';
import type { QueryInput } from './queryInput.ts';
import { malformed, noSuchColumn, noSuchObject, noSuchRelationship, type Named } from './soqlErrors.ts';
import type { Query } from './syntax.ts';

/** A row of one object in the statement, under its SQL alias. */
export type RowNode = { readonly object: ObjectDefinition; readonly alias: string };

/** A lookup that may lead to several objects; `id` is the SQL of its value. */
export type PolymorphicNode = {
  readonly field: FieldDefinition;
  readonly targets: readonly ObjectDefinition[];
  readonly id: string;
};

export const isPolymorphic = (node: RowNode | PolymorphicNode): node is PolymorphicNode => 'targets' in node;

/** The object as the user may see it in FROM; INVALID_TYPE with a caret otherwise. */
export const objectFrom = (input: QueryInput, name: Named): ObjectDefinition => {
  const object = input.context.registry.object(name.text);
  const reachable = object !== undefined && object.queryable && (object.tooling !== true || input.tooling);
  if (!reachable || !input.access.object(object.name).read) {
    refuseUnqueryable(input.context.registry, name.text);
    refuseKnownObject(input.context.registry, name.text);
    throw noSuchObject(input.soql, name);
  }
  materialise(input.context, object);
  return object;
};

/** Why a field has no value here, or undefined when it has: formulas and summaries the engine does not do. */
export const unavailable = (
  input: QueryInput,
  object: ObjectDefinition,
  field: FieldDefinition,
): string | undefined => {
  const name = `${object.name}.${field.name}`;
  if (field.formula !== undefined) {
    const { registry, store } = input.context;
    const problem = formulasOf(registry).problem(object, field);
    if (problem !== undefined) return `formula field ${name} (${problem.message.replace('NOT_EMULATED: ', '')})`;
    const find = (owner: string, key: string, value: string) => store.find(owner, key, value);
    const missing = missingBehind({ registry, find }, object, field);
    return missing === undefined
      ? undefined
      : `formula field ${name} (${globalName(missing)}, which this org does not have)`;
  }
  if (field.rollUp !== undefined && !isRollUpKept(input.context.registry, field.rollUp))
    return `roll-up summary ${name}`;
  return undefined;
};

/** Relationships by the names the statement gives them; the object's own name leads nowhere. */
type Aliases = ReadonlyMap<string, readonly string[]>;

/** `FROM Contact c, c.Account a`: `c` is the contact, `a` its account. */
const aliasesOf = (query: Pick<Query, 'alias' | 'aliases'>): Aliases => {
  const known = new Map<string, readonly string[]>();
  if (query.alias !== undefined) known.set(query.alias.text.toLowerCase(), []);
  for (const { path, alias } of query.aliases) {
    const [first = '', ...rest] = path.text.split('.');
    known.set(alias.text.toLowerCase(), [...(known.get(first.toLowerCase()) ?? [first]), ...rest]);
  }
  return known;
};

/** Source: https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_relationships_query_limits.htm */
const maxRelationships = 55;

/** SQLite joins 64 tables at most. */
const maxJoins = 62;

/** Tables and joins of one SELECT, with names resolved as this user may see them. */
export class Scope {
  readonly input: QueryInput;
  readonly binder: Binder;
  readonly root: RowNode;
  readonly aliases: Aliases;
  readonly #joins: string[] = [];
  readonly #joined = new Map<string, RowNode>();
  /** Aliases of the relationships that the statement itself names. */
  readonly #named = new Set<string>();

  constructor(
    input: QueryInput,
    binder: Binder,
    object: ObjectDefinition,
    query: Pick<Query, 'alias' | 'aliases'> = { alias: undefined, aliases: [] },
  ) {
    this.input = input;
    this.binder = binder;
    this.aliases = aliasesOf(query);
    this.root = { object, alias: binder.alias() };
  }

  /** `"Contact" t1 LEFT JOIN "Account" t2 ON …` */
  from(): string {
    const table = this.input.context.store.tableFor(this.root.object.name).sql;
    return [`${table} ${this.root.alias}`, ...this.#joins].join(' ');
  }

  /** Conditions every query has: deleted rows and rows not shared with the user stay out. */
  guards(): readonly string[] {
    const { object, alias } = this.root;
    const guards = this.input.includeDeleted ? [] : [`${alias}."_deleted" = 0`];
    const shared =
      userPermissions(this.input.context, object, this.input.session.userId, alias) ??
      setupRowsAllowed(this.input.context, this.input.access, object, alias) ??
      sharedRows({ context: this.input.context, session: this.input.session, right: 'read' }, object, alias);
    return shared === undefined ? guards : [...guards, this.binder.absorb(shared)];
  }

  /** The visible field, or INVALID_FIELD; `path` is what the statement says. */
  field(node: RowNode, name: string, path: Named): FieldDefinition {
    const field = this.input.context.registry.field(node.object.name, name);
    if (field === undefined || !this.input.access.field(node.object.name, field.name).read) {
      throw noSuchColumn(this.input.soql, node.object.name, path);
    }
    return field;
  }

  /** SQL of a field, stored or computed; NOT_EMULATED when the engine has no value for it. */
  column(node: RowNode, field: FieldDefinition): string {
    const missing = unavailable(this.input, node.object, field);
    if (missing !== undefined) throw notEmulated(missing);
    if (field.formula !== undefined) return formulaColumn(this, node, field);
    if (field.name === 'IsDeleted') return `${node.alias}."_deleted"`;
    return `${node.alias}.${quote(field.name)}`;
  }

  #lookup(node: RowNode, relationship: string, path: Named): FieldDefinition {
    const wanted = relationship.toLowerCase();
    const field = node.object.fields.find((candidate) => candidate.relationshipName?.toLowerCase() === wanted);
    if (field === undefined || !this.input.access.field(node.object.name, field.name).read) {
      throw noSuchRelationship(this.input.soql, path, relationship);
    }
    return field;
  }

  #targets(field: FieldDefinition): readonly ObjectDefinition[] {
    return field.referenceTo
      .map((name) => this.input.context.registry.object(name))
      .filter((object) => object !== undefined)
      .filter((object) => this.input.access.object(object.name).read);
  }

  /** Follows a relationship: joins the parent, or names the objects it may be. */
  hop(node: RowNode, relationship: string, path: Named): RowNode | PolymorphicNode {
    const field = this.#lookup(node, relationship, path);
    const targets = this.#targets(field);
    const id = `${node.alias}.${quote(field.name)}`;
    if (field.referenceTo.length > 1) return { field, targets, id };
    const [target] = targets;
    if (target === undefined) throw noSuchRelationship(this.input.soql, path, relationship);
    const joined = this.join(node, field, target);
    this.#named.add(joined.alias);
    if (this.#named.size > maxRelationships) {
      throw malformed(`a query may have at most ${maxRelationships} child-to-parent relationships`);
    }
    return joined;
  }

  /** Joins the parent that a lookup leads to, whatever the user may see of it: formulas read with all rights. */
  join(node: RowNode, field: FieldDefinition, target: ObjectDefinition): RowNode {
    const key = `${node.alias}.${field.name}>${target.name}`;
    const known = this.#joined.get(key);
    if (known !== undefined) return known;
    materialise(this.input.context, target);
    const joined: RowNode = { object: target, alias: this.binder.alias() };
    const table = this.input.context.store.tableFor(target.name).sql;
    this.#joins.push(`LEFT JOIN ${table} ${joined.alias} ON ${joined.alias}."Id" = ${node.alias}.${quote(field.name)}`);
    this.#joined.set(key, joined);
    if (this.#joined.size > maxJoins) throw notEmulated(`more than ${maxJoins} related records in one query`);
    return joined;
  }

  /** A statement within this one, over rows of another object. */
  inner(object: ObjectDefinition): Scope {
    materialise(this.input.context, object);
    return new Scope(this.input, this.binder, object);
  }
}
