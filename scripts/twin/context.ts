import type { Clock } from './clock.ts';
import type { DataEngine, Session } from './contract.ts';
import type { Cursors } from './rest/cursors.ts';
import type { IngestJobs } from './bulk/ingestJobs.ts';
import type { QueryJobs } from './bulk/queryJobs.ts';
import type { MetadataJobs } from './soap/metadataJobs.ts';
import type { Sessions } from './sessions.ts';
import type { Answer, Exchange, Method } from './http/exchange.ts';

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
  /** The user a web login signs in when it names none. */
  readonly defaultUsername: string;
  /** Web and JWT logins that nobody confirms: for invented people only. */
  readonly automaticLogins: boolean;
  /** Ends the twin's process, where it has one of its own. */
  readonly onStop: (() => void) | undefined;
  /** A fresh org of the same shape, users and tokens. */
  reset(): void;
};
