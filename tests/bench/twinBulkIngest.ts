import { timed, timedAsync, type Bench } from './bench.ts';
import { ingestContacts, makeAccounts } from './bulkJobs.ts';
import { insertPlain, plainContacts } from './plainContacts.ts';
import { startServerProcess } from './serverProcess.ts';

const ACCOUNTS = 200;
const WARM_UP = 2_000;

export const twinBulkIngest: Bench = {
  name: 'twin-bulk-ingest',
  unit: 'rows/s',
  baseline: 'the same rows by prepared inserts into plain node:sqlite with the same indexes, a transaction per 200',
  measure: async (quick, rows = 50_000) => {
    const count = quick ? 1_000 : rows;
    const server = await startServerProcess('twinServer');
    const accountIds = await makeAccounts(server, ACCOUNTS);
    if (!quick) await ingestContacts(server, WARM_UP, accountIds);
    const own = await timedAsync(() => ingestContacts(server, count, accountIds));
    const memory = await server.end();
    const database = plainContacts();
    const baseline = timed(() => insertPlain(database, count, accountIds));
    database.close();
    return { own, baseline, memory };
  },
};
