import type { Knowledge } from '../../knowledge/contract.ts';
import type { Shared } from '../threads/state.ts';
import type { RecordLayout } from './records.ts';

/** Pairs of rows side by side: those at the positions `alive[0 .. count)` of `a` and `b` are looked at. */
export type PairBatch = {
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly alive: Int32Array;
  count: number;
};

/**
 * The level of one comparison for two rows. `fill` is `of` for many pairs, into the same positions of `out`: every kind has
 * a loop of its own, for one that they shared would see every kind of record and value and could be compiled for none.
 */
export type Comparison = {
  of(a: number, b: number): number;
  fill(pairs: PairBatch, out: Uint8Array): void;
};

/** Stands for a level that is not known yet. */
export const OPEN = 15;

/** What comparisons look at. */
export type Data = Pick<Shared, 'records' | 'values' | 'plan' | 'tables' | 'tableRows'> & {
  readonly layout: RecordLayout;
  readonly knowledge: Knowledge;
};
