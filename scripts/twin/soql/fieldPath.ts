import type { FieldDefinition } from '../schema/definitions.ts';
import { quote } from '../engine/tables.ts';
import { isPolymorphic, Scope, type PolymorphicNode, type RowNode } from './scope.ts';
import { malformed, noSuchColumn, type Named } from './soqlErrors.ts';
import { pathNamed, type Path } from './syntax.ts';

/** A field of the statement, found. */
export type Resolved = {
  /** The SQL expression of its value. */
  readonly sql: string;
  readonly field: FieldDefinition;
  /** As the statement names it, and where. */
  readonly text: string;
  readonly at: number;
  /** Through at least one relationship. */
  readonly related: boolean;
};

/** Source: https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_relationships_query_limits.htm */
const maxHops = 5;

/**
 * Fields of the `Name` object, all that may be read through a lookup to several objects.
 * Source: https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_name.htm
 */
const nameObjectFields = new Set(
  'Alias Email FirstName Id IsActive LastName LastReferencedDate LastViewedDate Name NameOrAlias Phone Profile ProfileId RecordType RecordTypeId Title Type UserRole UserRoleId Username'
    .toLowerCase()
    .split(' '),
);

const textField = (model: FieldDefinition, name: string): FieldDefinition => ({
  ...model,
  name,
  label: name,
  type: 'string',
  referenceTo: [],
  picklistValues: [],
  caseSensitive: false,
});

const withoutAlias = (scope: Scope, text: string): readonly string[] => {
  const parts = text.split('.');
  const [first, ...rest] = parts;
  if (first === undefined || rest.length === 0) return parts;
  const word = first.toLowerCase();
  const isRelationship = scope.root.object.fields.some((field) => field.relationshipName?.toLowerCase() === word);
  if (isRelationship) return parts;
  const alias = scope.aliases.get(word);
  if (alias !== undefined) return [...alias, ...rest];
  return word === scope.root.object.name.toLowerCase() ? rest : parts;
};

/** The relationships and the field of a dotted name, without a leading alias or object name. */
export const pathOf = (scope: Scope, path: Named): readonly string[] => {
  const parts = withoutAlias(scope, path.text);
  if (parts.length - 1 <= maxHops) return parts;
  throw malformed(`the field path ${path.text} has more than ${maxHops} relationships`, scope.input.soql, path);
};

const nameFieldOf = (node: RowNode, name: string): string => {
  if (name.toLowerCase() !== 'name') return name;
  return node.object.fields.find((field) => field.nameField)?.name ?? name;
};

const caseOf = (scope: Scope, node: PolymorphicNode, answers: readonly (readonly [string, string])[]): string => {
  if (answers.length === 0) return 'NULL';
  const whens = answers.map(([prefix, sql]) => `WHEN ${scope.binder.bind(prefix)} THEN ${sql}`);
  return `CASE substr(${node.id}, 1, 3) ${whens.join(' ')} END`;
};

/** SQL of the object name a polymorphic lookup points to. */
export const typeSql = (scope: Scope, node: PolymorphicNode): string =>
  caseOf(
    scope,
    node,
    node.targets.flatMap((target) =>
      target.keyPrefix === null ? [] : [[target.keyPrefix, scope.binder.bind(target.name)] as const],
    ),
  );

/** SQL of a field of one possible target, whatever the lookup points to. */
export const targetSql = (scope: Scope, node: PolymorphicNode, object: Named, path: Path): Resolved => {
  const target = node.targets.find((candidate) => candidate.name.toLowerCase() === object.text.toLowerCase());
  if (target === undefined)
    throw malformed(`${object.text} is not a target of ${node.field.name}`, scope.input.soql, object);
  const inner = new Scope(scope.input, scope.binder, target);
  const [name = '', ...rest] = path.text.split('.');
  const found = follow(inner, [nameFieldOf(inner.root, name), ...rest], path);
  return { ...found, sql: `(SELECT ${found.sql} FROM ${inner.from()} WHERE ${inner.root.alias}."Id" = ${node.id})` };
};

const has = (scope: Scope, object: string, name: string): boolean => {
  const { registry } = scope.input.context;
  const definition = registry.object(object);
  if (registry.field(object, name) !== undefined) return scope.input.access.field(object, name).read;
  return definition?.fields.some((field) => field.relationshipName?.toLowerCase() === name.toLowerCase()) === true;
};

/** A field read through a polymorphic lookup: whichever object it is, the field of that name. */
const polymorphic = (scope: Scope, node: PolymorphicNode, path: readonly string[], whole: Named): Resolved => {
  const [name = ''] = path;
  const known = { text: whole.text, at: whole.at, related: true };
  if (!nameObjectFields.has(name.toLowerCase())) throw noSuchColumn(scope.input.soql, 'Name', whole);
  if (name.toLowerCase() === 'id') return { sql: node.id, field: node.field, ...known };
  if (name.toLowerCase() === 'type') {
    return { sql: typeSql(scope, node), field: textField(node.field, 'Type'), ...known };
  }
  const answers: (readonly [string, string])[] = [];
  let field: FieldDefinition | undefined;
  for (const target of node.targets) {
    const own = nameFieldOf({ object: target, alias: '' }, name);
    if (target.keyPrefix === null || !has(scope, target.name, own)) continue;
    const inner: Path = { kind: 'path', text: [own, ...path.slice(1)].join('.'), at: whole.at };
    const resolved = targetSql(scope, node, pathNamed(target.name), inner);
    field ??= resolved.field;
    answers.push([target.keyPrefix, resolved.sql]);
  }
  const shown = field ?? textField(node.field, name);
  return { sql: caseOf(scope, node, answers), field: { ...shown, name }, ...known };
};

const follow = (scope: Scope, path: readonly string[], whole: Named): Resolved => {
  let node = scope.root;
  for (const [index, relationship] of path.slice(0, -1).entries()) {
    const next = scope.hop(node, relationship, whole);
    if (isPolymorphic(next)) return polymorphic(scope, next, path.slice(index + 1), whole);
    node = next;
  }
  const name = path.at(-1) ?? '';
  const field = scope.field(node, name, { text: name, at: whole.at });
  return { sql: valueSql(scope, node, field), field, text: whole.text, at: whole.at, related: path.length > 1 };
};

/** Compounds and bytes have no single column: their SQL is the id, and only SELECT knows what to make of it. */
const valueSql = (scope: Scope, node: RowNode, field: FieldDefinition): string =>
  field.type === 'address' || field.type === 'location' || field.type === 'base64'
    ? `${node.alias}.${quote('Id')}`
    : scope.column(node, field);

/** Finds `Account.Owner.Name`; the platform's errors when a name is not understood. */
export const resolvePath = (scope: Scope, path: Named): Resolved => follow(scope, pathOf(scope, path), path);
