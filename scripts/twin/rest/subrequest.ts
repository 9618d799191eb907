import { notEmulated, TwinError } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import { errorAnswer } from '../http/exchange.ts';
import type { Answer, Exchange, Method } from '../http/exchange.ts';
import { pathPattern } from '../router.ts';
import { versionNumber } from '../versions.ts';

export type Subrequest = {
  readonly method: string;
  readonly url: string;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
};

const absolute = (url: string, outer: Exchange): string => {
  const address = url.replace(/^\/+/, '/');
  if (address.startsWith('/services/')) return address;
  const versioned = address.startsWith('/') ? address : `/${address}`;
  return /^\/v\d\d\.0\//.test(versioned)
    ? `/services/data${versioned}`
    : `/services/data/v${outer.apiVersion}.0${versioned}`;
};

/**
 * Runs one request inside another, at once and within the caller's transaction.
 * @returns the answer, failures included; it never throws a TwinError.
 */
export const runSubrequest = (given: Subrequest, outer: Exchange, context: TwinContext): Answer => {
  try {
    const url = new URL(absolute(given.url, outer), 'http://127.0.0.1');
    const method = given.method.toUpperCase();
    const match = context.router.match(method, url.pathname);
    if (match?.route.composable !== true) throw notEmulated(`${method} ${pathPattern(url.pathname)} as a sub-request`);
    const headers = new Map(Object.entries(given.headers).map(([name, value]) => [name.toLowerCase(), value]));
    const answer = match.route.handle(
      {
        ...outer,
        within: outer,
        method: method as Method,
        path: url.pathname,
        params: match.params,
        query: url.searchParams,
        header: (name) => headers.get(name) ?? (name.startsWith('sforce-') ? outer.header(name) : undefined),
        apiVersion: versionNumber(match.params['version'] ?? '') ?? outer.apiVersion,
        body: given.body,
      },
      context,
    );
    if (answer instanceof Promise) throw notEmulated(`${method} ${pathPattern(url.pathname)} as a sub-request`);
    return answer;
  } catch (error) {
    if (error instanceof TwinError) return errorAnswer(error);
    throw error;
  }
};

export const isFailure = (answer: Answer): boolean => answer.status >= 400;
