import type { ColumnRole } from '../model/columnMap.ts';
import type { DateOrder } from './knowledge/contract.ts';
import type { KnowledgeData } from './knowledge/knowledgeData.ts';

/**
 * What the parts of matching tell each other. Whatever the input was (CSV, XLSX, Parquet, a snapshot), the engine is given
 * UTF-8 bytes of RFC 4180 lines in shared memory: workers read ranges of it, and no cell becomes a JavaScript string
 * before somebody asks for it. Personal data stay in memory.
 */
export type MatchColumn = {
  readonly name: string;
  readonly role: ColumnRole;
  /** How its dates are written, where the values told it (`columns/guessColumns.ts`). */
  readonly dateOrder?: DateOrder;
};

export type MatchTable = {
  /** `Contact`, `A.csv`: told in answers. */
  readonly name: string;
  /** With two sides only pairs across them are looked at. */
  readonly side: 'a' | 'b';
  /** Lines end in LF or CRLF; a cell is quoted with `"` when it must be; no header. */
  readonly bytes: SharedArrayBuffer;
  /** Where the first record begins and where the last one ends. */
  readonly start: number;
  readonly end: number;
  /** Character code of the separator. */
  readonly delimiter: number;
  /** In the order of the cells. */
  readonly columns: readonly MatchColumn[];
  /** ISO 3166-1 alpha-2 of records that do not say their own; without one, national numbers stay ambiguous. */
  readonly country?: string;
  /** What the rows are when nothing in them says so; `mixed` tells by the columns that are filled. */
  readonly entity: 'person' | 'organisation' | 'mixed';
};

/** Rows are numbered across all tables, in their order, from 0. */
export type RowNumber = number;

/** What somebody decided about two rows: it binds every later run. */
export type PairDecision = {
  readonly a: RowNumber;
  readonly b: RowNumber;
  readonly decision: 'duplicate' | 'not-duplicate' | 'related';
};

export const LINKS = ['person', 'household', 'organisation'] as const;
export type Link = (typeof LINKS)[number];
export const ZONES = ['auto', 'review'] as const;
export type Zone = (typeof ZONES)[number];

export type MatchRequest = {
  readonly tables: readonly MatchTable[];
  /** What config/matching says of names, organisations, addresses and the rest, read by the app. */
  readonly knowledge: KnowledgeData;
  readonly decisions: readonly PairDecision[];
  /** Rows that take no part (restricted people): counted, never compared. */
  readonly excluded: ReadonlySet<RowNumber>;
  /** Share of false merges that the automatic zone may hold: 0.001. */
  readonly targetError: number;
  /** Candidate pairs a record on the whole: rules tighten themselves to stay within it. Undefined: by the number of records. */
  readonly pairsPerRecord: number | undefined;
  /** Worker threads; the answer does not depend on it. */
  readonly threads: number;
  /** Only pairs with at least one of these rows (new and changed records). */
  readonly touching?: ReadonlySet<RowNumber>;
  /** Pairs are told from this probability on instead of the review zone's own beginning: for evaluations. */
  readonly tellFrom?: number;
  readonly signal?: AbortSignal;
  readonly tell?: (progress: MatchProgress) => void;
};

export type MatchProgress = {
  readonly stage: 'read' | 'block' | 'learn' | 'compare' | 'cluster';
  readonly done: number;
  readonly total: number;
};

/** Pairs in the order of their rows; the arrays have one entry a pair. */
export type MatchPairs = {
  readonly count: number;
  /** The lower row number. */
  readonly a: Int32Array;
  readonly b: Int32Array;
  /** That this link holds. */
  readonly probability: Float64Array;
  /** Index into LINKS. */
  readonly link: Uint8Array;
  /** Index into ZONES. */
  readonly zone: Uint8Array;
  /** Position in `blocking` of the first rule that brought the pair together. */
  readonly rule: Uint8Array;
};

export type BlockingRule = {
  /** `email`, `family-name+birth-date`. */
  readonly name: string;
  readonly blocks: number;
  readonly candidates: number;
  /** What was left out, and why: no cap is silent. */
  readonly tightened: readonly string[];
  readonly skippedBlocks: number;
  readonly skippedPairs: number;
  /** Estimated share of the duplicates that this rule brings together. */
  readonly recall: number;
};

/** How one comparison's levels weigh: log2 of how much likelier a level is between duplicates than between strangers. */
export type ComparisonWeights = {
  readonly name: string;
  readonly levels: readonly {
    readonly name: string;
    readonly match: number;
    readonly household: number;
    readonly unrelated: number;
    readonly weight: number;
  }[];
};

/** The fitted model: plain data, kept with a run so that any pair can be explained later. */
export type MatchModel = {
  readonly version: 1;
  readonly comparisons: readonly ComparisonWeights[];
  /** Share of candidate pairs in each latent class. */
  readonly prior: { readonly match: number; readonly household: number; readonly unrelated: number };
  /** Probabilities that begin the zones. */
  readonly review: number;
  readonly auto: number;
};

/** Estimates with 95 % intervals. */
export type Estimate = { readonly value: number; readonly low: number; readonly high: number };

export type MatchResult = {
  readonly rows: number;
  readonly pairs: MatchPairs;
  /** The lowest row of the duplicate group a row belongs to, its own number when alone. Auto zone and decisions only. */
  readonly clusters: Int32Array;
  /** The same as the best estimate: review zone included, joins that evidence speaks against left out. What `clusters.csv` tells. */
  readonly groups: Int32Array;
  /** The same over household links. */
  readonly households: Int32Array;
  readonly model: MatchModel;
  readonly blocking: readonly BlockingRule[];
  /** Counts of scored pairs in 50 equal steps of log-odds from -25 to +25. */
  readonly histogram: Float64Array;
  readonly precision: Estimate;
  readonly recall: Estimate;
  /** Rows with too little in them to be matched at all. */
  readonly unmatchable: number;
  readonly excluded: number;
  /** Every limit that took effect, in words and numbers. */
  readonly caps: readonly { readonly what: string; readonly count: number }[];
  /** Seconds of wall clock and processor time by stage, comparisons made: for benches. */
  readonly work: Readonly<Record<string, number>>;
};

/** One comparison of a pair that is explained. */
export type Evidence = {
  readonly comparison: string;
  readonly level: string;
  /** log2; negative speaks against. */
  readonly weight: number;
  /** What frequent or rare values add or take. */
  readonly frequency: number;
  /** The two values as they were compared. */
  readonly left: string;
  readonly right: string;
};

export type PairExplanation = {
  readonly probability: number;
  readonly link: Link | 'none';
  readonly zone: Zone | 'no';
  /** log2 odds before any evidence. */
  readonly prior: number;
  readonly evidence: readonly Evidence[];
};

/** `scripts/matching/engine/match.ts` */
export type RunMatch = (request: MatchRequest) => Promise<MatchResult>;
/** `scripts/matching/engine/explain.ts`: two rows of the request's tables under the model of its run. */
export type ExplainPair = (
  request: Pick<MatchRequest, 'tables' | 'knowledge' | 'decisions'>,
  result: Pick<MatchResult, 'model'>,
  pair: { readonly a: RowNumber; readonly b: RowNumber },
) => PairExplanation;
