import type { GivenName } from './contract.ts';
import type { NameLexicon } from './nameLexicon.ts';
import { markOf, marksOf } from './pairsOfWords.ts';
import { phoneticKey } from './phonetic.ts';

const NONE: GivenName = {
  key: '',
  words: [],
  initials: '',
  initialsOnly: false,
  roots: [],
  phonetic: '',
  female: -1,
  known: false,
  compound: false,
  generation: '',
  marks: 0,
};
const MOST_WORDS = 8;
const VOWEL = /[aeiouy]/;

const ENDINGS = 'aeio';

/** A first word without its ending, double letters single: `michel`, `michele`; `mario`, `maria`. */
export const stemOf = (word: string): string => {
  let stem = '';
  for (let i = 0; i < word.length; i += 1) if (word[i] !== word[i - 1]) stem += word.charAt(i);
  let end = stem.length;
  while (end > 0 && ENDINGS.includes(stem.charAt(end - 1))) end -= 1;
  return stem.slice(0, end);
};

/** `j pierre` → `jean pierre` when that name exists; undefined when it is not certain. */
const headSpelt = (lexicon: NameLexicon, words: readonly string[]): string | undefined => {
  const [first = '', second = ''] = words;
  if (second.length < 3) return undefined;
  const heads = (lexicon.heads.get(first) ?? []).filter((head) => lexicon.given.has(`${head} ${second}`));
  return heads.length === 1 ? heads[0] : undefined;
};

/** `jeanpierre` → `jean pierre` when that name exists and the run-together one does not. */
const splitCompound = (lexicon: NameLexicon, word: string): readonly string[] => {
  if (word.length < 7 || lexicon.given.has(word)) return [word];
  for (const head of lexicon.headNames) {
    if (!word.startsWith(head) || word.length < head.length + 3) continue;
    const rest = word.slice(head.length);
    if (lexicon.given.has(`${head} ${rest}`)) return [head, rest];
  }
  return [word];
};

/** `jp` → `j`, `p`: two or three letters without a vowel are no name. */
const lettersOf = (lexicon: NameLexicon, word: string, raw: string): readonly string[] => {
  if (word.length < 2 || word.length > 3 || lexicon.given.has(word)) return [word];
  const abbreviated = !VOWEL.test(word) || (/^\p{Lu}[.-]?\p{Lu}\.?$/u.test(raw.trim()) && !lexicon.roots.has(word));
  return abbreviated && /^[a-z]+$/.test(word) ? Array.from(word) : [word];
};

const cleanWords = (
  lexicon: NameLexicon,
  folded: string,
): { readonly words: readonly string[]; readonly generation: string } => {
  let words: readonly string[] = folded.split(' ');
  const [first = '', second] = words;
  if (second !== undefined && first.length > 1 && lexicon.civilities.has(first) && !lexicon.given.has(first))
    words = words.slice(1);
  const generation = words.length > 1 ? (lexicon.generations.get(words.at(-1) ?? '') ?? '') : '';
  return { words: generation === '' ? words : words.slice(0, -1), generation };
};

const spelt = (lexicon: NameLexicon, words: readonly string[], raw: string): readonly string[] => {
  const [first = '', ...rest] = words;
  if (rest.length === 0) {
    const parts = splitCompound(lexicon, first);
    return parts.length > 1 ? parts : lettersOf(lexicon, first, raw);
  }
  const head = headSpelt(lexicon, words);
  return head === undefined ? words : [head, ...rest];
};

const rootsOf = (lexicon: NameLexicon, key: string, first: string): readonly string[] => {
  const own = lexicon.roots.get(key) ?? [key];
  if (first === key) return own;
  return [...new Set([...own, ...(lexicon.roots.get(first) ?? [first])])];
};

const ANY_MARK = -1;

const marksFor = (words: readonly string[], roots: readonly string[], phonetic: string): number => {
  const [first = ''] = words;
  if (first.length === 1) return ANY_MARK; // an initial may stand for any name
  const long = words.filter((word) => word.length > 2);
  return marksOf(long) | marksOf(roots) | markOf(phonetic) | markOf(`-${stemOf(first)}`) | markOf(words.join(''));
};

/** What a given name (or a list of them) says. */
export const givenNameOf = (lexicon: NameLexicon, text: string): GivenName => {
  const folded = lexicon.fold(text);
  if (folded === '' || lexicon.unknown.has(folded)) return NONE;
  const clean = cleanWords(lexicon, folded);
  const words = spelt(lexicon, clean.words, text).slice(0, MOST_WORDS);
  const key = words.join(' ');
  const first = words[0] ?? '';
  const roots = rootsOf(lexicon, key, first);
  const phonetic = phoneticKey(first);
  return {
    key,
    words,
    initials: words.map((word) => word.charAt(0)).join(''),
    initialsOnly: words.every((word) => word.length === 1),
    roots,
    phonetic,
    female: (lexicon.given.get(key) ?? lexicon.given.get(first))?.female ?? -1,
    known: lexicon.given.has(first) || lexicon.roots.has(first),
    compound: words.length > 1 && lexicon.given.has(key),
    generation: clean.generation,
    marks: marksFor(words, roots, phonetic),
  };
};
