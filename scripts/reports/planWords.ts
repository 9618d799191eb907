import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Reason } from '../model/plan.ts';
import type { Language } from '../model/text.ts';
import { TEXT_KEYS, type TextKey } from './textKeys.ts';
import type { Texts } from './texts.ts';

/** Words for codes of plans; a code that nobody wrote a text for stands for itself. */
export type PlanWords = {
  readonly reason: (code: string) => string;
  readonly effect: (code: string) => string;
  readonly operation: (code: string) => string;
  readonly verdict: (code: string) => string;
  /** The facts of a reason: `by: lawsuit, until: 2027-01-31`. */
  readonly facts: (facts: Reason['facts']) => string;
};

const readWords = (language: Language): Readonly<Record<string, string>> => {
  const file = new URL(`../../messages/${language}/plan.json`, import.meta.url);
  return z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(file, 'utf8')));
};

const knownKey = (key: string): TextKey | undefined => TEXT_KEYS.find((one) => one === key);

/** The words of reasons are those of the certificate (`messages/<language>/plan.json`). */
export const planWords = (texts: Texts): PlanWords => {
  const known = readWords(texts.language);
  const word = (kind: string, code: string): string => {
    const key = knownKey(`plan.${kind}.${code}`);
    return key === undefined ? code : texts.say(key);
  };
  return {
    reason: (code) => known[`reason.${code}`] ?? code,
    effect: (code) => known[`effect.${code}`] ?? code,
    operation: (code) => word('operation', code),
    verdict: (code) => word('verdict', code),
    facts: (facts) =>
      Object.entries(facts)
        .filter(([, value]) => value !== null && value !== '')
        .map(([name, value]) => `${word('fact', name)}: ${String(value)}`)
        .join(', '),
  };
};
