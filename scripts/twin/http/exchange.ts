import type { Readable } from 'node:stream';
import { TwinError } from '../contract.ts';
import type { Session } from '../contract.ts';

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One request as the handlers see it; sub-requests of composite calls have the same shape without a socket. */
export type Exchange = {
  readonly method: Method;
  /** Decoded path without query, leading slashes collapsed. */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** A header by lower-case name. */
  readonly header: (name: string) => string | undefined;
  /** From the address (`v66.0` is 66); the newest listed version where the address has none. */
  readonly apiVersion: number;
  readonly session: Session | undefined;
  /** The access token the request came with, for logout and revocation. */
  readonly token: string | undefined;
  /** Parsed JSON, URLSearchParams or text as the route declares; undefined otherwise. */
  readonly body: unknown;
  /** The request that a sub-request of composite or batch is part of. */
  readonly within?: Exchange;
  /** The decompressed body of routes that declare `stream`. */
  readonly stream: () => Readable;
};

export type Content = string | Uint8Array | AsyncIterable<string | Uint8Array>;

export type Answer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly content?: Content;
};

export const json = (value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers,
  json: value,
});

export const empty = (status = 204): Answer => ({ status });

export const content = (type: string, body: Content, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status: 200,
  headers: { 'Content-Type': type, ...headers },
  content: body,
});

/** The session of a route that needs one. */
export const signedIn = (exchange: Exchange): Session => {
  if (exchange.session === undefined)
    throw new TwinError('INVALID_SESSION_ID', 'Session expired or invalid', { status: 401 });
  return exchange.session;
};

/** A path parameter that the route's pattern guarantees. */
export const param = (exchange: Exchange, name: string): string => {
  const value = exchange.params[name];
  if (value === undefined) throw new Error(`The route of ${exchange.path} has no parameter ${name}.`);
  return value;
};

/** A JSON object body, or the platform's parse error. */
export const objectBody = (exchange: Exchange): Readonly<Record<string, unknown>> => {
  if (isObject(exchange.body)) return exchange.body;
  throw new TwinError(
    'JSON_PARSER_ERROR',
    exchange.body === undefined
      ? 'The HTTP entity body is required, but this request has no entity body.'
      : 'The HTTP entity body must be a JSON object.',
  );
};

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The platform's JSON error list. */
export const errorAnswer = (error: TwinError): Answer =>
  json(
    [
      {
        message: error.message,
        errorCode: error.errorCode,
        ...(error.fields === undefined ? {} : { fields: error.fields }),
      },
    ],
    error.status,
  );
