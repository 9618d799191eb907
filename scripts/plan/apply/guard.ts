import type { Org } from '../../org/port.ts';
import type { PlanHeader, PlanStep } from '../../model/plan.ts';

/** Verdict on a person whose own record is nowhere any more, not even in the recycle bin. */
export const RECORD_GONE = 'record-gone';

/** Whether a decision still stands, by everything it read, read again. */
export type Verdict = { readonly stands: true } | { readonly stands: false; readonly code: string };

/** The steps of one person. */
export type StepsOfPerson = { readonly subject: string; readonly steps: readonly PlanStep[] };

export type GuardReading = {
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** What a resumed run needs to tell rows of our own deletion from rows that lay in the bin before; ids and digests. */
  readonly memory: string;
  /** The record that is locked along with each person's: steps are ordered by it, so that calls do not wait for each other. */
  readonly parents?: ReadonlyMap<string, string>;
  /** Reads once more when our own deletions are in the recycle bin: rows that went with the person still count. */
  afterDeletion(subjects: readonly string[]): Promise<ReadonlyMap<string, Verdict>>;
};

/** Re-evaluates decisions right before each batch; made by the feature that planned, for one run. */
export type PlanGuard = {
  check(people: readonly StepsOfPerson[]): Promise<GuardReading>;
  /** For people whose records are partly in the bin when a run resumes; `memory` is that of their check. */
  checkDeleted(people: readonly StepsOfPerson[], memory: string): Promise<ReadonlyMap<string, Verdict>>;
};

/** Builds the guard for a plan against an org: the real one or a rehearsal's. */
export type CreateGuard = (org: Org, header: PlanHeader) => Promise<PlanGuard>;
