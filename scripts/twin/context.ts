import type { Clock } from './clock.ts';
import type { DataEngine, Session } from './contract.ts';
import type { Cursors } from './rest/cursors.ts';
import type { IngestJobs } from './bulk/ingestJobs.ts';
import type { QueryJobs } from './bulk/queryJobs.ts';
import type { ClassicJobs } from './bulkV1/classicJobs.ts';
import type { MetadataJobs } from './soap/metadataJobs.ts';
import type { Sessions } from './sessions.ts';
import type { ControlledTwin } from './controls.ts';
import type { FaultBoard } from './faults/faultBoard.ts';
import type { JobFaults } from './faults/jobFaults.ts';
import type { Answer, Exchange, Method } from './http/exchange.ts';
import type { Snapshots } from './snapshots.ts';
import type { WireSchema } from './wireSchema.ts';

/** The org behind the protocol: replaced whole by a reset, while tokens, clock and port stay. */
export type Org = {
  readonly orgId: string;
  readonly name: string;
  /** As requests reach it: faults may hit rows. */
  readonly engine: DataEngine;
  /** Past all faults. */
  readonly plainEngine: DataEngine;
  readonly schema: WireSchema;
  readonly cursors: Cursors;
  readonly ingest: IngestJobs;
  readonly queries: QueryJobs;
  readonly classic: ClassicJobs;
  readonly metadata: MetadataJobs;
  /** DescribeMetadataResult. */
  readonly describeMetadata: () => Readonly<Record<string, unknown>>;
  /** What was deployed and does nothing here: rehearsals say so. */
  readonly notRehearsed: () => readonly { readonly type: string; readonly fullName: string }[];
  /** UI API object-info and picklist-values bodies. */
  readonly objectInfo: (session: Session, object: string) => Readonly<Record<string, unknown>>;
  readonly picklistValues: (session: Session, object: string, field: string) => Readonly<Record<string, unknown>>;
};

export type Route = {
  /** As docs/TWIN.md lists it. */
  readonly name: string;
  readonly method: Method;
  /** `/services/data/:version/sobjects/:object`; a last segment `*` takes the rest. */
  readonly path: string;
  readonly auth: 'bearer' | 'none' | 'admin' | 'soap';
  /** `entity` is JSON or multipart/form-data. */
  readonly body?: 'json' | 'form' | 'text' | 'entity' | 'stream';
  /** May be a sub-request of composite and batch: answers at once, without a promise. */
  readonly composable?: boolean;
  /** Why the twin refuses it by name. */
  readonly refused?: string;
  readonly handle: (exchange: Exchange, context: TwinContext) => Answer | Promise<Answer>;
};

export type Match = { readonly route: Route; readonly params: Readonly<Record<string, string>> };

export type Router = {
  readonly routes: readonly Route[];
  match(method: string, path: string): Match | undefined;
};

export type TwinContext = {
  readonly org: Org;
  readonly clock: Clock;
  readonly sessions: Sessions;
  readonly router: Router;
  /** `http://127.0.0.1:<port>` */
  readonly instanceUrl: string;
  readonly adminToken: string;
  /** Usernames by role. */
  readonly roles: Readonly<Record<string, string>>;
  readonly faults: FaultBoard;
  /** Asked when a job starts. */
  readonly jobFaults: JobFaults;
  readonly snapshots: Snapshots;
  readonly clone: ControlledTwin['clone'];
  /** The user a web login signs in when it names none. */
  readonly defaultUsername: string;
  /** Web and JWT logins that nobody confirms: for invented people only. */
  readonly automaticLogins: boolean;
  /** Ends the twin's process, where it has one of its own. */
  readonly onStop: (() => void) | undefined;
  /** A fresh org of the same shape, users and tokens. */
  reset(): void;
};
