/**
 * What the protocol layers (REST, Bulk, SOAP, GraphQL, metadata) may ask of the data engine, and nothing else.
 * The engine is synchronous (node:sqlite) and every write happens inside one transaction per request unit.
 */

/** A field value as the engine stores and answers it: ids are 18 characters, date-times ISO `…Z`, dates `yyyy-MM-dd`. */
export type FieldValue = string | number | boolean | null;

/** Who asks. `apiVersion` is a number such as 66. */
export type Session = {
  readonly orgId: string;
  readonly userId: string;
  readonly username: string;
  readonly apiVersion: number;
};

/** One problem of one row, in the platform's own words. */
export type RowError = { readonly statusCode: string; readonly message: string; readonly fields: readonly string[] };

export type RowResult = {
  /** 18 characters; null when an insert failed. */
  readonly id: string | null;
  readonly success: boolean;
  readonly created: boolean;
  readonly errors: readonly RowError[];
};

/** A whole-request failure (HTTP error or SOAP fault). `status` is the HTTP status the platform answers with. */
export class TwinError extends Error {
  readonly errorCode: string;
  readonly status: number;
  readonly fields: readonly string[] | undefined;
  constructor(errorCode: string, message: string, options: { status?: number; fields?: readonly string[] } = {}) {
    super(message);
    this.name = 'TwinError';
    this.errorCode = errorCode;
    this.status = options.status ?? 400;
    this.fields = options.fields;
  }
}

/** Refuses by name what the twin does not do: `NOT_EMULATED: <what>`, HTTP 501. */
export const notEmulated = (what: string): TwinError =>
  new TwinError('NOT_EMULATED', `NOT_EMULATED: ${what}`, { status: 501 });

/** A row to write: field names in any case; nested objects are relationship references by external id. */
export type InputRow = Readonly<Record<string, FieldValue | Readonly<Record<string, FieldValue>>>>;

export type SaveOptions = {
  readonly allOrNone: boolean;
  /** Upsert key; `Id` allowed. */
  readonly externalIdField?: string;
  /** Sforce-Duplicate-Rule-Header allowSave. */
  readonly allowDuplicates?: boolean;
  /** If-Unmodified-Since, ISO instant; a later SystemModstamp answers 412 PRECONDITION_FAILED. */
  readonly ifUnmodifiedSince?: string;
};

/** A query answer row: own fields (FieldValue), parent rows nested by relationship name (QueryRow or null), child rows as QueryPage. */
export type QueryRow = {
  readonly attributes: { readonly type: string; readonly url?: string };
  readonly [field: string]: unknown;
};

export type QueryPage = { readonly totalSize: number; readonly done: boolean; readonly records: readonly QueryRow[] };

export type QueryColumn = {
  readonly columnName: string;
  readonly displayName: string;
  readonly aggregate: boolean;
  readonly foreignKeyName: string | null;
  readonly joinColumns: readonly QueryColumn[];
};

export type QueryCursor = {
  readonly totalSize: number;
  readonly columns: readonly QueryColumn[];
  readonly entityName: string;
  readonly keyPrefix: string | null;
  readonly isAggregate: boolean;
  /** Rows in order, lazily; the engine holds no more than one page of shaped rows. */
  readonly rows: Iterable<QueryRow>;
};

export type MergeRequest = {
  readonly object: string;
  readonly masterId: string;
  /** Field values the caller sets on the master in the same transaction. */
  readonly masterFields: InputRow;
  readonly loserIds: readonly string[];
};

export type MergeResult = {
  readonly id: string;
  readonly success: boolean;
  readonly mergedRecordIds: readonly string[];
  readonly updatedRelatedIds: readonly string[];
  readonly errors: readonly RowError[];
};

/** One row changed, and why: what a rehearsal shows. */
export type JournalEntry = {
  readonly sequence: number;
  readonly object: string;
  readonly id: string;
  readonly change: 'insert' | 'update' | 'delete' | 'undelete' | 'purge';
  readonly cause: 'direct' | 'cascade' | 'set-null' | 'reparent' | 'roll-up' | 'merge' | 'history' | 'load';
  /** Field names only for changed fields; values stay in the store. */
  readonly fields: readonly string[];
};

export type DeployedComponent = {
  readonly type: string;
  readonly fullName: string;
  readonly fileName: string;
  readonly created: boolean;
  readonly changed: boolean;
  readonly id: string;
};

/** A metadata file of the metadata API's shape (not source format): `objects/X.object`, `lwc/x/x.js`, … */
export type MetadataFile = { readonly path: string; readonly content: Uint8Array };

export type DataEngine = {
  /** Global describe rows this user may see. */
  describeGlobal(session: Session): readonly Readonly<Record<string, unknown>>[];
  /** Full sObject describe, filtered by field-level security; TwinError NOT_FOUND when hidden or absent. */
  describe(session: Session, object: string): Readonly<Record<string, unknown>>;
  /** The canonical API name for any casing, or undefined when the user cannot see it. */
  canonicalObject(session: Session, object: string): string | undefined;
  /** The object an id belongs to by key prefix (checks the 18-character checksum; TwinError MALFORMED_ID). */
  objectOfId(id: string): string | undefined;

  /** `tooling`: through /tooling/query, which alone reaches objects of the Tooling API. */
  query(
    session: Session,
    soql: string,
    options: { readonly includeDeleted: boolean; readonly tooling?: boolean },
  ): QueryCursor;
  /** One record with the named fields (all readable when undefined). TwinError NOT_FOUND / ENTITY_IS_DELETED. */
  retrieve(session: Session, object: string, id: string, fields?: readonly string[]): QueryRow;
  /** Ids of live rows whose external-id or unique field equals the value. */
  findByExternalId(session: Session, object: string, field: string, value: string): readonly string[];

  insert(session: Session, object: string, rows: readonly InputRow[], options: SaveOptions): readonly RowResult[];
  update(session: Session, object: string, rows: readonly InputRow[], options: SaveOptions): readonly RowResult[];
  upsert(session: Session, object: string, rows: readonly InputRow[], options: SaveOptions): readonly RowResult[];
  /** To the recycle bin. History rows (`…History`) are purged at once when the user may. */
  delete(session: Session, ids: readonly string[], options: { readonly allOrNone: boolean }): readonly RowResult[];
  undelete(session: Session, ids: readonly string[], options: { readonly allOrNone: boolean }): readonly RowResult[];
  /** Bulk hardDelete: past the bin; needs the user permission PermissionsBulkApiHardDelete. */
  hardDelete(session: Session, object: string, ids: readonly string[]): readonly RowResult[];
  emptyRecycleBin(session: Session, ids: readonly string[]): readonly RowResult[];
  merge(session: Session, request: MergeRequest): MergeResult;
  getDeleted(
    session: Session,
    object: string,
    from: string,
    to: string,
  ): readonly { id: string; deletedDate: string }[];
  getUpdated(session: Session, object: string, from: string, to: string): readonly string[];

  /** Runs `work` as one transaction: everything it wrote is undone when it throws (composite all-or-none). */
  transaction<T>(work: () => T): T;

  /** File bytes of ContentVersion.VersionData, Attachment.Body, Document.Body. */
  readBlob(session: Session, object: string, id: string, field: string): Uint8Array;
  writeBlob(id: string, field: string, bytes: Uint8Array): void;

  /** Admin only: rows exactly as given, with ids, audit fields, IsDeleted and history rows; no rules run. Returns rows written. */
  adminLoad(object: string, rows: Iterable<InputRow>): number;
  /** Live rows per object, approximate as the platform's are. */
  recordCounts(objects: readonly string[]): Readonly<Record<string, number>>;
  limits(session: Session): Readonly<Record<string, { Max: number; Remaining: number }>>;
  /** The daily request limit alone, cheap enough for a header of every answer. */
  requestUsage(session: Session): { readonly Max: number; readonly Remaining: number };
  /** Counts one API request of this session against the daily limit; TwinError REQUEST_LIMIT_EXCEEDED (403). */
  countRequest(session: Session): void;

  /** Applies metadata files in one transaction; throws TwinError per component problem as DeployProblems. */
  deployMetadata(
    session: Session,
    files: readonly MetadataFile[],
    options: { readonly checkOnly: boolean },
  ): DeployOutcome;
  /** Components known to the org, as listMetadata answers. */
  listMetadata(session: Session, type: string): readonly DeployedComponent[];
  /** The metadata files for a manifest; `*` allowed per type where the platform allows it. */
  retrieveMetadata(
    session: Session,
    types: readonly { readonly name: string; readonly members: readonly string[] }[],
  ): {
    readonly files: readonly MetadataFile[];
    readonly components: readonly DeployedComponent[];
    readonly problems: readonly string[];
  };

  journal(since: number): readonly JournalEntry[];
  /** User lookups for the protocol layer's logins. */
  findUser(
    username: string,
  ): { readonly id: string; readonly username: string; readonly isActive: boolean } | undefined;
  close(): void;
};

export type DeployProblem = {
  readonly type: string;
  readonly fullName: string;
  readonly fileName: string;
  readonly problem: string;
  readonly line: number;
  readonly column: number;
};

export type DeployOutcome = {
  readonly successes: readonly DeployedComponent[];
  readonly failures: readonly DeployProblem[];
  readonly warnings: readonly DeployProblem[];
};

/** An org's own describes, as much of them as a rehearsal needs. */
export type DescribedSchema = readonly {
  readonly name: string;
  readonly label: string;
  readonly labelPlural: string;
  readonly keyPrefix: string | null;
  readonly custom: boolean;
  readonly queryable: boolean;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly deletable: boolean;
  readonly undeletable: boolean;
  readonly mergeable: boolean;
  readonly fields: readonly {
    readonly name: string;
    readonly label: string;
    readonly type: string;
    readonly length: number;
    readonly nillable: boolean;
    readonly createable: boolean;
    readonly updateable: boolean;
    readonly custom: boolean;
    readonly nameField: boolean;
    readonly unique: boolean;
    readonly externalId: boolean;
    readonly referenceTo: readonly string[];
    readonly relationshipName: string | null;
    readonly compoundFieldName: string | null;
  }[];
  readonly children: readonly {
    readonly childObject: string;
    readonly field: string;
    readonly cascadeDelete: boolean;
    readonly restrictedDelete: boolean;
  }[];
}[];

export type TwinShape = 'bare' | 'npsp';

/** Options of `startTwin`; the clock is injected so that tests own time. */
export type TwinOptions = {
  readonly shape: TwinShape;
  /** 0 = any free port. Always bound to 127.0.0.1. */
  readonly port: number;
  /** Production shape: flows arrive inactive. */
  readonly production: boolean;
  readonly orgName?: string;
  /** Laid over the shape before anything is seeded: the org to rehearse on is like the real one. */
  readonly describes?: DescribedSchema;
  /** 18 characters; random per start when not given. */
  readonly orgId?: string;
  /** Daily API requests; 100,000 by default. */
  readonly dailyRequests?: number;
  /** Web and JWT logins that nobody confirms; true by default, false when the twin holds real people. */
  readonly automaticLogins?: boolean;
  /** Called when the admin endpoint `stop` was asked; the host closes the twin. */
  readonly onStop?: () => void;
  readonly now?: () => number;
  readonly random?: (bytes: number) => Uint8Array;
};

/** A user of a fresh twin, with a ready access token. See docs/TWIN.md for the fixture users. */
export type TwinUser = {
  readonly username: string;
  readonly userId: string;
  readonly accessToken: string;
  /** For SOAP login (up to API version 64) and the OAuth password grant; random per start. */
  readonly password?: string;
};

export type Twin = {
  readonly instanceUrl: string;
  readonly orgId: string;
  /** By role: admin, officer, loader, and the completeness fixtures. */
  readonly users: Readonly<Record<string, TwinUser>>;
  /** Needed in header `x-garde-admin` for /garde/admin/*; random per start. */
  readonly adminToken: string;
  readonly engine: DataEngine;
  close(): Promise<void>;
};
