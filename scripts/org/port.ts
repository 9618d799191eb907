import type { Json } from '../kernel/canonicalJson.ts';
import type { RecordId } from '../kernel/recordId.ts';

/** A field value as Salesforce's JSON carries it. */
export type OrgValue = string | number | boolean | null;

/** A row: own fields by canonical name; parent rows nested under their relationship name; no `attributes`. */
export type OrgRow = { readonly [field: string]: OrgValue | OrgRow | readonly OrgRow[] | undefined };

export type OrgIdentity = {
  readonly orgId: RecordId;
  readonly orgName: string;
  readonly edition: string;
  readonly isSandbox: boolean;
  readonly userId: RecordId;
  readonly username: string;
  readonly instanceUrl: string;
  /** `66.0` */
  readonly apiVersion: string;
  /** True when the org answered that it is a twin. */
  readonly isTwin: boolean;
};

export type DescribedField = {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly length: number;
  readonly nillable: boolean;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly filterable: boolean;
  /** Whether COUNT() and the like take it. */
  readonly aggregatable?: boolean;
  readonly calculated: boolean;
  readonly custom: boolean;
  readonly nameField: boolean;
  readonly externalId: boolean;
  readonly unique: boolean;
  readonly encrypted: boolean;
  readonly htmlFormatted: boolean;
  readonly extraTypeInfo: string | null;
  readonly compoundFieldName: string | null;
  readonly referenceTo: readonly string[];
  readonly relationshipName: string | null;
  readonly picklistValues: readonly { readonly value: string; readonly label: string; readonly active: boolean }[];
  readonly inlineHelpText: string | null;
};

export type DescribedChild = {
  readonly childObject: string;
  readonly field: string;
  readonly relationshipName: string | null;
  readonly cascadeDelete: boolean;
  readonly restrictedDelete: boolean;
};

export type DescribedObject = {
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
  readonly fields: readonly DescribedField[];
  readonly children: readonly DescribedChild[];
};

export type ObjectSummary = Pick<
  DescribedObject,
  'name' | 'label' | 'keyPrefix' | 'custom' | 'queryable' | 'createable' | 'deletable'
>;

export type QueryOptions = {
  /** Recycle bin included (queryAll). */
  readonly deletedToo?: boolean;
  /** Tooling API instead of data API. */
  readonly tooling?: boolean;
};

/**
 * Columns of plain values, side by side at the end of a query, that are compared and never read: of each row comes one
 * SHA-256 of them, hexadecimal, in the member `as`, and none of the values. The same values give the same digest.
 */
export type DigestedColumns = { readonly fields: readonly string[]; readonly as: string };

export type QueryManyOptions = Pick<QueryOptions, 'deletedToo'> & { readonly digest?: DigestedColumns };

/** A page of one query's rows, in its order. */
export type RowsOfQuery = { readonly of: number; readonly rows: readonly OrgRow[] };

/** One row's outcome; `code` is Salesforce's; `fields` its field names; message text is personal data and is not kept. */
export type WriteOutcome = {
  readonly id: RecordId | null;
  readonly success: boolean;
  readonly created: boolean;
  readonly errors: readonly { readonly code: string; readonly fields: readonly string[] }[];
};

/** How a write is sent; nothing given = as a person's own change in the org. */
export type WriteOptions = {
  /**
   * Duplicate rules that only alert let the row pass (Sforce-Duplicate-Rule-Header allowSave); those that block still
   * do. https://developer.salesforce.com/docs/platform/api-rest/guide/headers-duplicaterules.html
   */
  readonly passDuplicateAlerts?: boolean;
  /**
   * False leaves out assignment rules of accounts, cases and leads (Sforce-Auto-Assign), which REST runs otherwise.
   * https://developer.salesforce.com/docs/platform/api-rest/guide/headers-autoassign.html
   */
  readonly autoAssign?: boolean;
};

/** A change that the org makes only if the row was not modified after `since`, an ISO instant rounded down to seconds. */
export type ConditionalUpdate = { readonly row: OrgRow; readonly since: string };

export type MergeTask = {
  readonly object: string;
  readonly masterId: RecordId;
  /** Values the master takes in the same transaction; null empties a field. */
  readonly masterFields: OrgRow;
  /** One or two. */
  readonly loserIds: readonly RecordId[];
};

export type MergeOutcome = WriteOutcome & {
  readonly mergedRecordIds: readonly RecordId[];
  readonly updatedRelatedIds: readonly RecordId[];
};

export type DeployReport = {
  readonly id: string;
  readonly success: boolean;
  readonly checkOnly: boolean;
  readonly componentsDeployed: number;
  readonly componentsTotal: number;
  readonly failures: readonly {
    readonly type: string;
    readonly fullName: string;
    readonly problem: string;
    readonly line: number | null;
  }[];
};

/** A metadata component as source files hold it: `xml` as parsed, other files (scripts, styles) by name. */
export type MetadataComponent = {
  readonly type: string;
  readonly fullName: string;
  readonly xml: Json;
  readonly files: Readonly<Record<string, string>>;
};

export type IngestOperation = 'insert' | 'update' | 'upsert' | 'delete' | 'hardDelete';

export type IngestState = {
  readonly id: string;
  readonly object: string;
  readonly operation: string;
  readonly state: 'Open' | 'UploadComplete' | 'InProgress' | 'Aborted' | 'JobComplete' | 'Failed';
  readonly createdById: string;
  /** Rows the platform took up, failed ones among them. */
  readonly processed: number;
  readonly failed: number;
  /** Salesforce's code of a job that failed as a whole. */
  readonly errorCode: string | null;
};

/** One job of Bulk API 2.0 at a time. Nothing happens to rows before `close`. */
export type IngestJobs = {
  /** An open job without rows: harmless until it is closed. Returns its id. */
  create(object: string, operation: IngestOperation, externalIdField?: string): Promise<string>;
  /** Once per job; rows of at most 95 MB as CSV: `RequestRefused` for more. */
  upload(id: string, rows: Iterable<OrgRow>): Promise<void>;
  /** Hands the rows over: from here on the platform works on them. */
  close(id: string): Promise<void>;
  /** Undefined when the org has no such job (any more). */
  state(id: string): Promise<IngestState | undefined>;
  /** Ends a job that is not finished; what it did already stays done. */
  abort(id: string): Promise<void>;
  /** Rows that failed or were not taken up. */
  failures(id: string): AsyncIterable<WriteOutcome & { readonly row: Readonly<Record<string, string>> }>;
  /** Deletes the job with the rows it was given, which are a copy of data. */
  remove(id: string): Promise<void>;
  /** Jobs of this org that are closed and not finished. */
  unfinished(): Promise<readonly IngestState[]>;
};

export type LimitReading = { readonly max: number; readonly remaining: number };

/**
 * The port to a Salesforce org: all that Garde asks of one. Only `scripts/org` knows jsforce. Every method throws a
 * GardeError whose first problem's code is in docs/ERRORS.md; foreign texts (which quote names and values) are kept out.
 */
export type Org = {
  identity(): Promise<OrgIdentity>;
  /** Objects the running user may see. */
  describeGlobal(): Promise<readonly ObjectSummary[]>;
  /** Undefined when the user cannot see it (hidden or absent: `completeness` tells which). Cached per run. */
  describe(object: string): Promise<DescribedObject | undefined>;
  /** Streams all rows over REST, page by page. */
  query(soql: string, options?: QueryOptions): AsyncIterable<OrgRow>;
  /** Streams all rows by a Bulk 2.0 query job: for large reads. Values arrive typed as in `query`. */
  bulkQuery(soql: string, options?: Pick<QueryOptions, 'deletedToo'>): AsyncIterable<OrgRow>;
  /**
   * Streams the rows of several REST queries page by page, five queries (or further pages of them) in one call; `of` is
   * the query's place in the list. Also for queries too long for an address: up to the platform's 100,000 characters.
   */
  queryMany(queries: readonly string[], options?: QueryManyOptions): AsyncIterable<RowsOfQuery>;
  /**
   * One SOSL search: object and id of each row found, at most 2,000; the index lags behind changes, and rows in the recycle
   * bin are not in it.
   */
  search(sosl: string): Promise<readonly { readonly object: string; readonly id: string }[]>;
  /** `SELECT COUNT()`: an exact number of visible rows. */
  count(soql: string): Promise<number>;
  /** The platform's approximate, permission-blind counts (limits/recordCount). */
  approximateCounts(objects: readonly string[]): Promise<ReadonlyMap<string, number>>;
  limits(): Promise<ReadonlyMap<string, LimitReading>>;
  /** Full names of a metadata type. */
  listMetadata(type: string): Promise<readonly string[]>;
  /** Up to 200 rows a call; one call each unless more rows are given. */
  create(object: string, rows: readonly OrgRow[], options?: WriteOptions): Promise<readonly WriteOutcome[]>;
  update(object: string, rows: readonly OrgRow[], options?: WriteOptions): Promise<readonly WriteOutcome[]>;
  /** Up to 25 rows a call; a row that was modified since fails with PRECONDITION_FAILED. `row` holds its Id. */
  updateUnmodified(
    object: string,
    changes: readonly ConditionalUpdate[],
    options?: WriteOptions,
  ): Promise<readonly WriteOutcome[]>;
  upsert(
    object: string,
    externalIdField: string,
    rows: readonly OrgRow[],
    options?: WriteOptions,
  ): Promise<readonly WriteOutcome[]>;
  /** To the recycle bin; history rows go for good ("Delete From Field History"), feed items with their comments. */
  delete(ids: readonly RecordId[]): Promise<readonly WriteOutcome[]>;
  undelete(ids: readonly RecordId[]): Promise<readonly WriteOutcome[]>;
  emptyRecycleBin(ids: readonly RecordId[]): Promise<readonly WriteOutcome[]>;
  /** SOAP merge of accounts, contacts, leads or cases; one transaction. */
  merge(task: MergeTask): Promise<MergeOutcome>;
  /** Merges in one call, each a transaction of its own, in order; at most 200. */
  mergeAll(tasks: readonly MergeTask[]): Promise<readonly MergeOutcome[]>;
  /** Bulk 2.0 ingest of any number of rows; results streamed back in any order. */
  bulkLoad(
    object: string,
    operation: 'insert' | 'update' | 'upsert' | 'delete' | 'hardDelete',
    rows: AsyncIterable<OrgRow> | Iterable<OrgRow>,
    options?: { readonly externalIdField?: string },
  ): AsyncIterable<WriteOutcome & { readonly row: Readonly<Record<string, string>> }>;
  /** Bulk 2.0 ingest step by step, for callers that journal the job before anything is uploaded. */
  readonly ingest: IngestJobs;
  /** A new file (ContentVersion) linked to a record, or a new version of a document; returns the ContentDocument id. */
  uploadFile(file: {
    readonly title: string;
    readonly fileName: string;
    readonly bytes: Uint8Array;
    readonly linkTo?: RecordId;
    readonly versionOf?: RecordId;
  }): Promise<RecordId>;
  /** Bytes of a ContentVersion, Attachment or Document. */
  downloadFile(object: 'ContentVersion' | 'Attachment' | 'Document', id: RecordId): Promise<Uint8Array>;
  /** Deploys a folder in source or metadata format, reporting progress. */
  deployFolder(
    folder: string,
    options: {
      readonly checkOnly: boolean;
      /** Metadata types that stay out, of a folder in source format. */
      readonly leaveOut?: readonly string[];
      readonly onProgress?: (done: number, total: number) => void;
    },
  ): Promise<DeployReport>;
  /** What the org holds of the components of a source folder; those it has not are left out. */
  retrieveLike(folder: string): Promise<readonly MetadataComponent[]>;
  /** The org's own time (getServerTimestamp), ISO instant. */
  now(): Promise<string>;
  /** API calls made through this port so far. */
  calls(): number;
};
