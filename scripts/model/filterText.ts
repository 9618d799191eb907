import { soqlName, soqlString } from '../kernel/soql.ts';
import { isRelativeDate } from './relativeDates.ts';
import { filterTokens, FilterTextError, type Token } from './filterTokens.ts';
import type { Comparison, FilterTree, FilterValue } from './filterTree.ts';

/** Deeper brackets are nobody's rule. */
const DEEPEST = 20;

type Reading = { readonly tokens: readonly Token[]; at: number; depth: number };

const peek = (reading: Reading): Token => reading.tokens[reading.at] ?? { kind: 'end', value: '', at: 0 };
const isWord = ({ kind, value }: Token, word: string): boolean => kind === 'name' && value.toUpperCase() === word;
const isSign = ({ kind, value }: Token, sign: string): boolean => kind === 'sign' && value === sign;

const take = (reading: Reading): Token => {
  const token = peek(reading);
  reading.at += 1;
  return token;
};

const expectSign = (reading: Reading, sign: string): void => {
  const token = take(reading);
  if (!isSign(token, sign)) throw new FilterTextError(`"${sign}" is missing`, token.at);
};

const named = (token: Token): FilterValue => {
  const word = token.value.toUpperCase();
  if (word === 'NULL') return { kind: 'null' };
  if (word === 'TRUE' || word === 'FALSE') return { kind: 'boolean', boolean: word === 'TRUE' };
  const [name = '', n] = word.split(':');
  if (!isRelativeDate(name, n === undefined ? undefined : Number(n)))
    throw new FilterTextError('a value is a quoted text, a number, a date, TRUE, FALSE, NULL or a date word', token.at);
  return { kind: 'relative', name, ...(n === undefined ? {} : { n: Number(n) }) };
};

const value = (reading: Reading): FilterValue => {
  const token = take(reading);
  switch (token.kind) {
    case 'text':
      return { kind: 'text', text: token.value };
    case 'number':
      return { kind: 'number', number: Number(token.value) };
    case 'date':
      return { kind: 'date', date: token.value };
    case 'name':
      return named(token);
    default:
      throw new FilterTextError('a value is missing', token.at);
  }
};

const list = (reading: Reading): readonly FilterValue[] => {
  expectSign(reading, '(');
  const values = [value(reading)];
  while (isSign(peek(reading), ',')) {
    take(reading);
    values.push(value(reading));
  }
  expectSign(reading, ')');
  return values;
};

const SIGNS: Readonly<Record<string, Comparison>> = {
  ...{ '=': '=', '!=': '!=', '<>': '!=', '<': '<', '<=': '<=', '>': '>', '>=': '>=' },
};

const pattern = (one: FilterValue, at: number): FilterValue => {
  if (one.kind !== 'text') throw new FilterTextError('LIKE compares with a quoted text', at);
  if (/[\\_]/.test(one.text))
    throw new FilterTextError('of the wildcards of LIKE only % is taken; "_" and "\\%" are not', at);
  return one;
};

const isOrdered = (is: Comparison): boolean => ['<', '<=', '>', '>='].includes(is);

const comparison = (reading: Reading): FilterTree => {
  const name = take(reading);
  if (name.kind !== 'name' || name.value.includes(':')) throw new FilterTextError('a field is missing', name.at);
  const field = soqlName(name.value);
  const sign = take(reading);
  if (isWord(sign, 'LIKE')) return { kind: 'compare', field, is: 'LIKE', values: [pattern(value(reading), sign.at)] };
  if (isWord(sign, 'IN')) return { kind: 'compare', field, is: 'IN', values: list(reading) };
  if (isWord(sign, 'NOT')) {
    const word = take(reading);
    if (!isWord(word, 'IN')) throw new FilterTextError('IN is missing after NOT', word.at);
    return { kind: 'compare', field, is: 'NOT IN', values: list(reading) };
  }
  const is = sign.kind === 'sign' ? SIGNS[sign.value] : undefined;
  if (is === undefined) throw new FilterTextError('a comparison is missing: = != < <= > >= LIKE IN', sign.at);
  const one = value(reading);
  const isOrderless = one.kind === 'null' || one.kind === 'boolean';
  if (isOrdered(is) && isOrderless) throw new FilterTextError('this value is neither less nor greater', sign.at);
  return { kind: 'compare', field, is, values: [one] };
};

const term = (reading: Reading): FilterTree => {
  reading.depth += 1;
  if (reading.depth > DEEPEST) throw new FilterTextError('too many brackets', peek(reading).at);
  const token = peek(reading);
  const tree = ((): FilterTree => {
    if (isWord(token, 'NOT')) {
      take(reading);
      return { kind: 'not', of: term(reading) };
    }
    if (!isSign(token, '(')) return comparison(reading);
    take(reading);
    const inner = expression(reading);
    expectSign(reading, ')');
    return inner;
  })();
  reading.depth -= 1;
  return tree;
};

const expression = (reading: Reading): FilterTree => {
  const first = term(reading);
  const word = ['AND', 'OR'].find((one) => isWord(peek(reading), one));
  if (word === undefined) return first;
  const of = [first];
  while (isWord(peek(reading), word)) {
    take(reading);
    of.push(term(reading));
  }
  const token = peek(reading);
  if (isWord(token, 'AND') || isWord(token, 'OR'))
    throw new FilterTextError('AND and OR side by side: say by brackets what belongs together', token.at);
  return { kind: word === 'AND' ? 'all' : 'any', of };
};

/**
 * Reads a filter from text: comparisons, LIKE with `%`, IN, NOT IN, NULL, dates and date words, joined by AND, OR, NOT
 * and brackets. Functions, subqueries, bind variables, comments and everything else SOQL has are refused: what is not a
 * filter is never passed on. Error: FilterTextError.
 */
export const parseFilter = (text: string): FilterTree => {
  const reading: Reading = { tokens: filterTokens(text), at: 0, depth: 0 };
  const tree = expression(reading);
  const rest = peek(reading);
  if (rest.kind !== 'end') throw new FilterTextError('a filter ends before this', rest.at);
  return tree;
};

const printValue = (one: FilterValue): string => {
  switch (one.kind) {
    case 'text':
      return soqlString(one.text);
    case 'number':
      return String(one.number);
    case 'boolean':
      return one.boolean ? 'TRUE' : 'FALSE';
    case 'null':
      return 'NULL';
    case 'date':
      return one.date;
    case 'relative':
      return one.n === undefined ? one.name : `${one.name}:${String(one.n)}`;
  }
};

const nested = (tree: FilterTree): string => (tree.kind === 'compare' ? printFilter(tree) : `(${printFilter(tree)})`);

/** The filter as text again, from the tree alone. */
export const printFilter = (tree: FilterTree): string => {
  switch (tree.kind) {
    case 'all':
      return tree.of.map(nested).join(' AND ');
    case 'any':
      return tree.of.map(nested).join(' OR ');
    case 'not':
      return `NOT ${nested(tree.of)}`;
    case 'compare': {
      const { field, is, values } = tree;
      const many = is === 'IN' || is === 'NOT IN';
      const printed = values.map(printValue).join(', ');
      return `${soqlName(field)} ${is} ${many ? `(${printed})` : printed}`;
    }
  }
};
