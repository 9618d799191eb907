import type { Bar } from './charts.ts';
import type { PlanView } from './planView.ts';

const MOST_BARS = 20;
/** Months drawn one by one; what ends later is one bar. */
const MOST_MONTHS = 18;

type Sum = { label: string; reversible: number; irreversible: number };

/** A bar per object × operation, largest first: what can be undone and what cannot. */
export const stepBars = ({ shown, texts, words }: PlanView): readonly Bar[] => {
  const sums = new Map<string, Sum>();
  for (const { object, operation, steps, irreversible } of shown.figures.kinds) {
    const key = `${object} ${operation}`;
    const sum = sums.get(key) ?? { label: `${words.operation(operation)}: ${object}`, reversible: 0, irreversible: 0 };
    sum.irreversible += irreversible;
    sum.reversible += steps - irreversible;
    sums.set(key, sum);
  }
  return [...sums.values()]
    .map(({ label, reversible, irreversible }) => ({
      label,
      parts: [
        { value: reversible, tone: 'personal' },
        { value: irreversible, tone: 'special' },
      ],
      shown: texts.number(reversible + irreversible),
      total: reversible + irreversible,
    }))
    .sort((a, b) => b.total - a.total || (a.label < b.label ? -1 : 1))
    .slice(0, MOST_BARS);
};

/** People per month in which what keeps them ends, then those later, then those without a known end. */
export const keptByMonth = ({ shown }: Pick<PlanView, 'shown'>): ReadonlyMap<string | null, number> => {
  const months = new Map<string | null, number>();
  for (const { month, people } of shown.figures.keptUntil) months.set(month, (months.get(month) ?? 0) + people);
  return months;
};

export const keptBars = (view: PlanView): readonly Bar[] => {
  const { texts } = view;
  const months = [...keptByMonth(view)];
  const dated = months.filter(([month]) => month !== null);
  const sum = (of: typeof months): number => of.reduce((total, [, people]) => total + people, 0);
  const later = sum(dated.slice(MOST_MONTHS));
  const endless = sum(months.filter(([month]) => month === null));
  const bars: readonly (readonly [string, number])[] = [
    ...dated.slice(0, MOST_MONTHS).map(([month, people]) => [month ?? '', people] as const),
    ...(later > 0 ? [[texts.say('plan.later'), later] as const] : []),
    ...(endless > 0 ? [[texts.say('plan.noEnd'), endless] as const] : []),
  ];
  return bars.map(([label, people]) => ({
    label,
    parts: [{ value: people, tone: 'technical' }],
    shown: texts.number(people),
  }));
};
