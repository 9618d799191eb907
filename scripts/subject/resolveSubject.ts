import type { OrgModel } from '../model/orgModel.ts';
import type { ReportProgress } from '../model/progress.ts';
import { edgesFrom, type Edge } from './edges.ts';
import type { PathStep, RecordReference, SubjectGraph, SubjectItem } from './graph.ts';
import type { EdgeRow, RowSource } from './rowSource.ts';
import { markSharedDocuments } from './sharedDocuments.ts';

export type SubjectPorts = { readonly rows: RowSource; readonly report?: ReportProgress };

type Found = {
  readonly item: RecordReference & { readonly shared: boolean; readonly deleted: boolean };
  readonly step: PathStep | undefined;
};
type Known = Map<string, Found>;
type Walk = {
  readonly model: OrgModel;
  readonly ports: SubjectPorts;
  readonly known: Known;
  readonly rootIds: ReadonlySet<string>;
};

const stepKey = (step: PathStep | undefined): string =>
  step === undefined ? '' : `${step.lookup}>${step.from.object}>${step.from.id}`;

const groupIds = (references: readonly RecordReference[]): ReadonlyMap<string, readonly string[]> => {
  const groups = new Map<string, string[]>();
  for (const { object, id } of references) {
    const known = groups.get(object);
    if (known === undefined) groups.set(object, [id]);
    else known.push(id);
  }
  return groups;
};

const isSomebodyElses = (walk: Walk, edge: Edge, row: EdgeRow): boolean =>
  edge.others && row.extra.some((id) => id !== row.target && !walk.rootIds.has(id) && !walk.known.has(id));

const foundBy = (edge: Edge, from: string, row: EdgeRow, shared: boolean): Found => {
  const down = edge.direction === 'down';
  const to: RecordReference = { object: edge.finds, id: down ? row.id : row.target };
  const source: RecordReference = { object: from, id: down ? row.target : row.id };
  return {
    item: { ...to, shared, deleted: down && row.deleted },
    step: {
      from: source,
      to,
      lookup: `${edge.query.object}.${edge.query.via}`,
      role: edge.role,
      origin: edge.origin,
    },
  };
};

/** Rows met on every edge out of one level. */
const meet = async function* (
  walk: Walk,
  level: readonly RecordReference[],
  take: (edge: Edge) => boolean,
): AsyncIterable<{ readonly edge: Edge; readonly from: string; readonly row: EdgeRow }> {
  for (const [from, ids] of groupIds(level)) {
    for (const edge of edgesFrom(walk.model, from).filter(take)) {
      const read = edge.direction === 'down' ? walk.ports.rows.pointingTo : walk.ports.rows.pointedFrom;
      for await (const row of read(edge.query, ids)) yield { edge, from, row };
    }
  }
};

/** Records one step further; the smallest step explains a record, so that order does not matter. */
const nextLevel = async (
  walk: Walk,
  level: readonly RecordReference[],
  take: (edge: Edge) => boolean,
  shared: boolean,
): Promise<readonly Found[]> => {
  const found = new Map<string, Found>();
  for await (const { edge, from, row } of meet(walk, level, take)) {
    const next = foundBy(edge, from, row, shared);
    const better = found.get(next.item.id);
    if (walk.known.has(next.item.id) || isSomebodyElses(walk, edge, row)) continue;
    if (better === undefined || stepKey(next.step) < stepKey(better.step)) found.set(next.item.id, next);
  }
  return [...found.values()];
};

const explore = async (
  walk: Walk,
  start: readonly RecordReference[],
  take: (edge: Edge) => boolean,
  shared: boolean,
): Promise<void> => {
  let level = start;
  while (level.length > 0) {
    const found = await nextLevel(walk, level, take, shared);
    for (const one of found) walk.known.set(one.item.id, one);
    level = found.map((one) => one.item);
    walk.ports.report?.({ stage: 'subject.graph', done: walk.known.size });
  }
};

const explanation = (known: Known, id: string): readonly PathStep[] => {
  const steps: PathStep[] = [];
  for (let at = known.get(id)?.step; at !== undefined; at = known.get(at.from.id)?.step) steps.unshift(at);
  return steps;
};

const inOrder = (a: SubjectItem, b: SubjectItem): number => {
  if (a.steps.length !== b.steps.length) return a.steps.length - b.steps.length;
  const [left, right] = [`${a.object}>${a.id}`, `${b.object}>${b.id}`];
  return left < right ? -1 : left > right ? 1 : 0;
};

/**
 * All records of one data subject, from one or several root records, along the edges of the model to any depth, each
 * with the shortest path that explains it. Records that also tell about others (`shared`) are found, but only edges that
 * are themselves shared lead on from them, so that the graph never walks into another person's. Cycles end: a record is
 * visited once. The result does not depend on the order in which rows arrive.
 */
export const resolveSubject = async (
  roots: readonly RecordReference[],
  model: OrgModel,
  ports: SubjectPorts,
): Promise<SubjectGraph> => {
  const known: Known = new Map();
  for (const root of roots) known.set(root.id, { item: { ...root, shared: false, deleted: false }, step: undefined });
  const walk: Walk = { model, ports, known, rootIds: new Set(roots.map((root) => root.id)) };
  await explore(walk, roots, (edge) => !edge.shared, false);
  const own = [...known.values()].map((one) => one.item);
  await explore(walk, own, (edge) => edge.shared, true);
  const items = [...known.values()].map(({ item }): SubjectItem => ({ ...item, steps: explanation(known, item.id) }));
  return { roots, items: (await markSharedDocuments(items, model, ports.rows)).toSorted(inOrder) };
};
