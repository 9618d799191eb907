import type { BlockReport } from './contract.ts';

/** Of a rule over budget, blocks larger than this many pairs are narrowed; Infinity: none. */
export type RuleLimit = { readonly rule: number; readonly limit: number };

/** So many pairs are looked at whatever the number of records: a few seconds' work. */
const ALWAYS = 4_000_000;
const LEAST_A_RECORD = 12;
const MOST_A_RECORD = 50;

/**
 * Pairs that a run of so many rows may look at. Of few records it can afford all that any rule brings together; of many, where
 * namesakes are dense and pairs worth looking at are not, a few a record. `asked`: pairs a record that somebody asked for.
 */
export const pairBudget = (rows: number, asked: number | undefined): number =>
  rows * (asked ?? Math.min(MOST_A_RECORD, Math.max(LEAST_A_RECORD, ALWAYS / Math.max(1, rows))));

/** Half of what a rule may have is for blocks as they are, the rest for what narrowing leaves of larger ones. */
const AS_THEY_ARE = 0.5;
const LEAST_LIMIT = 64;

const limitWithin = (sizes: Float64Array, allowed: number): number => {
  let sum = 0;
  for (let i = 0; i < sizes.length; i += 1) {
    sum += sizes[i] ?? 0;
    if (sum > allowed) return Math.max(LEAST_LIMIT, 2 ** i - 1);
  }
  return Infinity;
};

/**
 * Shares the pairs that a run may look at among its rules: those that need less than an even share leave the rest to the
 * others. From exact counts, so the same for any order of rows.
 */
export const limitsFor = (reports: readonly BlockReport[], budget: number): readonly RuleLimit[] => {
  const order = reports
    .map(({ set }, rule) => ({ rule, need: set.pairs }))
    .sort((a, b) => a.need - b.need || a.rule - b.rule);
  let left = budget;
  const limits: RuleLimit[] = [];
  order.forEach(({ rule, need }, done) => {
    const share = left / (order.length - done);
    const sizes = reports[rule]?.sizes;
    if (need <= share || sizes === undefined) {
      left -= need;
      return;
    }
    left -= share;
    limits.push({ rule, limit: limitWithin(sizes, share * AS_THEY_ARE) });
  });
  return limits;
};
