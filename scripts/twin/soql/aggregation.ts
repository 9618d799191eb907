import { notEmulated } from '../contract.ts';
import { aggregateValue, collated, isAggregateFunction } from './aggregateValue.ts';
import type { Target } from './conditionScope.ts';
import { conditionSql } from './conditions.ts';
import { resolvePath } from './fieldPath.ts';
import { filterSql, limitSql } from './filter.ts';
import { computed, functionValue } from './functionValue.ts';
import { directionSql, orderKeys } from './orderBy.ts';
import type { Scope } from './scope.ts';
import { malformed } from './soqlErrors.ts';
import type { Expression, FunctionCall, Path, Query, SelectItem } from './syntax.ts';

export type Output = { readonly name: string; readonly target: Target; readonly aggregate: boolean };

/** Source: https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_groupby_rollup.htm */
const maxSubtotalFields = 3;

const squeezed = (text: string): string => text.replace(/\s/g, '').toLowerCase();

/** Which groups a result row is for: all of them, or with some added up. */
type GroupSet = ReadonlySet<number>;

const rollUpSets = (count: number): readonly GroupSet[] =>
  Array.from({ length: count + 1 }, (_, added) => new Set(Array.from({ length: count - added }, (__, at) => at)));

const cubeSets = (count: number): readonly GroupSet[] =>
  Array.from(
    { length: 2 ** count },
    (_, left) => new Set(Array.from({ length: count }, (__, at) => at).filter((at) => ((left >> at) & 1) === 0)),
  );

/** Compiles one aggregate query: a SELECT for each set of groups, put together and ordered. */
export class Aggregation {
  readonly scope: Scope;
  readonly outputs: readonly Output[];
  readonly #query: Query;
  readonly #groups: readonly Target[];
  #unnamed = 0;
  /** The set of groups being compiled. */
  #set: GroupSet = new Set();

  constructor(scope: Scope, query: Query) {
    this.scope = scope;
    this.#query = query;
    this.#groups = this.#groupTargets();
    this.#set = new Set(this.#groups.keys());
    this.outputs = query.select.map((item) => this.#output(item));
    this.#refuseSameName();
    this.#refuse();
  }

  #groupTargets(): readonly Target[] {
    const { groupBy } = this.#query;
    if (groupBy === undefined) return [];
    if (groupBy.kind !== 'plain' && groupBy.items.length > maxSubtotalFields) {
      throw malformed(`GROUP BY ${groupBy.kind} takes at most ${maxSubtotalFields} fields`);
    }
    const seen = new Set<string>();
    return groupBy.items.map((item) => {
      if (seen.has(squeezed(item.text))) throw malformed(`duplicate grouping expression: ${item.text}`);
      seen.add(squeezed(item.text));
      return this.#group(item);
    });
  }

  #group(item: Expression): Target {
    if (item.kind === 'function') return functionValue(this.scope, item);
    const target = resolvePath(this.scope, item);
    if (target.field.groupable) return target;
    throw malformed(`field '${target.field.name}' can not be grouped in a query call`, this.scope.input.soql, item);
  }

  /** `Account.Name` and `Name` would both be answered as Name. */
  #refuseSameName(): void {
    const names = new Set<string>();
    for (const { name } of this.outputs) {
      if (names.has(name.toLowerCase())) throw malformed(`duplicate alias: ${name}`);
      names.add(name.toLowerCase());
    }
  }

  #refuse(): void {
    const { groupBy, having, limit, offset, clauses } = this.#query;
    const { soql } = this.scope.input;
    if (groupBy !== undefined) return;
    if (having !== undefined) throw malformed('HAVING needs GROUP BY', soql, clauseAt(clauses, 'HAVING'));
    if (limit === undefined && offset === undefined) return;
    const word = limit === undefined ? 'OFFSET' : 'LIMIT';
    const text = `Non-grouped query that uses overall aggregate functions cannot also use ${word}`;
    throw malformed(text, soql, clauseAt(clauses, word));
  }

  #nameless(alias: Path | undefined): string {
    if (alias !== undefined) return alias.text;
    this.#unnamed += 1;
    return `expr${this.#unnamed - 1}`;
  }

  #output(item: SelectItem): Output {
    if (item.kind !== 'field') throw notEmulated('sub-queries and TYPEOF in aggregate queries');
    const { expression, alias } = item;
    const target = this.#value(expression);
    if (expression.kind === 'function') return { name: this.#nameless(alias), target, aggregate: true };
    return { name: alias?.text ?? target.field.name, target, aggregate: false };
  }

  /** An aggregate, GROUPING() or what the query groups by, in the set of groups being compiled. */
  #value(expression: Expression): Target {
    if (expression.kind === 'function' && isAggregateFunction(expression.name)) return this.#aggregate(expression);
    if (expression.kind === 'function' && expression.name === 'GROUPING') return this.#grouping(expression);
    const index = this.#groupOf(expression);
    const group = this.#groups[index];
    if (group === undefined) {
      const message = `Field must be grouped or aggregated: ${expression.text}`;
      throw malformed(message, this.scope.input.soql, expression);
    }
    return this.#set.has(index) ? group : { ...group, sql: 'NULL' };
  }

  #aggregate(fn: FunctionCall): Target {
    const [parameter] = fn.parameters;
    const isGrouped =
      parameter !== undefined && this.#groups.some((group) => squeezed(group.text) === squeezed(parameter.text));
    if (isGrouped && this.#query.groupBy?.kind === 'plain') {
      throw malformed(`Grouped field should not be aggregated: ${parameter.text}`, this.scope.input.soql, parameter);
    }
    return aggregateValue(this.scope, fn);
  }

  /** Source: https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_grouping.htm */
  #grouping(fn: FunctionCall): Target {
    const [parameter] = fn.parameters;
    const index = parameter?.kind === 'literal' || parameter === undefined ? -1 : this.#groupOf(parameter);
    const group = this.#groups[index];
    if (group === undefined) throw malformed(`Field must be grouped: ${fn.text}`, this.scope.input.soql, fn);
    const sql = this.#set.has(index) ? '0' : '1';
    return { sql, field: computed(group.field, fn.text, 'int'), text: fn.text, at: fn.at };
  }

  #groupOf(expression: Expression): number {
    const written = this.#groups.findIndex((group) => squeezed(group.text) === squeezed(expression.text));
    if (written !== -1 || expression.kind === 'function') return written;
    const { sql } = resolvePath(this.scope, expression);
    return this.#groups.findIndex((group) => group.sql === sql);
  }

  #sets(): readonly GroupSet[] {
    const count = this.#groups.length;
    const kind = this.#query.groupBy?.kind ?? 'plain';
    if (kind === 'ROLLUP') return rollUpSets(count);
    return kind === 'CUBE' ? cubeSets(count) : [new Set(this.#groups.keys())];
  }

  /** ORDER BY of the query; without one, subtotals follow what they add up. */
  #order(): readonly { readonly sql: string; readonly direction: string }[] {
    const { orderBy, groupBy } = this.#query;
    if (orderBy.length > 0) {
      return orderBy.flatMap((item) => {
        const target = this.#value(item.expression);
        const direction = directionSql(item, target.text.includes('.') && item.expression.kind === 'path');
        return orderKeys(this.scope, target).map((sql) => ({ sql, direction }));
      });
    }
    if (groupBy === undefined || groupBy.kind === 'plain') return [];
    return this.#groups.flatMap((group, index) => [
      { sql: this.#set.has(index) ? '0' : '1', direction: 'ASC' },
      ...orderKeys(this.scope, this.#set.has(index) ? group : { ...group, sql: 'NULL' }).map((sql) => ({
        sql,
        direction: 'ASC NULLS FIRST',
      })),
    ]);
  }

  #select(set: GroupSet, where: string): { readonly sql: string; readonly directions: readonly string[] } {
    this.#set = set;
    const { having, select } = this.#query;
    const values = select.map((item) => (item.kind === 'field' ? this.#value(item.expression).sql : 'NULL'));
    const order = this.#order();
    const test =
      having === undefined
        ? ''
        : ` HAVING ${conditionSql({ scope: this.scope, filtered: [], semiJoins: 0, aggregate: (value) => this.#value(value) }, having)}`;
    const columns = [...values, ...order.map(({ sql }) => sql)].map((sql, index) => `${sql} AS c${index}`).join(', ');
    const groups = this.#groups.filter((_, index) => set.has(index)).map(collated);
    // The row that adds everything up has no group of its own, yet is one row.
    const by = this.#groups.length === 0 ? '' : ` GROUP BY ${groups.length === 0 ? 'NULL' : groups.join(', ')}`;
    return {
      sql: `SELECT ${columns} FROM ${this.scope.from()} WHERE ${where}${by}${test}`,
      directions: order.map(({ direction }) => direction),
    };
  }

  /** The whole statement; `most` rows when the query itself has no LIMIT. */
  sql(most: number): string {
    const where = filterSql(this.scope, this.#query, true);
    const parts = this.#sets().map((set) => this.#select(set, where));
    const width = this.outputs.length;
    const wanted = this.outputs.map((_, index) => `c${index}`).join(', ');
    const order = (parts[0]?.directions ?? []).map((direction, index) => `c${width + index} ${direction}`);
    const ordering = order.length === 0 ? '' : ` ORDER BY ${order.join(', ')}`;
    const { limit, offset } = this.#query;
    const bounds = limit === undefined && offset === undefined ? ` LIMIT ${most}` : limitSql(this.scope, this.#query);
    return `SELECT ${wanted} FROM (${parts.map(({ sql }) => sql).join(' UNION ALL ')})${ordering}${bounds}`;
  }
}

const clauseAt = (clauses: Query['clauses'], word: string): { readonly text: string; readonly at: number } => ({
  text: word,
  at: clauses.find((clause) => clause.word === word)?.at ?? 0,
});
