import type { QueryRow } from '../contract.ts';
import { isObject } from '../http/exchange.ts';
import { displayValue } from './display.ts';
import type { Formats } from './display.ts';
import { undefinedField } from './document.ts';
import { GraphQLProblem } from './problem.ts';
import type { Selection } from './document.ts';
import type { FieldInfo, ObjectInfo, Objects } from './objects.ts';
import { orderClause, whereClause } from './where.ts';

export type Resolver = {
  readonly objects: Objects;
  readonly formats: Formats;
  readonly run: (soql: string) => { readonly totalSize: number; readonly rows: Iterable<QueryRow> };
};

const DEFAULT_FIRST = 10;
const PAGE = 200;
const UPPER = 2_000;

export const firstOf = (selection: Selection): number => {
  const { first, upperBound } = selection.args;
  const wanted = first ?? DEFAULT_FIRST;
  const limit = typeof upperBound === 'number' ? UPPER : PAGE;
  if (typeof wanted !== 'number' || !Number.isInteger(wanted) || wanted < 1 || wanted > limit) {
    throw new GraphQLProblem(`The value of 'first' must be between 1 and ${limit}.`, { location: selection.location });
  }
  return wanted;
};

export const only = (selections: readonly Selection[], name: string): readonly Selection[] =>
  selections.filter((selection) => selection.name === name);

/** The selections of all `edges { node { … } }`. */
export const nodeSelections = (connection: Selection): readonly Selection[] =>
  only(connection.selections, 'edges').flatMap((edges) =>
    only(edges.selections, 'node').flatMap((node) => node.selections),
  );

type Scope = {
  readonly object: ObjectInfo;
  readonly prefix: string;
  readonly path: readonly string[];
  readonly resolver: Resolver;
};

const PLAIN = new Set(['Id', 'ApiName', '__typename', 'WeakEtag']);

const childQuery = (selection: Selection, scope: Scope): readonly string[] => {
  const child = scope.prefix === '' ? scope.object.children(selection.name) : undefined;
  if (child === undefined) {
    if (selection.optional) return [];
    throw undefinedField(selection, scope.object.name, scope.path);
  }
  const object = scope.resolver.objects(child.childSObject);
  const path = [...scope.path, selection.key];
  return [
    `(${connectionSoql(selection, object, scope.resolver, { path, from: selection.name })} LIMIT ${firstOf(selection) + 1})`,
  ];
};

/** The SOQL columns a node's selections need. */
const columnsOf = (selections: readonly Selection[], scope: Scope): readonly string[] =>
  selections.flatMap((selection): readonly string[] => {
    if (selection.name === 'WeakEtag') return [`${scope.prefix}SystemModstamp`];
    if (PLAIN.has(selection.name)) return [`${scope.prefix}Id`];
    const field = scope.object.field(selection.name);
    if (field !== undefined) return [scope.prefix + field.name];
    const relation = scope.object.relationship(selection.name);
    if (relation === undefined) return childQuery(selection, scope);
    return parentColumns(selection, relation, scope);
  });

const parentColumns = (selection: Selection, relation: FieldInfo, scope: Scope): readonly string[] => {
  const prefix = `${scope.prefix}${relation.relationshipName ?? ''}.`;
  const path = [...scope.path, selection.key];
  return relation.referenceTo.flatMap((parent) => {
    const wanted = selection.selections.filter(
      ({ typeCondition }) =>
        typeCondition === undefined || typeCondition === parent || relation.referenceTo.length === 1,
    );
    if (wanted.length === 0) return [];
    return [`${prefix}Id`, ...columnsOf(wanted, { ...scope, object: scope.resolver.objects(parent), prefix, path })];
  });
};

/** SELECT … FROM … WHERE … ORDER BY of a connection, without a limit. */
export const connectionSoql = (
  selection: Selection,
  object: ObjectInfo,
  resolver: Resolver,
  place: { readonly path: readonly string[]; readonly from: string },
): string => {
  const columns = new Set([
    'Id',
    ...columnsOf(nodeSelections(selection), { object, prefix: '', path: [...place.path, 'edges', 'node'], resolver }),
  ]);
  const filter = whereClause(selection.args['where'], object, resolver.objects);
  const order = orderClause(selection.args['orderBy'], object, resolver.objects);
  return `SELECT ${[...columns].join(', ')} FROM ${place.from}${filter === '' ? '' : ` WHERE ${filter}`}${order === '' ? '' : ` ORDER BY ${order}`}`;
};

const wrapped = (
  selection: Selection,
  field: FieldInfo,
  value: unknown,
  formats: Formats,
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    selection.selections.map((part): [string, unknown] => {
      if (part.name === 'value') return [part.key, value ?? null];
      if (part.name === 'displayValue') return [part.key, displayValue(field, value, formats)];
      if (part.name === 'label') return [part.key, field.label];
      if (part.name === '__typename') return [part.key, `${field.type}Value`];
      throw undefinedField(part, `${field.type}Value`, [selection.key]);
    }),
  );

const plain = (name: string, row: QueryRow): unknown => {
  if (name === 'Id') return row['Id'] ?? null;
  if (name !== 'WeakEtag') return row.attributes.type;
  return typeof row['SystemModstamp'] === 'string' ? Date.parse(row['SystemModstamp']) : null;
};

/** A row as the selections ask for it. */
export const shapeNode = (
  selections: readonly Selection[],
  row: QueryRow,
  object: ObjectInfo,
  resolver: Resolver,
): Readonly<Record<string, unknown>> => {
  const shaped: Record<string, unknown> = {};
  for (const selection of selections) {
    if (selection.typeCondition !== undefined && selection.typeCondition !== row.attributes.type) continue;
    if (PLAIN.has(selection.name)) shaped[selection.key] = plain(selection.name, row);
    else {
      const value = shapeField(selection, row, object, resolver);
      if (value !== undefined) shaped[selection.key] = value;
    }
  }
  return shaped;
};

const shapeField = (selection: Selection, row: QueryRow, object: ObjectInfo, resolver: Resolver): unknown => {
  const field = object.field(selection.name);
  if (field !== undefined) return wrapped(selection, field, row[field.name], resolver.formats);
  const relation = object.relationship(selection.name);
  if (relation !== undefined) {
    const parent = row[relation.relationshipName ?? ''] as QueryRow | null | undefined;
    if (parent === null || parent === undefined) return null;
    return shapeNode(selection.selections, parent, resolver.objects(parent.attributes.type), resolver);
  }
  const child = object.children(selection.name);
  if (child === undefined) return undefined;
  const page = Object.entries(row).find(([name]) => name.toLowerCase() === selection.name.toLowerCase())?.[1];
  const rows = isObject(page) ? (page['records'] as readonly QueryRow[]) : [];
  return shapeConnection(
    selection,
    { rows, offset: 0, totalCount: rows.length },
    resolver.objects(child.childSObject),
    resolver,
  );
};

export const cursorAt = (position: number): string => Buffer.from(`v1:${position}`).toString('base64');

export const positionOf = (cursor: unknown): number => {
  if (cursor === undefined || cursor === null) return 0;
  const position = Number(
    /^v1:(\d+)$/.exec(Buffer.from(typeof cursor === 'string' ? cursor : '', 'base64').toString('latin1'))?.[1] ?? 'NaN',
  );
  if (Number.isNaN(position)) throw new GraphQLProblem('The cursor given as after is not valid.');
  return position;
};

export type Slice = { readonly rows: readonly QueryRow[]; readonly offset: number; readonly totalCount: number };

const pageInfo = (selection: Selection, slice: Slice, shown: number): Readonly<Record<string, unknown>> => {
  const values: Readonly<Record<string, unknown>> = {
    hasNextPage: slice.rows.length > shown,
    hasPreviousPage: slice.offset > 0,
    startCursor: shown === 0 ? null : cursorAt(slice.offset + 1),
    endCursor: shown === 0 ? null : cursorAt(slice.offset + shown),
  };
  return Object.fromEntries(
    selection.selections.map(({ name, key }): [string, unknown] => [
      key,
      Object.hasOwn(values, name) ? values[name] : null,
    ]),
  );
};

/** Edges, page info and counts; `slice` holds one row more than the page when there is a next one. */
export const shapeConnection = (
  selection: Selection,
  slice: Slice,
  object: ObjectInfo,
  resolver: Resolver,
): Readonly<Record<string, unknown>> => {
  const shown = slice.rows.slice(0, firstOf(selection));
  const answer: Record<string, unknown> = {};
  for (const part of selection.selections) {
    if (part.name === 'totalCount') answer[part.key] = slice.totalCount;
    else if (part.name === 'pageResultCount') answer[part.key] = shown.length;
    else if (part.name === 'pageInfo') answer[part.key] = pageInfo(part, slice, shown.length);
    else if (part.name === 'edges')
      answer[part.key] = shown.map((row, i) => edge(part, row, slice.offset + i + 1, { object, resolver }));
    else throw undefinedField(part, `${object.name}Connection`, [selection.key]);
  }
  return answer;
};

const edge = (
  selection: Selection,
  row: QueryRow,
  position: number,
  scope: { readonly object: ObjectInfo; readonly resolver: Resolver },
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    selection.selections.map((part): [string, unknown] => {
      if (part.name === 'node') return [part.key, shapeNode(part.selections, row, scope.object, scope.resolver)];
      if (part.name === 'cursor') return [part.key, cursorAt(position)];
      throw undefinedField(part, `${scope.object.name}Edge`, ['edges']);
    }),
  );
