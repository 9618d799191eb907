import { domainToASCII } from 'node:url';
import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js';
import { plainCharacters } from '../foldText.ts';
import type { PostalAddress, SpellingKnowledge } from './contract.ts';
import { wordsOf, type Fold } from './letters.ts';

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** Mailbox and domain of an address as compared: no tag, no dots where they do not count, domain in ASCII. */
export type Mailbox = { readonly user: string; readonly domain: string; readonly isDotless: boolean };

/** Undefined when the text is no address. */
export const mailboxOf = (
  address: string,
  fold: Fold,
  { dotless }: Pick<SpellingKnowledge, 'dotless'>,
): Mailbox | undefined => {
  const parts = /^\s*([^\s@]{1,64})@([^\s@]+\.[^\s@]+)\s*$/.exec(address);
  if (parts === null) return undefined;
  const domain = domainToASCII((parts[2] ?? '').toLowerCase().replace(/\.$/, ''));
  const same = dotless.get(domain);
  const user = fold(parts[1] ?? '').replace(/(?<=.)\+.*$/, '');
  if (user === '' || domain === '') return undefined;
  return {
    user: same === undefined ? user : user.replaceAll('.', ''),
    domain: same ?? domain,
    isDotless: same !== undefined,
  };
};

/** `jean.dupont@asso.example`: equal for two spellings of one mailbox. */
export const mailboxKey = (mailbox: Mailbox): string => `${mailbox.user}@${mailbox.domain}`;

/** Finds an address in a folded text, with any tag, not inside a longer one. */
export const emailPattern = (
  address: string,
  fold: Fold,
  knowledge: Pick<SpellingKnowledge, 'dotless'>,
): RegExp | undefined => {
  const mailbox = mailboxOf(address, fold, knowledge);
  if (mailbox === undefined) return undefined;
  const { user, domain, isDotless } = mailbox;
  const local = isDotless ? Array.from(user).map(escaped).join('\\.?') : escaped(user);
  const asGiven = fold((/@(.*)$/.exec(address.trim())?.[1] ?? '').toLowerCase());
  const twins = [...knowledge.dotless].filter(([, same]) => same === domain).map(([twin]) => twin);
  const domains = [...new Set([domain, asGiven, ...twins])].map(escaped).join('|');
  return new RegExp(
    `(?<![\\p{L}\\p{N}._+-])${local}(?:\\+[^\\s@]{0,64})?@(?:${domains})(?![\\p{L}\\p{N}-])(?!\\.[\\p{L}\\p{N}])`,
    'u',
  );
};

const SEPARATOR = '[\\s.()/_-]{0,3}';

/** National and international spellings of a number in a text with plain characters. */
export const phonePattern = (phone: string, country: string): RegExp | undefined => {
  const parsed = parsePhoneNumberFromString(plainCharacters(phone), isSupportedCountry(country) ? country : undefined);
  const digits = parsed === undefined ? phone.replace(/\D/g, '') : parsed.nationalNumber;
  if (digits.length < 6) return undefined;
  const spaced = (text: string): string => Array.from(text).join(SEPARATOR);
  const code = parsed?.countryCallingCode;
  const international = code === undefined ? '' : `(?:(?:\\+|0{0,2})${SEPARATOR}${spaced(code)}${SEPARATOR})?`;
  return new RegExp(`(?<![\\d+]\\s?)${international}0?${SEPARATOR}${spaced(digits)}(?!\\d)`, 'u');
};

/** An account, national or member number however it is grouped, in a folded text. */
export const identifierPattern = (identifier: string, fold: Fold): RegExp | undefined => {
  const characters = Array.from(fold(identifier).replace(/[^\p{L}\p{N}]/gu, ''));
  if (characters.length < 6) return undefined;
  return new RegExp(`(?<![\\p{L}\\p{N}])${characters.map(escaped).join('[\\s./_-]{0,2}')}(?![\\p{L}\\p{N}])`, 'u');
};

/** A date in the orders people write it, months in words too, in a folded text. */
export const datePattern = (isoDate: string, { months }: Pick<SpellingKnowledge, 'months'>): RegExp | undefined => {
  const [year = '', month = '', day = ''] = isoDate.split('-');
  if (!/^\d{4}-\d{2}-\d{2}$/.test(isoDate)) return undefined;
  const [d, m] = [`0?${String(Number(day))}`, `0?${String(Number(month))}`];
  const y = `(?:${year}|'?${year.slice(2)})`;
  const words = [...months].filter(([, number]) => number === Number(month)).map(([word]) => escaped(word));
  const inWords =
    words.length === 0
      ? []
      : [
          `${d}(?:er|e|st|nd|rd|th|\\.)?\\s*[-/]?\\s*(?:de\\s+|of\\s+)?(?:${words.join('|')})\\.?,?\\s*[-/]?\\s*(?:de\\s+)?${y}`,
          `(?:${words.join('|')})\\.?\\s+${d}(?:st|nd|rd|th)?,?\\s+${y}`,
        ];
  const gap = '\\s?[./\\s-]\\s?';
  const numeric = [
    `${d}${gap}${m}${gap}${y}`,
    `${year}${gap}${m}${gap}${d}`,
    `${m}${gap}${d}${gap}${y}`,
    `${year}${month}${day}`,
    `${day}${month}${year}`,
  ];
  return new RegExp(`(?<!\\d)(?:${[...numeric, ...inWords].join('|')})(?!\\d)`, 'u');
};

const SMALL_WORDS = new Set('a au aux d de des du en et l la le les of the'.split(' '));

/** Words of an address with abbreviations spelt out and small words left out: `12 bd. de la Mer` → `12 boulevard mer`. */
export const addressWords = (words: readonly string[], { streetWords }: SpellingKnowledge): readonly string[] =>
  words.filter((word) => !SMALL_WORDS.has(word)).map((word) => streetWords.get(word) ?? word);

/** What of an address must follow one another in a text, and what must be beside it; undefined: too little to be told by. */
export type AddressPattern = { readonly street: readonly string[]; readonly beside: readonly string[] };

export const addressPattern = (
  { street, postcode, city }: PostalAddress,
  fold: Fold,
  knowledge: SpellingKnowledge,
): AddressPattern | undefined => {
  const [line = ''] = street
    .split(/\r?\n/)
    .filter((one) => /\d/.test(one))
    .concat(street.split(/\r?\n/));
  const words = addressWords(wordsOf(fold(line)), knowledge);
  if (words.length < 2) return undefined;
  const places = [postcode, city].map((text) => wordsOf(fold(text)).join(' ')).filter((text) => text !== '');
  return { street: words, beside: words.some((word) => /^\d/.test(word)) ? [] : places };
};
