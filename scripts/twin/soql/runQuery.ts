import { catalogQuery } from './catalogLimits.ts';
import { notEmulated, type QueryCursor, type QueryRow, type Session } from '../contract.ts';
import type { EngineContext } from '../engine/engineContext.ts';
import type { ObjectDefinition } from '../schema/definitions.ts';
import { aggregateCursor, isAggregate, isPlainCount } from './aggregate.ts';
import { Binder } from './binder.ts';
import { filterSql, limitSql } from './filter.ts';
import { orderBySql } from './orderBy.ts';
import { parseSoql } from './parseSoql.ts';
import { queryInput, type QueryInput, type QueryOptions } from './queryInput.ts';
import { shapeRows, topPlan, type RowPlan } from './rowPlan.ts';
import type { Raw } from './rowShape.ts';
import { objectFrom, Scope } from './scope.ts';
import { malformed } from './soqlErrors.ts';
import type { Query } from './syntax.ts';
import { markViewed } from './viewed.ts';

/** Records shaped at a time. */
const pageSize = 500;

const refuseClauses = (query: Query): void => {
  if (query.purposes.includes('UPDATE') && (query.orderBy.length > 0 || isAggregate(query))) {
    throw notEmulated('SOQL FOR UPDATE with ORDER BY or aggregates');
  }
  const scope = query.scope?.text.toLowerCase();
  if (scope !== undefined && scope !== 'everything' && scope !== 'mine') throw notEmulated(`SOQL USING SCOPE ${scope}`);
};

const countCursor = (input: QueryInput, object: ObjectDefinition, query: Query): QueryCursor => {
  const ordering = query.clauses.find(({ word }) => word === 'ORDER');
  if (ordering !== undefined) {
    throw malformed('ORDER BY not allowed in this call', input.soql, { text: '', at: ordering.at });
  }
  const scope = new Scope(input, new Binder(), object, query);
  const where = filterSql(scope, query, true);
  const limit = limitSql(scope, query);
  const sql = `SELECT COUNT(*) AS n FROM (SELECT 1 FROM ${scope.from()} WHERE ${where}${limit})`;
  const total = Number(input.context.store.statement(sql).get(scope.binder.values)?.['n']);
  return {
    totalSize: total,
    columns: [],
    entityName: object.name,
    keyPrefix: object.keyPrefix,
    isAggregate: false,
    rows: [],
  };
};

/** A further condition the statement itself does not say, as SQL. */
type Also = (scope: Scope) => string;

const everything: Also = () => '1';

/** Rows otherwise alike come in the order they were made; against it after DESC, which is how an index is read. */
const lastOrder = ({ orderBy }: Query): string =>
  orderBy.length === 1 && orderBy[0]?.direction === 'DESC' ? 'DESC' : 'ASC';

/** SQLite row numbers of the answer, in order: 8 bytes a row, however large the answer. */
const matching = (input: QueryInput, object: ObjectDefinition, query: Query, also: Also): Float64Array => {
  const scope = new Scope(input, new Binder(), object, query);
  const where = `${filterSql(scope, query, true)} AND ${also(scope)}`;
  const { alias } = scope.root;
  const order = [...orderBySql(scope, query.orderBy, query.limit !== undefined), `${alias}.rowid ${lastOrder(query)}`];
  const limit = limitSql(scope, query);
  const sql = `SELECT ${alias}.rowid AS r FROM ${scope.from()} WHERE ${where} ORDER BY ${order.join(', ')}${limit}`;
  const statement = input.context.store.statement(sql);
  // arrays of one number: a million of them take half the time and memory that records take
  statement.setReturnArrays(true);
  let rows = new Float64Array(256);
  let count = 0;
  for (const row of statement.iterate(scope.binder.values) as unknown as Iterable<readonly unknown[]>) {
    if (count === rows.length) {
      const larger = new Float64Array(count * 2);
      larger.set(rows);
      rows = larger;
    }
    rows[count] = Number(row[0]);
    count += 1;
  }
  return rows.subarray(0, count);
};

function* readPages(plan: RowPlan, rows: Float64Array, version: string): Generator<QueryRow> {
  for (let start = 0; start < rows.length; start += pageSize) {
    const keys = [...rows.subarray(start, start + pageSize)];
    const found = new Map(plan.read(keys).map((raw) => [Number(raw[0]), raw]));
    // A row purged since the query was opened is no longer there to be read.
    const ordered = keys.map((key) => found.get(key)).filter((raw): raw is Raw => raw !== undefined);
    yield* shapeRows(plan, ordered, version);
  }
}

/** Answers a parsed statement; `also`: a condition beside its own. */
export const openQuery = (input: QueryInput, asked: Query, also: Also = everything): QueryCursor => {
  refuseClauses(asked);
  const object = objectFrom(input, asked.from);
  const query = catalogQuery(input, object, asked);
  if (isPlainCount(query)) return countCursor(input, object, query);
  if (isAggregate(query)) return aggregateCursor(input, object, query);
  // what bounds FIELDS(ALL) does so although it is ignored
  const plan = topPlan(input, object, asked);
  const rows = matching(input, object, query, also);
  markViewed(input, object, query, rows);
  const version = input.session.apiVersion.toFixed(1);
  return {
    totalSize: rows.length,
    columns: plan.selection.columns,
    entityName: object.name,
    keyPrefix: object.keyPrefix,
    isAggregate: false,
    rows: { [Symbol.iterator]: () => readPages(plan, rows, version) },
    csv: (format, paths) => plan.csv?.(rows, format, paths),
  };
};

/** Answers a SOQL statement as this user; TwinError in the platform's words. */
export const runQuery = (context: EngineContext, session: Session, soql: string, options: QueryOptions): QueryCursor =>
  openQuery(queryInput(context, session, soql, options), parseSoql(soql));
