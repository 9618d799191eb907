import { isHistoryObject } from '../../model/discoverPaths.ts';
import { strengthOf, type RecordLink } from '../../plan/operations/orderEdges.ts';
import type { Values } from '../../plan/undo/beforeImages.ts';
import { isTaken, type Decided, type ErasureFacts } from './contract.ts';
import { askingOf, firstDecisions, isSomebodyElse, type Asking } from './firstDecisions.ts';
import { rowLinks } from './rowLinks.ts';

/** Links by the record they name. */
export type Ties = {
  readonly to: ReadonlyMap<string, readonly RecordLink[]>;
  readonly from: ReadonlyMap<string, readonly RecordLink[]>;
};

const grouped = (links: readonly RecordLink[], by: (link: RecordLink) => string): ReadonlyMap<string, RecordLink[]> => {
  const groups = new Map<string, RecordLink[]>();
  for (const link of links) {
    const known = groups.get(by(link));
    if (known === undefined) groups.set(by(link), [link]);
    else known.push(link);
  }
  return groups;
};

export const tiesOf = (facts: ErasureFacts): Ties => {
  const links = rowLinks(facts);
  return { to: grouped(links, (link) => link.to), from: grouped(links, (link) => link.id) };
};

type Deciding = { readonly asking: Asking; readonly ties: Ties; readonly state: Map<string, Decided> };

const isGoing = ({ state }: Deciding, id: string): boolean => {
  const item = state.get(id);
  return item !== undefined && isTaken(item);
};

/** What is written for a lookup that is emptied by other fields alone; undefined where the org has not all of them. */
export const releaseOf = ({ describes, rules }: Letting, link: RecordLink): Values | undefined => {
  const rule = rules.releases.find(({ object, field }) => object === link.object && field === link.field);
  const fields = describes.get(link.object)?.fields ?? [];
  const isWritable = (name: string): boolean => fields.some((field) => field.name === name && field.updateable);
  return rule !== undefined && Object.keys(rule.values).every(isWritable) ? rule.values : undefined;
};
type Letting = Pick<ErasureFacts, 'describes' | 'rules'>;

/** Whether a lookup may be emptied, so that its row lets go of the record. */
export const canLetGo = (facts: Letting, link: RecordLink): boolean => {
  if (releaseOf(facts, link) !== undefined) return true;
  const field = facts.describes.get(link.object)?.fields.find(({ name }) => name === link.field);
  return field?.nillable === true && field.updateable;
};

/** Rows of a household that nobody found to be the person's may be those of somebody who left it. */
const mayBeOthers = ({ asking, state }: Deciding, link: RecordLink): boolean =>
  state.get(link.to)?.code === 'household-of-one' && asking.facts.model.objects.get(link.object)?.kind === 'related';

/** Whether a row that stays keeps the record it names from being deleted. */
const holdsBack = (deciding: Deciding, link: RecordLink): boolean => {
  const { asking, state } = deciding;
  const { describes } = asking.facts;
  const strength = strengthOf(describes, link);
  if (strength !== 'restrict' && strength !== 'cascade') return false;
  const row = state.get(link.id);
  // rows beside the graph go with their record, unless they are somebody else's own or forbid it
  if (row === undefined)
    return strength === 'restrict' || isSomebodyElse(asking, link.id) || mayBeOthers(deciding, link);
  if (isTaken(row) || row.binned) return false;
  return row.decision === 'cannot' || !canLetGo(asking.facts, link);
};

/** The record the item goes along with when the org deletes that. */
const goesWithAnother = (deciding: Deciding, item: Decided): boolean =>
  (deciding.ties.from.get(item.id) ?? []).some(
    (link) =>
      strengthOf(deciding.asking.facts.describes, link) === 'cascade' &&
      isGoing(deciding, link.to) &&
      deciding.state.get(link.to)?.binned === false,
  );

const stays = ({ asking }: Deciding, item: Decided, code: string, because: readonly string[]): Decided => {
  const { describes, rules } = asking.facts;
  const isFixed = rules.unchangeable.some(({ object }) => object === item.object);
  const updateable = describes.get(item.object)?.updateable === true && !isFixed;
  return updateable
    ? { ...item, decision: 'anonymise', code, because: [...because] }
    : { ...item, decision: 'cannot', code: 'org-refuses', because: [...because] };
};

/**
 * What others wrote on a record that goes (comments on a post) goes with it: the org deletes it along, whoever wrote it.
 * A person's own record never does.
 */
const alongWithItsRecord = (deciding: Deciding, item: Decided): Decided => {
  const { asking } = deciding;
  if (item.decision === 'leave' && item.code === 'third-person' && !asking.people.has(item.id.slice(0, 3))) {
    const bound = (deciding.ties.from.get(item.id) ?? []).some(
      (link) =>
        strengthOf(asking.facts.describes, link) === 'cascade' &&
        isGoing(deciding, link.to) &&
        !canLetGo(asking.facts, link),
    );
    return bound ? { ...item, decision: 'delete', code: 'goes-along' } : item;
  }
  if (item.code !== 'goes-along' || goesWithAnother(deciding, item)) return item;
  return { ...item, decision: 'leave', code: 'third-person-kept' };
};

/** The item as it must be once everything that hangs on it is known. */
const judged = (deciding: Deciding, item: Decided): Decided => {
  if (!isTaken(item) || item.binned || isHistoryObject(item.object)) return item;
  const back = (deciding.ties.to.get(item.id) ?? []).filter((link) => holdsBack(deciding, link));
  if (item.decision === 'archive') return back.length > 0 ? { ...item, decision: 'keep', code: 'fiscal-duty' } : item;
  if (back.length > 0)
    return stays(deciding, item, 'others-hang-on-it', [...new Set(back.map(({ object }) => object))].sort());
  const deletable = deciding.asking.facts.describes.get(item.object)?.deletable === true;
  return deletable || goesWithAnother(deciding, item) ? item : stays(deciding, item, 'cannot-be-deleted', []);
};

/** Rows without personal data that belong to a row the law keeps are kept with it: allocations of a gift. */
const keptAlong = (deciding: Deciding, item: Decided): Decided => {
  if (item.decision !== 'delete' || item.binned) return item;
  const object = deciding.asking.facts.model.objects.get(item.object);
  const isPersonal = object?.fields.some(({ category, freeText }) => category !== undefined || freeText) ?? true;
  const parent = (deciding.ties.from.get(item.id) ?? [])
    .filter((link) => strengthOf(deciding.asking.facts.describes, link) === 'cascade')
    .map((link) => deciding.state.get(link.to))
    .find((one) => one?.decision === 'keep' || one?.decision === 'archive');
  if (isPersonal || parent === undefined || isHistoryObject(item.object)) return item;
  return { ...item, decision: parent.decision, code: 'part-of-kept', law: parent.law, until: parent.until };
};

const settle = (deciding: Deciding, judge: (deciding: Deciding, item: Decided) => Decided): void => {
  for (let changed = true; changed;) {
    changed = false;
    for (const item of deciding.state.values()) {
      const next = judge(deciding, item);
      if (next === item) continue;
      deciding.state.set(item.id, next);
      changed = true;
    }
  }
};

/** Old values of a record that stays go only by a permission of their own; without it they are named. */
const lastingHistory = (deciding: Deciding, item: Decided): Decided => {
  if (item.decision !== 'delete' || !isHistoryObject(item.object)) return item;
  const { records, describes } = deciding.asking.facts;
  const parent = records.find((record) => record.item.id === item.id)?.item.steps.at(-1)?.from.id;
  const goes = parent !== undefined && isGoing(deciding, parent);
  return goes || describes.get(item.object)?.deletable === true
    ? item
    : { ...item, decision: 'cannot', code: 'history-stays' };
};

const heldBackItems = ({ heldBack }: ErasureFacts, known: ReadonlyMap<string, Decided>): readonly Decided[] =>
  heldBack
    .filter(({ id }) => !known.has(id))
    .map(({ object, id }) => ({
      ...{ object, id, path: [], decision: 'leave', code: 'names-others', law: null, until: null },
      ...{ fields: [], because: [], binned: false },
    }));

/**
 * The decision on everything found of one person, in the order of the graph; pure. What is the person's alone goes. What
 * a law keeps stays, with as much of the person as the law needs. What belongs to others too stays theirs. A record on
 * which something that stays hangs, or which the org lets nobody delete, is emptied instead; one that nobody can change
 * is named.
 */
export const decideItems = (facts: ErasureFacts): readonly Decided[] => {
  const asking = askingOf(facts);
  const state = new Map(firstDecisions(asking).map((item) => [item.id, item]));
  const deciding: Deciding = { asking, ties: tiesOf(facts), state };
  settle(deciding, keptAlong);
  settle(deciding, alongWithItsRecord);
  settle(deciding, (of, item) => judged(of, alongWithItsRecord(of, item)));
  settle(deciding, lastingHistory);
  return [...state.values(), ...heldBackItems(facts, state)];
};
