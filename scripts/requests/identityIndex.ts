import { foldedWords } from '../subject/foldText.ts';
import { emailKey, phoneKey } from '../subject/identifiers.ts';
import type { PersonRow } from '../subject/peopleRows.ts';
import type { RedactionReason } from './dossier.ts';

/**
 * How somebody else came to be known: `close` shares a household or relationship, `linked` is named by a record of the
 * person, `distant` belongs to the same organisation, `staff` handled a record. People close are known by a part of
 * their name, distant ones and staff only by the whole.
 */
export type Closeness = 'close' | 'linked' | 'distant' | 'staff';
export type OtherPerson = Omit<PersonRow, 'object'> & { readonly closeness: Closeness };

/** What the org's structured fields tie to the person. */
export type OwnIdentity = {
  readonly people: readonly Pick<PersonRow, 'fullName' | 'givenNames' | 'familyNames'>[];
  readonly emails: Iterable<string>;
  readonly phones: Iterable<string>;
  /** Account numbers, references and the like. */
  readonly values: Iterable<string>;
};

type NamePattern = {
  /** Folded words in order. */
  readonly words: readonly string[];
  /** Taken for a name only when written with a capital: a single given or family name. */
  readonly capitalOnly: boolean;
  readonly reason: RedactionReason;
};

export type IdentityIndex = {
  readonly country: string;
  readonly ownWords: ReadonlySet<string>;
  readonly ownEmails: ReadonlySet<string>;
  readonly ownPhones: ReadonlySet<string>;
  readonly ownValues: ReadonlySet<string>;
  readonly otherEmails: ReadonlyMap<string, RedactionReason>;
  readonly otherPhones: ReadonlyMap<string, RedactionReason>;
  /** By first word, the longest first. */
  readonly names: ReadonlyMap<string, readonly NamePattern[]>;
};

const wordsOf = (text: string): readonly string[] => foldedWords(text).map(({ word }) => word);

/** `FR76 3000-6000` and `fr7630006000` are equal. */
export const valueKey = (value: string): string => value.toUpperCase().replace(/[^\p{L}\p{N}]/gu, '');

const SHORTEST_GIVEN_NAME = 3;

/** The ways a name is written: both orders, with one given name or an initial, and for people close by a part alone. */
const patternsOf = (other: OtherPerson): readonly Omit<NamePattern, 'reason'>[] => {
  const given = other.givenNames.flatMap(wordsOf);
  const family = other.familyNames.flatMap(wordsOf);
  const [first = ''] = given;
  const whole = (words: readonly string[]): Omit<NamePattern, 'reason'> => ({ words, capitalOnly: false });
  const part = (words: readonly string[]): Omit<NamePattern, 'reason'> => ({ words, capitalOnly: true });
  const full = [wordsOf(other.fullName), [...given, ...family], [...family, ...given], [first, ...family]];
  const initial = first === '' ? [] : [part([first.charAt(0), ...family])];
  const parts = [
    ...(other.closeness === 'close' || other.closeness === 'linked' ? [part(family)] : []),
    ...(other.closeness === 'close'
      ? given.filter((word) => word.length >= SHORTEST_GIVEN_NAME).map((word) => part([word]))
      : []),
  ];
  const longEnough = full.filter((words) => words.filter((word) => word !== '').length > 1);
  return [...longEnough.map(whole), ...(family.length > 0 ? initial : []), ...parts].filter(
    ({ words }) => words.length > 0 && words.every((word) => word !== ''),
  );
};

const reasonFor = (other: OtherPerson): RedactionReason => (other.closeness === 'staff' ? 'staff' : 'known-person');

const indexNames = (others: readonly OtherPerson[], ownWords: ReadonlySet<string>): IdentityIndex['names'] => {
  const names = new Map<string, NamePattern[]>();
  for (const other of others) {
    for (const pattern of patternsOf(other)) {
      // A name made of the person's own words cannot be told from theirs: a father and a son of one name.
      if (pattern.words.every((word) => ownWords.has(word))) continue;
      const key = pattern.words[0] ?? '';
      const known = names.get(key) ?? [];
      const same = known.some((one) => one.words.join(' ') === pattern.words.join(' ') && !one.capitalOnly);
      if (!same) known.push({ ...pattern, reason: reasonFor(other) });
      names.set(key, known);
    }
  }
  for (const patterns of names.values()) patterns.sort((a, b) => b.words.length - a.words.length);
  return names;
};

const phoneKeys = (phones: Iterable<string>, country: string): readonly string[] =>
  [...phones].map((phone) => phoneKey(phone, country)).filter((key) => key !== undefined);

/** What is the person's and what is others', ready to be looked up. `country` reads national phone numbers. */
export const indexIdentities = (own: OwnIdentity, others: readonly OtherPerson[], country: string): IdentityIndex => {
  const ownWords = new Set(
    own.people.flatMap((one) => [one.fullName, ...one.givenNames, ...one.familyNames].flatMap(wordsOf)),
  );
  const ownEmails = new Set([...own.emails].map(emailKey));
  const ownPhones = new Set(phoneKeys(own.phones, country));
  const otherEmails = new Map<string, RedactionReason>();
  const otherPhones = new Map<string, RedactionReason>();
  for (const other of others) {
    for (const key of other.emails.map(emailKey)) if (!ownEmails.has(key)) otherEmails.set(key, reasonFor(other));
    for (const key of phoneKeys(other.phones, country)) if (!ownPhones.has(key)) otherPhones.set(key, reasonFor(other));
  }
  return {
    country,
    ownWords,
    ownEmails,
    ownPhones,
    ownValues: new Set([...own.values].map(valueKey).filter((value) => value.length >= 6)),
    otherEmails,
    otherPhones,
    names: indexNames(others, ownWords),
  };
};
