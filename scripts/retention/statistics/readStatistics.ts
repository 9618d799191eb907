import type { Problem } from '../../kernel/result.ts';
import type { Charter } from '../../model/charter.ts';
import type { DescribedObject } from '../../org/port.ts';
import { fieldsOfStatistic, pathsOfStatistic, statisticsInForce, type StatisticInForce } from './statisticInForce.ts';

type Describes = {
  readonly fetch: (object: string) => Promise<DescribedObject | undefined>;
  readonly follow: (object: string, path: readonly string[]) => Promise<void>;
  readonly describe: (object: string) => DescribedObject | undefined;
};

/** The charter's statistics about these people, once what their paths lead to was described. */
export const readStatistics = async (
  describes: Describes,
  { anonymisation }: Pick<Charter, 'anonymisation'>,
  people: readonly string[],
): Promise<{ readonly found: readonly StatisticInForce[]; readonly problems: readonly Problem[] }> => {
  const statistics = people.length === 0 ? [] : (anonymisation?.statistics ?? []);
  for (const { object, via, by, where } of statistics) {
    await describes.fetch(object);
    for (const path of [via, ...[...by.map((one) => one.path), ...where.map(({ field }) => field)]])
      await describes.follow(object, path.split('.'));
  }
  return statisticsInForce(statistics, people, describes.describe);
};

/** Fields to copy for statistics, by object: their own rows, and what lies on the way for rehearsals. */
export const fieldsForStatistics = (
  statistics: readonly StatisticInForce[],
): readonly (readonly [string, readonly string[]])[] =>
  statistics.flatMap((one) => [
    [one.statistic.object, pathsOfStatistic(one)] as const,
    ...fieldsOfStatistic(one).map(({ object, field }) => [object, [field]] as const),
  ]);
