import { inChunks } from '../kernel/soql.ts';
import type { RecordId } from '../kernel/recordId.ts';
import type { Operation, PlanStep } from '../model/plan.ts';
import type { CrashBoundary } from '../model/run.ts';
import { OrgError } from '../org/orgProblems.ts';
import type { Org, WriteOutcome } from '../org/port.ts';
import { reactionTo } from '../org/salesforceErrors.ts';
import { IDS_PER_CALL } from './callBudget.ts';
import type { IntendedCall, Journal, JournaledOutcome, PendingCall } from './journal.ts';
import { recordStates, type RecordState } from './recordState.ts';
import { RunHalt } from './runHalt.ts';

/** Where tests kill a run; the product passes none. */
export type CrashPoint = (boundary: CrashBoundary, operation: Operation) => void;

export type CallPorts = {
  readonly org: Org;
  readonly journal: Journal;
  /** Waits some milliseconds before a locked row is tried again. */
  readonly wait: (milliseconds: number) => Promise<unknown>;
  readonly crashPoint?: CrashPoint;
};

type Irreversible = Extract<Operation, 'delete' | 'purge' | 'undelete'>;

const send = (org: Org, operation: Irreversible, ids: readonly RecordId[]): Promise<readonly WriteOutcome[]> => {
  switch (operation) {
    case 'delete':
      return org.delete(ids);
    case 'purge':
      return org.emptyRecycleBin(ids);
    case 'undelete':
      return org.undelete(ids);
  }
};

/** What a record's place says about an operation on it; undefined = it has not taken effect. */
const settledAs = (operation: Irreversible, state: RecordState): JournaledOutcome['outcome'] | undefined => {
  if (operation === 'undelete') return state === 'live' ? 'put-back' : undefined;
  if (operation === 'delete') return state === 'live' ? undefined : 'done';
  return state === 'gone' ? 'done' : undefined;
};

const doneOutcome = (operation: Irreversible): JournaledOutcome['outcome'] =>
  operation === 'undelete' ? 'put-back' : 'done';

/**
 * Writes the intent, makes it durable, calls, and writes the outcome: with a place to be killed at between any two.
 * `outcomes` turns the answer into outcomes; steps it leaves out count as not called.
 */
export const journaledCall = async <T>(
  ports: Pick<CallPorts, 'journal' | 'crashPoint'>,
  call: IntendedCall,
  request: () => Promise<T>,
  outcomes: (answer: T) => readonly JournaledOutcome[],
): Promise<T> => {
  const at = (boundary: CrashBoundary): void => ports.crashPoint?.(boundary, call.operation);
  at('before-intent');
  const id = ports.journal.begin(call);
  at('intent-written');
  const sent = request();
  // A run killed here never hears of a failure either; resume asks the org.
  sent.catch(() => undefined);
  at('request-sent');
  const answer = await sent;
  at('committed-not-answered');
  const found = outcomes(answer);
  at('answered-not-journaled');
  ports.journal.finish(id, found);
  at('outcome-written');
  return answer;
};

/** Calls on the plan's own records; those for lock, file and checkpoint ask for themselves when they are made again. */
export const isRecordCall = (call: PendingCall): boolean =>
  call.operation === 'delete' || call.operation === 'purge' || call.operation === 'undelete';

/** Asks the org what became of a call without an outcome, and closes it. */
export const settleCall = async (ports: CallPorts, call: PendingCall): Promise<void> => {
  const operation = call.operation as Irreversible;
  const states = await recordStates(
    ports.org,
    call.object,
    call.steps.map((step) => step.recordId),
  );
  const outcomes = call.steps.flatMap(({ key, subject, recordId }): readonly JournaledOutcome[] => {
    const outcome = settledAs(operation, states.get(recordId) ?? 'gone');
    return outcome === undefined ? [] : [{ key, subject, outcome, code: 'settled' }];
  });
  ports.journal.finish(call.id, outcomes);
};

const judge = (
  operation: Irreversible,
  step: PlanStep,
  answer: WriteOutcome | undefined,
): JournaledOutcome | undefined => {
  const base = { key: step.key, subject: step.subject };
  if (answer?.success === true) return { ...base, outcome: doneOutcome(operation), code: null };
  const code = answer?.errors[0]?.code ?? 'NO_ANSWER';
  const { reaction } = reactionTo(code);
  if (reaction === 'retry') return undefined;
  if (reaction === 'already-done') {
    return { ...base, outcome: operation === 'undelete' ? 'refused' : 'already-done', code };
  }
  return { ...base, outcome: 'refused', code };
};

/** Codes after which nothing more may be called now. */
const haltAfter = (answers: readonly WriteOutcome[]): RunHalt | undefined => {
  for (const { errors } of answers) {
    const code = errors[0]?.code;
    if (code === undefined) continue;
    const { reaction } = reactionTo(code);
    if (reaction === 'stop-and-resume') return new RunHalt('paused', 'org-unavailable', code);
    if (reaction === 'stop') return new RunHalt('stopped', 'unknown-error', code);
  }
  return undefined;
};

const haltOf = (error: OrgError): RunHalt =>
  error.reaction === 'stop-and-resume' || error.reaction === 'retry'
    ? new RunHalt('paused', 'org-unavailable', error.foreignCodes[0] ?? error.name)
    : new RunHalt('stopped', 'unknown-error', error.foreignCodes[0] ?? error.name);

const ATTEMPTS = 4;
const FIRST_WAIT = 1_000;

/** Settles what an error left open; when even that cannot be asked, the run pauses and resume settles. */
const settleAfter = async (ports: CallPorts, error: unknown): Promise<OrgError> => {
  if (!(error instanceof OrgError)) throw error;
  try {
    for (const call of ports.journal.pending()) if (isRecordCall(call)) await settleCall(ports, call);
  } catch (second) {
    throw second instanceof OrgError ? new RunHalt('paused', 'org-unavailable', second.name) : second;
  }
  return error;
};

const callOnce = async (
  ports: CallPorts,
  operation: Irreversible,
  object: string,
  steps: readonly PlanStep[],
): Promise<RunHalt | undefined> => {
  const call = { operation, object, steps: steps.map(({ key, subject, recordId }) => ({ key, subject, recordId })) };
  try {
    const answers = await journaledCall(
      ports,
      call,
      () =>
        send(
          ports.org,
          operation,
          steps.map((step) => step.recordId as RecordId),
        ),
      (found) => steps.flatMap((step, i) => judge(operation, step, found[i]) ?? []),
    );
    return haltAfter(answers);
  } catch (error) {
    const org = await settleAfter(ports, error);
    return org.reaction === 'retry' || org.name === 'AnswerLost' ? undefined : haltOf(org);
  }
};

const finished = (ports: CallPorts, steps: readonly PlanStep[], operation: Irreversible): ReadonlySet<string> => {
  const outcomes = ports.journal.outcomesOf(steps.map((step) => step.key));
  const isFinal = (outcome: JournaledOutcome): boolean =>
    operation === 'undelete' ? outcome.outcome !== 'done' : true;
  return new Set([...outcomes.values()].filter(isFinal).map((outcome) => outcome.key));
};

/**
 * Carries out one operation on the steps of one object, in calls of 200, and journals what came of each step. Lock
 * conflicts and lost answers are settled and repeated; what cannot go on halts the run.
 */
export const callSteps = async (
  ports: CallPorts,
  operation: Irreversible,
  object: string,
  steps: readonly PlanStep[],
): Promise<void> => {
  for (const chunk of inChunks(steps, IDS_PER_CALL)) {
    let open: readonly PlanStep[] = chunk;
    for (let attempt = 0; open.length > 0 && attempt < ATTEMPTS; attempt += 1) {
      if (attempt > 0) await ports.wait(FIRST_WAIT * 2 ** (attempt - 1));
      const halt = await callOnce(ports, operation, object, open);
      if (halt !== undefined) throw halt;
      const known = finished(ports, open, operation);
      open = open.filter((step) => !known.has(step.key));
    }
    if (open.length > 0) throw new RunHalt('paused', 'org-unavailable', 'UNABLE_TO_LOCK_ROW');
  }
};
