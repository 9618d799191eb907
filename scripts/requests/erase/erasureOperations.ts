import { traceOperations } from '../../disposal/anonymiseRecord.ts';
import { nameOf, type PlannedOperation } from '../../disposal/contract.ts';
import { isHistoryObject } from '../../model/discoverPaths.ts';
import type { PlanDecision } from '../../model/plan.ts';
import { strengthOf, type RecordLink } from '../../plan/operations/orderEdges.ts';
import type { Values } from '../../plan/undo/beforeImages.ts';
import type { ReadRecord } from '../readRecords.ts';
import { archiveDuties, type ArchivedDuties } from './archiveDuties.ts';
import { isTaken, type Decided, type ErasureFacts } from './contract.ts';
import { canLetGo, releaseOf, tiesOf, type Ties } from './decideItems.ts';
import { emptyRecord, tracesOfErasure, type Fingerprint } from './emptiedValues.ts';
import { goingAlong, type GoingAlong } from './goingAlong.ts';
import { rowLinks } from './rowLinks.ts';

export type ErasurePlanned = {
  readonly operations: readonly PlannedOperation[];
  /** Lookups that order the steps. */
  readonly links: readonly RecordLink[];
  readonly effects: PlanDecision['effects'];
  /** Whose key seals the archive; undefined when there is none. */
  readonly archived: ArchivedDuties['subject'] | undefined;
  /** The decisions, with the fields that are emptied. */
  readonly items: readonly Decided[];
};

type Making = {
  readonly facts: ErasureFacts;
  readonly items: readonly Decided[];
  readonly going: ReadonlySet<string>;
  readonly along: GoingAlong;
  readonly ties: Ties;
  readonly archived: ArchivedDuties | undefined;
};

const operation = (
  one: Pick<PlannedOperation, 'operation' | 'object' | 'id'> & Partial<PlannedOperation>,
): PlannedOperation => ({ wave: 0, goesWith: [], ...one });

/** Whether the recycle bin takes rows of the object. */
const hasBin = ({ describes }: ErasureFacts, object: string): boolean => describes.get(object)?.undeletable === true;

const deletions = (making: Making): readonly PlannedOperation[] => {
  const { facts, along, going, ties, archived } = making;
  const goesFirst = (id: string): boolean =>
    (ties.from.get(id) ?? []).some((link) => going.has(link.to) && strengthOf(facts.describes, link) === 'restrict');
  const waits = archived?.waits ?? [];
  const freed = freedBy(making);
  const binned = along.stepped.filter(({ object }) => hasBin(facts, object));
  const inTwo = binned.flatMap(({ object, id }) => {
    const goesWith = (along.with.get(id) ?? []).map((one) => one.id);
    const after = [id, ...goesWith].flatMap((one) => freed.get(one) ?? []);
    return [
      operation({ operation: 'delete', object, id, goesWith, dependsOn: [...waits, ...after] }),
      operation({ operation: 'purge', object, id, goesWith: [] }),
    ];
  });
  // what no bin holds cannot be put back: it goes when nobody is put back any more
  const [anchor] = inTwo.filter((one) => one.operation === 'purge');
  const atOnce = along.stepped
    .filter(({ object }) => !hasBin(facts, object))
    .map(({ object, id }) =>
      operation({
        ...{ operation: 'delete', object, id, isFinal: true },
        goesWith: (along.with.get(id) ?? []).map((one) => one.id),
        dependsOn: anchor === undefined || goesFirst(id) ? waits : [nameOf(anchor)],
      }),
    );
  return [...inTwo, ...atOnce];
};

/** The archive and its rows; with a row goes what the org deletes along, and what no bin holds needs no emptying. */
const archiving = ({ facts, along, archived }: Making): readonly PlannedOperation[] =>
  (archived?.operations ?? [])
    .filter((one) => one.operation !== 'purge' || hasBin(facts, one.object))
    .map((one) =>
      one.operation === 'delete'
        ? { ...one, goesWith: [...new Set([...one.goesWith, ...(along.with.get(one.id) ?? []).map(({ id }) => id)])] }
        : one,
    );

/** Rows in the recycle bin that lie there by themselves: with a purged parent go those deleted with it. */
const emptyings = ({ facts, items, ties }: Making): readonly PlannedOperation[] => {
  const binned = new Map(items.filter((one) => one.binned && one.decision === 'delete').map((one) => [one.id, one]));
  const liesWithParent = (id: string): boolean =>
    (ties.from.get(id) ?? []).some((link) => binned.has(link.to) && strengthOf(facts.describes, link) === 'cascade');
  return [...binned.values()]
    .filter(({ object, id }) => hasBin(facts, object) && !liesWithParent(id))
    .map(({ object, id }) => operation({ operation: 'purge', object, id }));
};

/** By record: rows of its history that were found, by their object. */
const historyRows = ({ facts, items }: Making): ReadonlyMap<string, ReadonlyMap<string, readonly string[]>> => {
  const parents = new Map(facts.records.map(({ item }) => [item.id, item.steps.at(-1)?.from.id]));
  const known = new Map<string, Map<string, string[]>>();
  for (const { object, id, decision } of items) {
    const parent = parents.get(id);
    if (decision !== 'delete' || !isHistoryObject(object) || parent === undefined) continue;
    const own = known.get(parent) ?? new Map<string, string[]>();
    known.set(parent, own.set(object, [...(own.get(object) ?? []), id]));
  }
  return known;
};

/** Lookups that an item that stays must let go of before or instead of a deletion. */
const released = ({ facts, going, ties }: Making, item: Decided): Values => {
  const people = new Set(facts.roots.map(({ id }) => id));
  const isMarked = item.decision === 'unlink' || item.code === 'kept-as-proof';
  if (isTaken(item) || item.decision === 'cannot') return {};
  const links = (ties.from.get(item.id) ?? []).filter((link) => canLetGo(facts, link));
  const wanted = links.filter((link) => {
    const binds = going.has(link.to) && strengthOf(facts.describes, link) !== 'tidy';
    return binds || (isMarked && (going.has(link.to) || people.has(link.to)));
  });
  return Object.assign({}, ...wanted.map((link) => releaseOf(facts, link) ?? { [link.field]: null })) as Values;
};

/** By record that goes: changes that must have let go of it before, where the lookup itself does not tell the order. */
const freedBy = ({ facts, items, going, ties }: Making): ReadonlyMap<string, readonly string[]> => {
  const names = new Map<string, string[]>();
  for (const item of items) {
    if (isTaken(item) || item.binned || item.decision === 'cannot') continue;
    const freed = (ties.from.get(item.id) ?? []).filter((link) => going.has(link.to) && releaseOf(facts, link));
    const name = nameOf({ operation: 'update', id: item.id, part: 'unlink' });
    for (const { to } of freed) names.set(to, [...(names.get(to) ?? []), name]);
  }
  return names;
};

type Changes = {
  readonly operations: PlannedOperation[];
  /** By record: fields that are written. */
  readonly fields: Map<string, readonly string[]>;
};

type Changing = { readonly making: Making; readonly fingerprint: Fingerprint; readonly after: readonly string[] };

type History = ReadonlyMap<string, readonly string[]>;
const NO_HISTORY: History = new Map();

/** The record as the action *anonymise* leaves it, once nothing is put back any more; none when it looks so already. */
const emptying = (
  { making: { facts }, fingerprint }: Changing,
  { item, record, known }: { readonly item: Decided; readonly record: ReadRecord; readonly known: History },
): readonly PlannedOperation[] => {
  if (item.decision !== 'anonymise' && item.decision !== 'keep') return [];
  const { operations } = emptyRecord(item, record, facts, { fingerprint, known });
  const isChanged = operations.some((one) => one.operation === 'update');
  return isChanged ? operations.map((one) => (one.operation === 'update' ? { ...one, part: 'empty' } : one)) : [];
};

const written = (operations: readonly PlannedOperation[]): readonly string[] =>
  operations.flatMap(({ payload }) => Object.keys(payload?.values ?? {}));

/**
 * Records that stay: lookups that let go of what goes, values that are written over, and the history of both. That of
 * records that go is the org's to delete.
 */
const changes = (changing: Changing): Changes => {
  const { making, after } = changing;
  const { facts, going } = making;
  const records = new Map(facts.records.map((record) => [record.item.id, record]));
  const rows = historyRows(making);
  const made: Changes = { operations: [], fields: new Map() };
  for (const item of making.items) {
    const { object, id, binned } = item;
    const record = binned ? undefined : records.get(id);
    const known = rows.get(id) ?? NO_HISTORY;
    const lookups = record === undefined ? {} : released(making, item);
    const isLetGo = Object.keys(lookups).length > 0;
    if (isLetGo)
      made.operations.push(
        operation({ operation: 'update', object, id, part: 'unlink', payload: { values: { ...lookups } } }),
      );
    const emptied = record === undefined ? [] : emptying(changing, { item, record, known });
    if (record !== undefined) made.fields.set(id, [...Object.keys(lookups), ...written(emptied)].sort());
    const described = facts.describes.get(object);
    const left =
      emptied.length > 0 || going.has(id) || described === undefined
        ? emptied
        : traceOperations(id, described, { ...tracesOfErasure(facts), feeds: [], known }, isLetGo);
    made.operations.push(...left.map((one) => ({ ...one, wave: 0, dependsOn: after })));
  }
  return made;
};

type Effects = PlanDecision['effects'];

const counter = () => {
  const counts = new Map<string, Effects[number]>();
  return {
    add: (object: string, effect: Effects[number]['effect']): void => {
      const key = `${object} ${effect}`;
      counts.set(key, { object, effect, count: (counts.get(key)?.count ?? 0) + 1 });
    },
    all: (): Effects => [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, effect]) => effect),
  };
};

/** Lookups that the org empties by itself when what they name goes. */
const emptiedByOrg = (
  making: Making,
  links: readonly RecordLink[],
  gone: ReadonlySet<string>,
): readonly RecordLink[] => {
  const byId = new Map(making.items.map((item) => [item.id, item]));
  return links.filter((link) => {
    const item = byId.get(link.id);
    if (gone.has(link.id) || !making.going.has(link.to) || item?.binned === true) return false;
    const isReleased = item !== undefined && link.field in released(making, item);
    return !isReleased && strengthOf(making.facts.describes, link) === 'tidy';
  });
};

const effectsOf = (making: Making, links: readonly RecordLink[]): Effects => {
  const { items, going, along } = making;
  const { add, all } = counter();
  const others = [...along.with.values()].flat();
  for (const { object } of others) add(object, 'cascade');
  const gone = new Set([...going, ...others.map(({ id }) => id)]);
  for (const { object } of emptiedByOrg(making, links, gone)) add(object, 'unlinked');
  for (const { object, decision } of items) if (decision === 'leave' || decision === 'cannot') add(object, 'left');
  return all();
};

/**
 * What the decisions ask of the org, as operations of the closed set; pure. What can be put back goes first, and only
 * when its deletion was read back and the decision taken once more, the recycle bin is emptied, values are overwritten
 * and history goes.
 */
export const erasureOperations = (
  facts: ErasureFacts,
  items: readonly Decided[],
  fingerprint: Fingerprint,
): ErasurePlanned => {
  const going = new Set(
    items.filter((item) => isTaken(item) && !item.binned && !isHistoryObject(item.object)).map(({ id }) => id),
  );
  const ties = tiesOf(facts);
  const archived = archiveDuties(facts, items, ties);
  const making: Making = { facts, items, going, along: goingAlong(facts, items, ties), ties, archived };
  const gone = [...archiving(making), ...deletions(making)];
  const [anchor] = [...gone, ...emptyings(making)].filter((one) => one.operation === 'purge');
  const after = anchor === undefined ? [] : [nameOf(anchor)];
  const changed = changes({ making, fingerprint, after });
  const links = rowLinks(facts);
  return {
    operations: [...gone, ...emptyings(making), ...changed.operations],
    links,
    archived: archived?.subject,
    effects: effectsOf(making, links),
    items: items.map((item) => ({
      ...item,
      fields: [...new Set([...item.fields, ...(changed.fields.get(item.id) ?? [])])].sort(),
    })),
  };
};
