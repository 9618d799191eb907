import type { FileOfPerson, RowOfPerson } from '../disposal/anonymisePerson.ts';
import { isHistoryObject } from '../model/discoverPaths.ts';
import type { Treatments } from '../model/treatments.ts';
import type { DescribedObject } from '../org/port.ts';
import { strengthOf } from '../plan/operations/orderEdges.ts';
import { textIn } from '../plan/operations/values.ts';
import { junctionsOf } from '../subject/linkedIds.ts';
import type { GraphRow, PeopleGraphs } from '../subject/peopleGraphs.ts';

/** What is known when a graph becomes rows to anonymise. */
export type GraphKnowledge = Pick<PeopleGraphs, 'describes' | 'model'> & {
  readonly treatments: Pick<Treatments, 'rows' | 'feeds'>;
  /** The person's own record, which the graph begins with. */
  readonly person: string;
  /** A row that others share, or another record of the person, that stays as it is. */
  readonly isLeft: (row: GraphRow) => boolean;
  /** What a row becomes that is rewritten; undefined where that is not known. */
  readonly recordOf: (row: GraphRow) => Pick<RowOfPerson, 'record' | 'isTied'>;
};

export type RowsOfGraph = {
  readonly rows: readonly RowOfPerson[];
  readonly files: readonly FileOfPerson[];
  /** Rows of history and feeds by the record they tell of and their object. */
  readonly known: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;
  /** By record that goes: rows that the org deletes with it. */
  readonly along: ReadonlyMap<string, readonly GraphRow[]>;
};

const STAFF = 'User';

const histories = (graph: readonly GraphRow[]): RowsOfGraph['known'] => {
  const known = new Map<string, Map<string, string[]>>();
  for (const { object, id, from } of graph) {
    if (!isHistoryObject(object) || from === null) continue;
    const own = known.get(from) ?? new Map<string, string[]>();
    known.set(from, own.set(object, [...(own.get(object) ?? []), id]));
  }
  return known;
};

const isDeleted = ({ treatments, describes }: GraphKnowledge, { object }: GraphRow): boolean =>
  treatments.rows[object] === 'delete' && describes.get(object)?.deletable === true;

/** Others than the person whom a file, message or activity is linked to. */
const tellsOfOthers = ({ model }: GraphKnowledge, { linked }: GraphRow, own: ReadonlySet<string>): boolean => {
  const people = new Set(
    model.people.flatMap(({ object }) => (object === STAFF ? [] : [model.objects.get(object)?.keyPrefix])),
  );
  return linked.some((id) => people.has(id.slice(0, 3)) && !own.has(id));
};

const lookupsOf = ({ fields }: DescribedObject): readonly string[] =>
  fields.filter(({ referenceTo }) => referenceTo.length > 0).map(({ name }) => name);

/** The record among those that go with which the org deletes a row. */
const parentOf = (
  { describes }: GraphKnowledge,
  row: GraphRow,
  going: ReadonlyMap<string, GraphRow>,
): string | undefined => {
  const described = describes.get(row.object);
  if (described === undefined || row.row === undefined) return undefined;
  const { object, id, row: values } = row;
  return lookupsOf(described)
    .map((field) => ({ field, parent: going.get(textIn(values, field)) }))
    .flatMap(({ field, parent }) => {
      if (parent === undefined || parent.id === id) return [];
      const link = { object, id, field, to: parent.id, toObject: parent.object };
      return strengthOf(describes, link) === 'cascade' ? [parent.id] : [];
    })
    .sort()[0];
};

/** By record that goes by a step of its own: what goes along, to any depth. */
const goingAlong = (
  known: GraphKnowledge,
  graph: readonly GraphRow[],
  going: ReadonlyMap<string, GraphRow>,
): ReadonlyMap<string, readonly GraphRow[]> => {
  const parents = new Map<string, string>();
  const reach = new Map(going);
  for (let before = -1; before !== parents.size;) {
    before = parents.size;
    for (const row of graph) {
      if (parents.has(row.id) || row.id === known.person) continue;
      const parent = parentOf(known, row, reach);
      if (parent === undefined || topOf(parents, parent) === row.id) continue;
      parents.set(row.id, parent);
      reach.set(row.id, row);
    }
  }
  const along = new Map<string, GraphRow[]>();
  for (const row of graph) {
    const top = topOf(parents, row.id);
    if (top !== row.id) along.set(top, [...(along.get(top) ?? []), row]);
  }
  return along;
};

const topOf = (parents: ReadonlyMap<string, string>, id: string): string => {
  let top = id;
  for (let next = parents.get(top); next !== undefined; next = parents.get(top)) top = next;
  return top;
};

const fileOf = (
  known: GraphKnowledge,
  row: GraphRow,
  from: { readonly graph: readonly GraphRow[]; readonly own: ReadonlySet<string>; readonly along: readonly GraphRow[] },
): FileOfPerson => {
  const { object, id } = row;
  const ties = junctionsOf(known.model)
    .filter(({ to }) => to === object)
    .flatMap((junction) =>
      from.graph
        .filter((one) => one.object === junction.object && textIn(one.row ?? {}, junction.via) === id)
        .map((one) => ({
          ...{ object: one.object, id: one.id },
          to: junction.extra.map((anchor) => textIn(one.row ?? {}, anchor)).find((to) => from.own.has(to)) ?? '',
        })),
    );
  const tied = new Set(ties.map((tie) => tie.id));
  return {
    ...{ document: { object, id }, ties },
    isShared: row.shared || tellsOfOthers(known, row, from.own),
    goesWith: from.along.map((one) => one.id).filter((one) => !tied.has(one)),
  };
};

/**
 * A person's graph as rows to anonymise: what the org deletes with something else needs no step, files, messages and
 * activities that others share lose only what ties them to the person, history belongs to the record it tells of. Pure.
 */
export const rowsOfGraph = (known: GraphKnowledge, graph: readonly GraphRow[]): RowsOfGraph => {
  const own = new Set(graph.filter(({ shared }) => !shared).map(({ id }) => id));
  const linkable = new Set(junctionsOf(known.model).map(({ to }) => to));
  const living = graph.filter(({ object, deleted }) => !deleted && !isHistoryObject(object));
  const isFile = (row: GraphRow): boolean =>
    linkable.has(row.object) && isDeleted(known, row) && (row.linked.length > 0 || row.shared);
  const goes = (row: GraphRow): boolean =>
    isDeleted(known, row) && !row.shared && !(isFile(row) && tellsOfOthers(known, row, own));
  const along = goingAlong(known, living, new Map(living.filter(goes).map((row) => [row.id, row])));
  const gone = new Set([...along.values()].flat().map(({ id }) => id));
  const inBin = graph.filter(({ object, deleted, shared }) => deleted && !shared && !isHistoryObject(object));
  const lying = new Map(inBin.map((row) => [row.id, row]));
  // what was deleted with its record is emptied with it
  const binned = inBin.filter((row) => parentOf(known, row, lying) === undefined);
  const stepped = living.filter(({ id }) => id !== known.person && !gone.has(id));
  const files = stepped.filter(isFile);
  const junctions = new Set(files.flatMap(({ id }) => (along.get(id) ?? []).map((one) => one.id)));
  return {
    known: histories(graph),
    along,
    files: files.map((row) => fileOf(known, row, { graph: living, own, along: along.get(row.id) ?? [] })),
    rows: [
      ...stepped
        .filter((row) => !isFile(row) && !junctions.has(row.id))
        .map((row): RowOfPerson => {
          const { object, id } = row;
          const isShared = known.isLeft(row) || (known.treatments.rows[object] === 'delete' && !isDeleted(known, row));
          const goesWith = (along.get(id) ?? []).map((one) => one.id);
          return { object, id, isShared, goesWith, ...known.recordOf(row) };
        }),
      ...binned.map(({ object, id }) => ({ object, id, isShared: false, isBinned: true })),
    ],
  };
};
