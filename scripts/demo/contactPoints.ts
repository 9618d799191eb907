import { gazetteer } from './gazetteer.ts';
import { folded } from './names.ts';
import { departmentOf } from './places.ts';
import type { Draws } from './random.ts';

const { emailDomains, emailDomainTypos, placeholderEmails, phoneBlocks } = gazetteer.variants;

const slug = (text: string): string => folded(text).replace(/[^a-z0-9]+/g, '');

/** A private address on a reserved domain (RFC 2606) that keeps a provider's shape. `salt` keeps namesakes apart. */
export const emailOf = (draws: Draws, firstName: string, lastName: string, salt: number): string => {
  const [first, last] = [slug(firstName), slug(lastName)];
  const number = String(salt % 10_000);
  const local = draws.weighted([
    [`${first}.${last}${number}`, 40],
    [`${first.slice(0, 1)}${last}${number}`, 20],
    [`${last}.${first}.${number}`, 15],
    [`${first}${number}`, 10],
    [`${first}_${last}.${number}`, 15],
  ] as const);
  return `${local}@${draws.weighted(emailDomains)}`;
};

/** The box a whole household reads. */
export const familyEmailOf = (draws: Draws, lastName: string, salt: number): string =>
  `famille.${slug(lastName)}${salt % 10_000}@${draws.weighted(emailDomains)}`;

export const workEmailOf = (firstName: string, lastName: string, city: string): string =>
  `${slug(firstName)}.${slug(lastName)}@mairie-${slug(city)}.example`;

/** A mistyped domain or a clerk's placeholder: well-formed, so that the platform takes it, and useless. */
export const brokenEmail = (draws: Draws, email: string): string => {
  if (draws.chance(0.35)) return draws.pick(placeholderEmails);
  const [local = '', domain = ''] = email.split('@');
  const typos = emailDomainTypos[domain];
  return typos === undefined ? `${local}@${domain.replace('.example', 's.example')}` : `${local}@${draws.pick(typos)}`;
};

const numberIn = (block: string, position: number): string => `${block}${String(position % 10_000).padStart(4, '0')}`;

/**
 * Ten digits of the mobile block reserved for fiction. It holds 10,000 numbers: the first 10,000 people have one each,
 * beyond that numbers repeat, as this is the only mobile block nobody can be called on.
 */
export const mobileOf = (ordinal: number): string => numberIn(phoneBlocks.mobile, ordinal * 7919 + 17);

const regionOf = (department: string): string =>
  Object.entries(phoneBlocks.regionOfDepartment).find(([, list]) => list.includes(department))?.[0] ?? '02';

/** Ten digits of the fixed-line block reserved for fiction in the department's region; 10,000 each, as above. */
export const landlineOf = (ordinal: number, postalCode: string): string => {
  const department = departmentOf(postalCode);
  const block = phoneBlocks.landline[department] ?? phoneBlocks.landlineByRegion[regionOf(department)] ?? '026191';
  return numberIn(block, ordinal * 6007 + 41);
};

const inPairs = (digits: string, separator: string): string => (digits.match(/\d{2}/g) ?? []).join(separator);

/** The same number as different people type it. */
export const writtenPhone = (draws: Draws, digits: string): string =>
  draws.weighted([
    [inPairs(digits, ' '), 50],
    [digits, 15],
    [`+33${digits.slice(1)}`, 12],
    [inPairs(digits, '.'), 12],
    [`+33 ${digits.slice(1, 2)} ${inPairs(digits.slice(2), ' ')}`, 8],
    [`0033${digits.slice(1)}`, 3],
  ] as const);

/** A digit lost, the zero eaten by a spreadsheet, a letter O, a remark. */
export const brokenPhone = (draws: Draws, digits: string): string =>
  draws.pick([
    inPairs(digits, ' ').slice(0, 11),
    digits.slice(1),
    `${inPairs(digits, ' ').slice(0, -2)}1O`,
    `${inPairs(digits, ' ')} (ne plus appeler)`,
    'liste rouge',
  ]);
