import { TwinError } from '../contract.ts';
import type { Route, TwinContext } from '../context.ts';
import { errorAnswer, isObject } from '../http/exchange.ts';
import type { Answer, Exchange } from '../http/exchange.ts';
import { invalidSession } from '../signIn.ts';
import { cutAnswer, lostAnswer, pause } from './answers.ts';
import { errorText, lockText } from './errorTexts.ts';
import { ofKind } from './faultBoard.ts';
import type { Armed } from './faultBoard.ts';
import type { FaultKind, FaultPlan, PlanOf } from './faultPlan.ts';
import { factsOf, requestMatches, tokenOf } from './requestFacts.ts';
import type { RequestFacts } from './requestFacts.ts';
import { actAsSecondClient, usernameOf } from './secondClient.ts';

const REQUEST_KINDS: ReadonlySet<FaultKind> = new Set([
  'latency',
  'error',
  'reset',
  'truncate',
  'sessionExpiry',
  'secondClient',
]);
/** A sub-request has no connection of its own to be slow or to break. */
const SUBREQUEST_KINDS: ReadonlySet<FaultKind> = new Set(['error', 'secondClient']);

type Hit = {
  readonly armed: readonly Armed[];
  readonly facts: RequestFacts;
  readonly exchange: Exchange;
  readonly context: TwinContext;
};

const onRequest = (
  plan: FaultPlan,
): plan is PlanOf<'latency' | 'error' | 'reset' | 'truncate' | 'sessionExpiry' | 'secondClient'> =>
  REQUEST_KINDS.has(plan.kind);

const fire = (kinds: ReadonlySet<FaultKind>, facts: RequestFacts, context: TwinContext): readonly Armed[] =>
  context.faults.fire(
    kinds,
    (plan) => onRequest(plan) && requestMatches(plan.match, facts, (user) => usernameOf(context, user)),
  );

const note = ({ facts, context }: Hit, armed: Armed, more: { readonly outcomes?: readonly string[] } = {}): void => {
  const { route, username } = facts;
  const where = `${route.name}: ${route.method} ${route.path}`;
  context.faults.note(armed, { where, ...(username === undefined ? {} : { user: username }), ...more });
};

const act = (hit: Hit, moment: 'before' | 'after'): void => {
  for (const armed of ofKind(hit.armed, 'secondClient')) {
    if (armed.plan.moment === moment) note(hit, armed, { outcomes: actAsSecondClient(armed.plan, hit.context) });
  }
};

const textOf = (plan: PlanOf<'error'>, exchange: Exchange): string => {
  if (plan.message !== undefined) return plan.message;
  const id = exchange.params['id'];
  return plan.code === 'UNABLE_TO_LOCK_ROW' ? lockText(id === undefined ? [] : [id]) : errorText(plan.code).message;
};

const expire = (hit: Hit, armed: Armed<PlanOf<'sessionExpiry'>>): void => {
  const { exchange, context, facts } = hit;
  const token = tokenOf(exchange);
  if (token !== undefined) context.sessions.revoke(token);
  if (!armed.plan.refreshable && facts.username !== undefined) context.faults.block(armed, facts.username);
  note(hit, armed);
  throw invalidSession();
};

/** The error a plan wants instead of an answer; with a Retry-After it is an answer of its own. */
const fail = (hit: Hit): Answer | undefined => {
  const [expiry] = ofKind(hit.armed, 'sessionExpiry');
  if (expiry !== undefined) expire(hit, expiry);
  const [armed] = ofKind(hit.armed, 'error');
  if (armed === undefined) return undefined;
  const { plan } = armed;
  note(hit, armed);
  const status = plan.status ?? errorText(plan.code).status;
  const error = new TwinError(plan.code, textOf(plan, hit.exchange), { status });
  if (plan.retryAfterSeconds === undefined) throw error;
  return { ...errorAnswer(error), headers: { 'Retry-After': String(plan.retryAfterSeconds) } };
};

/** Whether this answer signs in a user that is to stay out. */
const signsIn = (answer: Answer, { sessions, faults }: TwinContext): boolean => {
  const inJson = isObject(answer.json) ? answer.json['access_token'] : undefined;
  const inXml = typeof answer.content === 'string' ? /<sessionId>([^<]+)</.exec(answer.content)?.[1] : undefined;
  const token = typeof inJson === 'string' ? inJson : inXml;
  return token !== undefined && faults.isBlocked(sessions.usernameOfToken(token));
};

const refuseBlocked = (route: Route, answer: Answer, context: TwinContext): Answer => {
  if (!['none', 'soap'].includes(route.auth) || !signsIn(answer, context)) return answer;
  if (route.auth === 'soap')
    throw new TwinError(
      'INVALID_LOGIN',
      'INVALID_LOGIN: Invalid username, password, security token; or user locked out.',
    );
  throw new TwinError('oauth:invalid_grant', 'expired access/refresh token');
};

const wait = async (hit: Hit): Promise<void> => {
  for (const armed of ofKind(hit.armed, 'latency')) {
    const { milliseconds, jitter } = armed.plan;
    note(hit, armed);
    await pause(milliseconds + Math.floor(armed.trigger.random() * (jitter + 1)));
  }
};

const reset = (hit: Hit, moment: 'before' | 'after'): Answer | undefined => {
  const armed = ofKind(hit.armed, 'reset').find(({ plan }) => plan.moment === moment);
  if (armed === undefined) return undefined;
  note(hit, armed);
  return lostAnswer();
};

const throughFaults = async (route: Route, hit: Hit): Promise<Answer> => {
  const { exchange, context, facts } = hit;
  if (context.faults.isBlocked(facts.username)) throw invalidSession();
  act(hit, 'before');
  await wait(hit);
  const instead = fail(hit) ?? reset(hit, 'before');
  if (instead !== undefined) return instead;
  const answer = refuseBlocked(route, await route.handle(exchange, context), context);
  act(hit, 'after');
  const lost = reset(hit, 'after');
  if (lost !== undefined) return lost;
  const [cut] = ofKind(hit.armed, 'truncate');
  if (cut === undefined) return answer;
  note(hit, cut);
  return cutAnswer(answer, cut.plan.share);
};

const subThroughFaults = (route: Route, hit: Hit): Answer | Promise<Answer> => {
  act(hit, 'before');
  const instead = fail(hit);
  if (instead !== undefined) return instead;
  const answer = route.handle(hit.exchange, hit.context);
  act(hit, 'after');
  return answer;
};

const faulty = (route: Route): Route => ({
  ...route,
  handle: (exchange, context) => {
    if (!context.faults.has(REQUEST_KINDS)) return route.handle(exchange, context);
    const facts = factsOf(route, exchange, context);
    const sub = exchange.within !== undefined;
    const armed = fire(sub ? SUBREQUEST_KINDS : REQUEST_KINDS, facts, context);
    const hit = { armed, facts, exchange, context };
    return sub ? subThroughFaults(route, hit) : throughFaults(route, hit);
  },
});

/** Routes that ask the fault board first. The admin's own are left alone. */
export const faultyRoutes = (routes: readonly Route[]): readonly Route[] =>
  routes.map((route) => (route.auth === 'admin' || route.refused !== undefined ? route : faulty(route)));
