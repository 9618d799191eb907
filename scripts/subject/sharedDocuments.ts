import type { OrgModel } from '../model/orgModel.ts';
import type { SubjectItem } from './graph.ts';
import type { RowSource } from './rowSource.ts';

type Documents = { readonly ids: ReadonlySet<string>; readonly shared: Set<string> };

/** Who holds which document that a junction leads to. */
const holdersOf = (
  people: readonly (readonly SubjectItem[])[],
  object: string,
): ReadonlyMap<string, readonly number[]> => {
  const holders = new Map<string, number[]>();
  people.forEach((items, at) => {
    for (const item of items) {
      if (item.object === object) holders.set(item.id, [...(holders.get(item.id) ?? []), at]);
    }
  });
  return holders;
};

const peoplePrefixesOf = (model: OrgModel): ReadonlySet<string | null | undefined> =>
  new Set(
    model.people
      .filter((person) => person.object !== 'User')
      .map((person) => model.objects.get(person.object)?.keyPrefix),
  );

/**
 * A file or message may be linked to other people as well: it is the person's, and also tells about them. Looks at the
 * other ends of the junctions (`ContentDocumentLink`, `EmailMessageRelation`) that led to it, and marks it, with all
 * that was reached through it, as shared when one of them is a person outside the graph. Of several people each graph is
 * judged by itself.
 */
export const markSharedDocuments = async (
  people: readonly (readonly SubjectItem[])[],
  model: OrgModel,
  rows: RowSource,
): Promise<readonly (readonly SubjectItem[])[]> => {
  const prefixes = peoplePrefixesOf(model);
  const known = people.map((items): Documents => ({ ids: new Set(items.map(({ id }) => id)), shared: new Set() }));
  for (const junction of model.upward.filter((path) => !path.shared)) {
    const anchors = [
      ...model.anywhere.filter((path) => path.object === junction.object).map((path) => path.via),
      ...model.paths.filter((path) => path.object === junction.object).map((path) => path.via),
    ].filter((via) => via !== junction.via);
    const holders = holdersOf(people, junction.to);
    if (anchors.length === 0 || holders.size === 0) continue;
    const edge = { object: junction.object, via: junction.via, extra: [...new Set(anchors)], marksDeleted: false };
    for await (const row of rows.pointingTo(edge, [...holders.keys()])) {
      const named = row.extra.filter((id) => prefixes.has(id.slice(0, 3)));
      const owners = (holders.get(row.target) ?? []).flatMap((at) => known[at] ?? []);
      for (const one of owners.filter(({ ids }) => named.some((id) => !ids.has(id)))) one.shared.add(row.target);
    }
  }
  return people.map((items, at) => {
    const shared = known[at]?.shared ?? new Set<string>();
    const isShared = (item: SubjectItem): boolean =>
      item.shared || shared.has(item.id) || item.steps.some((step) => shared.has(step.from.id));
    return items.map((item) => (isShared(item) ? { ...item, shared: true } : item));
  });
};
