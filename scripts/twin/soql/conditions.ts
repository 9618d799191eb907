import type { ValueQueryCondition } from '@jetstreamapp/soql-parser-js';
import { notEmulated } from '../contract.ts';
import type { FieldDefinition } from '../schema/definitions.ts';
import type { ConditionScope, Place } from './conditionScope.ts';
import { compare, type Operator } from './comparison.ts';
import type { ConditionTree, Leaf } from './conditionTree.ts';
import { resolvePath, type Resolved } from './fieldPath.ts';
import { functionValue } from './functionValue.ts';
import { classOf, literalOf, type Literal } from './literals.ts';
import { semiJoin } from './semiJoin.ts';
import { invalidField } from './soqlErrors.ts';

const literalsOf = (conditions: ConditionScope, leaf: Leaf): readonly Literal[] => {
  if (!('value' in leaf)) return [];
  const { soql, calendar } = conditions.scope.input;
  const values = Array.isArray(leaf.value) ? leaf.value : [leaf.value];
  const types = leaf.literalType;
  return values.map((value, index) => {
    const type = (Array.isArray(types) ? types[index] : types) ?? 'STRING';
    return literalOf({ soql, calendar }, type, value);
  });
};

const requireFilterable = (conditions: ConditionScope, field: FieldDefinition, text: string): void => {
  if (field.filterable && field.type !== 'address' && field.type !== 'base64') return;
  throw invalidField(conditions.scope.input.soql, text, `field '${field.name}' can not be filtered in a query call`);
};

const useIndex = (conditions: ConditionScope, target: Pick<Resolved, 'field' | 'text'>): void => {
  const { scope } = conditions;
  const { field } = target;
  const worthwhile = field.type === 'reference' || field.externalId || field.unique || field.idLookup;
  if (!worthwhile || target.text.includes('.')) return;
  scope.input.context.store.index(scope.root.object.name, field.name);
};

const targetOf = (conditions: ConditionScope, leaf: Leaf): Pick<Resolved, 'sql' | 'field' | 'text'> => {
  if ('fn' in leaf) {
    if (conditions.aggregate !== undefined && leaf.fn.functionName !== undefined) return conditions.aggregate(leaf.fn);
    return functionValue(conditions.scope, leaf.fn, conditions.alias);
  }
  const target = resolvePath(conditions.scope, leaf.field, conditions.alias);
  requireFilterable(conditions, target.field, leaf.field);
  useIndex(conditions, target);
  return target;
};

const isSubquery = (leaf: Leaf): leaf is Leaf & ValueQueryCondition => 'valueQuery' in leaf;

const leafSql = (conditions: ConditionScope, leaf: Leaf, place: Place): string => {
  if (isSubquery(leaf)) return semiJoin(conditions, leaf, place, conditionSql);
  const target = targetOf(conditions, leaf);
  const operator = leaf.operator.toUpperCase() as Operator;
  if (place.topLevel && (operator === '=' || operator === 'IN')) conditions.filtered.push(target.text.toLowerCase());
  const literals = literalsOf(conditions, leaf);
  if (classOf(target.field) === 'text' && literals.some((literal) => literal.kind === 'range')) {
    throw notEmulated(`date literal on field ${target.text}`);
  }
  const { sql, negated } = compare({ scope: conditions.scope, target, operator, literals });
  // `IS NOT TRUE` and not `NOT`: a row whose field is empty is unlike every value.
  return negated === place.negated ? sql : `(${sql}) IS NOT TRUE`;
};

/** SQL of a WHERE or HAVING condition. */
export const conditionSql = (
  conditions: ConditionScope,
  tree: ConditionTree,
  place: Place = { negated: false, topLevel: true, underOr: false },
): string => {
  if (tree.kind === 'leaf') return leafSql(conditions, tree.leaf, place);
  if (tree.kind === 'not') {
    return conditionSql(conditions, tree.inner, { ...place, negated: !place.negated, topLevel: false });
  }
  const isOr = tree.kind === 'or';
  const inner = { ...place, topLevel: place.topLevel && !isOr, underOr: place.underOr || isOr };
  const parts = tree.parts.map((part) => conditionSql(conditions, part, inner));
  return `(${parts.join(isOr === place.negated ? ' AND ' : ' OR ')})`;
};
