import {
  findPhoneNumbersInText,
  isSupportedCountry,
  parsePhoneNumberFromString,
  type CountryCode,
} from 'libphonenumber-js';
import { foldText, plainCharacters } from './foldText.ts';

/** An identifier found in a text: offsets in the original, and the form in which two spellings are equal. */
export type FoundIdentifier = { readonly start: number; readonly end: number; readonly key: string };

/** `user+tag@Example.org` → `user@example.org`: the same mailbox, by the convention most providers share. */
export const emailKey = (address: string): string => {
  const [local = '', domain = ''] = address.trim().toLowerCase().split('@');
  return `${local.replace(/\+.*$/, '')}@${domain}`;
};

/** Spellings of an e-mail address by which an org may hold it: as given, lower case, without a tag. */
export const emailVariants = (address: string): readonly string[] => [
  ...new Set([address.trim(), address.trim().toLowerCase(), emailKey(address)]),
];

const countryOf = (country: string): CountryCode | undefined => (isSupportedCountry(country) ? country : undefined);

/** E.164 (`+33639981234`) of a number as typed; undefined when it is none. */
export const phoneKey = (number: string, country: string): string | undefined => {
  const parsed = parsePhoneNumberFromString(plainCharacters(number), countryOf(country));
  return parsed?.isValid() === true ? parsed.number : undefined;
};

/** A name without accents, case, hyphens and apostrophes: `Jean-Noël` and `jean noel` are equal. */
export const nameKey = (name: string): string =>
  foldText(name)
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();

const LOCAL = "[\\p{L}\\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\\.[\\p{L}\\p{N}!#$%&'*+/=?^_`{|}~-]+)*";
const LABEL = '[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]{0,61}[\\p{L}\\p{N}])?';
const EMAIL = new RegExp(`(?<![\\p{L}\\p{N}@.])${LOCAL}@(?:${LABEL}\\.)+\\p{L}{2,63}(?![\\p{L}\\p{N}@])`, 'gu');
const MAX_LOCAL = 64;

/** E-mail addresses in running text: RFC 5321 lengths, dot-atoms, internationalised domains; nothing is probed. */
export const emailsIn = (text: string): readonly FoundIdentifier[] =>
  [...text.matchAll(EMAIL)]
    .filter((match) => match[0].indexOf('@') <= MAX_LOCAL)
    .map((match) => ({ start: match.index, end: match.index + match[0].length, key: emailKey(match[0]) }));

/** Nine bare digits are rather a reference than a phone number: a trunk zero, a plus or separators say otherwise. */
const isWrittenAsPhone = (written: string): boolean => /^[+(0]/.test(written) || /\d[ .-]\d/.test(written);

/** Phone numbers in running text, national ones read in `country`. */
export const phonesIn = (text: string, country: string): readonly FoundIdentifier[] => {
  const defaultCountry = countryOf(country);
  const plain = plainCharacters(text);
  const found = findPhoneNumbersInText(plain, defaultCountry === undefined ? {} : { defaultCountry });
  return found
    .filter((one) => one.number.isValid() && isWrittenAsPhone(plain.slice(one.startsAt, one.endsAt)))
    .map((one) => ({ start: one.startsAt, end: one.endsAt, key: one.number.number }));
};
