import type { PlanStep } from '../../model/plan.ts';
import { OrgError } from '../../org/orgProblems.ts';
import { openStep, operationPorts, type CallPorts } from './callPorts.ts';
import type { JournaledOutcome, PendingCall } from './journal.ts';
import { withIds, referencesOf } from '../operations/references.ts';
import { definitionOf } from '../operations/registry.ts';
import { stepsOf } from '../file/planStore.ts';
import { RunHalt } from './runHalt.ts';

/** Calls of the plan's own steps; those for lock, file and checkpoint ask for themselves when they are made again. */
export const isStepCall = (call: PendingCall): boolean => call.steps.length > 0;

/** The steps a call was about, with ids in place of references. */
const stepsIn = (ports: CallPorts, call: PendingCall): readonly PlanStep[] => {
  if (ports.plan === undefined) throw new RangeError('settling a call takes the plan’s steps');
  const keys = new Set(call.steps.map((step) => step.key));
  const subjects = [...new Set(call.steps.map((step) => step.subject))];
  const steps = stepsOf(ports.plan, subjects)
    .map((stored) => stored.step)
    .filter((step) => keys.has(step.key));
  const made = ports.journal.madeBy([...new Set(steps.flatMap(referencesOf))]);
  return steps.map((step) => withIds(openStep(ports, step), made).step);
};

/** Asks the org what became of a call without an outcome, and closes it. */
export const settleCall = async (ports: CallPorts, call: PendingCall): Promise<void> => {
  const definition = definitionOf(call.operation);
  const steps = stepsIn(ports, call);
  const { object, memory = null } = call;
  const settled = await definition.settle(operationPorts(ports), { object, steps, memory });
  const outcomes = steps.flatMap((step): readonly JournaledOutcome[] => {
    const found = settled.get(step.key);
    if (found === undefined) return [];
    const made = found.id === undefined || found.id === step.recordId ? {} : { made: found.id };
    const { key, subject } = step;
    return [{ key, subject, outcome: definition.doneAs(step), code: 'settled', ...made }];
  });
  ports.journal.finish(call.id, outcomes);
};

/**
 * Settles every call without an outcome, after `first` has ended what may still be under way; when the org cannot be
 * asked, the run pauses and resume settles.
 */
export const settlePending = async (ports: CallPorts, first?: () => Promise<void>): Promise<void> => {
  try {
    await first?.();
    for (const call of ports.journal.pending()) if (isStepCall(call)) await settleCall(ports, call);
  } catch (error) {
    throw error instanceof OrgError ? new RunHalt('paused', 'org-unavailable', error.name) : error;
  }
};
