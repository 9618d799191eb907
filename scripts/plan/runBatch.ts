import type { PlanStep } from '../model/plan.ts';
import type { EncryptedStore } from '../vault/port.ts';
import type { GuardReading, PlanGuard, StepsOfPerson, Verdict } from './guard.ts';
import type { JournaledOutcome } from './journal.ts';
import { stepsOf } from './planStore.ts';
import { recordStates } from './recordState.ts';
import { callSteps, type CallPorts } from './runCalls.ts';
import { RunHalt } from './runHalt.ts';

export type BatchPorts = CallPorts & {
  readonly plan: EncryptedStore;
  readonly guard: PlanGuard;
  /** ISO instant. */
  readonly now: () => string;
  /** Told the milliseconds between the last check and the end of the deletion call. */
  readonly window: (milliseconds: number) => void;
};

const grouped = (steps: readonly PlanStep[]): readonly StepsOfPerson[] => {
  const people = new Map<string, PlanStep[]>();
  for (const step of steps) {
    const own = people.get(step.subject);
    if (own === undefined) people.set(step.subject, [step]);
    else own.push(step);
  }
  return [...people].map(([subject, own]) => ({ subject, steps: own }));
};

const noted = (
  steps: readonly PlanStep[],
  outcome: JournaledOutcome['outcome'],
  code: string,
): readonly JournaledOutcome[] => steps.map((step) => ({ key: step.key, subject: step.subject, outcome, code }));

const stepsBy = (people: readonly StepsOfPerson[], meets: (step: PlanStep) => boolean): readonly PlanStep[] =>
  people.flatMap((person) => person.steps.filter(meets));

const objectsOf = (steps: readonly PlanStep[]): readonly string[] =>
  [...new Set(steps.map((step) => step.object))].sort();

/** Steps without any outcome yet. */
const openSteps = (ports: BatchPorts, steps: readonly PlanStep[]): readonly PlanStep[] => {
  const known = ports.journal.outcomesOf(steps.map((step) => step.key));
  return steps.filter((step) => !known.has(step.key));
};

/** Asks the org for the records of steps it said were done: a live one is a difference nobody can explain. */
const readBack = async (ports: BatchPorts, steps: readonly PlanStep[]): Promise<void> => {
  const outcomes = ports.journal.outcomesOf(steps.map((step) => step.key));
  const done = steps.filter((step) => outcomes.get(step.key)?.outcome === 'done');
  for (const object of objectsOf(done)) {
    const ids = done.filter((step) => step.object === object).map((step) => step.recordId);
    const states = await recordStates(ports.org, object, ids);
    if ([...states.values()].includes('live')) throw new RunHalt('stopped', 'read-back-differs', object);
  }
};

/** Puts back what this run deleted of these people, the person before what hung off them. */
const putBack = async (ports: BatchPorts, people: readonly StepsOfPerson[], code: string): Promise<void> => {
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
  if ([...after.values()].some((outcome) => outcome.outcome !== 'put-back')) {
    throw new RunHalt('stopped', 'unknown-error', 'PUT_BACK_REFUSED');
  }
  const rest = openSteps(
    ports,
    stepsBy(people, () => true),
  );
  ports.journal.note(noted(rest, 'changed', code));
};

const withVerdict = (
  people: readonly StepsOfPerson[],
  verdicts: ReadonlyMap<string, Verdict>,
): readonly (readonly [StepsOfPerson, string])[] =>
  people.flatMap((person) => {
    const verdict = verdicts.get(person.subject) ?? { stands: false, code: 'not-read' };
    return verdict.stands ? [] : [[person, verdict.code] as const];
  });

/** People whose deletion the org refused: what went before is put back, what would follow is not tried. */
const giveUpRefused = async (
  ports: BatchPorts,
  people: readonly StepsOfPerson[],
): Promise<readonly StepsOfPerson[]> => {
  const outcomes = ports.journal.outcomesOf(stepsBy(people, () => true).map((step) => step.key));
  const refusal = (person: StepsOfPerson): JournaledOutcome | undefined =>
    person.steps.map((step) => outcomes.get(step.key)).find((outcome) => outcome?.outcome === 'refused');
  for (const person of people) {
    const refused = refusal(person);
    if (refused === undefined) continue;
    const code = refused.code ?? 'refused';
    ports.journal.note(noted(openSteps(ports, person.steps), 'refused', code));
    await putBack(ports, [person], code);
  }
  return people.filter((person) => refusal(person) === undefined);
};

const runWave = async (ports: BatchPorts, people: readonly StepsOfPerson[], wave: number): Promise<void> => {
  const steps = openSteps(
    ports,
    stepsBy(people, (step) => step.wave === wave),
  );
  for (const operation of ['delete', 'purge'] as const) {
    for (const object of objectsOf(steps.filter((step) => step.operation === operation))) {
      const own = steps.filter((step) => step.operation === operation && step.object === object);
      await callSteps(ports, operation, object, own);
    }
  }
  await readBack(ports, steps);
};

/** Drops people whose decision no longer stands before anything is done to them. */
const checkFresh = async (
  ports: BatchPorts,
  people: readonly StepsOfPerson[],
): Promise<{ readonly standing: readonly StepsOfPerson[]; readonly reading: GuardReading | undefined }> => {
  if (people.length === 0) return { standing: [], reading: undefined };
  const reading = await ports.guard.check(people);
  const changed = withVerdict(people, reading.verdicts);
  ports.journal.note(changed.flatMap(([person, code]) => noted(person.steps, 'changed', code)));
  const gone = new Set(changed.map(([person]) => person.subject));
  return { standing: people.filter((person) => !gone.has(person.subject)), reading };
};

const someOutcome = (ports: BatchPorts, steps: readonly PlanStep[], outcome: JournaledOutcome['outcome']): boolean =>
  [...ports.journal.outcomesOf(steps.map((step) => step.key)).values()].some((one) => one.outcome === outcome);

const hasPurged = (ports: BatchPorts, person: StepsOfPerson): boolean =>
  someOutcome(
    ports,
    person.steps.filter((step) => step.operation === 'purge'),
    'done',
  );

const without = (people: readonly StepsOfPerson[], gone: readonly StepsOfPerson[]): readonly StepsOfPerson[] =>
  people.filter((person) => !gone.includes(person));

/** Puts back everybody whose decision no longer stands; the others go on. */
const putBackChanged = async (
  ports: BatchPorts,
  people: readonly StepsOfPerson[],
  verdicts: ReadonlyMap<string, Verdict>,
): Promise<readonly StepsOfPerson[]> => {
  const changed = withVerdict(people, verdicts);
  for (const [person, code] of changed) await putBack(ports, [person], code);
  return without(
    people,
    changed.map(([person]) => person),
  );
};

/** Name under which the journal keeps the guard's memory of the batch in hand. */
const CHECKED = 'checked';

/** People a killed run left in the middle: ends put-backs and refusals, and decides again about the others. */
const takeUp = async (ports: BatchPorts, begun: readonly StepsOfPerson[]): Promise<readonly StepsOfPerson[]> => {
  const returning = begun.filter((person) => someOutcome(ports, person.steps, 'put-back'));
  for (const person of returning) await putBack(ports, [person], 'interrupted');
  const going = await giveUpRefused(ports, without(begun, returning));
  const irreversible = going.filter((person) => hasPurged(ports, person));
  const open = without(going, irreversible);
  if (open.length === 0) return irreversible;
  const verdicts = await ports.guard.checkDeleted(open, ports.journal.get(CHECKED) ?? '{}');
  return [...irreversible, ...(await putBackChanged(ports, open, verdicts))];
};

type Active = {
  readonly begun: readonly StepsOfPerson[];
  readonly fresh: readonly StepsOfPerson[];
  readonly reading: GuardReading | undefined;
};

/** Before it becomes irreversible: decides once more with our own deletions in the bin, and puts back who changed. */
const recheck = async (ports: BatchPorts, { fresh, begun, reading }: Active): Promise<Active> => {
  if (reading === undefined || fresh.length === 0) return { fresh, begun, reading };
  const verdicts = await reading.afterDeletion(fresh.map((person) => person.subject));
  return { fresh: await putBackChanged(ports, fresh, verdicts), begun, reading };
};

const isPurge = (step: PlanStep): boolean => step.operation === 'purge';
const milliseconds = (from: string, to: string): number => Date.parse(to) - Date.parse(from);

const runWaves = async (ports: BatchPorts, first: Active, checkedAt: string): Promise<void> => {
  let active = first;
  const all = stepsBy([...first.begun, ...first.fresh], () => true);
  const firstPurge = Math.min(...all.filter(isPurge).map((step) => step.wave));
  for (const wave of [...new Set(all.map((step) => step.wave))].sort((a, b) => a - b)) {
    if (wave === firstPurge) {
      if (active.fresh.length > 0) ports.window(milliseconds(checkedAt, ports.now()));
      active = await recheck(ports, active);
    }
    await runWave(ports, [...active.begun, ...active.fresh], wave);
    if (wave >= firstPurge) continue;
    active = {
      ...active,
      begun: await giveUpRefused(ports, active.begun),
      fresh: await giveUpRefused(ports, active.fresh),
    };
  }
};

/**
 * Runs the steps of some people: decides again on fresh rows, deletes wave by wave, reads back, decides once more, and
 * only then empties the recycle bin. `mayBegin` false ends what was begun and begins nothing. Returns how many people
 * were not begun for that reason.
 */
export const runBatch = async (ports: BatchPorts, subjects: readonly string[], mayBegin: boolean): Promise<number> => {
  const people = grouped(stepsOf(ports.plan, subjects).map((stored) => stored.step));
  const open = people.filter((person) => openSteps(ports, person.steps).length > 0);
  const inMiddle = open.filter((person) => openSteps(ports, person.steps).length < person.steps.length);
  const begun = await takeUp(ports, inMiddle);
  const untouched = without(open, inMiddle);
  const { standing, reading } = await checkFresh(ports, mayBegin ? untouched : []);
  if (reading !== undefined) ports.journal.set(CHECKED, reading.memory);
  await runWaves(ports, { begun, fresh: standing, reading }, ports.now());
  return mayBegin ? 0 : untouched.length;
};
