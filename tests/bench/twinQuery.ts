import type { DatabaseSync } from 'node:sqlite';
import { timed, type Bench, type Timed } from './bench.ts';
import { plainDatabase, plainTable, type PlainRow } from './plainTable.ts';
import { accountRows, contactRows, twinOrg } from './twinOrg.ts';

const SOQL = "SELECT Id, FirstName, LastName, Email, Account.Name FROM Contact WHERE LastName LIKE 'M%'";
const SQL = `SELECT c.Id, c.FirstName, c.LastName, c.Email, a.Name AS AccountName
  FROM Contact c LEFT JOIN Account a ON a.Id = c.AccountId WHERE c.LastName LIKE 'M%'`;

const withIds = (rows: readonly PlainRow[], ids: readonly string[]): readonly PlainRow[] =>
  rows.map((row, n) => ({ ...row, Id: ids[n] ?? null }));

const plainCopy = (accounts: readonly PlainRow[], contacts: readonly PlainRow[]): DatabaseSync => {
  const database = plainDatabase();
  plainTable(database, 'Account', Object.keys(accounts[0] ?? {}))(accounts);
  plainTable(database, 'Contact', Object.keys(contacts[0] ?? {}))(contacts);
  database.exec('CREATE UNIQUE INDEX accountId ON Account (Id)');
  return database;
};

const readRows = (times: number, rowsOf: () => Iterable<unknown>): Timed =>
  timed(() => {
    let rows = 0;
    for (let time = 0; time < times; time += 1) rows += [...rowsOf()].length;
    return rows;
  });

export const twinQuery: Bench = {
  name: 'twin-query',
  unit: 'rows/s',
  baseline: 'the same rows by a hand-written SQL join in plain node:sqlite',
  measure: (quick) => {
    const org = twinOrg();
    const accounts = accountRows(quick ? 10 : 500);
    const accountIds = org.insert('Account', accounts);
    const contacts = contactRows(quick ? 400 : 10_000, accountIds);
    const contactIds = org.insert('Contact', contacts);
    const times = quick ? 2 : 20;
    const own = readRows(times, () => org.engine.query(org.session, SOQL, { includeDeleted: false }).rows);
    org.engine.close();
    const database = plainCopy(withIds(accounts, accountIds), withIds(contacts, contactIds));
    const statement = database.prepare(SQL);
    const baseline = readRows(times, () => statement.all());
    database.close();
    if (own.count !== baseline.count) throw new Error(`the twin answered ${own.count} rows of ${baseline.count}`);
    return { own, baseline };
  },
};
