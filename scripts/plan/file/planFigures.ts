import type { PlanTerms } from '../../model/plan.ts';
import type { EncryptedStore } from '../../vault/port.ts';
import { readKeptUntil, readKinds, type KeptUntil, type KindOfStep } from './planStore.ts';

/** Seconds that a run will take: at least and at most. */
export type DurationEstimate = {
  readonly shortest: number;
  readonly longest: number;
  /** From calls that this org answered just now; otherwise from what calls across the internet usually take. */
  readonly measured: boolean;
};

/** What a plan comes to, in numbers. */
export type PlanFigures = {
  readonly kinds: readonly KindOfStep[];
  readonly keptUntil: readonly KeptUntil[];
  readonly duration: DurationEstimate;
  readonly due: number;
  readonly kept: number;
  readonly irreversibleSteps: number;
};

/** Milliseconds of one call when nobody measured it. */
const USUAL_CALL = { shortest: 150, longest: 600 } as const;
/** A call that deletes 200 records takes longer than the reading that was measured. */
const SLOWEST_BY_MEASURED = 4;
/** What the tool itself does for a step, in milliseconds. */
const OWN_WORK = 0.1;

/** @param measured milliseconds of a call to this org; undefined when none was made. */
export const estimateDuration = (
  { calls, steps }: Pick<PlanTerms, 'calls' | 'steps'>,
  measured?: number,
): DurationEstimate => {
  const call = measured === undefined ? USUAL_CALL : { shortest: measured, longest: measured * SLOWEST_BY_MEASURED };
  const seconds = (each: number): number => Math.ceil((calls * each + steps * OWN_WORK) / 1000);
  return {
    shortest: seconds(call.shortest),
    longest: seconds(call.longest),
    measured: measured !== undefined,
  };
};

/** Figures of a plan whose store was opened by openPlan. */
export const planFigures = (terms: PlanTerms, store: EncryptedStore, measured?: number): PlanFigures => {
  const kinds = readKinds(store);
  const people = (verdict: 'due' | 'kept'): number =>
    terms.reasons.reduce((sum, one) => sum + (one.verdict === verdict ? one.count : 0), 0);
  return {
    kinds,
    keptUntil: readKeptUntil(store),
    duration: estimateDuration(terms, measured),
    due: people('due'),
    kept: people('kept'),
    irreversibleSteps: kinds.reduce((sum, one) => sum + one.irreversible, 0),
  };
};
