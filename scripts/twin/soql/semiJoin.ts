import type { ConditionScope, Place, Target } from './conditionScope.ts';
import { resolvePath, type Resolved } from './fieldPath.ts';
import { objectFrom, Scope } from './scope.ts';
import { malformed } from './soqlErrors.ts';
import type { Condition, Path, Query, SemiJoin } from './syntax.ts';
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

const selectedPath = (inner: Query): Path => {
  const [item, ...more] = inner.select;
  if (more.length > 0 || item?.kind !== 'field' || item.expression.kind !== 'path') {
    throw malformed('The semi join sub-select must select exactly one id field');
  }
  return item.expression;
};

const checkInner = (conditions: ConditionScope, inner: Query): void => {
  const { soql } = conditions.scope.input;
  const [clause] = inner.clauses;
  if (clause !== undefined) throw malformed(`missing value at '${clause.word}'`, soql, { text: '', at: clause.at });
  const object = inner.from.text;
  if (excludedInside.has(object.toLowerCase())) {
    throw malformed(`Entity '${object}' is not supported for semi join inner selects`, soql, inner.from);
  }
  if (object.toLowerCase() === conditions.scope.root.object.name.toLowerCase()) {
    throw malformed('The inner and outer selects should not be on the same object type', soql, inner.from);
  }
};

const isKey = (field: FieldDefinition): boolean => field.type === 'id' || field.type === 'reference';

const checkLeft = (scope: Scope, left: Resolved): void => {
  if (isKey(left.field) && !left.related) return;
  throw malformed(
    `The left operand field in the where expression for outer query should be an id field, cannot use: '${left.text}'`,
    scope.input.soql,
    left,
  );
};

const pointsTo = (scope: Scope, field: FieldDefinition): readonly string[] =>
  field.type === 'id' ? [scope.root.object.name] : field.referenceTo;

const checkTypes = (outer: Scope, left: Target, inner: Scope, selected: Target): void => {
  const leftTypes = pointsTo(outer, left.field);
  const matching = pointsTo(inner, selected.field).some((name) => leftTypes.includes(name));
  if (isKey(selected.field) && matching) return;
  throw malformed(
    `The selected field '${selected.text}' in the subquery and the left operand field in the where expression in the outer query '${left.text}' should point to the same object type`,
    outer.input.soql,
    left,
  );
};

/** `Id IN (SELECT AccountId FROM Contact …)` and its negative, with the documented limits. */
export const semiJoin = (
  conditions: ConditionScope,
  leaf: SemiJoin,
  place: Place,
  where: (conditions: ConditionScope, tree: Condition) => string,
): string => {
  checkPlace(conditions, place);
  const { query } = leaf;
  checkInner(conditions, query);
  const { scope } = conditions;
  const left = resolvePath(scope, leaf.left);
  checkLeft(scope, left);
  const inner = new Scope(scope.input, scope.binder, objectFrom(scope.input, query.from), query);
  const selected = resolvePath(inner, selectedPath(query));
  checkTypes(scope, left, inner, selected);
  conditions.filtered.push(left.text.toLowerCase());
  if (left.field.type === 'reference') scope.input.context.store.index(scope.root.object.name, left.field.name);
  const tests = [...inner.guards(), `${selected.sql} IS NOT NULL`];
  if (query.where !== undefined) {
    const nested: ConditionScope = { scope: inner, filtered: [], semiJoins: Number.POSITIVE_INFINITY };
    tests.push(where(nested, query.where));
  }
  const select = `(SELECT ${selected.sql} FROM ${inner.from()} WHERE ${tests.join(' AND ')})`;
  if (!leaf.negated) return `${left.sql} IN ${select}`;
  return `(${left.sql} NOT IN ${select} OR ${left.sql} IS NULL)`;
};
