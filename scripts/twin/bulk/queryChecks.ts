import { TwinError } from '../contract.ts';
import type { QueryColumn } from '../contract.ts';
import { isAggregate, isPlainCount } from '../soql/aggregate.ts';
import type { Query, SelectItem } from '../soql/syntax.ts';

/** API_ERROR as clients of Bulk 2.0 report it; Bulk v1 says FUNCTIONALITY_NOT_ENABLED of the same. */
export const notInBulk = (what: string): TwinError => new TwinError('API_ERROR', `${what} not supported in Bulk Query`);

const isUnbounded = (item: SelectItem): boolean => {
  if (item.kind !== 'field' || item.expression.kind !== 'function' || item.expression.name !== 'FIELDS') return false;
  return !/\(\s*STANDARD\s*\)/i.test(item.expression.text);
};

/**
 * What Bulk queries cannot do: aggregates, GROUP BY, OFFSET, TYPEOF, child sub-queries, FIELDS(ALL) and FIELDS(CUSTOM).
 * Source: https://developer.salesforce.com/docs/platform/api-asynch/guide/queries.html (SOQL considerations). Recorded
 * texts: those of aggregates and child sub-queries; that of FIELDS is the SOQL reference's; the others follow them.
 */
export const checkBulkQuery = (query: Query): void => {
  const { select } = query;
  if (select.some((item) => item.kind === 'children')) throw notInBulk('Aggregate Relationships');
  if (isAggregate(query) || isPlainCount(query)) throw notInBulk('Aggregate queries are');
  if (query.offset !== undefined) throw notInBulk('OFFSET is');
  if (select.some((item) => item.kind === 'typeof')) throw notInBulk('TYPEOF is');
  if (select.some(isUnbounded)) {
    throw new TwinError(
      'MALFORMED_QUERY',
      'The SOQL FIELDS function is not supported with an unbounded set of fields in this API.',
    );
  }
};

const allPaths = (columns: readonly QueryColumn[], above: readonly string[] = []): readonly string[] =>
  columns.flatMap((column) => {
    const path = [...above, column.columnName];
    return column.joinColumns.length === 0 ? [path.join('.')] : allPaths(column.joinColumns, path);
  });

const textOf = (item: SelectItem): string | undefined =>
  item.kind === 'field' && item.expression.kind === 'path' ? item.expression.text : undefined;

/** Paths of the result columns, canonical names, as the SELECT lists them. */
export const columnPaths = (query: Query, columns: readonly QueryColumn[]): readonly string[] => {
  const known = new Map(allPaths(columns).map((path) => [path.toLowerCase(), path]));
  const prefixes = [query.alias, query.from].flatMap((name) => (name === undefined ? [] : [`${name.text}.`]));
  const ordered = new Set<string>();
  for (const item of query.select) {
    const text = textOf(item);
    if (text === undefined) continue;
    const bare = prefixes.find((prefix) => text.toLowerCase().startsWith(prefix.toLowerCase()));
    const path = known.get(text.toLowerCase()) ?? known.get(text.slice(bare?.length ?? 0).toLowerCase());
    if (path !== undefined) ordered.add(path);
  }
  return [...new Set([...ordered, ...known.values()])];
};
