import type { Civility, Sex } from './contract.ts';
import { type KnownGiven, knownGivenNames, nicknameRoots } from './givenNameTables.ts';
import type { GivenNameData, NameData, NicknameData } from './nameData.ts';
import { wordsOfText } from './pairsOfWords.ts';

/** The lists of config/matching about people's names, as look-ups. */
export type NameLexicon = {
  readonly fold: (text: string) => string;
  readonly loose: ReadonlySet<string>;
  readonly fixed: ReadonlySet<string>;
  readonly beside: ReadonlySet<string>;
  readonly unknown: ReadonlySet<string>;
  readonly generations: ReadonlyMap<string, string>;
  readonly abbreviations: ReadonlyMap<string, string>;
  /** `j` → `jean`; the first that is meant by it. */
  readonly heads: ReadonlyMap<string, readonly string[]>;
  /** `jean`, `marie`: what compound names begin with. */
  readonly headNames: readonly string[];
  readonly civilities: ReadonlyMap<string, Sex>;
  readonly titles: ReadonlyMap<string, string>;
  readonly couples: ReadonlySet<string>;
  readonly and: ReadonlySet<string>;
  readonly sexes: ReadonlyMap<string, Sex>;
  readonly given: ReadonlyMap<string, KnownGiven>;
  readonly roots: ReadonlyMap<string, readonly string[]>;
};

/** `a: x y` → x→a, y→a */
const inverted = (record: Readonly<Record<string, string>>): ReadonlyMap<string, string> =>
  new Map(Object.entries(record).flatMap(([to, words]) => wordsOfText(words).map((word) => [word, to] as const)));

const headsOf = (record: Readonly<Record<string, string>>): ReadonlyMap<string, readonly string[]> => {
  const heads = new Map<string, readonly string[]>();
  for (const [name, forms] of Object.entries(record))
    for (const form of wordsOfText(forms)) heads.set(form, [...(heads.get(form) ?? []), name]);
  return heads;
};

const civilitiesOf = (data: NameData['civilities']): ReadonlyMap<string, Sex> => {
  const sexed = (words: readonly string[], sex: Sex) => words.map((word) => [word, sex] as const);
  return new Map([
    ...sexed(data.open, 'unknown'),
    ...sexed(data.f, 'female'),
    ...sexed(data.ladies, 'female'),
    ...sexed(data.m, 'male'),
  ]);
};

export const makeNameLexicon = (
  data: { readonly names: NameData; readonly nicknames: NicknameData; readonly givenNames: GivenNameData },
  fold: (text: string) => string,
): NameLexicon => {
  const { names } = data;
  const sexed = (words: string, sex: Sex) => wordsOfText(words).map((word) => [word, sex] as const);
  return {
    fold,
    loose: new Set(names.looseParticles),
    fixed: new Set(names.fixedParticles),
    beside: new Set(names.beside),
    unknown: new Set(names.unknown),
    generations: inverted(names.generations),
    abbreviations: new Map(Object.entries(names.abbreviations)),
    heads: headsOf(names.compoundHeads),
    headNames: Object.keys(names.compoundHeads),
    civilities: civilitiesOf(names.civilities),
    titles: inverted(names.titles),
    couples: new Set(names.couples),
    and: new Set(names.and),
    sexes: new Map([...sexed(names.sexes.female, 'female'), ...sexed(names.sexes.male, 'male')]),
    given: knownGivenNames(data.givenNames),
    roots: nicknameRoots(data.nicknames, fold),
  };
};

export const NO_CIVILITY: Civility = { sex: 'unknown', couple: false, title: '' };

/** `Mme`, `M. et Mme`, `Dr`: what a civility says. */
export const civilityOf = (lexicon: NameLexicon, text: string): Civility => {
  const key = lexicon.fold(text);
  if (key === '') return NO_CIVILITY;
  if (lexicon.couples.has(key)) return { sex: 'unknown', couple: true, title: '' };
  const words = key.split(' ');
  const sexes = words.map((word) => lexicon.civilities.get(word) ?? 'unknown').filter((sex) => sex !== 'unknown');
  const whole = lexicon.civilities.get(key);
  const sex = whole ?? (sexes.every((one) => one === sexes[0]) ? sexes[0] : undefined) ?? 'unknown';
  const title =
    lexicon.titles.get(key) ?? words.map((word) => lexicon.titles.get(word)).find((one) => one !== undefined);
  return { sex, couple: sexes.includes('female') && sexes.includes('male'), title: title ?? '' };
};

/** How many of `words`, from the first, are a civility; never all of them. */
export const civilityLength = (lexicon: NameLexicon, words: readonly string[]): number => {
  for (let length = Math.min(4, words.length - 1); length > 0; length -= 1) {
    const text = words.slice(0, length).join(' ');
    if (lexicon.couples.has(text) || lexicon.civilities.has(text)) {
      return length + civilityLength(lexicon, words.slice(length));
    }
  }
  return 0;
};

export const sexOf = (lexicon: NameLexicon, text: string): Sex => {
  const key = lexicon.fold(text);
  return lexicon.sexes.get(key) ?? lexicon.civilities.get(key) ?? 'unknown';
};
