import type { LegalPeriod, LocalDate } from '../kernel/legalPeriod.ts';
import type { Filter } from '../model/filter.ts';
import { filterCases } from '../model/filterCases.ts';
import type { HoldSource, Pack } from '../model/pack.ts';
import type { DescribedObject } from '../org/port.ts';

/**
 * What a row of a source says about the record it points to: the person was in touch, was solicited, something happened
 * that starts a period, the law makes us keep it, it belongs to what the law makes us keep, it goes when that leaves the
 * active base, a reason not to delete, or what the platform does to the row when the record is deleted.
 */
export type FactKind =
  | 'contact'
  | 'solicitation'
  | 'event'
  | 'fiscal'
  | 'accompanies'
  | 'goes-along'
  | 'hold'
  | 'restricts'
  | 'cascades'
  | 'unlinks';

export type FactSource = {
  /** Key of the pack's or charter's entry; `Object.Field` for delete rules read from describe. */
  readonly key: string;
  readonly kind: FactKind;
  /** Of an event: the clock it starts. */
  readonly clock?: string;
  readonly object: string;
  /** Path from the row to the record it is about. */
  readonly via: string;
  /** Object of that record. */
  readonly to: string;
  readonly where: Filter;
  readonly date?: string;
  readonly until?: string;
  readonly keep?: LegalPeriod;
  /** Of a duty: the categories of the person's own record that it needs. */
  readonly needs?: readonly string[];
  /** False: an org without this place cannot be planned for. */
  readonly optional: boolean;
  /** The row also tells about others. */
  readonly shared: boolean;
};

const own = { optional: true, shared: false };

/** A hold's filter written as text is read case by case: a row that meets one of them holds. */
const casesOf = ({ key, where, tree }: HoldSource, today: LocalDate | undefined): readonly Filter[] => {
  if (tree === undefined) return [where];
  if (today === undefined) throw new RangeError(`the hold ${key} is read on a day`);
  return filterCases(tree, today);
};

const ofHolds = (holds: readonly HoldSource[], today?: LocalDate): readonly FactSource[] =>
  holds.flatMap((hold) => {
    const { key, object, via, to, until, optional } = hold;
    return casesOf(hold, today).map((where) => ({
      ...{ kind: 'hold' as const, key, object, via, to, where, optional, shared: false },
      ...(until === undefined ? {} : { until }),
    }));
  });

const ofPack = (pack: Pack): readonly FactSource[] => [
  ...pack.genuineContacts.map(({ key, object, via, to, date, where }) => ({
    ...{ kind: 'contact' as const, key, object, via, to, date, where },
    ...own,
  })),
  ...pack.solicitations.map(({ key, object, via, to, date, where }) => ({
    ...{ kind: 'solicitation' as const, key, object, via, to, date, where },
    ...own,
  })),
  ...pack.clockEvents.map(({ key, clock, object, via, to, date, where }) => ({
    ...{ kind: 'event' as const, key, clock, object, via, to, date, where },
    ...own,
  })),
  ...pack.fiscalRecords.map(({ key, object, via, to, date, where, keep, needs }) => ({
    ...{ kind: 'fiscal' as const, key, object, via, to, date, where, keep, needs },
    ...own,
  })),
  ...ofHolds(pack.holds),
];

/**
 * Genuine contacts, events, fiscal duties and holds that packs and charter name for these objects. `today` is the day on
 * which filters written as text are read; RangeError when there is such a filter and no day.
 */
export const declaredSources = (
  packs: readonly Pack[],
  holds: readonly HoldSource[],
  to: readonly string[],
  today?: LocalDate,
): readonly FactSource[] =>
  [...packs.flatMap(ofPack), ...ofHolds(holds, today)].filter((source) => to.includes(source.to));

type Deletion = Pick<FactSource, 'kind' | 'object' | 'via' | 'to' | 'shared'>;

/** A lookup that somebody named: as part of a person's graph, or as what is read about them. */
export type NamedLookup = Pick<FactSource, 'object' | 'via' | 'to' | 'shared'>;

/**
 * Lookups of the graph paths, and those through which contacts, duties and holds are read: their rows are copied anyway,
 * so what a deletion does to them is told too. A row that only a source names may tell about others.
 */
export const namedLookups = (paths: readonly NamedLookup[], sources: readonly FactSource[]): readonly NamedLookup[] => [
  ...paths,
  ...sources.map(({ object, via, to }) => ({ object, via, to, shared: true })),
];

/**
 * What deleting a record does to rows that point to it, by the org's own describe: every restricting lookup, and the
 * cascades and emptied lookups that are named.
 */
export const deletionSources = (described: DescribedObject, named: readonly NamedLookup[]): readonly FactSource[] => {
  const paths = named.filter((path) => path.to === described.name);
  const found = described.children.flatMap((child): readonly Deletion[] => {
    const path = paths.find((one) => one.object === child.childObject && one.via === child.field);
    const row = { object: child.childObject, via: child.field, to: described.name, shared: path?.shared ?? true };
    if (child.restrictedDelete) return [{ ...row, kind: 'restricts' }];
    if (path === undefined) return [];
    return [{ ...row, kind: child.cascadeDelete ? 'cascades' : 'unlinks' }];
  });
  return found.map((row) => ({ ...row, key: `${row.object}.${row.via}`, where: [], optional: true }));
};

/** Paths a source reads of its object. */
export const pathsOf = (source: FactSource): readonly string[] => [
  ...new Set([
    'Id',
    source.via,
    ...(source.date === undefined ? [] : [source.date]),
    ...(source.until === undefined ? [] : [source.until]),
    ...source.where.map((condition) => condition.field),
  ]),
];
