import type { RecordTreatment } from '../disposal/anonymiseRecord.ts';
import type { Finding } from '../disposal/anonymity/contract.ts';
import { recordTreatment } from '../disposal/anonymity/population.ts';
import type { PlannedOperation } from '../disposal/contract.ts';
import { isPseudonym, pseudonymisePerson, pseudonymOf } from '../disposal/pseudonymisePerson.ts';
import type { LocalDate } from '../kernel/legalPeriod.ts';
import type { OrgRow } from '../org/port.ts';
import { textIn } from '../plan/operations/values.ts';
import type { PersonFacts } from '../standing/people.ts';
import { peopleObjectOf } from '../standing/people.ts';
import type { Keeper } from '../standing/standingAt.ts';
import type { Anonymised } from './anonymityContract.ts';
import { archivedUntil, archiveTermsOf } from './archiveTerms.ts';
import { dutiesInForce } from './dutyRecords.ts';
import { valuesIn } from './planActions.ts';
import type { RuleInForce } from './rules.ts';
import {
  effectsOf,
  peopleToTreat,
  treatPerson,
  unread,
  type Look,
  type People,
  type Treated,
  type TreatedPerson,
  type TreatingPeople,
} from './treatPerson.ts';

/** The rule that is due, and duties in force. */
export type PseudonymOrder = { readonly rule: RuleInForce; readonly duties: readonly Keeper[] };

/** What becomes of people who get a pseudonym. RangeError for a rule that does not say how long it can be told. */
export type PseudonymsOfPeople = { readonly expand: (known: PersonFacts, order: PseudonymOrder) => Anonymised };

export type PseudonymPorts = {
  /** By which somebody who asks finds their archive. */
  readonly fingerprints: (object: string, row: OrgRow) => readonly string[];
  /** Random bytes of one person, the same at every planning. */
  readonly bytesOf: (person: string) => Uint8Array;
  /** Told of everybody whose pseudonym is planned. */
  readonly tell: (told: { readonly findings: readonly Finding[]; readonly until: LocalDate }) => void;
};

type Ties = {
  readonly pseudonym: string;
  /** Given by an earlier plan. */
  readonly isDone: boolean;
  readonly ids: ReadonlySet<string>;
};

/** A record that keeps its ties to the others of the graph and says the pseudonym where it may not be empty. */
const tied = ({ known, own }: Treated, row: OrgRow, { pseudonym, isDone, ids }: Ties): RecordTreatment => {
  const how = recordTreatment(known, own);
  const ties = known.described.fields.filter(
    ({ name, referenceTo }) => referenceTo.length > 0 && ids.has(textIn(row, name)),
  );
  return {
    ...how,
    treated: new Map([...how.treated, ...ties.map(({ name }) => [name, { do: 'keep' }] as const)]),
    text: pseudonym,
    // what an earlier plan made coarser is no value that can be read again
    coarse: (field, treatment, value) => how.coarse(field, treatment, value) ?? (isDone ? value : null),
  };
};

type Making = {
  readonly fingerprints: PseudonymPorts['fingerprints'];
  readonly people: People;
  readonly asOf: LocalDate;
  readonly bytesOf: PseudonymPorts['bytesOf'];
};

/** The pseudonym that the person has from an earlier plan, else a new one. */
const pseudonymFor = ({ people, bytesOf }: Making, own: OrgRow, id: string): Pick<Ties, 'pseudonym' | 'isDone'> => {
  const { preparing, treatmentFor } = people;
  const { object } = preparing.scope.spec;
  const { treatments, language } = treatmentFor(object).known;
  const [familyName = ''] = peopleObjectOf(preparing.law.packs, object)?.familyName ?? [];
  const now = textIn(own, familyName);
  return isPseudonym(now, treatments)
    ? { pseudonym: now, isDone: true }
    : { pseudonym: pseudonymOf(bytesOf(id), treatments.names.pseudonym[language]), isDone: false };
};

const lookOf = ({ people, asOf }: Making, known: PersonFacts, own: OrgRow, ties: Ties): Look => {
  const { treatments } = people.treatmentFor(people.preparing.scope.spec.object).known;
  const rows = { ...treatments.rows, ...treatments.pseudonymised };
  const kept = new Set(dutiesInForce(known, asOf).map(({ record }) => record));
  return {
    treatments: { ...treatments, rows },
    own: (treated) => tied(treated, own, ties),
    other: (treated, { row }) => tied(treated, row, ties),
    // what a law makes us keep is not deleted, nor are its files
    stays: ({ object, id }) => kept.has(id) && rows[object] === 'delete',
    keepsFilesOf: kept,
  };
};

type Sealing = { readonly done: TreatedPerson; readonly pseudonym: string; readonly own: OrgRow };

const sealed = (
  { people, fingerprints }: Making,
  { done, pseudonym, own }: Sealing,
  order: Pick<Parameters<typeof pseudonymisePerson>[0], 'id' | 'terms' | 'until'>,
): readonly PlannedOperation[] => {
  const { object } = people.preparing.scope.spec;
  const copied = new Map(done.rows.map((one) => [one.id, one] as const));
  return pseudonymisePerson({
    ...{ ...order, object, pseudonym, operations: done.operations, fingerprints: fingerprints(object, own) },
    isFirm: ({ object: of, id }, field) =>
      people.treatmentFor(of).known.categories[field]?.derived !== true &&
      people.preparing.reader.byId(of, id)?.[field] !== undefined,
    rowOf: (id) => {
      const row = id === order.id ? own : copied.get(id)?.row;
      const values = row === undefined ? undefined : valuesIn(row, Object.keys(row));
      return values === undefined ? undefined : { object: copied.get(id)?.object ?? object, values };
    },
  });
};

/** How many records the archive holds, how long, and what still leads to the person without it. */
const factsOf = (
  findings: readonly Finding[],
  operations: readonly PlannedOperation[],
  until: LocalDate,
): Anonymised['facts'] => {
  const [archive] = operations;
  const names = findings.map(({ code, place }) => (place === undefined ? code : `${code}:${place}`));
  const count = archive?.payload?.values?.['ItemCount__c'];
  return {
    pseudonymised: typeof count === 'number' ? count : 0,
    ...{ keptUntil: until, findings: [...new Set(names)].sort().join(' ') },
  };
};

/**
 * How people of one object who are due get a pseudonym: their records and all that hangs on them as for an
 * anonymisation, but that the records stay tied to each other and what is taken away is sealed under the person's key.
 * Files of records for which a duty runs stay. Error: AnonymityNotPrepared.
 */
export const preparePseudonyms = (
  preparing: TreatingPeople,
  { bytesOf, tell, fingerprints }: PseudonymPorts,
): PseudonymsOfPeople => {
  const { reader, asOf, scope } = preparing;
  const people = peopleToTreat(preparing);
  const making: Making = { people, asOf, bytesOf, fingerprints };
  const ofAll = unread(preparing);
  return {
    expand: (known, { rule, duties }) => {
      const { id } = known.person;
      const own = reader.byId(scope.spec.object, id) ?? {};
      const given = pseudonymFor(making, own, id);
      const ids = new Set([id, ...preparing.graphs.of(id).map((one) => one.id)]);
      const done = treatPerson(people, id, lookOf(making, known, own, { ...given, ids }));
      const until = archivedUntil(rule, duties, asOf);
      if (until === null) throw new RangeError('a rule that gives pseudonyms says how long they can be told');
      const terms = archiveTermsOf(rule, id, asOf);
      const operations = sealed(making, { done, own, pseudonym: given.pseudonym }, { id, until, terms });
      // a row tied to the person's records is what a pseudonym is for
      const findings = [...ofAll, ...done.findings.filter(({ code }) => code !== 'row-tied')];
      if (operations.length > 0) tell({ findings, until });
      return { operations, facts: factsOf(findings, operations, until), effects: effectsOf(done, done.graph) };
    },
  };
};
