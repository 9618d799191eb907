import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js';
import { plainCharacters } from '../foldText.ts';
import type {
  NeedleKind,
  Needles,
  NeedleStrength,
  PersonName,
  PostalAddress,
  Spelling,
  SpellingKnowledge,
} from './contract.ts';
import { createFold, type Fold } from './letters.ts';
import { nameForms } from './nameForms.ts';
import { mailboxKey, mailboxOf } from './patterns.ts';

type Form = { readonly text: string; readonly strength: NeedleStrength };

const entities = (text: string): string =>
  Array.from(text, (letter) => (letter > '\u007f' ? `&#${String(letter.codePointAt(0))};` : letter)).join('');
const quotedPrintable = (text: string): string =>
  [...Buffer.from(text, 'utf8')]
    .map((byte) => (byte > 126 || byte === 61 ? `=${byte.toString(16).toUpperCase()}` : String.fromCharCode(byte)))
    .join('');

/** As typed, in HTML, in an address and in a mail. */
const encoded = (text: string): readonly string[] => [
  text,
  entities(text),
  encodeURIComponent(text),
  encodeURIComponent(text).replaceAll('%20', '+'),
  quotedPrintable(text),
];

const emailForms = (email: string, fold: Fold, knowledge: SpellingKnowledge): readonly string[] => {
  const mailbox = mailboxOf(email, fold, knowledge);
  if (mailbox === undefined) return [email];
  const { user, domain, isDotless } = mailbox;
  const given = email.trim().toLowerCase();
  const key = mailboxKey(mailbox);
  const dotted = isDotless && user.length > 1 ? [`${user.slice(0, 1)}.${user.slice(1)}@${domain}`] : [];
  const plain = [email.trim(), given, given.toUpperCase(), key, `${user}+liste@${domain}`, ...dotted];
  const spelt = ['(at)', '[at]', ' at '].map((at) => given.replace('@', at));
  return [...plain, ...spelt, given.replace('@', '%40'), given.replace('@', '&#64;'), given.replace('@', '=40')];
};

const phoneForms = (phone: string, country: string): readonly string[] => {
  const parsed = parsePhoneNumberFromString(plainCharacters(phone), isSupportedCountry(country) ? country : undefined);
  if (parsed === undefined) return [phone];
  const national = parsed.formatNational();
  const international = parsed.formatInternational();
  const separated = ['', '.', '-', '\u00a0'].map((mark) => national.replace(/[ .-]/g, mark));
  const trunk = national.startsWith('0') ? [international.replace(/^(\+\d+) /, '$1 (0)')] : [];
  return [
    ...[phone, national, ...separated, international, parsed.number, ...trunk],
    ...[parsed.number.replace('+', '00'), international.replace('+', '00 '), international.replaceAll(' ', '.')],
    ...[`(${national.slice(0, 2)})${national.slice(2)}`, encodeURIComponent(parsed.number), parsed.getURI()],
  ];
};

const wholeNames = (name: PersonName): readonly string[] => [
  ...(name.full === '' ? [] : [name.full]),
  ...name.given.flatMap((given) =>
    name.family.flatMap((family) => [
      ...[`${given} ${family}`, `${family} ${given}`, `${family.toUpperCase()} ${given}`, `${family}, ${given}`],
      ...[
        `${given.replaceAll('-', ' ')} ${family.replaceAll('-', ' ')}`,
        `${given.toUpperCase()} ${family.toUpperCase()}`,
      ],
    ]),
  ),
];

const capital = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

const nameSpellings = (name: PersonName, fold: Fold, knowledge: SpellingKnowledge): readonly Form[] => {
  const whole = name.namesakes === 0 ? 'alone' : 'together';
  return [
    ...wholeNames(name).flatMap((text) => encoded(text).map((one) => ({ text: one, strength: whole }) as const)),
    ...nameForms(name, fold, knowledge).map(({ words, strength }) => ({
      text: words.map((word) => (word.length === 1 ? `${word.toUpperCase()}.` : capital(word))).join(' '),
      strength,
    })),
  ];
};

const dateForms = (isoDate: string, { months }: SpellingKnowledge): readonly string[] => {
  const [year = '', month = '', day = ''] = isoDate.split('-');
  const plainDay = String(Number(day));
  const numeric = ['/', '.', '-', ' '].flatMap((mark) => [`${day}${mark}${month}${mark}${year}`]);
  const words = [...months]
    .filter(([, number]) => number === Number(month))
    .map(([word]) => `${plainDay} ${word} ${year}`);
  const others = [isoDate, `${year}${month}${day}`, `${year}/${month}/${day}`, `${month}/${day}/${year}`];
  return [...numeric, ...others, `${plainDay}/${String(Number(month))}/${year.slice(2)}`, ...words];
};

const identifierForms = (identifier: string): readonly string[] => {
  const compact = identifier.replace(/[^\p{L}\p{N}]/gu, '');
  const grouped = (mark: string): string => (compact.match(/.{1,4}/gu) ?? []).join(mark);
  return [
    identifier,
    compact,
    compact.toUpperCase(),
    compact.toLowerCase(),
    grouped(' '),
    grouped('-'),
    grouped('\u00a0'),
  ];
};

const addressForms = ({ street }: PostalAddress, { streetWords }: SpellingKnowledge): readonly string[] => {
  const short = [...streetWords].map(([abbreviation, word]) => [word, abbreviation] as const);
  const abbreviated = short
    .filter(([word]) => new RegExp(`\\b${word}\\b`, 'i').test(street))
    .map(([word, abbreviation]) => street.replace(new RegExp(`\\b${word}\\b`, 'i'), abbreviation));
  return [street, street.toUpperCase(), ...abbreviated];
};

/**
 * The spellings of a person's needles that a search may ask for: order, initials, accents, hyphens, phone and date formats,
 * groups of account numbers, encodings of HTML, addresses and mails. Each is recognised by `compileNeedles`, which knows more
 * (any mixture of them).
 */
export const variantsOf = (needles: Needles, knowledge: SpellingKnowledge): readonly Spelling[] => {
  const fold = createFold(knowledge);
  const spellings = new Map<string, Spelling>();
  const add = (kind: NeedleKind, of: number, forms: Iterable<Form>): void => {
    for (const { text, strength } of forms) {
      const key = `${kind} ${String(of)} ${text}`;
      if (text.trim() !== '' && !spellings.has(key)) spellings.set(key, { kind, of, text, strength });
    }
  };
  const as = (texts: readonly string[], strength: NeedleStrength): readonly Form[] =>
    texts.map((text) => ({ text, strength }));
  const emails = [...needles.emails, ...needles.sharedEmails];
  const phones = [...needles.phones, ...needles.sharedPhones];
  const strengthAt = (of: number, own: readonly string[]): NeedleStrength => (of < own.length ? 'alone' : 'together');
  for (const [of, email] of emails.entries())
    add('email', of, as(emailForms(email, fold, knowledge), strengthAt(of, needles.emails)));
  for (const [of, phone] of phones.entries())
    add('phone', of, as(phoneForms(phone, needles.country), strengthAt(of, needles.phones)));
  for (const [of, name] of needles.names.entries()) add('name', of, nameSpellings(name, fold, knowledge));
  for (const [of, date] of needles.birthDates.entries())
    add('birth-date', of, as(dateForms(date, knowledge), 'together'));
  for (const [of, one] of needles.identifiers.entries()) add('identifier', of, as(identifierForms(one), 'alone'));
  for (const [of, one] of needles.addresses.entries()) add('address', of, as(addressForms(one, knowledge), 'together'));
  for (const [of, id] of needles.recordIds.entries()) add('record-id', of, as([id, id.slice(0, 15)], 'alone'));
  return [...spellings.values()];
};
