import type { MatchTable } from '../contract.ts';
import { comparisonsOf, rarityIn } from '../engine/compare/data.ts';
import { makeJudge } from '../engine/scan/judge.ts';
import { judgeOf } from '../engine/scan/scanTask.ts';
import { verdictOf } from '../engine/explain.ts';
import { need, takeShared } from '../engine/threads/state.ts';
import type { FittedModel, PairJudgement } from '../model/contract.ts';
import { modelOfKind } from '../model/kinds.ts';
import { candidatesOf, usesOf, type ValueUse } from './candidates.ts';
import type { Hit, LookupAnswer, ValueDomain } from './contract.ts';
import { type MiniRecords, miniRecords, type QueryUses } from './miniRecords.ts';
import type { OpenIndex, OpenKind } from './openIndex.ts';
import { type QueryRow, readQuery } from './queryRow.ts';

/** From here on members of a household are told. */
const HOUSEHOLD = 0.5;

const DOMAIN_OF: Readonly<Record<string, ValueDomain>> = {
  'given-name': 'given',
  'family-name': 'family',
  'organisation-name': 'organisation',
  'birth-place': 'place',
};

/** The chance that two entries of a field agree, the row's own among them. */
const coincidenceOf = ({ uses }: OpenKind, field: 'email' | 'phone', own: readonly ValueUse[]): number => {
  let { entries, squares } = uses[field];
  for (const use of own) {
    entries += use.own;
    squares += use.own * (2 * use.before + use.own);
  }
  return entries === 0 ? NaN : squares / entries ** 2;
};

const coincidences = (index: OpenIndex, kind: OpenKind, uses: QueryUses, mini: MiniRecords): Float64Array =>
  Float64Array.from(index.header.plan.comparisons, ({ name }) => {
    const domain = DOMAIN_OF[name];
    if (domain !== undefined) return mini.coincidence[domain];
    return name === 'email' || name === 'phone' ? coincidenceOf(kind, name, uses[name]) : NaN;
  });

/** Rows that have a value, the one looked up among them. */
const filledWith = (kind: OpenKind, uses: QueryUses, query: QueryRow): Readonly<Record<string, number>> =>
  Object.fromEntries(
    (['email', 'phone'] as const).map((field) => {
      const own = kind.kind < 0 ? (query.filled[field] ?? 0) : Number(uses[field].length > 0);
      return [field, (kind.filled[field] ?? 0) + own];
    }),
  );

type Judged = (at: number) => PairJudgement | undefined;

/** Judges pairs of row 0 with others as a run of all records would; undefined for those that are not worth telling. */
const judgeIn = (
  index: OpenIndex,
  query: QueryRow,
  kind: OpenKind,
  { uses, mini }: { readonly uses: QueryUses; readonly mini: MiniRecords },
): Judged => {
  const { state } = query;
  const [table, compared, ...others] = need(state, 'tables');
  if (table === undefined || compared === undefined) throw new Error('no tables of the query');
  const rows = mini.rows.length + 1;
  takeShared(state, {
    tables: [table, { ...compared, bytes: mini.users, end: mini.users.byteLength }, ...others],
    tableRows: [0, 1, rows, ...others.map(() => rows)],
    values: { ...need(state, 'values'), ...mini.values },
    records: mini.records,
    coincidence: coincidences(index, kind, uses, mini),
    filled: filledWith(kind, uses, query),
    model: modelOfKind(index.header.model, Math.max(0, kind.kind)),
  });
  const { model } = index.header;
  // guards ask most of knowledge: whatever they say, a pair that has neither probability is not told
  const seen = { model: need(state, 'model'), comparisons: comparisonsOf(state), rarity: rarityIn(state) };
  const glance = makeJudge({ ...seen, guards: () => 0 });
  const judge = judgeOf(state);
  return (at) => {
    const { match, household } = glance.judge(0, at + 1);
    return match < model.review && match + household < HOUSEHOLD ? undefined : judge.judge(0, at + 1);
  };
};

/** Ids and tables of rows. */
const namesIn =
  ({ header, reader }: OpenIndex) =>
  (row: number): Pick<Hit, 'id' | 'table'> => {
    const [from = 0, to = 0] = reader.words({ at: header.ids.starts.at + row * 4, length: 8 });
    const id = Buffer.from(reader.bytes({ at: header.ids.bytes.at + from, length: to - from })).toString();
    let table = 0;
    for (let first = header.tables[0]?.rows ?? 0; row >= first && table + 1 < header.tables.length; table += 1)
      first += header.tables[table + 1]?.rows ?? 0;
    return { id, table: header.tables[table]?.name ?? '' };
  };

const ORGANISATION = 1;

const hitsOf = (index: OpenIndex, kind: number, { rows }: MiniRecords, judged: Judged): readonly Hit[] => {
  const whole: FittedModel = index.header.model;
  const nameOf = namesIn(index);
  const hits: Hit[] = [];
  rows.forEach((row, at) => {
    const said = judged(at);
    if (said === undefined) return;
    const { probability, link, zone } = verdictOf(whole, said, kind === ORGANISATION);
    if (link === 'none' || zone === 'no') return;
    hits.push({ row, ...nameOf(row), probability, link, zone });
  });
  return hits.sort((a, b) => b.probability - a.probability || a.row - b.row);
};

const NOTHING = { hits: [], compared: 0, leftOut: [] };

/**
 * Who a record may be among those of an index: judged to the last bit as a run of all of them with this one, under the same
 * model. `table`: one row. RangeError for several; errors of the index's pages.
 */
export const lookUp = (index: OpenIndex, table: MatchTable): LookupAnswer => {
  const query = readQuery(index, table);
  const { state, unused } = query;
  const own = (need(state, 'kinds')[0] ?? 0) & 1;
  const kind = index.kinds.find((one) => one.kind < 0 || one.kind === own);
  if (kind === undefined) return { ...NOTHING, unused };
  const data = { columns: need(state, 'columns'), values: need(state, 'values'), plan: need(state, 'plan') };
  const uses = { email: usesOf(index, kind, data, 'email'), phone: usesOf(index, kind, data, 'phone') };
  const { rows, leftOut } = candidatesOf(index, kind, data);
  const mini = miniRecords(index, query, rows, uses);
  const judged = judgeIn(index, query, kind, { uses, mini });
  return { hits: hitsOf(index, own, mini, judged), compared: rows.length, unused, leftOut };
};
