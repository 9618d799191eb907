import lang from '@salesforce/i18n/lang';
import { labels } from './labels';

export const fill = (label: string, ...values: readonly string[]): string =>
  values.reduce((text, value, place) => text.replace(`{${place}}`, value), label);

/** A percent field's value, which matching has cut, not rounded. */
export const percentText = (value: number | null): string => {
  if (value === null) return '–';
  return new Intl.NumberFormat(lang, { style: 'percent', maximumFractionDigits: 2 }).format(value / 100);
};

export const dateText = (value: string | null): string => {
  if (value === null) return '–';
  return new Intl.DateTimeFormat(lang, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(value));
};

/** `+8.1`, `−3.0`: bits, with their sign. */
export const weightText = (weight: number): string =>
  new Intl.NumberFormat(lang, { signDisplay: 'always', minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(
    weight,
  );

export type Words = { readonly en: string; readonly fr: string };

export const inReadersLanguage = (words: Words): string => (lang.startsWith('fr') ? words.fr : words.en);

const RECORD_LABELS: Readonly<Record<string, string>> = {
  Account: labels.recordAccount,
  Contact: labels.recordContact,
  Individual: labels.recordIndividual,
  Lead: labels.recordLead,
};

/** `Contact 2`: a record as the page names it. */
export const recordName = (object: string, place: number): string =>
  fill(RECORD_LABELS[object] ?? `${object} {0}`, String(place));
