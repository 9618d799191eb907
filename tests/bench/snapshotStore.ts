import { join } from 'node:path';
import { ORG, recordId } from '../plan/examplePlan.ts';
import { temporaryVault } from '../plan/temporaryVault.ts';
import { timed, type Bench } from './bench.ts';
import { plainDatabase, plainTable, type PlainRow } from './plainTable.ts';
import { contactRows } from './twinOrg.ts';

/** Rows of one transaction, as the vault's stores have them. */
const TRANSACTION_ROWS = 10_000;

const rowsOf = (count: number): readonly PlainRow[] =>
  contactRows(count, [recordId('001', 1), recordId('001', 2)]).map((row, n) => ({ Id: recordId('003', n), ...row }));

export const snapshotStore: Bench = {
  name: 'snapshot-store',
  unit: 'rows/s',
  baseline: 'the same rows into an unencrypted file of node:sqlite, a statement per row',
  measure: (quick) => {
    const rows = rowsOf(quick ? 400 : 200_000);
    const columns = Object.keys(rows[0] ?? {});
    const home = temporaryVault();
    try {
      const { store } = home.vault.createStore('snapshot', ORG, '2026-03-01T00:00:00.000Z');
      store.create({ name: 'Contact', columns: Object.fromEntries(columns.map((name) => [name, 'text' as const])) });
      const values = rows.map((row) => columns.map((name) => row[name] ?? null));
      const own = timed(() => {
        const written = store.insert('Contact', columns, values);
        store.flush();
        return written;
      });
      store.close();
      const database = plainDatabase(join(home.folder, 'plain.db'));
      const insert = plainTable(database, 'Contact', columns);
      const baseline = timed(() => {
        for (let from = 0; from < rows.length; from += TRANSACTION_ROWS)
          insert(rows.slice(from, from + TRANSACTION_ROWS));
        database.exec('PRAGMA wal_checkpoint(FULL)');
        return rows.length;
      });
      database.close();
      return { own, baseline };
    } finally {
      home.remove();
    }
  },
};
