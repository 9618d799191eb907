import type { PlanHeader } from '../../model/plan.ts';
import type { RunState, RunSummary } from '../../model/run.ts';
import type { EncryptedStore } from '../../vault/port.ts';
import type { Journal } from './journal.ts';
import { readSteps } from '../file/planStore.ts';
import { TIERS } from './ramp.ts';
import type { RunHalt } from './runHalt.ts';
import type { StepEnds } from './stepEnds.ts';

/** How a run that came to this point ends: done, partly done, or as it was halted. */
export const stateAfter = (persons: RunSummary['persons'], halt: RunHalt | undefined): RunState => {
  if (halt !== undefined) return halt.state;
  return persons.changed + persons.refused + persons.left > 0 ? 'partly-done' : 'done';
};

const median = (sorted: readonly number[]): number => sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;

export type SummaryInput = {
  readonly runKey: string;
  readonly header: PlanHeader;
  readonly plan: EncryptedStore;
  readonly journal: Pick<Journal, 'get'>;
  readonly ends: StepEnds;
  readonly halt: RunHalt | undefined;
  readonly calls: Omit<RunSummary['calls'], 'predicted'>;
  readonly windows: readonly number[];
};

export const summarise = (input: SummaryInput): RunSummary => {
  const { journal, header, halt } = input;
  const { persons, ...steps } = input.ends.tally(() => readSteps(input.plan));
  const windows = [...input.windows].sort((a, b) => a - b);
  return {
    runId: input.runKey,
    planDigest: header.digest,
    state: stateAfter(persons, halt),
    stopCause: halt?.stopCause ?? null,
    stopCode: halt?.code ?? null,
    persons,
    ...steps,
    tiers: TIERS.map((tier) => ({ tier, state: journal.get(`tier ${tier}`) === 'done' ? 'done' : 'waiting' })),
    calls: { predicted: header.terms.calls, ...input.calls },
    window: { median: median(windows), longest: windows.at(-1) ?? 0 },
  };
};
