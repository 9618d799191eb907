import { randomBytes } from 'node:crypto';
import { createIngestJobs } from './bulk/ingestJobs.ts';
import { createQueryJobs } from './bulk/queryJobs.ts';
import { createClock } from './clock.ts';
import type { Clock } from './clock.ts';
import type { Org, TwinContext } from './context.ts';
import type { Twin, TwinOptions, TwinUser } from './contract.ts';
import { createIdMint } from './engine/ids.ts';
import { createCursors } from './rest/cursors.ts';
import { createRouter } from './router.ts';
import { routes } from './routes.ts';
import { startServer } from './server.ts';
import { createSessions } from './sessions.ts';
import type { Sessions } from './sessions.ts';
import { createMetadataJobs } from './soap/metadataJobs.ts';

/** A fresh org: engine and schema, before any request. */
export type OrgCore = Pick<
  Org,
  'orgId' | 'name' | 'engine' | 'schema' | 'describeMetadata' | 'objectInfo' | 'picklistValues' | 'notRehearsed'
> & {
  /** By role; `admin` is there. */
  readonly users: Readonly<Record<string, { readonly username: string; readonly userId: string }>>;
};

const withJobs = (core: OrgCore, clock: Clock): Org => {
  const mint = createIdMint();
  const bulkId = (): string => mint.next('750');
  return {
    ...core,
    cursors: createCursors(),
    ingest: createIngestJobs(clock, bulkId),
    queries: createQueryJobs(clock, bulkId),
    metadata: createMetadataJobs(core.engine, clock, (prefix) => mint.next(prefix)),
  };
};

const withTokens = (core: OrgCore, sessions: Sessions): Readonly<Record<string, TwinUser>> =>
  Object.fromEntries(
    Object.entries(core.users).map(([role, { username, userId }]) => {
      const { accessToken, password } = sessions.credentials(username);
      return [role, { username, userId, accessToken, password }];
    }),
  );

/**
 * Serves an org over http on 127.0.0.1.
 * @param createOrg makes a fresh org; called once now and again at every reset.
 */
export const serveTwin = async (options: TwinOptions, createOrg: (clock: Clock) => OrgCore): Promise<Twin> => {
  const clock = createClock(options.now);
  const random = options.random ?? randomBytes;
  const core = createOrg(clock);
  const sessions = createSessions(core.orgId, random);
  const users = withTokens(core, sessions);
  const adminToken = Buffer.from(random(24)).toString('base64url');
  let org = withJobs(core, clock);
  const contextAt = (port: number): TwinContext => ({
    get org() {
      return org;
    },
    clock,
    sessions,
    router: createRouter(routes),
    instanceUrl: `http://127.0.0.1:${port}`,
    adminToken,
    defaultUsername: core.users['admin']?.username ?? '',
    automaticLogins: options.automaticLogins ?? true,
    onStop: options.onStop,
    reset: () => {
      const before = org.engine;
      org = withJobs(createOrg(clock), clock);
      before.close();
    },
  });
  const server = await startServer(options.port, contextAt);
  return {
    instanceUrl: `http://127.0.0.1:${server.port}`,
    orgId: core.orgId,
    users,
    adminToken,
    get engine() {
      return org.engine;
    },
    close: async () => {
      await server.close();
      org.engine.close();
    },
  };
};
