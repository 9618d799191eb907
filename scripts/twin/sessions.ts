import { createHash } from 'node:crypto';
import { sameSecret } from './guards.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._';
const AUTHORIZATIONS_KEPT = 100;

export type Authorization = {
  readonly username: string;
  readonly redirectUri: string;
  readonly clientId: string;
  readonly challenge: string | undefined;
};

export type Credentials = { readonly accessToken: string; readonly refreshToken: string; readonly password: string };

/** Access tokens, refresh tokens, passwords and one-time codes of one start; nothing of it outlives the process. */
export type Sessions = {
  /** Makes (once) and answers a user's credentials; the access token never expires, only revocation ends it. */
  credentials(username: string): Credentials;
  usernameOfToken(accessToken: string): string | undefined;
  usernameOfRefreshToken(refreshToken: string): string | undefined;
  isPassword(username: string, password: string): boolean;
  /** Ends the user's access token (and refresh token when that is given); true when it was known. */
  revoke(token: string): boolean;
  authorize(authorization: Authorization): string;
  /** Uses up a code. */
  redeem(code: string): Authorization | undefined;
};

const createCodes = (secret: (length: number) => string): Pick<Sessions, 'authorize' | 'redeem'> => {
  const codes = new Map<string, Authorization>();
  return {
    authorize: (authorization) => {
      const code = `aPrx${secret(60)}`;
      codes.set(code, authorization);
      const oldest = codes.keys().next().value;
      if (codes.size > AUTHORIZATIONS_KEPT && oldest !== undefined) codes.delete(oldest);
      return code;
    },
    redeem: (code) => {
      const authorization = codes.get(code);
      codes.delete(code);
      return authorization;
    },
  };
};

const digestOf = (token: string): string => createHash('sha256').update(token).digest('base64');

/** @param orgId the org's 15- or 18-character id. @param random cryptographic bytes. */
export const createSessions = (orgId: string, random: (bytes: number) => Uint8Array): Sessions => {
  const byUser = new Map<string, Credentials>();
  // By digest, so that looking a token up does not tell where it differs from a known one.
  const byToken = new Map<string, string>();
  const secret = (length: number): string =>
    Array.from(random(length), (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('');
  const accessToken = (): string => `${orgId.slice(0, 15)}!${secret(96)}`;
  const refreshToken = (): string => `5Aep${secret(60)}`;
  const find = (matches: (credentials: Credentials) => boolean): string | undefined =>
    [...byUser].find(([, credentials]) => matches(credentials))?.[0];
  const keep = (username: string, made: Credentials): Credentials => {
    const before = byUser.get(username);
    if (before !== undefined) byToken.delete(digestOf(before.accessToken));
    byUser.set(username, made);
    byToken.set(digestOf(made.accessToken), username);
    return made;
  };
  const credentials = (username: string): Credentials =>
    byUser.get(username) ??
    keep(username, { accessToken: accessToken(), refreshToken: refreshToken(), password: secret(20) });
  return {
    ...createCodes(secret),
    credentials,
    usernameOfToken: (token) => byToken.get(digestOf(token)),
    usernameOfRefreshToken: (token) => find((known) => sameSecret(token, known.refreshToken)),
    isPassword: (username, password) => {
      const known = byUser.get(username);
      return known !== undefined && sameSecret(password, known.password);
    },
    revoke: (token) => {
      const byAccess = find((known) => sameSecret(token, known.accessToken));
      const byRefresh = find((known) => sameSecret(token, known.refreshToken));
      const username = byAccess ?? byRefresh;
      if (username === undefined) return false;
      const renewed = byRefresh === undefined ? {} : { refreshToken: refreshToken() };
      keep(username, { ...credentials(username), accessToken: accessToken(), ...renewed });
      return true;
    },
  };
};

/** PKCE S256: does the verifier fit the challenge the code was asked with? */
export const fitsChallenge = (challenge: string | undefined, verifier: string | null): boolean =>
  challenge === undefined ||
  (verifier !== null && sameSecret(createHash('sha256').update(verifier).digest('base64url'), challenge));
