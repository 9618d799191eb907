import type { Completeness } from './completeness.ts';
import type { AbsentItem, FieldOrigin, ModelObject, UndeclaredField } from './orgModel.ts';
import type { Sensitivity } from './referenceLists.ts';

/** A field of the inventory. Counts only: no value of a record ever stands in an audit. */
export type AuditField = {
  readonly field: string;
  readonly label: string;
  readonly type: string;
  readonly origin: FieldOrigin;
  readonly categories: readonly string[];
  readonly level: Sensitivity;
  readonly special?: 'article-9' | 'article-10';
  readonly thirdParty: boolean;
  readonly derived: boolean;
  readonly freeText: boolean;
  /** Rows in which the field holds something; null when the platform cannot count it (booleans, addresses, content). */
  readonly filled: number | null;
};

export type AuditObject = {
  readonly object: string;
  readonly label: string;
  readonly kind: ModelObject['kind'];
  readonly custom: boolean;
  /** Visible rows; null when they could not be counted, then `notCounted` says why. */
  readonly rows: number | null;
  readonly notCounted?: string;
  /** Rows whose texts were read. */
  readonly scannedRows: number;
  readonly fields: readonly AuditField[];
};

/** Identifiers or telling words found in the texts of one field. */
export type AuditFinding = {
  readonly object: string;
  readonly field: string;
  /** Detector or lexicon entry: `nir`, `iban`, `health`. */
  readonly detector: string;
  readonly category: string;
  readonly special?: 'article-9' | 'article-10';
  /** Rows in which it stands for certain, and rows that a person should look at. */
  readonly certain: number;
  readonly toCheck: number;
};

/** By which door users come to read a field. */
export type AuditDoor = {
  readonly door: 'profile' | 'permission-set' | 'permission-set-group';
  readonly name: string;
  readonly users: number;
};

export type AuditReaders = {
  readonly object: string;
  readonly field: string;
  readonly level: Sensitivity;
  /** Active users who may read the field on the records they see. */
  readonly users: number;
  /** Those among them who see every record of the object. */
  readonly usersOfAllRecords: number;
  readonly doors: readonly AuditDoor[];
};

/** The read-only inventory of what an org holds about people. Stable shape: `schema` changes with it. */
export type AuditReport = {
  readonly schema: 'garde/audit/1';
  readonly org: {
    readonly orgId: string;
    readonly orgName: string;
    readonly edition: string;
    readonly isSandbox: boolean;
    readonly isTwin: boolean;
    readonly apiVersion: string;
  };
  readonly controller: string;
  /** ISO instant. */
  readonly at: string;
  readonly completeness: Completeness;
  readonly packs: readonly { readonly pack: string; readonly version: string }[];
  /** `full`: every row of every text field was read; `sample`: at most `sampleRows` an object; `none`: no text was read. */
  readonly scan: { readonly mode: 'full' | 'sample' | 'none'; readonly sampleRows: number | null };
  readonly cost: { readonly apiCalls: number; readonly rowsScanned: number };
  readonly objects: readonly AuditObject[];
  readonly findings: readonly AuditFinding[];
  readonly undeclared: readonly (UndeclaredField & { readonly filled: number | null })[];
  /** Who may read the special and highly personal fields; undefined when permissions could not be read. */
  readonly readers?: readonly AuditReaders[];
  readonly absent: readonly AbsentItem[];
};

/** What `--with-names` adds: personal data, only ever written sealed. */
export type AuditNames = {
  readonly schema: 'garde/audit-names/1';
  readonly at: string;
  readonly findings: readonly {
    readonly object: string;
    readonly field: string;
    readonly detector: string;
    readonly records: readonly { readonly id: string; readonly name: string | null }[];
  }[];
  readonly readers: readonly {
    readonly object: string;
    readonly field: string;
    readonly users: readonly { readonly id: string; readonly name: string; readonly username: string }[];
  }[];
};
