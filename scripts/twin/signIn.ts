import { TwinError } from './contract.ts';
import type { Session } from './contract.ts';
import type { TwinContext } from './context.ts';

export const invalidSession = (): TwinError =>
  new TwinError('INVALID_SESSION_ID', 'Session expired or invalid', { status: 401 });

/** The session an access token stands for; the user must exist and be active in the org as it is now. */
export const sessionOfToken = (context: TwinContext, token: string, apiVersion: number): Session => {
  const username = context.sessions.use(token);
  const user = username === undefined ? undefined : context.org.engine.findUser(username);
  if (user?.isActive !== true) throw invalidSession();
  return { orgId: context.org.orgId, userId: user.id, username: user.username, apiVersion };
};
