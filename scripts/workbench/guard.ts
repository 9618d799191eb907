import { timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sha256 } from '../kernel/hash.ts';

const COOKIE = 'garde-workbench';

/** Equal without telling by time how much of it was right; lengths are hidden by the digest. */
const sameSecret = (given: string, expected: string): boolean => timingSafeEqual(sha256(given), sha256(expected));

const cookieOf = (request: FastifyRequest): string | undefined =>
  (request.headers.cookie ?? '')
    .split(';')
    .map((part) => part.trim().split('='))
    .find(([name]) => name === COOKIE)?.[1];

/** `127.0.0.1:PORT` or `localhost:PORT`: any other Host is a rebound DNS name. */
const isOurHost = (host: string | undefined, port: number): boolean =>
  host === `127.0.0.1:${port}` || host === `localhost:${port}`;

/**
 * Localhost is not safe: another site's page, or another user of the machine, may reach it. Every request must name our
 * host, come from our own pages, and show the token of this start: once in the address, then in a cookie that scripts
 * cannot read and other sites cannot send.
 */
export const guard =
  (token: string, port: () => number) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    if (!isOurHost(request.headers.host, port())) return reply.code(421).send({ error: 'unknown host' });
    const { origin } = request.headers;
    if (origin !== undefined && !isOurHost(origin.replace(/^http:\/\//, ''), port()))
      return reply.code(403).send({ error: 'foreign origin' });
    const address = new URL(request.url, 'http://localhost');
    const offered = address.searchParams.get('token');
    if (offered !== null && sameSecret(offered, token)) {
      address.searchParams.delete('token');
      return reply
        .header('set-cookie', `${COOKIE}=${token}; Path=/; HttpOnly; SameSite=Strict`)
        .redirect(`${address.pathname}${address.search}`, 303);
    }
    if (!sameSecret(cookieOf(request) ?? '', token)) return reply.code(401).send({ error: 'token needed' });
    return undefined;
  };
