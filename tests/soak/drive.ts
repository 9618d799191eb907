import { CRASH_BOUNDARIES, type CrashBoundary } from '../../scripts/model/run.ts';
import { OPERATIONS, type Operation } from '../../scripts/model/plan.ts';
import {
  applyPlan,
  resumePlan,
  type ApplyInput,
  type ApplyPorts,
  type ApplyResult,
} from '../../scripts/plan/apply/applyPlan.ts';
import { findJournal } from '../../scripts/plan/apply/journal.ts';
import { readPlanHeader } from '../../scripts/plan/file/openPlan.ts';
import type { CrashPoint } from '../../scripts/plan/apply/runCalls.ts';

/** Thrown where a run is killed: nothing of the product catches it. */
export class Killed extends Error {}

/** Numbers in [0, 1), the same for the same seed. */
export const seededChance = (seed: number): (() => number) => {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 4_294_967_296;
  };
};

type Watched = Pick<ApplyPorts, 'org' | 'vault'>;

/** Ports that know which requests and writings are on their way: those of a killed run still arrive. */
export const watchRequests = (ports: Watched): Watched & { readonly arrived: () => Promise<void> } => {
  const onTheirWay = new Set<Promise<unknown>>();
  const watched = <T extends object>(port: T): T =>
    Object.fromEntries(
      Object.entries(port).map(([name, method]: [string, unknown]) => {
        if (typeof method === 'object' && method !== null) return [name, watched(method)];
        if (typeof method !== 'function') return [name, method];
        return [
          name,
          (...given: unknown[]): unknown => {
            const answer: unknown = Reflect.apply(method, port, given);
            if (!(answer instanceof Promise)) return answer;
            onTheirWay.add(answer);
            const done = (): void => void onTheirWay.delete(answer);
            answer.then(done, done);
            return answer;
          },
        ];
      }),
    ) as T;
  return {
    org: watched(ports.org),
    vault: watched(ports.vault),
    arrived: async () => {
      // what a killed run does on this machine goes on in a test's process: it ends before the next sitting begins
      for (let quiet = 0; quiet < 3; quiet += 1) {
        if (onTheirWay.size > 0) quiet = 0;
        await Promise.allSettled([...onTheirWay]);
        await new Promise((next) => setTimeout(next, 2));
      }
    },
  };
};

/** How often a run is still to be killed at each operation and boundary. */
export type Wanted = Map<string, number>;

const pointOf = (operation: Operation, boundary: CrashBoundary): string => `${operation} ${boundary}`;

export const wantedKills = (operations: readonly Operation[], times: number): Wanted =>
  new Map(operations.flatMap((one) => CRASH_BOUNDARIES.map((boundary) => [pointOf(one, boundary), times] as const)));

export type KillerOptions = {
  readonly seed: number;
  /** Takes each point the first time it comes. */
  readonly isEager: boolean;
  /** Calls on which objects it strikes; all by default. */
  readonly strikesAt?: (object: string) => boolean;
};

/**
 * Kills at wanted points, each time at another call of those that pass there: the first to the third, drawn by seed.
 * A point that is passed seldom is taken when it comes.
 */
export const createKiller = (wanted: Wanted, { seed, isEager, strikesAt = () => true }: KillerOptions) => {
  const chance = seededChance(seed);
  const passes = new Map<string, number>();
  const struck: string[] = [];
  const crashPoint: CrashPoint = (boundary, operation, object) => {
    if (!strikesAt(object)) return;
    const point = pointOf(operation, boundary);
    const left = wanted.get(point) ?? 0;
    const toPass = passes.get(point) ?? (isEager ? 0 : Math.floor(chance() * 3));
    passes.set(point, toPass - 1);
    if (left === 0 || toPass > 0) return;
    passes.delete(point);
    wanted.set(point, left - 1);
    struck.push(point);
    throw new Killed(point);
  };
  return { crashPoint, struck };
};

/** One line per operation, one column per boundary: how often a run was killed there. */
export const histogram = (struck: readonly string[]): string => {
  const width = Math.max(...CRASH_BOUNDARIES.map((one) => one.length)) + 2;
  const rows = OPERATIONS.filter((operation) => struck.some((one) => one.startsWith(`${operation} `))).map(
    (operation) =>
      [
        operation.padEnd(14),
        ...CRASH_BOUNDARIES.map((boundary) =>
          String(struck.filter((one) => one === pointOf(operation, boundary)).length).padStart(width),
        ),
      ].join(''),
  );
  return [''.padEnd(14) + CRASH_BOUNDARIES.map((one) => one.padStart(width)).join(''), ...rows].join('\n');
};

/** Applies or, once begun, resumes: one sitting at the plan. */
export const oneSitting = async (input: ApplyInput, ports: ApplyPorts): Promise<ApplyResult> => {
  const { digest, terms } = readPlanHeader(input.planPath);
  const journal = findJournal(ports.vault, terms.orgId, digest);
  journal?.close();
  return (journal === undefined ? applyPlan : resumePlan)(input, ports);
};

export const SITTINGS = 400;

/** Applies, and after each killing resumes, until the run ends or pauses of itself. */
export const untilItEnds = async (
  input: ApplyInput,
  ports: ApplyPorts,
): Promise<{ readonly result: ApplyResult; readonly sittings: number }> => {
  const { org, vault, arrived } = watchRequests(ports);
  for (let sittings = 1; sittings <= SITTINGS; sittings += 1) {
    try {
      return { result: await oneSitting(input, { ...ports, org, vault }), sittings };
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      await arrived();
    }
  }
  throw new Error('the run never ended');
};
