import { soqlLikeLiteral, soslPhrase } from '../../kernel/soql.ts';
import { nameKey, phoneKey } from '../identifiers.ts';
import type { Needles, SpellingKnowledge } from '../needles/contract.ts';
import { createFold } from '../needles/letters.ts';
import { mailboxOf } from '../needles/patterns.ts';
import { variantsOf } from '../needles/variantsOf.ts';
import { likeWords } from './scanRows.ts';

const SHORTEST_WORD = 3;

const nationalDigits = (phone: string, country: string): string =>
  (phoneKey(phone, country) ?? phone).replace(/\D/g, '').slice(-8);

/**
 * LIKE patterns wide enough for every spelling that a filter can find; what they find is judged by the finder. Encodings
 * other than these are found only where rows are read.
 */
export const likeAnchors = (needles: Needles, knowledge: SpellingKnowledge): readonly string[] => {
  const fold = createFold(knowledge);
  const emails = [...needles.emails, ...needles.sharedEmails].flatMap((email) => {
    const mailbox = mailboxOf(email, fold, knowledge);
    if (mailbox === undefined) return [];
    const user = mailbox.isDotless
      ? Array.from(mailbox.user, soqlLikeLiteral).join('%')
      : soqlLikeLiteral(mailbox.user);
    return [`%${user}%${soqlLikeLiteral(mailbox.domain.split('.')[0] ?? '')}%`];
  });
  const phones = [...needles.phones, ...needles.sharedPhones]
    .map((phone) => nationalDigits(phone, needles.country))
    .filter((digits) => digits.length >= 6)
    .map((digits) => `%${Array.from(digits).join('%')}%`);
  const names = needles.names.flatMap(({ family }) =>
    family.flatMap((name) => {
      const words = nameKey(name)
        .split(' ')
        .filter((word) => word.length >= SHORTEST_WORD);
      return words.length === 0 ? [] : [likeWords(words)];
    }),
  );
  const identifiers = needles.identifiers.map(
    (one) => `%${Array.from(one.replace(/[^\p{L}\p{N}]/gu, ''), soqlLikeLiteral).join('%')}%`,
  );
  const ids = needles.roots.map(({ id }) => `%${id.slice(0, 15)}%`);
  return [...new Set([...emails, ...phones, ...names, ...identifiers, ...ids])];
};

/** SOSL search queries may have 4,000 characters with operators. */
const LONGEST_SEARCH = 3_800;
const SEARCHED = new Set(['email', 'phone', 'name', 'identifier']);

/** SOSL statements over all searchable objects, a few spellings of each needle in each. */
export const searches = (needles: Needles, knowledge: SpellingKnowledge): readonly string[] => {
  const phrases = variantsOf(needles, knowledge)
    .filter(({ kind, strength, text }) => SEARCHED.has(kind) && strength !== 'hint' && !/[%=&#]/.test(text))
    .flatMap(({ text }) => soslPhrase(text) ?? []);
  const groups: string[][] = [];
  for (const phrase of new Set(phrases.map((one) => one.toLowerCase()))) {
    const last = groups.at(-1);
    const length = last === undefined ? LONGEST_SEARCH : last.join(' OR ').length + phrase.length + 4;
    if (last === undefined || length > LONGEST_SEARCH) groups.push([phrase]);
    else last.push(phrase);
  }
  return groups.map((group) => `FIND {${group.join(' OR ')}} IN ALL FIELDS`);
};
