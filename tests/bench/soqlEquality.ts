import { timed, type Bench, type Timed } from './bench.ts';
import { plainDatabase, plainTable, type PlainRow } from './plainTable.ts';
import { accountRows, twinOrg } from './twinOrg.ts';

const LOAD = 1000;

const contact = (n: number, accountId: string | null): PlainRow => ({
  LastName: `Member ${n}`,
  Email: `person-${n}@people.example`,
  AccountId: accountId,
});

/** Every query asks for one of these, spread over all rows. */
const picks = (count: number, times: number): readonly number[] =>
  Array.from({ length: times }, (_, time) => Math.floor((time * count) / times));

type Latency = { readonly wall: number[]; readonly cpu: number[] };

/** `ask`, noting the milliseconds of each: by the clock, and of processor time, which other work does not lengthen. */
const noting =
  (latency: Latency, ask: (n: number) => number) =>
  (n: number): number => {
    const [start, before] = [performance.now(), process.cpuUsage()];
    const answer = ask(n);
    const { user, system } = process.cpuUsage(before);
    latency.wall.push(performance.now() - start);
    latency.cpu.push((user + system) / 1000);
    return answer;
  };

/** The value that 95 of 100 do not exceed. */
const p95 = (all: readonly number[]): number =>
  Number(([...all].sort((a, b) => a - b)[Math.ceil(all.length * 0.95) - 1] ?? 0).toFixed(3));

const each = (wanted: readonly number[], ask: (n: number) => number): Timed =>
  timed(() => {
    let rows = 0;
    for (const n of wanted) rows += ask(n);
    return rows;
  });

/** Equality on an indexed field of a large object: the whole way from SOQL text to the record. */
export const soqlEquality: Bench = {
  name: 'soql-equality',
  unit: 'queries/s',
  baseline: 'the same look-ups by a prepared statement on an index of plain node:sqlite',
  measure: (quick) => {
    const count = quick ? 2_000 : 1_000_000;
    const org = twinOrg();
    const [account = null] = org.insert('Account', accountRows(1));
    const database = plainDatabase();
    const insert = plainTable(database, 'Contact', Object.keys(contact(0, account)));
    for (let from = 0; from < count; from += LOAD) {
      const some = Array.from({ length: LOAD }, (_, n) => contact(from + n, account));
      org.engine.adminLoad('Contact', some);
      insert(some);
    }
    database.exec('CREATE INDEX email ON Contact (Email COLLATE NOCASE)');
    const ask = (n: number): number => {
      const soql = `SELECT Id, LastName, Account.Name FROM Contact WHERE Email = 'PERSON-${n}@people.example'`;
      return [...org.engine.query(org.session, soql, { includeDeleted: false }).rows].length;
    };
    // The index is made when first asked for.
    ask(0);
    const wanted = picks(count, quick ? 50 : 5_000);
    const latency: Latency = { wall: [], cpu: [] };
    const own = each(wanted, noting(latency, ask));
    org.engine.close();
    const statement = database.prepare('SELECT * FROM Contact WHERE Email = ? COLLATE NOCASE');
    const baseline = each(wanted, (n) => statement.all(`person-${n}@people.example`).length);
    database.close();
    if (own.count !== baseline.count) throw new Error(`the twin answered ${own.count} rows of ${baseline.count}`);
    return { own, baseline, figures: { p95WallMs: p95(latency.wall), p95CpuMs: p95(latency.cpu) } };
  },
};
