import type {
  FieldFunctionExpression,
  FieldType,
  FunctionExp,
  GroupByClause,
  Query,
} from '@jetstreamapp/soql-parser-js';
import type { SQLOutputValue } from 'node:sqlite';
import {
  notEmulated,
  TwinError,
  type FieldValue,
  type QueryColumn,
  type QueryCursor,
  type QueryRow,
} from '../contract.ts';
import type { ObjectDefinition } from '../schema/definitions.ts';
import { Binder } from './binder.ts';
import { conditionSql } from './conditions.ts';
import { conditionTree } from './conditionTree.ts';
import { resolvePath, type Resolved } from './fieldPath.ts';
import { filterSql, limitSql } from './filter.ts';
import { computed, functionValue } from './functionValue.ts';
import { classOf } from './literals.ts';
import { orderBySql } from './orderBy.ts';
import type { QueryInput } from './queryInput.ts';
import { readerOf, type Reader } from './rowShape.ts';
import { Scope } from './scope.ts';
import { invalidField, malformed } from './soqlErrors.ts';

type Target = Pick<Resolved, 'sql' | 'field' | 'text'>;

/** Aggregate results come in one batch. */
const maxGroups = 2000;

const aggregateNames = new Set(['COUNT', 'COUNT_DISTINCT', 'SUM', 'AVG', 'MIN', 'MAX']);

export const isAggregateFunction = (name: string | undefined): boolean =>
  aggregateNames.has((name ?? '').toUpperCase());

const isFunction = (field: FieldType): field is FieldFunctionExpression => field.type === 'FieldFunctionExpression';

/** Whether the query answers AggregateResult rows. */
export const isAggregate = (query: Query): boolean =>
  query.groupBy !== undefined ||
  (query.fields ?? []).some((field) => isFunction(field) && isAggregateFunction(field.functionName));

/** `SELECT COUNT()` alone: answered as totalSize without records. */
export const isPlainCount = (query: Query): boolean => {
  const [field, ...more] = query.fields ?? [];
  return (
    more.length === 0 &&
    field?.type === 'FieldFunctionExpression' &&
    field.functionName.toUpperCase() === 'COUNT' &&
    field.parameters.length === 0
  );
};

const requireNumber = (scope: Scope, target: Target, name: string): void => {
  if (classOf(target.field) === 'number') return;
  throw invalidField(scope.input.soql, target.text, `field ${target.text} does not support aggregate operator ${name}`);
};

const collated = (target: Target): string =>
  classOf(target.field) === 'text' && !target.field.caseSensitive ? `${target.sql} COLLATE NOCASE` : target.sql;

/** SQL of COUNT, SUM, … over a field. */
const aggregateValue = (scope: Scope, fn: FunctionExp, alias: string | undefined): Target => {
  const name = (fn.functionName ?? '').toUpperCase();
  const [parameter] = fn.parameters ?? [];
  const text = fn.rawValue ?? name;
  if (typeof parameter !== 'string') throw malformed(`unexpected token: ')'`, scope.input.soql);
  const target = resolvePath(scope, parameter, alias);
  switch (name) {
    case 'COUNT':
      return { sql: `COUNT(${target.sql})`, field: computed(target.field, text, 'int'), text };
    case 'COUNT_DISTINCT':
      return { sql: `COUNT(DISTINCT ${collated(target)})`, field: computed(target.field, text, 'int'), text };
    case 'SUM':
      requireNumber(scope, target, name);
      return { sql: `ROUND(SUM(${target.sql}), ${scope.binder.bind(target.field.scale)})`, field: target.field, text };
    case 'AVG':
      requireNumber(scope, target, name);
      return {
        sql: `ROUND(SUM(${target.sql}), ${scope.binder.bind(target.field.scale)}) * 1.0 / COUNT(${target.sql})`,
        field: computed(target.field, text, 'double'),
        text,
      };
    default:
      return { sql: `${name}(${target.sql})`, field: target.field, text };
  }
};

const groupsOf = (query: Query): readonly GroupByClause[] => {
  if (query.groupBy === undefined) return [];
  return Array.isArray(query.groupBy) ? query.groupBy : [query.groupBy];
};

const groupTarget = (scope: Scope, clause: GroupByClause, alias: string | undefined): Target => {
  if ('fn' in clause) {
    const name = (clause.fn.functionName ?? '').toUpperCase();
    if (name === 'ROLLUP' || name === 'CUBE') throw notEmulated(`GROUP BY ${name}`);
    return functionValue(scope, clause.fn, alias);
  }
  const target = resolvePath(scope, clause.field, alias);
  if (!target.field.groupable) {
    throw malformed(`field '${target.field.name}' can not be grouped in a query call`, scope.input.soql, clause.field);
  }
  return target;
};

type Output = { readonly name: string; readonly target: Target; readonly aggregate: boolean };

const sameText = (a: string, b: string): boolean =>
  a.replace(/\s/g, '').toLowerCase() === b.replace(/\s/g, '').toLowerCase();

/** Compiles and runs one aggregate query. */
class Aggregation {
  readonly scope: Scope;
  readonly #query: Query;
  readonly #groups: readonly Target[];
  readonly outputs: readonly Output[];
  #unnamed = 0;

  constructor(scope: Scope, query: Query) {
    this.scope = scope;
    this.#query = query;
    this.#groups = groupsOf(query).map((clause) => groupTarget(scope, clause, query.sObjectAlias));
    this.outputs = (query.fields ?? []).map((field) => this.#output(field));
    if (this.#groups.length === 0 && (query.limit !== undefined || query.offset !== undefined)) {
      const word = query.limit === undefined ? 'OFFSET' : 'LIMIT';
      throw malformed(
        `Non-grouped query that uses overall aggregate functions cannot also use ${word}`,
        scope.input.soql,
        word,
      );
    }
  }

  #nameless(alias: string | undefined): string {
    if (alias !== undefined) return alias;
    this.#unnamed += 1;
    return `expr${this.#unnamed - 1}`;
  }

  #output(field: FieldType): Output {
    if (isFunction(field)) {
      if (isAggregateFunction(field.functionName)) {
        const target = aggregateValue(this.scope, field, this.#query.sObjectAlias);
        return { name: this.#nameless(field.alias), target, aggregate: true };
      }
      return {
        name: this.#nameless(field.alias),
        target: this.#grouped(field.rawValue ?? field.functionName),
        aggregate: true,
      };
    }
    if (field.type !== 'Field' && field.type !== 'FieldRelationship')
      throw notEmulated('sub-queries and TYPEOF in aggregate queries');
    const text = field.type === 'Field' ? field.field : [...field.relationships, field.field].join('.');
    const alias: unknown = 'alias' in field ? field.alias : undefined;
    const target = this.#grouped(text);
    return { name: typeof alias === 'string' ? alias : target.field.name, target, aggregate: false };
  }

  #grouped(text: string): Target {
    const plain = resolvableText(text);
    const found = this.#groups.find((group) => sameText(group.text, text));
    if (found !== undefined) return found;
    if (plain) {
      const { sql } = resolvePath(this.scope, text, this.#query.sObjectAlias);
      const bySql = this.#groups.find((group) => group.sql === sql);
      if (bySql !== undefined) return bySql;
    }
    throw malformed(`Field must be grouped or aggregated: ${text}`, this.scope.input.soql, plain ? text : undefined);
  }

  #havingTarget(fn: FunctionExp): Target {
    return isAggregateFunction(fn.functionName)
      ? aggregateValue(this.scope, fn, this.#query.sObjectAlias)
      : functionValue(this.scope, fn, this.#query.sObjectAlias);
  }

  #orderTarget(text: string, fn: FunctionExp | undefined): Target | undefined {
    if (fn !== undefined) return this.#havingTarget(fn);
    const named = this.outputs.find((output) => output.name.toLowerCase() === text.toLowerCase());
    return named?.target ?? this.#grouped(text);
  }

  sql(): string {
    const query = this.#query;
    const where = filterSql(this.scope, query, true);
    const having =
      query.having === undefined
        ? ''
        : ` HAVING ${conditionSql({ scope: this.scope, alias: query.sObjectAlias, filtered: [], semiJoins: 0, aggregate: (fn) => this.#havingTarget(fn) }, conditionTree(query.having))}`;
    const order = orderBySql(
      { scope: this.scope, alias: query.sObjectAlias, aggregate: (text, fn) => this.#orderTarget(text, fn) },
      query.orderBy,
    );
    const columns = this.outputs.map((output) => output.target.sql).join(', ');
    const group = this.#groups.length === 0 ? '' : ` GROUP BY ${this.#groups.map(collated).join(', ')}`;
    const ordering = order.length === 0 ? '' : ` ORDER BY ${order.join(', ')}`;
    const limit =
      query.limit === undefined && query.offset === undefined ? ` LIMIT ${maxGroups + 1}` : limitSql(this.scope, query);
    return `SELECT ${columns} FROM ${this.scope.from()} WHERE ${where}${group}${having}${ordering}${limit}`;
  }
}

const resolvableText = (text: string): boolean => !text.includes('(');

const toRow = (outputs: readonly Output[], readers: readonly Reader[], raw: readonly SQLOutputValue[]): QueryRow => {
  const row: Record<string, unknown> = { attributes: { type: 'AggregateResult' } };
  for (const [index, output] of outputs.entries()) {
    const value: FieldValue = readers[index]?.(raw[index]) ?? null;
    row[output.name] = value;
  }
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
  const scope = new Scope(input, new Binder(), object);
  const aggregation = new Aggregation(scope, query);
  const sql = aggregation.sql();
  const statement = input.context.store.statement(sql);
  statement.setReturnArrays(true);
  const raws = statement.all(scope.binder.values) as unknown as readonly (readonly SQLOutputValue[])[];
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
