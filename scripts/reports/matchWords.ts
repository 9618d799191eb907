import { COMPARISON_KEYS, LEVEL_KEYS, ROLE_KEYS } from './matchTextKeys.ts';
import type { TextKey } from './textKeys.ts';
import type { Texts } from './texts.ts';

/** What comparisons and levels of agreement are called; a name nobody put into words stays as it is. */
export type MatchWords = {
  readonly comparison: (name: string) => string;
  readonly level: (name: string) => string;
  /** What a column holds. */
  readonly role: (name: string) => string;
  /** `Birth date: the same`. */
  readonly both: (comparison: string, level: string) => string;
};

const keyIn = (keys: readonly TextKey[], name: string): TextKey | undefined => keys.find((key) => key === name);

export const matchWords = (texts: Texts): MatchWords => {
  const comparison = (name: string): string => {
    const [plain = name, scheme = ''] = name.split(':');
    const key = keyIn(COMPARISON_KEYS, `match.comparison.${plain}`);
    return key === undefined ? name : texts.say(key, { scheme }).trim();
  };
  const level = (name: string): string => {
    const key = keyIn(LEVEL_KEYS, `match.level.${name}`);
    return key === undefined ? name : texts.say(key);
  };
  const role = (name: string): string => {
    const [plain = name, scheme = ''] = name.split(':');
    const key = keyIn(ROLE_KEYS, `match.role.${plain}`);
    return key === undefined ? name : texts.say(key, { scheme }).trim();
  };
  // some evidence is of no one comparison and has no level
  const both = (name: string, agreement: string): string =>
    agreement === ''
      ? comparison(name)
      : texts.say('match.agreement', { comparison: comparison(name), level: level(agreement) });
  return { comparison, level, role, both };
};

/** A probability of 0 to 1 with as many digits as tell it from certainty: `99.97 %`. */
export const probabilityText = (texts: Texts, probability: number): string => {
  const locale = texts.language === 'fr' ? 'fr-FR' : 'en-GB';
  const apart = Math.min(probability, 1 - probability);
  const digits = apart <= 0 ? 0 : Math.min(6, Math.max(0, Math.ceil(-Math.log10(apart)) - 2 + 1));
  // cut, not rounded: nothing is told surer than it is
  const scale = 10 ** (digits + 2);
  const cut = Math.floor(probability * scale + 1e-9) / scale;
  return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: digits }).format(cut);
};
