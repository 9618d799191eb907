import type { MatchResult } from '../../../scripts/matching/contract.ts';
import { LINKS, ZONES } from '../../../scripts/matching/contract.ts';
import { unionFind } from '../../../scripts/matching/clusters/unionFind.ts';
import { wilson } from '../../../scripts/matching/model/estimate.ts';
import type { Estimate } from '../../../scripts/matching/contract.ts';
import type { LabelledSet } from './labelledSet.ts';
import { bCubed, bestThreshold, clusterPairs, pairsWithin, scoreOf, type Score } from './metrics.ts';

export type ReliabilityBin = {
  readonly from: number;
  readonly to: number;
  readonly pairs: number;
  readonly announced: number;
  readonly observed: Estimate;
};

export type Evaluation = {
  readonly set: string;
  readonly rows: number;
  readonly truePairs: number;
  /** Pairs told at the engine's own thresholds: auto and review, auto alone. */
  readonly own: Score & { readonly threshold: number };
  readonly auto: Score & { readonly threshold: number; readonly pairs: number; readonly wrong: number };
  readonly best: Score & { readonly threshold: number };
  /** Share of true pairs that were compared and not dismissed. */
  readonly reached: number;
  readonly clusters: Score;
  readonly b3: Score;
  /** The engine's best estimate of the groups. */
  readonly groups: Score;
  readonly groupsB3: Score;
  /** Connected pairs from the own review threshold, and from the best of some thresholds. */
  readonly connected: Score;
  readonly bestConnected: Score & { readonly threshold: number; readonly b3: number };
  /** Of pairs announced at 0.95 and more. */
  readonly announced95: Estimate & { readonly pairs: number };
  readonly reliability: readonly ReliabilityBin[];
  /** Mean distance of announced and observed, weighted by pairs. */
  readonly calibrationError: number;
  /** Pairs of two people of one household that were merged. */
  readonly householdMerges: number;
  readonly result: MatchResult;
};

type Told = {
  readonly a: number;
  readonly b: number;
  readonly probability: number;
  readonly right: boolean;
  readonly auto: boolean;
};

const BINS = [0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.95, 0.99, 0.999, 1.0000001];

const toldPairs = ({ pairs }: MatchResult, { truth }: LabelledSet): Told[] => {
  const told: Told[] = [];
  for (let at = 0; at < pairs.count; at += 1) {
    const [a, b] = [pairs.a[at] ?? 0, pairs.b[at] ?? 0];
    const [one, other] = [truth[a] ?? -1, truth[b] ?? -1];
    if (LINKS[pairs.link[at] ?? 0] === 'household' || one < 0 || other < 0) continue;
    const auto = ZONES[pairs.zone[at] ?? 0] === 'auto';
    told.push({ a, b, probability: pairs.probability[at] ?? 0, right: one === other, auto });
  }
  return told;
};

const reliability = (told: readonly Told[]): ReliabilityBin[] =>
  BINS.slice(0, -1).map((from, at) => {
    const to = BINS[at + 1] ?? 1;
    const inside = told.filter(({ probability }) => probability >= from && probability < to);
    const right = inside.filter((pair) => pair.right).length;
    const announced = inside.reduce((sum, { probability }) => sum + probability, 0) / Math.max(inside.length, 1);
    return { from, to: Math.min(to, 1), pairs: inside.length, announced, observed: wilson(right, inside.length) };
  });

const connectedAt = (told: readonly Told[], rows: number, threshold: number): Int32Array => {
  const groups = unionFind(rows);
  for (const { a, b, probability } of told) if (probability >= threshold) groups.union(a, b);
  return groups.labels();
};

const scoreFrom = (told: readonly Told[], truth: number): Score =>
  scoreOf(told.filter(({ right }) => right).length, told.length, truth);

const householdMerges = ({ clusters }: MatchResult, { truth, household }: LabelledSet): number => {
  if (household === undefined) return 0;
  const byCluster = new Map<number, number[]>();
  clusters.forEach((cluster, row) => byCluster.set(cluster, [...(byCluster.get(cluster) ?? []), row]));
  let merged = 0;
  for (const rows of byCluster.values()) {
    rows.forEach((one, at) => {
      for (const other of rows.slice(at + 1)) {
        if (household[one] === household[other] && truth[one] !== truth[other]) merged += 1;
      }
    });
  }
  return merged;
};

/** What a run with `tellFrom` near 0 is worth against the truth of its set. */
export const evaluate = (set: LabelledSet, result: MatchResult): Evaluation => {
  const told = toldPairs(result, set);
  const truePairs = pairsWithin(set.truth, set.side);
  const auto = told.filter((pair) => pair.auto);
  const bins = reliability(told);
  const high = told.filter(({ probability }) => probability >= 0.95);
  const tried = [0.5, 0.8, 0.95, 0.99, 0.999].map((threshold) => {
    const labels = connectedAt(told, result.rows, threshold);
    return { ...clusterPairs(labels, set), threshold, b3: bCubed(labels, set).f1 };
  });
  const [first] = tried;
  if (first === undefined) throw new Error('no thresholds');
  return {
    set: set.name,
    rows: result.rows,
    truePairs,
    own: {
      ...scoreFrom(
        told.filter(({ probability }) => probability >= result.model.review),
        truePairs,
      ),
      threshold: result.model.review,
    },
    auto: {
      ...scoreFrom(auto, truePairs),
      threshold: result.model.auto,
      pairs: auto.length,
      wrong: auto.filter(({ right }) => !right).length,
    },
    best: bestThreshold(told, truePairs),
    reached: told.filter(({ right }) => right).length / Math.max(truePairs, 1),
    clusters: clusterPairs(result.clusters, set),
    b3: bCubed(result.clusters, set),
    groups: clusterPairs(result.groups, set),
    groupsB3: bCubed(result.groups, set),
    connected: clusterPairs(connectedAt(told, result.rows, result.model.review), set),
    bestConnected: tried.reduce((best, one) => (one.f1 > best.f1 ? one : best), first),
    announced95: { ...wilson(high.filter(({ right }) => right).length, high.length), pairs: high.length },
    reliability: bins,
    calibrationError:
      bins.reduce(
        (sum, bin) => sum + (bin.pairs === 0 ? 0 : bin.pairs * Math.abs(bin.announced - bin.observed.value)),
        0,
      ) / Math.max(told.length, 1),
    householdMerges: householdMerges(result, set),
    result,
  };
};
