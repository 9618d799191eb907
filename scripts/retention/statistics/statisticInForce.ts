import type { z } from 'zod';
import type { Problem } from '../../kernel/result.ts';
import type { statistic } from '../../model/charter.ts';
import type { DescribedObject } from '../../org/port.ts';

export type Statistic = z.infer<typeof statistic>;

/** A path as the org has it: the lookups on the way, then a field. */
export type Way = {
  readonly path: string;
  readonly lookups: readonly {
    /** Path of the lookup's own value: `Gift__r.Donor__c`. */
    readonly path: string;
    readonly object: string;
    readonly field: string;
  }[];
  readonly object: string;
  readonly field: string;
};

export type Dimension = Way & { readonly hierarchy: string; readonly from: string };

/** A statistic of the charter in an org; firm dimensions first. */
export type StatisticInForce = {
  readonly statistic: Statistic;
  readonly via: Way;
  readonly dimensions: readonly Dimension[];
  readonly firm: number;
  /** Object of the people whose rows it counts. */
  readonly people: string;
};

type Describe = (object: string) => DescribedObject | undefined;

/** The way of a path; undefined when the org does not show a place on it. */
export const wayOf = (describe: Describe, start: string, path: string): Way | undefined => {
  const lookups: Way['lookups'][number][] = [];
  const steps = path.split('.');
  let object = start;
  for (const [at, step] of steps.slice(0, -1).entries()) {
    const lookup = describe(object)?.fields.find(
      ({ relationshipName }) => relationshipName?.toLowerCase() === step.toLowerCase(),
    );
    const next = lookup?.referenceTo.find((one) => describe(one) !== undefined);
    if (lookup === undefined || next === undefined) return undefined;
    lookups.push({ path: [...steps.slice(0, at), lookup.name].join('.'), object, field: lookup.name });
    object = next;
  }
  const last = steps.at(-1) ?? '';
  const field = describe(object)?.fields.find(({ name }) => name.toLowerCase() === last.toLowerCase());
  return field === undefined ? undefined : { path, lookups, object, field: field.name };
};

const unknown = (key: string, path: string): Problem => ({
  code: 'CharterNamesUnknownPlace',
  subject: `anonymisation.statistics.${key}`,
  message: `The org does not show ${path} to the running user.`,
  actions: ['Correct the path in garde.yml, or give the running user read access to the field.'],
});

const pointsTo = (describe: Describe, via: Way): readonly string[] =>
  via.field === 'Id'
    ? [via.object]
    : (describe(via.object)?.fields.find(({ name }) => name === via.field)?.referenceTo ?? []);

/** The charter's statistics about these people, and what of them the org does not show. */
export const statisticsInForce = (
  statistics: readonly Statistic[],
  people: readonly string[],
  describe: Describe,
): { readonly found: readonly StatisticInForce[]; readonly problems: readonly Problem[] } => {
  const found: StatisticInForce[] = [];
  const problems: Problem[] = [];
  for (const one of statistics) {
    const wayFrom = (path: string): Way | undefined => {
      const way = wayOf(describe, one.object, path);
      if (way === undefined) problems.push(unknown(one.key, `${one.object}.${path}`));
      return way;
    };
    const via = wayFrom(one.via);
    const inOrder = one.by.toSorted((a, b) => Number(b.firm) - Number(a.firm));
    const dimensions = inOrder.flatMap(({ path, hierarchy, from }): readonly Dimension[] => {
      const way = wayFrom(path);
      return way === undefined ? [] : [{ ...way, hierarchy, from }];
    });
    for (const path of [...(one.sum === undefined ? [] : [one.sum]), ...one.where.map(({ field }) => field)])
      wayFrom(path);
    if (via === undefined || dimensions.length < one.by.length) continue;
    const target = pointsTo(describe, via).find((object) => people.includes(object));
    if (target === undefined) continue;
    found.push({ statistic: one, via, dimensions, firm: one.by.filter(({ firm }) => firm).length, people: target });
  }
  return { found, problems };
};

/** Paths read of the statistic's own rows, and fields of the objects on the way. */
export const pathsOfStatistic = ({ statistic: one, via, dimensions }: StatisticInForce): readonly string[] => [
  ...new Set([
    'Id',
    ...(one.sum === undefined ? [] : [one.sum]),
    ...one.where.map(({ field }) => field),
    ...[via, ...dimensions].flatMap(({ path, lookups }) => [path, ...lookups.map((lookup) => lookup.path)]),
  ]),
];

/** Fields of every object whose change would change the statistic. */
export const fieldsOfStatistic = ({ statistic: one, via, dimensions }: StatisticInForce) => {
  const places = [via, ...dimensions].flatMap(({ lookups, object, field }) => [...lookups, { object, field }]);
  return [...(one.sum === undefined ? [] : [{ object: one.object, field: one.sum }]), ...places];
};
