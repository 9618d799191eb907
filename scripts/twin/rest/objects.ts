import { createHash } from 'node:crypto';
import { TwinError } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import { json, param, signedIn } from '../http/exchange.ts';
import type { Answer, Exchange } from '../http/exchange.ts';
import { refusedRoute } from '../router.ts';
import type { Route } from '../router.ts';
import { readConditions } from './conditional.ts';

export const noResource = (): TwinError =>
  new TwinError('NOT_FOUND', 'The requested resource does not exist', { status: 404 });

/** The canonical name of the object in the address, or the platform's 404. */
export const objectParam = (exchange: Exchange, context: TwinContext): string => {
  const object = context.org.engine.canonicalObject(signedIn(exchange), param(exchange, 'object'));
  if (object === undefined) throw noResource();
  return object;
};

type Described = Readonly<Record<string, unknown>>;

type Answered = { readonly modified: number; readonly tag: string };

/** When a describe first answered as it does: the engine keeps the answer until schema or permissions change. */
const firstAnswered = new WeakMap<object, Answered>();
let answers = 0;

const sinceWhen = (answer: object, context: TwinContext): Answered => {
  const known = firstAnswered.get(answer);
  if (known !== undefined) return known;
  const modified = context.clock.now();
  answers += 1;
  const tag = createHash('sha256').update(`${modified} ${answers}`).digest('hex').slice(0, 8);
  const first = { modified, tag: `"${tag}"` };
  firstAnswered.set(answer, first);
  return first;
};

/** Both headers come with 200 and with 304, as recorded from orgs; conditions by entity tag are for rows alone. */
const conditional = (exchange: Exchange, context: TwinContext, kept: object, body: unknown): Answer => {
  const { modified, tag } = sinceWhen(kept, context);
  const headers = { ETag: tag, 'Last-Modified': new Date(modified).toUTCString() };
  const unchanged = readConditions(exchange, { tag: undefined, modified });
  return unchanged === undefined ? json(body, 200, headers) : { ...unchanged, headers };
};

const describeGlobal: Route['handle'] = (exchange, context) => {
  const sobjects = context.org.engine.describeGlobal(signedIn(exchange));
  return conditional(exchange, context, sobjects, { encoding: 'UTF-8', maxBatchSize: 200, sobjects });
};

/** Pages of the org's own user interface are at its host. */
const withHost = (described: Described, context: TwinContext): Described => {
  const urls = Object.entries(described['urls'] as Readonly<Record<string, string>>);
  return {
    ...described,
    urls: Object.fromEntries(
      urls.map(([name, url]) => [name, name.startsWith('ui') ? `${context.instanceUrl}${url}` : url]),
    ),
  };
};

const describe: Route['handle'] = (exchange, context) => {
  const described = context.org.engine.describe(signedIn(exchange), objectParam(exchange, context));
  return conditional(exchange, context, described, withHost(described, context));
};

const basicInformation: Route['handle'] = (exchange, context) => {
  const object = objectParam(exchange, context);
  const objectDescribe = context.org.engine.describeGlobal(signedIn(exchange)).find(({ name }) => name === object);
  if (objectDescribe === undefined) throw noResource();
  return json({ objectDescribe, recentItems: [] });
};

const base = '/services/data/:version/sobjects';
const get = { method: 'GET', auth: 'bearer', composable: true } as const;
const pages = 'layouts, list views and actions';

export const objectRoutes: readonly Route[] = [
  { ...get, name: 'global describe', path: base, handle: describeGlobal },
  { ...get, name: 'object basics', path: `${base}/:object`, handle: basicInformation },
  { ...get, name: 'describe', path: `${base}/:object/describe`, handle: describe },
  refusedRoute('layouts', 'GET', `${base}/:object/describe/layouts`, pages),
  refusedRoute('layouts of a record type', 'GET', `${base}/:object/describe/layouts/:recordType`, pages),
  refusedRoute('approval layouts', 'GET', `${base}/:object/describe/approvalLayouts`, pages),
  refusedRoute('compact layouts', 'GET', `${base}/:object/describe/compactLayouts`, pages),
  refusedRoute('compact layouts of a record type', 'GET', `${base}/:object/describe/compactLayouts/:recordType`, pages),
  refusedRoute('named layouts', 'GET', `${base}/:object/describe/namedLayouts/:layout`, pages),
  refusedRoute('list views', 'GET', `${base}/:object/listviews`, pages),
  refusedRoute('list view results', 'GET', `${base}/:object/listviews/:view/results`, pages),
  refusedRoute('quick actions', 'GET', `${base}/:object/quickActions`, pages),
  refusedRoute('default values', 'GET', `${base}/:object/defaultValues`, pages),
  refusedRoute('event schema', 'GET', `${base}/:object/eventSchema`, 'platform events'),
  refusedRoute('recently viewed', 'GET', '/services/data/:version/recent', 'the twin keeps no list of what was viewed'),
  refusedRoute('password', 'POST', `${base}/:object/:id/password`, 'passwords are random per start'),
  refusedRoute('password state', 'GET', `${base}/:object/:id/password`, 'passwords are random per start'),
];
