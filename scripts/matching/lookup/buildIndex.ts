import { serialize } from 'node:v8';
import type { KnowledgeData } from '../knowledge/knowledgeData.ts';
import { blockTask } from '../engine/block/blockTask.ts';
import { EntryList } from '../engine/block/keyEntries.ts';
import { makeSortRoom, sortByKey } from '../engine/block/radixSort.ts';
import { rulesFor } from '../engine/block/rules.ts';
import { layoutIn } from '../engine/compare/data.ts';
import { onlyKind } from '../engine/kindPass.ts';
import { planOf } from '../engine/plan.ts';
import { readTables } from '../engine/read/readTables.ts';
import { writeRecords } from '../engine/scan/writeRecords.ts';
import { makePool, type Pool } from '../engine/threads/pool.ts';
import { need, type ThreadState } from '../engine/threads/state.ts';
import { take } from '../engine/threads/steps.ts';
import { GIVEN_FIELDS, PHONETIC } from '../engine/values/contract.ts';
import { bytesOf, SectionWriter } from './bytes.ts';
import {
  type ByteSink,
  INDEX_FORMAT,
  type IndexHeader,
  type IndexInput,
  type KindSection,
  VALUE_DOMAINS,
  type ValueDomain,
} from './contract.ts';
import { writeKeys } from './writeKeys.ts';
import { writeRows } from './writeRows.ts';
import { type WrittenValues, writeValues } from './writeValues.ts';

const ORGANISATION = 1;
const EXCLUDED = 2;
/** Where there is one model for all rows. */
const ALL = -1;
const COUNTED = ['email', 'phone'] as const;
/** Length and place of the header, at the end of the last page. */
export const FOOTER_BYTES = 16;

export type BuildTerms = {
  readonly knowledge: KnowledgeData;
  readonly threads: number;
  /** Bytes of a page of the sink. */
  readonly pageBytes: number;
  readonly signal?: AbortSignal;
};

const takingPart = (kinds: Uint8Array, kind: number): Int32Array => {
  const rows: number[] = [];
  kinds.forEach((one, row) => {
    if ((one & EXCLUDED) === 0 && (kind === ALL || (one & ORGANISATION) === kind)) rows.push(row);
  });
  return Int32Array.from(rows);
};

/** People of names that sound alike lie side by side: who is looked up shares pages with those who are compared. */
const orderOf = (state: ThreadState, rows: Int32Array): Int32Array => {
  const { given, family, organisation } = need(state, 'values');
  const columns = need(state, 'columns');
  const half = (slot: string, table: typeof given, field: number, row: number): number => {
    const id = columns[slot]?.[row] ?? 0;
    return id === 0 || table === undefined ? 0 : (table.fields[id * table.width + field] ?? 0);
  };
  const room = makeSortRoom(rows.length);
  rows.forEach((row, i) => {
    const upper = half('family0', family, PHONETIC, row) ^ half('organisation0', organisation, PHONETIC, row);
    room.keys[i] = (upper & 0xffff0000) | (half('given0', given, GIVEN_FIELDS.root, row) >>> 16);
    room.rows[i] = row;
  });
  sortByKey(room, rows.length);
  return room.rows.slice(0, rows.length);
};

/** How many rows have the same mailbox, the same number: counted by the rules of these fields, kind by kind. */
const countUses = (state: ThreadState, kinds: readonly number[]): void => {
  const all = need(state, 'kinds');
  const rules = need(state, 'rules');
  for (const kind of kinds) {
    state.shared = { ...state.shared, kinds: kind === ALL ? all : onlyKind(all, kind) };
    rules.forEach(({ name }, rule) => {
      if (COUNTED.some((counted) => counted === name)) blockTask(state, rule);
    });
  }
  state.shared = { ...state.shared, kinds: all };
  state.kept.delete('entries');
};

type Writing = { readonly writer: SectionWriter; readonly state: ThreadState; readonly numbers: Int32Array };

const writeKind = (
  { writer, state, numbers }: Writing,
  kind: number,
  filled: Readonly<Record<string, number>>,
): KindSection => {
  const rows = takingPart(need(state, 'kinds'), kind);
  const data = { columns: need(state, 'columns'), values: need(state, 'values'), plan: need(state, 'plan') };
  const list = new EntryList(rows.length);
  const written = need(state, 'rules').map((rule) => writeKeys(writer, rule, { data, rows, numbers, list }));
  const of = (name: string) => written.find(({ section }) => section.name === name);
  const uses = (name: string) => of(name)?.uses ?? { entries: 0, squares: 0 };
  return {
    kind,
    rules: written.map(({ section }) => section),
    uses: { email: uses('email'), phone: uses('phone') },
    filled:
      kind === ALL
        ? filled
        : Object.fromEntries(Object.entries(filled).map(([name, all]) => [name, of(name)?.keyed ?? all])),
  };
};

const writeAllValues = (writer: SectionWriter, state: ThreadState) => {
  const tables = need(state, 'values');
  const written = VALUE_DOMAINS.map((domain) => [domain, writeValues(writer, tables[domain])] as const);
  const each = <T>(pick: (one: WrittenValues) => T): Record<ValueDomain, T> =>
    Object.fromEntries(written.map(([domain, one]) => [domain, pick(one)])) as Record<ValueDomain, T>;
  return { values: each(({ section }) => section), renumbered: each(({ renumbered }) => renumbered) };
};

/** Ids of all rows as one list. */
const writeIds = (writer: SectionWriter, { ids }: IndexInput): IndexHeader['ids'] => {
  const rows = ids.reduce((sum, { count }) => sum + count, 0);
  const starts = new Uint32Array(rows + 1);
  let [row, at] = [0, 0];
  for (const own of ids)
    for (let i = 0; i < own.count; i += 1) starts[++row] = at += (own.starts[i + 1] ?? 0) - (own.starts[i] ?? 0);
  writer.align();
  const bytes = { at: writer.at, length: at };
  for (const own of ids) writer.append(bytesOf(own.bytes.subarray(own.starts[0] ?? 0, own.starts[own.count])));
  return { bytes, starts: writer.add(starts) };
};

const writeEnd = (writer: SectionWriter, header: IndexHeader, pageBytes: number): void => {
  const bytes = new Uint8Array(serialize(header));
  const { at } = writer.add(bytes);
  const rest = (writer.at + FOOTER_BYTES) % pageBytes;
  if (rest > 0) writer.append(new Uint8Array(pageBytes - rest));
  writer.append(bytesOf(new Uint8Array(Float64Array.of(at, bytes.length).buffer)));
};

const kindsOf = ({ model }: IndexInput): readonly number[] =>
  model.organisations === undefined ? [ALL] : [0, ORGANISATION];

const read = async (pool: Pool, input: IndexInput, { knowledge }: BuildTerms) => {
  const { tables, excluded } = input;
  pool.share({ knowledge, tables, plan: planOf(tables) });
  const found = await take(
    pool,
    readTables(pool, { tables, excluded }, () => undefined),
  );
  pool.share({ rules: rulesFor(need(pool.local, 'plan')) });
  countUses(pool.local, kindsOf(input));
  await take(pool, writeRecords(pool));
  return found;
};

/**
 * Writes the index of a run's tables, for looking single records up under the run's model. Holds what is compared of every
 * record: write it to a sealed sink only. Errors: the signal's reason, those of reading tables.
 */
export const buildIndex = async (input: IndexInput, sink: ByteSink, terms: BuildTerms): Promise<void> => {
  const pool = makePool(terms.threads, terms.signal);
  try {
    const { filled, tableRows } = await read(pool, input, terms);
    const state = pool.local;
    const writer = new SectionWriter(sink);
    const order = orderOf(state, takingPart(need(state, 'kinds'), ALL));
    const numbers = new Int32Array(need(state, 'kinds').length);
    order.forEach((row, number) => (numbers[row] = number));
    const { values, renumbered } = writeAllValues(writer, state);
    const [plan, layout] = [need(state, 'plan'), layoutIn(state)];
    const kinds = kindsOf(input).map((kind) => writeKind({ writer, state, numbers }, kind, filled));
    const { tables } = input;
    const ground = { tables, tableRows, records: need(state, 'records'), plan, layout, order, renumbered };
    const rows = writeRows(writer, ground, terms.pageBytes);
    const header: IndexHeader = {
      ...{
        gardeMatchIndex: INDEX_FORMAT,
        rows: order.length,
        readAt: input.readAt,
        plan,
        columns: layout.columns,
        model: input.model,
      },
      tables: tables.map(({ name }, i) => ({ name, rows: (tableRows[i + 1] ?? 0) - (tableRows[i] ?? 0) })),
      countries: [...new Set(tables.map(({ country }) => country))],
      ...{ kinds, values, ...rows, ids: writeIds(writer, input) },
    };
    writeEnd(writer, header, terms.pageBytes);
  } finally {
    await pool.close();
  }
};
