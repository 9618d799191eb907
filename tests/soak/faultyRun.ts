import { GardeError } from '../../scripts/kernel/result.ts';
import type { RunSummary } from '../../scripts/model/run.ts';
import type { Org } from '../../scripts/org/port.ts';
import { checkLedger } from '../../scripts/plan/prove/checkLedger.ts';
import type { FaultInput } from '../../scripts/twin/faults/faultPlan.ts';
import type { Vault } from '../../scripts/vault/port.ts';
import { applyInput, applyPorts } from '../plan/cycle.ts';
import { oneSitting, seededChance, watchRequests } from './drive.ts';
import { endState, type EndState } from './endState.ts';
import type { Event, SoakFault } from './faultList.ts';
import { freshAdmin, NoLogin, type RunType } from './runTypes.ts';

/** How one sitting ended: a state with its cause, or the code it was refused with before it changed anything. */
export type Sitting = { readonly ended: string };

export type FaultyRun = {
  readonly sittings: readonly Sitting[];
  readonly summary: RunSummary | undefined;
  readonly state: EndState;
  /** How often a fault happened. */
  readonly hits: number;
  readonly ledger: string;
};

const SITTINGS_WITH_FAULT = 4;
const SITTINGS = 8;

const happen = async ({ at }: RunType, event: Event): Promise<void> => {
  if (event === 'restart') {
    const { id } = await at.twin.snapshots.take();
    await at.twin.snapshots.restore(id);
    at.twin.snapshots.remove(id);
    return;
  }
  at.setTime(event === 'plan expires' ? '2026-12-20T09:00:00.000Z' : '2026-11-20T11:00:00.000Z');
};

const WRITES = new Set(['create', 'update', 'upsert', 'delete', 'emptyRecycleBin', 'mergeAll', 'close']);

/** A port on which `act` happens before each write. */
const acting = <T extends object>(port: T, act: () => Promise<void>): T =>
  Object.fromEntries(
    Object.entries(port).map(([name, method]: [string, unknown]) => {
      if (typeof method === 'object' && method !== null) return [name, acting(method, act)];
      if (typeof method !== 'function' || !WRITES.has(name)) return [name, method];
      return [
        name,
        async (...given: unknown[]): Promise<unknown> => {
          await act();
          return Reflect.apply(method, port, given) as unknown;
        },
      ];
    }),
  ) as T;

const textOf = ({ state, stopCause, stopCode }: RunSummary): string =>
  [state, stopCause, stopCode].filter((part) => part !== null).join(' ');

/** Only what the product says by name is an ending; anything else is thrown on as a defect. */
const refusalOf = (error: unknown): string => {
  if (error instanceof GardeError) return `refused ${error.name}`;
  throw error;
};

/** What happens once to the org, before a write drawn by seed; counts as one hit. */
const eventOf = (type: RunType, fault: SoakFault | undefined, chance: () => number) => {
  const nth = 1 + Math.floor(chance() * 12);
  let writes = 0;
  return {
    hits: (): number => (fault?.event !== undefined && writes >= nth ? 1 : 0),
    on: (org: Org): Org => {
      const { event } = fault ?? {};
      if (event === undefined) return org;
      return acting(org, async () => {
        writes += 1;
        if (writes === nth) await happen(type, event);
      });
    },
  };
};

/** One sitting with a session of its own; what it ended with, and the run's summary when there is one. */
const sit = async (
  { at, frozen, ports }: RunType,
  vault: Vault,
  on: (org: Org) => Org,
): Promise<Sitting & { readonly summary?: RunSummary }> => {
  try {
    const { org, vault: own, arrived } = watchRequests({ org: await freshAdmin(at), vault });
    const seat = applyPorts({ ...at, admin: on(org) }, { vault: own }, ports);
    try {
      const { summary } = await oneSitting(applyInput(at, frozen.planPath), seat);
      return { ended: textOf(summary), summary };
    } finally {
      await arrived();
    }
  } catch (error) {
    return { ended: error instanceof NoLogin ? 'no login' : refusalOf(error) };
  }
};

const arm = ({ at }: RunType, fault: SoakFault | undefined, chance: () => number): void => {
  // whoever runs the plan meets them; signing in is no part of a run
  const planned = (fault?.faults(chance) ?? []).map((one) => ({ ...one, match: { user: 'admin', ...one.match } }));
  if (planned.length > 0) at.twin.faults.add({ faults: planned as readonly FaultInput[] });
};

/** Applies a plan while a fault happens, resumes until it ends, and reads what it left behind. */
export const runWithFault = async (type: RunType, fault: SoakFault | undefined, seed: number): Promise<FaultyRun> => {
  const { at, frozen } = type;
  const { vault } = await frozen.thaw();
  const chance = seededChance(seed);
  const event = eventOf(type, fault, chance);
  arm(type, fault, chance);
  const sittings: Sitting[] = [];
  let summary: RunSummary | undefined;
  let hits = 0;
  const pass = (): void => {
    hits += at.twin.faults.hits().length;
    at.twin.faults.clear();
  };
  while (sittings.length < SITTINGS && (summary === undefined || summary.state === 'paused')) {
    // what passes has passed by now: the org is well, the user is let in
    if (sittings.length === SITTINGS_WITH_FAULT) pass();
    const sitting = await sit(type, vault, event.on);
    summary = sitting.summary ?? summary;
    sittings.push({ ended: sitting.ended });
  }
  pass();
  const admin = await freshAdmin(at);
  const state = await endState(at.twin, admin, { vault, orgId: at.twin.orgId, since: frozen.begunAt });
  const {
    state: verified,
    checkpoints,
    faults,
  } = await checkLedger({ record: false }, { org: admin, vault, clock: at.clock });
  const ledger = `${verified} ${String(checkpoints)} ${faults.map(({ code }) => code).join(' ')}`.trim();
  return { sittings, summary, state, hits: hits + event.hits(), ledger };
};
