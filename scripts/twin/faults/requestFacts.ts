import type { Route, TwinContext } from '../context.ts';
import { isObject } from '../http/exchange.ts';
import type { Exchange } from '../http/exchange.ts';
import type { PlanOf } from './faultPlan.ts';
import { sameText } from './sameText.ts';

/** What a plan can match of a request. */
export type RequestFacts = {
  readonly route: Pick<Route, 'name' | 'path' | 'method'>;
  readonly method: string;
  readonly path: string;
  readonly operation: string | undefined;
  /** Objects the request names, in lower case. */
  readonly objects: ReadonlySet<string>;
  readonly username: string | undefined;
};

const SOAP_OPERATION = /<(?:[\w-]+:)?Body\b[^>]*>\s*<(?:[\w-]+:)?(\w+)/;
const SOAP_OBJECT = /<(?:[\w-]+:)?(?:type|sObjectType|sObjectTypeEntityType)>\s*(\w+)\s*</g;
const SOAP_QUERY = /<(?:[\w-]+:)?queryString>([^<]*)</g;
const FROM = /\bFROM\s+(\w+)/i;

const fromOf = (soql: string): readonly string[] => {
  const found = FROM.exec(soql)?.[1];
  return found === undefined ? [] : [found];
};

const recordTypes = (records: unknown): readonly string[] =>
  Array.isArray(records)
    ? records.flatMap((record: unknown) => {
        const attributes = isObject(record) ? record['attributes'] : undefined;
        const type = isObject(attributes) ? attributes['type'] : undefined;
        return typeof type === 'string' ? [type] : [];
      })
    : [];

const bodyObjects = (body: unknown): readonly string[] => {
  if (typeof body === 'string') {
    return [
      ...[...body.matchAll(SOAP_OBJECT)].map((match) => match[1] ?? ''),
      ...[...body.matchAll(SOAP_QUERY)].flatMap((match) => fromOf(match[1] ?? '')),
    ];
  }
  if (!isObject(body)) return [];
  const { object, query, records } = body;
  return [
    ...(typeof object === 'string' ? [object] : []),
    ...(typeof query === 'string' ? fromOf(query) : []),
    ...recordTypes(records),
  ];
};

const JOB = /\/jobs\/(ingest|query)\//i;

const jobFacts = (
  exchange: Exchange,
  context: TwinContext,
): { readonly object: string; readonly operation: string } | undefined => {
  const kind = JOB.exec(exchange.path)?.[1]?.toLowerCase();
  const id = exchange.params['id'];
  if (kind === undefined || id === undefined || exchange.session === undefined) return undefined;
  const jobs = kind === 'ingest' ? context.org.ingest : context.org.queries;
  return jobs.list(exchange.session).find((job) => job.id.startsWith(id.slice(0, 15)));
};

const operationOf = (exchange: Exchange, job: { readonly operation: string } | undefined): string | undefined => {
  if (job !== undefined) return job.operation;
  if (typeof exchange.body === 'string') return SOAP_OPERATION.exec(exchange.body)?.[1];
  const given = isObject(exchange.body) ? exchange.body['operation'] : undefined;
  return typeof given === 'string' ? given : undefined;
};

const sessionIdOf = (body: unknown): string | undefined =>
  typeof body === 'string' ? /<(?:[\w-]+:)?sessionId>\s*([^<\s]+)/.exec(body)?.[1] : undefined;

/** The access token of a request, wherever its API carries it. */
export const tokenOf = (exchange: Exchange): string | undefined => exchange.token ?? sessionIdOf(exchange.body);

const usernameOf = (exchange: Exchange, context: TwinContext): string | undefined => {
  if (exchange.session !== undefined) return exchange.session.username;
  const token = tokenOf(exchange);
  return token === undefined ? undefined : context.sessions.usernameOfToken(token);
};

/** Reads a request; only asked while a plan is there. */
export const factsOf = (route: Route, exchange: Exchange, context: TwinContext): RequestFacts => {
  const job = jobFacts(exchange, context);
  const named = [exchange.params['object'] ?? '', job?.object ?? '', ...bodyObjects(exchange.body)];
  const soql = exchange.query.get('q');
  if (soql !== null) named.push(...fromOf(soql));
  return {
    route,
    method: exchange.method,
    path: exchange.path,
    operation: operationOf(exchange, job),
    objects: new Set(named.filter((name) => name !== '').map((name) => name.toLowerCase())),
    username: usernameOf(exchange, context),
  };
};

const segments = (path: string): readonly string[] => path.split('/').filter((part) => part !== '');

/** `/a/:b/*`: a parameter or star stands for one segment, a last star for the rest. */
export const pathMatches = (pattern: string, path: string): boolean => {
  const wanted = segments(pattern);
  const given = segments(path);
  const open = wanted.at(-1) === '*';
  if (open ? given.length < wanted.length - 1 : given.length !== wanted.length) return false;
  return wanted.every((part, i) => {
    if (part === '*' || part.startsWith(':')) return true;
    return part.toLowerCase() === (given[i] ?? '').toLowerCase();
  });
};

/** @param userOf resolves a role to its username. */
export const requestMatches = (
  match: PlanOf<'latency'>['match'],
  facts: RequestFacts,
  userOf: (user: string) => string,
): boolean =>
  sameText(match.route, facts.route.name) &&
  sameText(match.method, facts.method) &&
  (match.path === undefined || match.path === facts.route.path || pathMatches(match.path, facts.path)) &&
  sameText(match.operation, facts.operation) &&
  (match.object === undefined || facts.objects.has(match.object.toLowerCase())) &&
  (match.user === undefined || sameText(userOf(match.user), facts.username));
