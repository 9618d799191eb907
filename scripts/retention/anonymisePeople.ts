import type { AnonymisationPlan, Finding, PersonOutcome } from '../disposal/anonymity/contract.ts';
import { planAnonymisation } from '../disposal/anonymity/planAnonymisation.ts';
import { populationOf, recordTreatment, termsOf } from '../disposal/anonymity/population.ts';
import { copiesFinding, verdictOf } from '../disposal/anonymity/verdict.ts';
import type { LocalDate } from '../kernel/legalPeriod.ts';
import type { Reason } from '../model/plan.ts';
import { textIn } from '../plan/operations/values.ts';
import type { PersonFacts } from '../standing/people.ts';
import type { Anonymised, Preparing } from './anonymityContract.ts';
import { effectsOf, peopleToTreat, treatPerson, unread, type Look } from './treatPerson.ts';

/** What is decided about all people of an object together, and what that makes of one of them. */
export type AnonymityOfPeople = {
  readonly plan: AnonymisationPlan;
  /** People who look alike at least, and values among them, as the charter wants it. */
  readonly k: number;
  readonly l: number;
  /** People in the order of their record ids. RangeError for somebody who is not among those to anonymise. */
  readonly expand: (known: PersonFacts) => Anonymised;
};

/** One after the other in the order of ids, as the people come. */
const inOrder = (outcomes: Iterable<PersonOutcome>) => {
  const all = outcomes[Symbol.iterator]();
  let next = all.next();
  return (id: string): PersonOutcome => {
    while (next.done !== true && next.value.id < id) next = all.next();
    if (next.done === true || next.value.id !== id) throw new RangeError('the person is not among those to anonymise');
    return next.value;
  };
};

/** Nothing of a person's other records is told: nobody looked who else looks like them there. */
const untold = (id: string): PersonOutcome => ({ id, state: 'suppressed', values: {} });

const lookOf = (outcome: PersonOutcome, treatments: Look['treatments']): Look => ({
  treatments,
  own: ({ known, own }) => recordTreatment(known, own, outcome),
  other: ({ known, own }, { row, isPerson }) =>
    recordTreatment(known, own, isPerson ? untold(textIn(row, 'Id')) : undefined),
});

const factsOf = (findings: readonly Finding[], outcome: PersonOutcome, asOf: LocalDate): Reason['facts'] => {
  const verdict = verdictOf(findings, asOf);
  const open = verdict.word === 'pseudonymised' ? verdict.findings : [];
  const until = verdict.word === 'pseudonymised' ? verdict.until : null;
  const names = [...new Set(open.map(({ code, place }) => (place === undefined ? code : `${code}:${place}`)))].sort();
  return { word: verdict.word, wordUntil: until, findings: names.join(' '), state: outcome.state };
};

/**
 * Decides how the people of one object are anonymised who are due, together with those who already are: the values that
 * make nobody stand out, then each person's own operations over their whole graph. *Anonymised* is said of whom nothing
 * is left that singles out, links or tells; else *pseudonymised*, with what speaks against it by name. Error:
 * AnonymityNotPrepared.
 */
export const prepareAnonymity = (preparing: Preparing): AnonymityOfPeople => {
  const { scope, reader, asOf, isDue, tell } = preparing;
  const { object } = scope.spec;
  const people = peopleToTreat(preparing);
  const { known } = people.treatmentFor(object);
  const population = populationOf(
    known,
    () => reader.rows(object),
    (id) => isDue(object, id),
  );
  const plan = planAnonymisation(population, termsOf(known.settings, known.country), known.hierarchies);
  const outcomeOf = inOrder(plan.outcomes());
  const ofAll = [...plan.findings, ...copiesFinding(known.settings.copies, asOf), ...unread(preparing)];
  return {
    ...{ plan, k: known.settings.k, l: known.settings.l },
    expand: ({ person }) => {
      const outcome = outcomeOf(person.id);
      const done = treatPerson(people, person.id, lookOf(outcome, known.treatments));
      const { operations } = done;
      const findings = [...ofAll, ...done.findings];
      if (operations.length > 0) tell(person.id, { findings, operations: done.all });
      return { operations, facts: factsOf(findings, outcome, asOf), effects: effectsOf(done, done.graph) };
    },
  };
};
