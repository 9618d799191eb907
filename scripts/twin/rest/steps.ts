import { TwinError } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import { errorAnswer, isObject } from '../http/exchange.ts';
import type { Answer, Exchange } from '../http/exchange.ts';
import { badReferenceId, resolveReferences } from './references.ts';
import { isFailure, runSubrequest } from './subrequest.ts';

export type Step = {
  readonly method: string;
  readonly url: string;
  readonly referenceId: string;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
};

export type StepResult = {
  readonly body: unknown;
  readonly httpHeaders: Readonly<Record<string, string>>;
  readonly httpStatusCode: number;
  /** Null where the failure is no step's own (a graph over its limits). */
  readonly referenceId: string | null;
};

export const requiredText = (value: unknown, name: string): string => {
  if (typeof value === 'string' && value !== '') return value;
  throw new TwinError('JSON_PARSER_ERROR', `Every subrequest needs ${name}.`);
};

export const limitReached = (limit: number, what: string): TwinError =>
  new TwinError('LIMIT_EXCEEDED', `Limit of ${limit} reached for number of ${what}`);

const REFERENCE_ID = /^[a-zA-Z0-9]\w*$/;

const stepOf = (given: unknown): Step => {
  if (!isObject(given)) throw new TwinError('JSON_PARSER_ERROR', 'Every subrequest must be a JSON object.');
  const referenceId = requiredText(given['referenceId'], 'referenceId');
  if (!REFERENCE_ID.test(referenceId)) throw new TwinError('JSON_PARSER_ERROR', badReferenceId(referenceId));
  const headers = isObject(given['httpHeaders']) ? given['httpHeaders'] : {};
  return {
    method: requiredText(given['method'], 'method').toUpperCase(),
    url: requiredText(given['url'], 'url'),
    referenceId,
    body: given['body'],
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
  };
};

/** The subrequests of a composite request or graph. Throws INVALID_INPUT, JSON_PARSER_ERROR. */
export const stepsOf = (given: unknown): readonly Step[] => {
  if (!Array.isArray(given)) throw new TwinError('JSON_PARSER_ERROR', 'The compositeRequest list is missing.');
  const steps = given.map(stepOf);
  const seen = new Set<string>();
  for (const { referenceId } of steps) {
    if (seen.has(referenceId)) throw new TwinError('INVALID_INPUT', `Duplicate referenceId: ${referenceId}`);
    seen.add(referenceId);
  }
  return steps;
};

const SHOWN = new Set(['location', 'etag', 'last-modified']);

const resultOf = (step: Step, answer: Answer): StepResult => ({
  body: answer.json ?? null,
  httpHeaders: Object.fromEntries(
    Object.entries(answer.headers ?? {}).filter(([name]) => SHOWN.has(name.toLowerCase())),
  ),
  httpStatusCode: answer.status,
  referenceId: step.referenceId,
});

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

export type Outcome = { readonly results: readonly StepResult[]; readonly successful: boolean };

/** Runs the steps in order, each with what the ones before it answered; they are independent of each other's failure. */
export const runSteps = (
  steps: readonly Step[],
  exchange: Exchange,
  context: TwinContext,
  stopAtFailure = false,
): Outcome => {
  const known = new Map<string, unknown>();
  const results: StepResult[] = [];
  for (const step of steps) {
    const answer = runStep(step, known, exchange, context);
    results.push(resultOf(step, answer));
    if (!isFailure(answer)) known.set(step.referenceId, answer.json);
    if (stopAtFailure && (isFailure(answer) || holdsFailedRow(answer))) return { results, successful: false };
  }
  return { results, successful: results.every(({ httpStatusCode }) => httpStatusCode < 400) };
};

class Halted extends Error {
  readonly results: readonly StepResult[];
  constructor(results: readonly StepResult[]) {
    super('PROCESSING_HALTED');
    this.results = results;
  }
}

export const haltedResult = (step: Step, message: string): StepResult => ({
  body: [{ errorCode: 'PROCESSING_HALTED', message }],
  httpHeaders: {},
  httpStatusCode: 400,
  referenceId: step.referenceId,
});

/** Every step's answer after a rollback: the failed one keeps its own, the others tell that they were undone. */
const halted = (steps: readonly Step[], results: readonly StepResult[], message: string): readonly StepResult[] => {
  const cause = results.at(-1);
  return steps.map((step) => (step.referenceId === cause?.referenceId ? cause : haltedResult(step, message)));
};

/** All steps or none of them, in one transaction; `message` is what the undone ones answer. */
export const runAtomically = (
  steps: readonly Step[],
  exchange: Exchange,
  context: TwinContext,
  message: string,
): Outcome => {
  try {
    return context.org.engine.transaction(() => {
      const outcome = runSteps(steps, exchange, context, true);
      if (!outcome.successful) throw new Halted(outcome.results);
      return outcome;
    });
  } catch (error) {
    if (!(error instanceof Halted)) throw error;
    return { results: halted(steps, error.results, message), successful: false };
  }
};
