import type { AddressLexicon } from './addressLexicon.ts';
import { phraseAt } from './phrases.ts';

export type Street = {
  readonly number: string;
  readonly words: readonly string[];
  readonly name: readonly string[];
  readonly compass: string;
};

const HOUSE = /^(\d{1,5})([a-z]{0,1}|bis|ter|quater|quat)$/;

const DIRECTIONS = new Set(['n', 's', 'e', 'w', 'ne', 'nw', 'se', 'sw', 'north', 'south', 'east', 'west']);
const ORDINAL = /^\d+(st|nd|rd|th)$/;

const lettered = (lexicon: AddressLexicon, number: string, letter: string): string =>
  `${String(Number(number))}${lexicon.indices.get(letter) ?? letter}`;

/** A short word between number and street: `12 b rue`, `12 bis`. A single letter counts only when a street follows. */
const indexAfter = (lexicon: AddressLexicon, words: readonly string[], at: number): string => {
  const word = words[at] ?? '';
  const following = words[at + 1];
  if (/^(bis|ter|quater|quat)$/.test(word)) return word;
  if (!/^[a-z]$/.test(word) || following === undefined) return '';
  // `40 E 5th St`: a quarter of the town, not of the house
  if (DIRECTIONS.has(word) && ORDINAL.test(following)) return '';
  return /^\d/.test(following) || phraseAt(lexicon.types, words, at + 1) !== undefined ? word : '';
};

type Numbered = { readonly number: string; readonly rest: readonly string[] };

/** `12 14`: the second of two numbers, and how many words it takes. */
const rangeAfter = (lexicon: AddressLexicon, words: readonly string[], at: number, first: string): string => {
  const second = HOUSE.exec(words[at] ?? '');
  if (second === null || Number(second[1]) <= Number(first) || words.length <= at + 1) return '';
  return `-${lettered(lexicon, second[1] ?? '', second[2] ?? '')}`;
};

const NUMBER_WORD = /^(n|no|num|numero|nr)$/;

/** A number in front: `12`, `12 bis`, `12 14`, `no 12`. */
const leading = (lexicon: AddressLexicon, words: readonly string[]): Numbered | undefined => {
  const from = NUMBER_WORD.test(words[0] ?? '') ? 1 : 0;
  const house = HOUSE.exec(words[from] ?? '');
  if (house === null || words.length < from + 2) return undefined;
  const [, digits = '', letter = ''] = house;
  const index = letter === '' ? indexAfter(lexicon, words, from + 1) : '';
  const next = from + (index === '' ? 1 : 2);
  const range = rangeAfter(lexicon, words, next, digits);
  const number = `${lettered(lexicon, digits, letter === '' ? index : letter)}${range}`;
  return { number, rest: words.slice(range === '' ? next : next + 1) };
};

/** A number behind: `hauptstrasse 12 a`, `calle mayor 5`. */
const trailing = (lexicon: AddressLexicon, words: readonly string[]): Numbered | undefined => {
  const last = words.at(-1) ?? '';
  const before = words.at(-2) ?? '';
  if (words.length > 2 && /^[a-z]$/.test(last) && /^\d{1,4}$/.test(before))
    return { number: lettered(lexicon, before, last), rest: words.slice(0, -2) };
  const house = HOUSE.exec(last);
  if (house === null || words.length < 2) return undefined;
  return { number: lettered(lexicon, house[1] ?? '', house[2] ?? ''), rest: words.slice(0, -1) };
};

const SHORTEST_NAME = 3;

/** `hauptstr` → `hauptstrasse`. */
const withEnding = (lexicon: AddressLexicon, word: string): string => {
  for (const [short, ending] of lexicon.endings) {
    if (word.endsWith(short) && !word.endsWith(ending) && word.length >= short.length + SHORTEST_NAME)
      return `${word.slice(0, -short.length)}${ending}`;
  }
  return word;
};

type Spelt = { readonly words: readonly string[]; readonly typeAt: ReadonlySet<number> };

/** The country's own reading of a short word; `St John St`: in front of a name it is a saint everywhere. */
const countryWord = (
  lexicon: AddressLexicon,
  words: readonly string[],
  at: number,
  country: string,
): string | undefined => {
  const own = lexicon.byCountry.get(country)?.get(words[at] ?? '');
  const next = words[at + 1];
  return own === 'street' && next !== undefined && !DIRECTIONS.has(next) ? 'saint' : own;
};

type Reading = { readonly text: string; readonly length: number; readonly isType: boolean };

/** `typed`: a type stands in front already, so that the last word is none (`Lieu-dit Le Bourg`). */
type Line = { readonly words: readonly string[]; readonly country: string; readonly typed: boolean };

/** A street's type, which stands in front or behind. */
const typeAtEnd = (lexicon: AddressLexicon, words: readonly string[], at: number): Reading | undefined => {
  const type = phraseAt(lexicon.types, words, at);
  if (type === undefined || type.length === words.length) return undefined;
  return { text: type.value, length: type.length, isType: true };
};

const plainAt = (lexicon: AddressLexicon, words: readonly string[], at: number): Reading => {
  const plain = phraseAt(lexicon.words, words, at);
  const text = plain?.value ?? withEnding(lexicon, words[at] ?? '');
  return { text, length: plain?.length ?? 1, isType: false };
};

/** What stands at a place of a street line: a type, an abbreviation, a word. */
const readingAt = (lexicon: AddressLexicon, line: Line, at: number): Reading => {
  const { words, country } = line;
  const last = at === words.length - 1 && at > 0;
  const isEnd = at === 0 || (last && !line.typed);
  const own = countryWord(lexicon, words, at, country) ?? (last ? lexicon.atEnd.get(words[at] ?? '') : undefined);
  if (own !== undefined) return { text: own, length: 1, isType: isEnd && lexicon.types.has(own) };
  return (isEnd ? typeAtEnd(lexicon, words, at) : undefined) ?? plainAt(lexicon, words, at);
};

const spelt = (lexicon: AddressLexicon, words: readonly string[], country: string): Spelt => {
  const answer: string[] = [];
  const typeAt = new Set<number>();
  for (let at = 0; at < words.length;) {
    const reading = readingAt(lexicon, { words, country, typed: typeAt.size > 0 }, at);
    for (const word of reading.text.split(' ')) {
      if (reading.isType) typeAt.add(answer.length);
      answer.push(word);
    }
    at += reading.length;
  }
  return { words: answer, typeAt };
};

/** `e fremont`, `peachtree ne`: compass words are left out as often as written. */
const withoutDirection = (lexicon: AddressLexicon, words: readonly string[]): readonly string[] => {
  const rest = words.filter((word, i) => !((i === 0 || i === words.length - 1) && DIRECTIONS.has(word)));
  // `North Street` would lose its name
  const named =
    rest.length > 1 || (rest.length === 1 && !lexicon.types.has(rest[0] ?? '') && !lexicon.atEnd.has(rest[0] ?? ''));
  return named ? rest : words;
};

/** `e`, `ne`: the compass word that is left out; '' when there is none, or several. */
const compassOf = (all: readonly string[], kept: readonly string[]): string => {
  const ends = [all[0] ?? '', all.at(-1) ?? ''].filter((word) => DIRECTIONS.has(word));
  if (kept.length === all.length || ends.length !== 1) return '';
  return (ends[0] ?? '').replace(/^(.)(?:orth|outh|ast|est)$/, '$1');
};

/** Number, street and name of a street line's folded words. */
export const streetOf = (lexicon: AddressLexicon, line: readonly string[], country: string): Street => {
  const numbered = leading(lexicon, line) ?? trailing(lexicon, line) ?? { number: '', rest: line };
  const kept = withoutDirection(lexicon, numbered.rest);
  const { words, typeAt } = spelt(lexicon, kept, country);
  const name = words.filter((word, i) => !typeAt.has(i) && !lexicon.articles.has(word));
  const compass = compassOf(numbered.rest, kept);
  return { number: numbered.number, words, name: name.length === 0 ? words : name, compass };
};

/** `12 bis` → `12b`, `n° 4` → `4`; '' when it holds no number. */
export const houseNumberOf = (lexicon: AddressLexicon, text: string): string => {
  const words = lexicon.fold(text.replace(/^(\s*\d+)\.0+\s*$/, '$1')).split(' ');
  const at = words.findIndex((word) => /^\d/.test(word));
  if (at < 0) return '';
  const house = HOUSE.exec(words[at] ?? '');
  if (house === null) return words[at] ?? '';
  const [, digits = '', letter = ''] = house;
  const next = words[at + 1] ?? '';
  const index = letter === '' && /^([a-z]|bis|ter|quater|quat)$/.test(next) ? next : letter;
  const number = lettered(lexicon, digits, index);
  const second = HOUSE.exec(next);
  return second !== null && Number(second[1]) > Number(digits) ? `${number}-${String(Number(second[1]))}` : number;
};
