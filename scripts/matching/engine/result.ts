import type { BlockingRule, MatchResult } from '../contract.ts';
import type { Conclusion, FittedModel, ScoredPairs } from '../model/contract.ts';
import type { BlockSet } from './block/contract.ts';
import type { FoundBlocks } from './block/findBlocks.ts';
import type { Pool } from './threads/pool.ts';
import { need } from './threads/state.ts';

export type Ending = {
  readonly pool: Pool;
  readonly passes: readonly {
    readonly found: FoundBlocks;
    readonly model: FittedModel;
    readonly blocking: readonly BlockingRule[];
  }[];
  readonly pairs: ScoredPairs;
  readonly conclusion: Conclusion;
  readonly work: Readonly<Record<string, number>>;
};

/** What each rule did in one pass. */
export const blockingOf = (
  found: FoundBlocks,
  blocks: readonly BlockSet[],
  model: FittedModel,
): readonly BlockingRule[] =>
  found.rules.map((rule, i) => {
    const narrow = found.narrowed.get(i);
    const tightened =
      narrow === undefined ? [] : narrow.parts.map((part) => `${part}: added to blocks over the pair budget`);
    return {
      name: rule.name,
      blocks: blocks[i]?.count ?? 0,
      candidates: blocks[i]?.pairs ?? 0,
      tightened,
      skippedBlocks: narrow?.skippedBlocks ?? 0,
      skippedPairs: narrow?.skippedPairs ?? 0,
      recall: model.recallByRule[i] ?? 0,
    };
  });

/** The same rules over all passes. */
const blockingTogether = ({ passes, conclusion }: Ending): readonly BlockingRule[] => {
  const [first, ...others] = passes;
  return (first?.blocking ?? []).map((rule, i) => {
    const own = others.flatMap(({ blocking }) => blocking[i] ?? []);
    const sum = (of: 'blocks' | 'candidates' | 'skippedBlocks' | 'skippedPairs'): number =>
      own.reduce((all, one) => all + one[of], rule[of]);
    return {
      name: rule.name,
      blocks: sum('blocks'),
      candidates: sum('candidates'),
      tightened: [...new Set([rule, ...own].flatMap(({ tightened }) => tightened))],
      skippedBlocks: sum('skippedBlocks'),
      skippedPairs: sum('skippedPairs'),
      recall: conclusion.model.recallByRule[i] ?? rule.recall,
    };
  });
};

const STEPS = 50;

/** Log-odds (log2) of scored pairs in steps of one from -25 to +25. */
const histogramOf = (pairs: ScoredPairs): Float64Array => {
  const histogram = new Float64Array(STEPS);
  for (let i = 0; i < pairs.count; i += 1) {
    const match = Math.min(1 - 1e-9, Math.max(1e-9, pairs.match[i] ?? 0));
    const odds = Math.log2(match / (1 - match));
    const step = Math.max(0, Math.min(STEPS - 1, Math.floor(odds) + STEPS / 2));
    histogram[step] = (histogram[step] ?? 0) + 1;
  }
  return histogram;
};

const EXCLUDED = 2;
const KEYED = 4;

const capsOf = ({ passes, pool, conclusion }: Ending, unmatchable: number): MatchResult['caps'] => {
  const skipped = (passes[0]?.found.rules ?? []).flatMap((rule, i) => {
    const narrow = passes.flatMap(({ found }) => found.narrowed.get(i) ?? []);
    const sum = (of: 'narrowed' | 'skippedPairs'): number => narrow.reduce((all, one) => all + one[of], 0);
    return [
      { what: `blocks of rule ${rule.name} narrowed to stay within the pair budget`, count: sum('narrowed') },
      { what: `pairs of rule ${rule.name} left out with blocks too large to narrow`, count: sum('skippedPairs') },
    ];
  });
  return [
    ...need(pool.local, 'plan').caps,
    ...skipped,
    { what: 'rows with too little in them', count: unmatchable },
    ...conclusion.caps,
  ].filter(({ count }) => count > 0);
};

/** Puts the run's answer together. */
export const resultOf = (ending: Ending): MatchResult => {
  const { pool, conclusion, work } = ending;
  const kinds = need(pool.local, 'kinds');
  const unmatchable = kinds.reduce((sum, kind) => sum + ((kind & (KEYED | EXCLUDED)) === 0 ? 1 : 0), 0);
  const { count, a, b, probability, link, zone, rule } = conclusion;
  return {
    rows: kinds.length,
    pairs: { count, a, b, probability, link, zone, rule },
    clusters: conclusion.clusters,
    groups: conclusion.groups,
    households: conclusion.households,
    model: conclusion.model,
    blocking: blockingTogether(ending),
    histogram: histogramOf(ending.pairs),
    precision: conclusion.precision,
    recall: conclusion.recall,
    unmatchable,
    excluded: kinds.reduce((sum, kind) => sum + ((kind & EXCLUDED) === 0 ? 0 : 1), 0),
    caps: capsOf(ending, unmatchable),
    work: { ...work, threads: pool.threads },
  };
};
