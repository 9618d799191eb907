import { timed, timedAsync, type Bench } from './bench.ts';
import { CONTACT_COLUMNS } from './bulkContacts.ts';
import { exportRows, ingestContacts, makeAccounts } from './bulkJobs.ts';
import { insertPlain, plainContacts, selectPlain } from './plainContacts.ts';
import { startServerProcess } from './serverProcess.ts';

const ACCOUNTS = 200;
const SOQL = `SELECT Id, ${CONTACT_COLUMNS.join(', ')} FROM Contact`;

export const twinBulkQuery: Bench = {
  name: 'twin-bulk-query',
  unit: 'rows/s',
  baseline: 'a raw select of the same columns to CSV text in plain node:sqlite',
  measure: async (quick, rows = 50_000) => {
    const count = quick ? 1_000 : rows;
    const server = await startServerProcess('twinServer');
    const accountIds = await makeAccounts(server, ACCOUNTS);
    await ingestContacts(server, count, accountIds);
    const own = await timedAsync(async () => (await exportRows(server, SOQL)).rows);
    const memory = await server.end();
    const database = plainContacts();
    insertPlain(database, count, accountIds);
    const baseline = timed(() => {
      if (selectPlain(database) === 0) throw new Error('the plain table is empty');
      return count;
    });
    database.close();
    return { own, baseline, memory };
  },
};
