import type { AnonymisationPlan, Finding } from '../disposal/anonymity/contract.ts';
import { createTotals } from '../disposal/anonymity/totals.ts';
import { verdictOf } from '../disposal/anonymity/verdict.ts';
import type { PlannedOperation } from '../disposal/contract.ts';
import type { LocalDate } from '../kernel/legalPeriod.ts';
import type { AnonymisationTerms, AnonymisedPeopleTerms } from '../model/anonymisation.ts';
import { matchesFilter } from '../model/filterMatch.ts';
import type { Hierarchies } from '../model/treatments.ts';
import type { OrgRow } from '../org/port.ts';
import { readPath } from '../org/rowPaths.ts';
import type { SnapshotReader } from '../snapshot/reader.ts';
import type { TellAnonymised } from './anonymityContract.ts';
import { countedRows, NO_CHANGES, type Changes } from './statistics/cells.ts';
import type { StatisticInForce } from './statistics/statisticInForce.ts';
import { statisticTermsOf, totalsTerms } from './statistics/statisticTerms.ts';

type Counts = { anonymised: number; pseudonymised: number };

/** Counts, while a plan is made, what its anonymisation comes to. */
export type AnonymisationTally = {
  readonly tell: (object: string) => TellAnonymised;
  /** Of each object of people: how they are generalised together. */
  readonly decided: (
    object: string,
    of: { readonly plan: AnonymisationPlan; readonly k: number; readonly l: number },
  ) => void;
  /** Undefined when nobody's anonymisation was planned. Error: TotalsWouldChange. */
  readonly terms: () => AnonymisationTerms | undefined;
};

type Knowledge = {
  readonly asOf: LocalDate;
  readonly statistics: readonly StatisticInForce[];
  readonly hierarchies: Hierarchies;
  readonly country: string;
  readonly reader: Pick<SnapshotReader, 'byId' | 'byLookup'>;
};

/** What somebody's own operations change. */
const changesOf = (operations: readonly PlannedOperation[]): Changes => {
  const values = new Map(
    operations.filter(({ operation }) => operation === 'update').map(({ id, payload }) => [id, payload?.values ?? {}]),
  );
  const gone = new Set(
    operations.filter(({ operation }) => operation === 'delete').flatMap(({ id, goesWith }) => [id, ...goesWith]),
  );
  return { valueOf: (id, field) => values.get(id)?.[field], isGone: (id) => gone.has(id) };
};

/** Rows that a statistic counts of one person, as they were copied. */
export const rowsOfPerson = function* (
  reader: Knowledge['reader'],
  { statistic: { object, where }, via }: StatisticInForce,
  person: string,
): Iterable<OrgRow> {
  const own = reader.byId(object, person);
  const rows = via.path === 'Id' ? (own === undefined ? [] : [own]) : reader.byLookup(object, via.path, [person]);
  for (const row of rows) if (matchesFilter(where, (path) => readPath(row, path))) yield row;
};

const countStatistic = (of: StatisticInForce, { hierarchies, country, reader }: Knowledge) => {
  const [before, after] = [createTotals(totalsTerms(of)), createTotals(totalsTerms(of))];
  const counting = { of, hierarchies, country };
  return {
    add: (person: string, changes: Changes): void => {
      const rows = [...rowsOfPerson(reader, of, person)];
      for (const row of countedRows(counting, () => person, NO_CHANGES)(rows)) before.add(row);
      for (const row of countedRows(counting, () => person, changes)(rows)) after.add(row);
    },
    terms: () => statisticTermsOf(of, before.totals(), after.totals()),
  };
};

const figuresOf = (
  object: string,
  { plan, k, l }: Parameters<AnonymisationTally['decided']>[1],
): Omit<AnonymisedPeopleTerms, keyof Counts> => ({
  ...{ object, k, l, crowd: plan.people, kReached: plan.kReached, lReached: plan.lReached },
  ...{ suppressed: plan.suppressed, emptied: [...plan.emptied], sizes: [...plan.sizes] },
  generalisations: plan.generalisations.map(({ key, step, level, levels }) => ({ key, step, level, levels })),
});

const keyOf = ({ check, code, place, until }: Finding): string => JSON.stringify([check, code, place ?? '', until]);

/** Findings by the number of people they are about. */
export const createFindings = () => {
  const found = new Map<string, AnonymisationTerms['findings'][number]>();
  return {
    add: (findings: readonly Finding[]): void => {
      for (const [key, { check, code, place = null, until }] of new Map(findings.map((one) => [keyOf(one), one])))
        found.set(key, { check, code, place, until, count: (found.get(key)?.count ?? 0) + 1 });
    },
    all: () => [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, finding]) => finding),
  };
};

/** One tally for a whole plan: words, findings by the number of people they are about, statistics before and after. */
export const createAnonymisationTally = (known: Knowledge): AnonymisationTally => {
  const words = new Map<string, Counts>();
  const decided = new Map<string, Omit<AnonymisedPeopleTerms, keyof Counts>>();
  const findings = createFindings();
  const statistics = known.statistics.map((of) => ({ people: of.people, ...countStatistic(of, known) }));
  return {
    tell: (object) => (person, told) => {
      const { word } = verdictOf(told.findings, known.asOf);
      const counts = words.get(object) ?? { anonymised: 0, pseudonymised: 0 };
      words.set(object, { ...counts, [word]: counts[word] + 1 });
      findings.add(told.findings);
      const changes = changesOf(told.operations);
      for (const one of statistics) if (one.people === object) one.add(person, changes);
    },
    decided: (object, of) => {
      decided.set(object, figuresOf(object, of));
    },
    terms: () =>
      words.size === 0
        ? undefined
        : {
            people: [...decided].flatMap(([object, own]) => {
              const counts = words.get(object);
              return counts === undefined ? [] : [{ ...own, ...counts }];
            }),
            findings: findings.all(),
            statistics: statistics.map(({ terms }) => terms()),
          },
  };
};
