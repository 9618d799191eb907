import { foldText, type FoldedWord } from '../subject/foldText.ts';

/** Words behind which a name with a capital follows. */
const TITLES = new Set(
  'm mm mr mme mmes mlle monsieur madame mademoiselle messieurs mesdames mrs ms miss dr docteur doctor me maitre'.split(
    ' ',
  ),
);

/** Words by which a note speaks of somebody else: family, friends, carers; French and English, without accents. */
const KIN = new Set(
  [
    'mere pere maman papa parent parents fils fille filles enfant enfants frere freres soeur soeurs mari epoux epouse',
    'conjoint conjointe compagnon compagne concubin concubine fiance fiancee oncle tante neveu niece cousin cousine',
    'grand-mere grand-pere gendre bru voisin voisine ami amie amis tuteur tutrice curateur curatrice aidant aidante',
    'collegue parrain marraine mother father mum dad son daughter child children brother sister husband wife spouse',
    'partner uncle aunt nephew niece neighbour neighbor friend guardian carer colleague parents grandmother grandfather',
  ]
    .join(' ')
    .split(' '),
);

const PARTICLES = new Set('de du des d van von der'.split(' '));
const MOST_WORDS = 4;

export type Run = { readonly start: number; readonly end: number; readonly words: readonly string[] };

/** Written with a capital, as names are. */
export const isCapital = (text: string, word: FoldedWord): boolean => /^\p{Lu}/u.test(text.slice(word.start, word.end));

const follows = (text: string, before: FoldedWord, next: FoldedWord): boolean =>
  /^(\.? |[-'’]|\.-)$/.test(text.slice(before.end, next.start).replace(/[\u00a0\u202f]/g, ' '));

type Words = readonly FoldedWord[];

/** A word of a name at `at`: with a capital, or a particle before one. */
const isNameWord = (text: string, words: Words, at: number): boolean => {
  const [before, word, next] = [words[at - 1], words[at], words[at + 1]];
  if (before === undefined || word === undefined || !follows(text, before, word)) return false;
  if (isCapital(text, word)) return !TITLES.has(word.word);
  return PARTICLES.has(word.word) && next !== undefined && follows(text, word, next) && isCapital(text, next);
};

/** Words of a name that follow word `at`. */
const runAfter = (text: string, words: Words, at: number): Run | undefined => {
  let end = at + 1;
  while (end - at <= MOST_WORDS && isNameWord(text, words, end)) end += 1;
  const taken = words.slice(at + 1, end);
  const [first, last] = [taken[0], taken.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  return { start: first.start, end: last.end, words: taken.map((word) => word.word) };
};

/** Whether a stretch of text speaks of somebody's relative, neighbour, friend or carer. */
export const speaksOfKin = (words: Words): boolean => words.some((word) => KIN.has(word.word));

/** `M.` is a title, the m of a sum is not. */
const isTitle = (text: string, word: FoldedWord): boolean => TITLES.has(word.word) && isCapital(text, word);

/** Names that the org may not know, told by what stands before them: `Mme Durand`, `sa sœur Camille`. */
export const namesBeside = (text: string, words: Words): readonly Run[] =>
  words.flatMap((word, i) => {
    if (!isTitle(text, word) && !KIN.has(foldText(word.word))) return [];
    const run = runAfter(text, words, i);
    return run === undefined ? [] : [run];
  });
