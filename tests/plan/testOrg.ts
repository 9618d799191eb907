import { openTwinAs } from '../../scripts/app/connectTwin.ts';
import { loadLaw, type Law } from '../../scripts/app/loadLaw.ts';
import type { Clock } from '../../scripts/kernel/clock.ts';
import { idSuffix } from '../../scripts/kernel/recordId.ts';
import type { Org } from '../../scripts/org/port.ts';
import type { TwinOptions } from '../../scripts/twin/contract.ts';
import type { ControlledTwin } from '../../scripts/twin/controls.ts';
import { startTwin } from '../../scripts/twin/startTwin.ts';
import { packageAsDeployed } from './packageAsDeployed.ts';

/** A twin with the package on it, and people of its own for each test. */
export type TestOrg = {
  readonly twin: ControlledTwin;
  readonly admin: Org;
  readonly officer: Org;
  readonly law: Law;
  readonly clock: Clock;
  /** Moves the clock that Garde and the twin share. */
  setTime(instant: string): void;
  /** Rows as they are, audit fields included; returns their ids. */
  load(object: string, rows: readonly Readonly<Record<string, string | number | boolean | null>>[]): readonly string[];
  /** Gives the administrator further permission sets. */
  assign(names: readonly string[]): Promise<void>;
  close(): Promise<void>;
};

export const START = '2026-11-20T09:00:00.000Z';

const PREFIXES: Readonly<Record<string, string>> = {
  Contact: '003',
  Account: '001',
  Lead: '00Q',
  Opportunity: '006',
  Task: '00T',
  Case: '500',
  Individual: '0PK',
};

let made = 0;
const newId = (object: string): string => {
  made += 1;
  const id15 = `${PREFIXES[object] ?? '001'}Te${String(made).padStart(10, '0')}`;
  return id15 + idSuffix(id15);
};

const assign = async (admin: Org, userId: string, names: readonly string[]): Promise<void> => {
  for (const name of names) {
    for await (const row of admin.query(`SELECT Id FROM PermissionSet WHERE Name = '${name}'`)) {
      await admin.create('PermissionSetAssignment', [{ AssigneeId: userId, PermissionSetId: row['Id'] }]);
    }
  }
};

const prepare = async (twin: ControlledTwin): Promise<void> => {
  const admin = await openTwinAs(twin, 'admin');
  const { userId, username } = twin.users['admin']!;
  const session = { orgId: twin.orgId, userId, username, apiVersion: 66 };
  const { failures } = twin.engine.deployMetadata(session, await packageAsDeployed(), { checkOnly: false });
  if (failures.length > 0) throw new Error(JSON.stringify(failures.slice(0, 3)));
  await assign(admin, twin.users['admin']!.userId, ['GardeAdmin', 'GardeAccess', 'GardePurge']);
  await assign(admin, twin.users['officer']!.userId, ['GardeOfficer']);
};

/** A Nonprofit Success Pack org (or one without) with the package on it, its administrator and its officer. */
export const openTestOrg = async (
  shape: 'npsp' | 'bare' = 'npsp',
  options: Pick<TwinOptions, 'personAccounts'> = {},
): Promise<TestOrg> => {
  let now = Date.parse(START);
  const twin = await startTwin({ shape, port: 0, production: true, now: () => now, ...options });
  try {
    await prepare(twin);
    return {
      twin,
      admin: await openTwinAs(twin, 'admin'),
      officer: await openTwinAs(twin, 'officer'),
      law: await loadLaw({ charterPath: 'config/charters/demo.yml', starterAllowed: false }),
      clock: { now: () => new Date(now).toISOString() },
      setTime: (instant) => {
        now = Date.parse(instant);
      },
      load: (object, rows) => {
        const full = rows.map((row) => ({ Id: newId(object), ...row }));
        twin.engine.adminLoad(object, full);
        return full.map((row) => row.Id);
      },
      assign: async (names) => assign(await openTwinAs(twin, 'admin'), twin.users['admin']!.userId, names),
      close: () => twin.close(),
    };
  } catch (error) {
    await twin.close();
    throw error;
  }
};

/** A contact last heard of long ago. */
export const oldContact = (name: string, over: object = {}): Readonly<Record<string, string>> => ({
  LastName: name,
  CreatedDate: '2015-03-01T10:00:00.000Z',
  ...over,
});
