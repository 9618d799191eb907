/** Pairs by probability: as many entries as the caller has, with how many pairs each stands for. */
export type Spread = { readonly probability: Float64Array; readonly count: Float64Array; readonly guarded: Uint8Array };

/** No pair is merged below this, whatever the others' surplus of certainty. */
const AUTO_FLOOR = 0.9;
const REVIEW_FLOOR = 0.1;

const descending = ({ probability }: Spread): Uint32Array =>
  Uint32Array.from(probability.keys()).sort(
    (one, other) => (probability[other] ?? 0) - (probability[one] ?? 0) || one - other,
  );

/** Where the expected F1 is highest: half of its own value, so that a pair is shown when it rather helps than harms. */
const reviewFrom = (spread: Spread, order: Uint32Array, missed: number): number => {
  let truth = missed;
  for (const at of order) truth += (spread.probability[at] ?? 0) * (spread.count[at] ?? 0);
  let shown = 0;
  let right = 0;
  let best = 0;
  for (const at of order) {
    shown += spread.count[at] ?? 0;
    right += (spread.probability[at] ?? 0) * (spread.count[at] ?? 0);
    if (shown + truth > 0) best = Math.max(best, (2 * right) / (shown + truth));
  }
  return Math.min(Math.max(best / 2, REVIEW_FLOOR), 0.5);
};

/** The lowest probability at which the pairs from there up hold no more false ones than the target, on the whole. */
const autoFrom = (spread: Spread, order: Uint32Array, targetError: number): number => {
  let pairs = 0;
  let wrong = 0;
  let from = 1;
  for (const at of order) {
    if (spread.guarded[at] === 1) continue;
    const probability = spread.probability[at] ?? 0;
    if (probability < AUTO_FLOOR) break;
    pairs += spread.count[at] ?? 0;
    wrong += (1 - probability) * (spread.count[at] ?? 0);
    if (wrong <= targetError * pairs) from = probability;
  }
  return from;
};

/** Probabilities that begin the zones. `missed`: duplicates that are expected outside of the spread. */
export const zonesOf = (
  spread: Spread,
  { targetError, missed }: { readonly targetError: number; readonly missed: number },
): { readonly review: number; readonly auto: number } => {
  const order = descending(spread);
  const auto = autoFrom(spread, order, targetError);
  return { review: Math.min(reviewFrom(spread, order, missed), auto), auto };
};
