import { TwinError } from '../contract.ts';
import type { DataEngine, RowResult, Session } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import { NEWEST_VERSION } from '../versions.ts';
import type { PlanOf, SecondClientWrite } from './faultPlan.ts';

/** A role's username; anything else is taken for a username. */
export const usernameOf = (context: TwinContext, user: string): string => context.roles[user] ?? user;

const sessionOf = (context: TwinContext, as: string): Session => {
  const username = usernameOf(context, as);
  const user = context.org.engine.findUser(username);
  if (user === undefined) throw new TwinError('INVALID_ARGUMENT', `The org has no user or role ${as}.`);
  return { orgId: context.org.orgId, userId: user.id, username, apiVersion: NEWEST_VERSION };
};

const write = (engine: DataEngine, session: Session, one: SecondClientWrite): readonly RowResult[] => {
  const options = { allOrNone: false };
  if ('ids' in one) {
    if (one.operation === 'emptyRecycleBin') return engine.emptyRecycleBin(session, one.ids);
    return engine[one.operation](session, one.ids, options);
  }
  if ('externalIdField' in one) {
    return engine.upsert(session, one.object, one.rows, { ...options, externalIdField: one.externalIdField });
  }
  return engine[one.operation](session, one.object, one.rows, options);
};

const outcome = ({ success, errors }: RowResult): string => (success ? 'OK' : (errors[0]?.statusCode ?? 'UNKNOWN'));

/**
 * Writes as another user between two calls of the client under test. A row that cannot be written fails nothing but
 * its own outcome. No fault hits these writes.
 * @returns one status code per row, `OK` when it was written.
 */
export const actAsSecondClient = (plan: PlanOf<'secondClient'>, context: TwinContext): readonly string[] => {
  const session = sessionOf(context, plan.as);
  return plan.writes.flatMap((one) => {
    try {
      return write(context.org.plainEngine, session, one).map(outcome);
    } catch (error) {
      if (error instanceof TwinError) return [error.errorCode];
      throw error;
    }
  });
};
