import type { Operation } from '../../model/plan.ts';
import type { Org } from '../../org/port.ts';
import { BULK_FROM, JOB_ROWS } from '../channels/bulkSize.ts';
import { definitionOf } from '../operations/registry.ts';

/** Ids in one collection or SOAP call. https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/ */
export const IDS_PER_CALL = 200;
/** People whose decisions are read again together in the first tiers. */
export const EARLY_BATCH = 200;
/** The same in the last tier: so many that reading again costs few calls, so few that they fit into memory. */
export const REST_BATCH = 10_000;
/** Steps of the first tiers of the ramp; the rest follows. */
export const RAMP = [20, 200] as const;

/** Share of what is left of today's API requests that a run may use. */
export const DEFAULT_BUDGET_SHARE = 0.2;

/** Ids a query takes, rows a page has, queries a call carries (scripts/org/queryMany.ts, scripts/standing/readFacts.ts). */
const IDS_PER_QUERY = 5_000;
const ROWS_PER_PAGE = 2_000;
const QUERIES_PER_CALL = 5;

/** Calls for queries of so many pages each, five pages of different queries in a call. */
export const callsForPages = (pages: readonly number[]): number => {
  const open = [...pages];
  let calls = 0;
  while (open.length > 0) {
    const asked = open.splice(0, QUERIES_PER_CALL).map((left) => left - 1);
    open.unshift(...asked.filter((left) => left > 0));
    calls += 1;
  }
  return calls;
};

/** Something that is read again for each person: rows of one object by one lookup. */
export type Reading = { readonly ids: number; readonly rows: number };
/** Pages of a reading's queries, each with its share of the rows. */
const pagesOf = ({ ids, rows }: Reading): readonly number[] => {
  const queries = Math.ceil(ids / IDS_PER_QUERY);
  return Array.from({ length: queries }, () => Math.max(1, Math.ceil(rows / queries / ROWS_PER_PAGE)));
};

/** Steps of one kind in a plan. */
export type StepSize = {
  readonly wave: number;
  readonly operation: Operation;
  readonly object: string;
  readonly count: number;
};

/** People of one object in a plan, in numbers: what the calls about them depend on. */
export type GroupSize = {
  readonly object: string;
  readonly people: number;
  readonly steps: readonly StepSize[];
  /** The people's own rows, and rows of each object that is read about them. */
  readonly own: Reading;
  readonly others: readonly Reading[];
};

/** People of each group in one batch of a run. */
export type BatchPeople = readonly number[];

export type PlanSize = {
  readonly groups: readonly GroupSize[];
  readonly batches: readonly BatchPeople[];
  /** Objects whose rows are counted between the tiers. */
  readonly counted: number;
  /** Calls that building the guard makes: describes, completeness. */
  readonly guard: number;
};

const share = (reading: Reading, group: GroupSize, people: number): Reading => ({
  ids: Math.ceil((reading.ids * people) / group.people),
  rows: Math.ceil((reading.rows * people) / group.people),
});

/** One reading of everything that decides about so many people of a group. */
export const checkCalls = (group: GroupSize, people: number): number =>
  people === 0
    ? 0
    : callsForPages(pagesOf(share(group.own, group, people))) +
      callsForPages(group.others.flatMap((one) => pagesOf(share(one, group, people))));

/** Creation, upload, closing, two looks and removal of each job. */
const CALLS_PER_JOB = 6;
const BULK = new Set<Operation>(['delete']);
/** Checked and read back with everybody's others, not by themselves. */
const DELETIONS = new Set<Operation>(['delete', 'purge']);

/** Calls that carry out so many steps of one object and operation, by the channel the run chooses. */
export const mutationCalls = (operation: Operation, steps: number): number => {
  if (!DELETIONS.has(operation)) {
    const { mutation, check, readBack } = definitionOf(operation).cost(steps);
    return mutation + check + readBack;
  }
  if (!BULK.has(operation) || steps < BULK_FROM) return Math.ceil(steps / IDS_PER_CALL);
  return Math.ceil(steps / JOB_ROWS) * CALLS_PER_JOB;
};

/** Steps of a batch by wave, operation and object. */
const stepsOfBatch = ({ groups }: PlanSize, batch: BatchPeople): readonly StepSize[] => {
  const found = new Map<string, StepSize>();
  for (const [at, group] of groups.entries()) {
    for (const step of group.steps) {
      const key = `${step.wave} ${step.operation} ${step.object}`;
      const count = Math.ceil((step.count * (batch[at] ?? 0)) / group.people);
      if (count > 0) found.set(key, { ...step, count: (found.get(key)?.count ?? 0) + count });
    }
  }
  return [...found.values()];
};

const waveCalls = (steps: readonly StepSize[]): number => {
  const mutations = steps.reduce((sum, one) => sum + mutationCalls(one.operation, one.count), 0);
  const queries = steps.reduce((sum, one) => sum + Math.ceil(one.count / IDS_PER_QUERY), 0);
  return mutations + Math.ceil(queries / QUERIES_PER_CALL);
};

/** A batch: lease, reading before the deletion and before the emptying, each wave with its read-back. */
const batchCalls = (size: PlanSize, batch: BatchPeople): number => {
  const steps = stepsOfBatch(size, batch);
  const readings = steps.some((one) => one.operation === 'purge') ? 2 : 1;
  const checks = size.groups.reduce((sum, group, at) => sum + checkCalls(group, batch[at] ?? 0), 0);
  const waves = [...new Set(steps.map((one) => one.wave))];
  const ofWaves = waves.map((wave) => waveCalls(steps.filter((one) => one.wave === wave)));
  return 1 + checks * readings + ofWaves.reduce((sum, calls) => sum + calls, 0);
};

/**
 * Limits, record of the plan at begin and end (a query and a write each), lock (a query and a write), three tiers
 * entered, leaf file (query, upload, its document), checkpoint (two queries and a write), run record twice, and the
 * recycle bin's room.
 */
const FRAME_CALLS = 20;

/** API calls a run of a plan of this size will make: the sum of what its channels cost. */
export const predictCalls = (size: PlanSize): number => {
  if (size.batches.length === 0) return 0;
  const counts = 4 * Math.ceil(size.counted / QUERIES_PER_CALL);
  return FRAME_CALLS + size.guard + counts + size.batches.reduce((sum, batch) => sum + batchCalls(size, batch), 0);
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
