import { TwinError } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import { fitsChallenge } from '../sessions.ts';
import { isLoopbackRedirect } from '../guards.ts';
import { content, empty, json } from '../http/exchange.ts';
import type { Answer, Exchange } from '../http/exchange.ts';
import type { Route } from '../router.ts';
import { NEWEST_VERSION } from '../versions.ts';

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

const refuse = (error: string, description: string): TwinError => new TwinError(`oauth:${error}`, description);

const activeUser = (context: TwinContext, username: string): string => {
  const user = context.org.engine.findUser(username);
  if (user === undefined) throw refuse('invalid_grant', "user hasn't approved this consumer");
  if (!user.isActive) throw refuse('inactive_user', 'user is inactive');
  return user.username;
};

/** The `sub` of an assertion. Its signature is not checked: any key may sign in as an invented person. */
const subjectOf = (assertion: string): string => {
  try {
    const claims = JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString('utf8')) as {
      sub?: unknown;
    };
    if (typeof claims.sub === 'string') return claims.sub;
  } catch {
    // falls through to the refusal: an unreadable assertion is an invalid one
  }
  throw refuse('invalid_grant', 'invalid assertion');
};

const automatic = (context: TwinContext): void => {
  if (!context.automaticLogins) {
    throw refuse('invalid_grant', 'This twin holds real people: only its access tokens and passwords sign in.');
  }
};

const grants: Readonly<Record<string, (form: URLSearchParams, context: TwinContext) => string>> = {
  [JWT_BEARER]: (form, context) => {
    automatic(context);
    return subjectOf(form.get('assertion') ?? '');
  },
  authorization_code: (form, context) => {
    const authorization = context.sessions.redeem(form.get('code') ?? '');
    if (authorization === undefined) throw refuse('invalid_grant', 'invalid authorization code');
    if (authorization.redirectUri !== form.get('redirect_uri')) {
      throw refuse('redirect_uri_mismatch', 'redirect_uri must match configuration');
    }
    if (authorization.clientId !== form.get('client_id')) throw refuse('invalid_client', 'invalid client credentials');
    if (!fitsChallenge(authorization.challenge, form.get('code_verifier'))) {
      throw refuse('invalid_grant', 'invalid code verifier');
    }
    return authorization.username;
  },
  refresh_token: (form, context) => {
    const username = context.sessions.usernameOfRefreshToken(form.get('refresh_token') ?? '');
    if (username === undefined) throw refuse('invalid_grant', 'expired access/refresh token');
    return username;
  },
  password: (form, context) => {
    const username = form.get('username') ?? '';
    if (!context.sessions.isPassword(username, form.get('password') ?? '')) {
      throw refuse('invalid_grant', 'authentication failure');
    }
    return username;
  },
};

const token = (exchange: Exchange, context: TwinContext): Answer => {
  const form = exchange.body as URLSearchParams;
  const grantType = form.get('grant_type') ?? '';
  const grant = Object.hasOwn(grants, grantType) ? grants[grantType] : undefined;
  if (grant === undefined) {
    throw refuse('unsupported_grant_type', `NOT_EMULATED: grant type ${grantType.slice(0, 60)}`);
  }
  const username = activeUser(context, grant(form, context));
  const user = context.org.engine.findUser(username);
  const { accessToken, refreshToken } = context.sessions.credentials(username);
  return json({
    access_token: accessToken,
    ...(grantType === 'authorization_code' ? { refresh_token: refreshToken } : {}),
    signature: Buffer.from(`${context.org.orgId}${user?.id ?? ''}`).toString('base64'),
    scope: 'refresh_token api web id',
    instance_url: context.instanceUrl,
    id: `${context.instanceUrl}/id/${context.org.orgId}/${user?.id ?? ''}`,
    token_type: 'Bearer',
    issued_at: String(context.clock.now()),
  });
};

const authorizePage = (exchange: Exchange, context: TwinContext): Answer => {
  automatic(context);
  const redirectUri = exchange.query.get('redirect_uri') ?? '';
  if (!isLoopbackRedirect(redirectUri)) {
    throw refuse('redirect_uri_mismatch', 'redirect_uri must be an http address of this machine');
  }
  if (exchange.query.get('response_type') !== 'code')
    throw refuse('unsupported_response_type', 'response type not supported');
  const username = activeUser(context, exchange.query.get('login_hint') ?? context.defaultUsername);
  const code = context.sessions.authorize({
    username,
    redirectUri,
    clientId: exchange.query.get('client_id') ?? '',
    challenge: exchange.query.get('code_challenge') ?? undefined,
  });
  const target = new URL(redirectUri);
  target.searchParams.set('code', code);
  const state = exchange.query.get('state');
  if (state !== null) target.searchParams.set('state', state);
  return { status: 302, headers: { Location: target.href } };
};

const revoke = (exchange: Exchange, context: TwinContext): Answer => {
  const form = exchange.body instanceof URLSearchParams ? exchange.body : exchange.query;
  const given = form.get('token') ?? exchange.query.get('token') ?? '';
  if (!context.sessions.revoke(given)) throw refuse('unsupported_token_type', 'this token type is not supported');
  return empty(200);
};

const identityOf = (exchange: Exchange, context: TwinContext): Answer => {
  const given = exchange.token ?? exchange.query.get('oauth_token') ?? '';
  const username = context.sessions.usernameOfToken(given);
  const user = username === undefined ? undefined : context.org.engine.findUser(username);
  if (user?.isActive !== true)
    return { status: 403, headers: { 'Content-Type': 'text/plain' }, content: 'Bad_OAuth_Token' };
  const { orgId, engine } = context.org;
  const session = { orgId, userId: user.id, username: user.username, apiVersion: NEWEST_VERSION };
  const row = engine.retrieve(session, 'User', user.id, [
    'Name',
    'FirstName',
    'LastName',
    'Email',
    'CommunityNickname',
  ]);
  const path = `${context.instanceUrl}/services/data/v{version}/`;
  return json({
    id: `${context.instanceUrl}/id/${orgId}/${user.id}`,
    sub: `${context.instanceUrl}/id/${orgId}/${user.id}`,
    asserted_user: true,
    user_id: user.id,
    organization_id: orgId,
    username: user.username,
    preferred_username: user.username,
    nick_name: row['CommunityNickname'],
    display_name: row['Name'],
    name: row['Name'],
    given_name: row['FirstName'],
    family_name: row['LastName'],
    email: row['Email'],
    email_verified: true,
    active: true,
    is_active: true,
    user_type: 'STANDARD',
    urls: {
      rest: path,
      sobjects: `${path}sobjects/`,
      query: `${path}query/`,
      metadata: `${context.instanceUrl}/services/Soap/m/{version}/${orgId}`,
      partner: `${context.instanceUrl}/services/Soap/u/{version}/${orgId}`,
    },
  });
};

export const oauthRoutes: readonly Route[] = [
  { name: 'web login', method: 'GET', path: '/services/oauth2/authorize', auth: 'none', handle: authorizePage },
  { name: 'token', method: 'POST', path: '/services/oauth2/token', auth: 'none', body: 'form', handle: token },
  { name: 'revoke', method: 'POST', path: '/services/oauth2/revoke', auth: 'none', body: 'form', handle: revoke },
  { name: 'revoke by address', method: 'GET', path: '/services/oauth2/revoke', auth: 'none', handle: revoke },
  { name: 'user info', method: 'GET', path: '/services/oauth2/userinfo', auth: 'none', handle: identityOf },
  { name: 'user info by form', method: 'POST', path: '/services/oauth2/userinfo', auth: 'none', handle: identityOf },
  { name: 'identity', method: 'GET', path: '/id/:org/:user', auth: 'none', handle: identityOf },
  {
    name: 'where am I',
    method: 'GET',
    path: '/',
    auth: 'none',
    handle: (_exchange, context) =>
      content('text/plain', `A Garde twin. Sign in with an access token at ${context.instanceUrl}\n`),
  },
];
