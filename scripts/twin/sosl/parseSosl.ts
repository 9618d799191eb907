import { notEmulated, TwinError } from '../contract.ts';
import { parseReturning } from '../soql/parseSoql.ts';
import type { Query } from '../soql/syntax.ts';
import { TokenReader } from '../soql/tokens.ts';

export type SearchGroup = 'ALL' | 'NAME' | 'EMAIL' | 'PHONE';

export type SearchStatement = {
  /** What stands between the braces. */
  readonly find: string;
  readonly group: SearchGroup;
  /** Empty: every searchable object. */
  readonly returning: readonly Query[];
  readonly limit: number | undefined;
};

const groups: ReadonlySet<string> = new Set(['ALL', 'NAME', 'EMAIL', 'PHONE']);

/** A search group by its name. @throws TwinError NOT_EMULATED for SIDEBAR, MALFORMED_SEARCH for what is none. */
export const groupNamed = (name: string): SearchGroup => {
  const word = name.toUpperCase();
  if (word === 'SIDEBAR') throw notEmulated('SOSL IN SIDEBAR FIELDS');
  if (!groups.has(word)) throw new TwinError('MALFORMED_SEARCH', `unexpected token: '${name}'`);
  return word as SearchGroup;
};

const noTerm = (): TwinError =>
  new TwinError('MALFORMED_SEARCH', 'No search term found. The search term must be enclosed in braces.');

/** The search query, and the rest of the statement with blanks in its place, so that errors point right. */
const cut = (sosl: string): { readonly find: string; readonly rest: string } => {
  const found = /^\s*FIND\s*\{((?:\\[^]|[^}\\])*)\}/i.exec(sosl);
  if (found === null) throw noTerm();
  return { find: found[1] ?? '', rest: ' '.repeat(found[0].length) + sosl.slice(found[0].length) };
};

const parseGroup = (reader: TokenReader): SearchGroup => {
  if (!reader.take('IN')) return 'ALL';
  const group = groupNamed(reader.expectWord().text);
  reader.expect('FIELDS');
  return group;
};

const refuseRest = (reader: TokenReader): void => {
  if (reader.is('WITH') || reader.is('UPDATE')) throw notEmulated(`SOSL ${reader.peek().word} ${reader.peek(1).text}`);
};

/** MALFORMED_QUERY of the shared grammar is MALFORMED_SEARCH here. */
const asSearchError = (error: unknown): unknown =>
  error instanceof TwinError && error.errorCode === 'MALFORMED_QUERY'
    ? new TwinError('MALFORMED_SEARCH', error.message)
    : error;

/** One object of RETURNING, as `Account(Id, Name WHERE … ORDER BY … LIMIT …)`. */
export const parseObject = (text: string): Query => {
  try {
    const reader = new TokenReader(text);
    const query = parseReturning(reader);
    if (reader.peek().kind !== 'end') throw reader.unexpected();
    return query;
  } catch (error) {
    throw asSearchError(error);
  }
};

/**
 * Parses a SOSL statement.
 * Source: https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_sosl_syntax.htm
 * @throws TwinError MALFORMED_SEARCH; NOT_EMULATED for WITH and UPDATE clauses.
 */
export const parseSosl = (sosl: string): SearchStatement => {
  const { find, rest } = cut(sosl);
  try {
    const reader = new TokenReader(rest);
    const group = parseGroup(reader);
    const returning: Query[] = [];
    if (reader.take('RETURNING')) {
      do returning.push(parseReturning(reader));
      while (reader.take(','));
    }
    refuseRest(reader);
    const limit = reader.take('LIMIT') ? reader.expectCount() : undefined;
    refuseRest(reader);
    if (reader.peek().kind !== 'end') throw reader.unexpected();
    return { find, group, returning, limit };
  } catch (error) {
    throw asSearchError(error);
  }
};
