import type { GraphPath } from '../model/pack.ts';
import type { DescribedObject } from '../org/port.ts';
import type { FactSource } from '../standing/factSources.ts';
import type { PeopleSpec } from '../standing/people.ts';
import type { RuleInForce } from './rules.ts';

type Known = {
  readonly describes: { readonly fetch: (object: string) => Promise<DescribedObject | undefined> };
  readonly law: {
    readonly packs: readonly { readonly restrictionFields: readonly { readonly object: string }[] }[];
  };
  readonly paths: readonly GraphPath[];
  readonly upward: readonly GraphPath[];
  readonly declared: readonly FactSource[];
};

/** What actions need beside the decision: objects of which everything is copied, and rows read along. */
export type ActionNeeds = { readonly whole: readonly string[]; readonly sources: readonly FactSource[] };

const relationOf = (described: DescribedObject | undefined, field: string): string | null | undefined =>
  described?.fields.find(({ name }) => name === field)?.relationshipName;

/** Rows that hang on what a duty is about, by their path to the person. */
const hanging = async (
  { describes, declared }: Known,
  paths: readonly GraphPath[],
  kind: 'accompanies' | 'goes-along',
): Promise<readonly FactSource[]> => {
  const found: FactSource[] = [];
  for (const duty of declared.filter((one) => one.kind === 'fiscal')) {
    for (const path of paths.filter(({ to }) => to === duty.object)) {
      const relation = relationOf(await describes.fetch(path.object), path.via);
      if (relation === null || relation === undefined) continue;
      const via = `${relation}.${duty.via}`;
      found.push({
        ...{ key: `${path.object}.${via}`, kind, object: path.object, via, to: duty.to },
        ...{ where: [], optional: true, shared: false },
      });
    }
  }
  return [...new Map(found.map((source) => [`${source.key} ${source.to}`, source])).values()];
};

/** Rows about the gift alone (its payments) go into the archive with it. */
const accompanying = (known: Known): Promise<readonly FactSource[]> =>
  hanging(
    known,
    known.paths.filter(({ shared }) => !shared),
    'accompanies',
  );

/** Rows about others too (a soft credit of somebody else) are not archived; the org may delete them with the gift. */
const goingAlong = async (known: Known): Promise<readonly FactSource[]> => {
  const edges: GraphPath[] = [];
  for (const path of [...known.paths.filter(({ shared }) => shared), ...known.upward]) {
    const children = (await known.describes.fetch(path.to))?.children ?? [];
    const isDeleted = children.some(
      ({ childObject, field, cascadeDelete }) => cascadeDelete && childObject === path.object && field === path.via,
    );
    if (isDeleted) edges.push(path);
  }
  return hanging(known, edges, 'goes-along');
};

/** What the actions of these rules read beside what decides. */
export const actionNeeds = async (
  known: Known,
  spec: PeopleSpec,
  rules: readonly RuleInForce[],
): Promise<ActionNeeds> => {
  const isMore = rules.some(
    ({ rule, needs }) => rule.action !== 'purge' || rule.categories !== undefined || needs !== undefined,
  );
  if (!isMore) return { whole: [], sources: [] };
  const archives = rules.some(({ rule }) => rule.action === 'archive');
  const restricts = rules.some(({ rule }) => rule.action === 'restrict');
  const sources = archives ? [...(await accompanying(known)), ...(await goingAlong(known))] : [];
  const duties = archives ? known.declared.filter(({ kind }) => kind === 'fiscal') : [];
  const own = spec.links.filter(({ isOwn }) => isOwn).flatMap(({ to }) => to);
  const restricted = restricts
    ? known.law.packs.flatMap((pack) => pack.restrictionFields.map(({ object }) => object))
    : [];
  const whole = [spec.object, ...[...duties, ...sources].map(({ object }) => object)];
  return { whole: [...new Set([...whole, ...own.filter((object) => restricted.includes(object))])].sort(), sources };
};
