/** The periods that dates are given up to; `none` is not written. */
const PERIODS = ['month', 'quarter', 'year', 'five-years'] as const;
type Period = (typeof PERIODS)[number];

const isPeriod = (step: string): step is Period => (PERIODS as readonly string[]).includes(step);

const two = (number: number): string => String(number).padStart(2, '0');

/** First month of the period that a month is in. */
const firstMonth = (year: number, month: number, step: Period): string => {
  switch (step) {
    case 'month':
      return `${year}-${two(month)}`;
    case 'quarter':
      return `${year}-${two(Math.floor((month - 1) / 3) * 3 + 1)}`;
    case 'year':
      return `${year}-01`;
    case 'five-years':
      return `${Math.floor(year / 5) * 5}-01`;
  }
};

const DATE = /^(\d{4})-(\d{2})(-\d{2})?/;

/**
 * The period of a date or date-time, by its first month `yyyy-MM` in UTC; null for anything that is no date. A plain
 * year counts as its January.
 */
export const periodOf = (value: string | number, step: string): string | null => {
  if (!isPeriod(step)) throw new RangeError(`dates have no step ${step}`);
  const text = typeof value === 'number' || /^\d{4}$/.test(value) ? `${value}-01` : value;
  const match = DATE.exec(text);
  const [year, month] = [Number(match?.[1]), Number(match?.[2])];
  return match === null || month < 1 || month > 12 ? null : firstMonth(year, month, step);
};

/** The period as a field of this type holds it: its first day, its first instant, its year, or the text. */
export const periodAs = (period: string, type: string): string | number => {
  if (type === 'date') return `${period}-01`;
  if (type === 'datetime') return `${period}-01T00:00:00.000Z`;
  if (type === 'int' || type === 'double') return Number(period.slice(0, 4));
  return period;
};
