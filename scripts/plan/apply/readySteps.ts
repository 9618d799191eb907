import type { PlanStep } from '../../model/plan.ts';
import { openStep, type CallPorts } from './callPorts.ts';
import type { JournaledOutcome } from './journal.ts';
import type { OperationDefinition, OperationPorts, StepCheck } from '../operations/contract.ts';
import { referencesOf, withIds } from '../operations/references.ts';

/** Steps that may be called now, with ids in place of references, and the stamps their records were checked at. */
export type ReadySteps = { readonly steps: readonly PlanStep[]; readonly stamps: ReadonlyMap<string, string> };

/** Outcomes after which what depends on the step cannot be right. */
const NOT_DONE: readonly JournaledOutcome['outcome'][] = ['refused', 'changed', 'put-back'];

const refused = ({ key, subject }: PlanStep, code: string): JournaledOutcome => ({
  key,
  subject,
  outcome: 'refused',
  code,
});

/** Notes steps that rest on a step that was not done or made nothing; the others come back with ids. */
const resting = (ports: CallPorts, steps: readonly PlanStep[]): readonly PlanStep[] => {
  const before = ports.journal.outcomesOf([...new Set(steps.flatMap((step) => step.dependsOn))]);
  const made = ports.journal.madeBy([...new Set(steps.flatMap(referencesOf))]);
  const given: JournaledOutcome[] = [];
  const ready = steps.flatMap((step) => {
    const isLost = step.dependsOn.some((key) => NOT_DONE.includes(before.get(key)?.outcome ?? 'done'));
    const resolved = withIds(openStep(ports, step), made);
    if (!isLost && resolved.missing.length === 0) return [resolved.step];
    given.push(refused(step, isLost ? 'STEP_BEFORE_NOT_DONE' : 'RECORD_NOT_MADE'));
    return [];
  });
  ports.journal.note(given);
  return ready;
};

const noteOf = (step: PlanStep, check: StepCheck): JournaledOutcome | undefined => {
  const { key, subject } = step;
  if (check.state === 'ready') return undefined;
  if (check.state === 'changed') return { key, subject, outcome: 'changed', code: check.code };
  const made = check.id === undefined ? {} : { made: check.id };
  return { key, subject, outcome: 'already-done', code: null, ...made };
};

/**
 * Asks right before a call which of its steps may still be made, and notes the others in the journal. Reads only; the
 * org's errors are for the caller.
 */
export const readySteps = async (
  ports: CallPorts,
  own: OperationPorts,
  definition: OperationDefinition,
  steps: readonly PlanStep[],
): Promise<ReadySteps> => {
  // Putting back follows no plan of its own: what was deleted comes back, whatever came before it.
  const isPlanned = steps.every((step) => step.operation === definition.operation);
  const resolved = isPlanned ? resting(ports, steps) : steps;
  const [first] = resolved;
  if (first === undefined) return { steps: [], stamps: new Map() };
  const checks = await definition.check(own, { object: first.object, steps: resolved });
  const checkOf = (step: PlanStep): StepCheck => checks.get(step.key) ?? { state: 'ready' };
  ports.journal.note(resolved.flatMap((step) => noteOf(step, checkOf(step)) ?? []));
  const stamps = new Map<string, string>();
  const ready = resolved.filter((step) => {
    const check = checkOf(step);
    if (check.state === 'ready' && check.stamp !== undefined) stamps.set(step.key, check.stamp);
    return check.state === 'ready';
  });
  return { steps: ready, stamps };
};
