import type { CallMeter } from './callMeter.ts';
import type { StepsOfPerson } from './guard.ts';
import type { KnownOutcomes } from './journal.ts';
import { callSteps, type CallPorts } from './runCalls.ts';
import { RunHalt } from './runHalt.ts';
import { noted, objectsOf, openSteps, stepsBy, without } from '../file/stepGroups.ts';

export type BackPorts = CallPorts & {
  /** Counts calls by what they are for. */
  readonly meter?: CallMeter;
};

const undelete = async (ports: BackPorts, people: readonly StepsOfPerson[]): Promise<void> => {
  const deletions = stepsBy(people, (step) => step.operation === 'delete');
  const outcomes = ports.journal.outcomesOf(deletions.map((step) => step.key));
  const inBin = deletions.filter((step) => outcomes.get(step.key)?.outcome === 'done');
  for (const wave of [...new Set(inBin.map((step) => step.wave))].sort((a, b) => b - a)) {
    for (const object of objectsOf(inBin.filter((step) => step.wave === wave))) {
      const own = inBin.filter((step) => step.wave === wave && step.object === object);
      await callSteps(ports, 'undelete', object, own);
    }
  }
  const after = ports.journal.outcomesOf(inBin.map((step) => step.key));
  if (inBin.some((step) => after.get(step.key)?.outcome !== 'put-back')) {
    throw new RunHalt('stopped', 'unknown-error', 'PUT_BACK_REFUSED');
  }
};

/** Name under which the journal keeps why people are being put back: a killed run still says it when it goes on. */
const GOING_BACK = 'going back';

/** Why a killed run was putting a person back. */
export const whyGoingBack = (journal: BackPorts['journal'], subject: string): string => {
  const reasons = JSON.parse(journal.get(GOING_BACK) ?? '{}') as Readonly<Record<string, string>>;
  return reasons[subject] ?? 'interrupted';
};

/** Puts back what this run deleted of these people, each person before what hung off them, and says why. */
export const putBack = async (
  ports: BackPorts,
  people: readonly (readonly [StepsOfPerson, string])[],
): Promise<void> => {
  if (people.length === 0) return;
  ports.journal.set(
    GOING_BACK,
    JSON.stringify(Object.fromEntries(people.map(([{ subject }, code]) => [subject, code]))),
  );
  const back = (): Promise<void> =>
    undelete(
      ports,
      people.map(([person]) => person),
    );
  await (ports.meter === undefined ? back() : ports.meter.measure('mutation', null, back));
  for (const [person, code] of people) {
    ports.journal.note(noted(openSteps(ports.journal, person.steps), 'changed', code));
  }
};

/** A step that did not do what it was to do: the org refused it, or is no longer as the plan read it. */
const failing = (outcomes: KnownOutcomes, { steps }: StepsOfPerson) =>
  steps.map((step) => outcomes.get(step.key)).find((one) => one?.outcome === 'refused' || one?.outcome === 'changed');

/**
 * People of whom a step failed: what went before is put back, what would follow is not tried. An undo goes on with their
 * other steps: nobody is left half erased by it, each record comes back by itself, and one that a colleague worked on
 * since must not keep all others from coming back. What rests on the failed step is refused with it.
 */
export const giveUpRefused = async (
  ports: BackPorts,
  people: readonly StepsOfPerson[],
): Promise<readonly StepsOfPerson[]> => {
  if (people.length === 0 || ports.header?.terms.kind === 'undo') return people;
  const outcomes = ports.journal.outcomesOf(stepsBy(people, () => true).map((step) => step.key));
  const given = people.flatMap((person) => {
    const failed = failing(outcomes, person);
    if (failed === undefined) return [];
    const code = failed.code ?? failed.outcome;
    ports.journal.note(noted(openSteps(ports.journal, person.steps), failed.outcome, code));
    return [[person, code] as const];
  });
  await putBack(ports, given);
  return without(
    people,
    given.map(([person]) => person),
  );
};
