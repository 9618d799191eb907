import type { MatchTable } from '../contract.ts';
import { type Plan, planOf } from '../engine/plan.ts';
import { readTables } from '../engine/read/readTables.ts';
import { makeThreadState, takeShared, type ThreadState } from '../engine/threads/state.ts';
import { type Ground, takeHere } from '../engine/threads/steps.ts';
import type { OpenIndex } from './openIndex.ts';

/** A record that is looked up, read as the index was. */
export type QueryRow = {
  readonly state: ThreadState;
  readonly ground: Ground;
  readonly filled: Readonly<Record<string, number>>;
  readonly unused: readonly string[];
};

/** The columns of the query by the plan of the index; what that has no place for is left out and named. */
const planFor = (index: OpenIndex, table: MatchTable): { readonly plan: Plan; readonly unused: readonly string[] } => {
  const { plan } = index.header;
  const own = planOf([table]).readers[0] ?? [];
  const known = new Set(plan.slots);
  const readers = own.filter(({ slot }) => known.has(slot));
  const read = new Set(readers.map(({ column }) => column));
  const silent = new Set(['id', 'ignore']);
  const unused = table.columns.flatMap(({ role }, column) => (read.has(column) || silent.has(role) ? [] : [role]));
  return { plan: { ...plan, readers: [readers] }, unused: [...new Set(unused)] };
};

/** A table without rows: what a run asks of all its tables (their countries) must be asked of these too. */
const emptyTable = (table: MatchTable, country: string | undefined): MatchTable => {
  const { name, side, bytes, delimiter, columns, entity } = table;
  const empty = { name, side, bytes, delimiter, columns, entity, start: 0, end: 0 };
  return country === undefined ? empty : { ...empty, country };
};

/** Tables of the query's state: the query, one for the records compared, and others of further countries. */
const tablesFor = (index: OpenIndex, table: MatchTable): readonly MatchTable[] => [
  table,
  ...index.header.countries.map((country) => emptyTable(table, country)),
];

/** Reads the one row of a table under the knowledge and plan of the index. RangeError for a table of several rows. */
export const readQuery = (index: OpenIndex, given: MatchTable): QueryRow => {
  const [only] = index.header.countries;
  const table = given.country === undefined && only !== undefined ? { ...given, country: only } : given;
  const { plan, unused } = planFor(index, table);
  const state = makeThreadState(0);
  state.knowledge = index.knowledge;
  // the same for every record that is looked up
  state.kept.set('layout', index.layout);
  const ground: Ground = { local: state, share: (news) => takeShared(state, news) };
  const tables = tablesFor(index, table);
  ground.share({ knowledge: index.data, tables, plan: { ...plan, readers: tables.map(() => plan.readers[0] ?? []) } });
  const read = takeHere(
    state,
    readTables(ground, { tables, excluded: new Set() }, () => undefined),
  );
  if (read.rows !== 1) throw new RangeError(`one record is looked up at once, not ${read.rows}`);
  return { state, ground, filled: read.filled, unused };
};
