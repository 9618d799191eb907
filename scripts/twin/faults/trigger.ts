import type { FaultPlan } from './faultPlan.ts';

/** Decides match by match whether a fault hits. */
export type Trigger = {
  readonly matched: number;
  readonly hits: number;
  /** Counts one match. */
  fire(): boolean;
  /** A number in [0, 1) of a sequence of its own, for jitter. */
  random(): number;
};

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
const seeded = (seed: number): (() => number) => {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

const chosen = (when: FaultPlan['when'], place: number, random: () => number): boolean => {
  if (place < 1) return false;
  if (when.nth !== undefined && place !== when.nth) return false;
  if (when.every !== undefined && place % when.every !== 0) return false;
  return when.probability === undefined || random() < when.probability;
};

export const createTrigger = (when: FaultPlan['when']): Trigger => {
  const random = seeded(when.seed);
  const counts = { matched: 0, hits: 0 };
  return {
    get matched() {
      return counts.matched;
    },
    get hits() {
      return counts.hits;
    },
    fire: () => {
      counts.matched += 1;
      if (when.times !== undefined && counts.hits >= when.times) return false;
      if (!chosen(when, counts.matched - (when.after ?? 0), random)) return false;
      counts.hits += 1;
      return true;
    },
    random: seeded(when.seed ^ 0x5bd1e995),
  };
};
