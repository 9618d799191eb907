import { TwinError } from '../contract.ts';
import type { OpenOperation, SoapOperation } from './operation.ts';
import { userInfoXml } from './userInfo.ts';
import { childText, childTexts, elements, raw } from './xml.ts';

/** Source: https://help.salesforce.com/s/articleView?id=005132110 (SOAP login() ends with API version 64.0). */
const LAST_LOGIN_VERSION = 64;

export const login: OpenOperation = (call, context, apiVersion) => {
  if (apiVersion > LAST_LOGIN_VERSION) {
    throw new TwinError(
      'UNSUPPORTED_API_VERSION',
      `SOAP API login() is not available from API version ${LAST_LOGIN_VERSION + 1}.0 on; use OAuth`,
    );
  }
  const username = childText(call.input, 'username') ?? '';
  const user = context.org.engine.findUser(username);
  if (user?.isActive !== true || !context.sessions.isPassword(user.username, childText(call.input, 'password') ?? '')) {
    throw new TwinError('INVALID_LOGIN', 'Invalid username, password, security token; or user locked out.');
  }
  const session = { orgId: context.org.orgId, userId: user.id, username: user.username, apiVersion };
  const address = (letter: string): string =>
    `${context.instanceUrl}/services/Soap/${letter}/${apiVersion}.0/${session.orgId.slice(0, 15)}`;
  return elements({
    result: elements({
      metadataServerUrl: address('m'),
      passwordExpired: false,
      sandbox: false,
      serverUrl: address('u'),
      sessionId: context.sessions.credentials(user.username).accessToken,
      userId: user.id,
      userInfo: userInfoXml(session, context),
    }),
  });
};

export const logout: SoapOperation = ({ call, context }) => {
  context.sessions.revoke(call.sessionId ?? '');
  return raw('');
};

/** Ends sessions of one's own or others; an unknown one is told in its result. */
export const invalidateSessions: SoapOperation = ({ call, context }) =>
  elements({
    result: childTexts(call.input, 'sessionIds').map((sessionId) => {
      if (context.sessions.revoke(sessionId)) return elements({ success: true });
      const message = 'The session ID is not valid.';
      return elements({ errors: elements({ message, statusCode: 'INVALID_SESSION_ID' }), success: false });
    }),
  });
