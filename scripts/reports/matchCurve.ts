import type { MatchReport } from '../model/matchReport.ts';

/** Precision and recall that a threshold would give, by the probabilities the model announced. */
export type CurvePoint = { readonly probability: number; readonly precision: number; readonly recall: number };

const THRESHOLDS = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999];
const EDGE = 25;

const probabilityAt = (odds: number): number => 1 / (1 + 2 ** -odds);

/** Share of the duplicates that any rule brought together: what is found above the review threshold against all of them. */
const reachOf = (report: MatchReport, found: number, all: number): number =>
  all <= 0 || found <= 0 ? 1 : Math.min(1, report.recall.value / (found / all));

/**
 * Expected precision and recall at usual thresholds, from the histogram of announced probabilities; the recall is brought
 * to the run's own estimate, which knows what no rule brought together.
 */
export const precisionRecallCurve = (report: MatchReport): readonly CurvePoint[] => {
  const { histogram, review } = report;
  const step = (2 * EDGE) / Math.max(1, histogram.length);
  const bins = histogram.map((count, i) => ({ count, probability: probabilityAt(-EDGE + (i + 0.5) * step) }));
  const from = (threshold: number) => bins.filter(({ probability }) => probability >= threshold);
  const right = (of: typeof bins): number => of.reduce((sum, { count, probability }) => sum + count * probability, 0);
  const all = right(bins);
  const reach = reachOf(report, right(from(review)), all);
  return THRESHOLDS.map((threshold) => {
    const above = from(threshold);
    const pairs = above.reduce((sum, { count }) => sum + count, 0);
    const found = right(above);
    return {
      probability: threshold,
      precision: pairs === 0 ? 1 : found / pairs,
      recall: all === 0 ? 0 : (found / all) * reach,
    };
  });
};
