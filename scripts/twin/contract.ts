import type { DescribedSchema } from './describedOrg.ts';
import type { ParameterizedSearch } from './parameterizedSearch.ts';
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
export type RowError = {
  readonly statusCode: string;
  readonly message: string;
  readonly fields: readonly string[];
  /** With DUPLICATES_DETECTED: which rule found which rows. */
  readonly duplicateResult?: DuplicateResult;
};

/** Source: https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_concepts_core_data_objects.htm (DuplicateResult) */
export type DuplicateResult = {
  /** Whether the same request with allowSave would be let through. */
  readonly allowSave: boolean;
  readonly duplicateRule: string;
  readonly duplicateRuleEntityType: string;
  readonly errorMessage: string;
  readonly matchResults: readonly MatchResult[];
};

export type MatchResult = {
  readonly entityType: string;
  readonly errors: readonly string[];
  readonly matchEngine: string;
  readonly matchRecords: readonly {
    readonly additionalInformation: readonly { readonly name: string; readonly value: string }[];
    readonly fieldDiffs: readonly { readonly difference: string; readonly name: string }[];
    readonly matchConfidence: number;
    /** The Id alone, or all readable fields with includeRecordDetails. */
    readonly record: QueryRow;
  }[];
  readonly rule: string;
  readonly size: number;
  readonly success: boolean;
};

/** Rows of a file, their values in the order of `fields` (canonical names); undefined = not given. */
export type RowTable = {
  readonly fields: readonly string[];
  readonly rows: readonly (readonly (FieldValue | undefined)[])[];
};

export type RowResult = {
  /** 18 characters; null when an insert failed. */
  readonly id: string | null;
  readonly success: boolean;
  /** Of an upsert that failed: whether it would have created the record. */
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
  /** Sforce-Duplicate-Rule-Header includeRecordDetails: fields of the duplicates, not only their ids. */
  readonly includeRecordDetails?: boolean;
  /** Sforce-Duplicate-Rule-Header runAsCurrentUser: only rows this user may see count as duplicates. */
  readonly duplicatesAsUser?: boolean;
  /** AllowFieldTruncationHeader: texts that are too long are cut instead of refused. */
  readonly allowFieldTruncation?: boolean;
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
  /**
   * The rows as CSV lines (every cell quoted, no header), made without objects, cells in the order of the paths
   * (`Account.Name`); undefined where one of them is not a plain stored value.
   */
  readonly csv?: (format: CsvFormat, paths: readonly string[]) => Iterable<CsvBlock> | undefined;
};

export type CsvFormat = { readonly delimiter: string; readonly ending: string };

/** Whole CSV lines of so many rows, in UTF-8. */
export type CsvBlock = { readonly rows: number; readonly bytes: Uint8Array };

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
  /** `restore`: a lookup that undelete filled again; `expiry`: the recycle bin dropped it by age or for lack of room. */
  readonly cause:
    'direct' | 'cascade' | 'set-null' | 'reparent' | 'roll-up' | 'merge' | 'history' | 'load' | 'restore' | 'expiry';
  /** Field names only for changed fields; values stay in the store. */
  readonly fields: readonly string[];
  /** What was saved or undone together has one number. */
  readonly transaction: number;
  /** Who asked; absent for what the host loaded. */
  readonly user?: string;
  /** The record whose change brought this one about, where one did. */
  readonly because?: string;
};

/** Which journal entries; everything left out means all. */
export type JournalFilter = {
  readonly since?: number;
  readonly object?: string;
  readonly cause?: JournalEntry['cause'];
  readonly transaction?: number;
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
  /** SOSL, or a search by parameters: the records found, object by object. */
  search(session: Session, search: string | ParameterizedSearch): readonly QueryRow[];
  /** One record with the named fields (all readable when undefined). TwinError NOT_FOUND / ENTITY_IS_DELETED. */
  retrieve(session: Session, object: string, id: string, fields?: readonly string[]): QueryRow;
  /** Ids of live rows whose external-id or unique field equals the value. */
  findByExternalId(session: Session, object: string, field: string, value: string): readonly string[];

  insert(session: Session, object: string, rows: readonly InputRow[], options: SaveOptions): readonly RowResult[];
  /** As `insert`; what `fields` and `options` mean is worked out once for as long as they stay the same objects. */
  insertTable(session: Session, object: string, table: RowTable, options: SaveOptions): readonly RowResult[];
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
  /** The same lazily, so that a million entries need not be held. */
  journalEntries(filter: JournalFilter): Iterable<JournalEntry>;
  /** The sequence of the last entry; 0 when there is none. */
  journalEnd(): number;
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

export type { DescribedSchema } from './describedOrg.ts';
export type { ParameterizedSearch } from './parameterizedSearch.ts';

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
  readonly describes?: Iterable<DescribedSchema[number]>;
  /** Accounts may be persons; follows from `describes` when they say so. */
  readonly personAccounts?: boolean;
  /** 18 characters; random per start when not given. */
  readonly orgId?: string;
  /** Daily API requests; 100,000 by default. */
  readonly dailyRequests?: number;
  /** Minutes of the org's clock without a request after which an access token is over; never when absent. */
  readonly sessionMinutes?: number;
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
