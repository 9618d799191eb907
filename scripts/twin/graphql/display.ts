import type { FieldInfo } from './objects.ts';

export type Formats = { readonly locale: string; readonly timeZone: string };

const DATES = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
const TIMES = { ...DATES, hour: '2-digit', minute: '2-digit' } as const;

const ofText = (field: FieldInfo, value: string, formats: Formats): string | null => {
  if (field.type === 'date')
    return new Intl.DateTimeFormat(formats.locale, { ...DATES, timeZone: 'UTC' }).format(new Date(value));
  if (field.type === 'datetime') {
    return new Intl.DateTimeFormat(formats.locale, { ...TIMES, timeZone: formats.timeZone }).format(new Date(value));
  }
  if (field.type === 'picklist') return field.picklistValues.find((entry) => entry.value === value)?.label ?? value;
  if (field.type !== 'multipicklist') return null;
  return value
    .split(';')
    .map((one) => field.picklistValues.find((entry) => entry.value === one)?.label ?? one)
    .join(';');
};

/** What a person reads for a value, in the user's locale; null where value and reading are the same. */
export const displayValue = (field: FieldInfo, value: unknown, formats: Formats): string | null => {
  if (typeof value === 'string') return ofText(field, value, formats);
  if (typeof value !== 'number') return null;
  const number = new Intl.NumberFormat(formats.locale, { maximumFractionDigits: 8 }).format(value);
  if (field.type === 'percent') return `${number}%`;
  return field.type === 'currency'
    ? new Intl.NumberFormat(formats.locale, { style: 'currency', currency: 'EUR' }).format(value)
    : number;
};
