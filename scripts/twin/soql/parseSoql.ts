import { notEmulated, TwinError } from '../contract.ts';
import { parseCondition } from './parseCondition.ts';
import { parseExpression, parsePath, refuseBind } from './parseExpression.ts';
import { parseAlias, parseSelectList } from './parseSelect.ts';
import { malformed } from './soqlErrors.ts';
import { plainQuery, type Condition, type Grouping, type OrderItem, type Path, type Query } from './syntax.ts';
import { TokenReader } from './tokens.ts';

/** Source: https://developer.salesforce.com/docs/atlas.en-us.salesforce_app_limits_cheatsheet.meta/salesforce_app_limits_cheatsheet/salesforce_app_limits_platform_soslsoql.htm */
const maxLength = 100_000;

/** Words that begin the next clause, and so are no alias. */
const clauseWords = new Set('USING WHERE WITH GROUP HAVING ORDER LIMIT OFFSET FOR ALL UPDATE'.split(' '));

type Clauses = { word: string; at: number }[];

const startsClause = (reader: TokenReader, clauses: Clauses, ...words: readonly string[]): boolean => {
  if (!reader.is(words[0] ?? '')) return false;
  clauses.push({ word: words[0] ?? '', at: reader.peek().at });
  for (const word of words) reader.expect(word);
  return true;
};

const parseFromAlias = (reader: TokenReader): Path | undefined => {
  if (reader.is('AS')) reader.next();
  return clauseWords.has(reader.peek().word) ? undefined : parseAlias(reader);
};

const parseFurtherAliases = (reader: TokenReader): Query['aliases'] => {
  const aliases: { path: Path; alias: Path }[] = [];
  while (reader.take(',')) {
    const path = parsePath(reader);
    const alias = parseFromAlias(reader);
    if (alias === undefined) throw reader.unexpected();
    aliases.push({ path, alias });
  }
  return aliases;
};

/**
 * WITH: what belongs to Apex is refused in the platform's words, the rest by name.
 * Source: Summer '24 release notes, changed SOQL error messages.
 */
const refuseWith = (reader: TokenReader, clauses: Clauses): void => {
  if (!startsClause(reader, clauses, 'WITH')) return;
  if (reader.is('DATA')) throw notEmulated('SOQL WITH DATA CATEGORY');
  const isApex = ['SECURITY_ENFORCED', 'USER_MODE', 'SYSTEM_MODE'].some((word) => reader.is(word));
  if (isApex) {
    throw malformed(
      'rule soqlWithIdentifierClause failed predicate: {this.helper.allowApexSyntax() && this.helper.hasApexContext()}?',
    );
  }
  if (reader.peek().kind !== 'word') throw reader.unexpected();
  throw notEmulated(`SOQL WITH ${reader.peek().text}`);
};

const parseGrouping = (reader: TokenReader, clauses: Clauses): Grouping | undefined => {
  if (!startsClause(reader, clauses, 'GROUP', 'BY')) return undefined;
  const { at } = reader.peek();
  const word = (['ROLLUP', 'CUBE'] as const).find((candidate) => reader.is(candidate) && reader.is('(', 1));
  if (word !== undefined) {
    reader.next();
    reader.next();
  }
  const items: Grouping['items'][number][] = [];
  do items.push(parseExpression(reader));
  while (reader.take(','));
  if (word !== undefined) reader.expect(')');
  return { kind: word ?? 'plain', items, at };
};

const parseOrderItem = (reader: TokenReader): OrderItem => {
  const expression = parseExpression(reader);
  const direction = reader.take('DESC') ? 'DESC' : 'ASC';
  if (direction === 'ASC') reader.take('ASC');
  if (!reader.take('NULLS')) return { expression, direction, nulls: 'FIRST' };
  if (reader.take('LAST')) return { expression, direction, nulls: 'LAST' };
  reader.expect('FIRST');
  return { expression, direction, nulls: 'FIRST' };
};

const parseOrder = (reader: TokenReader, clauses: Clauses): readonly OrderItem[] => {
  if (!startsClause(reader, clauses, 'ORDER', 'BY')) return [];
  const items: OrderItem[] = [];
  do items.push(parseOrderItem(reader));
  while (reader.take(','));
  return items;
};

const parsePurposes = (reader: TokenReader, clauses: Clauses): readonly string[] => {
  const purposes: string[] = [];
  while (startsClause(reader, clauses, 'FOR')) {
    do {
      const word = ['VIEW', 'REFERENCE', 'UPDATE'].find((candidate) => reader.is(candidate));
      if (word === undefined) throw reader.unexpected();
      reader.next();
      purposes.push(word);
    } while (reader.take(','));
  }
  if (reader.is('UPDATE')) throw notEmulated(`SOQL UPDATE ${reader.peek(1).text}`);
  return purposes;
};

const parseLimit = (reader: TokenReader, clauses: Clauses): number | undefined => {
  if (!startsClause(reader, clauses, 'LIMIT')) return undefined;
  refuseBind(reader);
  return reader.expectCount();
};

const parseOffset = (reader: TokenReader, clauses: Clauses): number | undefined => {
  if (!startsClause(reader, clauses, 'OFFSET')) return undefined;
  refuseBind(reader);
  if (/^-\d+$/.test(reader.peek().text)) throw malformed('SOQL offset must be a non-negative value');
  return reader.expectCount();
};

const parseScope = (reader: TokenReader): Path | undefined => {
  if (!reader.take('USING')) return undefined;
  reader.expect('SCOPE');
  return parsePath(reader);
};

const parseWhere = (reader: TokenReader, word: 'WHERE' | 'HAVING', clauses: Clauses): Condition | undefined => {
  if (!reader.is(word)) return undefined;
  if (word === 'HAVING') clauses.push({ word, at: reader.peek().at });
  reader.next();
  return parseCondition(reader, parseQuery);
};

const parseQuery = (reader: TokenReader): Query => {
  reader.expect('SELECT');
  const clauses: Clauses = [];
  const select = parseSelectList(reader, parseQuery);
  reader.expect('FROM');
  const from = parsePath(reader);
  const alias = parseFromAlias(reader);
  const aliases = parseFurtherAliases(reader);
  const scope = parseScope(reader);
  const where = parseWhere(reader, 'WHERE', clauses);
  refuseWith(reader, clauses);
  const groupBy = parseGrouping(reader, clauses);
  const having = parseWhere(reader, 'HAVING', clauses);
  const orderBy = parseOrder(reader, clauses);
  const limit = parseLimit(reader, clauses);
  const offset = parseOffset(reader, clauses);
  const purposes = parsePurposes(reader, clauses);
  return {
    ...{ select, from, alias, aliases, scope, where, groupBy, having },
    ...{ orderBy, limit, offset, purposes, clauses },
  };
};

/** One object of SOSL's RETURNING: `Account(Id, Name WHERE … ORDER BY … LIMIT … OFFSET …)`; Id when no field is named. */
export const parseReturning = (reader: TokenReader): Query => {
  const from = parsePath(reader);
  if (!reader.take('(')) return { ...plainQuery(from.text, ['Id']), from };
  const clauses: Clauses = [];
  const select = parseSelectList(reader, parseQuery);
  if (reader.is('USING')) throw notEmulated('SOSL USING ListView');
  const where = parseWhere(reader, 'WHERE', clauses);
  const orderBy = parseOrder(reader, clauses);
  const limit = parseLimit(reader, clauses);
  const offset = parseOffset(reader, clauses);
  reader.expect(')');
  return { ...plainQuery(from.text, []), from, select, where, orderBy, limit, offset, clauses };
};

/** Parses a statement; TwinError MALFORMED_QUERY in the platform's words. */
export const parseSoql = (soql: string): Query => {
  if (soql.length > maxLength) {
    throw new TwinError('QUERY_TOO_COMPLICATED', `SOQL statements cannot be longer than ${maxLength} characters.`);
  }
  const reader = new TokenReader(soql);
  const query = parseQuery(reader);
  if (reader.peek().kind !== 'end') throw reader.unexpected();
  return query;
};
