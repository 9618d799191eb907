import type { FieldValue } from '../contract.ts';
import type { FieldDefinition } from '../schema/definitions.ts';
import { coerce } from './coerce.ts';

/** One condition of a lookup filter, a duplicate rule's filter: a field against values or against another field. */
export type FilterOperation =
  | 'equals'
  | 'notEqual'
  | 'lessThan'
  | 'lessOrEqual'
  | 'greaterThan'
  | 'greaterOrEqual'
  | 'contains'
  | 'notContain'
  | 'startsWith'
  | 'includes'
  | 'excludes';

const operations: ReadonlySet<string> = new Set<FilterOperation>([
  'equals',
  'notEqual',
  'lessThan',
  'lessOrEqual',
  'greaterThan',
  'greaterOrEqual',
  'contains',
  'notContain',
  'startsWith',
  'includes',
  'excludes',
]);

export const isFilterOperation = (name: string): name is FilterOperation => operations.has(name);

const text = (value: FieldValue): string => (value === null ? '' : String(value).toLowerCase());

const sameValue = (left: FieldValue, right: FieldValue): boolean =>
  typeof left === 'string' || typeof right === 'string' ? text(left) === text(right) : left === right;

const order = (left: FieldValue, right: FieldValue): number | undefined => {
  if (left === null || right === null) return undefined;
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return text(left) < text(right) ? -1 : Number(text(left) > text(right));
};

const choices = (value: FieldValue): readonly string[] => text(value).split(';');

type Test = (left: FieldValue, right: FieldValue) => boolean;

/** A comparison with nothing is false but for equality, as in reports and filters. */
const ordered =
  (right: (difference: number) => boolean): Test =>
  (left, value) => {
    const difference = order(left, value);
    return difference !== undefined && right(difference);
  };

const tests: Readonly<Record<FilterOperation, { readonly test: Test; readonly negative?: true }>> = {
  equals: { test: sameValue },
  notEqual: { test: sameValue, negative: true },
  lessThan: { test: ordered((difference) => difference < 0) },
  lessOrEqual: { test: ordered((difference) => difference <= 0) },
  greaterThan: { test: ordered((difference) => difference > 0) },
  greaterOrEqual: { test: ordered((difference) => difference >= 0) },
  contains: { test: (left, right) => left !== null && text(left).includes(text(right)) },
  notContain: { test: (left, right) => left !== null && text(left).includes(text(right)), negative: true },
  startsWith: { test: (left, right) => left !== null && text(left).startsWith(text(right)) },
  includes: { test: (left, right) => choices(left).includes(text(right)) },
  excludes: { test: (left, right) => choices(left).includes(text(right)), negative: true },
};

/** Whether a value passes one condition; several values are alternatives. */
export const passes = (operation: FilterOperation, left: FieldValue, values: readonly FieldValue[]): boolean => {
  const { test, negative } = tests[operation];
  const any = values.some((value) => test(left, value));
  return negative === true ? !any : any;
};

const literal = (field: FieldDefinition, word: string): FieldValue => {
  if (word === '') return field.type === 'boolean' ? false : null;
  const slashed = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(word);
  if (slashed !== null && (field.type === 'date' || field.type === 'datetime')) {
    const [, month = '', day = '', year = ''] = slashed;
    return coerce(field, `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`);
  }
  return field.type === 'picklist' || field.type === 'multipicklist' ? word : coerce(field, word);
};

/**
 * The values a filter names, separated by commas; quotes keep a comma.
 * @throws RowProblem when one of them is no value of the field (relative dates such as TODAY are not).
 */
export const filterValues = (field: FieldDefinition, written: string): readonly FieldValue[] => {
  const words = written.match(/"(?:[^"]|"")*"|[^,]+/g)?.map((word) => word.trim().replace(/^"(.*)"$/s, '$1')) ?? [''];
  const own = ['picklist', 'multipicklist', 'string', 'textarea', 'email', 'phone', 'url'].includes(field.type);
  return own ? words.map((word) => (word === '' ? null : word)) : words.map((word) => literal(field, word));
};
