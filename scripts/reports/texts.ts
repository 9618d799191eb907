import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Language } from '../model/text.ts';
import { TEXT_KEYS, type TextKey } from './textKeys.ts';

/** Texts and number formats of one language. */
export type Texts = {
  readonly language: Language;
  /** The text of a key, `{name}` replaced. */
  readonly say: (key: TextKey, values?: Readonly<Record<string, string | number>>) => string;
  readonly number: (value: number) => string;
  /** A share of 0 to 1 as `12 %`. */
  readonly percent: (share: number) => string;
  /** A calendar date and time in a zone, from an ISO instant. */
  readonly instant: (iso: string, timeZone: string) => string;
};

const texts = z.strictObject(Object.fromEntries(TEXT_KEYS.map((key) => [key, z.string().min(1)])));

const readTexts = (language: Language): Readonly<Record<string, string>> => {
  const file = new URL(`../../messages/${language}/reports.json`, import.meta.url);
  return texts.parse(JSON.parse(readFileSync(file, 'utf8')));
};

const filled = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));

/** The product's texts in a language; a key that misses in messages/ is an error at once, not a hole on a page. */
export const textsFor = (language: Language): Texts => {
  const known = readTexts(language);
  const locale = language === 'fr' ? 'fr-FR' : 'en-GB';
  const number = new Intl.NumberFormat(locale);
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  return {
    language,
    say: (key, values = {}) =>
      filled(
        known[key] ?? key,
        Object.fromEntries(
          Object.entries(values).map(([name, value]) => [
            name,
            typeof value === 'number' ? number.format(value) : value,
          ]),
        ),
      ),
    number: (value) => number.format(value),
    percent: (share) => percent.format(share),
    instant: (iso, timeZone) =>
      new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone }).format(new Date(iso)),
  };
};
