import type { BlockingRule, MatchRequest, MatchResult } from '../contract.ts';
import type { Conclusion, FittedModel, ScoredPairs } from '../model/contract.ts';
import type { FoundBlocks } from './block/findBlocks.ts';
import type { Pool } from './threads/pool.ts';
import { need } from './threads/state.ts';

export type Ending = {
  readonly request: MatchRequest;
  readonly pool: Pool;
  readonly found: FoundBlocks;
  readonly model: FittedModel;
  readonly pairs: ScoredPairs;
  readonly conclusion: Conclusion;
  readonly work: Readonly<Record<string, number>>;
};

const blockingOf = ({ found, pool, model }: Ending): readonly BlockingRule[] =>
  found.rules.map((rule, i) => {
    const set = need(pool.local, 'blocks')[i];
    const narrow = found.narrowed.get(i);
    const tightened =
      narrow === undefined ? [] : narrow.parts.map((part) => `${part}: added to blocks over the pair budget`);
    return {
      name: rule.name,
      blocks: set?.count ?? 0,
      candidates: set?.pairs ?? 0,
      tightened,
      skippedBlocks: narrow?.skippedBlocks ?? 0,
      skippedPairs: narrow?.skippedPairs ?? 0,
      recall: model.recallByRule[i] ?? 0,
    };
  });

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

const capsOf = ({ found, pool, conclusion }: Ending, unmatchable: number): MatchResult['caps'] => {
  const skipped = found.rules.flatMap((rule, i) => {
    const narrow = found.narrowed.get(i);
    if (narrow === undefined) return [];
    return [
      { what: `blocks of rule ${rule.name} narrowed to stay within the pair budget`, count: narrow.narrowed },
      { what: `pairs of rule ${rule.name} left out with blocks too large to narrow`, count: narrow.skippedPairs },
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
    blocking: blockingOf(ending),
    histogram: histogramOf(ending.pairs),
    precision: conclusion.precision,
    recall: conclusion.recall,
    unmatchable,
    excluded: kinds.reduce((sum, kind) => sum + ((kind & EXCLUDED) === 0 ? 0 : 1), 0),
    caps: capsOf(ending, unmatchable),
    work: { ...work, threads: pool.threads },
  };
};
