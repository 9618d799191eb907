import type { Organisation, OrganisationRelation } from './contract.ts';

const joined = (one: Organisation): string => one.core.replaceAll(' ', '');

const sameWords = (a: Organisation, b: Organisation): boolean =>
  joined(a) === joined(b) || (a.words.length === b.words.length && a.words.every((word, i) => word === b.words[i]));

const SHORT_WORD = 4;

/**
 * Whether the letters are the words' first letters in order. Words of up to four letters may be passed over: articles, legal
 * forms and the like take part in some acronyms and not in others (APAJH: association *pour* adultes *et* jeunes handicapés).
 */
const spells = (letters: string, words: readonly string[]): boolean => {
  const walk = (letter: number, word: number): boolean => {
    if (word === words.length) return letter === letters.length;
    const next = words[word] ?? '';
    if (next.startsWith(letters.charAt(letter)) && letter < letters.length && walk(letter + 1, word + 1)) return true;
    return (next.length <= SHORT_WORD || word === 0) && walk(letter, word + 1);
  };
  return letters.length >= 3 && walk(0, 0);
};

const isAcronymOf = (a: Organisation, b: Organisation): boolean => {
  if (a.words.length !== 1 || b.words.length < 2) return false;
  const letters = a.words[0] ?? '';
  return /^[a-z]{3,8}$/.test(letters) && (spells(letters, b.key.split(' ')) || spells(letters, b.core.split(' ')));
};

const LONG_WORD = 7;

const byWords = (a: Organisation, b: Organisation): OrganisationRelation => {
  const shared = a.words.filter((word) => b.words.includes(word));
  const fewer = Math.min(a.words.length, b.words.length);
  if (shared.length === 0) return 'different';
  const telling = shared.length >= 2 || (shared[0] ?? '').length >= LONG_WORD;
  if (shared.length === fewer && telling) return 'subset';
  return shared.length * 2 >= a.words.length + b.words.length - shared.length ? 'overlap' : 'different';
};

/** How two organisations' names relate by what is known of names. Symmetric; spelling is not looked at. */
export const relateOrganisations = (a: Organisation, b: Organisation): OrganisationRelation => {
  if (a.key === '' || b.key === '') return 'different';
  const apart = a.section !== b.section;
  if (a.key === b.key) return 'same';
  if (sameWords(a, b)) return apart ? 'section' : 'same';
  if (isAcronymOf(a, b) || isAcronymOf(b, a)) return apart ? 'section' : 'acronym';
  const relation = byWords(a, b);
  return apart && relation !== 'different' ? 'section' : relation;
};
