import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { notEmulated, TwinError } from './contract.ts';
import type { Session } from './contract.ts';
import type { TwinContext } from './context.ts';
import { guardLength, guardOrigin, sameSecret } from './guards.ts';
import { BODY_LIMITS, bodyStream, parseJson, readBytes, readText } from './http/body.ts';
import { errorAnswer, json } from './http/exchange.ts';
import type { Answer, Exchange, Method } from './http/exchange.ts';
import { checkAccept, checkContentType } from './http/media.ts';
import { send } from './http/send.ts';
import { MultipartBody, parseMultipart } from './http/multipart.ts';
import { pathPattern } from './router.ts';
import type { Route } from './router.ts';
import { invalidSession, sessionOfToken } from './signIn.ts';
import { faultAnswer } from './soap/envelope.ts';
import { isRetired, NEWEST_VERSION, versionNumber } from './versions.ts';

const noResource = (): TwinError =>
  new TwinError('NOT_FOUND', 'The requested resource does not exist', { status: 404 });

const bearer = (request: IncomingMessage): string | undefined =>
  /^(?:Bearer|OAuth)\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];

const checkAdmin = (context: TwinContext, request: IncomingMessage): void => {
  const given = request.headers['x-garde-admin'];
  if (typeof given !== 'string' || !sameSecret(given, context.adminToken)) {
    throw new TwinError('FORBIDDEN', 'The admin token in header x-garde-admin is missing or wrong.', { status: 403 });
  }
};

const readEntity = async (request: IncomingMessage): Promise<unknown> => {
  const type = request.headers['content-type'] ?? '';
  const bytes = await readBytes(bodyStream(request, BODY_LIMITS.soap));
  if (/^multipart\//i.test(type)) return new MultipartBody(parseMultipart(type, bytes));
  return parseJson(bytes.toString('utf8'));
};

const readBody = async (route: Route, request: IncomingMessage): Promise<unknown> => {
  if (route.body === 'json' || route.body === 'entity') checkContentType(request);
  if (route.body === 'json') return parseJson(await readText(request, BODY_LIMITS.json));
  if (route.body === 'form') return new URLSearchParams(await readText(request, BODY_LIMITS.json));
  if (route.body === 'entity') return readEntity(request);
  if (route.body === 'text') return readText(request, BODY_LIMITS.soap);
  return undefined;
};

const headerOf =
  (request: IncomingMessage) =>
  (name: string): string | undefined => {
    const value = request.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  };

type Target = { readonly url: URL; readonly method: Method };

/** Leading slashes are collapsed first: clients whose instance address ends with a slash ask for `//services`. */
const targetOf = (request: IncomingMessage): Target => {
  const address = (request.url ?? '/').replace(/^\/+/, '/');
  const url = new URL(address, 'http://127.0.0.1');
  const method = (url.searchParams.get('_HttpMethod') ?? request.method ?? 'GET').toUpperCase();
  return { url, method: (request.method === 'POST' ? method : (request.method ?? 'GET')) as Method };
};

/** Addresses whose methods are all known: another method is refused as the platform does. */
const METHODS_KNOWN = /^\/services\/data\/v\d\d\.0\/(?:sobjects|query|queryAll|limits)(?:\/|$)/i;

const noRoute = (context: TwinContext, method: string, path: string): TwinError => {
  const others = ['GET', 'POST', 'PATCH', 'DELETE'].filter((other) => context.router.match(other, path) !== undefined);
  if (others.length === 0 || !METHODS_KNOWN.test(path)) return notEmulated(`${method} ${pathPattern(path)}`);
  const allowed = others.flatMap((other) => (other === 'GET' ? ['HEAD', 'GET'] : [other]));
  return new TwinError('METHOD_NOT_ALLOWED', `HTTP Method '${method}' not allowed. Allowed are ${allowed.join(',')}`, {
    status: 405,
  });
};

const versionOf = (params: Readonly<Record<string, string>>): number => {
  if (params['version'] === undefined) return NEWEST_VERSION;
  const version = versionNumber(params['version']);
  if (isRetired(params['version'])) {
    throw new TwinError('UNSUPPORTED_API_VERSION', `API version ${params['version']} is retired`, { status: 410 });
  }
  if (version === undefined) throw noResource();
  return version;
};

const authorize = (
  context: TwinContext,
  route: Route,
  request: IncomingMessage,
  apiVersion: number,
): Session | undefined => {
  if (route.auth === 'admin') checkAdmin(context, request);
  if (route.auth !== 'bearer') return undefined;
  const token = bearer(request);
  if (token === undefined) throw invalidSession();
  const session = sessionOfToken(context, token, apiVersion);
  context.org.engine.countRequest(session);
  return session;
};

const answerRequest = async (context: TwinContext, request: IncomingMessage): Promise<Answer> => {
  const { url, method } = targetOf(request);
  // node leaves the body of an answer to HEAD away by itself
  const match = context.router.match(method === 'HEAD' ? 'GET' : method, url.pathname);
  if (match === undefined) throw noRoute(context, method, url.pathname);
  const { route, params } = match;
  const apiVersion = versionOf(params);
  if (route.auth === 'bearer') checkAccept(request);
  const session = authorize(context, route, request, apiVersion);
  const exchange = async (): Promise<Exchange> => ({
    method,
    path: url.pathname,
    params,
    query: url.searchParams,
    header: headerOf(request),
    apiVersion,
    session,
    token: bearer(request),
    body: await readBody(route, request),
    stream: () => bodyStream(request, BODY_LIMITS.upload),
  });
  if (session === undefined) return route.handle(await exchange(), context);
  return withLimits(
    context,
    session,
    await handledOrRefused(request, async () => route.handle(await exchange(), context)),
  );
};

/** A refusal of what a signed-in client asked is an answer like others: it tells of the limits too. */
const handledOrRefused = async (request: IncomingMessage, handle: () => Promise<Answer>): Promise<Answer> => {
  try {
    return await handle();
  } catch (failure) {
    if (failure instanceof TwinError) return failureAnswer(request, failure);
    throw failure;
  }
};

const withLimits = (context: TwinContext, session: Session, answer: Answer): Answer => {
  const daily = context.org.engine.requestUsage(session);
  return {
    ...answer,
    headers: { ...answer.headers, 'Sforce-Limit-Info': `api-usage=${daily.Max - daily.Remaining}/${daily.Max}` },
  };
};

/** What went wrong inside, for the person at the machine; never into an answer's body, which may be logged elsewhere. */
const unexpected = (error: unknown): TwinError =>
  new TwinError('UNKNOWN_EXCEPTION', `The twin failed: ${error instanceof Error ? error.message : 'unknown cause'}`, {
    status: 500,
  });

export const failureAnswer = (request: { readonly url?: string | undefined }, failure: unknown): Answer => {
  const error = failure instanceof TwinError ? failure : unexpected(failure);
  if (/^\/*services\/soap\//i.test(request.url ?? '')) return faultAnswer(error);
  if (error.errorCode.startsWith('oauth:')) {
    return json({ error: error.errorCode.slice('oauth:'.length), error_description: error.message }, error.status);
  }
  return errorAnswer(error);
};

const serve = async (
  context: TwinContext,
  request: IncomingMessage,
  response: ServerResponse,
  port: number,
): Promise<void> => {
  response.setHeader('Cache-Control', 'no-cache,must-revalidate,max-age=0,no-store,private');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  let answer: Answer;
  try {
    guardOrigin(request, port);
    guardLength(request);
    answer = await answerRequest(context, request);
  } catch (failure) {
    answer = failureAnswer(request, failure);
  }
  // The rest of an unread body must be taken, or the client sees a broken pipe instead of the answer.
  if (!request.readableEnded) request.resume();
  try {
    await send(response, answer);
  } catch {
    // Headers are out: the only honest sign of a failed stream is a cut connection.
    response.destroy();
  }
};

export type RunningServer = { readonly port: number; close(): Promise<void> };

const listening = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });

/** Listens on 127.0.0.1 only. `contextFor` is called once the port is known. */
export const startServer = async (port: number, contextFor: (port: number) => TwinContext): Promise<RunningServer> => {
  // as long as an org keeps a connection: a short one closes under a client that is about to write
  // and more than an org takes before the body, so that what is too long is refused in its words
  const server = createServer({ keepAliveTimeout: 120_000, maxHeaderSize: 131_072 });
  const bound = await listening(server, port);
  const context = contextFor(bound);
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    void serve(context, request, response, bound);
  });
  return {
    port: bound,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
};
