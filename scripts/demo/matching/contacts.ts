import { gazetteer } from '../gazetteer.ts';
import type { Draws } from '../random.ts';
import type { Household, Member } from './households.ts';
import { slugOf } from './names.ts';
import { aliasTable } from './tables.ts';

const { emailDomains, phoneBlocks } = gazetteer.variants;
const domainOf = aliasTable(emailDomains);
const patternOf = aliasTable([
  [0, 30],
  [1, 20],
  [2, 15],
  [3, 15],
  [4, 20],
] as const);

/** Numbers on the end keep namesakes' mailboxes apart, as providers do. */
const saltOf = (number: number): string => String((number * 7919) % 1_000_003);

/** A private address on a reserved domain (RFC 2606); every `version` is another mailbox of the same person. */
export const mailboxOf = (draws: Draws, { given, family, usage, number, year }: Member, version: number): string => {
  const first = slugOf(given);
  const last = slugOf(usage !== '' && version > 0 ? usage : family);
  const salt = saltOf(number + version * 97);
  const domain = domainOf(draws);
  switch (patternOf(draws)) {
    case 0:
      return `${first}.${last}${salt}@${domain}`;
    case 1:
      return `${first.charAt(0)}${last}${salt}@${domain}`;
    case 2:
      return `${last}.${first}${salt}@${domain}`;
    case 3:
      return `${first}${salt}@${domain}`;
    default:
      return `${first}_${last}${year % 100}.${salt}@${domain}`;
  }
};

/** The box that a whole household reads. */
export const familyMailboxOf = (draws: Draws, { members, number }: Household): string =>
  `famille.${slugOf(members[0]?.family ?? '')}${saltOf(number)}@${domainOf(draws)}`;

const digitsOf = (value: number, length: number): string => String(value).padStart(length, '0');

/**
 * Ten digits of a mobile number. The first 10,000 lie in the block that Arcep reserves for fiction (gazetteer.variants); beyond
 * it, in 07 01 to 07 09, where libphonenumber's metadata of 2026 know of no subscriber. It holds 9 million numbers.
 */
export const mobileOf = (number: number): string => {
  const at = (number * 7919 + 17) % 9_010_000;
  return at < 10_000 ? phoneBlocks.mobile + digitsOf(at, 4) : `07${digitsOf(at - 10_000 + 1_000_000, 8)}`;
};

/** Ten digits in 04 00 to 04 09, for the same reason; 10 million numbers. */
export const landlineOf = (household: number): string => `040${digitsOf((household * 6007 + 41) % 10_000_000, 7)}`;

const styleOf = aliasTable([
  [0, 50],
  [1, 15],
  [2, 12],
  [3, 12],
  [4, 8],
  [5, 3],
] as const);

const inPairs = (digits: string, separator: string, from = 0): string => {
  let text = digits.slice(from, from + 2);
  for (let i = from + 2; i < digits.length; i += 2) text += separator + digits.slice(i, i + 2);
  return text;
};

/** The same number as different people type it. */
export const writtenPhone = (draws: Draws, digits: string): string => {
  switch (styleOf(draws)) {
    case 0:
      return inPairs(digits, ' ');
    case 1:
      return digits;
    case 2:
      return `+33${digits.slice(1)}`;
    case 3:
      return inPairs(digits, '.');
    case 4:
      return `+33 ${digits.charAt(1)} ${inPairs(digits, ' ', 2)}`;
    default:
      return `0033${digits.slice(1)}`;
  }
};
