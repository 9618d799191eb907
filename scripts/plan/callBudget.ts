import type { Org } from '../org/port.ts';

/** Ids in one collection or SOAP call. https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/ */
export const IDS_PER_CALL = 200;
/** People whose decisions are read again together. */
export const PEOPLE_PER_BATCH = 200;
/** Steps of the first tiers of the ramp; the rest follows. */
export const RAMP = [20, 200] as const;

/** Share of what is left of today's API requests that a run may use. */
export const DEFAULT_BUDGET_SHARE = 0.2;

/** Lock, approvals, leaf file, checkpoint, records of plan and run; describes and completeness of the guard. */
const FIXED_CALLS = 150;
/** Lease, deletion, read-back and emptying per batch beside the readings. */
const CALLS_PER_WAVE_PAIR = 5;

/** API calls a run will make: readings before and after each deletion, the calls themselves, read-backs, fixed ones. */
export const predictCalls = (size: {
  readonly people: number;
  readonly steps: number;
  readonly readingCalls: number;
}): number => {
  if (size.people === 0) return 0;
  const stepsPerPerson = size.steps / size.people;
  const early = RAMP.reduce((sum, steps) => sum + Math.ceil(steps / Math.max(1, stepsPerPerson)), 0);
  const batches = RAMP.length + Math.ceil(Math.max(0, size.people - early) / PEOPLE_PER_BATCH);
  const writes = Math.ceil(size.steps / IDS_PER_CALL) * 2;
  return FIXED_CALLS + batches * (2 * size.readingCalls + CALLS_PER_WAVE_PAIR) + writes;
};

export type CallBudget = {
  readonly limit: number;
  used(): number;
  isSpent(): boolean;
};

/** A run's share of today's remaining requests, counted from now. */
export const openBudget = async (org: Org, share: number): Promise<CallBudget> => {
  const remaining = (await org.limits()).get('DailyApiRequests')?.remaining ?? 0;
  const limit = Math.floor(remaining * share);
  const before = org.calls();
  const used = (): number => org.calls() - before;
  return { limit, used, isSpent: () => used() >= limit };
};
