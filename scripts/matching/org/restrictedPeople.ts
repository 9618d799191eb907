import { GardeError } from '../../kernel/result.ts';
import { localDateOf } from '../../kernel/legalPeriod.ts';
import type { Pack } from '../../model/pack.ts';
import { readCompleteness } from '../../org/completeness.ts';
import type { DescribedObject, Org } from '../../org/port.ts';
import type { SnapshotReader } from '../../snapshot/reader.ts';
import type { SnapshotWant } from '../../snapshot/wants.ts';
import { factOf } from '../../standing/facts.ts';
import { pathsOf, type FactSource } from '../../standing/factSources.ts';
import { visibleSources } from '../../standing/sourceVisibility.ts';

/** Places that say whose processing is restricted (Art. 18), as this org has them. */
export type RestrictionSources = {
  readonly sources: readonly FactSource[];
  readonly wants: readonly SnapshotWant[];
  /** Places that this org has not got. */
  readonly absent: readonly string[];
};

const sourcesOf = (packs: readonly Pack[]): readonly FactSource[] =>
  packs
    .flatMap((pack) => pack.restrictions)
    .map(({ key, object, via, to, where, until, optional }) => ({
      ...{ kind: 'hold' as const, key, object, via, to, where, optional, shared: false },
      ...(until === undefined ? {} : { until }),
    }));

/** Describes the objects on the way of every path, so that the rest can look things up without waiting. */
const describeAll = async (org: Org, sources: readonly FactSource[]) => {
  const known = new Map<string, DescribedObject | undefined>();
  const follow = async (object: string, path: readonly string[]): Promise<void> => {
    if (!known.has(object)) known.set(object, await org.describe(object));
    const [first = '', ...rest] = path;
    if (rest.length === 0) return;
    const lookup = known
      .get(object)
      ?.fields.find((field) => field.relationshipName?.toLowerCase() === first.toLowerCase());
    for (const parent of lookup?.referenceTo ?? []) await follow(parent, rest);
  };
  for (const source of sources) for (const path of pathsOf(source)) await follow(source.object, path.split('.'));
  return (object: string): DescribedObject | undefined => known.get(object);
};

/**
 * Where restrictions stand in this org. Fails closed: a place that is hidden from the running user, or of which nobody
 * proved that it is absent, stops matching (`RestrictionSourceHidden`).
 */
export const restrictionSources = async (
  org: Org,
  packs: readonly Pack[],
  now: string,
): Promise<RestrictionSources> => {
  const all = sourcesOf(packs);
  const describe = await describeAll(org, all);
  const places = all.flatMap(({ object, where, via }) => [
    { object, holds: true },
    ...[...where.map(({ field }) => field), via]
      .filter((path) => !path.includes('.'))
      .map((field) => ({ object, field, holds: true })),
  ]);
  const visible = visibleSources(all, describe, await readCompleteness(org, { places, now }));
  if (!visible.ok) {
    throw new GardeError(
      visible.problems.map(({ subject }) => ({
        code: 'RestrictionSourceHidden',
        ...(subject === undefined ? {} : { subject }),
        message: 'The running user cannot see a place that may say that somebody must not be processed.',
        actions: ['Give the running user read access to it (permission set GardeAccess), then match again.'],
      })),
    );
  }
  const { sources, absent } = visible.value;
  const fields = new Map<string, Set<string>>();
  for (const source of sources) {
    const own = fields.get(source.object) ?? new Set<string>();
    for (const path of pathsOf(source)) own.add(path);
    fields.set(source.object, own);
  }
  return { sources, absent, wants: [...fields].map(([object, paths]) => ({ object, fields: [...paths].sort() })) };
};

/** Ids of records whose processing is restricted on the day of `now`: people's own rows, or their Individuals. */
export const restrictedIds = (
  reader: Pick<SnapshotReader, 'rows'>,
  sources: readonly FactSource[],
  when: { readonly now: string; readonly timeZone: string },
): ReadonlySet<string> => {
  const today = localDateOf(when.now, when.timeZone);
  const restricted = new Set<string>();
  for (const source of sources) {
    for (const row of reader.rows(source.object, source.where)) {
      const fact = factOf(source, row, when.timeZone);
      if (fact !== undefined && (fact.until === null || fact.until >= today)) restricted.add(fact.target);
    }
  }
  return restricted;
};
