import { randomBytes } from 'node:crypto';
import { createIngestJobs } from './bulk/ingestJobs.ts';
import { Outcomes } from './bulk/outcomes.ts';
import { createQueryJobs } from './bulk/queryJobs.ts';
import { createClassicJobs } from './bulkV1/classicJobs.ts';
import { createClock } from './clock.ts';
import type { Clock } from './clock.ts';
import type { Org, TwinContext } from './context.ts';
import type { TwinOptions, TwinUser } from './contract.ts';
import type { ControlledTwin } from './controls.ts';
import { createIdMint } from './engine/ids.ts';
import { createFaultBoard } from './faults/faultBoard.ts';
import type { FaultBoard } from './faults/faultBoard.ts';
import { faultyRoutes } from './faults/faultyRoutes.ts';
import { createJobFaults } from './faults/jobFaults.ts';
import type { JobFaults } from './faults/jobFaults.ts';
import { withRowFaults } from './faults/rowFaults.ts';
import { createCursors } from './rest/cursors.ts';
import { createRouter } from './router.ts';
import { routes } from './routes.ts';
import { startServer } from './server.ts';
import { createSessions } from './sessions.ts';
import type { Sessions } from './sessions.ts';
import { copyWhenIdle, createSnapshots } from './snapshots.ts';
import { createMetadataJobs } from './soap/metadataJobs.ts';

/** A fresh org: engine and schema, before any request. */
export type OrgCore = Pick<
  Org,
  'orgId' | 'name' | 'engine' | 'schema' | 'describeMetadata' | 'objectInfo' | 'picklistValues' | 'notRehearsed'
> & {
  /** By role; `admin` is there. */
  readonly users: Readonly<Record<string, { readonly username: string; readonly userId: string }>>;
  /** The org as it stands, under another clock where one is given. TwinError SERVER_UNAVAILABLE amid a statement. */
  copy(clock?: Clock): OrgCore;
  /** Memory that rows and bytes take. */
  bytes(): number;
};

type Roles = Readonly<Record<string, string>>;

/** What outlives a reset. */
type Frame = {
  readonly clock: Clock;
  readonly roles: Roles;
  readonly faults: FaultBoard;
  readonly jobFaults: JobFaults;
};

const withJobs = (core: OrgCore, { clock, roles, faults, jobFaults }: Frame): Org => {
  const mint = createIdMint();
  const bulkId = (): string => mint.next('750');
  return {
    ...core,
    plainEngine: core.engine,
    engine: withRowFaults(core.engine, faults, (user) => roles[user] ?? user),
    cursors: createCursors(),
    ingest: createIngestJobs(clock, bulkId),
    queries: createQueryJobs(clock, bulkId),
    classic: createClassicJobs(
      clock,
      (prefix) => mint.next(prefix),
      () => new Outcomes(),
    ),
    metadata: createMetadataJobs(core.engine, clock, (prefix) => mint.next(prefix), jobFaults),
  };
};

const withTokens = (core: OrgCore, sessions: Sessions): Readonly<Record<string, TwinUser>> =>
  Object.fromEntries(
    Object.entries(core.users).map(([role, { username, userId }]) => {
      const { accessToken, password } = sessions.credentials(username);
      return [role, { username, userId, accessToken, password }];
    }),
  );

const rolesOf = (core: OrgCore): Roles =>
  Object.fromEntries(Object.entries(core.users).map(([role, { username }]) => [role, username]));

/** The org that is served now, and its successors. */
const createHost = (first: OrgCore, frame: Frame) => {
  const state = { core: first, org: withJobs(first, frame) };
  return {
    org: () => state.org,
    core: () => state.core,
    serve: (core: OrgCore): void => {
      const before = state.core;
      state.core = core;
      state.org = withJobs(core, frame);
      before.engine.close();
    },
  };
};

/** Where a clone takes up. */
type Inheritance = {
  readonly core: (clock: Clock) => Promise<OrgCore>;
  readonly instant: number;
  readonly rate: number;
};

type OrgMaker = (clock: Clock) => OrgCore;

const clockOf = (options: TwinOptions, inherited: Inheritance | undefined): Clock => {
  const clock = createClock(options.now);
  if (inherited === undefined) return clock;
  clock.run(inherited.rate);
  clock.set(inherited.instant);
  return clock;
};

/** Everything of a twin but its address. */
const createState = async (options: TwinOptions, createOrg: OrgMaker, inherited: Inheritance | undefined) => {
  const clock = clockOf(options, inherited);
  const random = options.random ?? randomBytes;
  const core = inherited === undefined ? createOrg(clock) : await inherited.core(clock);
  const sessions = createSessions(core.orgId, random, () => clock.now());
  if (options.sessionMinutes !== undefined) sessions.endAfter(options.sessionMinutes * 60_000);
  const faults = createFaultBoard(clock);
  const roles = rolesOf(core);
  const jobFaults = createJobFaults(faults, clock, (user) => roles[user] ?? user);
  const host = createHost(core, { clock, roles, faults, jobFaults });
  return {
    orgId: core.orgId,
    users: withTokens(core, sessions),
    adminToken: Buffer.from(random(24)).toString('base64url'),
    snapshots: createSnapshots({ clock, current: host.core, serve: host.serve }),
    clock,
    sessions,
    faults,
    roles,
    jobFaults,
    host,
    reset: () => {
      host.serve(createOrg(clock));
      faults.clear();
    },
  };
};

type TwinState = Awaited<ReturnType<typeof createState>>;

/** Makes clones and closes those that are left. */
const createCloning = ({ host, clock }: TwinState, options: TwinOptions, createOrg: OrgMaker) => {
  const clones = new Set<ControlledTwin>();
  const inheritance = (): Inheritance => ({
    core: (other) => copyWhenIdle(() => ({ ...host.core(), copy: () => host.core().copy(other) })),
    instant: clock.now(),
    rate: clock.rate,
  });
  const clone: ControlledTwin['clone'] = async ({ port = 0 } = {}) => {
    const ends = { port, onStop: () => void kept.close() };
    const made = await serveTwin({ ...options, ...ends }, createOrg, inheritance());
    const kept: ControlledTwin = {
      ...made,
      get engine() {
        return made.engine;
      },
      close: () => (clones.delete(kept) ? made.close() : Promise.resolve()),
    };
    clones.add(kept);
    return kept;
  };
  return {
    clone,
    closeAll: async () => {
      for (const one of [...clones]) await one.close();
    },
  };
};

const contextOf = (
  state: TwinState,
  options: TwinOptions,
  clone: ControlledTwin['clone'],
  port: number,
): TwinContext => {
  const { host, clock, sessions, adminToken, roles, faults, jobFaults, snapshots, reset } = state;
  return {
    get org() {
      return host.org();
    },
    clock,
    sessions,
    router: createRouter(faultyRoutes(routes)),
    instanceUrl: `http://127.0.0.1:${port}`,
    adminToken,
    roles,
    faults,
    jobFaults,
    snapshots,
    clone,
    defaultUsername: roles['admin'] ?? '',
    automaticLogins: options.automaticLogins ?? true,
    onStop: options.onStop,
    reset,
  };
};

/**
 * Serves an org over http on 127.0.0.1.
 * @param createOrg makes a fresh org; called once now, unless one is inherited, and again at every reset.
 */
export const serveTwin = async (
  options: TwinOptions,
  createOrg: OrgMaker,
  inherited?: Inheritance,
): Promise<ControlledTwin> => {
  const state = await createState(options, createOrg, inherited);
  const { clone, closeAll } = createCloning(state, options, createOrg);
  const server = await startServer(options.port, (port) => contextOf(state, options, clone, port));
  const { orgId, users, adminToken, clock, faults, snapshots, host } = state;
  return {
    instanceUrl: `http://127.0.0.1:${server.port}`,
    orgId,
    users,
    adminToken,
    clock,
    faults,
    snapshots,
    clone,
    get engine() {
      return host.core().engine;
    },
    close: async () => {
      await closeAll();
      await server.close();
      snapshots.clear();
      host.core().engine.close();
    },
  };
};
