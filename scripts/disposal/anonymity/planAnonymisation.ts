import type { OrgValue } from '../../org/port.ts';
import type { Hierarchies } from '../../model/treatments.ts';
import { coarseningOf, NONE, type Coarsening } from './coarsen.ts';
import type {
  AnonymisationPlan,
  AnonymityTerms,
  ClassReport,
  Finding,
  FindingCode,
  Generalisation,
  PersonOutcome,
  Population,
  PopulationRow,
} from './contract.ts';
import { gatherCrowd, type Crowd } from './crowd.ts';
import { encode, type Column, type Encoded } from './encode.ts';
import { judgeLevels, sensitiveColumns, type Groups } from './groups.ts';
import { climbLattice, MOST_NODES, searchLattice, walkLattice, type Node, type Search } from './lattice.ts';
import { createOutlierCount } from './outliers.ts';
import { placesOf, type Places } from './places.ts';

type Knowledge = Pick<Hierarchies, 'hierarchies' | 'places'>;

const coarseningsOf = (
  { attributes }: Population,
  knowledge: Knowledge,
  places: Places,
): ReadonlyMap<string, Coarsening> => {
  const found = new Map<string, Coarsening>();
  for (const { key, role, hierarchy, from, type } of attributes) {
    if (role === 'sensitive') continue;
    const wanted = { hierarchy: hierarchy ?? 'words', type, ...(from === undefined ? {} : { from }) };
    found.set(key, coarseningOf(knowledge, places, wanted));
  }
  return found;
};

const heightOf = ({ coarsening }: Column): number => coarsening?.steps.length ?? 1;

/** Sweeney's Prec: the mean over all columns of how far up its hierarchy each is. */
const lossOf =
  (columns: readonly Column[]) =>
  (node: Node): number => {
    const own = columns.flatMap((column, at) =>
      column.coarsening === undefined ? [] : [(node[at] ?? 0) / Math.max(1, heightOf(column) - 1)],
    );
    return own.length === 0 ? 0 : own.reduce((sum, share) => sum + share, 0) / own.length;
  };

type Decided = {
  readonly node: Node;
  readonly groups: Groups;
  /** Places of sensitive columns that nobody keeps. */
  readonly emptied: readonly number[];
  readonly tried: number;
};

/** Nodes that are tried one by one before the search gives up on company by people anonymised earlier. */
const MOST_WALKED = 500;

const find = (encoded: Encoded, terms: AnonymityTerms, watched: readonly number[]): Search => {
  const heights = encoded.columns.map(heightOf);
  const most = Math.floor(total(encoded.toDo) * terms.suppressedAtMost);
  const loss = lossOf(encoded.columns);
  if (heights.reduce((product, height) => product * height, 1) > MOST_NODES) {
    const outliers = createOutlierCount(encoded, terms, watched, Number.POSITIVE_INFINITY);
    return climbLattice(heights, outliers, most, loss);
  }
  const outliers = createOutlierCount(encoded, terms, watched, most);
  const passes = (node: Node): boolean => outliers(node) <= most;
  const walked = total(encoded.done) > 0 ? walkLattice(heights, passes, loss, MOST_WALKED) : undefined;
  return walked?.node === undefined ? searchLattice(heights, passes, loss) : walked;
};

const total = (counts: Int32Array): number => counts.reduce((sum, count) => sum + count, 0);

/** Sensitive columns of which even everybody together has too few values: they cannot be kept. */
const tooUniform = (encoded: Encoded, terms: AnonymityTerms, top: Node): readonly number[] =>
  sensitiveColumns(encoded).filter((at) => judgeLevels(encoded, top, { k: 0, l: terms.l }, [at]).outliers > 0);

const decide = (encoded: Encoded, terms: AnonymityTerms): Decided => {
  const top = encoded.columns.map((column) => heightOf(column) - 1);
  const emptied = tooUniform(encoded, terms, top);
  const watched = sensitiveColumns(encoded).filter((at) => !emptied.includes(at));
  const { node = top, tried } = find(encoded, terms, watched);
  return { node, groups: judgeLevels(encoded, node, terms, watched), emptied, tried };
};

const generalisationsOf = (columns: readonly Column[], node: Node): readonly Generalisation[] =>
  columns.flatMap(({ attribute, coarsening }, at) => {
    if (coarsening === undefined) return [];
    const level = node[at] ?? 0;
    const step = coarsening.steps[level] ?? NONE;
    return [{ key: attribute.key, hierarchy: coarsening.hierarchy, step, level, levels: coarsening.steps.length }];
  });

const SIZES = [1, 2, 5, 11, 20, 50, 100, 1000] as const;

const sizesOf = ({ sizes, empty }: Crowd): AnonymisationPlan['sizes'] => {
  const all = [...sizes, empty].filter((size) => size > 0);
  return SIZES.flatMap((from, at) => {
    const next = SIZES[at + 1];
    const own = all.filter((size) => size >= from && (next === undefined || size < next));
    const people = own.reduce((sum, size) => sum + size, 0);
    return own.length === 0 ? [] : [{ from, to: next === undefined ? null : next - 1, groups: own.length, people }];
  });
};

const smallestOf = ({ sizes, empty }: Crowd): number => {
  const all = [...sizes, empty].filter((size) => size > 0);
  return all.reduce((least, size) => Math.min(least, size), all[0] ?? 0);
};

const standingOut = (code: FindingCode, count: number): Finding => ({
  check: 'singling-out',
  code,
  count,
  until: null,
});

const findingsOf = (crowd: Crowd, people: number, { k }: AnonymityTerms): readonly Finding[] => {
  if (people > 0 && people < k) return [standingOut('population-too-small', people)];
  return [
    ...(crowd.empty > 0 && crowd.empty < k ? [standingOut('emptied-too-few', crowd.empty)] : []),
    ...(crowd.left > 0 ? [standingOut('earlier-stand-out', crowd.left)] : []),
  ];
};

type Written = { readonly encoded: Encoded; readonly decided: Decided; readonly crowd: Crowd };

const wordAt = ({ encoded, decided }: Written, combination: number, at: number): string | number | null => {
  const column = encoded.columns[at];
  const code = encoded.codes[at]?.[combination] ?? 0;
  return column?.written[column.levels[decided.node[at] ?? 0]?.[code] ?? 0] ?? null;
};

const outcomeOf = (written: Written, row: PopulationRow, combination: number, isSuppressed: boolean): PersonOutcome => {
  const { encoded, decided } = written;
  const values: Record<string, OrgValue> = {};
  encoded.columns.forEach(({ attribute, coarsening }, at) => {
    const own = row.values[at] ?? null;
    if (row.isDone === true) values[attribute.key] = own;
    else if (isSuppressed) values[attribute.key] = null;
    else if (coarsening === undefined) values[attribute.key] = decided.emptied.includes(at) ? null : own;
    else values[attribute.key] = wordAt(written, combination, at);
  });
  return { id: row.id, state: row.isDone === true ? 'done' : isSuppressed ? 'suppressed' : 'kept', values };
};

function* outcomesOf(written: Written, population: Population): Iterable<PersonOutcome> {
  const { encoded, decided, crowd } = written;
  let at = 0;
  for (const row of population.rows()) {
    const combination = encoded.combinationOf[at] ?? 0;
    const group = decided.groups.groupOf[combination] ?? 0;
    yield outcomeOf(written, row, combination, crowd.suppressed[group] === 1);
    at += 1;
  }
}

const classesOf = (written: Written, limit: number): readonly ClassReport[] => {
  const { encoded, decided, crowd } = written;
  const quasi = encoded.columns.flatMap(({ attribute, coarsening }, at) =>
    coarsening === undefined ? [] : [[attribute.key, at] as const],
  );
  const first = new Map<number, number>();
  decided.groups.groupOf.forEach((group, combination) => {
    if (!first.has(group)) first.set(group, combination);
  });
  const groups = [...crowd.sizes.keys()]
    .filter((group) => (crowd.sizes[group] ?? 0) > 0)
    .map((group): ClassReport => ({
      values: Object.fromEntries(quasi.map(([key, at]) => [key, wordAt(written, first.get(group) ?? 0, at)])),
      people: crowd.sizes[group] ?? 0,
      suppressed: false,
    }));
  const none = Object.fromEntries(quasi.map(([key]) => [key, null]));
  const all = crowd.empty === 0 ? groups : [...groups, { values: none, people: crowd.empty, suppressed: true }];
  return all.toSorted((a, b) => a.people - b.people).slice(0, limit);
};

/**
 * How a population is anonymised: full-domain generalisation, the least that leaves at most `suppressedAtMost` of the
 * people in groups of fewer than k or, in a sensitive attribute, of fewer than l values; those few lose their
 * attributes. People anonymised earlier count as part of the crowd and are not changed. Pure and deterministic; one number
 * per person and the different combinations of values are held, the rest is read again.
 */
export const planAnonymisation = (
  population: Population,
  terms: AnonymityTerms,
  knowledge: Knowledge,
): AnonymisationPlan => {
  const places = placesOf(knowledge.places);
  const coarsenings = coarseningsOf(population, knowledge, places);
  const countryOf = ({ country }: PopulationRow): string =>
    country === undefined || country === null ? terms.country : (places.countryOf(country) ?? country);
  const encoded = encode(population, { coarsenings, countryOf });
  const decided = decide(encoded, terms);
  const crowd = gatherCrowd(encoded, decided.groups, decided.node, terms.k);
  const written: Written = { encoded, decided, crowd };
  const people = encoded.combinationOf.length;
  return {
    people,
    toDo: total(encoded.toDo),
    kReached: smallestOf(crowd),
    lReached: decided.groups.diversity,
    generalisations: generalisationsOf(encoded.columns, decided.node),
    suppressed: crowd.count,
    emptied: decided.emptied.map((at) => encoded.columns[at]?.attribute.key ?? ''),
    sizes: sizesOf(crowd),
    tried: decided.tried,
    findings: findingsOf(crowd, people, terms),
    outcomes: () => outcomesOf(written, population),
    classes: (limit) => classesOf(written, limit),
  };
};
