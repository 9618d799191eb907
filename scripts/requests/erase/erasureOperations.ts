import { nameOf, type PlannedOperation } from '../../disposal/contract.ts';
import { isHistoryObject } from '../../model/discoverPaths.ts';
import type { PlanDecision } from '../../model/plan.ts';
import { strengthOf, type RecordLink } from '../../plan/operations/orderEdges.ts';
import type { Values } from '../../plan/undo/beforeImages.ts';
import { archiveDuties, type ArchivedDuties } from './archiveDuties.ts';
import { isTaken, type Decided, type ErasureFacts } from './contract.ts';
import { canLetGo, releaseOf, tiesOf, type Ties } from './decideItems.ts';
import { emptiedValues, type Fingerprint } from './emptiedValues.ts';
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

/** History rows in one step. */
const ROWS_PER_STEP = 200;

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

/** Objects in which the org writes old values of a record, by the lookup that names it. */
const historiesOf = ({ describes }: ErasureFacts, object: string): readonly { object: string; via: string }[] =>
  (describes.get(object)?.children ?? [])
    .filter(({ childObject }) => isHistoryObject(childObject) && describes.get(childObject)?.deletable === true)
    .map(({ childObject, field }) => ({ object: childObject, via: field }));

/**
 * History of records that stay: what is there and what their emptying itself writes. That of records that go is the
 * org's to delete.
 */
const histories = (
  { facts, items, going }: Making,
  emptied: ReadonlySet<string>,
  after: readonly string[],
): readonly PlannedOperation[] => {
  const parents = new Map(facts.records.map(({ item }) => [item.id, item.steps.at(-1)?.from.id]));
  const known = new Map<string, string[]>();
  for (const { object, id, decision } of items) {
    const parent = parents.get(id);
    if (decision !== 'delete' || !isHistoryObject(object) || parent === undefined) continue;
    known.set(`${object} ${parent}`, [...(known.get(`${object} ${parent}`) ?? []), id]);
  }
  return items.flatMap((item) =>
    going.has(item.id)
      ? []
      : historiesOf(facts, item.object).flatMap(({ object, via }): readonly PlannedOperation[] => {
          const rows = known.get(`${object} ${item.id}`) ?? [];
          if (rows.length === 0 && !emptied.has(item.id)) return [];
          const historyIds = rows.toSorted().slice(0, ROWS_PER_STEP);
          return [
            operation({
              ...{ operation: 'deleteHistory', object, id: item.id, part: object, dependsOn: after },
              payload: { historyOf: via, ...(historyIds.length === 0 ? {} : { historyIds }) },
            }),
          ];
        }),
  );
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

const changes = (making: Making, fingerprint: Fingerprint, after: readonly string[]) => {
  const { facts } = making;
  const records = new Map(facts.records.map((record) => [record.item.id, record]));
  const operations: PlannedOperation[] = [];
  const fields = new Map<string, readonly string[]>();
  const emptied = new Set<string>();
  for (const item of making.items) {
    const record = records.get(item.id);
    if (record === undefined || item.binned) continue;
    const { object, id } = item;
    const lookups = released(making, item);
    if (Object.keys(lookups).length > 0)
      operations.push(
        operation({ operation: 'update', object, id, part: 'unlink', payload: { values: { ...lookups } } }),
      );
    const isEmptied = item.decision === 'anonymise' || item.decision === 'keep';
    const values = isEmptied ? emptiedValues(item, record, facts, fingerprint) : {};
    fields.set(id, [...Object.keys(lookups), ...Object.keys(values)].sort());
    if (Object.keys(lookups).length > 0 || Object.keys(values).length > 0) emptied.add(id);
    if (Object.keys(values).length === 0) continue;
    operations.push(
      operation({
        operation: 'update',
        object,
        id,
        part: 'empty',
        payload: { values: { ...values } },
        dependsOn: after,
      }),
    );
  }
  return { operations, fields, emptied };
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
  const changed = changes(making, fingerprint, after);
  const links = rowLinks(facts);
  return {
    operations: [...gone, ...emptyings(making), ...changed.operations, ...histories(making, changed.emptied, after)],
    links,
    archived: archived?.subject,
    effects: effectsOf(making, links),
    items: items.map((item) => ({
      ...item,
      fields: [...new Set([...item.fields, ...(changed.fields.get(item.id) ?? [])])].sort(),
    })),
  };
};
