import type { Organisation } from './contract.ts';
import type { OrganisationData } from './organisationData.ts';
import { markOf, marksOf } from './pairsOfWords.ts';
import { phoneticKey } from './phonetic.ts';
import { makePhrases, phraseAt, type Phrases } from './phrases.ts';

type Form = { readonly name: string; readonly endsOnly: boolean };

type OrganisationLexicon = {
  readonly fold: (text: string) => string;
  readonly forms: Phrases<Form>;
  readonly articles: ReadonlySet<string>;
  readonly abbreviations: ReadonlyMap<string, string>;
  readonly sections: Phrases<true>;
  readonly marks: Phrases<true>;
};

export const makeOrganisationLexicon = (
  data: OrganisationData,
  fold: (text: string) => string,
): OrganisationLexicon => {
  const ends = new Set(data.ends);
  const forms = Object.entries(data.forms).flatMap(([name, texts]) =>
    texts.map((text) => [fold(text), { name, endsOnly: ends.has(text) }] as const),
  );
  const all = (texts: readonly string[]) => texts.map((text) => [fold(text), true] as const);
  return {
    fold,
    forms: makePhrases(forms),
    articles: new Set(data.articles),
    abbreviations: new Map(Object.entries(data.abbreviations).map(([from, to]) => [fold(from), to] as const)),
    sections: makePhrases(all(data.sections)),
    marks: makePhrases(all(data.marks)),
  };
};

const NONE: Organisation = {
  key: '',
  core: '',
  words: [],
  form: '',
  section: '',
  acronym: '',
  acronymOnly: false,
  phonetic: '',
  marks: 0,
};
const MOST_WORDS = 24;

/** `a p f` → `apf`: letters written one by one. */
const lettersJoined = (words: readonly string[]): readonly string[] => {
  const answer: string[] = [];
  let run = '';
  const flush = (): void => {
    if (run !== '') answer.push(run);
    run = '';
  };
  for (const word of words) {
    if (/^[a-z]$/.test(word)) run += word;
    else {
      flush();
      answer.push(word);
    }
  }
  flush();
  return answer;
};

const cleanWords = (lexicon: OrganisationLexicon, text: string): readonly string[] => {
  const words = lexicon
    .fold(text.replaceAll('&', ' & ').replace(/\b(l|d|qu)['’]/gi, ' '))
    .split(' ')
    .filter((word) => word !== '')
    .slice(0, MOST_WORDS);
  const spelt = lettersJoined(words).map((word) => lexicon.abbreviations.get(word) ?? word);
  return spelt.join(' ').split(' ');
};

type Stripped = { readonly words: readonly string[]; readonly form: string };

const withoutForm = (lexicon: OrganisationLexicon, words: readonly string[]): Stripped => {
  const rest: string[] = [];
  let form = '';
  for (let at = 0; at < words.length;) {
    const found = phraseAt(lexicon.forms, words, at);
    const isEnd = at === 0 || at + (found?.length ?? 1) === words.length;
    if (found !== undefined && (!found.value.endsOnly || isEnd)) {
      form = form === '' ? found.value.name : form;
      at += found.length;
    } else {
      rest.push(words[at] ?? '');
      at += 1;
    }
  }
  const core = rest.filter((word) => !lexicon.articles.has(word));
  return core.length === 0 ? { words, form } : { words: rest, form };
};

const bare = (lexicon: OrganisationLexicon, words: readonly string[]): readonly string[] => {
  const rest = words.filter((word) => !lexicon.articles.has(word));
  return rest.length === 0 ? words : rest;
};

type Split = { readonly core: readonly string[]; readonly section: string };

/** A section named first: its place is what follows up to the next article. */
const leadingSection = (lexicon: OrganisationLexicon, words: readonly string[], length: number): Split | undefined => {
  const rest = words.slice(length);
  const begins = rest.findIndex((word) => !lexicon.articles.has(word));
  const ends = rest.findIndex((word, i) => i > begins && lexicon.articles.has(word));
  if (begins < 0 || ends < 0) return undefined;
  const core = bare(lexicon, rest.slice(ends)).filter((word) => !lexicon.articles.has(word));
  return core.length === 0 ? undefined : { core, section: rest.slice(begins, ends).join(' ') };
};

const splitSection = (lexicon: OrganisationLexicon, words: readonly string[]): Split => {
  for (let at = 0; at < words.length; at += 1) {
    const found = phraseAt(lexicon.sections, words, at);
    if (found === undefined) continue;
    if (at === 0) return leadingSection(lexicon, words, found.length) ?? { core: bare(lexicon, words), section: '' };
    const before = bare(lexicon, words.slice(0, at));
    if (before.every((word) => lexicon.articles.has(word))) continue;
    const after = words.slice(at + found.length).filter((word) => !lexicon.articles.has(word));
    return { core: before, section: after.length === 0 ? (words[at] ?? '') : after.join(' ') };
  }
  const last = words.at(-1) ?? '';
  if (words.length > 1 && /^(\d{2,3}|2[ab])$/.test(last))
    return { core: bare(lexicon, words.slice(0, -1)), section: last };
  return { core: bare(lexicon, words), section: '' };
};

const firstLetters = (words: readonly string[]): string => words.map((word) => word.charAt(0)).join('');

const acronymsOf = (all: readonly string[], content: readonly string[], core: readonly string[]): readonly string[] =>
  [...new Set([content, core, all, all.filter((word) => word.length > 3)].map(firstLetters))].filter(
    (letters) => letters.length >= 3 && letters.length <= 8,
  );

/** Whether a word could be an acronym somebody writes instead of the name. */
const mayBeAcronym = (word: string): boolean => /^[a-z]{3,8}$/.test(word);

const isWrittenAsAcronym = (text: string, word: string): boolean =>
  mayBeAcronym(word) &&
  (/^[\p{Lu}.\s-]+$/u.test(text.trim()) || /^(\p{L}\.){2,}/u.test(text.trim()) || !/[aeiouy]/.test(word));

/** What an organisation's name says. */
export const organisationOf = (lexicon: OrganisationLexicon, text: string): Organisation => {
  const all = cleanWords(lexicon, text);
  const key = all.join(' ');
  if (key === '') return NONE;
  const { words: rest, form } = withoutForm(lexicon, all);
  const { core, section } = splitSection(lexicon, rest);
  const content = bare(lexicon, all);
  const words = [...new Set(core)].sort();
  const single = core.length === 1 ? (core[0] ?? '') : '';
  const acronyms = acronymsOf(all, content, core);
  const long = words.filter((word) => word.length > 2);
  const asAcronyms = [...acronyms, ...(mayBeAcronym(single) ? [single] : [])].map((letters) => `@${letters}`);
  return {
    key,
    core: core.join(' '),
    words,
    form,
    section,
    acronym: single !== '' && mayBeAcronym(single) ? single : (acronyms[0] ?? ''),
    acronymOnly: single !== '' && isWrittenAsAcronym(text, single),
    phonetic: phoneticKey(core.join(' ')),
    marks: marksOf(long.length === 0 ? words : long) | markOf(core.join('')) | marksOf(asAcronyms),
  };
};

/** Whether a name is rather an organisation's: a legal form, or a word only organisations bear. */
export const looksLikeOrganisation = (lexicon: OrganisationLexicon, text: string): boolean => {
  const words = cleanWords(lexicon, text);
  return words.some((_, at) => {
    if (phraseAt(lexicon.marks, words, at) !== undefined) return true;
    const form = phraseAt(lexicon.forms, words, at);
    return (
      form !== undefined && words.length > form.length && (!form.value.endsOnly || at + form.length === words.length)
    );
  });
};
