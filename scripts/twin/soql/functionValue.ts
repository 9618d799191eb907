import type { FunctionExp } from '@jetstreamapp/soql-parser-js';
import { notEmulated } from '../contract.ts';
import type { FieldDefinition } from '../schema/definitions.ts';
import { answersDay, isDateFunction } from './dateFunctions.ts';
import { resolvePath, type Resolved } from './fieldPath.ts';
import type { Scope } from './scope.ts';
import { invalidField, malformed } from './soqlErrors.ts';

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

const inner = (fn: FunctionExp): { readonly field: string; readonly converted: boolean } => {
  const [parameter] = fn.parameters ?? [];
  if (typeof parameter === 'string') return { field: parameter, converted: false };
  const [field] = parameter?.parameters ?? [];
  if (parameter?.functionName?.toUpperCase() === 'CONVERTTIMEZONE' && typeof field === 'string') {
    return { field, converted: true };
  }
  throw malformed(
    'nested functional syntax can only be used in the following manner: date_function(convertTimezone(field))',
  );
};

/**
 * A date function over a field. Date-times are read in UTC unless `convertTimezone()` asks for the user's zone.
 * Other functions are refused by name.
 */
export const functionValue = (
  scope: Scope,
  fn: FunctionExp,
  alias: string | undefined,
): Pick<Resolved, 'sql' | 'field' | 'text'> => {
  const name = (fn.functionName ?? '').toUpperCase();
  if (!isDateFunction(name)) throw notEmulated(`SOQL function ${fn.rawValue ?? name}`);
  const { field, converted } = inner(fn);
  const target = resolvePath(scope, field, alias);
  if (target.field.type !== 'date' && target.field.type !== 'datetime') {
    throw invalidField(scope.input.soql, field, `field ${field} does not support aggregate operator ${name}`);
  }
  const zone = converted ? scope.binder.bind(scope.input.zone) : 'NULL';
  const month = scope.binder.bind(scope.input.calendar.fiscalYearStart);
  return {
    sql: `soql_date(${scope.binder.bind(name)}, ${target.sql}, ${zone}, ${month})`,
    field: computed(target.field, fn.rawValue ?? name, answersDay(name) ? 'date' : 'int'),
    text: fn.rawValue ?? name,
  };
};
