import type { Cell, StatisticsTerms, Totals } from '../../disposal/anonymity/totals.ts';
import { GardeError } from '../../kernel/result.ts';
import type { Amount, StatisticTerms } from '../../model/anonymisation.ts';
import type { StatisticInForce } from './statisticInForce.ts';

const digits = (hundredths: bigint): string => {
  const text = String(hundredths < 0n ? -hundredths : hundredths).padStart(3, '0');
  return `${hundredths < 0n ? '-' : ''}${text.slice(0, -2)}.${text.slice(-2)}`;
};

const amountOf = (of: StatisticInForce, { rows, sum }: Pick<Cell, 'rows' | 'sum'>): Amount => ({
  rows,
  sum: of.statistic.sum === undefined ? null : digits(sum),
});

const keyOf = ({ values, isRest }: Pick<Cell, 'values' | 'isRest'>): string => JSON.stringify([values, isRest]);

/** What its totals are made by. */
export const totalsTerms = (of: StatisticInForce): StatisticsTerms => ({
  ...{ dimensions: of.dimensions.map(({ path }) => path), firm: of.firm, k: of.statistic.people },
});

/** Rows and sum by the firm values, whatever the cells. */
const firmTotals = (of: StatisticInForce, cells: readonly Cell[]): ReadonlyMap<string, string> => {
  const sums = new Map<string, { rows: number; sum: bigint }>();
  for (const { values, rows, sum } of cells) {
    const key = JSON.stringify(values.slice(0, of.firm));
    const known = sums.get(key) ?? { rows: 0, sum: 0n };
    sums.set(key, { rows: known.rows + rows, sum: known.sum + sum });
  }
  return new Map([...sums].map(([key, { rows, sum }]) => [key, `${String(rows)} ${String(sum)}`]));
};

const isSame = (a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean =>
  a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);

const wouldChange = ({ statistic: { key, object } }: StatisticInForce): GardeError =>
  new GardeError([
    {
      code: 'TotalsWouldChange',
      subject: `anonymisation.statistics.${key}`,
      message: `Anonymisation would change the totals of ${object} by the columns that are to stay firm.`,
      actions: [
        'Take columns that anonymisation keeps (`garde plan show` of an earlier plan says which), or make this one not firm.',
        'Rows that are deleted with their person cannot be counted: count the rows that stay.',
      ],
    },
  ]);

/** Beside a total, one cell that is not told would be the difference. */
const all = (of: StatisticInForce, { before, small }: Totals): Amount | null => {
  if (small.length > 0 || before.length === 0) return null;
  const sum = before.reduce((total, cell) => total + cell.sum, 0n);
  return amountOf(of, { rows: before.reduce((total, cell) => total + cell.rows, 0), sum });
};

/**
 * A statistic before and after, cell by cell; cells of too few people are told nowhere. Error: TotalsWouldChange when
 * the totals by the firm dimensions are not equal to the cent (RET-08).
 */
export const statisticTermsOf = (of: StatisticInForce, before: Totals, after: Totals): StatisticTerms => {
  if (!isSame(firmTotals(of, before.before), firmTotals(of, after.before))) throw wouldChange(of);
  const { statistic: one, dimensions, firm } = of;
  const told = ({ after: cells }: Totals): ReadonlyMap<string, Cell> =>
    new Map(cells.filter(({ people }) => people >= one.people).map((cell) => [keyOf(cell), cell]));
  const [was, is] = [told(before), told(after)];
  const cells = [...new Set([...was.keys(), ...is.keys()])].sort().flatMap((key) => {
    const [left, right] = [was.get(key), is.get(key)];
    const cell = left ?? right;
    if (cell === undefined) return [];
    const [first, last] = [left, right].map((own) => (own === undefined ? null : amountOf(of, own)));
    return [{ values: [...cell.values], isRest: cell.isRest, before: first ?? null, after: last ?? null }];
  });
  return {
    ...{ key: one.key, object: one.object, sum: one.sum ?? null, firm, people: one.people, cells },
    dimensions: dimensions.map(({ path }) => path),
    ...{ before: all(of, before), after: all(of, after) },
    suppressed: { before: before.suppressed.length, after: after.suppressed.length },
  };
};
