import * as z from 'zod';
import { TwinError } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import { json } from '../http/exchange.ts';
import type { Answer } from '../http/exchange.ts';
import type { Route } from '../router.ts';

const MINUTE = 60_000;

const timeoutRequest = z.strictObject({ timeoutMinutes: z.int().min(1).max(525_600).nullable() });

const timeoutAnswer = ({ sessions }: TwinContext): Answer =>
  json({ timeoutMinutes: sessions.timeout === undefined ? null : sessions.timeout / MINUTE });

const setTimeoutOfSessions: Route['handle'] = (exchange, context) => {
  const given = timeoutRequest.safeParse(exchange.body);
  if (!given.success)
    throw new TwinError(
      'INVALID_ARGUMENT',
      'Send {"timeoutMinutes": <whole minutes, or null for sessions that do not end>}.',
    );
  const { timeoutMinutes } = given.data;
  context.sessions.endAfter(timeoutMinutes === null ? undefined : timeoutMinutes * MINUTE);
  return timeoutAnswer(context);
};

const path = '/garde/admin/sessions';

export const sessionRoutes: readonly Route[] = [
  {
    auth: 'admin',
    name: 'admin read session timeout',
    method: 'GET',
    path,
    handle: (_exchange, context) => timeoutAnswer(context),
  },
  { auth: 'admin', name: 'admin session timeout', method: 'POST', path, body: 'json', handle: setTimeoutOfSessions },
];
