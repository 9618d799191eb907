import type { FieldDefinition } from '../schema/definitions.ts';
import type { ConditionScope, Place, Target } from './conditionScope.ts';
import { compare } from './comparison.ts';
import { resolvePath } from './fieldPath.ts';
import { functionValue } from './functionValue.ts';
import { literalOf, type Literal } from './literals.ts';
import { semiJoin } from './semiJoin.ts';
import { invalidField, type Named } from './soqlErrors.ts';
import type { Comparing, Condition } from './syntax.ts';

const literalsOf = (conditions: ConditionScope, leaf: Comparing): readonly Literal[] =>
  leaf.values.map((value) => literalOf(conditions.scope.input.calendar, value, leaf.operator === 'LIKE'));

const requireFilterable = (conditions: ConditionScope, field: FieldDefinition, where: Named): void => {
  const { soql } = conditions.scope.input;
  if (field.type === 'address') {
    throw invalidField(soql, where, 'Address fields can only be filtered using Distance expressions');
  }
  if (field.filterable && field.type !== 'location' && field.type !== 'base64') return;
  throw invalidField(soql, where, `field '${field.name}' can not be filtered in a query call`);
};

/** What the platform itself indexes. Source: https://developer.salesforce.com/docs/atlas.en-us.salesforce_large_data_volumes_bp.meta/salesforce_large_data_volumes_bp/ldv_deployments_infrastructure_indexes.htm */
const indexedNames = new Set(['CreatedDate', 'SystemModstamp', 'LastModifiedDate', 'Name', 'Email']);

const useIndex = (conditions: ConditionScope, { field, text }: Target): void => {
  const { scope } = conditions;
  const worthwhile =
    field.type === 'reference' ||
    field.type === 'email' ||
    field.externalId ||
    field.unique ||
    field.idLookup ||
    field.nameField ||
    indexedNames.has(field.name);
  if (!worthwhile || text.includes('.')) return;
  scope.input.context.store.index(scope.root.object.name, field.name);
};

const targetOf = (conditions: ConditionScope, leaf: Comparing): Target => {
  const { left } = leaf;
  if (conditions.aggregate !== undefined) return conditions.aggregate(left);
  if (left.kind === 'function') return functionValue(conditions.scope, left);
  const target = resolvePath(conditions.scope, left);
  requireFilterable(conditions, target.field, left);
  if (leaf.operator !== 'LIKE') useIndex(conditions, target);
  return target;
};

const requiredByName = (leaf: Comparing): boolean => leaf.operator === '=' || leaf.operator === 'IN';

const leafSql = (conditions: ConditionScope, leaf: Comparing, place: Place): string => {
  const target = targetOf(conditions, leaf);
  if (place.topLevel && requiredByName(leaf)) conditions.filtered.push(target.text.toLowerCase());
  const literals = literalsOf(conditions, leaf);
  const { sql, negated } = compare({ scope: conditions.scope, target, operator: leaf.operator, literals });
  // `IS NOT TRUE` and not `NOT`: a row whose field is empty is unlike every value.
  return negated === place.negated ? sql : `(${sql}) IS NOT TRUE`;
};

/** SQL of a WHERE or HAVING condition. */
export const conditionSql = (
  conditions: ConditionScope,
  tree: Condition,
  place: Place = { negated: false, topLevel: true, underOr: false },
): string => {
  if (tree.kind === 'compare') return leafSql(conditions, tree, place);
  if (tree.kind === 'semiJoin') return semiJoin(conditions, tree, place, conditionSql);
  if (tree.kind === 'not') {
    return conditionSql(conditions, tree.inner, { ...place, negated: !place.negated, topLevel: false });
  }
  const isOr = tree.kind === 'or';
  const inner = { ...place, topLevel: place.topLevel && !isOr, underOr: place.underOr || isOr };
  const parts = tree.parts.map((part) => conditionSql(conditions, part, inner));
  return `(${parts.join(isOr === place.negated ? ' AND ' : ' OR ')})`;
};

/** How many ids a condition bounds the answer to at most; undefined when it does not. */
export const idBound = (condition: Condition | undefined): number | undefined => {
  if (condition === undefined) return undefined;
  if (condition.kind === 'compare') {
    const byId = condition.left.kind === 'path' && condition.left.text.toLowerCase() === 'id';
    return byId && requiredByName(condition) ? condition.values.length : undefined;
  }
  if (condition.kind !== 'and') return undefined;
  const bounds = condition.parts.map(idBound).filter((bound) => bound !== undefined);
  return bounds.length === 0 ? undefined : Math.min(...bounds);
};
