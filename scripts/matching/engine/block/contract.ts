import type { ComparisonName } from '../contract.ts';

/**
 * Rows of one rule that share keys, in shared memory: block `i` is `rows[starts[i] .. starts[i + 1])`, of which the first
 * `leads[i]` may be the first row of a pair (side a, or rows that pairs must touch).
 */
export type BlockSet = {
  readonly rows: Int32Array;
  readonly starts: Int32Array;
  readonly leads: Int32Array;
  /** What the rows of a block share: a hash, the same whatever the order of rows. */
  readonly keys: Uint32Array;
  readonly count: number;
  readonly pairs: number;
};

/** What a rule found. */
export type BlockReport = {
  readonly set: BlockSet;
  /** Rows that have a key, and the pairs they could make. */
  readonly keyed: number;
  readonly possible: number;
  /** The chance that two keys drawn at random are equal: Σ of squared shares. */
  readonly coincidence: number;
  /** Pairs in blocks of 2^i up to 2^(i+1) pairs. */
  readonly sizes: Float64Array;
};

/** What narrowing left, and what it left out. */
export type NarrowReport = {
  readonly set: BlockSet;
  readonly narrowed: number;
  /** Parts that were added. */
  readonly parts: readonly PartName[];
  readonly skippedBlocks: number;
  readonly skippedPairs: number;
};

/** What a rule's key is made of. */
export const PART_NAMES = [
  'email',
  'email-user',
  'phone',
  'phone-end',
  'identifier',
  'given',
  'given-root',
  'given-sound',
  'given-head',
  'given-initial',
  'family',
  'family-part',
  'family-sound',
  'family-head',
  'family-end',
  'family-initial',
  'names',
  'name-sounds',
  'birth-date',
  'birth-date-digits',
  'birth-year',
  'birth-day',
  'birth-month',
  'birth-place',
  'postcode',
  'area',
  'city',
  'region',
  'street',
  'house-number',
  'sex',
  'organisation',
  'organisation-sound',
  'organisation-acronym',
  'organisation-word',
  'organisation-head',
] as const;
export type PartName = (typeof PART_NAMES)[number];

/** Two rows are candidates when all parts of a rule agree; rows without one of them have no key. */
export type Rule = {
  readonly name: string;
  readonly parts: readonly PartName[];
  /** Added one after the other to blocks that are too large. */
  readonly narrow: readonly PartName[];
};

/** The comparison a part settles, and the lowest level that pairs agreeing on it have. */
export type Settled = {
  readonly comparison: ComparisonName | 'identifier';
  readonly level: number;
  readonly about?: boolean;
};
