import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { Connection } from '@salesforce/core';
import { cleanCode, fieldNamesOf, namedOrgError, orgError } from './orgProblems.ts';
import type { ForeignError, OrgError } from './orgProblems.ts';
import { createPatience } from './patience.ts';
import type { Patience, Timing } from './patience.ts';

export type OrgRequest = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/services/…`, or below the data API's root: `/query?q=…`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>;
  /** May be asked twice without harm (a POST that only reads is one too). By default GET only. */
  readonly repeatable?: boolean;
  /** Rows are all that is wanted of the JSON answer: what stands in front of each to name its type is not read. */
  readonly rowsOnly?: boolean;
  /** Changes the JSON answer's text before it is parsed. */
  readonly rewrite?: (text: string) => string;
};

export type OrgAnswer = {
  readonly status: number;
  readonly header: (name: string) => string | null;
  readonly body: AsyncIterable<Uint8Array>;
  readonly text: () => Promise<string>;
};

/**
 * HTTP to one org with the connection's session. jsforce's own transport is not used for data: it repeats PUT and
 * DELETE by itself, reads whole answers into memory, and logs bodies at debug level.
 */
export type Channel = {
  /** The answer of a request that succeeded, not yet read; OrgError otherwise. */
  send(request: OrgRequest): Promise<OrgAnswer>;
  /** The parsed JSON answer; undefined when it is empty. */
  json(request: OrgRequest): Promise<unknown>;
  /** The same without repetition, for callers that repeat by themselves. */
  jsonOnce(request: OrgRequest): Promise<unknown>;
  /** A new session after the org refused the old one; SessionExpired when there is none to be had. */
  renewSession(): Promise<void>;
  /** Counts calls made on this org's account by other means (metadata deployment). */
  count(calls: number): void;
  calls(): number;
  readonly connection: Connection;
  readonly patience: Patience;
};

/** The request certainly never left: its outcome is known. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const causeCode = (error: unknown): string => {
  const cause = typeof error === 'object' && error !== null && 'cause' in error ? error.cause : undefined;
  return typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
};

const isRepeatable = (request: OrgRequest): boolean => request.repeatable ?? request.method === 'GET';

const lostConnection = (request: OrgRequest, error: unknown): OrgError =>
  isRepeatable(request) || NOT_SENT.has(causeCode(error))
    ? namedOrgError('OrgUnreachable', 'stop-and-resume')
    : namedOrgError('AnswerLost', 'settle-then-repeat');

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // not JSON: the HTTP status is all that is known
  }
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const FAULT_CODE = /<faultcode>(?:[A-Za-z]+:)?([A-Z_]+)<\/faultcode>/;

/** The errors in a failed answer: REST's array, a single object, or a SOAP fault. */
export const errorsIn = (text: string, status: number): readonly ForeignError[] => {
  const fault = FAULT_CODE.exec(text)?.[1];
  if (fault !== undefined) return [{ code: cleanCode(fault) }];
  const body = parsed(text);
  const errors = (Array.isArray(body) ? body : [body])
    .filter(isRecord)
    .filter((error) => typeof error['errorCode'] === 'string')
    .map((error) => ({ code: cleanCode(error['errorCode']), fields: fieldNamesOf(error['fields']) }));
  return errors.length > 0 ? errors : [{ code: `ERROR_HTTP_${status}` }];
};

/** A gateway's answer after a write says nothing about the write. */
const refusal = (request: OrgRequest, status: number, text: string): OrgError =>
  !isRepeatable(request) && status >= 502 && status <= 504
    ? namedOrgError('AnswerLost', 'settle-then-repeat')
    : orgError(errorsIn(text, status));

const addressOf = (connection: Connection, path: string): URL =>
  new URL(
    path.startsWith('/services/') ? path : `/services/data/v${connection.getApiVersion()}${path}`,
    connection.instanceUrl,
  );

/** The body as it streams in; a connection that breaks inside it is an error of ours. */
const bodyOf = async function* (request: OrgRequest, response: Response): AsyncGenerator<Uint8Array> {
  if (response.body === null) return;
  try {
    yield* Readable.fromWeb(response.body as unknown as ReadableStream<Uint8Array>) as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw lostConnection(request, error);
  }
};

const textOf = async (request: OrgRequest, response: Response): Promise<string> => {
  try {
    return await response.text();
  } catch (error) {
    throw lostConnection(request, error);
  }
};

const answerOf = (request: OrgRequest, response: Response): OrgAnswer => ({
  status: response.status,
  header: (name) => response.headers.get(name),
  body: bodyOf(request, response),
  text: () => textOf(request, response),
});

/** Node's fetch takes async iterables as bodies when told `duplex: 'half'`; the DOM's types know neither. */
const initOf = (request: OrgRequest, accessToken: string): RequestInit =>
  ({
    method: request.method,
    headers: { ...request.headers, authorization: `Bearer ${accessToken}` },
    redirect: 'manual',
    ...(request.body === undefined ? {} : { body: request.body, duplex: 'half' }),
  }) as unknown as RequestInit;

/**
 * What the platform puts in front of each record; nothing that a value may hold, since quotes in values are escaped.
 * Reading it costs as much as reading ten fields.
 */
const ATTRIBUTES = /\{"attributes":\{"type":"\w+"(?:,"url":"[^"\\]*")?\},/g;

const parseAnswer = (request: OrgRequest, text: string): unknown => {
  if (text === '') return undefined;
  const rewritten = request.rewrite?.(text) ?? text;
  const value = parsed(request.rowsOnly === true ? rewritten.replace(ATTRIBUTES, '{') : rewritten);
  if (value === undefined) throw namedOrgError('AnswerUnreadable', 'stop', request.path.split('?')[0]);
  return value;
};

const asJson = (request: OrgRequest): OrgRequest => ({
  ...request,
  headers: { accept: 'application/json', 'content-type': 'application/json', ...request.headers },
});

type Counter = { calls: number };

const attempt = async (connection: Connection, counter: Counter, request: OrgRequest): Promise<Response> => {
  counter.calls += 1;
  try {
    return await fetch(addressOf(connection, request.path), initOf(request, connection.accessToken ?? ''));
  } catch (error) {
    throw lostConnection(request, error);
  }
};

const renew = async (connection: Connection, counter: Counter): Promise<void> => {
  counter.calls += 1;
  try {
    await connection.refreshAuth();
  } catch {
    // whatever core says, it means that there is no session to be had without the user
    throw namedOrgError('SessionExpired', 'stop-and-resume');
  }
};

/** Every failure is an OrgError. */
export const createChannel = (connection: Connection, timing?: Timing): Channel => {
  const counter: Counter = { calls: 0 };
  const patience = createPatience(timing);
  const once = async (request: OrgRequest): Promise<OrgAnswer> => {
    let response = await attempt(connection, counter, request);
    if (response.status === 401) {
      await response.body?.cancel();
      await renew(connection, counter);
      response = await attempt(connection, counter, request);
    }
    if (response.ok) return answerOf(request, response);
    throw refusal(request, response.status, await textOf(request, response));
  };
  const send = (request: OrgRequest): Promise<OrgAnswer> =>
    isRepeatable(request) ? patience.repeat(() => once(request)) : once(request);
  return {
    send,
    renewSession: () => renew(connection, counter),
    json: async (request) => parseAnswer(request, await (await send(asJson(request))).text()),
    jsonOnce: async (request) => parseAnswer(request, await (await once(asJson(request))).text()),
    count: (more) => {
      counter.calls += more;
    },
    calls: () => counter.calls,
    connection,
    patience,
  };
};
