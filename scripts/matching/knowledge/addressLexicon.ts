import type { AddressData } from './placeData.ts';
import { wordsOfText } from './pairsOfWords.ts';
import { makePhrases, type Phrases } from './phrases.ts';
import type { PlaceLexicon } from './places.ts';

export type AddressLexicon = {
  readonly fold: (text: string) => string;
  readonly places: PlaceLexicon;
  /** Street types written out and short → written out. */
  readonly types: Phrases<string>;
  readonly words: Phrases<string>;
  readonly byCountry: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly atEnd: ReadonlyMap<string, string>;
  /** Short ending → whole ending. */
  readonly endings: readonly (readonly [string, string])[];
  readonly articles: ReadonlySet<string>;
  readonly indices: ReadonlyMap<string, string>;
  readonly boxes: Phrases<true>;
  readonly units: Phrases<true>;
  readonly care: Phrases<true>;
};

/** Short form → long form; a form of two words would be two entries: only names themselves hold blanks. */
const forms = (record: Readonly<Record<string, string>>): readonly (readonly [string, string])[] => {
  const names = Object.keys(record).map((name) => [name, name] as const);
  const short = Object.entries(record).flatMap(([name, texts]) =>
    wordsOfText(texts).map((text) => [text, name] as const),
  );
  // a short form that is a name of its own (`all`, `ter`) keeps its first meaning in the list
  return [...names, ...short.filter(([text], i) => short.findIndex(([other]) => other === text) === i)];
};

const all = (texts: readonly string[]): Phrases<true> => makePhrases(texts.map((text) => [text, true] as const));

export const makeAddressLexicon = (
  data: AddressData,
  places: PlaceLexicon,
  fold: (text: string) => string,
): AddressLexicon => ({
  fold,
  places,
  types: makePhrases(forms(data.types)),
  words: makePhrases(forms(data.words)),
  byCountry: new Map(Object.entries(data.byCountry).map(([country, map]) => [country, new Map(Object.entries(map))])),
  atEnd: new Map(Object.entries(data.atEnd)),
  endings: Object.entries(data.endings).flatMap(([ending, short]) =>
    wordsOfText(short).map((text) => [text, ending] as const),
  ),
  articles: new Set(data.articles),
  indices: new Map(
    Object.entries(data.indices).flatMap(([letter, texts]) =>
      wordsOfText(texts).map((text) => [text, letter] as const),
    ),
  ),
  boxes: all(data.boxes),
  units: all(data.units),
  care: all(data.care),
});
