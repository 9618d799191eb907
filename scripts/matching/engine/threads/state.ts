import type { MatchTable } from '../../contract.ts';
import type { Knowledge } from '../../knowledge/contract.ts';
import type { KnowledgeData } from '../../knowledge/knowledgeData.ts';
import { makeKnowledge } from '../../knowledge/makeKnowledge.ts';
import type { FittedModel } from '../../model/contract.ts';
import type { Plan } from '../plan.ts';
import type { BlockSet, Rule } from '../block/contract.ts';
import type { SharedTexts, ValueTables } from '../values/contract.ts';

/**
 * What every thread sees. Columns lie in shared memory, the rest is cloned; it is added to between stages and never changed
 * while one runs, except for rows of columns, each by the one thread that has its stretch.
 */
export type Shared = {
  readonly knowledge: KnowledgeData;
  readonly tables: readonly MatchTable[];
  readonly plan: Plan;
  readonly columns: Readonly<Record<string, Int32Array>>;
  /** Where each row starts in its table. */
  readonly rowStarts: Uint32Array;
  /** The first row of each table, and the number of all rows at the end. */
  readonly tableRows: readonly number[];
  /** Bits: 1 for organisations, 2 for rows that take no part, 4 for rows that some rule has a key for. */
  readonly kinds: Uint8Array;
  readonly raw: Readonly<Record<string, SharedTexts>>;
  /** By domain and thread: number in the thread's dictionary → number in the common one. */
  readonly renumbered: Readonly<Record<string, readonly Int32Array[]>>;
  readonly values: ValueTables;
  readonly rules: readonly Rule[];
  /** Rows that may be the first of a pair: those of side a, or those that pairs must touch; empty when all may. */
  readonly leads: Uint8Array;
  /** Pairs join the sides only. */
  readonly cross: boolean;
  /** With sides and rows to touch at once: those rows. */
  readonly touched: Uint8Array;
  readonly blocks: readonly BlockSet[];
  /** Rules whose blocks were narrowed. */
  readonly narrowed: readonly number[];
  /** Of each comparison, the chance that two rows have the same value; NaN when it is not known. */
  readonly coincidence: Float64Array;
  /** Rows that have a value, by column. */
  readonly filled: Readonly<Record<string, number>>;
  /** One record a row: all that comparisons look at of it (compare/records.ts). */
  readonly records: Int32Array;
  readonly model: FittedModel;
};

/** One thread's own: what it was given so far and what it keeps between tasks. */
export type ThreadState = {
  readonly thread: number;
  shared: Partial<Shared>;
  knowledge: Knowledge | undefined;
  /** Kept by tasks under their own names. */
  readonly kept: Map<string, unknown>;
};

export const makeThreadState = (thread: number): ThreadState => ({
  thread,
  shared: {},
  knowledge: undefined,
  kept: new Map(),
});

/** What tasks keep that was made from something that is shared anew for every kind of rows, or that nobody needs after it. */
const MADE_FROM: Partial<Readonly<Record<keyof Shared, readonly string[]>>> = {
  rules: ['ownerNames'],
  blocks: ['entries'],
  coincidence: ['rarity', 'judge', 'scanner'],
  filled: ['rarity', 'judge', 'scanner'],
  narrowed: ['scanner'],
  model: ['judge', 'scanner'],
  records: ['comparisons', 'rarity', 'judge', 'scanner'],
};

/** Takes what is new; things kept that were made from what changed are made anew by their tasks. */
export const takeShared = (state: ThreadState, news: Partial<Shared>): void => {
  for (const key of Object.keys(news)) for (const name of MADE_FROM[key as keyof Shared] ?? []) state.kept.delete(name);
  state.shared = { ...state.shared, ...news };
};

/** A part of the shared state that an earlier stage must have given. */
export const need = <K extends keyof Shared>(state: { readonly shared: Partial<Shared> }, key: K): Shared[K] => {
  const value = state.shared[key];
  if (value === undefined) throw new Error(`engine stage out of order: ${key} is not there yet`);
  return value;
};

export const knowledgeOf = (state: ThreadState): Knowledge => {
  state.knowledge ??= makeKnowledge(need(state, 'knowledge'));
  return state.knowledge;
};

/** A thing of the thread's own, made on first use. */
export const kept = <T>(state: ThreadState, name: string, make: () => T): T => {
  if (!state.kept.has(name)) state.kept.set(name, make());
  return state.kept.get(name) as T;
};
