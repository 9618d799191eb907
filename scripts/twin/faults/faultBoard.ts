import { TwinError } from '../contract.ts';
import type { Clock } from '../clock.ts';
import { parseFaults } from './faultPlan.ts';
import type { FaultInput, FaultKind, FaultPlan, PlanOf } from './faultPlan.ts';
import { createTrigger } from './trigger.ts';
import type { Trigger } from './trigger.ts';

/** One fault that happened. Holds ids and status codes, never values. */
export type FaultHit = {
  readonly sequence: number;
  readonly fault: string;
  readonly kind: FaultKind;
  /** Instant of the org's clock. */
  readonly at: string;
  /** Route name and address pattern, or the engine operation and object. */
  readonly where: string;
  readonly user?: string;
  /** Rows hit. */
  readonly ids?: readonly string[];
  /** Of a second client: one status code per row written, `OK` when it was. */
  readonly outcomes?: readonly string[];
};

export type FaultState = {
  readonly id: string;
  readonly plan: FaultPlan;
  readonly matched: number;
  readonly hits: number;
};

/** Faults of one twin, as a test sees them: `twin.faults`, and `/garde/admin/faults`. */
export type Faults = {
  /** @returns one id per fault. @throws TwinError INVALID_ARGUMENT naming every problem. */
  add(faults: FaultInput | { readonly faults: readonly FaultInput[] }): readonly string[];
  list(): readonly FaultState[];
  /** The last 10,000 hits, oldest first. */
  hits(): readonly FaultHit[];
  /** @throws TwinError NOT_FOUND. */
  remove(id: string): void;
  clear(): void;
};

export type Armed<Plan extends FaultPlan = FaultPlan> = {
  readonly id: string;
  readonly plan: Plan;
  readonly trigger: Trigger;
};

/** Those of one kind. */
export const ofKind = <K extends FaultKind>(armed: readonly Armed[], kind: K): readonly Armed<PlanOf<K>>[] =>
  armed.filter((one) => one.plan.kind === kind) as unknown as readonly Armed<PlanOf<K>>[];

export type FaultBoard = Faults & {
  /** Whether any plan of these kinds is there: what costs nothing is asked first. */
  has(kinds: ReadonlySet<FaultKind>): boolean;
  /** All plans of these kinds that match, counted; those that hit, in the order they were added. */
  fire(kinds: ReadonlySet<FaultKind>, matches: (plan: FaultPlan) => boolean): readonly Armed[];
  note(armed: Armed, hit: Omit<FaultHit, 'sequence' | 'fault' | 'kind' | 'at'>): void;
  /** Users that an unrefreshable session expiry keeps out. */
  block(armed: Armed, username: string): void;
  isBlocked(username: string | undefined): boolean;
};

const HITS_KEPT = 10_000;

const unknownFault = (id: string): TwinError =>
  new TwinError('NOT_FOUND', `There is no fault ${id}; GET /garde/admin/faults lists them.`, { status: 404 });

/** No faults at first. */
export const createFaultBoard = (clock: Pick<Clock, 'iso'>): FaultBoard => {
  const plans = new Map<string, Armed>();
  const blocked = new Map<string, Set<string>>();
  const hits: FaultHit[] = [];
  const numbers = { fault: 0, hit: 0 };
  const arm = (plan: FaultPlan): string => {
    const id = `fault-${(numbers.fault += 1)}`;
    plans.set(id, { id, plan, trigger: createTrigger(plan.when) });
    return id;
  };
  return {
    add: (given) => parseFaults(given).map(arm),
    list: () =>
      [...plans.values()].map(({ id, plan, trigger: { matched, hits: count } }) => ({
        id,
        plan,
        matched,
        hits: count,
      })),
    hits: () => [...hits],
    remove: (id) => {
      if (!plans.delete(id)) throw unknownFault(id);
      blocked.delete(id);
    },
    clear: () => {
      plans.clear();
      blocked.clear();
      hits.length = 0;
    },
    has: (kinds) => plans.size > 0 && [...plans.values()].some(({ plan }) => kinds.has(plan.kind)),
    fire: (kinds, matches) =>
      [...plans.values()].filter(({ plan, trigger }) => kinds.has(plan.kind) && matches(plan) && trigger.fire()),
    note: (armed, hit) => {
      hits.push({ sequence: (numbers.hit += 1), fault: armed.id, kind: armed.plan.kind, at: clock.iso(), ...hit });
      if (hits.length > HITS_KEPT) hits.splice(0, hits.length - HITS_KEPT);
    },
    block: (armed, username) => {
      blocked.set(armed.id, (blocked.get(armed.id) ?? new Set()).add(username));
    },
    isBlocked: (username) =>
      username !== undefined && [...blocked.values()].some((usernames) => usernames.has(username)),
  };
};
