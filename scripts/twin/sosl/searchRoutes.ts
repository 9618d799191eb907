import { z } from 'zod';
import { notEmulated, TwinError, type ParameterizedSearch, type QueryRow } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import { json, objectBody, signedIn, type Answer, type Exchange } from '../http/exchange.ts';
import { rowShaper } from '../rest/shape.ts';
import type { Route } from '../router.ts';

/** Before this version the answer is a bare list. Source: REST API guide, Search, versions 36.0 and 37.0. */
const wrappedFrom = 37;

const found = (exchange: Exchange, context: TwinContext, rows: readonly QueryRow[]): Answer => {
  const shape = rowShaper(context.org.schema);
  const records = rows.map((row) => shape(row));
  return json(exchange.apiVersion < wrappedFrom ? records : { searchRecords: records });
};

const textOf = (exchange: Exchange): string => {
  const q = exchange.query.get('q');
  if (q === null || q.trim() === '') throw new TwinError('MALFORMED_SEARCH', 'A search string has to be specified');
  return q;
};

const search: Route['handle'] = (exchange, context) =>
  found(exchange, context, context.org.engine.search(signedIn(exchange), textOf(exchange)));

const count = z.coerce.number().int().min(0).max(2_000);
const fieldList = z.array(z.string().min(1)).min(1);

/** Source: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_search_parameterized_post.htm */
const body = z.strictObject({
  q: z.string().min(1),
  in: z.string().optional(),
  fields: fieldList.optional(),
  sobjects: z
    .array(
      z.strictObject({
        name: z.string().regex(/^\w+$/),
        fields: fieldList.optional(),
        where: z.string().min(1).optional(),
        orderBy: z.string().min(1).optional(),
        limit: count.optional(),
        offset: count.optional(),
      }),
    )
    .optional(),
  defaultLimit: count.optional(),
  overallLimit: count.optional(),
  offset: count.optional(),
});

/** What the platform knows and the twin does not: refused by its name. */
const notDone = new Set(
  'dataCategories dataCategory division metadata netWorkIds snippet spellCorrection updateTracking updateViewStat'.split(
    ' ',
  ),
);

const checked = (given: Readonly<Record<string, unknown>>): ParameterizedSearch => {
  const unknown = Object.keys(given).find((name) => notDone.has(name));
  if (unknown !== undefined) throw notEmulated(`parameterized search: ${unknown}`);
  const result = body.safeParse(given);
  if (result.success) return JSON.parse(JSON.stringify(result.data)) as ParameterizedSearch;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new TwinError('INVALID_SEARCH', problems.join('; '));
};

/** `sobject=Account&Account.fields=id,name&Account.limit=10` */
const fromAddress = (query: URLSearchParams): Readonly<Record<string, unknown>> => {
  const given: Record<string, unknown> = {};
  const names = query.getAll('sobject');
  const list = (text: string | null): string[] | undefined => text?.split(',').map((one) => one.trim());
  for (const [name, value] of query) {
    if (name === 'sobject' || names.some((object) => name.startsWith(`${object}.`))) continue;
    given[name] = name === 'fields' ? list(value) : value;
  }
  if (names.length === 0) return given;
  const sobjects = names.map((name) => {
    const own: Record<string, unknown> = { name };
    for (const [key, value] of query) {
      if (!key.startsWith(`${name}.`)) continue;
      const word = key.slice(name.length + 1);
      own[word] = word === 'fields' ? list(value) : value;
    }
    return own;
  });
  return { ...given, sobjects };
};

const parameterizedSearch =
  (given: (exchange: Exchange) => Readonly<Record<string, unknown>>): Route['handle'] =>
  (exchange, context) =>
    found(exchange, context, context.org.engine.search(signedIn(exchange), checked(given(exchange))));

const base = '/services/data/:version';
const common = { auth: 'bearer', composable: true } as const;

/** Source: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_search.htm */
export const searchRoutes: readonly Route[] = [
  { ...common, name: 'search', method: 'GET', path: `${base}/search`, handle: search },
  {
    ...common,
    name: 'parameterized search',
    method: 'POST',
    path: `${base}/parameterizedSearch`,
    body: 'json',
    handle: parameterizedSearch(objectBody),
  },
  {
    ...common,
    name: 'parameterized search by address',
    method: 'GET',
    path: `${base}/parameterizedSearch`,
    handle: parameterizedSearch(({ query }) => fromAddress(query)),
  },
];
