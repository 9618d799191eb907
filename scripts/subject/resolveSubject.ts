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
/** One person's graph while it grows. */
type Walk = {
  readonly known: Known;
  readonly rootIds: ReadonlySet<string>;
  /** Found in the step before: what is followed next. */
  level: readonly RecordReference[];
};
type Together = { readonly model: OrgModel; readonly ports: SubjectPorts; readonly walks: readonly Walk[] };

const stepKey = (step: PathStep | undefined): string =>
  step === undefined ? '' : `${step.lookup}>${step.from.object}>${step.from.id}`;

type Holders = ReadonlyMap<string, readonly Walk[]>;

/** By object: which record is on whose present level. */
const levelsOf = (walks: readonly Walk[]): ReadonlyMap<string, Holders> => {
  const groups = new Map<string, Map<string, Walk[]>>();
  for (const walk of walks) {
    for (const { object, id } of walk.level) {
      const group = groups.get(object) ?? new Map<string, Walk[]>();
      groups.set(object, group.set(id, [...(group.get(id) ?? []), walk]));
    }
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

type Met = { readonly walks: readonly Walk[]; readonly edge: Edge; readonly from: string; readonly row: EdgeRow };

/** Rows met on every edge out of the present levels: one query answers for everybody. */
const meet = async function* ({ model, ports, walks }: Together, take: (edge: Edge) => boolean): AsyncIterable<Met> {
  for (const [from, holders] of levelsOf(walks)) {
    for (const edge of edgesFrom(model, from).filter(take)) {
      const isDown = edge.direction === 'down';
      const read = isDown ? ports.rows.pointingTo : ports.rows.pointedFrom;
      for await (const row of read(edge.query, [...holders.keys()]))
        yield { walks: holders.get(isDown ? row.target : row.id) ?? [], edge, from, row };
    }
  }
};

/** Records one step further; the smallest step explains a record, so that order does not matter. */
const nextLevels = async (
  together: Together,
  take: (edge: Edge) => boolean,
  shared: boolean,
): Promise<ReadonlyMap<Walk, ReadonlyMap<string, Found>>> => {
  const levels = new Map(together.walks.map((walk) => [walk, new Map<string, Found>()]));
  for await (const { walks, edge, from, row } of meet(together, take)) {
    const next = foundBy(edge, from, row, shared);
    for (const walk of walks) {
      const found = levels.get(walk);
      const better = found?.get(next.item.id);
      if (walk.known.has(next.item.id) || isSomebodyElses(walk, edge, row)) continue;
      if (better === undefined || stepKey(next.step) < stepKey(better.step)) found?.set(next.item.id, next);
    }
  }
  return levels;
};

const explore = async (together: Together, take: (edge: Edge) => boolean, shared: boolean): Promise<void> => {
  const { walks, ports } = together;
  while (walks.some(({ level }) => level.length > 0)) {
    for (const [walk, found] of await nextLevels(together, take, shared)) {
      for (const [id, one] of found) walk.known.set(id, one);
      walk.level = [...found.values()].map(({ item }) => item);
    }
    ports.report?.({ stage: 'subject.graph', done: walks.reduce((sum, { known }) => sum + known.size, 0) });
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

const startAt = (roots: readonly RecordReference[]): Walk => ({
  known: new Map(roots.map((root) => [root.id, { item: { ...root, shared: false, deleted: false }, step: undefined }])),
  rootIds: new Set(roots.map((root) => root.id)),
  level: roots,
});

/**
 * The graphs of several data subjects, each from its own roots and as if it were looked for alone; an edge is asked once
 * for all of them, so that calls do not grow with people as long as their ids fit into one query.
 */
export const resolveSubjects = async (
  people: readonly (readonly RecordReference[])[],
  model: OrgModel,
  ports: SubjectPorts,
): Promise<readonly SubjectGraph[]> => {
  const walks = people.map(startAt);
  const together: Together = { model, ports, walks };
  await explore(together, (edge) => !edge.shared, false);
  for (const walk of walks) walk.level = [...walk.known.values()].map((one) => one.item);
  await explore(together, (edge) => edge.shared, true);
  const found = walks.map(({ known }) =>
    [...known.values()].map(({ item }): SubjectItem => ({ ...item, steps: explanation(known, item.id) })),
  );
  const marked = await markSharedDocuments(found, model, ports.rows);
  return people.map((roots, at) => ({ roots, items: (marked[at] ?? []).toSorted(inOrder) }));
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
  const [graph] = await resolveSubjects([roots], model, ports);
  return graph ?? { roots, items: [] };
};
