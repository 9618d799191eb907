import type { OrgModel } from '../model/orgModel.ts';
import type { SubjectItem } from './graph.ts';
import type { RowSource } from './rowSource.ts';

/**
 * A file or message may be linked to other people as well: it is the person's, and also tells about them. Looks at the
 * other ends of the junctions (`ContentDocumentLink`, `EmailMessageRelation`) that led to it, and marks it, with all
 * that was reached through it, as shared when one of them is a person outside the graph.
 */
export const markSharedDocuments = async (
  items: readonly SubjectItem[],
  model: OrgModel,
  rows: RowSource,
): Promise<readonly SubjectItem[]> => {
  const inGraph = new Set(items.map((item) => item.id));
  const peoplePrefixes = new Set(
    model.people
      .filter((person) => person.object !== 'User')
      .map((person) => model.objects.get(person.object)?.keyPrefix),
  );
  const isOtherPerson = (id: string): boolean => !inGraph.has(id) && peoplePrefixes.has(id.slice(0, 3));
  const shared = new Set<string>();
  for (const junction of model.upward.filter((path) => !path.shared)) {
    const anchors = [
      ...model.anywhere.filter((path) => path.object === junction.object).map((path) => path.via),
      ...model.paths.filter((path) => path.object === junction.object).map((path) => path.via),
    ].filter((via) => via !== junction.via);
    const targets = items.filter((item) => item.object === junction.to).map((item) => item.id);
    if (anchors.length === 0 || targets.length === 0) continue;
    const edge = { object: junction.object, via: junction.via, extra: [...new Set(anchors)], marksDeleted: false };
    for await (const row of rows.pointingTo(edge, targets)) {
      if (row.extra.some(isOtherPerson)) shared.add(row.target);
    }
  }
  const isShared = (item: SubjectItem): boolean =>
    item.shared || shared.has(item.id) || item.steps.some((step) => shared.has(step.from.id));
  return items.map((item) => (isShared(item) ? { ...item, shared: true } : item));
};
