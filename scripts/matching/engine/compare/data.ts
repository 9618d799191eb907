import { kept, knowledgeOf, need, type ThreadState } from '../threads/state.ts';
import { makeComparisons } from './comparer.ts';
import type { Comparison, Data } from './contract.ts';
import { rarityOf, type Rarity } from './rarity.ts';
import { type RecordLayout, recordLayout } from './records.ts';

export const layoutIn = (state: ThreadState): RecordLayout =>
  kept(state, 'layout', () => recordLayout(need(state, 'plan')));

export const dataOf = (state: ThreadState): Data => ({
  records: need(state, 'records'),
  layout: layoutIn(state),
  values: need(state, 'values'),
  plan: need(state, 'plan'),
  tables: need(state, 'tables'),
  tableRows: need(state, 'tableRows'),
  knowledge: knowledgeOf(state),
});

/** The comparisons of this thread, with the memory they have of values. */
export const comparisonsOf = (state: ThreadState): readonly Comparison[] =>
  kept(state, 'comparisons', () => makeComparisons(dataOf(state)));

export const rarityIn = (state: ThreadState): Rarity =>
  kept(state, 'rarity', () => rarityOf(dataOf(state), need(state, 'coincidence'), need(state, 'filled')));
