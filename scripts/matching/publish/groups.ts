import { sha256Hex } from '../../kernel/hash.ts';
import type { DuplicateGroup, DuplicateMember, LinkKind, MatchedRecord } from '../../model/duplicateGroup.ts';
import { LINKS } from '../contract.ts';
import type { Link } from '../contract.ts';
import { autoClusters, joinReview } from './components.ts';
import type { Component } from './components.ts';
import type { ExplainForPeople, GroupRequest } from './contract.ts';
import { byProbability, compareRecords, compareText, placesOf } from './pairsInOrder.ts';

const LIMIT = 5000;
const LARGEST = 8;
const DEFAULT_LINKS: readonly Link[] = ['person', 'organisation'];

/** Groups to publish and what stays out, counted. */
export type ProposedGroups = {
  readonly groups: readonly DuplicateGroup[];
  /** Groups beyond the limit. */
  readonly overLimit: number;
  /** Links that made a group of their own because a larger one would have held too many records. */
  readonly tooLarge: number;
  /** Groups with rows of a file, which no org holds. */
  readonly withoutRecord: number;
};

/** SHA-256 over the link and the members' ids: the same for the same members, whatever order they came in. */
export const groupKey = (link: LinkKind, members: readonly MatchedRecord[]): string =>
  sha256Hex([link, ...members.toSorted(compareRecords).map(({ object, id }) => `${object} ${id}`)].join('\n'));

type Best = { probability: number; other: number };

/** Which groups each row is in: mostly one. */
const groupsByRow = (components: readonly Component[]): ReadonlyMap<number, readonly number[]> => {
  const groups = new Map<number, number[]>();
  for (const [at, { rows }] of components.entries())
    for (const row of rows) groups.set(row, [...(groups.get(row) ?? []), at]);
  return groups;
};

const offer = (best: Map<number, Best>, row: number, link: Best): void => {
  const known = best.get(row);
  if (known === undefined || known.probability < link.probability) best.set(row, link);
};

/** Groups that hold both rows. */
const sharedGroups = (
  groups: ReadonlyMap<number, readonly number[]>,
  a: number | undefined,
  b: number | undefined,
): readonly number[] => {
  const ofB = groups.get(b ?? -1);
  return ofB === undefined ? [] : (groups.get(a ?? -1) ?? []).filter((at) => ofB.includes(at));
};

/** The strongest link of each row to another row of its group, of the group's own kind. */
const strongestLinks = (
  { result: { pairs } }: GroupRequest,
  components: readonly Component[],
): readonly ReadonlyMap<number, Best>[] => {
  const groups = groupsByRow(components);
  const best = components.map(() => new Map<number, Best>());
  for (let i = 0; i < pairs.count; i += 1) {
    for (const at of sharedGroups(groups, pairs.a[i], pairs.b[i])) {
      const own = best[at];
      if (own === undefined || LINKS[pairs.link[i] ?? -1] !== components[at]?.link) continue;
      const [a = 0, b = 0, probability = 0] = [pairs.a[i], pairs.b[i], pairs.probability[i]];
      offer(own, a, { probability, other: b });
      offer(own, b, { probability, other: a });
    }
  }
  return best;
};

type Named = { readonly component: Component; readonly records: ReadonlyMap<number, MatchedRecord> };

const nameRows = (component: Component, recordOf: GroupRequest['recordOf']): Named | undefined => {
  const records = new Map<number, MatchedRecord>();
  for (const row of component.rows) {
    const record = recordOf(row);
    if (record === undefined) return undefined;
    records.set(row, record);
  }
  return { component, records };
};

const memberOf = (
  row: number,
  { records }: Named,
  best: ReadonlyMap<number, Best>,
  explain: ExplainForPeople,
): DuplicateMember => {
  const link = best.get(row);
  const record = records.get(row) ?? { object: '', id: '' };
  // joined by somebody's decision, so that no pair of rows tells more
  if (link === undefined) return { record, score: 1, linkedTo: record, evidence: [] };
  return {
    record,
    score: link.probability,
    linkedTo: records.get(link.other) ?? record,
    evidence: explain(Math.min(row, link.other), Math.max(row, link.other)),
  };
};

/** Two members that are each other's strongest link are explained once. */
const once = (explain: ExplainForPeople): ExplainForPeople => {
  const told = new Map<string, ReturnType<ExplainForPeople>>();
  return (a, b) => {
    const known = told.get(`${a} ${b}`) ?? explain(a, b);
    told.set(`${a} ${b}`, known);
    return known;
  };
};

const groupOf = (named: Named, best: ReadonlyMap<number, Best>, explain: ExplainForPeople): DuplicateGroup => {
  const { component } = named;
  const explainOnce = once(explain);
  const members = component.rows
    .map((row) => memberOf(row, named, best, explainOnce))
    .sort((a, b) => compareRecords(a.record, b.record));
  return {
    key: groupKey(
      component.link,
      members.map(({ record }) => record),
    ),
    link: component.link,
    zone: component.zone,
    probability: Math.min(component.joinedAt, ...members.map(({ score }) => score)),
    members,
  };
};

const componentsOf = (
  request: GroupRequest,
): { readonly components: readonly Component[]; readonly tooLarge: number } => {
  const { result, recordOf, links = DEFAULT_LINKS, zones = ['review'], largest = LARGEST } = request;
  const { pairs, clusters } = result;
  const review = zones.includes('review') ? byProbability(pairs, placesOf(pairs, links, ['review']), recordOf) : null;
  const joined = links.map((link) =>
    review === null ? { components: [], tooLarge: 0 } : joinReview({ pairs, clusters, review, largest }, link),
  );
  const components = joined.flatMap((one) => one.components);
  const tooLarge = joined.reduce((sum, one) => sum + one.tooLarge, 0);
  if (!zones.includes('auto')) return { components, tooLarge };
  const taken = new Set(components.flatMap(({ rows }) => rows));
  const auto = placesOf(pairs, links, ['auto']);
  const sure = links.flatMap((link) => autoClusters({ pairs, clusters }, auto, link, taken));
  return { components: [...components, ...sure], tooLarge };
};

/**
 * The groups that people are asked about, the most probable first. Pure, and the same whatever the order of rows: clusters
 * joined along review links; in the automatic zone the clusters themselves. Memory grows with the groups, which are limited.
 */
export const groupsOf = (request: GroupRequest, explain: ExplainForPeople): ProposedGroups => {
  const { components, tooLarge } = componentsOf(request);
  const named = components
    .map((component) => nameRows(component, request.recordOf))
    .filter((one) => one !== undefined)
    .map((one) => ({
      ...one,
      key: groupKey(one.component.link, [...one.records.values()]),
    }))
    .sort(
      (a, b) =>
        Number(a.component.zone === 'auto') - Number(b.component.zone === 'auto') ||
        b.component.joinedAt - a.component.joinedAt ||
        compareText(a.key, b.key),
    );
  const limit = request.limit ?? LIMIT;
  const kept = named.slice(0, limit);
  const best = strongestLinks(
    request,
    kept.map(({ component }) => component),
  );
  const groups = kept.map((one, at) => groupOf(one, best[at] ?? new Map<number, Best>(), explain));
  return {
    groups: groups.sort((a, b) => b.probability - a.probability || compareText(a.key, b.key)),
    overLimit: named.length - kept.length,
    tooLarge,
    withoutRecord: components.length - named.length,
  };
};
