import type { FitInput, RulePatterns } from '../../model/contract.ts';
import type { BlockReport, NarrowReport, Rule } from '../block/contract.ts';
import { SETTLED } from '../block/rules.ts';
import type { Plan } from '../plan.ts';
import { mixed } from '../text/fold.ts';
import type { Pool } from '../threads/pool.ts';
import { need } from '../threads/state.ts';
import type { ValueTable, ValueTables } from '../values/contract.ts';
import type { Patterns } from './patternsTask.ts';
import type { RandomItem } from './randomTask.ts';

const RANDOM_PAIRS = 200_000;
const SAMPLE_ROWS = 20_000;
const PATTERN_PAIRS = 25_000;
const EXCLUDED = 2;

/** Rows of one side chosen and ordered by what they hold. */
const sampleOf = (content: Int32Array, wanted: (row: number) => boolean): Int32Array => {
  let count = 0;
  for (let row = 0; row < content.length; row += 1) if (wanted(row)) count += 1;
  const share = Math.min(1, SAMPLE_ROWS / Math.max(1, count)) * 2 ** 32;
  const rows: number[] = [];
  for (let row = 0; row < content.length; row += 1) if (wanted(row) && mixed(content[row] ?? 0) < share) rows.push(row);
  return Int32Array.from(rows.sort((a, b) => mixed(content[a] ?? 0) - mixed(content[b] ?? 0) || a - b));
};

const randomItems = (pool: Pool): readonly RandomItem[] => {
  const content = need(pool.local, 'columns')['content'] ?? new Int32Array(0);
  const kinds = need(pool.local, 'kinds');
  const leads = need(pool.local, 'leads');
  const cross = need(pool.local, 'cross');
  const takesPart = (row: number): boolean => ((kinds[row] ?? 0) & EXCLUDED) === 0;
  const a = sampleOf(content, (row) => takesPart(row) && (!cross || leads[row] === 1));
  const b = cross ? sampleOf(content, (row) => takesPart(row) && leads[row] !== 1) : a;
  const steps = Math.max(1, Math.min(b.length - 1, Math.floor(RANDOM_PAIRS / Math.max(1, a.length))));
  const items: RandomItem[] = [];
  const stretch = Math.max(1, Math.ceil(20_000 / steps));
  for (let from = 0; from < a.length; from += stretch)
    items.push({ a, b, from, to: Math.min(a.length, from + stretch), steps });
  return b.length === 0 ? [] : items;
};

const randomLevels = async (pool: Pool, plan: Plan): Promise<readonly Float64Array[]> => {
  const parts = await pool.run('random', randomItems(pool));
  const sums = plan.comparisons.map(({ levels }) => new Float64Array(levels.length));
  return sums.map((sum, c) => sum.map((_, level) => parts.reduce((total, part) => total + (part[c]?.[level] ?? 0), 0)));
};

/** Σ of squared shares of a kind of values: how often two rows agree by chance. */
const coincidenceOf = (table: ValueTable | undefined): number => {
  if (table === undefined) return NaN;
  let total = 0;
  let squares = 0;
  for (const count of table.counts) {
    total += count;
    squares += count * (count - 1);
  }
  return total < 2 ? NaN : squares / total / (total - 1);
};

const RULE_OF: Readonly<Record<string, string>> = { email: 'email', phone: 'phone', 'birth-date': 'birth-date' };

/** Of each comparison: from counts of values, else from the exact number of pairs of the rule that is just this field. */
export const coincidences = (
  plan: Plan,
  values: ValueTables,
  rules: readonly Rule[],
  reports: readonly BlockReport[],
): Float64Array => {
  const byRule = (name: string): number =>
    reports[rules.findIndex((rule) => rule.name === RULE_OF[name])]?.coincidence ?? NaN;
  return Float64Array.from(plan.comparisons, ({ name }) => {
    if (name === 'given-name') return coincidenceOf(values.given);
    if (name === 'family-name') return coincidenceOf(values.family);
    if (name === 'organisation-name') return coincidenceOf(values.organisation);
    if (name === 'birth-place') return coincidenceOf(values.place);
    return byRule(name);
  });
};

const comparisonsOfPart = (plan: Plan, comparison: string): readonly number[] =>
  plan.comparisons.flatMap(({ name }, at) => (name === comparison || name.startsWith(`${comparison}:`) ? [at] : []));

/** Every comparison once, at the highest level that the parts of the rule settle. */
const settledBy = (rule: Rule, plan: Plan): RulePatterns['fixed'] => {
  const found = new Map<number, RulePatterns['fixed'][number]>();
  for (const { comparison, level, about } of rule.parts.flatMap((part) => SETTLED[part])) {
    const all = comparisonsOfPart(plan, comparison);
    all.forEach((at, position) => {
      // of several identifiers one was the key, and nobody says which
      const one = { comparison: at, level: position === 0 ? level : 0, about: about === true || all.length > 1 };
      if (one.level >= (found.get(at)?.level ?? -1)) found.set(at, one);
    });
  }
  return [...found.values()];
};

export type Found = {
  readonly rules: readonly Rule[];
  readonly reports: readonly BlockReport[];
  readonly narrowed: ReadonlyMap<number, NarrowReport>;
  readonly coincidence: Float64Array;
  readonly possiblePairs: number;
};

type OneRule = { readonly found: Found; readonly plan: Plan; readonly rule: number; readonly pairs: number };

/** One rule's sample, weighted back to all its pairs. */
const rulePatterns = ({ found, plan, rule, pairs }: OneRule, own: Patterns): RulePatterns => {
  const report = found.reports[rule];
  const known = found.rules[rule];
  if (report === undefined || known === undefined) throw new Error(`no rule ${rule}`);
  const scale = own.seen === 0 ? 1 : pairs / own.seen;
  return {
    name: known.name,
    fixed: settledBy(known, plan),
    possible: report.possible,
    pairs,
    skipped: Math.max(0, report.set.pairs - pairs),
    codes: own.codes,
    frequency: own.frequency,
    counts: own.counts.map((count) => count * scale),
  };
};

/** Counts what a model is fitted to: patterns of candidate pairs per rule, and levels of pairs drawn at random. */
export const learnInput = async (pool: Pool, found: Found): Promise<FitInput> => {
  const plan = need(pool.local, 'plan');
  const blocks = need(pool.local, 'blocks');
  const random = await randomLevels(pool, plan);
  const items = found.rules.map((_, rule) => ({ rule, most: PATTERN_PAIRS }));
  const patterns = await pool.run('patterns', items);
  const rules = patterns.map((own, rule) => rulePatterns({ found, plan, rule, pairs: blocks[rule]?.pairs ?? 0 }, own));
  const { coincidence, possiblePairs } = found;
  return {
    comparisons: plan.comparisons,
    rows: need(pool.local, 'kinds').length,
    possiblePairs,
    random,
    coincidence,
    rules,
  };
};
