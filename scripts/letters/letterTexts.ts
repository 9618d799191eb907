import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Language } from '../model/text.ts';
import { LETTER_TEXT_KEYS, type LetterTextKey } from './letterTextKeys.ts';

type Values = Readonly<Record<string, string | number>>;

/** Texts, numbers and dates of one language. */
export type LetterTexts = {
  readonly language: Language;
  /** The text of a key, `{name}` replaced, numbers written as the language does. */
  readonly say: (key: LetterTextKey, values?: Values) => string;
  /** A calendar date (`yyyy-MM-dd`) in words. */
  readonly date: (date: string) => string;
  /** Names joined as in a sentence: `a, b and c`. */
  readonly list: (names: readonly string[]) => string;
};

const textFile = z.strictObject(Object.fromEntries(LETTER_TEXT_KEYS.map((key) => [key, z.string().min(1)])));

/** The letters' texts in a language; a key that misses in messages/ is an error at once, not a hole in a letter. */
export const letterTexts = (language: Language): LetterTexts => {
  const file = new URL(`../../messages/${language}/requests.json`, import.meta.url);
  const known: Readonly<Record<string, string>> = textFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  const locale = language === 'fr' ? 'fr-FR' : 'en-GB';
  const number = new Intl.NumberFormat(locale);
  const written = (value: string | number): string => (typeof value === 'number' ? number.format(value) : value);
  return {
    language,
    say: (key, values = {}) =>
      (known[key] ?? key).replace(/\{(\w+)\}/g, (whole, name: string) => {
        const value = values[name];
        return value === undefined ? whole : written(value);
      }),
    date: (date) =>
      new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(`${date}T00:00:00Z`)),
    list: (names) => new Intl.ListFormat(locale, { type: 'conjunction' }).format(names),
  };
};
