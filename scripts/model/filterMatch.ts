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

type Test = (value: Scalar, wanted: readonly Scalar[]) => boolean;

const equalsAny: Test = (value, wanted) => wanted.some((one) => fold(one) === fold(value));
const differsFromAll: Test = (value, wanted) => !equalsAny(value, wanted);
const ordered =
  (accepts: (order: number) => boolean): Test =>
  (value, wanted) => {
    const order = compare(value, wanted[0] ?? null);
    return order !== undefined && accepts(order);
  };

const TESTS: Readonly<Record<Condition['is'], Test>> = {
  equal: equalsAny,
  in: equalsAny,
  'not-equal': differsFromAll,
  'not-in': differsFromAll,
  greater: ordered((order) => order > 0),
  'at-least': ordered((order) => order >= 0),
  less: ordered((order) => order < 0),
  'at-most': ordered((order) => order <= 0),
  like: (value, wanted) => isLike(value, wanted[0] ?? null),
  'not-like': (value, wanted) => !isLike(value, wanted[0] ?? null),
};

const matches = (condition: Condition, value: Scalar): boolean =>
  TESTS[condition.is](value, Array.isArray(condition.value) ? condition.value : [condition.value]);

/**
 * Whether a row meets a filter, as SOQL would say: text without regard to case, an empty value is different from any
 * other (`not-equal`, `not-in` and `not-like` are true of it) and neither less nor greater than anything.
 */
export const matchesFilter = (filter: Filter, read: ReadField): boolean =>
  filter.every((condition) => matches(condition, read(condition.field)));
