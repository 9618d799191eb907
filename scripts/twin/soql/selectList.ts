import { notEmulated, type QueryColumn } from '../contract.ts';
import { quote, isStored } from '../engine/tables.ts';
import type { FieldDefinition, ObjectDefinition } from '../schema/definitions.ts';
import { pathOf, resolvePath, targetSql, typeSql } from './fieldPath.ts';
import { labelReader, readerOf, type Columns, type CompoundPart, type Entry, type RowShape } from './rowShape.ts';
import { isPolymorphic, unavailable, type PolymorphicNode, type RowNode, type Scope } from './scope.ts';
import { invalidField, malformed, type Named } from './soqlErrors.ts';
import type { Expression, FunctionCall, Path, Query, SelectItem, TypeOf } from './syntax.ts';

/** What SELECT asks for, compiled: how rows are shaped, their columns for `columns=true`, their child sub-queries. */
export type Selection = {
  readonly shape: RowShape;
  readonly columns: QueryColumn[];
  readonly subqueries: Query[];
};

type Selecting = {
  readonly scope: Scope;
  readonly list: Columns;
  /** How many rows the statement is bounded to; undefined when it is not. */
  readonly bound: number | undefined;
  readonly selection: Selection;
  /** Paths and aliases selected so far. */
  readonly selected: Set<string>;
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
  return { kind: 'value', name, index, read: readerOf(field), field };
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
const selectPolymorphic = (selecting: Selecting, shape: RowShape, node: PolymorphicNode, path: SelectedPath): void => {
  const [name = '', ...deeper] = path.rest;
  if (deeper.length > 0) throw notEmulated(`field path ${path.whole.text} through a lookup to several objects`);
  const { sql, field } = resolvePath(selecting.scope, path.whole);
  const index = selecting.list.add(sql);
  put(shape, { kind: 'value', name: canonicalField(node, name), index, read: readerOf(field), field });
};

type SelectedPath = { readonly whole: Named; readonly rest: readonly string[] };

/** The same field twice is an error, not one column. */
const refuseTwice = (selecting: Selecting, name: string, where: Named): void => {
  const key = name.toLowerCase();
  const { selected, scope } = selecting;
  if (selected.has(key)) throw invalidField(scope.input.soql, where, `duplicate field selected: ${name}`);
  selected.add(key);
};

const selectPath = (selecting: Selecting, written: Path): void => {
  const path = pathOf(selecting.scope, written);
  refuseTwice(selecting, path.join('.'), written);
  let node = selecting.scope.root;
  let { shape }: { shape: RowShape } = selecting.selection;
  let { columns }: { columns: QueryColumn[] } = selecting.selection;
  for (const [index, relationship] of path.slice(0, -1).entries()) {
    const next = selecting.scope.hop(node, relationship, written);
    const name = canonicalRelationship(node, relationship);
    columns = joinColumns(columns, name);
    if (isPolymorphic(next)) {
      const below = parentShape(shape, name, () => polymorphicShape(selecting, next));
      const rest = path.slice(index + 1);
      selectPolymorphic(selecting, below, next, { whole: { text: path.join('.'), at: written.at }, rest });
      columns.push(queryColumn(canonicalField(next, rest[0] ?? '')));
      return;
    }
    shape = parentShape(shape, name, () => ({
      idIndex: idColumn(selecting, next),
      type: next.object.name,
      entries: [],
    }));
    node = next;
  }
  const field = selecting.scope.field(node, path.at(-1) ?? '', { text: path.at(-1) ?? '', at: written.at });
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

const maxAllFields = 200;

/** Every readable field the engine has a value for, in describe order; formulas are left out. */
export const readableFields = (scope: Scope, object: ObjectDefinition): readonly FieldDefinition[] =>
  object.fields.filter(
    (field) =>
      scope.input.access.field(object.name, field.name).read && unavailable(scope.input, object, field) === undefined,
  );

/**
 * FIELDS(ALL) and FIELDS(CUSTOM) must be bounded; FIELDS(STANDARD) need not.
 * Source: https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_fields.htm
 */
const selectAll = (selecting: Selecting, call: FunctionCall): void => {
  const { scope, bound } = selecting;
  const [parameter] = call.parameters;
  const which = parameter?.kind === 'path' ? parameter.text.toUpperCase() : '';
  if (which !== 'ALL' && which !== 'CUSTOM' && which !== 'STANDARD')
    throw malformed(`unexpected token: '${call.text}'`);
  if (which !== 'STANDARD' && (bound === undefined || bound > maxAllFields)) {
    throw malformed(`The SOQL FIELDS function must have a LIMIT of at most ${maxAllFields}`);
  }
  const wanted = (field: FieldDefinition): boolean => which === 'ALL' || field.custom === (which === 'CUSTOM');
  for (const field of readableFields(scope, scope.root.object).filter(wanted)) {
    selectPath(selecting, { kind: 'path', text: field.name, at: call.at });
  }
};

/** The parent's shape a path ends in, made when no field of it was selected yet. */
const shapeAt = (selecting: Selecting, path: Path): RowShape => {
  let node = selecting.scope.root;
  let { shape }: { shape: RowShape } = selecting.selection;
  for (const relationship of pathOf(selecting.scope, path).slice(0, -1)) {
    const next = selecting.scope.hop(node, relationship, path);
    if (isPolymorphic(next)) throw notEmulated(`toLabel(${path.text}) through a lookup to several objects`);
    shape = parentShape(shape, canonicalRelationship(node, relationship), () => ({
      idIndex: idColumn(selecting, next),
      type: next.object.name,
      entries: [],
    }));
    node = next;
  }
  return shape;
};

/** Source: https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_tolabel.htm */
const selectLabel = (selecting: Selecting, call: FunctionCall, alias: Path | undefined): void => {
  const [path] = call.parameters;
  if (path?.kind !== 'path') throw malformed(`unexpected token: '${call.text}'`);
  const resolved = resolvePath(selecting.scope, path);
  const shape = shapeAt(selecting, path);
  const index = selecting.list.add(resolved.sql);
  const name = alias?.text ?? resolved.field.name;
  refuseTwice(selecting, alias?.text ?? pathOf(selecting.scope, path).join('.'), call);
  put(shape, { kind: 'value', name, index, read: labelReader(resolved.field) });
  selecting.selection.columns.push(queryColumn(name));
};

const plainFields = (fields: readonly Expression[]): readonly Path[] =>
  fields.map((field) => {
    if (field.kind === 'function') throw notEmulated(`${field.text} in TYPEOF`);
    return field;
  });

const typedShape = (selecting: Selecting, node: PolymorphicNode, when: TypeOf['when'][number]): RowShape => {
  const shape = polymorphicShape(selecting, node);
  for (const path of plainFields(when.fields)) {
    if (path.text.includes('.')) throw notEmulated(`field path ${path.text} in TYPEOF`);
    const { sql, field } = targetSql(selecting.scope, node, when.object, path);
    const index = selecting.list.add(sql);
    put(shape, { kind: 'value', name: field.name, index, read: readerOf(field) });
  }
  return shape;
};

const selectTypeOf = (selecting: Selecting, item: TypeOf): void => {
  const { scope, selection } = selecting;
  const { relationship } = item;
  const node = scope.hop(scope.root, relationship.text, relationship);
  if (!isPolymorphic(node))
    throw malformed(`TYPEOF needs a polymorphic relationship: ${relationship.text}`, scope.input.soql, relationship);
  const name = canonicalRelationship(scope.root, relationship.text);
  const otherwise = polymorphicShape(selecting, node);
  const shapes = new Map<string, RowShape>();
  for (const when of item.when) {
    const wanted = when.object.text.toLowerCase();
    const object = node.targets.find((target) => target.name.toLowerCase() === wanted);
    shapes.set(object?.name ?? '', typedShape(selecting, node, when));
  }
  for (const path of plainFields(item.otherwise)) {
    const whole = { text: `${relationship.text}.${path.text}`, at: path.at };
    selectPolymorphic(selecting, otherwise, node, { whole, rest: path.text.split('.') });
  }
  const typeIndex = selecting.list.add(typeSql(scope, node));
  put(selection.shape, { kind: 'typeof', name, typeIndex, shapes, otherwise });
  selection.columns.push(queryColumn(name, name));
};

const selectFunction = (selecting: Selecting, call: FunctionCall, alias: Path | undefined): void => {
  if (call.name === 'FIELDS') selectAll(selecting, call);
  else if (call.name === 'TOLABEL') selectLabel(selecting, call, alias);
  else throw notEmulated(`SOQL function ${call.text}`);
};

const selectOne = (selecting: Selecting, item: SelectItem): void => {
  const { selection, scope } = selecting;
  if (item.kind === 'typeof') {
    selectTypeOf(selecting, item);
  } else if (item.kind === 'children') {
    const name = item.query.from.text;
    selection.subqueries.push(item.query);
    selection.shape.entries.push({ kind: 'children', name, position: selection.subqueries.length - 1 });
    selection.columns.push({ ...queryColumn(name), aggregate: true });
  } else if (item.expression.kind === 'function') {
    selectFunction(selecting, item.expression, item.alias);
  } else {
    if (item.alias !== undefined) {
      throw malformed('only aggregate expressions use field aliasing', scope.input.soql, item.alias);
    }
    selectPath(selecting, item.expression);
  }
};

/** Compiles the select list of a query that does not aggregate; `bound`: how many rows it answers at most. */
export const select = (
  scope: Scope,
  list: Columns,
  query: Pick<Query, 'select'>,
  bound: number | undefined,
): Selection => {
  const shape: RowShape = {
    idIndex: list.add(`${scope.root.alias}.${quote('Id')}`),
    type: scope.root.object.name,
    entries: [],
  };
  const selection: Selection = { shape, columns: [], subqueries: [] };
  const selected = new Set<string>();
  for (const item of query.select) selectOne({ scope, list, selection, bound, selected }, item);
  return selection;
};
