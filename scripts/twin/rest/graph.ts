import { TwinError } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import { isObject, json, objectBody } from '../http/exchange.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Route } from '../router.ts';
import { haltedResult, limitReached, requiredText, runAtomically, stepsOf } from './steps.ts';
import type { Outcome, Step } from './steps.ts';

/** Source: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_graph_limits.htm */
const LIMITS = { graphs: 75, nodes: 500, depth: 15, differentNodes: 15, failures: 14 } as const;

const ROLLED_BACK = 'We rolled back the transaction since another operation in the same transaction failed.';
const NOT_TRIED = 'We halted processing since too many graphs of the request failed.';

type Graph = { readonly graphId: string; readonly nodes: unknown };

const graphOf = (given: unknown): Graph => {
  if (!isObject(given)) throw new TwinError('JSON_PARSER_ERROR', 'Every graph must be a JSON object.');
  const graphId = requiredText(given['graphId'], 'graphId');
  if (!/^[^.]{1,40}$/.test(graphId)) {
    throw new TwinError('INVALID_INPUT', `Invalid graphId ${graphId}: 1 to 40 characters, no period.`);
  }
  return { graphId, nodes: given['compositeRequest'] };
};

const referencesOf = (step: Step): readonly string[] =>
  [...JSON.stringify([step.url, step.body ?? null]).matchAll(/@\{(\w+)[.[}]/g)].map(([, name = '']) => name);

/** The longest chain of nodes that refer to each other. */
const depthOf = (steps: readonly Step[]): number => {
  const depths = new Map<string, number>();
  for (const step of steps) {
    const above = referencesOf(step).map((name) => depths.get(name) ?? 0);
    depths.set(step.referenceId, 1 + Math.max(0, ...above));
  }
  return Math.max(0, ...depths.values());
};

/** Version, method and object make nodes different. */
const kindOf = ({ method, url }: Step): string => {
  const [, version = '', object = ''] = /\/(v\d\d\.\d)\/sobjects\/(\w+)/i.exec(url) ?? [];
  return `${method} ${version} ${object}`.toLowerCase();
};

const answer = (graphId: string, { results, successful }: Outcome): Readonly<Record<string, unknown>> => ({
  graphId,
  graphResponse: { compositeResponse: results },
  isSuccessful: successful,
});

const overLimit = (limit: number, what: string): Outcome => {
  const { message, errorCode } = limitReached(limit, what);
  const result = { body: [{ errorCode, message }], httpHeaders: {}, httpStatusCode: 400, referenceId: null };
  return { results: [result], successful: false };
};

const runGraph = (nodes: unknown, exchange: Exchange, context: TwinContext): Outcome => {
  if (Array.isArray(nodes) && nodes.length > LIMITS.nodes) return overLimit(LIMITS.nodes, 'Nodes in the Graph');
  const steps = stepsOf(nodes);
  const other = steps.find(({ url }) => !/\/sobjects\/\w+/i.test(url));
  if (other !== undefined) throw new TwinError('INVALID_INPUT', `${other.url} is not supported in a graph.`);
  if (depthOf(steps) > LIMITS.depth) return overLimit(LIMITS.depth, 'levels of the Graph');
  return runAtomically(steps, exchange, context, ROLLED_BACK);
};

const checkPayload = (graphs: readonly Graph[]): void => {
  if (graphs.length > LIMITS.graphs) throw limitReached(LIMITS.graphs, 'graphs');
  const ids = new Set(graphs.map(({ graphId }) => graphId));
  if (ids.size < graphs.length) throw new TwinError('INVALID_INPUT', 'Duplicate graphId');
  const lists = graphs.map(({ nodes }) => (Array.isArray(nodes) ? (nodes as readonly unknown[]) : []));
  const small = lists.filter((nodes) => nodes.length <= LIMITS.nodes);
  const total = small.reduce((sum, nodes) => sum + nodes.length, 0);
  if (total > LIMITS.nodes) throw limitReached(LIMITS.nodes, 'Nodes in the payload');
  const kinds = new Set(small.flatMap((nodes) => stepsOf(nodes).map(kindOf)));
  if (kinds.size > LIMITS.differentNodes) throw limitReached(LIMITS.differentNodes, 'different Nodes in the payload');
};

const graph: Route['handle'] = (exchange, context) => {
  const given: unknown = objectBody(exchange)['graphs'];
  if (!Array.isArray(given)) throw new TwinError('JSON_PARSER_ERROR', 'The graphs list is missing.');
  const graphs = given.map(graphOf);
  checkPayload(graphs);
  let failures = 0;
  return json({
    graphs: graphs.map(({ graphId, nodes }) => {
      if (failures > LIMITS.failures) {
        return answer(graphId, {
          results: stepsOf(nodes).map((step) => haltedResult(step, NOT_TRIED)),
          successful: false,
        });
      }
      const outcome = runGraph(nodes, exchange, context);
      if (!outcome.successful) failures += 1;
      return answer(graphId, outcome);
    }),
  });
};

export const graphRoutes: readonly Route[] = [
  {
    name: 'composite graph',
    method: 'POST',
    path: '/services/data/:version/composite/graph',
    auth: 'bearer',
    body: 'json',
    handle: graph,
  },
];
