import type { DataEngine, RowResult, Session } from '../../scripts/twin/contract.ts';
import { createEngine } from '../../scripts/twin/engine/createEngine.ts';
import { freshOrg, NOW } from '../twin/schema/freshOrg.ts';
import type { PlainRow } from './plainTable.ts';

/** Salesforce's own limit of rows in one request of sObject Collections. */
export const REQUEST_ROWS = 200;

export type TwinOrg = {
  readonly engine: DataEngine;
  readonly session: Session;
  /** Ids of the rows, inserted in requests of 200. */
  insert(object: string, rows: readonly PlainRow[]): readonly string[];
};

const idOf = ({ id, errors }: RowResult): string => {
  if (id === null) throw new Error(`the twin refused a row: ${errors.map((one) => one.statusCode).join(', ')}`);
  return id;
};

/** A fresh org of the bare shape, without protocol: the engine alone, as its administrator. */
export const twinOrg = (): TwinOrg => {
  const { registry, store, seeded, access } = freshOrg('bare');
  const { admin } = seeded.users;
  if (admin === undefined) throw new Error('the bare shape has no administrator');
  const rights = access('admin');
  const clock = { now: () => NOW };
  const engine = createEngine({ registry, store, clock, orgId: seeded.orgId, accessOf: () => rights });
  const session: Session = { orgId: seeded.orgId, userId: admin.userId, username: admin.username, apiVersion: 66 };
  return {
    engine,
    session,
    insert: (object, rows) => {
      const ids: string[] = [];
      for (let from = 0; from < rows.length; from += REQUEST_ROWS) {
        const request = rows.slice(from, from + REQUEST_ROWS);
        ids.push(...engine.insert(session, object, request, { allOrNone: true }).map(idOf));
      }
      return ids;
    },
  };
};

export const accountRows = (count: number): readonly PlainRow[] =>
  Array.from({ length: count }, (_, n) => ({ Name: `Household ${n}`, BillingCity: `City ${n % 97}` }));

/** Invented people spread over accounts; a seventh have a last name in M. */
export const contactRows = (count: number, accountIds: readonly string[]): readonly PlainRow[] =>
  Array.from({ length: count }, (_, n) => ({
    FirstName: `First ${n % 211}`,
    LastName: `${'ABCDMRS'.charAt(n % 7)}ember ${n}`,
    Email: `person-${n}@people.example`,
    Birthdate: `19${50 + (n % 50)}-0${1 + (n % 9)}-15`,
    MailingCity: `City ${n % 97}`,
    AccountId: accountIds[n % accountIds.length] ?? null,
  }));
