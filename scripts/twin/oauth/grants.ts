import { TwinError } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import { isObject } from '../http/exchange.ts';
import { fitsChallenge } from '../sessions.ts';

/** An OAuth failure: `{error, error_description}`, HTTP 400. */
export const refuse = (error: string, description: string): TwinError => new TwinError(`oauth:${error}`, description);

/** The username in canonical case. Throws `invalid_grant` and `inactive_user`. */
export const activeUser = (context: TwinContext, username: string): string => {
  const user = context.org.engine.findUser(username);
  if (user === undefined) throw refuse('invalid_grant', "user hasn't approved this consumer");
  if (!user.isActive) throw refuse('inactive_user', 'user is inactive');
  return user.username;
};

/** Logins nobody confirms are for invented people. */
export const automatic = (context: TwinContext): void => {
  if (!context.automaticLogins) {
    throw refuse('invalid_grant', 'This twin holds real people: only its access tokens and passwords sign in.');
  }
};

const invalidAssertion = (): TwinError => refuse('invalid_grant', 'invalid assertion');

const jsonPart = (part: string | undefined): Readonly<Record<string, unknown>> => {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'));
    if (isObject(parsed)) return parsed;
  } catch {
    // an unreadable assertion is an invalid one: falls through to the refusal
  }
  throw invalidAssertion();
};

const LOGIN_HOSTS = ['https://login.salesforce.com', 'https://test.salesforce.com'];

const isAudience = (audience: unknown, context: TwinContext): boolean => {
  if (typeof audience !== 'string') return false;
  const address = audience.replace(/\/(?:services\/oauth2\/token)?$/, '');
  return [...LOGIN_HOSTS, context.instanceUrl, context.instanceUrl.replace('127.0.0.1', 'localhost')].includes(address);
};

/**
 * The `sub` of a JWT bearer assertion: RS256, not expired at the org's clock, for this org or a login host. The
 * signature is not checked: any key may sign in as an invented person.
 * Source: https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_jwt_flow.htm
 */
const subjectOf = (assertion: string, context: TwinContext): string => {
  const parts = assertion.split('.');
  if (parts.length !== 3 || parts[2] === '' || jsonPart(parts[0])['alg'] !== 'RS256') throw invalidAssertion();
  const { sub, exp, aud, iss } = jsonPart(parts[1]);
  if (typeof sub !== 'string' || typeof iss !== 'string' || iss === '') throw invalidAssertion();
  if (typeof exp !== 'number' || !Number.isFinite(exp)) throw invalidAssertion();
  if (exp * 1000 <= context.clock.now()) throw refuse('invalid_grant', 'expired assertion: see the clock of the org');
  if (!isAudience(aud, context)) throw refuse('invalid_grant', 'audience is invalid');
  return sub;
};

const redeemed = (form: URLSearchParams, context: TwinContext): string => {
  const authorization = context.sessions.redeem(form.get('code') ?? '');
  if (authorization === undefined) throw refuse('invalid_grant', 'invalid authorization code');
  if (authorization.redirectUri !== form.get('redirect_uri')) {
    throw refuse('redirect_uri_mismatch', 'redirect_uri must match configuration');
  }
  if (authorization.clientId !== form.get('client_id')) throw refuse('invalid_client_id', 'client identifier invalid');
  if (!fitsChallenge(authorization.challenge, form.get('code_verifier'))) {
    throw refuse('invalid_grant', 'invalid code verifier');
  }
  return authorization.username;
};

type Grant = (form: URLSearchParams, context: TwinContext) => string;

/** Who signs in, by grant type. */
export const grants: Readonly<Record<string, Grant>> = {
  'urn:ietf:params:oauth:grant-type:jwt-bearer': (form, context) => {
    automatic(context);
    return subjectOf(form.get('assertion') ?? '', context);
  },
  authorization_code: redeemed,
  refresh_token: (form, context) => {
    const username = context.sessions.usernameOfRefreshToken(form.get('refresh_token') ?? '');
    if (username === undefined) throw refuse('invalid_grant', 'expired access/refresh token');
    return username;
  },
  password: (form, context) => {
    const username = form.get('username') ?? '';
    const user = context.org.engine.findUser(username);
    if (user === undefined || !context.sessions.isPassword(user.username, form.get('password') ?? '')) {
      throw refuse('invalid_grant', 'authentication failure');
    }
    return user.username;
  },
  // An app of the platform has a run-as user in its settings: here it is the client_id, or the administrator.
  client_credentials: (form, context) => {
    automatic(context);
    const named = context.org.engine.findUser(form.get('client_id') ?? '');
    return named?.username ?? context.defaultUsername;
  },
};
