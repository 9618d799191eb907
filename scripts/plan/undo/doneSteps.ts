import type { PlanDecision, PlanStep } from '../../model/plan.ts';
import type { EncryptedStore } from '../../vault/port.ts';
import type { Journal } from '../apply/journal.ts';
import { eachPerson } from '../file/planStore.ts';
import { openBefore, type SealedPlace, type Values } from './beforeImages.ts';
import type { DoneStep } from './contract.ts';

/** What a finished run left: its plan's steps and its journal. */
export type FinishedRun = {
  readonly place: SealedPlace;
  readonly store: EncryptedStore;
  readonly journal: Pick<Journal, 'outcomesOf' | 'madeBy'>;
};

/** What was decided about one person, and the steps that took effect in the plan's order; none when nothing was done. */
export type DoneToPerson = { readonly decision: PlanDecision; readonly done: readonly DoneStep[] };

const NEW = 'new:';

const namedSteps = (step: PlanStep): readonly string[] =>
  [step.recordId, ...Object.values(step.payload?.values ?? {})].flatMap((value) =>
    typeof value === 'string' && value.startsWith(NEW) ? [value.slice(NEW.length)] : [],
  );

const resolved = (values: Values, made: ReadonlyMap<string, string>): Values =>
  Object.fromEntries(
    Object.entries(values).map(([field, value]) => [
      field,
      typeof value === 'string' && value.startsWith(NEW) ? (made.get(value.slice(NEW.length)) ?? value) : value,
    ]),
  );

const doneStep = (run: FinishedRun, step: PlanStep, made: ReadonlyMap<string, string>): DoneStep => {
  const recordId = step.recordId.startsWith(NEW)
    ? (made.get(step.recordId.slice(NEW.length)) ?? step.recordId)
    : step.recordId;
  const external = step.payload?.externalId;
  const wrote = { ...step.payload?.values, ...(external === undefined ? {} : { [external.field]: external.value }) };
  return {
    step: { ...step, recordId },
    made: made.get(step.key) ?? null,
    wrote: resolved({ ...wrote, ...step.after }, made),
    before: openBefore(run.place, step),
  };
};

/** Steps the run itself carried out; what was so before it, or was put back, is not its doing. */
const tookEffect = (run: FinishedRun, steps: readonly PlanStep[]): readonly DoneStep[] => {
  const outcomes = run.journal.outcomesOf(steps.map((step) => step.key));
  const done = steps.filter((step) => outcomes.get(step.key)?.outcome === 'done');
  const made = run.journal.madeBy([...new Set(done.flatMap((step) => [step.key, ...namedSteps(step)]))]);
  return done.map((step) => doneStep(run, step, made));
};

/** Person by person what the run did; one person's steps are in memory at a time. */
export function* doneToPeople(run: FinishedRun): Iterable<DoneToPerson> {
  for (const { decision, steps } of eachPerson(run.store, { verdict: 'due' })) {
    const done = tookEffect(
      run,
      steps.map((stored) => stored.step),
    );
    if (done.length > 0) yield { decision, done };
  }
}
