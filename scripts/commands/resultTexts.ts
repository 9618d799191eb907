import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Language } from '../model/text.ts';

const read = (language: Language, name: string): Readonly<Record<string, string>> => {
  const file = new URL(`../../messages/${language}/${name}.json`, import.meta.url);
  return z.record(z.string(), z.string().min(1)).parse(JSON.parse(readFileSync(file, 'utf8')));
};

/** What a terminal shows of a result, in one language. */
export type ResultTexts = {
  /** The text of a key, each `%s` replaced in order; a key nobody wrote is an error at once, not a hole in a table. */
  readonly text: (key: string, values?: readonly (string | number)[]) => string;
  /** What a cell says: the word for a value of a closed set, numbers in the language's own form, anything else as it is. */
  readonly cell: (column: string, value: unknown) => string;
  /** What a stage of a use case is called. */
  readonly stage: (stage: string) => string;
};

/** Texts of results: `messages/<language>/commands.json`; the reasons of decisions are those of the certificate. */
export const resultTexts = (language: Language): ResultTexts => {
  const texts = read(language, 'commands');
  const reasons = read(language, 'plan');
  const stages = read(language, 'progress');
  const number = new Intl.NumberFormat(language === 'fr' ? 'fr-FR' : 'en-GB', { maximumFractionDigits: 2 });
  const told = (value: string | number): string => (typeof value === 'number' ? number.format(value) : value);
  return {
    text: (key, values = []) => {
      const text = texts[key];
      if (text === undefined) throw new Error(`messages/${language}/commands.json has no text ${key}`);
      let next = 0;
      return text.replaceAll('%s', () => told(values[next++] ?? ''));
    },
    cell: (column, value) => {
      if (value === null || value === undefined) return '';
      if (typeof value === 'boolean') return texts[value ? 'word.yes' : 'word.no'] ?? String(value);
      if (typeof value === 'number') return number.format(value);
      if (typeof value !== 'string') return JSON.stringify(value);
      return texts[`word.${column}.${value}`] ?? reasons[`${column === 'code' ? 'reason' : column}.${value}`] ?? value;
    },
    stage: (stage) => stages[stage] ?? stage,
  };
};
