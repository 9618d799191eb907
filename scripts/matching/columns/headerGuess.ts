import type { ColumnRole } from '../../model/columnMap.ts';
import type { ColumnData } from './columnData.ts';

/** What a header alone says. `strength`: 0 to 1. `phrase`: the words that told. */
type HeaderSign = { readonly role: ColumnRole; readonly strength: number; readonly phrase: string };

const EXACT = 0.96;
const FRAMED = 0.9;
const WITHIN = 0.75;

type Entry = { readonly role: ColumnRole; readonly phrase: string };

export type HeaderLexicon = {
  readonly exact: ReadonlyMap<string, Entry>;
  readonly within: readonly (Entry & { readonly words: readonly string[] })[];
  readonly frame: ReadonlySet<string>;
  readonly never: readonly (readonly string[])[];
  readonly references: ReadonlySet<string>;
};

const glued = (phrase: string): string => phrase.replaceAll(' ', '');

const exactEntries = (data: ColumnData): readonly (readonly [string, Entry])[] => {
  const identifiers = Object.entries(data.identifiers).flatMap(([scheme, phrases]) =>
    phrases.map((phrase) => ({ role: `identifier:${scheme}` as const, phrase })),
  );
  const roles = data.roles.flatMap(({ role, exact }) => exact.map((phrase) => ({ role, phrase })));
  return [...identifiers, ...roles].map((entry) => [glued(entry.phrase), entry] as const);
};

export const makeHeaderLexicon = (data: ColumnData, fold: (text: string) => string): HeaderLexicon => {
  const exact = new Map<string, Entry>();
  for (const [text, entry] of exactEntries(data)) {
    const key = glued(fold(text));
    if (!exact.has(key)) exact.set(key, entry);
  }
  return {
    exact,
    within: data.roles.flatMap(({ role, within }) =>
      within.map((phrase) => ({ role, phrase, words: fold(phrase).split(' ') })),
    ),
    frame: new Set(data.frame),
    never: data.never.map((phrase) => phrase.split(' ')),
    references: new Set(data.references.map(glued)),
  };
};

const wordFits = (word: string, wanted: string): boolean =>
  wanted.endsWith('*') ? word.startsWith(wanted.slice(0, -1)) : word === wanted;

const holds = (words: readonly string[], phrase: readonly string[]): boolean =>
  words.some((_, at) => phrase.every((wanted, i) => wordFits(words[at + i] ?? '', wanted)));

/** A header about something else (`EmailBouncedDate`) or another record (`AccountId`): the words that say so. */
export const passedOver = (lexicon: HeaderLexicon, words: readonly string[]): string | undefined => {
  const whole = words.join('');
  if (lexicon.references.has(whole)) return words.join(' ');
  if (lexicon.exact.has(whole)) return undefined;
  return lexicon.never.find((phrase) => holds(words, phrase))?.join(' ');
};

/** Roles a header suggests, strongest first; at most three. */
export const headerSigns = (lexicon: HeaderLexicon, words: readonly string[]): readonly HeaderSign[] => {
  if (words.length === 0) return [];
  const whole = lexicon.exact.get(words.join(''));
  if (whole !== undefined) return [{ ...whole, strength: EXACT }];
  const bare = words.filter((word) => !lexicon.frame.has(word));
  const framed = lexicon.exact.get(bare.join(''));
  if (framed !== undefined) return [{ ...framed, strength: FRAMED }];
  return lexicon.within
    .filter((entry) => holds(words, entry.words))
    .sort((a, b) => b.words.join('').length - a.words.join('').length)
    .slice(0, 3)
    .map(({ role, phrase }, i) => ({ role, phrase, strength: WITHIN - i * 0.05 }));
};
