import { endOfPeriod } from '../../kernel/legalPeriod.ts';
import { isHistoryObject } from '../../model/discoverPaths.ts';
import { matchesFilter } from '../../model/filterMatch.ts';
import { readPath } from '../../org/rowPaths.ts';
import { dayOf } from '../../standing/facts.ts';
import type { ReadRecord } from '../readRecords.ts';
import type { Decided, Duty, ErasureFacts } from './contract.ts';

type Verdict = Pick<Decided, 'decision' | 'code'> & Partial<Pick<Decided, 'law' | 'until' | 'because'>>;

const STAFF = 'User';

/** Prefixes of ids that are people and not staff. */
const peoplePrefixes = ({ model }: ErasureFacts): ReadonlySet<string> =>
  new Set(
    model.people.flatMap(({ object }) => {
      const prefix = object === STAFF ? undefined : model.objects.get(object)?.keyPrefix;
      return prefix === undefined || prefix === null ? [] : [prefix];
    }),
  );

/** The longest of several duties on one row; without a known end it lasts longest. */
const longest = (duties: readonly Duty[]): Duty | undefined =>
  duties.reduce<Duty | undefined>((best, one) => {
    if (best === undefined || one.until === null) return one;
    return best.until !== null && one.until > best.until ? one : best;
  }, undefined);

/** What all items are asked, made once. */
export type Asking = {
  readonly facts: ErasureFacts;
  readonly rootIds: ReadonlySet<string>;
  readonly graph: ReadonlySet<string>;
  readonly people: ReadonlySet<string>;
  readonly strays: ReadonlySet<string>;
};

export const askingOf = (facts: ErasureFacts): Asking => ({
  facts,
  rootIds: new Set(facts.roots.map(({ id }) => id)),
  graph: new Set(facts.records.map(({ item }) => item.id)),
  people: peoplePrefixes(facts),
  strays: new Set(facts.model.strays.map(({ object }) => object)),
});

/** Whether the id is somebody else's own record. */
export const isSomebodyElse = ({ graph, people }: Asking, id: string): boolean =>
  people.has(id.slice(0, 3)) && !graph.has(id);

const byProof = ({ facts }: Asking, { item, row }: ReadRecord): Verdict | undefined => {
  const proof = facts.rules.proofs.find(({ object }) => object === item.object);
  if (proof === undefined) return undefined;
  const since = dayOf(readPath(row, proof.from), facts.timeZone);
  return {
    ...{ decision: 'anonymise', code: 'kept-as-proof', law: proof.key },
    until: since === null ? null : endOfPeriod(since, proof.keep),
  };
};

/** An archive has a day on which it ends: a duty without one keeps its row in place. */
const isArchived = ({ archive }: ErasureFacts, { until }: Duty): boolean => archive !== null && until !== null;

const byDuty = ({ facts, rootIds }: Asking, { item }: ReadRecord): Verdict | undefined => {
  const own = longest(facts.duties.filter(({ record }) => record === item.id));
  if (own !== undefined)
    return isArchived(facts, own)
      ? { decision: 'archive', code: 'archived', law: own.key, until: own.until }
      : { decision: 'keep', code: 'fiscal-duty', law: own.key, until: own.until };
  const inPlace = facts.duties.filter((duty) => duty.target === item.id && !isArchived(facts, duty));
  const about = rootIds.has(item.id) ? longest(inPlace) : undefined;
  return about && { decision: 'anonymise', code: 'law-keeps-identity', law: about.key, until: about.until };
};

/** A household holds people; an account that the packs call an organisation does not. */
const isHousehold = ({ facts }: Asking, { item, row }: ReadRecord): boolean => {
  const { model, organisations } = facts;
  if (!model.paths.concat(model.upward).some((path) => path.shared && householdOf(facts, path.object) === path.via))
    return false;
  const rules = organisations.filter(({ object, where }) => object === item.object && where.length > 0);
  return rules.some(({ where }) => !matchesFilter(where, (path) => readPath(row, path)));
};

const householdOf = ({ model }: ErasureFacts, object: string): string | undefined =>
  model.people.find((person) => person.object === object)?.household;

/** People other than the person hang on the record, or it is linked to them. */
const tellsOfOthers = (asking: Asking, id: string): boolean => {
  const { linked, hanging } = asking.facts;
  return (
    [...(linked.get(id) ?? [])].some((other) => isSomebodyElse(asking, other)) ||
    hanging.some((row) => row.to === id && isSomebodyElse(asking, row.id))
  );
};

const ofShared = (asking: Asking, record: ReadRecord): Verdict => {
  const { item } = record;
  if (asking.strays.has(item.object)) return { decision: 'delete', code: 'stray-copy' };
  if (asking.facts.linked.has(item.id)) return { decision: 'unlink', code: 'shared-with-others' };
  if (!isHousehold(asking, record)) return { decision: 'leave', code: 'third-person' };
  return tellsOfOthers(asking, item.id)
    ? { decision: 'leave', code: 'household' }
    : { decision: 'delete', code: 'household-of-one' };
};

const byObject = (asking: Asking, { item }: ReadRecord): Verdict => {
  const described = asking.facts.describes.get(item.object);
  if (described === undefined) return { decision: 'cannot', code: 'hidden' };
  if (item.id === asking.facts.userId) return { decision: 'cannot', code: 'own-account' };
  if (isHistoryObject(item.object)) return { decision: 'delete', code: 'history' };
  if (item.deleted && !described.undeletable) return { decision: 'cannot', code: 'deleted-already' };
  if (item.deleted) return { decision: 'delete', code: 'in-bin' };
  return { decision: 'delete', code: asking.rootIds.has(item.id) ? 'own-record' : 'part-of-record' };
};

const verdictOn = (asking: Asking, record: ReadRecord): Verdict => {
  const { item } = record;
  const isActivity = !item.shared && tellsOfOthers(asking, item.id) && asking.facts.linked.has(item.id);
  return (
    byProof(asking, record) ??
    byDuty(asking, record) ??
    (item.shared ? ofShared(asking, record) : undefined) ??
    (isActivity ? { decision: 'unlink', code: 'shared-with-others' } : byObject(asking, record))
  );
};

/** What would become of each record if it stood alone, in the order of the graph. */
export const firstDecisions = (asking: Asking): readonly Decided[] =>
  asking.facts.records.map((record): Decided => {
    const { item } = record;
    const { law = null, until = null, because = [], ...verdict } = verdictOn(asking, record);
    return {
      ...{ object: item.object, id: item.id, path: item.steps.map(({ lookup }) => lookup) },
      ...{ ...verdict, law, until, because, fields: [], binned: item.deleted },
    };
  });
