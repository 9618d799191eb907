import lang from '@salesforce/i18n/lang';

const UNITS = ['year', 'month', 'day'] as const;

const unitText = (count: number, unit: (typeof UNITS)[number]): string =>
  new Intl.NumberFormat(lang, { style: 'unit', unit, unitDisplay: 'long' }).format(count);

/** `P3Y6M` as the reader's language says it: `3 years, 6 months`. What is no period is shown as it is; `–` for none. */
export const periodText = (period: string | null): string => {
  if (period === null || period === '') return '–';
  const parts = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?$/.exec(period);
  if (parts === null || period === 'P') return period;
  const named = UNITS.flatMap((unit, place) => {
    const count = Number(parts[place + 1] ?? 0);
    return count === 0 ? [] : [unitText(count, unit)];
  });
  return named.length === 0 ? unitText(0, 'day') : new Intl.ListFormat(lang, { type: 'unit' }).format(named);
};
