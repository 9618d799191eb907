import type { RunState, StopCause } from '../../model/run.ts';

/** Ends a run before its end, in order: nothing is left undone that was begun with a call. */
export class RunHalt extends Error {
  readonly state: Extract<RunState, 'paused' | 'stopped'>;
  readonly stopCause: StopCause;
  /** Salesforce's code, a record's place, or null. */
  readonly code: string | null;
  constructor(state: RunHalt['state'], stopCause: StopCause, code: string | null = null) {
    super(`run ${state}: ${stopCause}${code === null ? '' : ` (${code})`}`);
    this.name = 'RunHalt';
    this.state = state;
    this.stopCause = stopCause;
    this.code = code;
  }
}
