import type { PlanStep } from '../../model/plan.ts';
import type { StepsOfPerson } from '../apply/guard.ts';
import type { Journal, JournaledOutcome, KnownOutcomes } from '../apply/journal.ts';

/** Steps by person, in the order in which their people come. */
export const grouped = (steps: readonly PlanStep[]): readonly StepsOfPerson[] => {
  const people = new Map<string, PlanStep[]>();
  for (const step of steps) {
    const own = people.get(step.subject);
    if (own === undefined) people.set(step.subject, [step]);
    else own.push(step);
  }
  return [...people].map(([subject, own]) => ({ subject, steps: own }));
};

/** One outcome for all of these steps. */
export const noted = (
  steps: readonly PlanStep[],
  outcome: JournaledOutcome['outcome'],
  code: string,
): readonly JournaledOutcome[] => steps.map((step) => ({ key: step.key, subject: step.subject, outcome, code }));

export const stepsBy = (people: readonly StepsOfPerson[], meets: (step: PlanStep) => boolean): readonly PlanStep[] =>
  people.flatMap((person) => person.steps.filter(meets));

export const objectsOf = (steps: readonly PlanStep[]): readonly string[] =>
  [...new Set(steps.map((step) => step.object))].sort();

/** Steps without any outcome yet. */
export const openSteps = (journal: Pick<Journal, 'outcomesOf'>, steps: readonly PlanStep[]): readonly PlanStep[] => {
  if (steps.length === 0) return steps;
  const known = journal.outcomesOf(steps.map((step) => step.key));
  return steps.filter((step) => !known.has(step.key));
};

export const someOutcome = (
  outcomes: KnownOutcomes,
  steps: readonly PlanStep[],
  outcome: JournaledOutcome['outcome'],
): boolean => steps.some((step) => outcomes.get(step.key)?.outcome === outcome);

export const without = (people: readonly StepsOfPerson[], gone: readonly StepsOfPerson[]): readonly StepsOfPerson[] => {
  if (gone.length === 0) return people;
  const left = new Set(gone.map((person) => person.subject));
  return people.filter((person) => !left.has(person.subject));
};
