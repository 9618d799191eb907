import type { LocalDate } from '../kernel/legalPeriod.ts';
import type { Condition, Filter } from './filter.ts';
import type { Comparison, FilterTree, FilterValue } from './filterTree.ts';
import { relativeDays } from './relativeDates.ts';

/** More cases than this are nobody's rule, and would be read one by one. */
export const MOST_CASES = 64;

type Scalar = string | number | boolean | null;
type Compare = Extract<FilterTree, { kind: 'compare' }>;

const scalar = (value: FilterValue): Scalar => {
  switch (value.kind) {
    case 'text':
      return value.text;
    case 'number':
      return value.number;
    case 'boolean':
      return value.boolean;
    case 'date':
      return value.date;
    case 'null':
      return null;
    case 'relative':
      throw new RangeError('a date word is resolved to days first');
  }
};

const WORDS: Readonly<Record<Comparison, Condition['is']>> = {
  ...{ '=': 'equal', '!=': 'not-equal', '<': 'less', '<=': 'at-most', '>': 'greater', '>=': 'at-least' },
  ...{ LIKE: 'like', IN: 'in', 'NOT IN': 'not-in' },
};

/** What holds where a comparison does not; an empty value is neither less nor greater, so there it does not hold. */
const OPPOSITES: Readonly<Record<Condition['is'], readonly (Condition['is'] | 'empty')[]>> = {
  ...{ equal: ['not-equal'], 'not-equal': ['equal'], in: ['not-in'], 'not-in': ['in'] },
  ...{ like: ['not-like'], 'not-like': ['like'] },
  ...{ less: ['at-least', 'empty'], 'at-least': ['less', 'empty'] },
  ...{ greater: ['at-most', 'empty'], 'at-most': ['greater', 'empty'] },
};

type Cases = readonly Filter[];

const and = (a: Cases, b: Cases): Cases => a.flatMap((one) => b.map((other) => [...one, ...other]));

const bounded = (cases: Cases): Cases => {
  if (cases.length > MOST_CASES) throw new RangeError('a filter with so many cases is nobody’s rule');
  return cases;
};

/** Comparisons with a date word, as comparisons with its first day and the day after its last. */
const dated = ({ field, is, values }: Compare, today: LocalDate): FilterTree | undefined => {
  const [value] = values;
  if (value?.kind !== 'relative') return undefined;
  const { from, before } = relativeDays(value.name, value.n, today);
  const compare = (sign: Comparison, date: LocalDate): FilterTree => ({
    ...{ kind: 'compare', field, is: sign, values: [{ kind: 'date', date }] },
  });
  switch (is) {
    case '=':
      return { kind: 'all', of: [compare('>=', from), compare('<', before)] };
    case '!=':
      return { kind: 'not', of: { kind: 'all', of: [compare('>=', from), compare('<', before)] } };
    case '<':
    case '>=':
      return compare(is, from);
    case '<=':
      return compare('<', before);
    case '>':
      return compare('>=', before);
    default:
      throw new RangeError('a date word stands in a comparison');
  }
};

const hasRelative = ({ values }: Compare): boolean => values.some(({ kind }) => kind === 'relative');

/** A list with date words is one comparison for each of its values. */
const spread = ({ field, is, values }: Compare): FilterTree => {
  const one = is === 'IN' ? '=' : '!=';
  const of = values.map((value): FilterTree => ({ kind: 'compare', field, is: one, values: [value] }));
  return { kind: is === 'IN' ? 'any' : 'all', of };
};

const compared = (tree: Compare, isTrue: boolean, today: LocalDate): Cases => {
  const { field, is, values } = tree;
  if (hasRelative(tree)) {
    const plain = is === 'IN' || is === 'NOT IN' ? spread(tree) : dated(tree, today);
    if (plain !== undefined) return cases(plain, isTrue, today);
  }
  const scalars = values.map(scalar);
  const word = WORDS[is];
  const held = is === 'IN' || is === 'NOT IN' ? scalars : (scalars[0] ?? null);
  const condition = (as: Condition['is'] | 'empty'): Filter =>
    as === 'empty' ? [{ field, is: 'equal', value: null }] : [{ field, is: as, value: held }];
  return isTrue ? [condition(word)] : OPPOSITES[word].map(condition);
};

const cases = (tree: FilterTree, isTrue: boolean, today: LocalDate): Cases => {
  switch (tree.kind) {
    case 'compare':
      return compared(tree, isTrue, today);
    case 'not':
      return cases(tree.of, !isTrue, today);
    default: {
      const parts = tree.of.map((one) => cases(one, isTrue, today));
      const isBoth = (tree.kind === 'all') === isTrue;
      return isBoth ? parts.reduce((a, b) => bounded(and(a, b)), [[]]) : bounded(parts.flat());
    }
  }
};

/**
 * The cases of a filter on a day: a row meets the filter when it meets one of them. Judged as SOQL judges: a comparison
 * with an empty value does not hold, its negation does. RangeError for more than MOST_CASES cases.
 */
export const filterCases = (tree: FilterTree, today: LocalDate): Cases => cases(tree, true, today);
