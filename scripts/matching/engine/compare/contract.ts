import type { Knowledge } from '../../knowledge/contract.ts';
import type { Shared } from '../threads/state.ts';

/** The level of one comparison for two rows. */
export type Comparison = (a: number, b: number) => number;

/** What comparisons look at. */
export type Data = Pick<Shared, 'columns' | 'values' | 'plan' | 'tables' | 'tableRows'> & {
  readonly knowledge: Knowledge;
};
