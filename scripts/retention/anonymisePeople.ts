import { anonymisePerson, type RowOfPerson } from '../disposal/anonymisePerson.ts';
import type { Traces } from '../disposal/anonymiseRecord.ts';
import type { AnonymisationPlan, Finding, PersonOutcome } from '../disposal/anonymity/contract.ts';
import { planAnonymisation } from '../disposal/anonymity/planAnonymisation.ts';
import {
  populationOf,
  recordTreatment,
  termsOf,
  treatmentOfObject,
  type PeopleToAnonymise,
} from '../disposal/anonymity/population.ts';
import { verdictOf } from '../disposal/anonymity/verdict.ts';
import type { PlannedOperation } from '../disposal/contract.ts';
import { addDays, type LocalDate } from '../kernel/legalPeriod.ts';
import { GardeError } from '../kernel/result.ts';
import { anonymisationSettings } from '../model/charter.ts';
import type { FieldCategory } from '../model/pack.ts';
import type { Reason } from '../model/plan.ts';
import type { DescribedObject, OrgRow } from '../org/port.ts';
import type { SnapshotReader } from '../snapshot/reader.ts';
import type { PersonFacts } from '../standing/people.ts';
import { peopleObjectOf } from '../standing/people.ts';
import type { PeopleInScope, RetentionLaw } from './retentionScope.ts';

/** Days in which deleted rows of objects without a recycle bin can still be read by queryAll. */
const READABLE_DAYS = 15;

export type Anonymised = {
  readonly operations: readonly PlannedOperation[];
  /** Which word may be said of the person, until when, and how many findings speak against the other. */
  readonly facts: Reason['facts'];
};

/** What is decided about all people of an object together, and what that makes of one of them. */
export type AnonymityOfPeople = {
  readonly plan: AnonymisationPlan;
  /** People in the order of their record ids. RangeError for somebody who is not among those to anonymise. */
  readonly expand: (known: PersonFacts) => Anonymised;
};

type Preparing = {
  readonly law: RetentionLaw;
  readonly scope: PeopleInScope;
  readonly describes: ReadonlyMap<string, DescribedObject>;
  readonly reader: Pick<SnapshotReader, 'rows' | 'byId'>;
  readonly asOf: LocalDate;
};

const missing = (subject: string, message: string, action: string): GardeError =>
  new GardeError([{ code: 'AnonymityNotPrepared', subject, message, actions: [action] }]);

const toAnonymise = ({ law, scope, describes }: Preparing, object: string): PeopleToAnonymise => {
  const { charter, packs, treatments, hierarchies } = law;
  const described = describes.get(object);
  const people = peopleObjectOf(packs, scope.spec.object);
  if (treatments === undefined || hierarchies === undefined || described === undefined || people === undefined)
    throw missing(object, 'What becomes of its fields is not known.', 'Run the command from a complete installation.');
  const categories: Readonly<Record<string, FieldCategory>> = Object.fromEntries(
    [...packs, charter].flatMap((from) => Object.entries(from.fields[object] ?? {})),
  );
  return {
    ...{ people, described, categories, treatments, hierarchies },
    settings: charter.anonymisation ?? anonymisationSettings.parse({}),
    ...{ country: charter.controller.country, language: charter.controller.language },
  };
};

const tracesOf = ({ law, describes, asOf }: Preparing): Traces => ({
  isDeletable: (object) => describes.get(object)?.deletable === true,
  hasBin: (object) => describes.get(object)?.undeletable === true,
  feeds: law.treatments?.feeds ?? [],
  readableUntil: addDays(asOf, READABLE_DAYS),
  keptUntil: null,
});

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

/** Rows of the person that packs name and that nobody shares: what hangs on them directly. */
const rowsOf = (preparing: Preparing, { person, facts }: PersonFacts): readonly RowOfPerson[] => {
  const direct = facts.filter(
    ({ source, target }) => target === person.id && ['restricts', 'cascades', 'unlinks'].includes(source.kind),
  );
  const once = new Map(direct.map((fact) => [fact.record, fact]));
  return [...once.values()].map(({ source, record }): RowOfPerson => {
    const base = { object: source.object, id: record, isShared: source.shared };
    const row = preparing.reader.byId(source.object, record);
    const described = preparing.describes.get(source.object);
    const isTreated = preparing.law.treatments?.rows[source.object] === undefined;
    if (source.shared || !isTreated || row === undefined || described === undefined) return base;
    const known = toAnonymise(preparing, source.object);
    return { ...base, record: { described, row, how: recordTreatment(known, treatmentOfObject(known)) } };
  });
};

/** What no retention plan reads of a person's graph: it may still tell whom a record was about. */
const unread = (object: string): Finding => ({
  ...{ check: 'linkability', code: 'graph-not-read', place: object, until: null },
});

const factsOf = (findings: readonly Finding[], outcome: PersonOutcome, asOf: LocalDate): Reason['facts'] => {
  const verdict = verdictOf(findings, asOf);
  const open = verdict.word === 'pseudonymised' ? verdict.findings.length : 0;
  const until = verdict.word === 'pseudonymised' ? verdict.until : null;
  return { word: verdict.word, wordUntil: until, findings: open, state: outcome.state };
};

/**
 * Decides how the people of one object are anonymised who are due, together with those who already are: the values that
 * make nobody stand out, then each person's own operations. Rows that hang on the person directly are treated; deeper
 * ones and files are not read, so the word stays *pseudonymised*, and the plan says why. Error: AnonymityNotPrepared.
 */
export const prepareAnonymity = (preparing: Preparing, isDue: (id: string) => boolean): AnonymityOfPeople => {
  const { scope, reader, asOf } = preparing;
  const { object } = scope.spec;
  const known = toAnonymise(preparing, object);
  const own = treatmentOfObject(known);
  const population = populationOf(known, () => reader.rows(object), isDue);
  const plan = planAnonymisation(population, termsOf(known.settings, known.country), known.hierarchies);
  const outcomeOf = inOrder(plan.outcomes());
  const traces = tracesOf(preparing);
  return {
    plan,
    expand: (person) => {
      const outcome = outcomeOf(person.person.id);
      const row: OrgRow | undefined = reader.byId(object, person.person.id);
      if (row === undefined) throw new RangeError('the person’s own record was not copied');
      const done = anonymisePerson(
        {
          record: { described: known.described, row, how: recordTreatment(known, own, outcome) },
          ...{ rows: rowsOf(preparing, person), files: [] },
        },
        { treatments: known.treatments, traces },
      );
      const findings = [...plan.findings, ...done.findings, unread(object)];
      return { operations: done.operations, facts: factsOf(findings, outcome, asOf) };
    },
  };
};
