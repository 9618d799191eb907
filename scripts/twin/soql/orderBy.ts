import type { FunctionExp, OrderByClause } from '@jetstreamapp/soql-parser-js';
import type { FieldDefinition } from '../schema/definitions.ts';
import { functionValue } from './functionValue.ts';
import { resolvePath, type Resolved } from './fieldPath.ts';
import { classOf } from './literals.ts';
import type { Scope } from './scope.ts';
import { malformed } from './soqlErrors.ts';

type Target = Pick<Resolved, 'sql' | 'field' | 'text'> & { readonly related?: boolean };

/** Beyond this many values a picklist is ordered by text. */
const maxRanked = 60;

/** Picklists are ordered as they were set up, text without regard to case. */
const orderExpressions = (scope: Scope, target: Target): readonly string[] => {
  const { field, sql } = target;
  if (classOf(field) !== 'text') return [sql];
  const values = field.type === 'picklist' ? field.picklistValues : [];
  if (values.length === 0 || values.length > maxRanked) return [`order_key(${sql})`];
  const whens = values.map((entry, rank) => `WHEN ${scope.binder.bind(entry.value)} THEN ${rank}`);
  return [
    `CASE WHEN ${sql} IS NULL THEN NULL ELSE CASE ${sql} ${whens.join(' ')} ELSE ${values.length} END END`,
    `order_key(${sql})`,
  ];
};

const requireSortable = (scope: Scope, field: FieldDefinition, text: string): void => {
  if (field.sortable && field.type !== 'multipicklist') return;
  throw malformed(`field '${field.name}' can not be sorted in a query call`, scope.input.soql, text);
};

type Ordering = {
  readonly scope: Scope;
  readonly alias: string | undefined;
  /** In aggregate queries: aggregates, groups and their aliases. */
  readonly aggregate?: (text: string, fn: FunctionExp | undefined) => Target | undefined;
};

const targetOf = (ordering: Ordering, clause: OrderByClause): Target => {
  const { scope, alias } = ordering;
  if ('fn' in clause) {
    return ordering.aggregate?.(clause.fn.rawValue ?? '', clause.fn) ?? functionValue(scope, clause.fn, alias);
  }
  const known = ordering.aggregate?.(clause.field, undefined);
  if (known !== undefined) return known;
  const target = resolvePath(scope, clause.field, alias);
  requireSortable(scope, target.field, clause.field);
  return target;
};

/**
 * SQL of ORDER BY, empty when there is none. Nulls come first unless NULLS LAST says otherwise, which is ignored on
 * fields of related records, as documented.
 * Source: https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_orderby.htm
 */
export const orderBySql = (
  ordering: Ordering,
  clauses: OrderByClause | readonly OrderByClause[] | undefined,
): readonly string[] => {
  const list =
    clauses === undefined
      ? []
      : Array.isArray(clauses)
        ? (clauses as readonly OrderByClause[])
        : [clauses as OrderByClause];
  return list.flatMap((clause) => {
    const target = targetOf(ordering, clause);
    const direction = clause.order ?? 'ASC';
    const nulls = clause.nulls === 'LAST' && target.related !== true ? 'LAST' : 'FIRST';
    return orderExpressions(ordering.scope, target).map((sql) => `${sql} ${direction} NULLS ${nulls}`);
  });
};
