import type { ColumnRole } from '../../model/columnMap.ts';
import type { DateOrder } from '../knowledge/contract.ts';

/** A column as it comes: its header and the cells of a sample of rows, all columns the same rows, empty cells as ''. */
export type ColumnSample = { readonly name: string; readonly values: readonly string[] };

/** One thing that speaks for a role, in words for people. */
export type GuessReason = { readonly en: string; readonly fr: string };

export type ColumnGuess = {
  readonly name: string;
  readonly role: ColumnRole;
  /** 0 to 1: under 0.5 the column is better left out or asked about. */
  readonly confidence: number;
  readonly reasons: readonly GuessReason[];
  /** Of birth dates: the order day, month and year are written in, when the values tell. */
  readonly dateOrder?: DateOrder;
  /** The next best role, when it came close. */
  readonly instead?: ColumnRole;
};

/**
 * `guessColumns(samples, knowledge)` in guessColumns.ts: one guess a column, same order. At most one column is the id, and only
 * when its values differ from one another (those of a sample; the reader tells of doubles in the whole file). Columns that no
 * reading explains are `ignore`, with the reason.
 */
export type TableGuess = {
  readonly columns: readonly ColumnGuess[];
  /** What the rows are. */
  readonly entity: 'person' | 'organisation' | 'mixed';
  /** ISO 3166-1 alpha-2 that the values point to (phones, postcodes); undefined when they do not. */
  readonly country: string | undefined;
};
