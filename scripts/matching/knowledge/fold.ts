import { pairsOfWords } from './pairsOfWords.ts';
import { repairText } from './repairText.ts';

export type Letters = { readonly one: ReadonlyMap<string, string>; readonly two: ReadonlyMap<string, string> };

/** Tables of config/matching/transliteration.yml as look-ups. */
export const makeLetters = (tables: readonly string[]): Letters => {
  const one = new Map<string, string>();
  const two = new Map<string, string>();
  for (const [from, to] of tables.flatMap(pairsOfWords)) (from.length === 1 ? one : two).set(from, to);
  return { one, two };
};

const PLAIN = /^[a-z0-9]+(?: [a-z0-9]+)*$/;
// marks of Latin, Greek and Cyrillic, Hebrew and Arabic writing; those of other scripts are vowels and stay
const MARKS = /[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]/g;
const HANGUL = { first: 0xac00, last: 0xd7a3, vowels: 21, finals: 28 };
const INITIALS = ['g', 'kk', 'n', 'd', 'tt', 'r', 'm', 'b', 'pp', 's', 'ss', '', 'j', 'jj', 'ch', 'k', 't', 'p', 'h'];
const VOWELS = 'a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i'.split(' ');
const FINALS = ' k k ks n nj n t l lk lm lb ls lt lp l m p ps t t ng t t k t p t'.split(' ');

const hangul = (code: number): string => {
  const at = code - HANGUL.first;
  const last = at % HANGUL.finals;
  const vowel = Math.floor(at / HANGUL.finals) % HANGUL.vowels;
  const initial = Math.floor(at / (HANGUL.finals * HANGUL.vowels));
  return `${INITIALS[initial] ?? ''}${VOWELS[vowel] ?? ''}${FINALS[last] ?? ''}`;
};

/** A letter nobody listed: its code point in letters, so that equal texts stay equal and unequal ones unequal. */
const coded = (code: number): string => {
  let rest = code;
  let text = '';
  do {
    text = String.fromCharCode(97 + (rest % 26)) + text;
    rest = Math.floor(rest / 26);
  } while (rest > 0);
  return `q${text}`;
};

const KATAKANA = /[\u30a1-\u30f6]/g;
const LETTER = /[\p{L}\p{N}\p{M}]/u;
const APART = /[\u4e00-\u9fff\u3400-\u4dbf]/;

const foldedCharacter = (letters: Letters, character: string): string => {
  const code = character.codePointAt(0) ?? 0;
  if ((code >= 97 && code <= 122) || (code >= 48 && code <= 57)) return character;
  if (code < 128) return ' ';
  const known = letters.one.get(character);
  if (known !== undefined) return APART.test(character) ? ` ${known} ` : known;
  if (code >= HANGUL.first && code <= HANGUL.last) return hangul(code);
  return LETTER.test(character) ? coded(code) : ' ';
};

const folded = (letters: Letters, text: string): string => {
  let answer = '';
  for (let i = 0; i < text.length;) {
    const pair = letters.two.get(text.slice(i, i + 2));
    if (pair !== undefined) {
      answer += pair;
      i += 2;
      continue;
    }
    const character = String.fromCodePoint(text.codePointAt(i) ?? 0);
    answer += foldedCharacter(letters, character);
    i += character.length;
  }
  return answer;
};

const squeezed = (text: string): string => text.replace(/ {2,}/g, ' ').trim();

/**
 * Text as it is compared: lower case, ASCII letters and digits, single blanks. Accents go (`É` → `e`), ligatures are written
 * out, other scripts are romanised by the tables; idempotent.
 */
export const foldText = (letters: Letters, text: string): string => {
  if (PLAIN.test(text)) return text;
  const lower = repairText(text).toLowerCase();
  if (!/[^\0-\x7f]/.test(lower)) return squeezed(lower.replace(/[^a-z0-9]/g, ' '));
  const bare = lower
    .normalize('NFKD')
    .replace(MARKS, '')
    .normalize('NFKC')
    .toLowerCase()
    .replace(KATAKANA, (one) => String.fromCharCode(one.charCodeAt(0) - 0x60));
  return squeezed(folded(letters, bare));
};
