import { notEmulated } from '../contract.ts';
import type { FieldDefinition } from '../schema/definitions.ts';
import type { Target } from './conditionScope.ts';
import { answersDay, isDateFunction } from './dateFunctions.ts';
import { distanceValue } from './distance.ts';
import { resolvePath } from './fieldPath.ts';
import type { Scope } from './scope.ts';
import { malformed } from './soqlErrors.ts';
import type { FunctionCall, Path } from './syntax.ts';

/** A field definition for a computed value. */
export const computed = (model: FieldDefinition, name: string, type: 'int' | 'date' | 'double'): FieldDefinition => ({
  ...model,
  name,
  label: name,
  type,
  referenceTo: [],
  picklistValues: [],
  scale: 0,
  length: 0,
});

const innerOf = (fn: FunctionCall): { readonly path: Path; readonly converted: boolean } => {
  const [parameter, ...more] = fn.parameters;
  if (more.length === 0 && parameter?.kind === 'path') return { path: parameter, converted: false };
  if (more.length === 0 && parameter?.kind === 'function' && parameter.name === 'CONVERTTIMEZONE') {
    const [path] = parameter.parameters;
    if (path?.kind === 'path') return { path, converted: true };
  }
  throw malformed(
    `nested functional syntax can only be used in the following manner: date_function(convertTimezone(columnName)): ${fn.name}`,
  );
};

/**
 * A date function over a field. Date-times are read in UTC unless `convertTimezone()` asks for the user's zone.
 * Source: https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_date_functions.htm
 */
const dateValue = (scope: Scope, fn: FunctionCall): Target => {
  const { path, converted } = innerOf(fn);
  const target = resolvePath(scope, path);
  const { type } = target.field;
  const ofDateTimeOnly = fn.name === 'HOUR_IN_DAY' || fn.name === 'DAY_ONLY' || converted;
  if (type !== 'datetime' && (type !== 'date' || ofDateTimeOnly)) {
    throw malformed(`field ${path.text} does not support aggregate operator ${fn.name}`, scope.input.soql, fn);
  }
  const zone = converted ? scope.binder.bind(scope.input.zone) : 'NULL';
  const month = scope.binder.bind(scope.input.calendar.fiscalYearStart);
  return {
    sql: `soql_date(${scope.binder.bind(fn.name)}, ${target.sql}, ${zone}, ${month})`,
    field: computed(target.field, fn.text, answersDay(fn.name) ? 'date' : 'int'),
    text: fn.text,
    at: fn.at,
  };
};

/** `toLabel(Rating) = 'Heiß'`: picklists compared by label. */
const labelValue = (scope: Scope, fn: FunctionCall): Target => {
  const [path, ...more] = fn.parameters;
  if (path?.kind !== 'path' || more.length > 0) throw malformed(`unexpected token: '${fn.text}'`);
  const target = resolvePath(scope, path);
  if (target.field.type !== 'picklist') throw notEmulated(`SOQL function ${fn.text} on a ${target.field.type} field`);
  const whens = target.field.picklistValues.map(
    ({ value, label }) => `WHEN ${scope.binder.bind(value)} THEN ${scope.binder.bind(label)}`,
  );
  const sql = whens.length === 0 ? target.sql : `CASE ${target.sql} ${whens.join(' ')} ELSE ${target.sql} END`;
  return { sql, field: { ...target.field, type: 'string', picklistValues: [] }, text: fn.text, at: fn.at };
};

/** What a function in WHERE, GROUP BY or ORDER BY stands for; functions that are not emulated are refused by name. */
export const functionValue = (scope: Scope, fn: FunctionCall): Target => {
  if (isDateFunction(fn.name)) return dateValue(scope, fn);
  if (fn.name === 'DISTANCE') return distanceValue(scope, fn);
  if (fn.name === 'TOLABEL') return labelValue(scope, fn);
  throw notEmulated(`SOQL function ${fn.text}`);
};
