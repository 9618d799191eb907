import { FormulaError } from './errors.ts';
import type { Parameter } from './functions/specification.ts';
import type { Call } from './parser.ts';
import type { Expression, FormulaType } from './types.ts';

/** Compile errors in the platform's words. */

const typeNames: Partial<Record<FormulaType, string>> = { DateTime: 'Date/Time' };

/** A type as messages write it; lookups go by what they lead to. */
export const typeName = ({ type, lookupOf }: Pick<Expression, 'type' | 'lookupOf'>): string =>
  lookupOf === undefined ? (typeNames[type] ?? type) : `Lookup(${lookupOf})`;

/** What a formula as a whole is meant to result in, as messages write it. */
export const resultName = (type: FormulaType): string => (type === 'Boolean' ? 'true or false' : typeName({ type }));

const elementOf = (call: Call): string => (call.operator ? `operator '${call.name}'` : `function '${call.name}()'`);

/** Times are taken wherever date-times are, and not named. */
const namesOf = (types: readonly FormulaType[]): string =>
  types
    .filter((type) => type !== 'Null' && (type !== 'Time' || !types.includes('DateTime')))
    .map((type) => typeName({ type }))
    .join(', ');

export const wrongType = (call: Call, expected: readonly FormulaType[], received: Expression): FormulaError => {
  const picklist = received.type === 'Picklist' || received.type === 'MultiPicklist';
  if (picklist && received.reference !== undefined) {
    const kind =
      received.type === 'Picklist' ? ['a picklist', 'Picklist'] : ['a multi-select picklist', 'Multi-select picklist'];
    return new FormulaError(
      `Field ${received.reference.name} is ${kind[0] ?? ''} field. ${kind[1] ?? ''} fields are only supported in certain functions.`,
      call.at,
    );
  }
  return new FormulaError(
    `Incorrect parameter type for ${elementOf(call)}. Expected ${namesOf(expected)}, received ${typeName(received)}`,
    call.at,
  );
};

export const wrongCount = (call: Call, expected: number): FormulaError =>
  new FormulaError(
    `Incorrect number of parameters for ${elementOf(call)}. Expected ${expected}, received ${call.args.length}`,
    call.at,
  );

export const wrongArgument = (call: Call): FormulaError =>
  new FormulaError(`Incorrect argument type for ${elementOf(call)}.`, call.at);

const listOf = (parameter: Parameter): readonly FormulaType[] =>
  typeof parameter === 'string' ? [parameter] : parameter;

/** Refuses an argument that the parameter does not take; a literal NULL goes everywhere. */
export const requireType = (call: Call, given: Expression, parameter: Parameter): void => {
  const expected = listOf(parameter);
  if (given.type !== 'Null' && !expected.includes(given.type)) throw wrongType(call, expected, given);
};

/** Refuses an argument that is not a text in quotes. */
export const requireLiteral = (call: Call, given: Expression): void => {
  requireType(call, given, 'Text');
  if (given.literal === undefined) {
    throw new FormulaError(`Incorrect parameter for ${elementOf(call)}. Expected Text Literal.`, call.at);
  }
};

export const requireCount = (call: Call, low: number, high = low): void => {
  if (call.args.length < low) throw wrongCount(call, low);
  if (call.args.length > high) throw wrongCount(call, high);
};

/** The type that both have, or undefined. */
export const commonType = (one: FormulaType, other: FormulaType): FormulaType | undefined => {
  if (one === 'Null') return other;
  return other === 'Null' || one === other ? one : undefined;
};

/** The common type of results, no picklist; an error naming the first that does not fit. */
export const commonTypeOf = (call: Call, results: readonly Expression[]): FormulaType => {
  const picklist = results.find(({ type }) => type === 'Picklist' || type === 'MultiPicklist');
  if (picklist !== undefined) throw wrongType(call, ['Text'], picklist);
  let type: FormulaType = 'Null';
  for (const result of results) {
    const common = commonType(type, result.type);
    if (common === undefined) throw wrongType(call, [type], result);
    type = common;
  }
  return type;
};
