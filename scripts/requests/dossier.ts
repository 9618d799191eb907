import type { FieldCategory } from '../model/pack.ts';
import type { RecordReference } from '../subject/graph.ts';

/** One step of why a record is here, told in the dossier's language. */
export type DossierStep = {
  readonly from: RecordReference;
  readonly to: RecordReference;
  /** `Object.Field` */
  readonly lookup: string;
  readonly role: string;
};

export type DossierField = {
  readonly field: string;
  readonly label: string;
  readonly value: string | number | boolean;
  readonly categories: readonly string[];
  readonly special?: FieldCategory['special'];
  /** The id behind a value that names a record of the org. */
  readonly reference?: string;
};

export type DossierRecord = RecordReference & {
  readonly label: string;
  /** The person's own record. */
  readonly own: boolean;
  /** Tells about others too. */
  readonly shared: boolean;
  /** In the recycle bin: still held. */
  readonly deleted: boolean;
  readonly why: readonly DossierStep[];
  readonly fields: readonly DossierField[];
};

export const REDACTION_KINDS = ['name', 'email', 'phone', 'identifier', 'reference', 'field'] as const;
export type RedactionKind = (typeof REDACTION_KINDS)[number];

export const REDACTION_REASONS = [
  'known-person',
  'staff',
  'named-beside',
  'not-the-persons',
  'beside-third-person',
  'third-party-field',
  'shared-record',
] as const;
export type RedactionReason = (typeof REDACTION_REASONS)[number];

/** Where something of somebody else was replaced, of what kind and why; never what it was. */
export type Redaction = RecordReference & {
  readonly field: string;
  readonly kind: RedactionKind;
  readonly reason: RedactionReason;
  readonly count: number;
};

export const FILE_STATES = ['included', 'shared', 'linked-elsewhere', 'too-large', 'not-obtained'] as const;
export type FileState = (typeof FILE_STATES)[number];

/** A file of the person. `state` other than `included`: named here, to be decided by a person. */
export type DossierFile = RecordReference & {
  readonly title: string;
  readonly bytes: number;
  readonly state: FileState;
  /** Path in the archive; included files only. */
  readonly path?: string;
  readonly sha256?: string;
  /** Of a type that may run something: stored with `.bin`. */
  readonly active?: boolean;
};

export const REVIEW_KINDS = [
  'hidden-place',
  'record-unread',
  'field-unread',
  'file-held-back',
  'file-not-redacted',
  'redaction-in-doubt',
  'possible-mention',
  'import-row-held-back',
  'same-email',
  'charter-silent',
] as const;
export type ReviewKind = (typeof REVIEW_KINDS)[number];

/** What a person must look at before the dossier goes out: ids and names of places, never personal data. */
export type ReviewItem = {
  readonly kind: ReviewKind;
  readonly object?: string;
  readonly fields?: readonly string[];
  readonly ids?: readonly string[];
  readonly count: number;
};

/** Where was looked and what was found there. */
export type SearchedSource = { readonly object: string; readonly label: string; readonly records: number };
