import type { OrgModel } from '../model/orgModel.ts';
import type { SubjectItem } from './graph.ts';
import type { EdgeQuery, RowSource } from './rowSource.ts';

/** A junction read from the side of what it joins: `ContentDocumentLink`, `EmailMessageRelation`, `TaskRelation`. */
export const junctionsOf = (model: OrgModel): readonly (EdgeQuery & { readonly to: string })[] => {
  const people = new Set(model.people.map((person) => person.object));
  return model.upward
    .filter((path) => !people.has(path.object) && !people.has(path.to))
    .map((path) => {
      const ends = [...model.anywhere, ...model.paths].filter(
        (one) => one.object === path.object && one.via !== path.via,
      );
      const extra = [...new Set(ends.map((one) => one.via))];
      return { object: path.object, via: path.via, extra, marksDeleted: false, to: path.to };
    })
    .filter((edge) => edge.extra.length > 0);
};

/** For each file, message, task or meeting of the graph: the ids of all records it is linked to. */
export const readLinkedIds = async (
  items: readonly SubjectItem[],
  model: OrgModel,
  rows: RowSource,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> => {
  const linked = new Map<string, Set<string>>();
  for (const { to, ...edge } of junctionsOf(model)) {
    const targets = items.filter((item) => item.object === to).map((item) => item.id);
    if (targets.length === 0) continue;
    for await (const row of rows.pointingTo(edge, targets)) {
      const known = linked.get(row.target) ?? new Set<string>();
      for (const id of row.extra) known.add(id);
      linked.set(row.target, known);
    }
  }
  return linked;
};
