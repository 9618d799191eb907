import {
  anonymisePerson,
  joinFindings,
  type AnonymisedPerson,
  type FileOfPerson,
  type RecordToTreat,
} from '../disposal/anonymisePerson.ts';
import type { RecordTreatment, Traces } from '../disposal/anonymiseRecord.ts';
import type { Finding } from '../disposal/anonymity/contract.ts';
import { treatmentOfObject, type ObjectTreatment, type PeopleToAnonymise } from '../disposal/anonymity/population.ts';
import type { PlannedOperation } from '../disposal/contract.ts';
import { addDays } from '../kernel/legalPeriod.ts';
import { GardeError } from '../kernel/result.ts';
import { anonymisationSettings } from '../model/charter.ts';
import type { FieldCategory } from '../model/pack.ts';
import type { PlanDecision } from '../model/plan.ts';
import type { Treatments } from '../model/treatments.ts';
import type { DescribedObject, OrgRow } from '../org/port.ts';
import { peopleObjectOf } from '../standing/people.ts';
import type { GraphRow } from '../subject/peopleGraphs.ts';
import type { Preparing } from './anonymityContract.ts';
import { leftRows } from './rowsLeft.ts';
import { rowsOfGraph, type RowsOfGraph } from './rowsOfGraph.ts';

/** Days in which deleted rows of objects without a recycle bin can still be read by queryAll. */
const READABLE_DAYS = 15;

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

const tracesOf = ({ law, graphs, describes, asOf }: TreatingPeople): Traces => {
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

export type Treated = { readonly known: PeopleToAnonymise; readonly own: ObjectTreatment };

/** How rows of each object are treated, made once. */
const treatmentsOf = (preparing: TreatingPeople) => {
  const made = new Map<string, Treated>();
  return (object: string): Treated => {
    const known = made.get(object)?.known ?? toAnonymise(preparing, object);
    const treated = made.get(object) ?? { known, own: treatmentOfObject(known) };
    made.set(object, treated);
    return treated;
  };
};

/** What no retention plan could read: it may still tell whom a record was about. */
export const unread = ({ completeness }: Pick<Preparing, 'completeness'>): readonly Finding[] =>
  completeness.hidden.map(({ object, field }) => ({
    ...{ check: 'linkability', code: 'graph-not-read', until: null, count: 1 },
    place: field === undefined ? object : `${object}.${field}`,
  }));

export const effectsOf = ({ left }: AnonymisedPerson, { along }: RowsOfGraph): PlanDecision['effects'] => {
  const counts = new Map<string, PlanDecision['effects'][number]>();
  const add = (object: string, effect: 'cascade' | 'left'): void => {
    const key = `${object} ${effect}`;
    counts.set(key, { object, effect, count: (counts.get(key)?.count ?? 0) + 1 });
  };
  for (const { object } of [...along.values()].flat()) add(object, 'cascade');
  for (const { object } of left) add(object, 'left');
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, effect]) => effect);
};

/** What is known of the people of one object before any of them is treated. */
export type TreatingPeople = Omit<Preparing, 'isDue' | 'tell'>;

export type People = {
  readonly preparing: TreatingPeople;
  readonly treatmentFor: (object: string) => Treated;
  readonly traces: Traces;
};

export const peopleToTreat = (preparing: TreatingPeople): People => ({
  ...{ preparing, treatmentFor: treatmentsOf(preparing), traces: tracesOf(preparing) },
});

/** Lookups of a row to the person's own records that keep their value. */
const staysTied = ({ known, own }: Treated, row: OrgRow, people: ReadonlySet<string>): boolean =>
  known.described.fields.some(({ name, referenceTo }) => {
    const value = row[name];
    const isKept = (own.treated.get(name)?.do ?? 'keep') === 'keep';
    return referenceTo.length > 0 && isKept && typeof value === 'string' && people.has(value);
  });

/** How the records of one person come to look. */
export type Look = {
  readonly treatments: Treatments;
  /** The person's own record. */
  readonly own: (treated: Treated) => RecordTreatment;
  /** Another record of the graph, people's among them. */
  readonly other: (treated: Treated, of: { readonly row: OrgRow; readonly isPerson: boolean }) => RecordTreatment;
  /** Rows that stay as they are, beside those of others. */
  readonly stays?: (row: GraphRow) => boolean;
  /** Records whose files stay. */
  readonly keepsFilesOf?: ReadonlySet<string>;
};

const graphOf = ({ preparing, treatmentFor }: People, person: string, look: Look) => {
  const { graphs } = preparing;
  const graph = graphs.of(person);
  const objects = new Set(graphs.model.people.map(({ object }) => object));
  const people = new Set(graph.filter(({ object, shared }) => objects.has(object) && !shared).map(({ id }) => id));
  const isLeft = leftRows(preparing, person, graph);
  const { treatments, stays = () => false } = look;
  const rows = rowsOfGraph(
    {
      ...{ person, describes: graphs.describes, model: graphs.model, treatments },
      isLeft: (row) => isLeft(row) || stays(row),
      recordOf: ({ object, row }) => {
        const isTreated = (treatments.rows[object] ?? 'treat') === 'treat';
        if (row === undefined || !graphs.describes.has(object) || !isTreated) return {};
        const treated = treatmentFor(object);
        const isPerson = objects.has(object);
        return {
          record: { described: treated.known.described, row, how: look.other(treated, { row, isPerson }) },
          isTied: !isPerson && staysTied(treated, row, people),
        };
      },
    },
    graph,
  );
  const taken = new Set(graph.filter((row) => row.isTaken && row.id !== person).map(({ id }) => id));
  return { rows, taken, graph };
};

const withKnown = (record: RecordToTreat, { known }: RowsOfGraph, id: string): RecordToTreat => {
  const own = known.get(id);
  return own === undefined ? record : { ...record, known: own };
};

export type TreatedPerson = AnonymisedPerson & {
  readonly graph: RowsOfGraph;
  /** Everything that was read of them, as it was. */
  readonly rows: readonly GraphRow[];
  /** Those of records that are somebody else's to change too. */
  readonly all: readonly PlannedOperation[];
};

type Kept = Pick<AnonymisedPerson, 'findings' | 'left'>;

const withKept = ({ findings, left }: Kept, files: readonly FileOfPerson[]): Kept => ({
  findings: joinFindings([
    ...findings,
    ...files.map(({ document }): Finding => ({
      ...{ check: 'linkability', code: 'file-remains', place: document.object, count: 1, until: null },
    })),
  ]),
  left: [...left, ...files.map(({ document }) => document)],
});

/** What makes one person's record and their whole graph look as wanted. RangeError for a record that was not copied. */
export const treatPerson = (of: People, person: string, look: Look): TreatedPerson => {
  const { preparing, treatmentFor, traces } = of;
  const { scope, reader } = preparing;
  const treated = treatmentFor(scope.spec.object);
  const row = reader.byId(scope.spec.object, person);
  if (row === undefined) throw new RangeError('the person’s own record was not copied');
  const { rows: graph, taken, graph: rows } = graphOf(of, person, look);
  const isKept = ({ ties }: FileOfPerson): boolean => ties.some(({ to }) => look.keepsFilesOf?.has(to) === true);
  const record = { described: treated.known.described, row, how: look.own(treated) };
  const done = anonymisePerson(
    {
      record: withKnown(record, graph, person),
      files: graph.files.filter((file) => !isKept(file)),
      rows: graph.rows.map((one) =>
        one.record === undefined ? one : { ...one, record: withKnown(one.record, graph, one.id) },
      ),
    },
    { treatments: look.treatments, traces },
  );
  const operations = done.operations.filter(({ id }) => !taken.has(id));
  return { ...done, ...withKept(done, graph.files.filter(isKept)), graph, rows, all: done.operations, operations };
};
