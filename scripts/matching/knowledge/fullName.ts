import type { FullName, FullNameReading } from './contract.ts';
import { civilityLength, civilityOf, NO_CIVILITY, type NameLexicon } from './nameLexicon.ts';

type Part = { readonly word: string; readonly capital: boolean };

const MOST_WORDS = 10;
const NOTHING: FullName = { readings: [], civility: NO_CIVILITY, couple: false, generation: '' };

/** Folded words, each with whether it was written in capitals: French papers write FAMILY NAMES so. */
const partsOf = (lexicon: NameLexicon, text: string): readonly Part[] =>
  text
    .split(/[\s]+/)
    .filter((token) => token !== '')
    .flatMap((token) => {
      const capital = /\p{Lu}.*\p{Lu}/u.test(token) && !/\p{Ll}/u.test(token);
      return lexicon
        .fold(token)
        .split(' ')
        .filter((word) => word !== '')
        .map((word) => ({ word, capital }));
    })
    .slice(0, MOST_WORDS);

const text = (words: readonly string[]): string => words.join(' ');

/** How much a word is a given name, 0 to 1: by births, an initial half. */
const givenness = (lexicon: NameLexicon, word: string): number => {
  if (word.length === 1) return 0.5;
  const births = lexicon.given.get(word)?.births ?? 0;
  if (births > 0) return Math.min(1, 0.4 + Math.log10(births / 100) / 6);
  return lexicon.roots.has(word) ? 0.4 : 0;
};

const isParticle = (lexicon: NameLexicon, word: string): boolean => lexicon.loose.has(word) || lexicon.fixed.has(word);

/** How many words from the first are given names; at least one word stays for the family. */
const givenLength = (lexicon: NameLexicon, words: readonly string[]): number => {
  let length = 1;
  while (length < words.length - 1) {
    const word = words[length] ?? '';
    if (isParticle(lexicon, word) || givenness(lexicon, word) === 0) break;
    length += 1;
  }
  return length;
};

/** How many words from the first are the family name; at least one stays for the given name. */
const familyLength = (lexicon: NameLexicon, words: readonly string[]): number => {
  let length = 0;
  while (length < words.length - 1 && isParticle(lexicon, words[length] ?? '')) length += 1;
  length = Math.min(length + 1, words.length - 1);
  while (length < words.length - 1 && givenness(lexicon, words[length] ?? '') === 0) length += 1;
  return length;
};

const reading = (given: readonly string[], family: readonly string[], weight: number): FullNameReading => ({
  given: text(given),
  family: text(family),
  weight,
});

/** Both orders, each weighed by how much its given name is one and its family name is none. */
const byKnowledge = (lexicon: NameLexicon, words: readonly string[]): readonly FullNameReading[] => {
  if (words.length === 1) return [reading([], words, 1)];
  const split = givenLength(lexicon, words);
  const cut = familyLength(lexicon, words);
  const first = givenness(lexicon, words[0] ?? '');
  const last = givenness(lexicon, words[cut] ?? '');
  const leadingParticle = isParticle(lexicon, words[0] ?? '') && (words[0] ?? '').length > 1;
  // given names mostly come first; a known name against an unknown one decides
  const odds = Math.exp(4 * (first - last) + 0.8 - (leadingParticle ? 6 : 0));
  const weight = odds / (1 + odds);
  const givenFirst = reading(words.slice(0, split), words.slice(split), weight);
  const familyFirst = reading(words.slice(cut), words.slice(0, cut), 1 - weight);
  const both = weight >= 0.5 ? [givenFirst, familyFirst] : [familyFirst, givenFirst];
  return both.filter((one) => one.weight >= 0.1);
};

/** Capitals for some words and not for others tell the family name. */
const byCapitals = (parts: readonly Part[]): readonly FullNameReading[] | undefined => {
  const family = parts.filter((part) => part.capital).map((part) => part.word);
  const given = parts.filter((part) => !part.capital).map((part) => part.word);
  if (family.length === 0 || given.length === 0 || text(family).length < 2) return undefined;
  const changes = parts.filter((part, i) => i > 0 && part.capital !== parts[i - 1]?.capital).length;
  return changes === 1 ? [reading(given, family, 1)] : undefined;
};

const withoutFrame = (
  lexicon: NameLexicon,
  parts: readonly Part[],
): { readonly parts: readonly Part[]; readonly civility: FullName['civility']; readonly generation: string } => {
  const words = parts.map((part) => part.word);
  const skip = civilityLength(lexicon, words);
  const generation = parts.length - skip > 1 ? (lexicon.generations.get(words.at(-1) ?? '') ?? '') : '';
  return {
    parts: parts.slice(skip, generation === '' ? undefined : -1),
    civility: skip === 0 ? NO_CIVILITY : civilityOf(lexicon, text(words.slice(0, skip))),
    generation,
  };
};

/** `Marie et Paul Durand`: two given names before one family name. */
const twoPeople = (lexicon: NameLexicon, parts: readonly Part[]): readonly FullNameReading[] | undefined => {
  const at = parts.findIndex((part, i) => i > 0 && part.word.length > 1 && lexicon.and.has(part.word));
  if (at < 0 || parts.length < at + 3) return undefined;
  const words = parts.map((part) => part.word);
  const split = givenLength(lexicon, words.slice(at + 1)) + at + 1;
  if (givenness(lexicon, words[0] ?? '') === 0) return undefined;
  const family = words.slice(split);
  return [reading(words.slice(0, at), family, 0.5), reading(words.slice(at + 1, split), family, 0.5)];
};

const byComma = (lexicon: NameLexicon, family: string, given: string): FullName | undefined => {
  const before = withoutFrame(lexicon, partsOf(lexicon, family));
  const after = withoutFrame(lexicon, partsOf(lexicon, given));
  const words = after.parts.map((part) => part.word);
  if (before.parts.length === 0 || words.length === 0) return undefined;
  const alone = words.length === 1 ? lexicon.generations.get(words[0] ?? '') : undefined;
  if (alone !== undefined) {
    const whole = fullNameOf(lexicon, family);
    return { ...whole, generation: alone };
  }
  const civility = before.civility === NO_CIVILITY ? after.civility : before.civility;
  const readings = [
    reading(
      words,
      before.parts.map((part) => part.word),
      1,
    ),
  ];
  return { readings, civility, couple: civility.couple, generation: after.generation || before.generation };
};

/** Splits a name written in one cell. A comma, capitals, particles and known given names tell which part is which. */
export const fullNameOf = (lexicon: NameLexicon, whole: string): FullName => {
  const [family = '', given, ...more] = whole.split(',');
  if (given !== undefined && more.length <= 1) {
    const answer = byComma(lexicon, family, [given, ...more].join(' '));
    if (answer !== undefined) return answer;
  }
  const { parts, civility, generation } = withoutFrame(lexicon, partsOf(lexicon, whole));
  const words = parts.map((part) => part.word);
  if (words.length === 0 || lexicon.unknown.has(text(words))) return { ...NOTHING, civility };
  const pair = twoPeople(lexicon, parts);
  const readings = pair ?? byCapitals(parts) ?? byKnowledge(lexicon, words);
  return { readings, civility, couple: civility.couple || pair !== undefined, generation };
};
