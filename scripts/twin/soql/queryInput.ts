import type { Session } from '../contract.ts';
import type { EngineContext } from '../engine/engineContext.ts';
import type { Access } from '../schema/definitions.ts';
import type { Calendar } from './dateLiterals.ts';
import { dayIn } from './zone.ts';

/** One query being answered. */
export type QueryInput = {
  readonly context: EngineContext;
  readonly session: Session;
  readonly access: Access;
  readonly soql: string;
  readonly includeDeleted: boolean;
  /** Asked through the Tooling API. */
  readonly tooling: boolean;
  readonly calendar: Calendar;
  /** IANA name of the user's time zone. */
  readonly zone: string;
};

export type QueryOptions = { readonly includeDeleted: boolean; readonly tooling?: boolean };

const defaultZone = 'Europe/Paris';

/** Weeks begin on Sunday in these locales, on Monday elsewhere. Source: CLDR weekData, reduced to the common ones. */
const sundayLocales = /^(en_(US|CA|PH|IN|ZA|SG)|pt_BR|ja|ko|he|iw|zh_TW|es_(MX|CO|PE))/;

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

const rowOf = (context: EngineContext, object: string, id: string): Readonly<Record<string, unknown>> =>
  context.registry.object(object) === undefined ? {} : (context.store.readRow(object, id) ?? {});

/** What a user's statements mean by days and weeks. */
type Surroundings = { readonly zone: string; readonly firstDayOfWeek: number; readonly fiscalYearStart: number };

type Kept = { readonly state: string; readonly users: Map<string, Surroundings> };

const kept = new WeakMap<EngineContext, Kept>();

const readSurroundings = (context: EngineContext, userId: string): Surroundings => {
  const user = rowOf(context, 'User', userId);
  const month = rowOf(context, 'Organization', context.orgId)['FiscalYearStartMonth'];
  return {
    zone: text(user['TimeZoneSidKey']) ?? defaultZone,
    firstDayOfWeek: sundayLocales.test(text(user['LocaleSidKey']) ?? '') ? 0 : 1,
    fiscalYearStart: typeof month === 'number' ? month : 1,
  };
};

/** Read once until a user, the organization or the schema changes: every statement asks. */
const surroundingsOf = (context: EngineContext, userId: string): Surroundings => {
  const { store, registry } = context;
  const state = `${registry.version}:${store.revision('User')}:${store.revision('Organization')}`;
  let known = kept.get(context);
  if (known?.state !== state) {
    known = { state, users: new Map() };
    kept.set(context, known);
  }
  const found = known.users.get(userId) ?? readSurroundings(context, userId);
  known.users.set(userId, found);
  return found;
};

/** What answering a statement needs to know of the user: rights, time zone, calendar. */
export const queryInput = (
  context: EngineContext,
  session: Session,
  soql: string,
  options: QueryOptions,
): QueryInput => {
  const { zone, firstDayOfWeek, fiscalYearStart } = surroundingsOf(context, session.userId);
  return {
    context,
    session,
    access: context.accessOf(session.userId),
    soql,
    includeDeleted: options.includeDeleted,
    tooling: options.tooling === true,
    zone,
    calendar: { today: dayIn(context.clock.now(), zone), firstDayOfWeek, fiscalYearStart },
  };
};
