import { notEmulated } from './contract.ts';
import type { Route, Router } from './context.ts';
import type { Method } from './http/exchange.ts';

export type { Route, Router } from './context.ts';

/** A route that exists on the platform and is refused here by name. */
export const refusedRoute = (name: string, method: Method, path: string, why: string): Route => ({
  name,
  method,
  path,
  auth: 'none',
  refused: why,
  handle: () => {
    throw notEmulated(`${method} ${path} (${why})`);
  },
});

const segmentsOf = (path: string): readonly string[] => path.split('/').filter((part) => part !== '');

const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
};

const matchSegments = (
  pattern: readonly string[],
  given: readonly string[],
): Readonly<Record<string, string>> | undefined => {
  const open = pattern.at(-1) === '*';
  if (open ? given.length < pattern.length - 1 : given.length !== pattern.length) return undefined;
  const params: Record<string, string> = {};
  for (const [i, part] of pattern.entries()) {
    if (part === '*') return params;
    const value = given[i] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = decode(value);
    else if (part.toLowerCase() !== value.toLowerCase()) return undefined;
  }
  return params;
};

/** Literal segments before parameters, parameters before the open end. */
const rank = (path: string): string =>
  segmentsOf(path)
    .map((part) => (part === '*' ? '2' : part.startsWith(':') ? '1' : '0'))
    .join('');

const fits = (pattern: readonly string[], segments: number): boolean =>
  pattern.at(-1) === '*' ? segments >= pattern.length - 1 : segments === pattern.length;

/** Segments more than any pattern without an open end has are alike. */
const MOST_SEGMENTS = 20;

export const createRouter = (routes: readonly Route[]): Router => {
  const compiled = routes
    .map((route) => ({ route, pattern: segmentsOf(route.path), rank: rank(route.path) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0));
  const bySize = new Map<string, typeof compiled>();
  const candidates = (method: string, segments: number): typeof compiled => {
    const key = `${method} ${Math.min(segments, MOST_SEGMENTS)}`;
    const known = bySize.get(key);
    if (known !== undefined) return known;
    const found = compiled.filter(({ route, pattern }) => route.method === method && fits(pattern, segments));
    if (found.length > 0) bySize.set(key, found);
    return found;
  };
  return {
    routes,
    match: (method, path) => {
      const given = segmentsOf(path);
      for (const { route, pattern } of candidates(method, given.length)) {
        const params = matchSegments(pattern, given);
        if (params !== undefined && isVersion(params['version'])) return { route, params };
      }
      return undefined;
    },
  };
};

const isVersion = (text: string | undefined): boolean => text === undefined || /^v?[1-9]\d\.0$/.test(text);

/** The address without ids and versions, for the refusal by name and for logs. */
export const pathPattern = (path: string): string =>
  path
    .split('/')
    .map((part) => {
      if (/^v?\d\d\.\d$/.test(part)) return part.startsWith('v') ? 'vNN.N' : 'NN.N';
      return /^[a-zA-Z0-9]{15}(?:[a-zA-Z0-9]{3})?$/.test(part) && /\d/.test(part) ? '{id}' : part;
    })
    .join('/');
