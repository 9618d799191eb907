import type { Condition, Filter } from './filter.ts';

type Scalar = string | number | boolean | null;
/** Reads a field path of a row; null when any step is empty. */
export type ReadField = (path: string) => Scalar;

const fold = (value: Scalar): Scalar => (typeof value === 'string' ? value.toLowerCase() : value);

const compare = (a: Scalar, b: Scalar): number | undefined => {
  if (a === null || b === null || typeof a !== typeof b) return undefined;
  const [left, right] = [fold(a), fold(b)] as [string | number | boolean, string | number | boolean];
  return left < right ? -1 : left > right ? 1 : 0;
};

const likeRegex = (text: string): RegExp =>
  new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/%/g, '[^]*')}$`, 'i');

const isLike = (value: Scalar, wanted: Scalar): boolean =>
  typeof value === 'string' && likeRegex(String(wanted)).test(value);

const matches = (condition: Condition, value: Scalar): boolean => {
  const wanted: readonly Scalar[] = Array.isArray(condition.value) ? condition.value : [condition.value];
  const first = wanted[0] ?? null;
  const order = compare(value, first);
  switch (condition.is) {
    case 'equal':
    case 'in':
      return wanted.some((one) => fold(one) === fold(value));
    case 'not-equal':
    case 'not-in':
      return wanted.every((one) => fold(one) !== fold(value));
    case 'greater':
      return order !== undefined && order > 0;
    case 'at-least':
      return order !== undefined && order >= 0;
    case 'less':
      return order !== undefined && order < 0;
    case 'at-most':
      return order !== undefined && order <= 0;
    case 'like':
      return isLike(value, first);
    case 'not-like':
      return !isLike(value, first);
  }
};

/**
 * Whether a row meets a filter, as SOQL would say: text without regard to case, an empty value is different from any
 * other (`not-equal`, `not-in` and `not-like` are true of it) and neither less nor greater than anything.
 */
export const matchesFilter = (filter: Filter, read: ReadField): boolean =>
  filter.every((condition) => matches(condition, read(condition.field)));
