import type { QueryPage, QueryRow } from '../contract.ts';
import { quote } from '../engine/tables.ts';
import type { ChildRelationship, ObjectDefinition } from '../schema/definitions.ts';
import { Binder } from './binder.ts';
import { isAggregate } from './aggregate.ts';
import { idBound } from './conditions.ts';
import { checkOffset, filterSql } from './filter.ts';
import { orderBySql } from './orderBy.ts';
import type { QueryInput } from './queryInput.ts';
import { csvLines, type CsvLines } from './csvLines.ts';
import { Columns, shapeRow, type Entry, type Raw } from './rowShape.ts';
import { refuseKnownRelationship } from '../schema/notEmulatedObjects.ts';
import { objectFrom, Scope } from './scope.ts';
import { select, type Selection } from './selectList.ts';
import { malformed, noSuchChildRelationship } from './soqlErrors.ts';
import type { Query } from './syntax.ts';

/** A compiled SELECT of records: its SQL reads the rows of the ids it is given. */
export type RowPlan = {
  readonly selection: Selection;
  /** Raw rows (first column: the key they were asked by), in order. */
  readonly read: (keys: readonly (string | number)[]) => readonly Raw[];
  readonly children: readonly ChildPlan[];
  /** The rows of a top-level query as CSV text. */
  readonly csv?: CsvLines;
};

type ChildPlan = {
  readonly rows: RowPlan;
  readonly offset: number;
  readonly limit: number;
};

/** Source: https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_relationships_query_limits.htm */
const deepFrom = 58;
const maxSubqueries = 20;

/** Levels of parents and children, the top one counted. */
const maxDepth = (input: QueryInput): number => (input.session.apiVersion >= deepFrom ? 5 : 2);

const runner = (input: QueryInput, binder: Binder, sql: string): RowPlan['read'] => {
  const read: RowPlan['read'] = (keys) => {
    const statement = input.context.store.statement(sql);
    statement.setReturnArrays(true);
    return statement.all({ ...binder.values, keys: JSON.stringify(keys) }) as unknown as readonly Raw[];
  };
  // Prepared once now, so that what is wrong with the statement shows when the query is opened.
  input.context.store.statement(sql);
  return read;
};

/** How many rows a statement is bounded to. */
const boundOf = (query: Query): number | undefined => query.limit ?? idBound(query.where);

/** Compiles the records of a top-level query; they are read by SQLite row number. */
export const topPlan = (input: QueryInput, object: ObjectDefinition, query: Query): RowPlan => {
  const binder = new Binder();
  const scope = new Scope(input, binder, object, query);
  const list = new Columns();
  const { alias } = scope.root;
  list.add(`${alias}.rowid`);
  const selection = select(scope, list, query, boundOf(query));
  const children = childPlans(input, object, selection, 1);
  const sql = `SELECT ${list.list()} FROM ${scope.from()} WHERE ${alias}.rowid IN (SELECT value FROM json_each($keys))`;
  const csv = csvLines({ scope, binder, list, shape: selection.shape });
  return { selection, children, read: runner(input, binder, sql), csv };
};

/** `FROM Contacts`, or with the parent's name or alias before it: `FROM Account.Contacts`. */
const relationshipName = (subquery: Query): string => subquery.from.text.split('.').at(-1) ?? '';

const refuseInside = (input: QueryInput, subquery: Query): void => {
  if (isAggregate(subquery)) {
    throw malformed('only root queries support aggregate expressions', input.soql, subquery.from);
  }
  checkOffset(subquery);
};

const relationshipOf = (input: QueryInput, parent: ObjectDefinition, subquery: Query): ChildRelationship => {
  const wanted = relationshipName(subquery).toLowerCase();
  const found = input.context.registry
    .children(parent.name)
    .find((child) => child.relationshipName?.toLowerCase() === wanted);
  const readable =
    found !== undefined &&
    input.access.object(found.childObject).read &&
    input.access.field(found.childObject, found.field).read;
  if (found === undefined) refuseKnownRelationship(relationshipName(subquery));
  if (!readable) throw noSuchChildRelationship(input.soql, { text: relationshipName(subquery), at: subquery.from.at });
  return found;
};

const childPlan = (input: QueryInput, relationship: ChildRelationship, subquery: Query, depth: number): ChildPlan => {
  refuseInside(input, subquery);
  const object = objectFrom(input, { text: relationship.childObject, at: subquery.from.at });
  const binder = new Binder();
  const scope = new Scope(input, binder, object, subquery);
  const list = new Columns();
  const { alias } = scope.root;
  const key = `${alias}.${quote(relationship.field)}`;
  list.add(key);
  const selection = select(scope, list, subquery, boundOf(subquery));
  const children = childPlans(input, object, selection, depth + 1);
  const where = filterSql(scope, subquery, false);
  const order = [...orderBySql(scope, subquery.orderBy), `${alias}.rowid`];
  input.context.store.index(object.name, relationship.field);
  const sql = `SELECT ${list.list()} FROM ${scope.from()} WHERE ${key} IN (SELECT value FROM json_each($keys)) AND ${where} ORDER BY ${order.join(', ')}`;
  return {
    rows: { selection, children, read: runner(input, binder, sql) },
    offset: subquery.offset ?? 0,
    limit: subquery.limit ?? Number.POSITIVE_INFINITY,
  };
};

const rename = (entries: Entry[], position: number, name: string): void => {
  const at = entries.findIndex((entry) => entry.kind === 'children' && entry.position === position);
  entries[at] = { kind: 'children', name, position };
};

const childPlans = (
  input: QueryInput,
  parent: ObjectDefinition,
  selection: Selection,
  depth: number,
): readonly ChildPlan[] => {
  if (selection.subqueries.length > maxSubqueries) {
    throw malformed(`a query may have at most ${maxSubqueries} parent-to-child sub-queries`);
  }
  if (selection.subqueries.length > 0 && depth >= maxDepth(input)) {
    throw malformed(`parent-to-child sub-queries may be nested at most ${maxDepth(input)} levels deep`);
  }
  return selection.subqueries.map((subquery, position) => {
    const relationship = relationshipOf(input, parent, subquery);
    const name = relationship.relationshipName ?? subquery.from.text;
    rename(selection.shape.entries, position, name);
    const plan = childPlan(input, relationship, subquery, depth);
    const { columns } = selection;
    const at = columns.findIndex((column) => column.aggregate && column.columnName === subquery.from.text);
    const column = columns[at];
    if (column !== undefined) {
      columns[at] = { ...column, columnName: name, displayName: name, joinColumns: plan.rows.selection.columns };
    }
    return plan;
  });
};

const group = (plan: ChildPlan, rows: readonly Raw[], version: string): ReadonlyMap<string, QueryPage> => {
  const kept = new Map<string, Raw[]>();
  for (const raw of rows) {
    const key = String(raw[0]);
    const list = kept.get(key) ?? [];
    list.push(raw);
    kept.set(key, list);
  }
  const pages = new Map<string, QueryPage>();
  for (const [key, list] of kept) {
    const slice = list.slice(plan.offset, plan.offset + plan.limit);
    if (slice.length === 0) continue;
    pages.set(key, { totalSize: slice.length, done: true, records: shapeRows(plan.rows, slice, version) });
  }
  return pages;
};

/** Records of raw rows, with the children of all of them read together. */
export const shapeRows = (plan: RowPlan, rows: readonly Raw[], version: string): readonly QueryRow[] => {
  const ids =
    plan.children.length === 0 ? [] : [...new Set(rows.map((raw) => String(raw[plan.selection.shape.idIndex])))];
  const pages = plan.children.map((child) => group(child, child.rows.read(ids), version));
  return rows
    .map((raw) =>
      shapeRow(plan.selection.shape, { raw, version, children: (position, id) => pages[position]?.get(id) ?? null }),
    )
    .filter((row) => row !== null);
};
