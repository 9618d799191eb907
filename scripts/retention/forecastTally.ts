import type { LocalDate } from '../kernel/legalPeriod.ts';
import type { ForecastDelta, PolicyForecast } from '../model/forecast.ts';
import type { DueDay } from './dueDay.ts';

/** `2026-11`, … as many months as asked for. */
export const monthsFrom = (asOf: LocalDate, count: number): readonly string[] => {
  const first = Number(asOf.slice(0, 4)) * 12 + Number(asOf.slice(5, 7)) - 1;
  return Array.from({ length: count }, (_none, index) => {
    const month = first + index;
    return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;
  });
};

/** Counts people of one policy. */
export const policyTally = (asOf: LocalDate, months: readonly string[]) => {
  const position = new Map(months.map((month, index) => [month, index]));
  const byMonth = months.map(() => 0);
  const counts = { people: 0, dueNow: 0, later: 0, noEnd: 0, notConcerned: 0 };
  const placeOf = (due: DueDay): 'dueNow' | 'later' | 'noEnd' | 'notConcerned' | number => {
    if (due === 'no-end') return 'noEnd';
    if (due === 'not-concerned') return 'notConcerned';
    return due <= asOf ? 'dueNow' : (position.get(due.slice(0, 7)) ?? 'later');
  };
  return {
    add: (due: DueDay): void => {
      counts.people += 1;
      const place = placeOf(due);
      if (typeof place === 'number') byMonth[place] = (byMonth[place] ?? 0) + 1;
      else counts[place] += 1;
    },
    result: (): PolicyForecast => ({ ...counts, byMonth }),
  };
};

/** Days first, then never: `no-end` and `not-concerned` are the latest of all. */
const rank = (due: DueDay): string => (due === 'no-end' || due === 'not-concerned' ? '9999' : due);

type Change = keyof ForecastDelta;

const changeOf = (before: DueDay, after: DueDay, asOf: LocalDate): Change => {
  const [was, is] = [rank(before), rank(after)];
  if (was <= asOf && is <= asOf) return 'dueNowInBoth';
  if (was <= asOf) return 'noLongerDue';
  if (is <= asOf) return 'newlyDue';
  if (was === is) return 'unchanged';
  return is < was ? 'sooner' : 'later';
};

/** Counts how a variant moves people; somebody whom only one policy looks at was, or is, not concerned by the other. */
export const deltaTally = (asOf: LocalDate) => {
  const counts = { dueNowInBoth: 0, noLongerDue: 0, newlyDue: 0, sooner: 0, later: 0, unchanged: 0 };
  return {
    add: (before: DueDay = 'not-concerned', after: DueDay = 'not-concerned'): void => {
      counts[changeOf(before, after, asOf)] += 1;
    },
    result: (): ForecastDelta => counts,
  };
};
