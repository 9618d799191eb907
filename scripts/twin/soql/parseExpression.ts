import { dayRange } from './dateLiterals.ts';
import { malformed } from './soqlErrors.ts';
import type { Expression, FunctionCall, LiteralText, LiteralType, Path } from './syntax.ts';
import type { Token, TokenReader } from './tokens.ts';

/** Source: https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_alias.htm */
const reserved = new Set(
  'AND ASC DESC EXCLUDES FIRST FROM GROUP HAVING IN INCLUDES LAST LIKE LIMIT NOT NULL NULLS OR SELECT USING WHERE WITH'.split(
    ' ',
  ),
);

export const isReserved = (token: Token): boolean => reserved.has(token.word);

/** `Account.Owner.Name` */
export const parsePath = (reader: TokenReader): Path => {
  const first = reader.expectWord();
  let text = first.text;
  while (reader.is('.')) {
    reader.next();
    text += `.${reader.expectWord().text}`;
  }
  return { kind: 'path', text, at: first.at };
};

const isCalendar = { today: '2000-01-01', firstDayOfWeek: 0, fiscalYearStart: 1 };

/** Date literals are words of their own; those that count have `:n`. */
const dateLiteral = (reader: TokenReader): LiteralText | undefined => {
  const word = reader.peek();
  if (word.kind !== 'word') return undefined;
  const counted = reader.is(':', 1) && reader.peek(2).kind === 'number';
  const text = counted ? `${word.text}:${reader.peek(2).text}` : word.text;
  if (dayRange(text, isCalendar) === undefined) return undefined;
  reader.next();
  if (counted) {
    reader.next();
    reader.next();
  }
  return { kind: 'literal', type: 'dateLiteral', text, at: word.at };
};

const wordTypes: Readonly<Record<string, LiteralType>> = { TRUE: 'boolean', FALSE: 'boolean', NULL: 'null' };

const literalType = (token: Token): LiteralType | undefined => {
  if (token.kind === 'word') return wordTypes[token.word];
  const { kind } = token;
  return kind === 'symbol' || kind === 'stray' || kind === 'end' ? undefined : kind;
};

const onlyApex = 'Bind variables only allowed in Apex code';

/** MALFORMED_QUERY where a variable of Apex stands, `:name`. */
export const refuseBind = (reader: TokenReader): void => {
  if (reader.is(':')) throw malformed(onlyApex, reader.soql, reader.peek());
};

/** A value; MALFORMED_QUERY when something else stands there. */
export const parseLiteral = (reader: TokenReader): LiteralText => {
  const named = dateLiteral(reader);
  if (named !== undefined) return named;
  const token = reader.peek();
  const type = literalType(token);
  if (type !== undefined) {
    reader.next();
    return { kind: 'literal', type, text: token.text, at: token.at };
  }
  refuseBind(reader);
  const isName = token.kind === 'word' && !isReserved(token);
  if (isName) throw malformed(onlyApex, reader.soql, token);
  throw reader.unexpected();
};

const parseParameter = (reader: TokenReader): FunctionCall['parameters'][number] => {
  const { kind } = reader.peek();
  if (kind === 'word') return parseExpression(reader);
  return parseLiteral(reader);
};

const parseCall = (reader: TokenReader): FunctionCall => {
  const name = reader.expectWord();
  reader.expect('(');
  const parameters: FunctionCall['parameters'][number][] = [];
  if (!reader.is(')')) {
    do parameters.push(parseParameter(reader));
    while (reader.take(','));
  }
  const close = reader.expect(')');
  const text = reader.soql.slice(name.at, close.end);
  return { kind: 'function', name: name.word, parameters, text, at: name.at };
};

/** A path or a function over paths, functions and values. */
export const parseExpression = (reader: TokenReader): Expression =>
  reader.is('(', 1) ? parseCall(reader) : parsePath(reader);
