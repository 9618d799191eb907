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
  /** Makes (once) and answers a user's credentials, with another access token when the last one's time was over. */
  credentials(username: string): Credentials;
  usernameOfToken(accessToken: string): string | undefined;
  /** The same for a request of the user's: it keeps the session alive. */
  use(accessToken: string): string | undefined;
  /** After how much time without a request a session is over, in milliseconds; undefined: never. */
  readonly timeout: number | undefined;
  /** For sessions there are, from now on, and for those to come. */
  endAfter(milliseconds: number | undefined): void;
  usernameOfRefreshToken(refreshToken: string): string | undefined;
  isPassword(username: string, password: string): boolean;
  /** Ends the user's access token (and refresh token when that is given); true when it was known. */
  revoke(token: string): boolean;
  authorize(authorization: Authorization): string;
  /** Uses up a code. */
  redeem(code: string): Authorization | undefined;
};

type Secret = (length: number) => string;

const createCodes = (secret: Secret): Pick<Sessions, 'authorize' | 'redeem'> => {
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

/**
 * When sessions were last used. As on the platform, a use counts from half of the timeout on: before that it is not noted.
 * Source: https://help.salesforce.com/s/articleView?id=xcloud.admin_sessions.htm (Timeout Value)
 */
const createActivity = (now: () => number) => {
  let timeout: number | undefined;
  const lastUses = new Map<string, number>();
  const idle = (digest: string): number => now() - (lastUses.get(digest) ?? now());
  return {
    get timeout() {
      return timeout;
    },
    endAfter: (milliseconds: number | undefined): void => {
      timeout = milliseconds;
      for (const digest of lastUses.keys()) lastUses.set(digest, now());
    },
    begin: (digest: string): void => {
      lastUses.set(digest, now());
    },
    end: (digest: string): void => {
      lastUses.delete(digest);
    },
    isOver: (digest: string): boolean => timeout !== undefined && idle(digest) >= timeout,
    note: (digest: string): void => {
      if (timeout !== undefined && idle(digest) >= timeout / 2) lastUses.set(digest, now());
    },
  };
};

type Activity = ReturnType<typeof createActivity>;

/** Everybody's credentials, and whose an access token is. */
const createKeyring = (orgId: string, secret: Secret, activity: Activity) => {
  const byUser = new Map<string, Credentials>();
  // By digest, so that looking a token up does not tell where it differs from a known one.
  const byToken = new Map<string, string>();
  const accessToken = (): string => `${orgId.slice(0, 15)}!${secret(96)}`;
  const keep = (username: string, made: Omit<Credentials, 'accessToken'>): Credentials => {
    const before = byUser.get(username);
    if (before !== undefined) {
      byToken.delete(digestOf(before.accessToken));
      activity.end(digestOf(before.accessToken));
    }
    const kept = { ...made, accessToken: accessToken() };
    byUser.set(username, kept);
    byToken.set(digestOf(kept.accessToken), username);
    activity.begin(digestOf(kept.accessToken));
    return kept;
  };
  return {
    keep,
    known: (username: string) => byUser.get(username),
    find: (matches: (credentials: Credentials) => boolean): string | undefined =>
      [...byUser].find(([, credentials]) => matches(credentials))?.[0],
    usernameOfToken: (token: string): string | undefined => {
      const digest = digestOf(token);
      return activity.isOver(digest) ? undefined : byToken.get(digest);
    },
  };
};

/**
 * @param orgId the org's 15- or 18-character id.
 * @param random cryptographic bytes.
 * @param now the org's time in milliseconds.
 */
export const createSessions = (orgId: string, random: (bytes: number) => Uint8Array, now: () => number): Sessions => {
  const activity = createActivity(now);
  const secret: Secret = (length) =>
    Array.from(random(length), (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('');
  const refreshToken = (): string => `5Aep${secret(60)}`;
  const { keep, known, find, usernameOfToken } = createKeyring(orgId, secret, activity);
  const credentials = (username: string): Credentials => {
    const kept = known(username) ?? keep(username, { refreshToken: refreshToken(), password: secret(20) });
    return activity.isOver(digestOf(kept.accessToken)) ? keep(username, kept) : kept;
  };
  return {
    ...createCodes(secret),
    credentials,
    usernameOfToken,
    use: (token) => {
      const username = usernameOfToken(token);
      if (username !== undefined) activity.note(digestOf(token));
      return username;
    },
    get timeout() {
      return activity.timeout;
    },
    endAfter: activity.endAfter,
    usernameOfRefreshToken: (token) => find((one) => sameSecret(token, one.refreshToken)),
    isPassword: (username, password) => sameSecret(password, known(username)?.password ?? '') && password !== '',
    revoke: (token) => {
      const byAccess = find((one) => sameSecret(token, one.accessToken));
      const byRefresh = find((one) => sameSecret(token, one.refreshToken));
      const username = byAccess ?? byRefresh;
      if (username === undefined) return false;
      keep(username, {
        ...credentials(username),
        ...(byRefresh === undefined ? {} : { refreshToken: refreshToken() }),
      });
      return true;
    },
  };
};

/** PKCE S256: does the verifier fit the challenge the code was asked with? */
export const fitsChallenge = (challenge: string | undefined, verifier: string | null): boolean =>
  challenge === undefined ||
  (verifier !== null && sameSecret(createHash('sha256').update(verifier).digest('base64url'), challenge));
