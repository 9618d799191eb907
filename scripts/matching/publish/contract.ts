import type { ComparedFields, MatchedRecord, MemberEvidence } from '../../model/duplicateGroup.ts';
import type { Link, MatchResult, PairExplanation, RowNumber, Zone } from '../contract.ts';

/** What is made into groups, and how their rows are named. */
export type GroupRequest = {
  readonly result: Pick<MatchResult, 'rows' | 'pairs' | 'clusters'>;
  /** The record behind a row; undefined for rows of a file, which are never published. */
  readonly recordOf: (row: RowNumber) => MatchedRecord | undefined;
  /** Default: person and organisation. Household links are proposed on request only. */
  readonly links?: readonly Link[];
  /** Default: review only. */
  readonly zones?: readonly Zone[];
  /** Groups at most, the most probable first; the others are counted. Default 5,000: no team decides more. */
  readonly limit?: number;
  /** Members at most; a link that would make a larger group makes one of its own. Default 8: more cannot be compared at sight. */
  readonly largest?: number;
};

/** How two rows are explained for people: no value of a record passes. */
export type ExplainForPeople = (a: RowNumber, b: RowNumber) => readonly MemberEvidence[];

/** `words` gives a comparison's level in each language; values of the explanation are left behind. */
export type EvidenceWords = (comparison: string, level: string) => MemberEvidence['words'];
export type ToEvidence = (explanation: PairExplanation, words: EvidenceWords) => readonly MemberEvidence[];

/** What every published group says about the run that proposed it. */
export type PublishedRun = {
  /** Names the run: key of the kept result. At most 64 characters. */
  readonly runKey: string;
  /** SHA-256 of the model, hexadecimal. */
  readonly modelDigest: string;
  /** The lines of the side-by-side view, in their order. */
  readonly compared: readonly ComparedFields[];
};

/** What publishing would do, or did. */
export type Publication = {
  readonly groups: number;
  readonly members: number;
  /** Rows of both objects that are made, changed, left as they are. */
  readonly made: number;
  readonly changed: number;
  readonly unchanged: number;
  /** Undecided groups that are no longer found: they go, members with them. */
  readonly stale: number;
  /** Groups that somebody touched: never written to. */
  readonly kept: number;
  /** Data storage of the rows made, less that of the rows removed: 2 KB a row. */
  readonly storageKb: number;
  /** Calls to the org: foretold in a look, counted afterwards. */
  readonly calls: number;
  /** Rows the org refused, by Salesforce's code. */
  readonly refused: Readonly<Record<string, number>>;
};
