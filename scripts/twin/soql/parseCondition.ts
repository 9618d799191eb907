import { parseExpression, parseLiteral, refuseBind } from './parseExpression.ts';
import { malformed, unexpectedToken } from './soqlErrors.ts';
import type { Comparing, Condition, Expression, LiteralText, Operator, Query, SemiJoin } from './syntax.ts';
import type { TokenReader } from './tokens.ts';

/** Reads a whole SELECT; passed in, because queries hold conditions and conditions hold queries. */
export type QueryParser = (reader: TokenReader) => Query;

const symbols: Readonly<Record<string, Operator>> = {
  '=': '=',
  '!=': '!=',
  '<>': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  LIKE: 'LIKE',
  IN: 'IN',
  INCLUDES: 'INCLUDES',
  EXCLUDES: 'EXCLUDES',
};

const parseOperator = (reader: TokenReader): Operator => {
  if (reader.is('NOT') && reader.is('IN', 1)) {
    reader.next();
    reader.next();
    return 'NOT IN';
  }
  const token = reader.peek();
  const operator = token.kind === 'word' || token.kind === 'symbol' ? symbols[token.word] : undefined;
  if (operator === undefined) throw reader.unexpected();
  reader.next();
  return operator;
};

const parseList = (reader: TokenReader, left: Expression): readonly LiteralText[] => {
  refuseBind(reader);
  reader.expect('(');
  if (reader.is(')')) {
    throw unexpectedToken(reader.soql, reader.peek().at, reader.soql.slice(left.at, reader.peek().end));
  }
  const values: LiteralText[] = [];
  do values.push(parseLiteral(reader));
  while (reader.take(','));
  reader.expect(')');
  return values;
};

const parseSemiJoin = (reader: TokenReader, left: Expression, negated: boolean, query: QueryParser): SemiJoin => {
  if (left.kind !== 'path') throw malformed(`unexpected token: '${left.text}'`);
  reader.expect('(');
  const inner = query(reader);
  reader.expect(')');
  return { kind: 'semiJoin', left, negated, query: inner };
};

const listOperators: ReadonlySet<Operator> = new Set(['IN', 'NOT IN', 'INCLUDES', 'EXCLUDES']);

const parseComparison = (reader: TokenReader, query: QueryParser): Comparing | SemiJoin => {
  if (reader.peek().kind !== 'word' && reader.peek().kind !== 'currency') throw reader.unexpected();
  const left = parseExpression(reader);
  const operator = parseOperator(reader);
  const isIn = operator === 'IN' || operator === 'NOT IN';
  if (isIn && reader.is('(') && reader.is('SELECT', 1)) {
    return parseSemiJoin(reader, left, operator === 'NOT IN', query);
  }
  const many = listOperators.has(operator) || (operator === 'LIKE' && reader.is('('));
  return { kind: 'compare', left, operator, values: many ? parseList(reader, left) : [parseLiteral(reader)] };
};

const parseUnary = (reader: TokenReader, query: QueryParser): Condition => {
  if (reader.take('NOT')) return { kind: 'not', inner: parseUnary(reader, query) };
  if (!reader.take('(')) return parseComparison(reader, query);
  const inner = parseCondition(reader, query);
  reader.expect(')');
  return inner;
};

/**
 * A condition. One level is all AND or all OR; mixed without parentheses it is refused, as the platform does.
 * Source: https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_logicaloperators.htm
 */
export const parseCondition = (reader: TokenReader, query: QueryParser): Condition => {
  const first = parseUnary(reader, query);
  const word = ['AND', 'OR'].find((candidate) => reader.is(candidate));
  if (word === undefined) return first;
  const parts = [first];
  while (reader.take(word)) parts.push(parseUnary(reader, query));
  if (reader.is('AND') || reader.is('OR')) throw reader.unexpected();
  return { kind: word === 'OR' ? 'or' : 'and', parts };
};
