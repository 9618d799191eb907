import { anonymisePerson, type AnonymisedPerson, type RecordToTreat } from '../disposal/anonymisePerson.ts';
import type { Traces } from '../disposal/anonymiseRecord.ts';
import type { AnonymisationPlan, Finding, PersonOutcome } from '../disposal/anonymity/contract.ts';
import { planAnonymisation } from '../disposal/anonymity/planAnonymisation.ts';
import {
  populationOf,
  recordTreatment,
  termsOf,
  treatmentOfObject,
  type ObjectTreatment,
  type PeopleToAnonymise,
} from '../disposal/anonymity/population.ts';
import { copiesFinding, verdictOf } from '../disposal/anonymity/verdict.ts';
import type { PlannedOperation } from '../disposal/contract.ts';
import { addDays, type LocalDate } from '../kernel/legalPeriod.ts';
import { GardeError } from '../kernel/result.ts';
import { anonymisationSettings } from '../model/charter.ts';
import type { FieldCategory } from '../model/pack.ts';
import type { PlanDecision, Reason } from '../model/plan.ts';
import type { DescribedObject, OrgRow } from '../org/port.ts';
import type { PersonFacts } from '../standing/people.ts';
import { peopleObjectOf } from '../standing/people.ts';
import type { Anonymised, Preparing } from './anonymityContract.ts';
import { leftRows } from './rowsLeft.ts';
import { rowsOfGraph, type RowsOfGraph } from './rowsOfGraph.ts';

/** Days in which deleted rows of objects without a recycle bin can still be read by queryAll. */
const READABLE_DAYS = 15;

/** What is decided about all people of an object together, and what that makes of one of them. */
export type AnonymityOfPeople = {
  readonly plan: AnonymisationPlan;
  /** People who look alike at least, and values among them, as the charter wants it. */
  readonly k: number;
  readonly l: number;
  /** People in the order of their record ids. RangeError for somebody who is not among those to anonymise. */
  readonly expand: (known: PersonFacts) => Anonymised;
};

const missing = (subject: string, message: string, action: string): GardeError =>
  new GardeError([{ code: 'AnonymityNotPrepared', subject, message, actions: [action] }]);

const toAnonymise = (
  { law, scope, describes, graphs }: Pick<Preparing, 'law' | 'scope' | 'describes' | 'graphs'>,
  object: string,
): PeopleToAnonymise => {
  const { charter, packs, treatments, hierarchies } = law;
  const described = graphs.describes.get(object) ?? describes.get(object);
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

const tracesOf = ({ law, graphs, describes, asOf }: Preparing): Traces => {
  const described = (object: string): DescribedObject | undefined =>
    graphs.describes.get(object) ?? describes.get(object);
  return {
    isDeletable: (object) => described(object)?.deletable === true,
    hasBin: (object) => described(object)?.undeletable === true,
    feeds: law.treatments?.feeds ?? [],
    readableUntil: addDays(asOf, READABLE_DAYS),
    keptUntil: null,
  };
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

type Treated = { readonly known: PeopleToAnonymise; readonly own: ObjectTreatment };

/** How rows of each object are treated, made once. */
const treatmentsOf = (preparing: Preparing) => {
  const made = new Map<string, Treated>();
  return (object: string): Treated => {
    const known = made.get(object)?.known ?? toAnonymise(preparing, object);
    const treated = made.get(object) ?? { known, own: treatmentOfObject(known) };
    made.set(object, treated);
    return treated;
  };
};

/** What no retention plan could read: it may still tell whom a record was about. */
const unread = ({ completeness }: Preparing): readonly Finding[] =>
  completeness.hidden.map(({ object, field }) => ({
    ...{ check: 'linkability', code: 'graph-not-read', until: null, count: 1 },
    place: field === undefined ? object : `${object}.${field}`,
  }));

const factsOf = (findings: readonly Finding[], outcome: PersonOutcome, asOf: LocalDate): Reason['facts'] => {
  const verdict = verdictOf(findings, asOf);
  const open = verdict.word === 'pseudonymised' ? verdict.findings : [];
  const until = verdict.word === 'pseudonymised' ? verdict.until : null;
  const names = [...new Set(open.map(({ code, place }) => (place === undefined ? code : `${code}:${place}`)))].sort();
  return { word: verdict.word, wordUntil: until, findings: names.join(' '), state: outcome.state };
};

const effectsOf = ({ left }: AnonymisedPerson, { along }: RowsOfGraph): PlanDecision['effects'] => {
  const counts = new Map<string, PlanDecision['effects'][number]>();
  const add = (object: string, effect: 'cascade' | 'left'): void => {
    const key = `${object} ${effect}`;
    counts.set(key, { object, effect, count: (counts.get(key)?.count ?? 0) + 1 });
  };
  for (const { object } of [...along.values()].flat()) add(object, 'cascade');
  for (const { object } of left) add(object, 'left');
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, effect]) => effect);
};

type People = {
  readonly preparing: Preparing;
  readonly treatmentFor: (object: string) => Treated;
  readonly traces: Traces;
};

/** Lookups of a row to the person's own records that keep their value. */
const staysTied = ({ known, own }: Treated, row: OrgRow, people: ReadonlySet<string>): boolean =>
  known.described.fields.some(({ name, referenceTo }) => {
    const value = row[name];
    const isKept = (own.treated.get(name)?.do ?? 'keep') === 'keep';
    return referenceTo.length > 0 && isKept && typeof value === 'string' && people.has(value);
  });

const graphOf = ({ preparing, treatmentFor }: People, person: string) => {
  const { graphs, law } = preparing;
  const graph = graphs.of(person);
  const objects = new Set(graphs.model.people.map(({ object }) => object));
  const people = new Set(graph.filter(({ object, shared }) => objects.has(object) && !shared).map(({ id }) => id));
  const rows = rowsOfGraph(
    {
      ...{ person, describes: graphs.describes, model: graphs.model },
      treatments: law.treatments ?? { rows: {}, feeds: [] },
      isLeft: leftRows(preparing, person, graph),
      recordOf: ({ object, id, row }) => {
        if (row === undefined || !graphs.describes.has(object) || law.treatments?.rows[object] !== undefined) return {};
        const treated = treatmentFor(object);
        const how = recordTreatment(treated.known, treated.own, objects.has(object) ? untold(id) : undefined);
        return {
          record: { described: treated.known.described, row, how },
          isTied: !objects.has(object) && staysTied(treated, row, people),
        };
      },
    },
    graph,
  );
  const taken = new Set(graph.filter((row) => row.isTaken && row.id !== person).map(({ id }) => id));
  return { rows, taken };
};

const withKnown = (record: RecordToTreat, { known }: RowsOfGraph, id: string): RecordToTreat => {
  const own = known.get(id);
  return own === undefined ? record : { ...record, known: own };
};

type AnonymisedGraph = AnonymisedPerson & {
  readonly graph: RowsOfGraph;
  /** Those of records that are somebody else's to change too. */
  readonly all: readonly PlannedOperation[];
};

const anonymiseOne = (of: People, outcome: PersonOutcome): AnonymisedGraph => {
  const { preparing, treatmentFor, traces } = of;
  const { scope, reader } = preparing;
  const { object } = scope.spec;
  const { known, own } = treatmentFor(object);
  const row = reader.byId(object, outcome.id);
  if (row === undefined) throw new RangeError('the person’s own record was not copied');
  const { rows: graph, taken } = graphOf(of, outcome.id);
  const record = { described: known.described, row, how: recordTreatment(known, own, outcome) };
  const done = anonymisePerson(
    {
      record: withKnown(record, graph, outcome.id),
      files: graph.files,
      rows: graph.rows.map((one) =>
        one.record === undefined ? one : { ...one, record: withKnown(one.record, graph, one.id) },
      ),
    },
    { treatments: known.treatments, traces },
  );
  return { ...done, graph, all: done.operations, operations: done.operations.filter(({ id }) => !taken.has(id)) };
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
  const treatmentFor = treatmentsOf(preparing);
  const { known } = treatmentFor(object);
  const population = populationOf(
    known,
    () => reader.rows(object),
    (id) => isDue(object, id),
  );
  const plan = planAnonymisation(population, termsOf(known.settings, known.country), known.hierarchies);
  const outcomeOf = inOrder(plan.outcomes());
  const people: People = { preparing, treatmentFor, traces: tracesOf(preparing) };
  const ofAll = [...plan.findings, ...copiesFinding(known.settings.copies, asOf), ...unread(preparing)];
  return {
    ...{ plan, k: known.settings.k, l: known.settings.l },
    expand: ({ person }) => {
      const outcome = outcomeOf(person.id);
      const done = anonymiseOne(people, outcome);
      const { operations } = done;
      const findings = [...ofAll, ...done.findings];
      if (operations.length > 0) tell(person.id, { findings, operations: done.all });
      return { operations, facts: factsOf(findings, outcome, asOf), effects: effectsOf(done, done.graph) };
    },
  };
};
