import { layoutIn } from '../compare/data.ts';
import { kindMarks, kindsByHead, type KindOfNumber } from '../compare/phoneKinds.ts';
import { PHONE_KINDS_SLOT } from '../compare/records.ts';
import { kept, knowledgeOf, need, type ThreadState } from '../threads/state.ts';
import { type FactField, factFields, markFacts } from './facts.ts';

/** Rows whose records are written. */
export type FactsItem = { readonly from: number; readonly to: number };

export const fieldsIn = (state: ThreadState): readonly FactField[] =>
  kept(state, 'facts', () => factFields(layoutIn(state), need(state, 'plan'), need(state, 'values')));

const kindOfNumbers = (state: ThreadState): KindOfNumber | undefined =>
  kept(state, 'phoneKinds', () => kindsByHead({ tables: need(state, 'tables'), knowledge: knowledgeOf(state) }));

/** So many rows are copied column by column that they stay in the processor's cache. */
const ROWS_TOGETHER = 512;

const copyColumns = (state: ThreadState, { from, to }: FactsItem): void => {
  const [records, columns, layout] = [need(state, 'records'), need(state, 'columns'), layoutIn(state)];
  for (const name of layout.columns) {
    const column = columns[name];
    const slot = layout.slot(name);
    if (column === undefined) continue;
    for (let row = from; row < to; row += 1) records[row * layout.stride + slot] = column[row] ?? 0;
  }
};

const markKinds = (state: ThreadState, { from, to }: FactsItem): void => {
  const [records, columns, layout] = [need(state, 'records'), need(state, 'columns'), layoutIn(state)];
  const slot = layout.slot(PHONE_KINDS_SLOT);
  const kindOf = slot < 0 ? undefined : kindOfNumbers(state);
  if (kindOf === undefined) return;
  const width = need(state, 'plan').width['phone'] ?? 0;
  const of = (suffix: string): Int32Array[] =>
    Array.from({ length: width }, (_, i) => columns[`phone${i}${suffix}`] ?? new Int32Array(0));
  const marks = kindMarks(of(''), of(':high'), kindOf);
  for (let row = from; row < to; row += 1) records[row * layout.stride + slot] = marks(row);
};

/** Writes the records of a stretch of rows from their columns. */
export const factsTask = (state: ThreadState, item: FactsItem): null => {
  const records = { records: need(state, 'records'), layout: layoutIn(state) };
  for (let { from } = item; from < item.to; from += ROWS_TOGETHER) {
    const some = { from, to: Math.min(item.to, from + ROWS_TOGETHER) };
    copyColumns(state, some);
    markKinds(state, some);
    markFacts(fieldsIn(state), records, some);
  }
  return null;
};
