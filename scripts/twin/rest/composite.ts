import { TwinError } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import { errorAnswer, isObject, json, objectBody } from '../http/exchange.ts';
import type { Answer, Exchange } from '../http/exchange.ts';
import type { Route } from '../router.ts';
import { resolveReferences } from './references.ts';
import { isFailure, runSubrequest } from './subrequest.ts';

const SUBREQUESTS = 25;
const GRAPHS = 75;
const NODES_PER_GRAPH = 500;

type Step = {
  readonly method: string;
  readonly url: string;
  readonly referenceId: string;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
};

type StepResult = {
  readonly body: unknown;
  readonly httpHeaders: Readonly<Record<string, string>>;
  readonly httpStatusCode: number;
  readonly referenceId: string;
};

const text = (value: unknown, name: string): string => {
  if (typeof value === 'string' && value !== '') return value;
  throw new TwinError('JSON_PARSER_ERROR', `Every subrequest needs ${name}.`);
};

const stepsOf = (given: unknown, limit: number): readonly Step[] => {
  if (!Array.isArray(given)) throw new TwinError('JSON_PARSER_ERROR', 'The compositeRequest list is missing.');
  if (given.length > limit) {
    throw new TwinError('LIMIT_EXCEEDED', `Limit of ${limit} reached for number of subrequests`);
  }
  const seen = new Set<string>();
  return given.map((step: unknown) => {
    if (!isObject(step)) throw new TwinError('JSON_PARSER_ERROR', 'Every subrequest must be a JSON object.');
    const referenceId = text(step['referenceId'], 'referenceId');
    if (seen.has(referenceId)) throw new TwinError('INVALID_INPUT', `Duplicate referenceId: ${referenceId}`);
    seen.add(referenceId);
    const headers = isObject(step['httpHeaders']) ? step['httpHeaders'] : {};
    return {
      method: text(step['method'], 'method'),
      url: text(step['url'], 'url'),
      referenceId,
      body: step['body'],
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    };
  });
};

const resultOf = (step: Step, answer: Answer): StepResult => {
  const location = isObject(answer.json) && answer.status === 201 ? answer.json['id'] : undefined;
  return {
    body: answer.json ?? null,
    httpHeaders: typeof location === 'string' ? { Location: `${step.url.split('?')[0] ?? ''}/${location}` } : {},
    httpStatusCode: answer.status,
    referenceId: step.referenceId,
  };
};

const runStep = (step: Step, known: ReadonlyMap<string, unknown>, exchange: Exchange, context: TwinContext): Answer => {
  try {
    const resolved = resolveReferences({ url: step.url, body: step.body }, known) as { url: string; body: unknown };
    return runSubrequest({ ...step, url: resolved.url, body: resolved.body }, exchange, context);
  } catch (error) {
    if (error instanceof TwinError) return errorAnswer(error);
    throw error;
  }
};

/** A collections call answers 200 whatever its rows did; within all-or-none a failed row counts. */
const holdsFailedRow = (answer: Answer): boolean =>
  Array.isArray(answer.json) && answer.json.some((row: unknown) => isObject(row) && row['success'] === false);

const runSteps = (
  steps: readonly Step[],
  exchange: Exchange,
  context: TwinContext,
  stopAtFailure: boolean,
): { readonly results: readonly StepResult[]; readonly failed: boolean } => {
  const known = new Map<string, unknown>();
  const results: StepResult[] = [];
  for (const step of steps) {
    const answer = runStep(step, known, exchange, context);
    results.push(resultOf(step, answer));
    if (!isFailure(answer)) known.set(step.referenceId, answer.json);
    if (stopAtFailure && (isFailure(answer) || holdsFailedRow(answer))) return { results, failed: true };
  }
  return { results, failed: results.some(({ httpStatusCode }) => httpStatusCode >= 400) };
};

class Halted extends Error {
  readonly results: readonly StepResult[];
  constructor(results: readonly StepResult[]) {
    super('PROCESSING_HALTED');
    this.results = results;
  }
}

/** Every step's answer after a rollback: the failed one keeps its own, the others tell that they were undone. */
const halted = (steps: readonly Step[], results: readonly StepResult[], message: string): readonly StepResult[] => {
  const cause = results.at(-1);
  return steps.map((step) =>
    step.referenceId === cause?.referenceId
      ? cause
      : {
          body: [{ errorCode: 'PROCESSING_HALTED', message }],
          httpHeaders: {},
          httpStatusCode: 400,
          referenceId: step.referenceId,
        },
  );
};

type Outcome = { readonly results: readonly StepResult[]; readonly successful: boolean };

const runAtomically = (steps: readonly Step[], exchange: Exchange, context: TwinContext, message: string): Outcome => {
  try {
    return context.org.engine.transaction(() => {
      const { results, failed } = runSteps(steps, exchange, context, true);
      if (failed) throw new Halted(results);
      return { results, successful: true };
    });
  } catch (error) {
    if (!(error instanceof Halted)) throw error;
    return { results: halted(steps, error.results, message), successful: false };
  }
};

const composite: Route['handle'] = (exchange, context) => {
  const body = objectBody(exchange);
  const steps = stepsOf(body['compositeRequest'], SUBREQUESTS);
  const message = 'The transaction was rolled back since another operation in the same transaction failed.';
  const { results } =
    body['allOrNone'] === true
      ? runAtomically(steps, exchange, context, message)
      : runSteps(steps, exchange, context, false);
  return json({ compositeResponse: results });
};

const overLimit = (): readonly StepResult[] => [
  {
    body: [
      { errorCode: 'LIMIT_EXCEEDED', message: `Limit of ${NODES_PER_GRAPH} reached for number of Nodes in the Graph` },
    ],
    httpHeaders: {},
    httpStatusCode: 400,
    referenceId: null as unknown as string,
  },
];

const runGraph = (given: unknown, exchange: Exchange, context: TwinContext): Readonly<Record<string, unknown>> => {
  if (!isObject(given)) throw new TwinError('JSON_PARSER_ERROR', 'Every graph must be a JSON object.');
  const graphId = text(given['graphId'], 'graphId');
  const answer = ({ results, successful }: Outcome): Readonly<Record<string, unknown>> => ({
    graphId,
    graphResponse: { compositeResponse: results },
    isSuccessful: successful,
  });
  const nodes = given['compositeRequest'];
  if (Array.isArray(nodes) && nodes.length > NODES_PER_GRAPH)
    return answer({ results: overLimit(), successful: false });
  const message = 'We rolled back the transaction since another operation in the same transaction failed.';
  return answer(runAtomically(stepsOf(nodes, NODES_PER_GRAPH), exchange, context, message));
};

const graph: Route['handle'] = (exchange, context) => {
  const { graphs } = objectBody(exchange);
  if (!Array.isArray(graphs)) throw new TwinError('JSON_PARSER_ERROR', 'The graphs list is missing.');
  if (graphs.length > GRAPHS) throw new TwinError('LIMIT_EXCEEDED', `Limit of ${GRAPHS} reached for number of graphs`);
  return json({ graphs: graphs.map((given) => runGraph(given, exchange, context)) });
};

const batch: Route['handle'] = (exchange, context) => {
  const body = objectBody(exchange);
  const requests = body['batchRequests'];
  if (!Array.isArray(requests)) throw new TwinError('JSON_PARSER_ERROR', 'The batchRequests list is missing.');
  if (requests.length > SUBREQUESTS)
    throw new TwinError('LIMIT_EXCEEDED', `Limit of ${SUBREQUESTS} reached for number of subrequests`);
  const results: { statusCode: number; result: unknown }[] = [];
  for (const request of requests as readonly unknown[]) {
    if (!isObject(request)) throw new TwinError('JSON_PARSER_ERROR', 'Every subrequest must be a JSON object.');
    const stop = body['haltOnError'] === true && results.some(({ statusCode }) => statusCode >= 400);
    const answer = stop
      ? errorAnswer(new TwinError('BATCH_PROCESSING_HALTED', 'Batch processing halted per request', { status: 412 }))
      : runSubrequest(
          {
            method: text(request['method'], 'method'),
            url: text(request['url'], 'url'),
            body: request['richInput'],
            headers: {},
          },
          exchange,
          context,
        );
    results.push({ statusCode: answer.status, result: answer.json ?? null });
  }
  return json({ hasErrors: results.some(({ statusCode }) => statusCode >= 400), results });
};

const base = '/services/data/:version/composite';
const post = { method: 'POST', auth: 'bearer', body: 'json' } as const;

export const compositeRoutes: readonly Route[] = [
  { ...post, name: 'composite', path: base, handle: composite },
  { ...post, name: 'composite batch', path: `${base}/batch`, handle: batch },
  { ...post, name: 'composite graph', path: `${base}/graph`, handle: graph },
];
