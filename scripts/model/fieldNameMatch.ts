import type { FieldNameList, FieldNamePattern } from './referenceLists.ts';

/** What is known of a field without reading a record. */
export type NamedField = {
  readonly name: string;
  readonly label: string;
  readonly inlineHelpText?: string | null;
  readonly picklistValues?: readonly { readonly value: string; readonly label: string }[];
};

/** Lower-case words without accents: `DateDeNaissance__c` → `date de naissance`. */
export const wordsOf = (text: string): readonly string[] =>
  text
    .replace(/__(c|r|pc)$/i, '')
    .replace(/^[A-Za-z0-9]+__/, '')
    .replace(/([a-zà-ÿ0-9])([A-Z])/g, '$1 $2')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^a-z0-9+-]+/)
    .filter((word) => word !== '');

const wordMatches = (word: string, wanted: string): boolean =>
  wanted.endsWith('*') ? word.startsWith(wanted.slice(0, -1)) : word === wanted || word === `${wanted}s`;

/** Whether the words of `phrase` follow one another in `words`; `*` at a word's end allows any ending. */
export const holdsPhrase = (words: readonly string[], phrase: string): boolean => {
  const wanted = phrase.split(' ');
  return words.some((_, start) =>
    wanted.every((one, i) => {
      const word = words[start + i];
      return word !== undefined && wordMatches(word, one);
    }),
  );
};

const byName = (pattern: FieldNamePattern, texts: readonly (readonly string[])[]): boolean =>
  pattern.words.some((phrase) => texts.some((words) => holdsPhrase(words, phrase)));

const byValues = (pattern: FieldNamePattern, values: readonly (readonly string[])[]): boolean =>
  pattern.values.length > 0 &&
  values.filter((words) => pattern.values.some((phrase) => holdsPhrase(words, phrase))).length >= 2;

/**
 * The first pattern that a field's name, label or picklist values betray; its help text counts for special categories
 * only, since help texts speak of many things.
 */
export const matchFieldName = (list: FieldNameList, field: NamedField): FieldNamePattern | undefined => {
  const names = [wordsOf(field.name), wordsOf(field.label)];
  const values = (field.picklistValues ?? []).map((entry) => wordsOf(entry.label));
  const help = field.inlineHelpText ? [wordsOf(field.inlineHelpText)] : [];
  return (
    list.patterns.find((pattern) => byName(pattern, names) || byValues(pattern, values)) ??
    list.patterns.find((pattern) => pattern.special !== undefined && byName(pattern, help))
  );
};
