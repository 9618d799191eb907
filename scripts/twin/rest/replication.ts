import { TwinError } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import { json, signedIn } from '../http/exchange.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Route } from '../router.ts';
import { objectParam } from './objects.ts';
import { restInstant } from './shape.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;
const DAYS_BACK = 30;
const DAYS_IN_BIN = 15;

export type ReplicationRange = { readonly from: string; readonly to: string };

const invalid = (message: string): TwinError => new TwinError('INVALID_REPLICATION_DATE', message);

const instantOf = (text: string | undefined, name: string): number => {
  // A plus sign that was not escaped arrives as a space.
  const instant = Date.parse((text ?? '').trim().replace(/ (?=\d\d:?\d\d$)/, '+'));
  if (Number.isNaN(instant)) throw invalid(`${name} is required and must be a date-time`);
  return instant;
};

/**
 * Start and end of a replication call: start before end by at least a minute, no more than 30 days ago; seconds are
 * ignored. Source: https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_getupdated.htm
 * @throws TwinError INVALID_REPLICATION_DATE.
 */
export const replicationRange = (
  given: { readonly start: string | undefined; readonly end: string | undefined },
  now: number,
): ReplicationRange => {
  const start = Math.floor(instantOf(given.start, 'startDate') / MINUTE) * MINUTE;
  const end = Math.floor(instantOf(given.end, 'endDate') / MINUTE) * MINUTE;
  if (end - start < MINUTE) throw invalid('endDate must be at least one minute greater than startDate');
  if (start < now - DAYS_BACK * DAY) throw invalid(`startDate cannot be more than ${DAYS_BACK} days ago`);
  return { from: new Date(start).toISOString(), to: new Date(end).toISOString() };
};

/** The first deletion the bin can still tell of, to the minute, as recorded from orgs. */
export const earliestDeletion = (context: TwinContext): string =>
  new Date(Math.floor((context.clock.now() - DAYS_IN_BIN * DAY) / MINUTE) * MINUTE).toISOString();

/** How far the answer reaches: not past now. */
export const latestCovered = (context: TwinContext, { to }: ReplicationRange): string =>
  new Date(Math.min(Date.parse(to), Math.floor(context.clock.now() / MINUTE) * MINUTE)).toISOString();

const replicated = (exchange: Exchange, context: TwinContext): string => {
  const object = objectParam(exchange, context);
  if (context.org.engine.describe(signedIn(exchange), object)['replicateable'] === true) return object;
  throw new TwinError('INVALID_TYPE_FOR_OPERATION', `entity type ${object} does not support replicate`);
};

const rangeOf = (exchange: Exchange, context: TwinContext): ReplicationRange =>
  replicationRange(
    { start: exchange.query.get('start') ?? undefined, end: exchange.query.get('end') ?? undefined },
    context.clock.now(),
  );

const deleted: Route['handle'] = (exchange, context) => {
  const object = replicated(exchange, context);
  const range = rangeOf(exchange, context);
  const rows = context.org.engine.getDeleted(signedIn(exchange), object, range.from, range.to);
  return json({
    deletedRecords: rows.map(({ id, deletedDate }) => ({ id, deletedDate: restInstant(deletedDate) })),
    earliestDateAvailable: restInstant(earliestDeletion(context)),
    latestDateCovered: restInstant(latestCovered(context, range)),
  });
};

const updated: Route['handle'] = (exchange, context) => {
  const object = replicated(exchange, context);
  const range = rangeOf(exchange, context);
  const ids = context.org.engine.getUpdated(signedIn(exchange), object, range.from, range.to);
  return json({ ids, latestDateCovered: restInstant(latestCovered(context, range)) });
};

const base = '/services/data/:version/sobjects/:object';
const get = { method: 'GET', auth: 'bearer', composable: true } as const;

export const replicationRoutes: readonly Route[] = [
  { ...get, name: 'deleted', path: `${base}/deleted`, handle: deleted },
  { ...get, name: 'updated', path: `${base}/updated`, handle: updated },
];
