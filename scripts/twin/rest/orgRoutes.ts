import type { TwinContext } from '../context.ts';
import { json, signedIn } from '../http/exchange.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Route } from '../router.ts';
import { TwinError } from '../contract.ts';
import { listedVersions } from '../versions.ts';

const resources = [
  'sobjects',
  'query',
  'queryAll',
  'search',
  'parameterizedSearch',
  'limits',
  'composite',
  'jobs',
  'metadata',
  'tooling',
  'graphql',
  'ui-api',
];

const resourceMap = (exchange: Exchange, context: TwinContext): Readonly<Record<string, string>> => {
  const session = signedIn(exchange);
  const base = `/services/data/v${exchange.apiVersion}.0`;
  return {
    ...Object.fromEntries(resources.map((name) => [name, `${base}/${name}`])),
    identity: `${context.instanceUrl}/id/${session.orgId}/${session.userId}`,
  };
};

const recordCount = (
  exchange: Exchange,
  context: TwinContext,
): readonly { readonly count: number; readonly name: string }[] => {
  const session = signedIn(exchange);
  const { engine } = context.org;
  const asked = exchange.query
    .get('sObjects')
    ?.split(',')
    .map((name) => name.trim());
  const visible =
    asked === undefined
      ? engine.describeGlobal(session).map(({ name }) => String(name))
      : asked.map((name) => engine.canonicalObject(session, name)).filter((name) => name !== undefined);
  return Object.entries(engine.recordCounts(visible)).map(([name, count]) => ({ count, name }));
};

const base = '/services/data/:version';
const get = { method: 'GET', auth: 'bearer', composable: true } as const;

export const orgRoutes: readonly Route[] = [
  { name: 'versions', method: 'GET', path: '/services/data', auth: 'none', handle: () => json(listedVersions()) },
  { ...get, name: 'resources', path: base, handle: (exchange, context) => json(resourceMap(exchange, context)) },
  {
    ...get,
    name: 'limits',
    path: `${base}/limits`,
    handle: (exchange, context) => json(context.org.engine.limits(signedIn(exchange))),
  },
  {
    ...get,
    name: 'record counts',
    path: `${base}/limits/recordCount`,
    handle: (exchange, context) => json({ sObjects: recordCount(exchange, context) }),
  },
  {
    ...get,
    // Source tracking exists in scratch orgs and sandboxes only: clients read this refusal as "no tracking".
    name: 'source tracking probe',
    path: `${base}/tooling/sobjects/SourceMember/describe`,
    handle: () => {
      throw new TwinError('NOT_FOUND', 'The requested resource does not exist', { status: 404 });
    },
  },
];
