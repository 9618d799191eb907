import type { QueryParser } from './parseCondition.ts';
import { isReserved, parseExpression, parsePath } from './parseExpression.ts';
import type { Expression, Path, SelectItem, TypeOf } from './syntax.ts';
import type { TokenReader } from './tokens.ts';

const parseFieldList = (reader: TokenReader): readonly Expression[] => {
  const fields: Expression[] = [];
  do fields.push(parseExpression(reader));
  while (reader.take(','));
  return fields;
};

/** Source: https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_typeof.htm */
const parseTypeOf = (reader: TokenReader): TypeOf => {
  reader.expect('TYPEOF');
  const relationship = parsePath(reader);
  const when: TypeOf['when'][number][] = [];
  while (reader.take('WHEN')) {
    const object = parsePath(reader);
    reader.expect('THEN');
    when.push({ object, fields: parseFieldList(reader) });
  }
  if (when.length === 0) throw reader.unexpected();
  const otherwise = reader.take('ELSE') ? parseFieldList(reader) : [];
  reader.expect('END');
  return { kind: 'typeof', relationship, when, otherwise };
};

/** Words that are reserved only where they begin a clause. */
const startsClause = (reader: TokenReader): boolean =>
  (reader.is('ORDER') && reader.is('BY', 1)) || (reader.is('OFFSET') && reader.peek(1).kind === 'number');

/** An alias, when the next word is one; `sum1` looks like an amount in a currency. */
export const parseAlias = (reader: TokenReader): Path | undefined => {
  const token = reader.peek();
  if ((token.kind !== 'word' && token.kind !== 'currency') || isReserved(token) || startsClause(reader))
    return undefined;
  reader.next();
  return { kind: 'path', text: token.text, at: token.at };
};

const parseItem = (reader: TokenReader, query: QueryParser, isFirst: boolean): SelectItem => {
  if (reader.is('(')) {
    reader.next();
    const inner = query(reader);
    reader.expect(')');
    return { kind: 'children', query: inner };
  }
  if (reader.is('TYPEOF') && reader.peek(1).kind === 'word') return parseTypeOf(reader);
  const token = reader.peek();
  if (token.kind !== 'word' && token.kind !== 'currency') throw reader.unexpected(isFirst ? 'SELECT ' : '');
  if (reader.is('FROM')) throw reader.unexpected(isFirst ? 'SELECT ' : '');
  const expression = parseExpression(reader);
  return { kind: 'field', expression, alias: parseAlias(reader) };
};

/** The list between SELECT and FROM. */
export const parseSelectList = (reader: TokenReader, query: QueryParser): readonly SelectItem[] => {
  const items: SelectItem[] = [];
  do items.push(parseItem(reader, query, items.length === 0));
  while (reader.take(','));
  return items;
};
