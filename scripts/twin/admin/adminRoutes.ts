import * as z from 'zod';
import { notEmulated, TwinError } from '../contract.ts';
import type { Session } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import { empty, json } from '../http/exchange.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Route } from '../router.ts';
import { sessionOfToken } from '../signIn.ts';
import { NEWEST_VERSION } from '../versions.ts';
import { loadRows } from './load.ts';

const load: Route['handle'] = async (exchange, context) => {
  const object = exchange.query.get('object');
  if (object === null || object === '')
    throw new TwinError('MISSING_ARGUMENT', 'object is required: /garde/admin/load?object=Contact');
  return json({ object, loaded: await loadRows(context.org.engine, object, exchange.stream()) });
};

/** The administrator's own session, for counts that need one. */
const adminSession = (context: TwinContext): Session => {
  const token = context.sessions.credentials(context.defaultUsername).accessToken;
  return sessionOfToken(context, token, NEWEST_VERSION);
};

const status: Route['handle'] = (_exchange, context) => {
  const { engine, orgId, name } = context.org;
  const session = adminSession(context);
  const counts = engine.recordCounts(engine.describeGlobal(session).map((object) => String(object['name'])));
  return json({
    orgId,
    name,
    instanceUrl: context.instanceUrl,
    now: context.clock.iso(),
    automaticLogins: context.automaticLogins,
    rows: Object.values(counts).reduce((sum, rows) => sum + rows, 0),
    objects: Object.fromEntries(Object.entries(counts).filter(([, rows]) => rows > 0)),
    requests: engine.requestUsage(session),
    notRehearsed: context.org.notRehearsed(),
  });
};

const stop: Route['handle'] = (_exchange, context) => {
  const { onStop } = context;
  if (onStop === undefined) throw notEmulated('stop: this twin ends with its host process');
  // After the answer is out.
  setImmediate(onStop);
  return empty(202);
};

const reset: Route['handle'] = (_exchange, context) => {
  context.reset();
  return json({ orgId: context.org.orgId, now: context.clock.iso() });
};

const sinceOf = (exchange: Exchange): number => {
  const since = Number(exchange.query.get('since') ?? '0');
  if (!Number.isInteger(since) || since < 0)
    throw new TwinError('INVALID_ARGUMENT', 'since must be a sequence number.');
  return since;
};

const journal: Route['handle'] = (exchange, context) =>
  json({ entries: context.org.engine.journal(sinceOf(exchange)) });

const clockRequest = z.union([
  z.object({ set: z.iso.datetime({ offset: true }) }),
  z.object({ advanceSeconds: z.number() }),
]);

const moveClock: Route['handle'] = (exchange, context: TwinContext) => {
  const given = clockRequest.safeParse(exchange.body);
  if (!given.success)
    throw new TwinError('INVALID_ARGUMENT', 'Send {"set": "<ISO instant>"} or {"advanceSeconds": <number>}.');
  if ('set' in given.data) context.clock.set(Date.parse(given.data.set));
  else context.clock.advance(given.data.advanceSeconds * 1_000);
  return json({ now: context.clock.iso() });
};

const admin = { auth: 'admin' } as const;

export const adminRoutes: readonly Route[] = [
  { ...admin, name: 'admin load', method: 'POST', path: '/garde/admin/load', body: 'stream', handle: load },
  { ...admin, name: 'admin status', method: 'GET', path: '/garde/admin/status', handle: status },
  { ...admin, name: 'admin reset', method: 'POST', path: '/garde/admin/reset', handle: reset },
  { ...admin, name: 'admin stop', method: 'POST', path: '/garde/admin/stop', handle: stop },
  { ...admin, name: 'admin journal', method: 'GET', path: '/garde/admin/journal', handle: journal },
  { ...admin, name: 'admin clock', method: 'POST', path: '/garde/admin/clock', body: 'json', handle: moveClock },
];
