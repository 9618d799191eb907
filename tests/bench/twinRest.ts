import jsforce from 'jsforce';
import type { Connection } from 'jsforce';
import { timedAsync, type Bench, type Timed } from './bench.ts';
import { startServerProcess, type ServerProcess } from './serverProcess.ts';

const CONNECTIONS = 8;

/** Half reads, a quarter creations, a quarter updates, one at a time per connection. */
const single = async (connection: Connection, id: string, n: number): Promise<void> => {
  const accounts = connection.sobject('Account');
  if (n % 4 === 0) await accounts.create({ Name: `Created ${n}` });
  else if (n % 4 === 1) await accounts.update({ Id: id, Name: `Changed ${n}` });
  else await accounts.retrieve(id);
};

const load = async (server: ServerProcess, requests: number): Promise<Timed> => {
  const connections = Array.from(
    { length: CONNECTIONS },
    () => new jsforce.Connection({ instanceUrl: server.url, accessToken: server.token, version: '66.0' }),
  );
  const made = await Promise.all(connections.map((one) => one.sobject('Account').create({ Name: 'Kept' })));
  const run = async (each: number): Promise<number> => {
    await Promise.all(
      connections.map(async (connection, i) => {
        for (let n = 0; n < each; n += 1) await single(connection, made[i]?.id ?? '', n);
      }),
    );
    return each * CONNECTIONS;
  };
  await run(Math.ceil(requests / CONNECTIONS / 4));
  return timedAsync(() => run(Math.ceil(requests / CONNECTIONS)));
};

export const twinRest: Bench = {
  name: 'twin-rest',
  unit: 'requests/s',
  baseline: 'the same requests of the same eight jsforce connections to a server that answers one fixed text',
  measure: async (quick, rows = 8_000) => {
    const requests = quick ? 64 : rows;
    const twin = await startServerProcess('twinServer');
    const own = await load(twin, requests);
    const memory = await twin.end();
    const plain = await startServerProcess('plainServer');
    const baseline = await load(plain, requests);
    await plain.end();
    return { own, baseline, memory };
  },
};
