import type { Query, ValueQueryCondition } from '@jetstreamapp/soql-parser-js';
import type { ConditionScope, Place } from './conditionScope.ts';
import { conditionTree, type ConditionTree } from './conditionTree.ts';
import { resolvePath, type Resolved } from './fieldPath.ts';
import { objectFrom, Scope } from './scope.ts';
import { malformed } from './soqlErrors.ts';
import type { FieldDefinition } from '../schema/definitions.ts';

/** Source: https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_comparisonoperators.htm */
const maxSemiJoins = 2;
const excludedInside = new Set(['activityhistory', 'attachment', 'event', 'note', 'openactivity', 'tag', 'task']);

const checkPlace = (conditions: ConditionScope, place: Place): void => {
  if (place.underOr) throw malformed("Semi join sub-selects are not allowed with the 'OR' operator");
  if (place.negated) throw malformed("Semi join sub-selects are not allowed with the 'NOT' operator");
  if (!place.topLevel) {
    throw malformed(
      'Semi join sub-selects are only allowed at the top level WHERE expressions and not in nested WHERE expressions.',
    );
  }
  if (conditions.semiJoins === Number.POSITIVE_INFINITY) {
    throw malformed('Nesting of semi join sub-selects is not supported');
  }
  conditions.semiJoins += 1;
  if (conditions.semiJoins > maxSemiJoins) throw malformed(`Maximum ${maxSemiJoins} semi join sub-selects are allowed`);
};

const forbiddenWord = (inner: Query): string | undefined => {
  if (inner.orderBy !== undefined) return 'ORDER';
  if (inner.limit !== undefined) return 'LIMIT';
  return inner.for === undefined ? undefined : 'FOR';
};

const selectedName = (inner: Query): string => {
  const [field, ...more] = inner.fields ?? [];
  if (more.length > 0 || field === undefined || (field.type !== 'Field' && field.type !== 'FieldRelationship')) {
    throw malformed('The semi join sub-select must select exactly one id field');
  }
  return field.type === 'Field' ? field.field : [...field.relationships, field.field].join('.');
};

const checkInner = (conditions: ConditionScope, inner: Query): void => {
  const word = forbiddenWord(inner);
  if (word !== undefined) throw malformed(`missing value at '${word}'`, conditions.scope.input.soql, word);
  const object = inner.sObject ?? '';
  if (excludedInside.has(object.toLowerCase())) {
    throw malformed(`Entity '${object}' is not supported for semi join inner selects`);
  }
  if (object.toLowerCase() === conditions.scope.root.object.name.toLowerCase()) {
    throw malformed('The inner and outer selects should not be on the same object type');
  }
};

const pointsTo = (scope: Scope, field: FieldDefinition): readonly string[] =>
  field.type === 'id' ? [scope.root.object.name] : field.referenceTo;

const checkTypes = (outer: Scope, left: Resolved, inner: Scope, selected: Resolved): void => {
  const isKey = (field: FieldDefinition): boolean => field.type === 'id' || field.type === 'reference';
  const leftTypes = pointsTo(outer, left.field);
  const matching = pointsTo(inner, selected.field).some((name) => leftTypes.includes(name));
  if (isKey(left.field) && isKey(selected.field) && matching) return;
  throw malformed(
    `The selected field '${selected.text}' in the subquery and the left operand field in the where expression in the outer query '${left.text}' should point to the same object type`,
  );
};

/** `Id IN (SELECT AccountId FROM Contact …)` and its negative, with the documented limits. */
export const semiJoin = (
  conditions: ConditionScope,
  leaf: ValueQueryCondition,
  place: Place,
  where: (conditions: ConditionScope, tree: ConditionTree) => string,
): string => {
  checkPlace(conditions, place);
  const query = leaf.valueQuery;
  checkInner(conditions, query);
  const { scope } = conditions;
  const left = resolvePath(scope, leaf.field, conditions.alias);
  const inner = new Scope(scope.input, scope.binder, objectFrom(scope.input, query.sObject ?? ''));
  const selected = resolvePath(inner, selectedName(query), query.sObjectAlias);
  checkTypes(scope, left, inner, selected);
  conditions.filtered.push(left.text.toLowerCase());
  if (left.field.type === 'reference' && !left.related)
    scope.input.context.store.index(scope.root.object.name, left.field.name);
  const tests = [...inner.guards(), `${selected.sql} IS NOT NULL`];
  if (query.where !== undefined) {
    const nested: ConditionScope = {
      scope: inner,
      alias: query.sObjectAlias,
      filtered: [],
      semiJoins: Number.POSITIVE_INFINITY,
    };
    tests.push(where(nested, conditionTree(query.where)));
  }
  const select = `(SELECT ${selected.sql} FROM ${inner.from()} WHERE ${tests.join(' AND ')})`;
  if (leaf.operator.toUpperCase() === 'IN') return `${left.sql} IN ${select}`;
  return `(${left.sql} NOT IN ${select} OR ${left.sql} IS NULL)`;
};
