import { createTotals } from '../../disposal/anonymity/totals.ts';
import { inChunks, soqlList, soqlName } from '../../kernel/soql.ts';
import type { AnonymisationTerms, StatisticTerms } from '../../model/anonymisation.ts';
import type { Charter } from '../../model/charter.ts';
import type { Hierarchies } from '../../model/treatments.ts';
import type { DescribedObject, Org, OrgRow } from '../../org/port.ts';
import { readPath } from '../../org/rowPaths.ts';
import { textIn } from '../../plan/operations/values.ts';
import type { SnapshotReader } from '../../snapshot/reader.ts';
import { rowsOfPerson } from '../anonymisationTally.ts';
import { countedRows, NO_CHANGES } from './cells.ts';
import { pathsOfStatistic, type StatisticInForce } from './statisticInForce.ts';
import { readStatistics } from './readStatistics.ts';
import { statisticTermsOf, totalsTerms } from './statisticTerms.ts';

export type Measuring = {
  readonly charter: Pick<Charter, 'anonymisation' | 'controller'>;
  readonly hierarchies: Hierarchies;
  /** What the plan says. */
  readonly terms: AnonymisationTerms;
  /** Records of the people whom the plan anonymises. */
  readonly people: () => Iterable<string>;
  /** The copy that the plan was made from. */
  readonly reader: Pick<SnapshotReader, 'byId' | 'byLookup'>;
};

const PEOPLE_AT_ONCE = 400;

/** The rows that were counted, as an org holds them now, with the people whose they were. */
const rowsNow = async function* (org: Org, of: StatisticInForce, { people, reader }: Measuring) {
  const ask = async function* (owners: ReadonlyMap<string, string>): AsyncIterable<readonly [OrgRow, string]> {
    const { object } = of.statistic;
    const select = pathsOfStatistic(of).map(soqlName).join(', ');
    for (const ids of inChunks([...owners.keys()])) {
      const soql = `SELECT ${select} FROM ${soqlName(object)} WHERE Id IN ${soqlList(ids)}`;
      for await (const row of org.query(soql)) yield [row, owners.get(textIn(row, 'Id')) ?? ''];
    }
  };
  let owners = new Map<string, string>();
  let some = 0;
  for (const person of people()) {
    for (const row of rowsOfPerson(reader, of, person)) owners.set(String(readPath(row, 'Id')), person);
    some += 1;
    if (some < PEOPLE_AT_ONCE) continue;
    yield* ask(owners);
    owners = new Map();
    some = 0;
  }
  yield* ask(owners);
};

const describing = (org: Org) => {
  const known = new Map<string, DescribedObject>();
  const fetch = async (object: string): Promise<DescribedObject | undefined> => {
    const described = known.get(object) ?? (await org.describe(object));
    if (described !== undefined) known.set(object, described);
    return described;
  };
  const follow = async (object: string, path: readonly string[]): Promise<void> => {
    const described = await fetch(object);
    const [first = '', ...rest] = path;
    if (described === undefined || rest.length === 0) return;
    const lookup = described.fields.find(
      ({ relationshipName }) => relationshipName?.toLowerCase() === first.toLowerCase(),
    );
    for (const parent of lookup?.referenceTo ?? []) await follow(parent, rest);
  };
  return { fetch, follow, describe: (object: string) => known.get(object) };
};

const told = ({ cells }: StatisticTerms, when: 'before' | 'after'): readonly string[] =>
  cells.flatMap((cell) => (cell[when] === null ? [] : [JSON.stringify([cell.values, cell.isRest, cell[when]])])).sort();

/**
 * The totals of the rows a plan counted, as an org (a twin, a sandbox, the org itself after the run) holds them now, beside
 * what the plan says of them afterwards: keys of the statistics that differ in any cell, none when all are equal.
 */
export const differingTotals = async (org: Org, measuring: Measuring): Promise<readonly string[]> => {
  const { charter, hierarchies, terms } = measuring;
  const objects = terms.people.map(({ object }) => object);
  const { found } = await readStatistics(describing(org), charter, objects);
  const counting = { hierarchies, country: charter.controller.country };
  const differing: string[] = [];
  for (const planned of terms.statistics) {
    const of = found.find(({ statistic }) => statistic.key === planned.key);
    if (of === undefined) {
      differing.push(planned.key);
      continue;
    }
    const totals = createTotals(totalsTerms(of));
    for await (const [row, person] of rowsNow(org, of, measuring))
      for (const one of countedRows({ of, ...counting }, () => person, NO_CHANGES)([row])) totals.add(one);
    const now = totals.totals();
    const isSame = told(statisticTermsOf(of, now, now), 'after').join() === told(planned, 'after').join();
    if (!isSame) differing.push(planned.key);
  }
  return differing;
};
