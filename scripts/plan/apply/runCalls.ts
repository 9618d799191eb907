import type { Operation, PlanStep } from '../../model/plan.ts';
import type { CrashBoundary } from '../../model/run.ts';
import { namedOrgError, OrgError } from '../../org/orgProblems.ts';
import { reactionTo } from '../../org/salesforceErrors.ts';
import { operationPorts, type CallPorts, type CrashPoint } from './callPorts.ts';
import type { IntendedCall, JournaledOutcome } from './journal.ts';
import { codeOf, haltAfter, haltOf, isAboutOneRow, isUncertain, judge, mayRepeat } from './judgeAnswers.ts';
import type { OperationDefinition, OperationPorts, StepAnswer, StepsOfCall } from '../operations/contract.ts';
import { definitionOf } from '../operations/registry.ts';
import { readySteps } from './readySteps.ts';
import { RunHalt } from './runHalt.ts';
import { settlePending } from './settleCalls.ts';

export type { CallPorts, CrashPoint };

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
  const at = (boundary: CrashBoundary): void => ports.crashPoint?.(boundary, call.operation, call.object);
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

/** What one call left to do. */
type Turn = {
  /** Steps that may be called again. */
  readonly again: readonly PlanStep[];
  /** Whether fewer steps are to share the next call; `one` = each by itself. */
  readonly size: 'same' | 'smaller' | 'one';
  /** Why, in Salesforce's code. */
  readonly code: string;
};
const NOTHING: Turn = { again: [], size: 'same', code: '' };

type Work = {
  readonly ports: CallPorts;
  readonly own: OperationPorts;
  readonly definition: OperationDefinition;
};

/** Sends, and asks the org about steps whose answer leaves open what became of them, while the call is still open. */
const sendAndAsk = async (
  { own, definition }: Work,
  call: StepsOfCall,
): Promise<{ readonly answers: readonly StepAnswer[]; readonly outcomes: readonly JournaledOutcome[] }> => {
  const { operation } = definition;
  const answers = await definition.send(own, call);
  if (answers.length !== call.steps.length) throw namedOrgError('AnswerUnreadable', 'stop', operation);
  const uncertain = call.steps.filter((_, at) => isUncertain(answers[at]));
  const settled = uncertain.length === 0 ? undefined : await definition.settle(own, { ...call, steps: uncertain });
  const outcomes = call.steps.flatMap((step, at) => judge(operation, step, answers[at], settled) ?? []);
  return { answers, outcomes };
};

const turnAfter = (
  steps: readonly PlanStep[],
  answers: readonly StepAnswer[],
  outcomes: readonly JournaledOutcome[],
): Turn => {
  const ended = new Set(outcomes.map((outcome) => outcome.key));
  const codes = steps.flatMap((step, at) => (ended.has(step.key) ? [] : [codeOf(answers[at])]));
  const [code] = codes;
  if (code === undefined) return NOTHING;
  const isSmaller = codes.some((one) => reactionTo(one).reaction !== 'retry-after-wait');
  return { again: steps.filter((step) => !ended.has(step.key)), size: isSmaller ? 'smaller' : 'same', code };
};

/** Steps without a final outcome after their call was settled. */
const stillOpen = ({ ports, definition }: Work, steps: readonly PlanStep[]): readonly PlanStep[] => {
  const known = ports.journal.outcomesOf(steps.map((step) => step.key));
  return steps.filter((step) => {
    const outcome = known.get(step.key)?.outcome;
    // A deleted record's own outcome is what putting it back begins with.
    return outcome === undefined || (outcome === 'done' && definition.doneAs(step) === 'put-back');
  });
};

/** One step whose call failed as a whole, as if its row had. */
const judgeAlone = (work: Work, step: PlanStep, error: OrgError): Turn => {
  const errors = [{ code: error.foreignCodes[0] ?? error.name, fields: [] }];
  const answer = { id: null, success: false, created: false, errors };
  const outcome = judge(work.definition.operation, step, answer, new Map());
  if (outcome !== undefined) work.ports.journal.note([outcome]);
  return NOTHING;
};

const turnAfterError = async (work: Work, steps: readonly PlanStep[], error: unknown): Promise<Turn> => {
  if (!(error instanceof OrgError)) throw error;
  await settlePending(work.ports);
  const again = stillOpen(work, steps);
  const [first] = again;
  if (first === undefined) return NOTHING;
  const code = error.foreignCodes[0] ?? error.name;
  if (mayRepeat(error)) return { again, size: error.reaction === 'retry-after-wait' ? 'same' : 'smaller', code };
  if (!isAboutOneRow(error)) throw haltOf(error);
  return steps.length > 1 ? { again, size: 'one', code } : judgeAlone(work, first, error);
};

const asking = async <T>(read: () => Promise<T>): Promise<T> => {
  try {
    return await read();
  } catch (error) {
    throw error instanceof OrgError ? haltOf(error) : error;
  }
};

/** Checks, journals, calls and judges steps that share a call. */
const callOnce = async (work: Work, steps: readonly PlanStep[]): Promise<Turn> => {
  const { ports, own, definition } = work;
  const ready = await asking(() => readySteps(ports, own, definition, steps));
  const [first] = ready.steps;
  if (first === undefined) return NOTHING;
  const { object } = first;
  const memory = await asking(async () => (await definition.prepare?.(own, { object, steps: ready.steps })) ?? null);
  const named = ready.steps.map(({ key, subject, recordId }) => ({ key, subject, recordId }));
  const intended = { operation: definition.operation, object, steps: named, memory };
  try {
    const call = { object, steps: ready.steps, memory, stamps: ready.stamps };
    const { answers, outcomes } = await journaledCall(
      ports,
      intended,
      () => sendAndAsk(work, call),
      (answer) => answer.outcomes,
    );
    const halt = haltAfter(answers);
    if (halt !== undefined) throw halt;
    return turnAfter(ready.steps, answers, outcomes);
  } catch (error) {
    return turnAfterError(work, ready.steps, error);
  }
};

/** Times that one step is called again: locks of others pass slowly. */
const ATTEMPTS = 7;
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 30_000;

/** The first steps of a queue that fit into a call. */
const taken = (definition: OperationDefinition, queue: readonly PlanStep[], room: number): readonly PlanStep[] => {
  let used = 0;
  const end = queue.findIndex((step) => {
    used += definition.units(step);
    return used > room;
  });
  return end < 0 ? queue : queue.slice(0, Math.max(1, end));
};

const roomAfter = (turn: Turn, room: number, steps: number): number => {
  if (turn.size === 'one') return 1;
  return turn.size === 'smaller' ? Math.max(1, Math.floor(Math.min(room, steps) / 2)) : room;
};

/** Too big even alone: no wait makes it smaller. */
const refuseAlone = ({ ports }: Work, { again, code }: Turn): void => {
  ports.journal.note(again.map(({ key, subject }) => ({ key, subject, outcome: 'refused', code })));
};
const isTooBig = (turn: Turn, steps: number): boolean =>
  steps === 1 && turn.size === 'smaller' && turn.code.startsWith('OPERATION_TOO_LARGE');

/**
 * Calls steps that may share calls until each has an outcome: with half as many after a lock, twice as many after a
 * call that went through.
 */
const callGroup = async (work: Work, steps: readonly PlanStep[], unitsPerCall: number): Promise<void> => {
  const tries = new Map<string, number>();
  let queue = steps;
  let room = unitsPerCall;
  while (queue.length > 0) {
    const now = taken(work.definition, queue, room);
    queue = queue.slice(now.length);
    const turn = await callOnce(work, now);
    if (turn.again.length === 0) {
      room = Math.min(unitsPerCall, room * 2);
      continue;
    }
    if (isTooBig(turn, now.length)) {
      refuseAlone(work, turn);
      continue;
    }
    for (const { key } of turn.again) tries.set(key, (tries.get(key) ?? 0) + 1);
    const most = Math.max(...turn.again.map(({ key }) => tries.get(key) ?? 0));
    if (most >= ATTEMPTS) throw new RunHalt('paused', 'org-unavailable', turn.code);
    if (turn.size !== 'one') await work.ports.wait(Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (most - 1)));
    room = roomAfter(turn, room, now.length);
    queue = [...queue, ...turn.again];
  }
};

/**
 * Carries out one operation on steps of one object, in calls as large as the operation allows, and journals what came of
 * each step. Preconditions are asked right before each call; what an answer leaves open is asked of the org; what cannot
 * go on halts the run (RunHalt).
 */
export const callSteps = async (
  ports: CallPorts,
  operation: Operation,
  _object: string,
  steps: readonly PlanStep[],
): Promise<void> => {
  const definition = definitionOf(operation);
  const work: Work = { ports, own: operationPorts(ports), definition };
  const groups = new Map<string, PlanStep[]>();
  for (const step of steps) {
    const own = groups.get(definition.groupOf(step));
    if (own === undefined) groups.set(definition.groupOf(step), [step]);
    else own.push(step);
  }
  for (const group of groups.values()) {
    const [first] = group;
    if (first !== undefined) await callGroup(work, group, definition.unitsPerCall(first));
  }
};
