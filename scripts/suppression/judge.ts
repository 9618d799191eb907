import type { FingerprintKind, MarkKeys } from './fingerprints.ts';
import { deletionsOf } from './fingerprints.ts';

/**
 * What an entry keeps of its person to compare names and birth dates with, digests that mean nothing outside the entry.
 */
export type EntryMarks = {
  readonly whole: ReadonlySet<string>;
  readonly hints: ReadonlySet<string>;
  readonly near: ReadonlySet<string>;
  readonly births: ReadonlySet<string>;
};

/** Does a name agree with the entry's: wholly, but for one letter, by initials or a familiar form; or is there none. */
export type NameAgreement = 'whole' | 'near' | 'hint' | 'none' | 'unknown';

type InEntry = (text: string) => string;

const some = (texts: Iterable<string>, known: ReadonlySet<string>, inEntry: InEntry): boolean => {
  for (const text of texts) if (known.has(inEntry(text))) return true;
  return false;
};

/** Shorter names have too many neighbours. */
const SHORTEST_NEAR = 8;

export const nearKeys = (names: Iterable<string>): readonly string[] =>
  [...names].filter((name) => name.length >= SHORTEST_NEAR).flatMap((name) => [name, ...deletionsOf(name)]);

export const nameAgreement = ({ names }: MarkKeys, entry: EntryMarks, inEntry: InEntry): NameAgreement => {
  const { whole, hints } = names;
  if (whole.size + hints.size === 0 || entry.whole.size + entry.hints.size === 0) return 'unknown';
  if (some(whole, entry.whole, (text) => inEntry(`whole|${text}`))) return 'whole';
  if (some(nearKeys(whole), entry.near, (text) => inEntry(`near|${text}`))) return 'near';
  const hinted =
    some(whole, entry.hints, (text) => inEntry(`hint|${text}`)) ||
    some(hints, entry.whole, (text) => inEntry(`whole|${text}`));
  return hinted ? 'hint' : 'none';
};

/** Another birth date: somebody else, unless a mark of theirs alone says otherwise. */
export const birthsDiffer = ({ births }: MarkKeys, entry: EntryMarks, inEntry: InEntry): boolean =>
  births.length > 0 && entry.births.size > 0 && !some(births, entry.births, (text) => inEntry(`birth|${text}`));

/** `caught`: the person is back. `look`: as likely somebody beside them. */
export type Suppressed = 'caught' | 'look' | undefined;

/**
 * What met fingerprints say. An address or number counts with a name that agrees, or without any name; with another name it is
 * a household's (`look` for an address: who was erased would read what is sent there). An address but for one letter needs
 * the name. Name and birth date are the person; name and postcode are also a namesake's.
 */
export const judgeEntry = (
  met: ReadonlySet<FingerprintKind>,
  name: NameAgreement,
  isOtherBirth: boolean,
): Suppressed => {
  const agrees = name === 'whole' || name === 'near';
  if (met.has('email')) return name !== 'none' && (agrees || !isOtherBirth) ? 'caught' : 'look';
  if (met.has('name-birth') || met.has('phone-birth')) return 'caught';
  if (isOtherBirth) return undefined;
  return backsName(met, agrees) ? 'caught' : beside(met, name);
};

const backsName = (met: ReadonlySet<FingerprintKind>, agrees: boolean): boolean =>
  met.has('name-address') || (agrees && (met.has('phone') || met.has('email-near')));

/** What a household or a namesake may share. */
const beside = (met: ReadonlySet<FingerprintKind>, name: NameAgreement): Suppressed => {
  if (met.has('phone')) return name === 'none' ? undefined : 'look';
  return met.has('name-postcode') ? 'look' : undefined;
};
