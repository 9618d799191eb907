import type { DatabaseSync } from 'node:sqlite';
import { TwinError, type ParameterizedSearch, type QueryRow, type Session } from '../contract.ts';
import type { EngineContext } from '../engine/engineContext.ts';
import type { ObjectDefinition } from '../schema/definitions.ts';
import { queryInput, type QueryInput } from '../soql/queryInput.ts';
import { openQuery } from '../soql/runQuery.ts';
import { objectFrom, type Scope } from '../soql/scope.ts';
import { plainQuery, type Query } from '../soql/syntax.ts';
import { parameterized } from './parameterizedSearch.ts';
import { parseSosl, type SearchGroup, type SearchStatement } from './parseSosl.ts';
import { matcherOf, parseSearch, tokensOf, type SearchExpression } from './searchExpression.ts';
import { isSearched } from './searchFields.ts';

/** Source: https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_sosl_limit.htm */
const maxResults = 2_000;

/** Between the fields of a record (`char(31)` in SQL): no phrase crosses it. */
const fieldMark = '\u001f';

/** SQL function `sosl_matches(expression as JSON, fields joined)`. */
export const addSearchFunction = (database: DatabaseSync): void => {
  let known = '';
  let matches = matcherOf({ kind: 'words', words: [] });
  database.function('sosl_matches', { deterministic: true }, (expression, text) => {
    if (typeof expression !== 'string' || typeof text !== 'string') return 0;
    if (expression !== known) {
      matches = matcherOf(JSON.parse(expression) as SearchExpression);
      known = expression;
    }
    return Number(matches(text.split(fieldMark).map(tokensOf)));
  });
};

type Searching = { readonly input: QueryInput; readonly expression: SearchExpression; readonly group: SearchGroup };

/** SQL that keeps the rows whose fields, as far as the user sees them, hold what is searched. */
const matchSql = ({ expression, group, input }: Searching, scope: Scope): string => {
  const { object } = scope.root;
  const columns = object.fields
    .filter((field) => isSearched(object, field, group) && input.access.field(object.name, field.name).read)
    .map((field) => `ifnull(${scope.column(scope.root, field)}, '')`);
  if (columns.length === 0) return '0';
  const text = columns.join(' || char(31) || ');
  return `sosl_matches(${scope.binder.bind(JSON.stringify(expression))}, ${text}) = 1`;
};

/** The rows of one object, read as far as they are asked for. */
const rowsOf = (searching: Searching, query: Query): readonly QueryRow[] => {
  const limit = Math.min(query.limit ?? maxResults, maxResults);
  const cursor = openQuery(searching.input, { ...query, limit }, (scope) => matchSql(searching, scope));
  return [...cursor.rows];
};

const searchable = (input: QueryInput): readonly Query[] =>
  input.context.registry
    .objects()
    .filter((object) => object.searchable && object.queryable && object.keyPrefix !== null && object.tooling !== true)
    .filter((object) => input.access.object(object.name).read)
    .map((object) => plainQuery(object.name, ['Id']));

const requireSearchable = (input: QueryInput, query: Query): ObjectDefinition => {
  const object = objectFrom(input, query.from);
  if (object.searchable) return object;
  throw new TwinError('INVALID_SEARCH', `entity type ${object.name} does not support search`);
};

type Found = { readonly rows: readonly QueryRow[]; readonly bounded: boolean };

/**
 * How many rows each object gives: objects with a limit of their own first, the others share what is left evenly.
 * Source: https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_sosl_limit.htm
 */
export const shares = (found: readonly Found[], limit: number): readonly number[] => {
  const given = found.map(() => 0);
  let left = limit;
  for (const [index, { rows, bounded }] of found.entries()) {
    if (!bounded) continue;
    given[index] = Math.min(rows.length, left);
    left -= given[index] ?? 0;
  }
  let open = [...found.keys()].filter((index) => found[index]?.bounded === false);
  while (left > 0 && open.length > 0) {
    open = open.filter((index) => (given[index] ?? 0) < (found[index]?.rows.length ?? 0));
    for (const index of open.slice(0, left)) given[index] = (given[index] ?? 0) + 1;
    left -= Math.min(left, open.length);
  }
  return given;
};

const answer = (input: QueryInput, statement: SearchStatement): readonly QueryRow[] => {
  const searching: Searching = { input, expression: parseSearch(statement.find), group: statement.group };
  for (const query of statement.returning) requireSearchable(input, query);
  const queries = statement.returning.length > 0 ? statement.returning : searchable(input);
  const found = queries.map((query) => ({ rows: rowsOf(searching, query), bounded: query.limit !== undefined }));
  const given = shares(found, Math.min(statement.limit ?? maxResults, maxResults));
  return found.flatMap(({ rows }, index) => rows.slice(0, given[index]));
};

/**
 * Answers a SOSL statement, or a search by parameters, as this user. Rows come object by object in the order of
 * RETURNING, within an object by its ORDER BY, else in the order they were made: relevance is not emulated.
 */
export const runSearch = (
  context: EngineContext,
  session: Session,
  search: string | ParameterizedSearch,
): readonly QueryRow[] => {
  const text = typeof search === 'string' ? search : '';
  const input = queryInput(context, session, text, { includeDeleted: false });
  return answer(input, typeof search === 'string' ? parseSosl(search) : parameterized(search));
};
