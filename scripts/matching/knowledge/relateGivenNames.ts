import type { GivenName, GivenRelation } from './contract.ts';
import { stemOf } from './givenName.ts';

const joined = (name: GivenName): string => name.words.join('');
const isInitial = (word: string): boolean => word.length === 1;

/** The other form for the other sex: nearly all bearers of one are women, of the other men. */
const otherSex = (a: GivenName, b: GivenName): boolean => {
  if (a.female < 0 || b.female < 0 || Math.abs(a.female - b.female) < 0.9) return false;
  return stemOf(a.words[0] ?? '') === stemOf(b.words[0] ?? '');
};

const initialsAgree = (a: GivenName, b: GivenName): boolean =>
  a.initials.startsWith(b.initials) || b.initials.startsWith(a.initials);

const sameWords = (a: GivenName, b: GivenName): boolean =>
  a.words.length === b.words.length && [...a.words].sort().join(' ') === [...b.words].sort().join(' ');

const isOneWord = ({ words }: GivenName): boolean => words.length === 1;

const isSame = (a: GivenName, b: GivenName): boolean =>
  a.key === b.key || (!(isOneWord(a) && isOneWord(b)) && (joined(a) === joined(b) || sameWords(a, b)));

/** `lou`, `louis`: cut short. */
const begins = (word: string, start: string): boolean => start.length > 2 && word.startsWith(start);

/** Both begin alike: what the later words say. */
const afterSameFirst = (a: GivenName, b: GivenName): GivenRelation => {
  const [, second] = a.words;
  const [, other] = b.words;
  if (second === undefined || other === undefined || second === other) return 'subset';
  if (isInitial(second) || isInitial(other)) return other.startsWith(second.charAt(0)) ? 'subset' : 'conflict';
  if (begins(second, other) || begins(other, second)) return 'subset';
  if (a.words.slice(2).includes(other) || b.words.slice(2).includes(second)) return 'subset';
  return 'conflict';
};

/** `r james` and `robert james`, `j robert` and `john`. */
const firstInitialAgrees = (a: GivenName, b: GivenName): boolean => {
  const [first = ''] = a.words;
  const [other = ''] = b.words;
  return (isInitial(first) || isInitial(other)) && other.startsWith(first.charAt(0));
};

const isLater = (a: GivenName, b: GivenName): boolean => {
  const [first = ''] = b.words;
  return first.length > 2 && a.words.indexOf(first) > 0;
};

const meet = (a: readonly string[], b: readonly string[]): boolean => a.some((one) => b.includes(one));

/** A compound is a name of its own: what stands for its first word (`hans`) does not stand for it (`jean christophe`). */
const standsForHalf = (a: GivenName, b: GivenName): boolean =>
  (a.compound && !b.compound && !b.roots.includes(a.key)) || (b.compound && !a.compound && !a.roots.includes(b.key));

const byKnowledge = (a: GivenName, b: GivenName): GivenRelation => {
  if (meet(a.roots, b.roots) && !standsForHalf(a, b)) return 'nickname';
  if (isLater(a, b) || isLater(b, a)) return 'later';
  if (firstInitialAgrees(a, b)) return 'initials';
  return a.phonetic !== '' && a.phonetic === b.phonetic ? 'sound' : 'different';
};

/**
 * How two given names relate by what is known of names. Symmetric. `same` also stands for equal keys; generations (`jr`, `sr`)
 * are not looked at.
 */
export const relateGivenNames = (a: GivenName, b: GivenName): GivenRelation => {
  if (a.key === '' || b.key === '') return 'different';
  if (isSame(a, b)) return 'same';
  if (a.initialsOnly || b.initialsOnly) return initialsAgree(a, b) ? 'initials' : 'different';
  if (a.words[0] === b.words[0]) return afterSameFirst(a, b);
  return otherSex(a, b) ? 'other-sex' : byKnowledge(a, b);
};

/** `anna`, `anne`, `elisa`: endings by which languages tell one name. */
const bareEnding = (word: string): string => {
  const bare = /[aeoiy]$/.test(word) ? word.replace(/(?:[aeo]|ie|y|i)$/, '') : word;
  return /[ky]/.test(bare) ? bare.replaceAll('k', 'c').replaceAll('y', 'i') : bare;
};

/**
 * Whether two given names that are spelt alike are established names of their own (`mary`, `mark`; `darla`, `carla`): then their
 * likeness is no misspelling. Symmetric; false for short forms, sounds and language forms of one name.
 */
export const areTwoNames = (a: GivenName, b: GivenName): boolean => {
  const [first = ''] = a.words;
  const [other = ''] = b.words;
  if (!a.known || !b.known || first === other || bareEnding(first) === bareEnding(other)) return false;
  return relateGivenNames(a, b) === 'different';
};
