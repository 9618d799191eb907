import * as z from 'zod';
import { notEmulated, TwinError } from '../contract.ts';
import type { Session } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import { empty, json } from '../http/exchange.ts';
import type { Answer } from '../http/exchange.ts';
import type { Route } from '../router.ts';
import { sessionOfToken } from '../signIn.ts';
import { NEWEST_VERSION } from '../versions.ts';
import { faultRoutes } from './faultRoutes.ts';
import { journalRoutes } from './journalRoutes.ts';
import { loadRows } from './load.ts';
import { sessionRoutes } from './sessionRoutes.ts';
import { snapshotRoutes } from './snapshotRoutes.ts';

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

const clockRequest = z.union([
  z.strictObject({ set: z.iso.datetime({ offset: true }) }),
  z.strictObject({ advanceSeconds: z.number() }),
  z.strictObject({ freeze: z.literal(true) }),
  z.strictObject({ rate: z.number().min(0).max(1_000_000) }),
]);

const CLOCK_HELP =
  'Send {"set": "<ISO instant>"}, {"advanceSeconds": <number>}, {"freeze": true} or {"rate": <seconds of the org per second>}.';

const clockAnswer = ({ clock }: TwinContext): Answer => json({ now: clock.iso(), rate: clock.rate });

const moveClock: Route['handle'] = (exchange, context: TwinContext) => {
  const { clock } = context;
  const given = clockRequest.safeParse(exchange.body);
  if (!given.success) throw new TwinError('INVALID_ARGUMENT', CLOCK_HELP);
  if ('set' in given.data) clock.set(Date.parse(given.data.set));
  else if ('advanceSeconds' in given.data) clock.advance(given.data.advanceSeconds * 1_000);
  else clock.run('rate' in given.data ? given.data.rate : 0);
  return clockAnswer(context);
};

const readClock: Route['handle'] = (_exchange, context) => clockAnswer(context);

const admin = { auth: 'admin' } as const;

export const adminRoutes: readonly Route[] = [
  { ...admin, name: 'admin load', method: 'POST', path: '/garde/admin/load', body: 'stream', handle: load },
  { ...admin, name: 'admin status', method: 'GET', path: '/garde/admin/status', handle: status },
  { ...admin, name: 'admin reset', method: 'POST', path: '/garde/admin/reset', handle: reset },
  { ...admin, name: 'admin stop', method: 'POST', path: '/garde/admin/stop', handle: stop },
  ...journalRoutes,
  { ...admin, name: 'admin read clock', method: 'GET', path: '/garde/admin/clock', handle: readClock },
  { ...admin, name: 'admin clock', method: 'POST', path: '/garde/admin/clock', body: 'json', handle: moveClock },
  ...sessionRoutes,
  ...faultRoutes,
  ...snapshotRoutes,
];
