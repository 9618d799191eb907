import type { Operation, PlanStep } from '../../model/plan.ts';
import type { OrgError } from '../../org/orgProblems.ts';
import { reactionTo, type Reaction } from '../../org/salesforceErrors.ts';
import type { JournaledOutcome } from './journal.ts';
import type { Settled, StepAnswer } from '../operations/contract.ts';
import { definitionOf } from '../operations/registry.ts';
import { RunHalt } from './runHalt.ts';

/** Salesforce's code of an answer that is no success; NO_ANSWER when the org said nothing about the step. */
export const codeOf = (answer: StepAnswer | undefined): string => answer?.errors[0]?.code ?? 'NO_ANSWER';

/** The org is asked about a step before an answer with such a reaction is believed. */
const ASKING: readonly Reaction[] = ['already-done', 'decide-again', 'settle-then-repeat'];

/** Whether what became of the step has to be asked: its answer does not say. */
export const isUncertain = (answer: StepAnswer | undefined): boolean =>
  answer?.success !== true && (answer?.errors.length !== 1 || ASKING.includes(reactionTo(codeOf(answer)).reaction));

/** Steps of a call that did take effect though their answers were no success; undefined = nobody asked. */
export type SettledSteps = ReadonlyMap<string, Settled> | undefined;

/** Outcomes of steps that were not carried out; the other reactions leave the step open. */
const REFUSED: Readonly<Partial<Record<Reaction, JournaledOutcome['outcome']>>> = {
  'decide-again': 'changed',
  'already-done': 'refused',
  'leave-and-report': 'refused',
  'ask-human': 'refused',
  stop: 'refused',
};

/** Believed only after the org was asked: the answer claims something about the org's state. */
const refusedAs = (reaction: Reaction, isAsked: boolean): JournaledOutcome['outcome'] | undefined =>
  ASKING.includes(reaction) && !isAsked ? undefined : REFUSED[reaction];

/**
 * What an answer about one step means; undefined = it was not carried out, or nobody asked yet, and it may be called
 * again. `settled` is what the org said about the call's uncertain steps.
 */
export const judge = (
  operation: Operation,
  step: PlanStep,
  answer: StepAnswer | undefined,
  settled?: SettledSteps,
): JournaledOutcome | undefined => {
  const base = { key: step.key, subject: step.subject };
  const doneAs = definitionOf(operation).doneAs(step);
  const made = (id: string | null | undefined) => (typeof id === 'string' && id !== step.recordId ? { made: id } : {});
  if (answer?.success === true) return { ...base, outcome: doneAs, code: null, ...made(answer.id) };
  const code = codeOf(answer);
  const found = settled?.get(step.key);
  const { reaction } = reactionTo(code);
  if (found !== undefined) {
    const outcome = doneAs === 'done' && reaction !== 'settle-then-repeat' ? 'already-done' : doneAs;
    return { ...base, outcome, code, ...made(found.id) };
  }
  const outcome = refusedAs(reaction, settled !== undefined);
  return outcome === undefined ? undefined : { ...base, outcome, code };
};

/** What ends the run after these answers: codes after which nothing more may be called now. */
export const haltAfter = (answers: readonly Pick<StepAnswer, 'errors'>[]): RunHalt | undefined => {
  for (const { errors } of answers) {
    const code = errors[0]?.code;
    if (code === undefined) continue;
    const { reaction } = reactionTo(code);
    if (reaction === 'stop-and-resume' || reaction === 'refresh-session') {
      return new RunHalt('paused', 'org-unavailable', code);
    }
    if (reaction === 'stop') return new RunHalt('stopped', 'unknown-error', code);
  }
  return undefined;
};

/** A whole call that failed and may be made again, once it is settled. */
const PASSING: readonly Reaction[] = ['retry-after-wait', 'smaller-batches', 'settle-then-repeat'];
export const mayRepeat = (error: OrgError): boolean => PASSING.includes(error.reaction);

/** The same for the errors of one row. */
export const isPassing = ([first]: StepAnswer['errors']): boolean =>
  first !== undefined && PASSING.includes(reactionTo(first.code).reaction);

/** A whole call that failed because of one of its rows: called one by one, the row shows. */
const ROW_REACTIONS: readonly Reaction[] = ['already-done', 'decide-again', 'leave-and-report'];
export const isAboutOneRow = (error: OrgError): boolean => ROW_REACTIONS.includes(error.reaction);

/** How an error of the org ends a run. */
export const haltOf = (error: OrgError): RunHalt => {
  const code = error.foreignCodes[0] ?? error.name;
  const mayPass = mayRepeat(error) || error.reaction === 'stop-and-resume' || error.reaction === 'refresh-session';
  if (mayPass) return new RunHalt('paused', 'org-unavailable', code);
  if (error.reaction === 'ask-human') return new RunHalt('paused', 'ask-human', code);
  return new RunHalt('stopped', 'unknown-error', code);
};

/** How a question that the org does not answer ends a run: it has changed nothing, so that the run can always go on. */
export const pauseOf = (error: OrgError): RunHalt => {
  const { stopCause, code } = haltOf(error);
  const isUnreachable = error.name === 'OrgUnreachable' || error.name === 'AnswerLost';
  return new RunHalt('paused', isUnreachable ? 'org-unavailable' : stopCause, code);
};
