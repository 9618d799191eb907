import { failed, ok, type Problem, type Result } from '../kernel/result.ts';
import type { Completeness, Place } from '../model/completeness.ts';
import type { DescribedObject } from '../org/port.ts';
import { pathsOf, type FactSource } from './factSources.ts';

export type Describe = (object: string) => DescribedObject | undefined;
export type Gap = { readonly object: string; readonly field?: string };

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

const gapAt = (describe: Describe, object: string, path: readonly string[]): Gap | undefined => {
  const described = describe(object);
  if (described === undefined) return { object };
  const [first = '', ...rest] = path;
  if (rest.length === 0) {
    return described.fields.some((field) => same(field.name, first)) ? undefined : { object, field: first };
  }
  const lookup = described.fields.find(
    (field) => field.relationshipName !== null && same(field.relationshipName, first),
  );
  if (lookup === undefined) return { object, field: first };
  const gaps = lookup.referenceTo.map((parent) => gapAt(describe, parent, rest));
  return gaps.some((gap) => gap === undefined) ? undefined : gaps[0];
};

/** The first place that a source needs and the running user does not see; undefined when all are seen. */
export const gapOf = (source: FactSource, describe: Describe): Gap | undefined =>
  pathsOf(source)
    .map((path) => gapAt(describe, source.object, path.split('.')))
    .find((gap) => gap !== undefined);

/** The lookup behind the first step of a path: `Opportunity` is OpportunityId, `X__r` is X__c. */
const lookupNames = (step: string): readonly string[] => [step, step.replace(/__r$/, '__c'), `${step}Id`];

const names = (place: Place, gap: Gap): boolean =>
  same(place.object, gap.object) &&
  (place.field === undefined ||
    (gap.field !== undefined && lookupNames(gap.field).some((field) => same(field, place.field ?? ''))));

/** A place of the source that completeness knows to be hidden although describe shows it: rows, encrypted values. */
const hiddenPart = (source: FactSource, hidden: readonly Place[]): Gap | undefined => {
  const steps = pathsOf(source).map((path) => path.split('.')[0] ?? path);
  const found = hidden.find((place) => steps.some((field) => names(place, { object: source.object, field })));
  if (found === undefined) return undefined;
  return { object: source.object, ...(found.field === undefined ? {} : { field: found.field }) };
};

const blocked = (source: FactSource, gap: Gap, absent: boolean): Problem => ({
  code: absent ? 'RequiredSourceAbsent' : 'HoldSourceHidden',
  subject: gap.field === undefined ? gap.object : `${gap.object}.${gap.field}`,
  message: absent
    ? `This org lacks a place that may not be missing (${source.kind} ${source.key}).`
    : `The running user cannot see a place that may forbid deletion (${source.kind} ${source.key}).`,
  actions: absent
    ? ['Install what provides it, or declare the source optional in the charter.']
    : ['Give the running user read access to it (permission set GardeAccess), then plan again.'],
});

export type VisibleSources = {
  readonly sources: readonly FactSource[];
  /** Places that this org has not got. */
  readonly absent: readonly string[];
};

/**
 * The sources that can be read. Fails closed: a source that is hidden, or of which nobody proved that it is absent,
 * blocks (`HoldSourceHidden`); an absent one does not, unless it is required (`RequiredSourceAbsent`).
 */
export const visibleSources = (
  all: readonly FactSource[],
  describe: Describe,
  completeness: Pick<Completeness, 'absent' | 'hidden'>,
): Result<VisibleSources> => {
  const problems: Problem[] = [];
  const absent: string[] = [];
  const sources = all.filter((source) => {
    const gap = gapOf(source, describe) ?? hiddenPart(source, completeness.hidden);
    if (gap === undefined) return true;
    const isAbsent = completeness.absent.some((place) => names(place, gap));
    if (!isAbsent || !source.optional) problems.push(blocked(source, gap, isAbsent));
    else absent.push(gap.field === undefined ? gap.object : `${gap.object}.${gap.field}`);
    return false;
  });
  return problems.length > 0 ? failed(...problems) : ok({ sources, absent: [...new Set(absent)].sort() });
};
