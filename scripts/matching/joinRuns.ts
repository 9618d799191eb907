import { unionFind } from './clusters/unionFind.ts';
import type { MatchPairs, MatchResult, RowNumber } from './contract.ts';
import type { KeptRun } from './keptRun.ts';
import type { FileMatch } from './matchFile.ts';
import { idOf } from './read/rowIds.ts';
import { summaryOf, type MatchSummary } from './results/summary.ts';
import { namingRows } from './results/writeClusters.ts';
import { rowSpaceOf, type RowSpace } from './rowSpace.ts';

export type JoinedRun = { readonly result: Omit<MatchResult, 'work'>; readonly summary: MatchSummary };

/** The row of the new numbering for each row of a kept run; -1 for records that are gone. */
const newRows = (previous: KeptRun, space: RowSpace): Int32Array => {
  const total = previous.tables.reduce((sum, { ids }) => sum + ids.count, 0);
  const rows = new Int32Array(total);
  let at = 0;
  for (const { name, ids } of previous.tables) {
    for (let row = 0; row < ids.count; row += 1) rows[at++] = space.find(idOf(ids, row), name)[0] ?? -1;
  }
  return rows;
};

/**
 * Rows that a run since the last one must look at: those given (changed, decided about), those the last run had not got, and
 * those it left out.
 */
export const touchedRows = (previous: KeptRun, space: RowSpace, given: Iterable<RowNumber>): ReadonlySet<RowNumber> => {
  const touched = new Set(given);
  const before = rowSpaceOf(previous.tables);
  const excluded = new Set(previous.excluded);
  for (let row = 0; row < space.rows; row += 1) {
    const [known] = before.find(space.idOf(row), space.tables[space.tableOf(row)]?.name);
    if (known === undefined || excluded.has(known)) touched.add(row);
  }
  return touched;
};

type Columns = Readonly<Record<'a' | 'b' | 'probability' | 'link' | 'zone' | 'rule', number[]>>;

const inOrder = ({ a, b, probability, link, zone, rule }: Columns): MatchPairs => {
  const order = a.map((_, i) => i).sort((x, y) => (a[x] ?? 0) - (a[y] ?? 0) || (b[x] ?? 0) - (b[y] ?? 0));
  const sorted = (values: readonly number[]): number[] => order.map((i) => values[i] ?? 0);
  return {
    count: order.length,
    ...{ a: Int32Array.from(sorted(a)), b: Int32Array.from(sorted(b)) },
    probability: Float64Array.from(sorted(probability)),
    ...{
      link: Uint8Array.from(sorted(link)),
      zone: Uint8Array.from(sorted(zone)),
      rule: Uint8Array.from(sorted(rule)),
    },
  };
};

type Renumbering = { readonly row: (row: number) => number; readonly rule: (rule: number) => number };

/** Pairs whose rows are both still there, under their new numbers. */
const addAll = (columns: Columns, pairs: MatchPairs, to: Renumbering): void => {
  for (let i = 0; i < pairs.count; i += 1) {
    const [a, b] = [to.row(pairs.a[i] ?? 0), to.row(pairs.b[i] ?? 0)];
    if (a < 0 || b < 0) continue;
    columns.a.push(Math.min(a, b));
    columns.b.push(Math.max(a, b));
    columns.probability.push(pairs.probability[i] ?? 0);
    columns.link.push(pairs.link[i] ?? 0);
    columns.zone.push(pairs.zone[i] ?? 0);
    columns.rule.push(to.rule(pairs.rule[i] ?? 0));
  }
};

type Fresh = { readonly touching: ReadonlySet<RowNumber>; readonly excluded: ReadonlySet<RowNumber> };

/** Rows of a kept run that stay as they were judged: still there, neither touched nor left out; -1 for the others. */
const keptRows = (previous: KeptRun, space: RowSpace, { touching, excluded }: Fresh): Int32Array =>
  newRows(previous, space).map((row) => (row < 0 || touching.has(row) || excluded.has(row) ? -1 : row));

const joinLabels = (before: Int32Array, rows: Int32Array, now: Int32Array): Int32Array => {
  const sets = unionFind(now.length);
  const standing = new Map<number, number>();
  for (let row = 0; row < before.length; row += 1) {
    const to = rows[row] ?? -1;
    if (to < 0) continue;
    const label = before[row] ?? row;
    const first = standing.get(label);
    if (first === undefined) standing.set(label, to);
    else sets.union(first, to);
  }
  for (let row = 0; row < now.length; row += 1) sets.union(row, now[row] ?? row);
  return sets.labels();
};

/**
 * What the last run found among records that stayed as they were, and what this one found about the touched ones, as one
 * result. Estimates, model and histogram are this run's.
 */
export const joinRuns = (previous: KeptRun, { result, space }: FileMatch, fresh: Fresh): JoinedRun => {
  const rows = keptRows(previous, space, fresh);
  const { pairs, blocking } = previous.result;
  const rules = [...result.blocking];
  const ruleOf = blocking.map((one) => {
    const known = rules.findIndex(({ name }) => name === one.name);
    return known >= 0 ? known : rules.push(one) - 1;
  });
  const columns: Columns = { a: [], b: [], probability: [], link: [], zone: [], rule: [] };
  addAll(columns, pairs, { row: (row) => rows[row] ?? -1, rule: (rule) => ruleOf[rule] ?? 0 });
  addAll(columns, result.pairs, { row: (row) => row, rule: (rule) => rule });
  const { work, ...rest } = result;
  const joined = {
    ...rest,
    pairs: inOrder(columns),
    clusters: joinLabels(previous.result.clusters, rows, result.clusters),
    households: joinLabels(previous.result.households, rows, result.households),
    blocking: rules,
  };
  const summary = summaryOf({ ...joined, work }, space, namingRows(joined.clusters, space));
  return { result: joined, summary };
};
