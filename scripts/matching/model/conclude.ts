import { LINKS, ZONES, type Estimate, type Link, type PairDecision, type Zone } from '../contract.ts';
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
  guarded: Uint8Array.from(pairs.guards.subarray(0, pairs.count), (guards) => (mayBeAutomatic(guards) ? 0 : 1)),
});

const clustersOf = (input: ConcludeInput, decided: Decided, wanted: (at: number) => boolean): Clusters => {
  const { pairs, rows } = input;
  const chosen: number[] = [];
  for (let at = 0; at < pairs.count; at += 1) {
    if (wanted(at) && !decided.has(key(rows, pairs.a[at] ?? 0, pairs.b[at] ?? 0))) chosen.push(at);
  }
  const two = (kind: (decision: PairDecision['decision']) => boolean): (readonly [number, number])[] =>
    input.decisions.flatMap(({ a, b, decision }) => (kind(decision) ? [[a, b] as const] : []));
  return cluster({
    rows,
    edges: {
      a: Int32Array.from(chosen, (at) => pairs.a[at] ?? 0),
      b: Int32Array.from(chosen, (at) => pairs.b[at] ?? 0),
      probability: Float64Array.from(chosen, (at) => pairs.match[at] ?? 0),
    },
    together: two((decision) => decision === 'duplicate'),
    apart: two((decision) => decision !== 'duplicate'),
    judge: (a, b) => {
      const said = input.judge(a, b);
      return { contradicts: (said.guards & CONTRADICTION) !== 0 && said.match < IMPOSSIBLE, match: said.match };
    },
  });
};

type Told = { readonly at: number; readonly link: Link; readonly probability: number; readonly zone: Zone };

type Frame = {
  readonly model: FittedModel;
  readonly decided: Decided;
  /** Whether the rows of a pair came into one group. */
  readonly together: (at: number) => boolean;
};

const byDecision = (at: number, decision: PairDecision['decision'], duplicate: Link): Told | undefined => {
  if (decision === 'not-duplicate') return undefined;
  return decision === 'duplicate'
    ? { at, link: duplicate, probability: 1, zone: 'auto' }
    : { at, link: 'household', probability: 1, zone: 'review' };
};

const byEvidence = (
  { pairs, tellFrom }: ConcludeInput,
  told: Omit<Told, 'zone' | 'probability'>,
  frame: Frame,
): Told | undefined => {
  const { at } = told;
  const { model, together } = frame;
  const [match = 0, household = 0] = [pairs.match[at], pairs.household[at]];
  if (match >= (tellFrom ?? model.review)) {
    const free = mayBeAutomatic(pairs.guards[at] ?? 0);
    return { ...told, probability: match, zone: free && match >= model.auto && together(at) ? 'auto' : 'review' };
  }
  return household >= HOUSEHOLD ? { at, link: 'household', probability: household, zone: 'review' } : undefined;
};

const tell = (input: ConcludeInput, at: number, frame: Frame): Told | undefined => {
  const { pairs, entity, rows } = input;
  const [a = 0, b = 0] = [pairs.a[at], pairs.b[at]];
  const decision = frame.decided.get(key(rows, a, b));
  const link: Link = entity[a] === 1 ? 'organisation' : 'person';
  return decision === undefined ? byEvidence(input, { at, link }, frame) : byDecision(at, decision, link);
};

const householdsOf = (input: ConcludeInput, told: readonly Told[], labels: Int32Array): Int32Array => {
  const groups = unionFind(input.rows);
  labels.forEach((label, row) => {
    if (label !== row) groups.union(label, row);
  });
  for (const { at, link } of told) {
    if (link === 'household') groups.union(input.pairs.a[at] ?? 0, input.pairs.b[at] ?? 0);
  }
  return groups.labels();
};

/** Expected share of true pairs in the automatic zone, with the interval that many trials of that share would have. */
const precisionOf = (told: readonly Told[]): Estimate => {
  const auto = told.filter(({ zone }) => zone === 'auto');
  return wilson(sumOfChances(auto.map(({ probability }) => probability)), auto.length);
};

/** Expected share of all true pairs that are told, in whatever zone; the interval follows the doubt about how many were missed. */
const recallOf = (input: ConcludeInput, told: readonly Told[]): Estimate => {
  const { pairs, model } = input;
  const found = sumOfChances(told.map(({ link, probability }) => (link === 'household' ? 0 : probability)));
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
  const told: Told[] = [];
  for (let at = 0; at < input.pairs.count; at += 1) {
    const one = tell(input, at, { model, decided, together });
    if (one !== undefined) told.push(one);
  }
  return {
    count: told.length,
    a: Int32Array.from(told, ({ at }) => input.pairs.a[at] ?? 0),
    b: Int32Array.from(told, ({ at }) => input.pairs.b[at] ?? 0),
    probability: Float64Array.from(told, ({ probability }) => probability),
    link: Uint8Array.from(told, ({ link }) => LINKS.indexOf(link)),
    zone: Uint8Array.from(told, ({ zone }) => ZONES.indexOf(zone)),
    rule: Uint8Array.from(told, ({ at }) => input.pairs.rule[at] ?? 0),
    clusters: clusters.labels,
    groups: groups.labels,
    households: householdsOf(input, told, clusters.labels),
    model,
    precision: precisionOf(told),
    recall: recallOf(input, told),
    caps: capsOf(clusters),
  };
};
