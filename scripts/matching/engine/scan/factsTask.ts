import { kept, need, type ThreadState } from '../threads/state.ts';
import { type FactField, factFields, fillRecords } from './facts.ts';

/** Rows whose records are written. */
export type FactsItem = { readonly from: number; readonly to: number };

export const fieldsIn = (state: ThreadState): readonly FactField[] =>
  kept(state, 'facts', () => factFields(need(state, 'columns'), need(state, 'plan'), need(state, 'values')));

export const factsTask = (state: ThreadState, item: FactsItem): null => {
  fillRecords(fieldsIn(state), need(state, 'records'), item);
  return null;
};
