import { openTwinAs } from '../../scripts/app/connectTwin.ts';
import { builtPackage } from '../../scripts/app/installation.ts';
import { loadLaw, type Law } from '../../scripts/app/loadLaw.ts';
import type { TwinState } from '../../scripts/app/twinState.ts';
import type { Org } from '../../scripts/org/port.ts';
import { recordId } from '../plan/examplePlan.ts';
import { startServerProcess, type ServerProcess } from './serverProcess.ts';

type Reached = Pick<TwinState, 'instanceUrl' | 'orgId' | 'users'>;

export type ExecutorOrg = {
  readonly server: ServerProcess;
  readonly law: Law;
  /** A connection of its own, as every command has: nothing was described on it yet. */
  open(role: 'admin' | 'officer'): Promise<Org>;
  /** So many people who are due, a third of them with a mailing that goes with them. */
  populate(people: number): Promise<void>;
  /** Milliseconds before each request is processed; 0 for none. */
  setLatency(milliseconds: number): Promise<void>;
};

const asAdmin = (server: ServerProcess) => ({ 'x-garde-admin': server.admin });

const ensure = (status: number, text: string): void => {
  if (status >= 300) throw new Error(`the twin refused: ${text.slice(0, 200)}`);
};

const load = async (server: ServerProcess, object: string, rows: Iterable<object>): Promise<void> => {
  const lines = async function* (): AsyncGenerator<string> {
    for (const row of rows) yield `${JSON.stringify(row)}\n`;
    await Promise.resolve();
  };
  const path = `/garde/admin/load?object=${object}`;
  const { status, text } = await server.call('POST', path, { body: lines(), headers: asAdmin(server) });
  ensure(status, text);
};

let populated = 0;

const populate = async (server: ServerProcess, people: number): Promise<void> => {
  const first = populated;
  populated += people;
  const numbers = Array.from({ length: people }, (_, n) => first + n);
  const CreatedDate = '2015-03-01T10:00:00.000Z';
  const contacts = numbers.map((n) => ({ Id: recordId('003', n), LastName: `Due ${n}`, CreatedDate }));
  await load(server, 'Contact', contacts);
  const mailings = numbers
    .filter((n) => n % 3 === 0)
    .map((n) => ({ Id: recordId('00T', n), WhoId: recordId('003', n), Subject: 'Mailing', Status: 'Completed' }));
  await load(server, 'Task', mailings);
};

const prepare = async (twin: Reached): Promise<void> => {
  const admin = await openTwinAs(twin, 'admin');
  const { success, failures } = await admin.deployFolder(builtPackage(), { checkOnly: false });
  if (!success) throw new Error(JSON.stringify(failures.slice(0, 3)));
  const sets = { admin: ['GardeAdmin', 'GardeAccess', 'GardePurge'], officer: ['GardeOfficer'] };
  for (const [role, names] of Object.entries(sets)) {
    for (const name of names) {
      for await (const row of admin.query(`SELECT Id FROM PermissionSet WHERE Name = '${name}'`)) {
        const AssigneeId = twin.users[role]?.userId ?? '';
        await admin.create('PermissionSetAssignment', [{ AssigneeId, PermissionSetId: row['Id'] }]);
      }
    }
  }
};

/** A twin in a process of its own with the package on it: the executor's own time is apart from the org's. */
export const startExecutorOrg = async (): Promise<ExecutorOrg> => {
  const server = await startServerProcess('executorServer');
  const { orgId, users } = server.info as unknown as Reached;
  const twin: Reached = { instanceUrl: server.url, orgId, users };
  await prepare(twin);
  return {
    server,
    law: await loadLaw({ charterPath: 'config/charters/demo.yml', starterAllowed: false }),
    open: (role) => openTwinAs(twin, role),
    populate: (people) => populate(server, people),
    setLatency: async (milliseconds) => {
      const removed = await server.call('DELETE', '/garde/admin/faults', { headers: asAdmin(server) });
      ensure(removed.status, removed.text);
      if (milliseconds === 0) return;
      const body = JSON.stringify({ kind: 'latency', milliseconds, match: { path: '/services/*' } });
      const headers = { ...asAdmin(server), 'content-type': 'application/json' };
      const planned = await server.call('POST', '/garde/admin/faults', { body, headers });
      ensure(planned.status, planned.text);
    },
  };
};
