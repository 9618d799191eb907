import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { phoneKey } from '../subject/identifiers.ts';
import type { SpellingKnowledge } from '../subject/needles/contract.ts';
import { createFold, wordsOf, type Fold } from '../subject/needles/letters.ts';
import { nameForms } from '../subject/needles/nameForms.ts';
import { addressWords, mailboxKey, mailboxOf } from '../subject/needles/patterns.ts';
import type { PersonMarks } from './marks.ts';

/** What a fingerprint is of. `email-near`: an address with one character left out. A name alone has none. */
export const FINGERPRINT_KINDS = [
  'email',
  'email-near',
  'phone',
  'name-birth',
  'name-postcode',
  'name-address',
  'phone-birth',
] as const;
export type FingerprintKind = (typeof FINGERPRINT_KINDS)[number];
export type Fingerprint = { readonly kind: FingerprintKind; readonly value: string };

/** 128 bits of a fingerprint are kept: enough never to meet by chance among all the people there are. */
const BYTES = 16;

/** HMAC-SHA-256 under the org's key: says nothing to anybody without it. */
export const keyedDigest = (key: Uint8Array): ((text: string) => string) => {
  const secret: KeyObject = createSecretKey(key);
  return (text) =>
    createHmac('sha256', secret)
      .update(text, 'utf8')
      .digest('base64url')
      .slice(0, Math.ceil((BYTES * 4) / 3));
};

export type NameKeys = { readonly whole: ReadonlySet<string>; readonly hints: ReadonlySet<string> };

/** Normalised keys of marks: equal for the spellings of one person. */
export type MarkKeys = {
  readonly names: NameKeys;
  readonly emails: readonly string[];
  readonly phones: readonly string[];
  readonly births: readonly string[];
  readonly postcodes: readonly string[];
  /** House number and words of the street, with the postcode. */
  readonly addresses: readonly string[];
};

/** Words in no order: `Durand Marie` and `Marie Durand` are equal. */
const unordered = (words: readonly string[]): string => [...words].sort().join(' ');

const nameKeysOf = (names: PersonMarks['names'], fold: Fold, knowledge: SpellingKnowledge): NameKeys => {
  const whole = new Set<string>();
  const hints = new Set<string>();
  const forms = names
    .flatMap((name) => (name.given.length > 0 && name.family.length > 0 ? [name] : splitName(name.full, fold)))
    .flatMap((name) => nameForms({ ...name, namesakes: 'unknown', familyBearers: 'unknown' }, fold, knowledge));
  for (const { words, strength } of forms) {
    if (words.length > 1) (strength === 'hint' ? hints : whole).add(unordered(words));
  }
  for (const key of whole) hints.delete(key);
  return { whole, hints };
};

const MOST_WORDS = 6;

/** A name in one cell, every way it may fall into given and family names, in both orders. */
const splitName = (full: string, fold: Fold): PersonMarks['names'] => {
  const words = full.split(/[\s,]+/).filter((word) => wordsOf(fold(word)).length > 0);
  if (words.length < 2 || words.length > MOST_WORDS) return [];
  return Array.from({ length: words.length - 1 }, (_, at) => [
    words.slice(0, at + 1).join(' '),
    words.slice(at + 1).join(' '),
  ]).flatMap(([first = '', last = '']) => [
    { full, given: [first], family: [last] },
    { full, given: [last], family: [first] },
  ]);
};

const PLACEHOLDER_BIRTHS = new Set(['1900-01-01', '1901-01-01', '1970-01-01', '1899-12-30', '1111-11-11']);

export type KeyContext = { readonly knowledge: SpellingKnowledge; readonly country: string };

/** Keys of a person's marks; what is no address, number or date gives none. */
export const createMarkKeys = ({ knowledge, country }: KeyContext): ((marks: PersonMarks) => MarkKeys) => {
  const fold = createFold(knowledge);
  const emailKey = (email: string): string[] => {
    const mailbox = mailboxOf(email.replace(/^.*<([^>]+)>.*$/s, '$1'), fold, knowledge);
    return mailbox === undefined ? [] : [mailboxKey(mailbox)];
  };
  return (marks) => ({
    names: nameKeysOf(marks.names, fold, knowledge),
    emails: [...new Set(marks.emails.flatMap(emailKey))],
    phones: [...new Set(marks.phones.flatMap((phone) => phoneKey(phone, country) ?? []))],
    births: marks.birthDates.filter((birth) => !PLACEHOLDER_BIRTHS.has(birth)),
    postcodes: [...new Set(marks.addresses.map(({ postcode }) => postcodeKey(postcode)).filter((one) => one !== ''))],
    addresses: marks.addresses.flatMap(({ street, postcode }) => {
      const words = addressWords(wordsOf(fold(street)), knowledge);
      const isTelling = words.length > 1 && words.some((word) => /^\d/.test(word)) && postcodeKey(postcode) !== '';
      return isTelling ? [`${unordered(words)} ${postcodeKey(postcode)}`] : [];
    }),
  });
};

const postcodeKey = (postcode: string): string =>
  postcode
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '')
    .replace(/^([A-Z]{1,2})-?(?=\d{4,5}$)/, '');

/** A text with one character left out, in every place; two texts within one edit share one of these or are one. */
export const deletionsOf = (text: string): readonly string[] => [
  ...new Set(Array.from({ length: text.length }, (_, at) => text.slice(0, at) + text.slice(at + 1))),
];

const pairs = (left: Iterable<string>, right: readonly string[]): readonly string[] =>
  [...left].flatMap((one) => right.map((other) => `${one}|${other}`));

/**
 * Names as kept, or as sought: a hint is compared with whole names only, since `J. Durand` is Jean's and Jacques' alike.
 */
const namesIn = ({ names: { whole, hints } }: MarkKeys, use: 'kept' | 'sought'): readonly string[] =>
  use === 'kept'
    ? [...[...whole].map((name) => `w|${name}`), ...[...hints].map((name) => `h|${name}`)]
    : [...[...whole].flatMap((name) => [`w|${name}`, `h|${name}`]), ...[...hints].map((name) => `w|${name}`)];

/** What of a person's keys is kept, or of a candidate's is sought. */
export const fingerprintsOf = (
  keys: MarkKeys,
  use: 'kept' | 'sought',
  digest: (text: string) => string,
): readonly Fingerprint[] => {
  const all = namesIn(keys, use);
  const of = (kind: FingerprintKind, texts: readonly string[]): readonly Fingerprint[] =>
    texts.map((text) => ({ kind, value: digest(`${kind}|${text}`) }));
  return [
    ...of('email', keys.emails),
    ...of(
      'email-near',
      keys.emails.flatMap((email) => [email, ...deletionsOf(email)]),
    ),
    ...of('phone', keys.phones),
    ...of('phone-birth', pairs(keys.phones, keys.births)),
    ...of('name-birth', pairs(all, keys.births)),
    ...of('name-postcode', pairs(all, keys.postcodes)),
    ...of('name-address', pairs(all, keys.addresses)),
  ];
};
