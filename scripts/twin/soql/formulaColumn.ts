import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import { notEmulated } from '../contract.ts';
import { quote } from '../engine/tables.ts';
import { EvaluationError, FormulaError } from '../formula/errors.ts';
import { formulasOf, type FieldFormula } from '../formula/fieldFormulas.ts';
import type { FormulaTarget } from '../formula/fieldNames.ts';
import { ORIGIN } from '../formula/recordFormulas.ts';
import { decodeValue, encodeValue, errorMark } from '../formula/fieldValues.ts';
import { hasCustomPermission, type PermissionWorld } from '../schema/customPermissions.ts';
import type { FieldDefinition, ObjectDefinition, SchemaRegistry } from '../schema/definitions.ts';
import type { Binder } from './binder.ts';
import type { QueryInput } from './queryInput.ts';

type RowNode = { readonly object: ObjectDefinition; readonly alias: string };

/** What a formula needs of the statement it is part of. */
type Scope = {
  readonly input: QueryInput;
  readonly binder: Binder;
  readonly root: RowNode;
  from(): string;
  column(node: RowNode, field: FieldDefinition): string;
  join(node: RowNode, field: FieldDefinition, target: ObjectDefinition): RowNode;
  inner(object: ObjectDefinition): Scope;
};

/** SQLite takes no more arguments of a function. */
const maxReferences = 100;

const coordinate = (node: RowNode, compound: FieldDefinition, part: string): string => {
  const field = node.object.fields.find(
    (candidate) => candidate.compoundFieldName === compound.name && candidate.name.includes(part),
  );
  return field === undefined ? 'NULL' : `${node.alias}.${quote(field.name)}`;
};

const argument = (scope: Scope, node: RowNode, field: FieldDefinition): string => {
  if (field.formula !== undefined) return formulaColumn(scope, node, field, true);
  if (field.type === 'location') {
    return `json_array(${coordinate(node, field, 'Latitude')}, ${coordinate(node, field, 'Longitude')})`;
  }
  return scope.column(node, field);
};

const climb = (scope: Scope, start: RowNode, target: FormulaTarget): string => {
  let node = start;
  for (const hop of target.hops) node = scope.join(node, hop.field, hop.target);
  return argument(scope, node, target.field);
};

/** A value of one row of its own, found by id or by owner of a setting. */
const apart = (scope: Scope, object: ObjectDefinition, target: FormulaTarget, filter: string): string => {
  const inner = scope.inner(object);
  const value = climb(inner, inner.root, target);
  const where = filter.replaceAll('@', inner.root.alias);
  return `(SELECT ${value} FROM ${inner.from()} WHERE ${where.replace('VALUE', value)} LIMIT 1)`;
};

const permissionWorld = ({ context }: QueryInput): PermissionWorld => ({
  environment: { now: context.clock.now() },
  readRow: (object, id) => context.store.readRow(object, id),
  find: (object, field, value) => context.store.find(object, field, value),
});

type Source = (scope: Scope, node: RowNode, target: FormulaTarget) => string;

const settingSource: Source = (scope, _node, target) => {
  const { binder, input } = scope;
  const user = input.session.userId;
  const profile = input.context.store.readRow('User', user)?.['ProfileId'] ?? null;
  const owners = [user, profile, input.context.orgId].map((id) => binder.bind(id as SQLInputValue));
  return apart(
    scope,
    target.object,
    target,
    `@."SetupOwnerId" IN (${owners.join(', ')}) AND @."_deleted" = 0 AND VALUE IS NOT NULL ORDER BY CASE @."SetupOwnerId" WHEN ${owners[0] ?? ''} THEN 0 WHEN ${owners[2] ?? ''} THEN 2 ELSE 1 END`,
  );
};

const namedSource: Source = (scope, _node, target) => {
  const { by, name } = target.named ?? { by: 'Id', name: '' };
  const filter = `@.${quote(by)} = ${scope.binder.bind(name)} COLLATE NOCASE AND @."_deleted" = 0`;
  return apart(scope, target.object, target, filter);
};

const oneRow =
  (idOf: (input: QueryInput) => string): Source =>
  (scope, _node, target) =>
    apart(scope, target.object, target, `@."Id" = ${scope.binder.bind(idOf(scope.input))}`);

const sources: Readonly<Record<FormulaTarget['root'], Source>> = {
  record: climb,
  user: oneRow(({ session }) => session.userId),
  organization: oneRow(({ context }) => context.orgId),
  setting: settingSource,
  named: namedSource,
  permission: ({ binder, input }, _node, { field }) =>
    binder.bind(Number(hasCustomPermission(permissionWorld(input), input.session.userId, field.name))),
  system: ({ binder }) => binder.bind(ORIGIN),
  column: () => {
    throw new Error('a formula field looks nothing up');
  },
};

const sourceOf: Source = (scope, node, target) => sources[target.root](scope, node, target);

const compiled = (scope: Scope, node: RowNode, field: FieldDefinition): FieldFormula => {
  try {
    return formulasOf(scope.input.context.registry).of(node.object, field);
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    throw notEmulated(
      `formula field ${node.object.name}.${field.name} (${error.message.replace('NOT_EMULATED: ', '')})`,
    );
  }
};

/**
 * SQL of a formula field's value, computed row by row from the columns it reads, whatever of them the user may see.
 * Source: https://help.salesforce.com/s/articleView?id=platform.tips_on_building_formulas.htm
 */
export const formulaColumn = (scope: Scope, node: RowNode, field: FieldDefinition, exact = false): string => {
  const { id, formula } = compiled(scope, node, field);
  if (formula.references.length > maxReferences) {
    throw notEmulated(`formula field ${node.object.name}.${field.name} with more than ${maxReferences} references`);
  }
  const values = formula.references.map((target) => sourceOf(scope, node, target));
  const own = [scope.binder.bind(id), scope.binder.bind(scope.input.zone), exact ? '1' : '0'];
  return `formula_value(${[...own, ...values].join(', ')})`;
};

const stored = (value: unknown): string | number | null =>
  typeof value === 'string' || typeof value === 'number' ? value : null;

const toSql = (value: string | number | boolean | null): string | number | null =>
  typeof value === 'boolean' ? Number(value) : value;

type Answer = (
  id: SQLOutputValue,
  zone: SQLOutputValue,
  exact: SQLOutputValue,
  ...rest: SQLOutputValue[]
) => SQLInputValue;

/** SQL function `formula_value(id, time zone, exact, values…)`; a formula that ends in an error is null. */
export const addFormulaFunction = (
  database: DatabaseSync,
  registry: SchemaRegistry,
  clock: { now(): number },
): void => {
  const formulas = formulasOf(registry);
  const answer: Answer = (id, zone, exact, ...values) => {
    const known = formulas.byId(Number(id));
    if (known === undefined) throw new Error('a statement names a formula that is gone');
    const { field, formula } = known;
    const read = (index: number) => {
      const target = formula.references[index];
      return target === undefined ? null : decodeValue(target.field, stored(values[index]));
    };
    try {
      const environment = { now: clock.now(), zone: String(zone) };
      const value = formula.evaluate({ environment, isNew: false, read, prior: read });
      return toSql(encodeValue(field, value, exact === 1));
    } catch (error) {
      if (error instanceof EvaluationError) return exact === 1 ? errorMark : null;
      throw error;
    }
  };
  database.function('formula_value', { varargs: true }, answer);
};
