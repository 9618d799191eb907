import { timed, type Bench } from './bench.ts';
import { plainDatabase, plainTable } from './plainTable.ts';
import { accountRows, contactRows, REQUEST_ROWS, twinOrg } from './twinOrg.ts';

export const twinInsert: Bench = {
  name: 'twin-insert',
  unit: 'rows/s',
  baseline: 'the same rows into one table of plain node:sqlite, a transaction per 200',
  measure: (quick) => {
    const org = twinOrg();
    const rows = contactRows(quick ? 400 : 20_000, org.insert('Account', accountRows(quick ? 10 : 500)));
    const own = timed(() => org.insert('Contact', rows).length);
    org.engine.close();
    const database = plainDatabase();
    const insert = plainTable(database, 'Contact', Object.keys(rows[0] ?? {}));
    const baseline = timed(() => {
      for (let from = 0; from < rows.length; from += REQUEST_ROWS) insert(rows.slice(from, from + REQUEST_ROWS));
      return rows.length;
    });
    database.close();
    return { own, baseline };
  },
};
