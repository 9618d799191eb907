import { soqlLikeLiteral, soqlName, soqlString } from '../kernel/soql.ts';
import type { Condition, Filter } from './filter.ts';

type Scalar = string | number | boolean | null;

const OPERATORS: Readonly<Partial<Record<Condition['is'], string>>> = {
  equal: '=',
  'not-equal': '!=',
  greater: '>',
  'at-least': '>=',
  less: '<',
  'at-most': '<=',
};

const DATE = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z)?$/;

/** Dates are written bare in SOQL; a text field compared with a text of that shape needs `quoteDates`. */
const literal = (value: Scalar, quoteDates: boolean): string => {
  if (value === null) return 'null';
  if (typeof value === 'string') return DATE.test(value) && !quoteDates ? value : soqlString(value);
  return String(value);
};

/** `%` stays a wildcard; everything else of a LIKE pattern is taken literally. */
const pattern = (value: string): string => `'${value.split('%').map(soqlLikeLiteral).join('%')}'`;

const conditionSoql = (condition: Condition, quoteDates: boolean): string => {
  const field = soqlName(condition.field);
  const values: readonly Scalar[] = Array.isArray(condition.value) ? condition.value : [condition.value];
  if (condition.is === 'in' || condition.is === 'not-in') {
    const list = values.map((value) => literal(value, quoteDates)).join(',');
    return `${field} ${condition.is === 'in' ? 'IN' : 'NOT IN'} (${list})`;
  }
  const first = values[0];
  if (first === undefined || values.length > 1) throw new RangeError('this comparison takes one value');
  if (condition.is === 'like' || condition.is === 'not-like') {
    const like = `${field} LIKE ${pattern(String(first))}`;
    return condition.is === 'like' ? like : `(NOT ${like})`;
  }
  return `${field} ${OPERATORS[condition.is] ?? '='} ${literal(first, quoteDates)}`;
};

/**
 * A filter as a SOQL condition, all parts joined by AND; empty text for no condition. Values are escaped, names
 * checked. RangeError when a name or a comparison cannot be written.
 */
export const filterToSoql = (filter: Filter, options: { readonly quoteDates?: boolean } = {}): string =>
  filter.map((condition) => conditionSoql(condition, options.quoteDates ?? false)).join(' AND ');
