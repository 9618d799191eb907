import type { FieldType, FieldTypeOf, Subquery } from '@jetstreamapp/soql-parser-js';
import { notEmulated, type QueryColumn } from '../contract.ts';
import { quote, isStored } from '../engine/tables.ts';
import type { FieldDefinition, ObjectDefinition } from '../schema/definitions.ts';
import { pathOf, resolvePath, targetSql, typeSql } from './fieldPath.ts';
import { labelReader, readerOf, type Columns, type CompoundPart, type Entry, type RowShape } from './rowShape.ts';
import { isPolymorphic, unavailable, type PolymorphicNode, type RowNode, type Scope } from './scope.ts';
import { malformed } from './soqlErrors.ts';

/** What SELECT asks for, compiled: how rows are shaped, their columns for `columns=true`, their child sub-queries. */
export type Selection = {
  readonly shape: RowShape;
  readonly columns: QueryColumn[];
  readonly subqueries: Subquery[];
};

type Selecting = {
  readonly scope: Scope;
  readonly list: Columns;
  readonly alias: string | undefined;
  readonly limit: number | undefined;
  readonly selection: Selection;
};

const queryColumn = (
  name: string,
  foreignKeyName: string | null = null,
): QueryColumn & { joinColumns: QueryColumn[] } => ({
  columnName: name,
  displayName: name,
  aggregate: false,
  foreignKeyName,
  joinColumns: [],
});

const isCompound = (field: FieldDefinition): boolean => field.type === 'address' || field.type === 'location';

const decapitalise = (word: string): string => word.charAt(0).toLowerCase() + word.slice(1);

/** `MailingStreet` of MailingAddress → `street`; `Place__Latitude__s` of Place__c → `latitude`. */
const partKey = (compound: string, part: string): string => {
  const base = compound.replace(/__c$/, '__').replace(/Address$/, '');
  return decapitalise((part.startsWith(base) ? part.slice(base.length) : part).replace(/__s$/, ''));
};

const compoundParts = (selecting: Selecting, node: RowNode, field: FieldDefinition): readonly CompoundPart[] =>
  node.object.fields
    .filter((part) => part.compoundFieldName === field.name && isStored(part))
    .filter((part) => selecting.scope.input.access.field(node.object.name, part.name).read)
    .map((part) => ({
      key: partKey(field.name, part.name),
      index: selecting.list.add(selecting.scope.column(node, part)),
      read: readerOf(part),
    }));

const entryOf = (selecting: Selecting, node: RowNode, field: FieldDefinition): Entry => {
  const { name } = field;
  if (isCompound(field)) return { kind: 'compound', name, parts: compoundParts(selecting, node, field) };
  if (field.type === 'base64') return { kind: 'bytes', name };
  const index = selecting.list.add(selecting.scope.column(node, field));
  return { kind: 'value', name, index, read: readerOf(field) };
};

const put = (shape: RowShape, entry: Entry): void => {
  if (!shape.entries.some((known) => known.name === entry.name)) shape.entries.push(entry);
};

const idColumn = (selecting: Selecting, node: RowNode): number => selecting.list.add(`${node.alias}.${quote('Id')}`);

const parentShape = (shape: RowShape, name: string, make: () => RowShape): RowShape => {
  const known = shape.entries.find((entry) => entry.kind === 'parent' && entry.name === name);
  if (known?.kind === 'parent') return known.shape;
  const made = make();
  shape.entries.push({ kind: 'parent', name, shape: made });
  return made;
};

const canonicalRelationship = (node: RowNode, name: string): string =>
  node.object.fields.find((field) => field.relationshipName?.toLowerCase() === name.toLowerCase())?.relationshipName ??
  name;

const polymorphicShape = (selecting: Selecting, node: PolymorphicNode): RowShape => ({
  idIndex: selecting.list.add(node.id),
  type: { index: selecting.list.add(typeSql(selecting.scope, node)) },
  entries: [],
});

const canonicalField = (node: PolymorphicNode, name: string): string =>
  node.targets.flatMap((target) => target.fields).find((field) => field.name.toLowerCase() === name.toLowerCase())
    ?.name ?? decapitalise(name).replace(/^./, (letter) => letter.toUpperCase());

/** Below a polymorphic lookup every value is one expression, nested records included. */
const selectPolymorphic = (
  selecting: Selecting,
  shape: RowShape,
  node: PolymorphicNode,
  path: { readonly whole: readonly string[]; readonly rest: readonly string[] },
): void => {
  const [name = '', ...deeper] = path.rest;
  if (deeper.length > 0) throw notEmulated(`field path ${path.whole.join('.')} through a lookup to several objects`);
  const resolved = resolvePath(selecting.scope, path.whole.join('.'), selecting.alias);
  const index = selecting.list.add(resolved.sql);
  put(shape, { kind: 'value', name: canonicalField(node, name), index, read: readerOf(resolved.field) });
};

const selectPath = (selecting: Selecting, path: readonly string[]): void => {
  let node = selecting.scope.root;
  let { shape } = selecting.selection;
  let columns = selecting.selection.columns;
  for (const [index, relationship] of path.slice(0, -1).entries()) {
    const name = canonicalRelationship(node, relationship);
    const next = selecting.scope.hop(node, relationship);
    columns = joinColumns(columns, name);
    if (isPolymorphic(next)) {
      const nested = parentShape(shape, name, () => polymorphicShape(selecting, next));
      selectPolymorphic(selecting, nested, next, { whole: path, rest: path.slice(index + 1) });
      columns.push(queryColumn(path.at(-1) ?? ''));
      return;
    }
    shape = parentShape(shape, name, () => ({
      idIndex: idColumn(selecting, next),
      type: next.object.name,
      entries: [],
    }));
    node = next;
  }
  const field = selecting.scope.field(node, path.at(-1) ?? '', path.join('.'));
  put(shape, entryOf(selecting, node, field));
  columns.push(queryColumn(field.name));
};

const joinColumns = (columns: QueryColumn[], name: string): QueryColumn[] => {
  const known = columns.find((column) => column.columnName === name);
  if (known !== undefined) return known.joinColumns as QueryColumn[];
  const made = queryColumn(name, name);
  columns.push(made);
  return made.joinColumns;
};

/** Source: https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_fields.htm */
const maxAllFields = 200;

/** Every readable field the engine has a value for, in describe order; formulas are left out. */
export const readableFields = (scope: Scope, object: ObjectDefinition): readonly FieldDefinition[] =>
  object.fields.filter(
    (field) =>
      scope.input.access.field(object.name, field.name).read && unavailable(scope.input, object, field) === undefined,
  );

const selectAll = (selecting: Selecting, which: string): void => {
  const { scope, limit } = selecting;
  if (which !== 'STANDARD' && (limit === undefined || limit > maxAllFields)) {
    throw malformed(`The SOQL FIELDS function must have a LIMIT of at most ${maxAllFields}`);
  }
  const wanted = (field: FieldDefinition): boolean => which === 'ALL' || field.custom === (which === 'CUSTOM');
  for (const field of readableFields(scope, scope.root.object).filter(wanted)) selectPath(selecting, [field.name]);
};

const selectLabel = (selecting: Selecting, text: string, alias: string | undefined): void => {
  const resolved = resolvePath(selecting.scope, text, selecting.alias);
  if (resolved.related) throw notEmulated(`toLabel(${text}) of a related record`);
  const index = selecting.list.add(resolved.sql);
  const name = alias ?? resolved.field.name;
  put(selecting.selection.shape, { kind: 'value', name, index, read: labelReader(resolved.field) });
  selecting.selection.columns.push(queryColumn(name));
};

const typedShape = (
  selecting: Selecting,
  node: PolymorphicNode,
  object: string,
  fields: readonly string[],
): RowShape => {
  const shape = polymorphicShape(selecting, node);
  for (const name of fields) {
    const resolved = targetSql(selecting.scope, node, object, name.split('.'));
    const index = selecting.list.add(resolved.sql);
    put(shape, { kind: 'value', name: resolved.field.name, index, read: readerOf(resolved.field) });
  }
  return shape;
};

const selectTypeOf = (selecting: Selecting, field: FieldTypeOf): void => {
  const { scope, selection } = selecting;
  const node = scope.hop(scope.root, field.field);
  if (!isPolymorphic(node))
    throw malformed(`TYPEOF needs a polymorphic relationship: ${field.field}`, scope.input.soql, field.field);
  const name = canonicalRelationship(scope.root, field.field);
  const otherwise = polymorphicShape(selecting, node);
  const shapes = new Map<string, RowShape>();
  for (const condition of field.conditions) {
    if (condition.type === 'WHEN') {
      const object = node.targets.find((target) => target.name.toLowerCase() === condition.objectType?.toLowerCase());
      const typed = typedShape(selecting, node, condition.objectType ?? '', condition.fieldList);
      shapes.set(object?.name ?? '', typed);
    } else {
      const path = (text: string) => ({ whole: [field.field, text], rest: [text] });
      for (const text of condition.fieldList) selectPolymorphic(selecting, otherwise, node, path(text));
    }
  }
  const typeIndex = selecting.list.add(typeSql(scope, node));
  put(selection.shape, { kind: 'typeof', name, typeIndex, shapes, otherwise });
  selection.columns.push(queryColumn(name, name));
};

const selectOne = (selecting: Selecting, field: FieldType): void => {
  const { selection } = selecting;
  switch (field.type) {
    case 'Field':
      selectPath(selecting, pathOf(selecting.scope, field.field, selecting.alias));
      return;
    case 'FieldRelationship':
      selectPath(selecting, pathOf(selecting.scope, [...field.relationships, field.field].join('.'), selecting.alias));
      return;
    case 'FieldSubquery': {
      const name = field.subquery.relationshipName;
      selection.subqueries.push(field.subquery);
      selection.shape.entries.push({ kind: 'children', name, position: selection.subqueries.length - 1 });
      selection.columns.push({ ...queryColumn(name), aggregate: true });
      return;
    }
    case 'FieldTypeof':
      selectTypeOf(selecting, field);
      return;
    case 'FieldFunctionExpression': {
      const [parameter] = field.parameters;
      const name = field.functionName.toUpperCase();
      if (name === 'FIELDS' && typeof parameter === 'string') selectAll(selecting, parameter.toUpperCase());
      else if (name === 'TOLABEL' && typeof parameter === 'string') selectLabel(selecting, parameter, field.alias);
      else throw notEmulated(`SOQL function ${field.rawValue ?? name}`);
    }
  }
};

const refuseAlias = (scope: Scope, field: FieldType): void => {
  if (field.type !== 'Field' && field.type !== 'FieldRelationship') return;
  const alias: unknown = 'alias' in field ? field.alias : undefined;
  if (typeof alias === 'string') {
    throw malformed('only aggregate expressions use field aliasing', scope.input.soql, alias);
  }
};

/** Compiles the select list of a query that does not aggregate. */
export const select = (
  scope: Scope,
  list: Columns,
  fields: readonly FieldType[],
  options: { readonly alias: string | undefined; readonly limit: number | undefined },
): Selection => {
  const shape: RowShape = {
    idIndex: list.add(`${scope.root.alias}.${quote('Id')}`),
    type: scope.root.object.name,
    entries: [],
  };
  const selection: Selection = { shape, columns: [], subqueries: [] };
  for (const field of fields) {
    refuseAlias(scope, field);
    selectOne({ scope, list, selection, ...options }, field);
  }
  return selection;
};
