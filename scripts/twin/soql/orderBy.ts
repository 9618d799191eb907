import type { FieldDefinition } from '../schema/definitions.ts';
import type { Target as Plain } from './conditionScope.ts';
import { functionValue } from './functionValue.ts';
import { resolvePath } from './fieldPath.ts';
import { classOf } from './literals.ts';
import type { Scope } from './scope.ts';
import { malformed, type Named } from './soqlErrors.ts';
import type { Expression, OrderItem } from './syntax.ts';

type Target = Plain & { readonly related?: boolean };

/** Beyond this many values a picklist is ordered by text. */
const maxRanked = 60;

/** SQL of a picklist value's place in the list as it was set up; undefined when the field is no short picklist. */
export const rankSql = (scope: Scope, target: Pick<Target, 'sql' | 'field'>): string | undefined => {
  const { field, sql } = target;
  const values = field.type === 'picklist' ? field.picklistValues : [];
  if (values.length === 0 || values.length > maxRanked) return undefined;
  const whens = values.map((entry, rank) => `WHEN ${scope.binder.bind(entry.value)} THEN ${rank}`);
  return `CASE WHEN ${sql} IS NULL THEN NULL ELSE CASE ${sql} ${whens.join(' ')} ELSE ${values.length} END END`;
};

/** What is compared to put rows in order: picklists as they were set up, text without regard to case. */
export const orderKeys = (scope: Scope, target: Pick<Target, 'sql' | 'field'>): readonly string[] => {
  if (classOf(target.field) !== 'text') return [target.sql];
  const text = `order_key(${target.sql})`;
  const rank = rankSql(scope, target);
  return rank === undefined ? [text] : [rank, text];
};

const requireSortable = (scope: Scope, field: FieldDefinition, where: Named): void => {
  if (field.sortable && field.type !== 'multipicklist') return;
  throw malformed(`field '${field.name}' can not be sorted in a query call`, scope.input.soql, where);
};

const targetOf = (scope: Scope, expression: Expression): Target => {
  if (expression.kind === 'function') return functionValue(scope, expression);
  const target = resolvePath(scope, expression);
  requireSortable(scope, target.field, expression);
  return target;
};

/** Fields that are never empty and whose index is in their order. */
const isIndexed = (scope: Scope, { field, text }: Target): boolean => {
  if (text.includes('.') || field.nillable) return false;
  if (field.type === 'id') return true;
  if (field.type !== 'datetime') return false;
  scope.input.context.store.index(scope.root.object.name, field.name);
  return true;
};

/** The name of the object itself, never empty: the usual order of the first rows of a large object. */
const isOwnName = ({ field, text }: Target): boolean =>
  field.nameField && !field.nillable && field.type === 'string' && field.formula === undefined && !text.includes('.');

/** `ASC NULLS FIRST` and its kin. Nulls come first unless NULLS LAST says otherwise, which related fields ignore. */
export const directionSql = ({ direction, nulls }: OrderItem, related: boolean): string =>
  `${direction} NULLS ${nulls === 'LAST' && !related ? 'LAST' : 'FIRST'}`;

/**
 * SQL of ORDER BY, empty when there is none; `limited`: only the first rows are wanted.
 * Source: https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_orderby.htm
 */
export const orderBySql = (scope: Scope, items: readonly OrderItem[], limited = false): readonly string[] =>
  items.flatMap((item, index) => {
    const target = targetOf(scope, item.expression);
    if (isIndexed(scope, target)) return [`${target.sql} ${item.direction}`];
    if (limited && index === 0 && isOwnName(target)) {
      scope.input.context.store.orderIndex(scope.root.object.name, target.field.name);
      return [`order_key(${target.sql}) ${item.direction}`];
    }
    const order = directionSql(item, target.related === true);
    return orderKeys(scope, target).map((sql) => `${sql} ${order}`);
  });
