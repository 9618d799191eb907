import type { Email } from './contract.ts';
import type { EmailData } from './placeData.ts';
import { wordsOfText } from './pairsOfWords.ts';

type EmailLexicon = {
  readonly free: ReadonlySet<string>;
  readonly sameProvider: ReadonlyMap<string, string>;
  readonly dotsIgnored: ReadonlySet<string>;
  readonly plus: string;
  readonly typos: ReadonlyMap<string, string>;
  readonly endings: ReadonlyMap<string, string>;
  readonly roles: ReadonlySet<string>;
  readonly noUsers: ReadonlySet<string>;
  readonly noDomains: ReadonlySet<string>;
  readonly both: ReadonlySet<string>;
};

const inverted = (record: Readonly<Record<string, string>>): ReadonlyMap<string, string> =>
  new Map(Object.entries(record).flatMap(([to, forms]) => wordsOfText(forms).map((form) => [form, to] as const)));

export const makeEmailLexicon = (data: EmailData): EmailLexicon => ({
  free: new Set(wordsOfText(data.free)),
  sameProvider: new Map(Object.entries(data.sameProvider)),
  dotsIgnored: new Set(data.dotsIgnored),
  plus: data.plus,
  typos: inverted(data.typos),
  endings: inverted(data.endingTypos),
  roles: new Set(wordsOfText(data.roles)),
  noUsers: new Set(wordsOfText(data.placeholders.users)),
  noDomains: new Set(wordsOfText(data.placeholders.domains)),
  both: new Set(wordsOfText(data.placeholders.both)),
});

const NONE: Email = { key: '', user: '', domain: '', words: [], role: false, placeholder: false, free: false };

/** First address of a cell: no blanks, accents, brackets or `mailto:`. */
const cleaned = (text: string): string =>
  (text.toLowerCase().split(/[;|]|,(?=[^@]*@)/)[0] ?? '')
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/^.*<([^<>]*@[^<>]*)>.*$/, '$1')
    .replace(/mailto:/, '')
    .replace(/\s*(?:\(at\)|\[at\]|\{at\})\s*/, '@')
    .replace(/[\s<>()"'[\]]/g, '')
    .replace(/@+/g, '@');

const mendedDomain = (lexicon: EmailLexicon, text: string): string => {
  const domain = text
    .replace(/[,;:]/g, '.')
    .replace(/\.{2,}/g, '.')
    .replace(/^[.-]+|[.-]+$/g, '')
    .replace(/^www\./, '');
  const typed = lexicon.typos.get(domain);
  if (typed !== undefined) return typed;
  const dot = domain.lastIndexOf('.');
  const ending = lexicon.endings.get(domain.slice(dot + 1));
  const mended = ending === undefined ? domain : `${domain.slice(0, dot + 1)}${ending}`;
  return lexicon.typos.get(mended) ?? mended;
};

/** `jean.dupontgmail.com`: the at sign of a well-known provider was forgotten. */
const withAt = (lexicon: EmailLexicon, address: string): string => {
  if (address.includes('@')) return address;
  for (let at = 2; at < address.length - 3; at += 1)
    if (lexicon.free.has(address.slice(at)) && /[a-z0-9]/.test(address.charAt(at - 1)))
      return `${address.slice(0, at)}@${address.slice(at)}`;
  return address;
};

const isRole = (lexicon: EmailLexicon, user: string): boolean => {
  if (lexicon.roles.has(user)) return true;
  const [first = ''] = user.split(/[._\d-]/, 1);
  return first.length >= 4 && first.length < user.length && lexicon.roles.has(first);
};

const isFiller = (lexicon: EmailLexicon, user: string, domain: string): boolean => {
  const [label = ''] = domain.split('.', 1);
  return (
    lexicon.noUsers.has(user) || lexicon.noDomains.has(label) || (lexicon.both.has(user) && lexicon.both.has(label))
  );
};

/** An e-mail address as it is compared, and what it tells of who reads it. */
export const emailOf = (lexicon: EmailLexicon, text: string): Email => {
  const address = withAt(lexicon, cleaned(text));
  const at = address.lastIndexOf('@');
  if (at < 1) return NONE;
  const written = mendedDomain(lexicon, address.slice(at + 1));
  const user = address.slice(0, at).replace(/^[.]+|[.]+$/g, '');
  if (user === '' || !/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(written)) return NONE;
  const domain = lexicon.sameProvider.get(written) ?? written;
  const plus = user.indexOf(lexicon.plus);
  const tagged = (plus > 0 ? user.slice(0, plus) : user).replace(/\.+$/, '');
  const kept = lexicon.dotsIgnored.has(domain) ? tagged.replaceAll('.', '') : tagged;
  if (kept === '') return NONE;
  return {
    key: `${kept}@${domain}`,
    user: kept,
    domain,
    words: tagged.split(/[^a-z]+/).filter((word) => word.length > 1),
    role: isRole(lexicon, tagged),
    placeholder: isFiller(lexicon, tagged, domain),
    free: lexicon.free.has(domain) || lexicon.free.has(written),
  };
};
