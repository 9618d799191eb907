import { createOrg } from '../../scripts/org/createOrg.ts';
import { connectTwin } from '../../scripts/app/connectTwin.ts';
import type { Org } from '../../scripts/org/port.ts';
import type { ApplyPorts } from '../../scripts/plan/apply/applyPlan.ts';
import { createRetentionGuard } from '../../scripts/retention/retentionGuard.ts';
import { approve, makePlan } from '../plan/cycle.ts';
import { temporaryVault } from '../plan/temporaryVault.ts';
import { oldContact, openTestOrg, type TestOrg } from '../plan/testOrg.ts';
import { freezePlan, type FrozenPlan } from './frozenPlan.ts';
import { addRecipients, makeMixedPlan, standingGuard } from './mixedPlan.ts';

/** A plan of one kind, approved and frozen, and how it is applied. */
export type RunType = {
  readonly name: string;
  readonly at: TestOrg;
  readonly frozen: FrozenPlan;
  readonly ports: Pick<ApplyPorts, 'createGuard' | 'bulkFrom'>;
  readonly remove: () => Promise<void>;
};

/** Due people with what hangs off them. */
export const loadDuePeople = (at: TestOrg, count: number): readonly string[] => {
  const ids = at.load(
    'Contact',
    Array.from({ length: count }, (_, i) => oldContact(`Due${String(i).padStart(2, '0')}`)),
  );
  const closed = { Status: 'Closed', IsClosed: true, Origin: 'Web', CreatedDate: '2016-01-01T00:00:00.000Z' };
  at.load(
    'Case',
    ids.filter((_, i) => i % 3 === 0).map((ContactId) => ({ ...closed, ContactId })),
  );
  at.load(
    'Task',
    ids.filter((_, i) => i % 4 === 0).map((WhoId) => ({ WhoId, Subject: 'Mailing', Status: 'Completed' })),
  );
  return ids;
};

type Made = { readonly path: string; readonly ports: RunType['ports'] };
type Home = ReturnType<typeof temporaryVault>;

const MAKERS: Readonly<Record<string, (at: TestOrg, home: Home) => Promise<Made>>> = {
  'retention by calls': async (at, home) => {
    loadDuePeople(at, 30);
    const { path } = await makePlan(at, home);
    return { path, ports: { createGuard: createRetentionGuard(at.law, at.clock.now) } };
  },
  'retention by jobs': async (at, home) => {
    loadDuePeople(at, 30);
    const { path } = await makePlan(at, home);
    return { path, ports: { createGuard: createRetentionGuard(at.law, at.clock.now), bulkFrom: 1 } };
  },
  'every operation': async (at, home) => ({
    path: await makeMixedPlan(at, home, { people: 6 }),
    ports: { createGuard: standingGuard },
  }),
  'every operation, jobs where they can': async (at, home) => ({
    path: await makeMixedPlan(at, home, { people: 6 }),
    ports: { createGuard: standingGuard, bulkFrom: 1 },
  }),
};

export const RUN_TYPES = Object.keys(MAKERS);

export const openRunType = async (name: string): Promise<RunType> => {
  const at = await openTestOrg();
  const home = temporaryVault(name, at.clock.now());
  const make = MAKERS[name];
  if (make === undefined) throw new Error(`no run type ${name}`);
  await addRecipients(at, home.folder);
  const { path, ports } = await make(at, home);
  await approve(at, path);
  const frozen = await freezePlan(at, home.folder, path);
  return {
    ...{ name, at, frozen, ports },
    remove: async () => {
      await at.close();
      home.remove();
    },
  };
};

/** The org did not let the administrator in: a fault hit the login itself. */
export class NoLogin extends Error {}

const signIn = async ({ instanceUrl, users }: TestOrg['twin']): Promise<string> => {
  const { username, password = '' } = users['admin'] ?? { username: '' };
  const body = new URLSearchParams({ grant_type: 'password', username, password, client_id: 'a', client_secret: 'a' });
  try {
    const response = await fetch(`${instanceUrl}/services/oauth2/token`, { method: 'POST', body });
    const { access_token: token } = (await response.json()) as { access_token?: string };
    if (token !== undefined) return token;
  } catch (error) {
    // a connection that broke, or an answer that was cut off
    if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error;
  }
  throw new NoLogin('the administrator cannot sign in');
};

/** The administrator with a session of now, who waits for nothing. Error: NoLogin. */
export const freshAdmin = async ({ twin }: TestOrg): Promise<Org> => {
  const admin = twin.users['admin'];
  if (admin === undefined) throw new Error('the twin has no administrator');
  const users = { ...twin.users, admin: { ...admin, accessToken: await signIn(twin) } };
  const connection = await connectTwin({ instanceUrl: twin.instanceUrl, orgId: twin.orgId, users }, 'admin');
  return createOrg(connection, { sleep: () => new Promise((resolve) => setTimeout(resolve, 1)), chance: () => 0 });
};
