import type { NeedleKind } from '../needles/contract.ts';

/** Where a needle may lie. */
export const PLACE_KINDS = ['rows', 'recycle-bin', 'history', 'feed', 'file', 'file-name', 'search-index'] as const;
export type PlaceKind = (typeof PLACE_KINDS)[number];

/**
 * Why a place was not examined: `hidden` from the running user; the `calls`, `rows` or `bytes` of the budget were spent;
 * no reader for the file's `format`; a `damaged` or `encrypted` file; text that a filter cannot reach (`not-filterable`);
 * the org `refused` the reading.
 */
export type NotExaminedReason =
  'hidden' | 'calls' | 'rows' | 'bytes' | 'format' | 'damaged' | 'encrypted' | 'not-filterable' | 'refused';

/** A place that was looked at, in full. */
export type ExaminedPlace = {
  readonly place: PlaceKind;
  readonly object: string;
  readonly fields: readonly string[];
  /** Rows or files read. */
  readonly count: number;
  /** `read`: every row was read; `searched`: the org was asked for spellings. */
  readonly by: 'read' | 'searched';
};

export type UnexaminedPlace = {
  readonly place: PlaceKind;
  readonly object: string;
  readonly fields: readonly string[];
  readonly reason: NotExaminedReason;
  /** Rows or files concerned; null when the org does not say. */
  readonly count: number | null;
  /** Of files: their format (`pdf`, `doc`). */
  readonly format?: string;
};

/**
 * `sure`: it is the person (a mark of theirs alone, or two that agree). `shared`: a mark of the person in somebody
 * else's own record (a household's phone). `possible`: a name that others bear too, nothing else beside it.
 */
export type Verdict = 'sure' | 'shared' | 'possible';

/** What was found where: never the text. */
export type ResidualFinding = {
  readonly place: PlaceKind;
  readonly object: string;
  /** 18-character id of the row; of a file its ContentVersion, Attachment or Document. */
  readonly id: string;
  readonly field: string;
  readonly kinds: readonly NeedleKind[];
  readonly verdict: Verdict;
  /** In the recycle bin. */
  readonly deleted: boolean;
  /** A record of the person's own graph, as the needles know it: an erasure decides about it anyway. */
  readonly own: boolean;
  /** Of history rows and posts: the record they hang off. */
  readonly parent?: string;
};

/** What a scan may spend. */
export type ScanBudget = {
  /** API calls, describes and searches included. */
  readonly calls: number;
  /** Rows read to look through texts that no filter reaches. */
  readonly rows: number;
  /** Bytes of one file, and of all. */
  readonly fileBytes: number;
  readonly totalFileBytes: number;
  readonly files: number;
};

export const SCAN_BUDGET: ScanBudget = {
  calls: 2_000,
  rows: 2_000_000,
  fileBytes: 50_000_000,
  totalFileBytes: 1_000_000_000,
  files: 2_000,
};

export type ResidualReport = {
  /** ISO instants. */
  readonly from: string;
  readonly to: string;
  readonly findings: readonly ResidualFinding[];
  readonly examined: readonly ExaminedPlace[];
  readonly notExamined: readonly UnexaminedPlace[];
  readonly budget: ScanBudget;
  /** Calls foreseen before the scan began, and those it made; rows and file bytes read. */
  readonly spent: {
    readonly foreseenCalls: number;
    readonly calls: number;
    readonly rows: number;
    readonly files: number;
    readonly fileBytes: number;
  };
};
