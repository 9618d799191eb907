import type { Operation } from './plan.ts';

/** Places where a run may be killed; each is followed by the same end after `plan resume`. */
export const CRASH_BOUNDARIES = [
  'before-intent',
  'intent-written',
  'request-sent',
  'committed-not-answered',
  'answered-not-journaled',
  'outcome-written',
] as const;
export type CrashBoundary = (typeof CRASH_BOUNDARIES)[number];

/** How one step ended. */
export type StepOutcome =
  /** The org did it and was read back. */
  | 'done'
  /** The wanted end was there already. */
  | 'already-done'
  /** The decision changed since the plan; nothing was done. */
  | 'changed'
  /** A record of this person was put back from the recycle bin, because the decision changed in between. */
  | 'put-back'
  /** The org refused; the person is as before or named in the report. */
  | 'refused';

/** As GardeRun__c.State__c says it. */
export type RunState = 'starting' | 'running' | 'paused' | 'stopped' | 'done' | 'partly-done' | 'failed';

/** Why a run ended before its end; the wording is in messages. */
export type StopCause =
  /** The run's share of today's requests is used; it goes on tomorrow. */
  | 'call-budget'
  /** The tier that was asked for is done; the rest waits for a word. */
  | 'tier-reached'
  /** Quota, maintenance, session, connection, locks: passes, then the run goes on. */
  | 'org-unavailable'
  /** Somebody asked for a pause, on the run's record or by `plan pause`. */
  | 'pause-asked'
  /** The hours in which the run may begin something are over. */
  | 'outside-window'
  /** Somebody who may decide must act in the org: a permission, a rule, a feature; then the run goes on. */
  | 'ask-human'
  /** The plan expired while the run waited: what was begun is ended, nothing new is begun. */
  | 'plan-expired'
  /** Another run took the lock after the lease ended. */
  | 'lease-lost'
  /** The org is not as it must be after what was done. */
  | 'read-back-differs'
  /** An error code that nobody decided about, or a put-back that failed. */
  | 'unknown-error';

export type RunCounts = Readonly<Record<StepOutcome, number>>;

/** API calls by what they were for; `object` null where several share them. */
export type RunCalls = {
  readonly purpose: 'mutation' | 'check' | 'purge' | 'frame';
  readonly object: string | null;
  readonly calls: number;
};

export type RunSummary = {
  readonly runId: string;
  readonly planDigest: string;
  readonly state: RunState;
  readonly stopCause: StopCause | null;
  /** Salesforce's code, an object or a tier: what the cause is about. */
  readonly stopCode: string | null;
  readonly counts: RunCounts;
  readonly persons: {
    readonly done: number;
    readonly changed: number;
    readonly refused: number;
    readonly left: number;
  };
  /** Steps done, by object and operation. */
  readonly doneBy: readonly { readonly object: string; readonly operation: Operation; readonly count: number }[];
  /** Steps not done by reason: codes of decisions and of the org. */
  readonly notDone: readonly { readonly code: string; readonly count: number }[];
  readonly tiers: readonly { readonly tier: string; readonly state: 'done' | 'waiting' }[];
  readonly calls: {
    readonly predicted: number;
    readonly used: number;
    readonly budget: number;
    /** Those of this run or, after a pause, of its last part. */
    readonly by?: readonly RunCalls[];
  };
  /** Milliseconds between the last check and the end of the deletion call: what the platform leaves open. */
  readonly window: { readonly median: number; readonly longest: number };
};
