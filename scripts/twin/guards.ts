import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { TwinError } from './contract.ts';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compares two secrets in a time that does not tell where they differ. */
export const sameSecret = (given: string, expected: string): boolean =>
  timingSafeEqual(digest(given), digest(expected));

/** The names this server answers to; another Host is a page that rebinds its own name to this machine. */
export const ownHosts = (port: number): readonly string[] => [`127.0.0.1:${port}`, `localhost:${port}`];

/** Refuses requests that a web page of another origin sent, or that name another host. */
export const guardOrigin = (request: IncomingMessage, port: number): void => {
  const hosts = ownHosts(port);
  if (!hosts.includes((request.headers.host ?? '').toLowerCase())) {
    throw new TwinError('FORBIDDEN', 'This Host is not served here; use 127.0.0.1 or localhost with the port.', {
      status: 403,
    });
  }
  const origin = request.headers.origin;
  if (origin !== undefined && !hosts.some((host) => origin.toLowerCase() === `http://${host}`)) {
    throw new TwinError('FORBIDDEN', 'Requests from web pages of another origin are refused.', { status: 403 });
  }
};

/** Bytes that the address of a request may have, and the address and the headers together. */
const MAX_ADDRESS = 16_384;

/**
 * Refuses requests that say too much before their body. The codes of the answers are assumed.
 * Source: https://help.salesforce.com/s/articleView?id=000386264
 */
export const guardLength = ({ url = '', rawHeaders }: IncomingMessage): void => {
  if (url.length > MAX_ADDRESS) throw new TwinError('URI_TOO_LONG', 'URI Too Long', { status: 414 });
  // each header has a colon, a space and the end of its line besides
  const headers = rawHeaders.reduce((sum, text) => sum + text.length + 2, 0);
  if (url.length + headers > MAX_ADDRESS) {
    throw new TwinError('REQUEST_HEADER_FIELDS_TOO_LARGE', 'Request Header Fields Too Large', { status: 431 });
  }
};

/** A redirect target on this machine only, so that an authorization code cannot leave it. */
export const isLoopbackRedirect = (address: string): boolean => {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  return (
    url.protocol === 'http:' &&
    ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname) &&
    url.username === '' &&
    url.password === ''
  );
};
