import type { SQLOutputValue } from 'node:sqlite';
import { TwinError, type QueryColumn, type QueryCursor, type QueryRow } from '../contract.ts';
import type { ObjectDefinition } from '../schema/definitions.ts';
import { Aggregation, type Output } from './aggregation.ts';
import { isAggregateFunction } from './aggregateValue.ts';
import { Binder } from './binder.ts';
import type { QueryInput } from './queryInput.ts';
import { readerOf, type Reader } from './rowShape.ts';
import { Scope } from './scope.ts';
import type { Query } from './syntax.ts';

/** Aggregate results come in one batch. */
const maxGroups = 2000;

/** Whether the query answers AggregateResult rows. */
export const isAggregate = (query: Query): boolean =>
  query.groupBy !== undefined ||
  query.having !== undefined ||
  query.select.some(
    (item) => item.kind === 'field' && item.expression.kind === 'function' && isAggregateFunction(item.expression.name),
  );

/** `SELECT COUNT()` alone: answered as totalSize without records. */
export const isPlainCount = (query: Query): boolean => {
  const [item, ...more] = query.select;
  return (
    more.length === 0 &&
    item?.kind === 'field' &&
    item.expression.kind === 'function' &&
    item.expression.name === 'COUNT' &&
    item.expression.parameters.length === 0 &&
    query.groupBy === undefined
  );
};

const toRow = (outputs: readonly Output[], readers: readonly Reader[], raw: readonly SQLOutputValue[]): QueryRow => {
  const row: Record<string, unknown> = { attributes: { type: 'AggregateResult' } };
  for (const [index, output] of outputs.entries()) row[output.name] = readers[index]?.(raw[index]) ?? null;
  return row as QueryRow;
};

const columnOf = (output: Output): QueryColumn => ({
  columnName: output.name,
  displayName: output.name,
  aggregate: output.aggregate,
  foreignKeyName: null,
  joinColumns: [],
});

/** Answers an aggregate query: one AggregateResult per group. */
export const aggregateCursor = (input: QueryInput, object: ObjectDefinition, query: Query): QueryCursor => {
  const scope = new Scope(input, new Binder(), object, query);
  const aggregation = new Aggregation(scope, query);
  const sql = aggregation.sql(maxGroups + 1);
  const statement = input.context.store.statement(sql);
  statement.setReturnArrays(true);
  const raws = statement.all(scope.binder.valuesOf(sql)) as unknown as readonly (readonly SQLOutputValue[])[];
  if (query.limit === undefined && raws.length > maxGroups) {
    throw new TwinError(
      'EXCEEDED_ID_LIMIT',
      'Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch',
    );
  }
  const { outputs } = aggregation;
  const readers = outputs.map((output) => readerOf(output.target.field));
  const rows = raws.map((raw) => toRow(outputs, readers, raw));
  return {
    totalSize: rows.length,
    columns: outputs.map(columnOf),
    entityName: object.name,
    keyPrefix: object.keyPrefix,
    isAggregate: true,
    rows,
  };
};
