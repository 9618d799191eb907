import { createHmac } from 'node:crypto';
import { isLoopbackRedirect } from '../guards.ts';
import { content, empty, json } from '../http/exchange.ts';
import type { Answer, Exchange } from '../http/exchange.ts';
import type { TwinContext } from '../context.ts';
import type { Route } from '../router.ts';
import { invalidSession } from '../signIn.ts';
import { activeUser, automatic, grants, refuse } from './grants.ts';
import { identityRoutes } from './identity.ts';

const SCOPE = 'refresh_token api web id';

const clientIdOf = (exchange: Exchange, form: URLSearchParams): string => {
  const basic = /^Basic\s+(\S+)$/i.exec(exchange.header('authorization') ?? '')?.[1];
  const inHeader = basic === undefined ? undefined : Buffer.from(basic, 'base64').toString('utf8').split(':')[0];
  return form.get('client_id') ?? inHeader ?? '';
};

const token = (exchange: Exchange, context: TwinContext): Answer => {
  const form = new URLSearchParams(exchange.body as URLSearchParams);
  const clientId = clientIdOf(exchange, form);
  if (clientId !== '') form.set('client_id', clientId);
  const grantType = form.get('grant_type') ?? '';
  const grant = Object.hasOwn(grants, grantType) ? grants[grantType] : undefined;
  if (grant === undefined) {
    throw refuse('unsupported_grant_type', `NOT_EMULATED: grant type ${grantType.slice(0, 60)}`);
  }
  const username = activeUser(context, grant(form, context));
  const user = context.org.engine.findUser(username);
  const { accessToken, refreshToken } = context.sessions.credentials(username);
  const id = `${context.instanceUrl}/id/${context.org.orgId}/${user?.id ?? ''}`;
  const issuedAt = String(context.clock.now());
  return json({
    access_token: accessToken,
    ...(grantType === 'authorization_code' ? { refresh_token: refreshToken } : {}),
    signature: createHmac('sha256', form.get('client_secret') ?? '')
      .update(id + issuedAt)
      .digest('base64'),
    scope: SCOPE,
    instance_url: context.instanceUrl,
    id,
    token_type: 'Bearer',
    issued_at: issuedAt,
  });
};

const authorizePage = (exchange: Exchange, context: TwinContext): Answer => {
  automatic(context);
  const { query } = exchange;
  const redirectUri = query.get('redirect_uri') ?? '';
  if (!isLoopbackRedirect(redirectUri)) {
    throw refuse('redirect_uri_mismatch', 'redirect_uri must be an http address of this machine');
  }
  if (query.get('response_type') !== 'code') throw refuse('unsupported_response_type', 'response type not supported');
  if ((query.get('code_challenge_method') ?? 'S256') !== 'S256')
    throw refuse('invalid_request', 'code_challenge_method must be S256');
  const username = activeUser(context, query.get('login_hint') ?? context.defaultUsername);
  const code = context.sessions.authorize({
    username,
    redirectUri,
    clientId: query.get('client_id') ?? '',
    challenge: query.get('code_challenge') ?? undefined,
  });
  const target = new URL(redirectUri);
  target.searchParams.set('code', code);
  const state = query.get('state');
  if (state !== null) target.searchParams.set('state', state);
  return { status: 302, headers: { Location: target.href } };
};

const formOf = (exchange: Exchange): URLSearchParams =>
  exchange.body instanceof URLSearchParams ? exchange.body : exchange.query;

const revoke = (exchange: Exchange, context: TwinContext): Answer => {
  const given = formOf(exchange).get('token') ?? exchange.query.get('token') ?? '';
  if (!context.sessions.revoke(given)) throw refuse('invalid_token', 'invalid token');
  return empty(200);
};

/** RFC 7662, as https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oidc_token_introspection.htm */
const introspect = (exchange: Exchange, context: TwinContext): Answer => {
  const form = formOf(exchange);
  const given = form.get('token') ?? '';
  const refresh = context.sessions.usernameOfRefreshToken(given);
  const username = context.sessions.usernameOfToken(given) ?? refresh;
  const user = username === undefined ? undefined : context.org.engine.findUser(username);
  if (user?.isActive !== true) return json({ active: false });
  return json({
    active: true,
    scope: SCOPE,
    client_id: clientIdOf(exchange, form),
    username: user.username,
    sub: `${context.instanceUrl}/id/${context.org.orgId}/${user.id}`,
    token_type: refresh === undefined ? 'access_token' : 'refresh_token',
  });
};

/** A front door: where it leads says that there is nothing to see. */
const singleAccess = (exchange: Exchange, context: TwinContext): Answer => {
  if (context.sessions.usernameOfToken(exchange.token ?? '') === undefined) throw invalidSession();
  const target = exchange.query.get('redirect_uri') ?? '';
  const parameters = new URLSearchParams({ retURL: target });
  return json({ frontdoor_uri: `${context.instanceUrl}/secur/frontdoor.jsp?${parameters.toString()}` });
};

const frontDoor = (_exchange: Exchange, context: TwinContext): Answer =>
  content(
    'text/plain',
    `A Garde twin has no pages. Its API is at ${context.instanceUrl}/services/data; sign in with an access token.\n`,
  );

const open = { auth: 'none' } as const;

export const oauthRoutes: readonly Route[] = [
  { ...open, name: 'web login', method: 'GET', path: '/services/oauth2/authorize', handle: authorizePage },
  { ...open, name: 'token', method: 'POST', path: '/services/oauth2/token', body: 'form', handle: token },
  { ...open, name: 'revoke', method: 'POST', path: '/services/oauth2/revoke', body: 'form', handle: revoke },
  { ...open, name: 'revoke by address', method: 'GET', path: '/services/oauth2/revoke', handle: revoke },
  {
    ...open,
    name: 'introspect',
    method: 'POST',
    path: '/services/oauth2/introspect',
    body: 'form',
    handle: introspect,
  },
  { ...open, name: 'front door', method: 'GET', path: '/services/oauth2/singleaccess', handle: singleAccess },
  {
    ...open,
    name: 'front door by form',
    method: 'POST',
    path: '/services/oauth2/singleaccess',
    body: 'form',
    handle: singleAccess,
  },
  { ...open, name: 'front door page', method: 'GET', path: '/secur/frontdoor.jsp', handle: frontDoor },
  ...identityRoutes,
  { ...open, name: 'where am I', method: 'GET', path: '/', handle: frontDoor },
];
