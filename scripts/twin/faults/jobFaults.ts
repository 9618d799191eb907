import type { Clock } from '../clock.ts';
import type { Session } from '../contract.ts';
import { ofKind } from './faultBoard.ts';
import type { FaultBoard } from './faultBoard.ts';
import type { FaultKind, FaultPlan, PlanOf } from './faultPlan.ts';
import { sameText } from './sameText.ts';

const KINDS: ReadonlySet<FaultKind> = new Set(['jobFailure', 'slow']);

export type JobFacts = {
  readonly job: 'ingest' | 'query' | 'deploy';
  readonly operation: string;
  /** Absent for deployments. */
  readonly object?: string;
  readonly session: Session;
};

/** What goes wrong with one job, from its start to its end. */
export type JobFault = {
  /** The job is to end Failed once so many rows were worked off. */
  readonly failure: { readonly afterRows: number; readonly message: string } | undefined;
  /** Counts a look at the job's state; true while the job is to stay as it is. */
  looked(): boolean;
  /** Resolves when the job may go on: at the look that ends the wait, or when the org's clock is moved past it. */
  released(): Promise<void>;
};

/** Asked once when a job starts; undefined when nothing is planned for it. */
export type JobFaults = (facts: JobFacts) => JobFault | undefined;

const isJob = (plan: FaultPlan): plan is PlanOf<'jobFailure' | 'slow'> => KINDS.has(plan.kind);

const matches = (plan: FaultPlan, facts: JobFacts, userOf: (user: string) => string): boolean =>
  isJob(plan) &&
  sameText(plan.match.job, facts.job) &&
  sameText(plan.match.operation, facts.operation) &&
  sameText(plan.match.object, facts.object) &&
  (plan.match.user === undefined || sameText(userOf(plan.match.user), facts.session.username));

/** A wait of `polls` looks, or of `seconds` on the org's clock; without either, until the fault is removed. */
const createHold = (
  plan: PlanOf<'slow'> | undefined,
  clock: Clock,
  isThere: () => boolean,
): Omit<JobFault, 'failure'> => {
  const until = plan?.seconds === undefined ? undefined : clock.now() + plan.seconds * 1_000;
  let looks = 0;
  let release: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const held = (): boolean => {
    if (plan === undefined || !isThere()) return false;
    const forLooks = plan.polls !== undefined && looks <= plan.polls;
    const forTime = until !== undefined && clock.now() < until;
    return forLooks || forTime || (plan.polls === undefined && until === undefined);
  };
  const check = (): boolean => {
    if (held()) return true;
    release();
    stop();
    return false;
  };
  const stop = clock.onMove(() => void check());
  return {
    looked: () => {
      looks += 1;
      return check();
    },
    released: async () => {
      if (check()) await gate;
    },
  };
};

/** The faults of jobs: asked by Bulk and metadata deployments when a job starts. */
export const createJobFaults =
  (board: FaultBoard, clock: Clock, userOf: (user: string) => string): JobFaults =>
  (facts) => {
    if (!board.has(KINDS)) return undefined;
    const armed = board.fire(KINDS, (plan) => matches(plan, facts, userOf));
    for (const one of armed) {
      const where = `${facts.job} job: ${facts.operation} ${facts.object ?? ''}`.trim();
      board.note(one, { where, user: facts.session.username });
    }
    const failure = ofKind(armed, 'jobFailure')[0]?.plan;
    const [slow] = ofKind(armed, 'slow');
    if (failure === undefined && slow === undefined) return undefined;
    const isThere = (): boolean => board.list().some(({ id }) => id === slow?.id);
    return { failure, ...createHold(slow?.plan, clock, isThere) };
  };
