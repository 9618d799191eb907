import type { Target } from './conditionScope.ts';
import type { FieldDefinition } from '../schema/definitions.ts';
import { resolvePath } from './fieldPath.ts';
import { computed } from './functionValue.ts';
import { classOf } from './literals.ts';
import { orderKeys, rankSql } from './orderBy.ts';
import type { Scope } from './scope.ts';
import { malformed } from './soqlErrors.ts';
import type { FunctionCall } from './syntax.ts';

const aggregateNames = new Set(['COUNT', 'COUNT_DISTINCT', 'SUM', 'AVG', 'MIN', 'MAX']);

export const isAggregateFunction = (name: string): boolean => aggregateNames.has(name);

/** Source: https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_agg_functions_field_types.htm */
const never = new Set<FieldDefinition['type']>([
  ...(['address', 'anyType', 'base64', 'boolean', 'complexvalue'] as const),
  ...(['encryptedstring', 'location', 'multipicklist', 'time'] as const),
]);

const supports = (field: FieldDefinition, name: string): boolean => {
  if (never.has(field.type) || !field.aggregatable) return false;
  return name === 'SUM' || name === 'AVG' ? classOf(field) === 'number' : true;
};

/** Text that differs in case only is one value. */
export const collated = (target: Pick<Target, 'sql' | 'field'>): string =>
  classOf(target.field) === 'text' && !target.field.caseSensitive ? `${target.sql} COLLATE NOCASE` : target.sql;

/** Text is first or last by its order, which is not that of its characters: the key goes before it and is cut off. */
const extreme = (scope: Scope, name: string, target: Target): string => {
  if (classOf(target.field) !== 'text') return `${name}(${target.sql})`;
  const rank = rankSql(scope, target);
  const [key = ''] = rank === undefined ? orderKeys(scope, target) : [`printf('%05d', ${rank})`];
  const found = `${name}(CASE WHEN ${target.sql} IS NULL THEN NULL ELSE ${key} || char(2) || ${target.sql} END)`;
  return `substr(${found}, instr(${found}, char(2)) + 1)`;
};

const sum = (scope: Scope, { sql, field }: Target): string =>
  `ROUND(SUM(${sql}), ${scope.binder.bind(field.type === 'int' ? 0 : field.scale)})`;

/** SQL of COUNT, SUM, … over a field; MALFORMED_QUERY when the field's type has no such aggregate. */
export const aggregateValue = (scope: Scope, fn: FunctionCall): Target => {
  const { name, text, at } = fn;
  const [parameter, ...more] = fn.parameters;
  const { soql } = scope.input;
  if (parameter?.kind !== 'path' || more.length > 0) throw malformed(`unexpected token: '${text}'`, soql, fn);
  const target = resolvePath(scope, parameter);
  const { withoutCountOfIds } = scope.input.context.rules.catalog;
  const isOddId = target.field.type === 'id' && withoutCountOfIds.includes(scope.root.object.name);
  if (isOddId || !supports(target.field, name)) {
    throw malformed(`field ${parameter.text} does not support aggregate operator ${name}`, soql, fn);
  }
  switch (name) {
    case 'COUNT':
      return { sql: `COUNT(${target.sql})`, field: computed(target.field, text, 'int'), text, at };
    case 'COUNT_DISTINCT':
      return { sql: `COUNT(DISTINCT ${collated(target)})`, field: computed(target.field, text, 'int'), text, at };
    case 'SUM':
      return { sql: sum(scope, target), field: target.field, text, at };
    case 'AVG': {
      const sql = `${sum(scope, target)} * 1.0 / COUNT(${target.sql})`;
      return { sql, field: computed(target.field, text, 'double'), text, at };
    }
    default:
      return { sql: extreme(scope, name, target), field: target.field, text, at };
  }
};
