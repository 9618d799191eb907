import { isHistoryObject } from '../../model/discoverPaths.ts';
import { strengthOf } from '../../plan/operations/orderEdges.ts';
import { isTaken, type Decided, type ErasureFacts } from './contract.ts';
import type { Ties } from './decideItems.ts';

/** Which of the records that go are deleted by a step, and what the org deletes along with each. */
export type GoingAlong = {
  readonly stepped: readonly Decided[];
  /** By the record of a step: ids and objects of everything that goes with it. */
  readonly with: ReadonlyMap<string, readonly { readonly object: string; readonly id: string }[]>;
};

/**
 * Rows that the org deletes with a record that goes need no step: putting the record back brings them back too. A row
 * that forbids another one's deletion goes first, by a step of its own.
 */
export const goingAlong = (facts: ErasureFacts, items: readonly Decided[], ties: Ties): GoingAlong => {
  const { describes } = facts;
  const going = new Map(
    items
      .filter((item) => isTaken(item) && !item.binned && !isHistoryObject(item.object))
      .map((item) => [item.id, item]),
  );
  const linksOf = (id: string, strength: 'restrict' | 'cascade') =>
    (ties.from.get(id) ?? []).filter((link) => going.has(link.to) && strengthOf(describes, link) === strength);
  // the archive deletes its rows one by one, each as it was sealed
  const isArchived = (id: string): boolean => going.get(id)?.decision === 'archive';
  const ownerOf = (id: string, seen: ReadonlySet<string> = new Set()): string => {
    if (linksOf(id, 'restrict').length > 0 || isArchived(id)) return id;
    const parent = linksOf(id, 'cascade')
      .map(({ to }) => to)
      .filter((to) => !isArchived(to))
      .sort()
      .find((to) => !seen.has(to));
    return parent === undefined ? id : ownerOf(parent, new Set([...seen, id]));
  };
  const owners = new Map([...going.keys()].map((id) => [id, ownerOf(id)]));
  // records that would only go with each other are deleted by steps
  const isStepped = (id: string): boolean =>
    owners.get(id) === id || owners.get(owners.get(id) ?? id) !== owners.get(id);
  const along = new Map<string, { object: string; id: string }[]>();
  const add = (owner: string, one: { readonly object: string; readonly id: string }): void => {
    along.set(owner, [...(along.get(owner) ?? []), { object: one.object, id: one.id }]);
  };
  const hanging = new Map<string, ErasureFacts['hanging'][number][]>();
  for (const row of facts.hanging) hanging.set(row.to, [...(hanging.get(row.to) ?? []), row]);
  const placed = new Set<string>();
  const addHanging = (owner: string, to: string): void => {
    for (const row of hanging.get(to) ?? []) {
      if (placed.has(row.id) || going.has(row.id)) continue;
      placed.add(row.id);
      add(owner, row);
      addHanging(owner, row.id);
    }
  };
  for (const item of going.values()) {
    const owner = isStepped(item.id) ? item.id : (owners.get(item.id) ?? item.id);
    if (owner !== item.id) add(owner, item);
    addHanging(owner, item.id);
  }
  return { stepped: [...going.values()].filter(({ id }) => isStepped(id) && !isArchived(id)), with: along };
};
