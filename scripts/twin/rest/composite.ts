import { TwinError } from '../contract.ts';
import { errorAnswer, isObject, json, objectBody } from '../http/exchange.ts';
import type { Answer } from '../http/exchange.ts';
import type { Route } from '../router.ts';
import { limitReached, requiredText, runAtomically, runSteps, stepsOf } from './steps.ts';
import type { Step } from './steps.ts';
import { runSubrequest } from './subrequest.ts';

/*
 * Limits: 25 subrequests, of which 5 queries and sObject collections.
 * Source: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_composite.htm
 */
const SUBREQUESTS = 25;
const QUERIES = 5;

const HEAVY = /\/v\d\d\.\d\/(?:query|queryAll|composite\/sobjects)(?:[/?]|$)/i;

const ROLLED_BACK = 'The transaction was rolled back since another operation in the same transaction failed.';

const checkLimits = (steps: readonly Step[]): void => {
  if (steps.length > SUBREQUESTS) throw limitReached(SUBREQUESTS, 'subrequests');
  if (steps.filter(({ url }) => HEAVY.test(url)).length > QUERIES) {
    throw limitReached(QUERIES, 'query and sObject Collections subrequests');
  }
};

/** Subrequests run in order one by one, so that `collateSubrequests`, which may join neighbours, changes nothing. */
const composite: Route['handle'] = (exchange, context) => {
  const body = objectBody(exchange);
  const steps = stepsOf(body['compositeRequest']);
  checkLimits(steps);
  const { results } =
    body['allOrNone'] === true
      ? runAtomically(steps, exchange, context, ROLLED_BACK)
      : runSteps(steps, exchange, context);
  return json({ compositeResponse: results });
};

const HALTED = (): Answer =>
  errorAnswer(new TwinError('BATCH_PROCESSING_HALTED', 'Batch processing halted per request', { status: 412 }));

const batch: Route['handle'] = (exchange, context) => {
  const body = objectBody(exchange);
  const requests: unknown = body['batchRequests'];
  if (!Array.isArray(requests)) throw new TwinError('JSON_PARSER_ERROR', 'The batchRequests list is missing.');
  if (requests.length > SUBREQUESTS) throw limitReached(SUBREQUESTS, 'subrequests');
  const results: { statusCode: number; result: unknown }[] = [];
  for (const request of requests as readonly unknown[]) {
    if (!isObject(request)) throw new TwinError('JSON_PARSER_ERROR', 'Every subrequest must be a JSON object.');
    const stop = body['haltOnError'] === true && results.some(({ statusCode }) => statusCode >= 400);
    const [method, url] = [requiredText(request['method'], 'method'), requiredText(request['url'], 'url')];
    const answer = stop
      ? HALTED()
      : runSubrequest({ method, url, body: request['richInput'], headers: {} }, exchange, context);
    results.push({ statusCode: answer.status, result: answer.json ?? null });
  }
  return json({ hasErrors: results.some(({ statusCode }) => statusCode >= 400), results });
};

const base = '/services/data/:version/composite';
const post = { method: 'POST', auth: 'bearer', body: 'json' } as const;

const resources: Route['handle'] = ({ apiVersion }) => {
  const address = (name: string): string => `/services/data/v${apiVersion}.0/composite/${name}`;
  return json({
    tree: address('tree'),
    batch: address('batch'),
    sobjects: address('sobjects'),
    graph: address('graph'),
  });
};

export const compositeRoutes: readonly Route[] = [
  { name: 'composite resources', method: 'GET', path: base, auth: 'bearer', handle: resources },
  { ...post, name: 'composite', path: base, handle: composite },
  { ...post, name: 'composite batch', path: `${base}/batch`, handle: batch },
];
