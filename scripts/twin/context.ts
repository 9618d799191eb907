import type { Clock } from './clock.ts';
import type { DataEngine } from './contract.ts';
import type { Cursors } from './rest/cursors.ts';
import type { IngestJobs } from './bulk/ingestJobs.ts';
import type { QueryJobs } from './bulk/queryJobs.ts';
import type { MetadataJobs } from './soap/metadataJobs.ts';
import type { Sessions } from './sessions.ts';
import type { Router } from './router.ts';

/** What the schema tells the protocol layers about shapes on the wire. */
export type WireSchema = {
  /** The describe type of a field (names in any case), whatever the user may see; undefined when there is none. */
  fieldType(object: string, field: string): string | undefined;
};

/** The org behind the protocol: replaced whole by a reset, while tokens, clock and port stay. */
export type Org = {
  readonly orgId: string;
  readonly name: string;
  readonly engine: DataEngine;
  readonly schema: WireSchema;
  readonly cursors: Cursors;
  readonly ingest: IngestJobs;
  readonly queries: QueryJobs;
  readonly metadata: MetadataJobs;
};

export type TwinContext = {
  readonly org: Org;
  readonly clock: Clock;
  readonly sessions: Sessions;
  readonly router: Router;
  /** `http://127.0.0.1:<port>` */
  readonly instanceUrl: string;
  readonly adminToken: string;
  /** The user a web login signs in when it names none. */
  readonly defaultUsername: string;
  /** Web and JWT logins that nobody confirms: for invented people only. */
  readonly automaticLogins: boolean;
  /** Daily API requests, for Sforce-Limit-Info. */
  readonly dailyRequests: number;
  /** A fresh org of the same shape, users and tokens. */
  reset(): void;
};
