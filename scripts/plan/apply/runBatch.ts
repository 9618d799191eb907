import { OPERATIONS, type PlanStep } from '../../model/plan.ts';
import { bulkFormFor, bulkSteps } from '../channels/bulkSteps.ts';
import { RECORD_GONE, type GuardReading, type PlanGuard, type StepsOfPerson, type Verdict } from './guard.ts';
import type { KnownOutcomes } from './journal.ts';
import { stepsOf, type PlacedStep } from '../file/planStore.ts';
import { giveUpRefused, putBack, whyGoingBack, type BackPorts } from './putBack.ts';
import { liveRecords, recordStates } from './recordState.ts';
import { callSteps } from './runCalls.ts';
import { RunHalt } from './runHalt.ts';
import { grouped, noted, objectsOf, openSteps, someOutcome, stepsBy, without } from '../file/stepGroups.ts';
import type { EncryptedStore } from '../../vault/port.ts';

export type BatchPorts = BackPorts & {
  readonly plan: EncryptedStore;
  readonly guard: PlanGuard;
  /** ISO instant. */
  readonly now: () => string;
  /** Told the milliseconds between the last check and the end of the deletion call. */
  readonly window: (milliseconds: number) => void;
  /** Renews the lease when it is due, between waves and while a Bulk job is waited for. */
  readonly stayAlive?: () => Promise<void>;
  /** Steps of one object from which on they go as a Bulk job; by default where a job costs less. */
  readonly bulkFrom?: number;
};

const measured = <T>(
  ports: BatchPorts,
  purpose: 'mutation' | 'check' | 'purge',
  object: string | null,
  work: () => Promise<T>,
): Promise<T> => (ports.meter === undefined ? work() : ports.meter.measure(purpose, object, work));

/** Asks the org for the records of steps it said were done: a live one is a difference nobody can explain. */
const readBack = async (ports: BatchPorts, steps: readonly PlanStep[]): Promise<void> => {
  const gone = steps.filter((step) => step.operation === 'delete' || step.operation === 'purge');
  const ids = new Map(
    objectsOf(gone).map((object) => [
      object,
      gone.filter((step) => step.object === object).map((step) => step.recordId),
    ]),
  );
  if (ids.size === 0) return;
  const [live] = await measured(ports, 'check', null, () => liveRecords(ports.org, ids));
  if (live !== undefined) throw new RunHalt('stopped', 'read-back-differs', live.object);
};

/** By the channel that costs least; steps that a job left undone go in smaller calls. */
const carryOut = async (
  ports: BatchPorts,
  task: Pick<PlanStep, 'operation' | 'object'>,
  steps: readonly PlanStep[],
) => {
  const { operation, object } = task;
  const form = bulkFormFor(steps, ports.bulkFrom);
  let rest = steps;
  if (form !== undefined) {
    await bulkSteps(ports, { operation, object, form }, steps);
    rest = openSteps(ports.journal, steps);
  }
  if (rest.length > 0) await callSteps(ports, operation, object, rest);
};

const runWave = async (ports: BatchPorts, steps: readonly PlanStep[]): Promise<void> => {
  const open = openSteps(ports.journal, steps);
  for (const operation of OPERATIONS) {
    const own = open.filter((step) => step.operation === operation);
    for (const object of objectsOf(own)) {
      const purpose = operation === 'purge' ? 'purge' : 'mutation';
      const together = own.filter((step) => step.object === object);
      await measured(ports, purpose, object, () => carryOut(ports, { operation, object }, together));
    }
  }
  const outcomes = ports.journal.outcomesOf(open.map((step) => step.key));
  await readBack(
    ports,
    open.filter((step) => outcomes.get(step.key)?.outcome === 'done'),
  );
};

const withVerdict = (
  people: readonly StepsOfPerson[],
  verdicts: ReadonlyMap<string, Verdict>,
): readonly (readonly [StepsOfPerson, string])[] =>
  people.flatMap((person) => {
    const verdict = verdicts.get(person.subject) ?? { stands: false, code: 'not-read' };
    return verdict.stands ? [] : [[person, verdict.code] as const];
  });

type Checked = { readonly standing: readonly StepsOfPerson[]; readonly reading: GuardReading | undefined };

/** People whose records lock the same parent stand together: calls and the platform's own parts do not wait for each other. */
const byParent = (people: readonly StepsOfPerson[], parents: GuardReading['parents']): readonly StepsOfPerson[] => {
  if (parents === undefined || parents.size === 0) return people;
  const keyOf = ({ subject }: StepsOfPerson): string => parents.get(subject) ?? subject;
  return people.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));
};

/** Drops people whose decision no longer stands before anything is done to them. */
const checkFresh = async (ports: BatchPorts, people: readonly StepsOfPerson[]): Promise<Checked> => {
  if (people.length === 0) return { standing: [], reading: undefined };
  const reading = await measured(ports, 'check', null, () => ports.guard.check(people));
  const changed = withVerdict(people, reading.verdicts);
  ports.journal.note(changed.flatMap(([person, code]) => noted(person.steps, 'changed', code)));
  const gone = new Set(changed.map(([person]) => person.subject));
  const standing = people.filter((person) => !gone.has(person.subject));
  return { standing: byParent(standing, reading.parents), reading };
};

/** The done deletion of the person's own record. */
const ownDeletion = (ports: BatchPorts, { subject, steps }: StepsOfPerson): PlanStep | undefined => {
  const own = steps.find((step) => step.operation === 'delete' && step.recordId === subject);
  if (own === undefined) return undefined;
  return ports.journal.outcomesOf([own.key]).get(own.key)?.outcome === 'done' ? own : undefined;
};

/**
 * People whose record we deleted and that has left the recycle bin since, by itself or by somebody's hand: nobody can put
 * it back, and the plan wanted it gone. The org is asked; a record that is anywhere still is judged like any other.
 */
const leftTheBin = async (
  ports: BatchPorts,
  changed: readonly (readonly [StepsOfPerson, string])[],
): Promise<ReadonlySet<string>> => {
  const deletions = changed.flatMap(([person, code]) =>
    code === RECORD_GONE ? (ownDeletion(ports, person) ?? []) : [],
  );
  const gone = new Set<string>();
  for (const object of objectsOf(deletions)) {
    const ids = deletions.filter((step) => step.object === object).map((step) => step.recordId);
    const states = await measured(ports, 'check', null, () => recordStates(ports.org, object, ids));
    for (const id of ids) if (states.get(id) === 'gone') gone.add(id);
  }
  return gone;
};

/** Puts back everybody whose decision no longer stands; the others go on. */
const putBackChanged = async (
  ports: BatchPorts,
  people: readonly StepsOfPerson[],
  verdicts: ReadonlyMap<string, Verdict>,
): Promise<readonly StepsOfPerson[]> => {
  const fallen = withVerdict(people, verdicts);
  const gone = await leftTheBin(ports, fallen);
  const changed = fallen.filter(([person]) => !gone.has(person.subject));
  await putBack(ports, changed);
  return without(
    people,
    changed.map(([person]) => person),
  );
};

/** Name under which the journal keeps the guard's memory of the batch in hand. */
const CHECKED = 'checked';

type Outcomes = KnownOutcomes;

/** People a killed run left in the middle: ends put-backs and refusals, and decides again about the others. */
const takeUp = async (
  ports: BatchPorts,
  begun: readonly StepsOfPerson[],
  outcomes: Outcomes,
): Promise<readonly StepsOfPerson[]> => {
  if (begun.length === 0) return [];
  const returning = begun.filter((person) => someOutcome(outcomes, person.steps, 'put-back'));
  await putBack(
    ports,
    returning.map((person) => [person, whyGoingBack(ports.journal, person.subject)] as const),
  );
  const going = await giveUpRefused(ports, without(begun, returning));
  const irreversible = going.filter((person) => someOutcome(outcomes, person.steps.filter(isPurge), 'done'));
  const open = without(going, irreversible);
  if (open.length === 0) return irreversible;
  const memory = ports.journal.get(CHECKED) ?? '{}';
  const verdicts = await measured(ports, 'check', null, () => ports.guard.checkDeleted(open, memory));
  return [...irreversible, ...(await putBackChanged(ports, open, verdicts))];
};

type Active = { readonly begun: readonly StepsOfPerson[]; readonly fresh: readonly StepsOfPerson[] };

/** Before it becomes irreversible: decides once more with our own deletions in the bin, and puts back who changed. */
const recheck = async (
  ports: BatchPorts,
  { fresh, begun }: Active,
  reading: GuardReading,
  purged: readonly StepsOfPerson[],
): Promise<Active> => {
  const verdicts = await measured(ports, 'check', null, () =>
    reading.afterDeletion(purged.map((person) => person.subject)),
  );
  const standing = await putBackChanged(ports, purged, verdicts);
  return { fresh: without(fresh, without(purged, standing)), begun };
};

const isPurge = (step: PlanStep): boolean => step.operation === 'purge';
const milliseconds = (from: string, to: string): number => Date.parse(to) - Date.parse(from);

/** The wave in which the person's first record goes for good; none of theirs does without end. */
const firstPurge = ({ steps }: StepsOfPerson): number =>
  steps.reduce((first, step) => (isPurge(step) ? Math.min(first, step.wave) : first), Number.POSITIVE_INFINITY);

const wavesOf = (people: readonly StepsOfPerson[]): readonly number[] =>
  [...new Set(people.flatMap(({ steps }) => steps.map((step) => step.wave)))].sort((a, b) => a - b);

/** Ends people with a refused step, unless a record of theirs went for good already. */
const giveUp = async (
  ports: BatchPorts,
  people: readonly StepsOfPerson[],
  wave: number,
): Promise<readonly StepsOfPerson[]> => {
  const before = people.filter((person) => wave < firstPurge(person));
  return without(people, without(before, await giveUpRefused(ports, before)));
};

const runWaves = async (
  ports: BatchPorts,
  first: Active,
  reading: GuardReading | undefined,
  checkedAt: string,
): Promise<void> => {
  let active = first;
  for (const wave of wavesOf([...first.begun, ...first.fresh])) {
    const purged = active.fresh.filter((person) => firstPurge(person) === wave);
    if (reading !== undefined && purged.length > 0) {
      ports.window(milliseconds(checkedAt, ports.now()));
      active = await recheck(ports, active, reading, purged);
    }
    await ports.stayAlive?.();
    const people = [...active.begun, ...active.fresh];
    await runWave(
      ports,
      stepsBy(people, (step) => step.wave === wave),
    );
    active = { begun: await giveUp(ports, active.begun, wave), fresh: await giveUp(ports, active.fresh, wave) };
  }
};

/** How many steps a batch dealt with, and how many people were not begun because nothing may begin any more. */
export type BatchEnd = {
  readonly steps: number;
  readonly left: number;
  /** All steps of the batch's people. */
  readonly stored: readonly PlacedStep[];
};

/**
 * Runs the steps of some people: decides again on fresh rows, deletes wave by wave, reads back, decides once more, and
 * only then empties the recycle bin. `mayBegin` false ends what was begun and begins nothing.
 */
export const runBatch = async (
  ports: BatchPorts,
  subjects: readonly string[],
  mayBegin: boolean,
): Promise<BatchEnd> => {
  const stored = stepsOf(ports.plan, subjects);
  const people = grouped(stored.map(({ step }) => step));
  const outcomes = ports.journal.outcomesOf(stepsBy(people, () => true).map((step) => step.key));
  const openOf = (person: StepsOfPerson): number => person.steps.filter((step) => !outcomes.has(step.key)).length;
  const open = people.filter((person) => openOf(person) > 0);
  const inMiddle = open.filter((person) => openOf(person) < person.steps.length);
  const untouched = without(open, inMiddle);
  const steps = open.reduce((sum, person) => sum + openOf(person), 0);
  const begun = await takeUp(ports, inMiddle, outcomes);
  const { standing, reading } = await checkFresh(ports, mayBegin ? untouched : []);
  if (reading !== undefined) ports.journal.set(CHECKED, reading.memory);
  await runWaves(ports, { begun, fresh: standing }, reading, ports.now());
  return { steps, stored, left: mayBegin ? 0 : untouched.length };
};
