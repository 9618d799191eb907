import { LINKS, ZONES, type Estimate, type PairDecision } from '../contract.ts';
import { cluster } from '../clusters/cluster.ts';
import type { Clusters } from '../clusters/contract.ts';
import { unionFind } from '../clusters/unionFind.ts';
import { GUARDS, TWO_PEOPLE, type Conclude, type ConcludeInput, type FittedModel } from './contract.ts';
import { sumOfChances, wilson } from './estimate.ts';
import { zonesOf, type Spread } from './zones.ts';

/**
 * What keeps a pair out of the automatic zone at any probability: twins, couples and fathers have all else in common. A birth
 * date or a sex alone is written wrong often enough, and is in the probability.
 */
const NEVER_AUTOMATIC =
  GUARDS.birthAndName |
  GUARDS.identifier |
  GUARDS.givenName |
  GUARDS.section |
  GUARDS.nearNames |
  GUARDS.nothingPersonal |
  TWO_PEOPLE;
/** Guards that, with a low probability, are a contradiction inside a group. */
const CONTRADICTION = GUARDS.birthAndName | GUARDS.identifier | GUARDS.givenName | GUARDS.section | TWO_PEOPLE;
/** Whether a pair may be merged without being asked, its probability aside. */
export const mayBeAutomatic = (guards: number): boolean => (guards & NEVER_AUTOMATIC) === 0;

/** Low enough that no missing value or slip explains it. */
const IMPOSSIBLE = 0.02;
/** From here on two rows are shown as members of one household or as related organisations. */
const HOUSEHOLD = 0.5;

type Decided = ReadonlyMap<number, PairDecision['decision']>;

const key = (rows: number, a: number, b: number): number => Math.min(a, b) * rows + Math.max(a, b);

const decidedPairs = (input: ConcludeInput): Decided =>
  new Map(input.decisions.map(({ a, b, decision }) => [key(input.rows, a, b), decision]));

const spreadOf = ({ pairs }: ConcludeInput): Spread => ({
  probability: pairs.match.subarray(0, pairs.count),
  count: new Float64Array(pairs.count).fill(1),
  guarded: pairs.guards.subarray(0, pairs.count).map((guards) => (mayBeAutomatic(guards) ? 0 : 1)),
});

const probabilitiesOf = ({ match }: ConcludeInput['pairs'], chosen: Int32Array): Float64Array => {
  const found = new Float64Array(chosen.length);
  for (let i = 0; i < chosen.length; i += 1) found[i] = match[chosen[i] ?? 0] ?? 0;
  return found;
};

const clustersOf = (input: ConcludeInput, decided: Decided, wanted: (at: number) => boolean): Clusters => {
  const { pairs, rows } = input;
  const chosen = new Int32Array(pairs.count);
  let count = 0;
  for (let at = 0; at < pairs.count; at += 1) {
    const isFree = decided.size === 0 || !decided.has(key(rows, pairs.a[at] ?? 0, pairs.b[at] ?? 0));
    if (isFree && wanted(at)) chosen[count++] = at;
  }
  const edges = chosen.subarray(0, count);
  const two = (kind: (decision: PairDecision['decision']) => boolean): (readonly [number, number])[] =>
    input.decisions.flatMap(({ a, b, decision }) => (kind(decision) ? [[a, b] as const] : []));
  return cluster({
    rows,
    edges: {
      a: edges.map((at) => pairs.a[at] ?? 0),
      b: edges.map((at) => pairs.b[at] ?? 0),
      probability: probabilitiesOf(pairs, edges),
    },
    together: two((decision) => decision === 'duplicate'),
    apart: two((decision) => decision !== 'duplicate'),
    judge: (a, b) => {
      const said = input.judge(a, b);
      const contradicts = (said.guards & CONTRADICTION) !== 0 && said.match < IMPOSSIBLE;
      return { contradicts, match: said.match, areTwo: (said.guards & TWO_PEOPLE) !== 0 };
    },
  });
};

const PERSON = LINKS.indexOf('person');
const FAMILY = LINKS.indexOf('household');
const ORGANISATION = LINKS.indexOf('organisation');
const AUTO = ZONES.indexOf('auto');
const REVIEW = ZONES.indexOf('review');

/** Pairs that are told: positions among the scored ones, with links and zones by number. */
class Told {
  count = 0;
  readonly at: Int32Array;
  readonly probability: Float64Array;
  readonly link: Uint8Array;
  readonly zone: Uint8Array;

  constructor(most: number) {
    this.at = new Int32Array(most);
    this.probability = new Float64Array(most);
    this.link = new Uint8Array(most);
    this.zone = new Uint8Array(most);
  }

  add(at: number, probability: number, link: number, zone: number): void {
    this.at[this.count] = at;
    this.probability[this.count] = probability;
    this.link[this.count] = link;
    this.zone[this.count] = zone;
    this.count += 1;
  }

  /** Of every pair one value of a column of the scored ones. */
  of(column: Int32Array): Int32Array {
    return this.at.subarray(0, this.count).map((at) => column[at] ?? 0);
  }
}

type Frame = {
  readonly told: Told;
  readonly model: FittedModel;
  readonly decided: Decided;
  /** Whether the rows of a pair came into one group. */
  readonly together: (at: number) => boolean;
};

const byDecision = (told: Told, at: number, decision: PairDecision['decision'], duplicate: number): void => {
  if (decision === 'duplicate') told.add(at, 1, duplicate, AUTO);
  else if (decision === 'related') told.add(at, 1, FAMILY, REVIEW);
};

const byEvidence = (
  { pairs, tellFrom }: ConcludeInput,
  { told, model, together }: Frame,
  at: number,
  link: number,
): void => {
  const [match = 0, household = 0] = [pairs.match[at], pairs.household[at]];
  if (match >= (tellFrom ?? model.review)) {
    const free = mayBeAutomatic(pairs.guards[at] ?? 0);
    told.add(at, match, link, free && match >= model.auto && together(at) ? AUTO : REVIEW);
  } else if (household >= HOUSEHOLD) told.add(at, household, FAMILY, REVIEW);
};

const tellAll = (input: ConcludeInput, seen: Omit<Frame, 'told'>): Told => {
  const { pairs, entity, rows } = input;
  const told = new Told(pairs.count);
  const frame: Frame = { ...seen, told };
  for (let at = 0; at < pairs.count; at += 1) {
    const [a = 0, b = 0] = [pairs.a[at], pairs.b[at]];
    const decision = frame.decided.size === 0 ? undefined : frame.decided.get(key(rows, a, b));
    const link = entity[a] === 1 ? ORGANISATION : PERSON;
    if (decision === undefined) byEvidence(input, frame, at, link);
    else byDecision(told, at, decision, link);
  }
  return told;
};

const householdsOf = ({ rows, pairs }: ConcludeInput, told: Told, labels: Int32Array): Int32Array => {
  const groups = unionFind(rows);
  labels.forEach((label, row) => {
    if (label !== row) groups.union(label, row);
  });
  for (let i = 0; i < told.count; i += 1) {
    const at = told.at[i] ?? 0;
    if (told.link[i] === FAMILY) groups.union(pairs.a[at] ?? 0, pairs.b[at] ?? 0);
  }
  return groups.labels();
};

/** Expected share of true pairs in the automatic zone, with the interval that many trials of that share would have. */
const precisionOf = (told: Told): Estimate => {
  const auto = told.probability.subarray(0, told.count).filter((_, i) => told.zone[i] === AUTO);
  return wilson(sumOfChances(auto), auto.length);
};

/** Expected share of all true pairs that are told, in whatever zone; the interval follows the doubt about how many were missed. */
const recallOf = (input: ConcludeInput, told: Told): Estimate => {
  const { pairs, model } = input;
  const found = sumOfChances(told.probability.subarray(0, told.count).filter((_, i) => told.link[i] !== FAMILY));
  const seen = sumOfChances(pairs.match.subarray(0, pairs.count));
  const all = Math.max(seen, found);
  const share = (missed: number): number => (all + missed === 0 ? wilson(0, 0).value : found / (all + missed));
  const low = wilson(found, all + model.missed.high).low;
  const high = wilson(found, all + model.missed.low).high;
  return { value: share(model.missed.value), low, high };
};

const capsOf = (clusters: Clusters): { readonly what: string; readonly count: number }[] =>
  [
    { what: 'joins of groups kept apart by contradicting evidence', count: clusters.contradicted },
    { what: 'joins of groups kept apart because one pair alone spoke for them', count: clusters.weakBridges },
    { what: 'joins of groups kept apart by decisions', count: clusters.forbidden },
  ].filter(({ count }) => count > 0);

/**
 * Zones from the target error, links, groups and estimates. Pairs must be given in the order of their rows and hold at least
 * all with a probability of `model.emit`, and all with a household probability of one half.
 */
export const conclude: Conclude = (input) => {
  const decided = decidedPairs(input);
  const zones = zonesOf(spreadOf(input), { targetError: input.targetError, missed: input.model.missed.value });
  const model = { ...input.model, ...zones };
  const { match, guards } = input.pairs;
  const free = (at: number): boolean => mayBeAutomatic(guards[at] ?? 0);
  const clusters = clustersOf(input, decided, (at) => free(at) && (match[at] ?? 0) >= zones.auto);
  const groups = clustersOf(input, decided, (at) => (match[at] ?? 0) >= zones.review);
  const together = (at: number): boolean =>
    clusters.labels[input.pairs.a[at] ?? 0] === clusters.labels[input.pairs.b[at] ?? 0];
  const told = tellAll(input, { model, decided, together });
  return {
    count: told.count,
    a: told.of(input.pairs.a),
    b: told.of(input.pairs.b),
    probability: told.probability.slice(0, told.count),
    link: told.link.slice(0, told.count),
    zone: told.zone.slice(0, told.count),
    rule: Uint8Array.from(told.at.subarray(0, told.count), (at) => input.pairs.rule[at] ?? 0),
    clusters: clusters.labels,
    groups: groups.labels,
    households: householdsOf(input, told, clusters.labels),
    model,
    precision: precisionOf(told),
    recall: recallOf(input, told),
    caps: capsOf(clusters),
  };
};
