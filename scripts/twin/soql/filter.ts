import { TwinError } from '../contract.ts';
import type { ConditionScope } from './conditionScope.ts';
import { conditionSql } from './conditions.ts';
import type { Scope } from './scope.ts';
import type { Query } from './syntax.ts';

/** Source: https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_offset.htm */
const maxOffset = 2000;

const checkRequiredFilters = (scope: Scope, filtered: readonly string[]): void => {
  const { context, access } = scope.input;
  for (const rule of context.rules.requiredFilters) {
    if (rule.object !== scope.root.object.name) continue;
    if (rule.unlessPermission !== undefined && access.has(rule.unlessPermission)) continue;
    if (rule.fields.some((field) => filtered.includes(field.toLowerCase()))) continue;
    throw new TwinError(rule.errorCode, rule.message);
  }
};

/** `USING SCOPE mine`: the user's own records. */
const mine = (scope: Scope, query: Query): readonly string[] => {
  if (query.scope?.text.toLowerCase() !== 'mine') return [];
  const owner = scope.field(scope.root, 'OwnerId', query.scope);
  return [`${scope.column(scope.root, owner)} = ${scope.binder.bind(scope.input.session.userId)}`];
};

/** SQL of everything that keeps rows out, for `WHERE`. */
export const filterSql = (scope: Scope, query: Query, isTop: boolean): string => {
  const conditions: ConditionScope = { scope, filtered: [], semiJoins: 0 };
  const own = query.where === undefined ? [] : [conditionSql(conditions, query.where)];
  if (isTop) checkRequiredFilters(scope, conditions.filtered);
  return [...scope.guards(), ...mine(scope, query), ...own].join(' AND ') || '1';
};

/** TwinError NUMBER_OUTSIDE_VALID_RANGE for an OFFSET beyond the platform's. */
export const checkOffset = ({ offset }: Query): void => {
  if (offset === undefined || offset <= maxOffset) return;
  throw new TwinError('NUMBER_OUTSIDE_VALID_RANGE', `Maximum SOQL offset allowed is ${maxOffset}`);
};

/** SQL of LIMIT and OFFSET. */
export const limitSql = (scope: Scope, query: Query): string => {
  const { limit, offset } = query;
  checkOffset(query);
  if (limit === undefined && offset === undefined) return '';
  const { binder } = scope;
  return ` LIMIT ${binder.bind(limit ?? -1)}${offset === undefined ? '' : ` OFFSET ${binder.bind(offset)}`}`;
};
