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
  /** A limit that took effect, from how the engine tells it. */
  readonly cap: (what: string) => string;
};

/** How the engine tells limits, with the rule's name where there is one. */
const CAPS: readonly (readonly [RegExp, TextKey])[] = [
  [/^columns of a role beyond the first three were not read$/, 'match.cap.columns'],
  [/^blocks of rule (.+) narrowed to stay within the pair budget$/, 'match.cap.narrowed'],
  [/^pairs of rule (.+) left out with blocks too large to narrow$/, 'match.cap.skipped'],
  [/^rows with too little in them$/, 'match.cap.unmatchable'],
  [/^joins of groups kept apart by contradicting evidence$/, 'match.cap.contradicted'],
  [/^joins of groups kept apart because one pair alone spoke for them$/, 'match.cap.weakBridges'],
  [/^joins of groups kept apart by decisions$/, 'match.cap.forbidden'],
];

const capWords =
  (texts: Texts) =>
  (what: string): string => {
    for (const [told, key] of CAPS) {
      const found = told.exec(what);
      if (found !== null) return texts.say(key, { rule: found[1] ?? '' });
    }
    return what;
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
  return { comparison, level, role, both, cap: capWords(texts) };
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
