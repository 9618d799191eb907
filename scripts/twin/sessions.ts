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

/** @param orgId the org's 15- or 18-character id. @param random cryptographic bytes. */
export const createSessions = (orgId: string, random: (bytes: number) => Uint8Array): Sessions => {
  const byUser = new Map<string, Credentials>();
  const codes = new Map<string, Authorization>();
  const secret = (length: number): string =>
    Array.from(random(length), (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('');
  const mint = (): string => `${orgId.slice(0, 15)}!${secret(96)}`;
  const find = (matches: (credentials: Credentials) => boolean): string | undefined => {
    let found: string | undefined;
    for (const [username, credentials] of byUser) if (matches(credentials)) found = username;
    return found;
  };
  const credentials = (username: string): Credentials => {
    const known = byUser.get(username);
    if (known !== undefined) return known;
    const made = { accessToken: mint(), refreshToken: `5Aep${secret(60)}`, password: secret(20) };
    byUser.set(username, made);
    return made;
  };
  return {
    credentials,
    usernameOfToken: (token) => find((known) => sameSecret(token, known.accessToken)),
    usernameOfRefreshToken: (token) => find((known) => sameSecret(token, known.refreshToken)),
    isPassword: (username, password) => {
      const known = byUser.get(username);
      return known !== undefined && sameSecret(password, known.password);
    },
    revoke: (token) => {
      const username = find((known) => sameSecret(token, known.accessToken) || sameSecret(token, known.refreshToken));
      if (username === undefined) return false;
      const known = credentials(username);
      byUser.set(username, {
        ...known,
        accessToken: mint(),
        ...(sameSecret(token, known.refreshToken) ? { refreshToken: `5Aep${secret(60)}` } : {}),
      });
      return true;
    },
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

/** PKCE S256: does the verifier fit the challenge the code was asked with? */
export const fitsChallenge = (challenge: string | undefined, verifier: string | null): boolean =>
  challenge === undefined ||
  (verifier !== null && sameSecret(createHash('sha256').update(verifier).digest('base64url'), challenge));
