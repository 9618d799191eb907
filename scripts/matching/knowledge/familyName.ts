import type { FamilyName } from './contract.ts';
import { civilityLength, type NameLexicon } from './nameLexicon.ts';
import { markOf, marksOf } from './pairsOfWords.ts';
import { phoneticKey } from './phonetic.ts';

const NONE: FamilyName = {
  key: '',
  joined: '',
  core: '',
  particle: '',
  parts: [],
  phonetic: '',
  phonetics: [],
  generation: '',
  marks: 0,
};
const MOST_PARTS = 4;

/** `mcdonald` → `macdonald` */
const macOf = (word: string): string => (word.startsWith('mc') && word.length > 4 ? `mac${word.slice(2)}` : word);

/** `la fontaine de` → `de la fontaine`: a particle at the end was moved there for sorting. */
const particlesFirst = (lexicon: NameLexicon, words: readonly string[]): readonly string[] => {
  let end = words.length;
  while (end > 1 && lexicon.loose.has(words[end - 1] ?? '')) end -= 1;
  // `van` alone after a name may be one of two given names or the name itself: only what was once in front goes back there
  return end === words.length ? words : [...words.slice(end), ...words.slice(0, end)];
};

type Shape = {
  readonly particle: readonly string[];
  readonly core: readonly string[];
  readonly parts: readonly string[];
};

/** Loose particles apart, fixed ones glued to what follows. */
const shapeOf = (lexicon: NameLexicon, words: readonly string[]): Shape => {
  const particle: string[] = [];
  const core: string[] = [];
  const parts: string[] = [];
  let glued = '';
  words.forEach((word, i) => {
    const last = i === words.length - 1;
    if (!last && lexicon.loose.has(word)) {
      if (core.length === 0 && glued === '') particle.push(word);
      return;
    }
    core.push(word);
    if (!last && lexicon.fixed.has(word)) {
      glued += word;
      return;
    }
    parts.push(macOf(`${glued}${word}`));
    glued = '';
  });
  return { particle, core, parts };
};

const cleanWords = (
  lexicon: NameLexicon,
  folded: string,
): { readonly words: readonly string[]; readonly generation: string } => {
  const all = folded.split(' ').map((word) => lexicon.abbreviations.get(word) ?? word);
  const words = all.slice(civilityLength(lexicon, all));
  const generation = words.length > 1 ? (lexicon.generations.get(words.at(-1) ?? '') ?? '') : '';
  const names = (generation === '' ? words : words.slice(0, -1)).filter(
    (word, i, list) => i === 0 || i === list.length - 1 || !lexicon.beside.has(word),
  );
  return { words: particlesFirst(lexicon, names), generation };
};

const partsOf = (shape: Shape): readonly string[] => {
  const long = [...new Set(shape.parts.filter((part) => part.length > 1))];
  return long.length === 0 ? [shape.core.join('')] : long.slice(0, MOST_PARTS);
};

/** One word, the usual case: nothing to take apart. */
const oneWord = (lexicon: NameLexicon, folded: string): FamilyName => {
  const word = lexicon.abbreviations.get(folded) ?? folded;
  const joined = macOf(word);
  const phonetic = phoneticKey(word);
  const phonetics = [joined === word ? phonetic : phoneticKey(joined)];
  const marks = markOf(joined) | markOf(phonetic) | markOf(phonetics[0] ?? '');
  return { key: word, joined, core: word, particle: '', parts: [joined], phonetic, phonetics, generation: '', marks };
};

/** What a family name says, double names and particles resolved. */
export const familyNameOf = (lexicon: NameLexicon, text: string): FamilyName => {
  const folded = lexicon.fold(text);
  if (folded === '' || lexicon.unknown.has(folded)) return NONE;
  if (!folded.includes(' ')) return oneWord(lexicon, folded);
  const { words, generation } = cleanWords(lexicon, folded);
  const shape = shapeOf(lexicon, words);
  const joined = macOf(words.join(''));
  const parts = partsOf(shape);
  const phonetics = parts.map(phoneticKey);
  const core = shape.core.join('');
  const phonetic = parts.length === 1 && parts[0] === core ? (phonetics[0] ?? '') : phoneticKey(core);
  return {
    key: words.join(' '),
    joined,
    core: shape.core.join(' '),
    particle: shape.particle.join(' '),
    parts,
    phonetic,
    phonetics,
    generation,
    marks: marksOf([joined, ...parts, phonetic, ...phonetics]),
  };
};
