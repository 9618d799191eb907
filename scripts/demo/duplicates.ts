import { brokenEmail, emailOf } from './contactPoints.ts';
import { fateOf, type Fate } from './fates.ts';
import { gazetteer } from './gazetteer.ts';
import { folded } from './names.ts';
import { ageOf, type Person } from './people.ts';
import { addressOf, cedexAddress, rewrittenAddress, type Address } from './places.ts';
import type { Draws } from './random.ts';
import { dateOf, type World } from './world.ts';

/** How a second record of the same person differs: matching.md §4 kind by kind. */
export type DuplicateKind =
  | 'typo'
  | 'accents-lost'
  | 'mojibake'
  | 'capitals'
  | 'swapped-names'
  | 'married-name'
  | 'double-name'
  | 'compound-first-name'
  | 'nickname'
  | 'initial'
  | 'particle'
  | 'moved'
  | 'cedex'
  | 'birth-date-slip'
  | 'other-email'
  | 'family-mailbox'
  | 'title-in-name'
  | 'lead-and-contact';

export type Duplicate = {
  readonly key: string;
  readonly kind: DuplicateKind;
  readonly object: 'Contact' | 'Lead';
  readonly ordinal: number;
  readonly firstName: string;
  readonly lastName: string;
  readonly email?: string;
  readonly keepsMobile: boolean;
  /** `yyyy-MM-dd`, or none on this record. */
  readonly birthDate?: string;
  readonly address: Address;
  /** Day number of entry. */
  readonly created: number;
  readonly optedOutOfEmail: boolean;
  /** In the person's own household account, or one of its own. */
  readonly sameHousehold: boolean;
};

const { nicknames, mojibake } = gazetteer.variants;

const typoIn = (draws: Draws, text: string): string => {
  if (text.length < 4) return `${text}e`;
  const at = draws.whole(1, text.length - 2);
  const how = draws.whole(0, 3);
  if (how === 0) return text.slice(0, at) + text.slice(at + 1);
  if (how === 1) return text.slice(0, at) + text.charAt(at) + text.slice(at);
  if (how === 2) return text.slice(0, at) + text.charAt(at + 1) + text.charAt(at) + text.slice(at + 2);
  return `${text.slice(0, at)}${'aeionrst'.charAt(draws.whole(0, 7))}${text.slice(at + 1)}`;
};

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const withoutAccents = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '');
const garbled = (text: string): string => text.replace(/\P{ASCII}/gu, (character) => mojibake[character] ?? character);

const compoundSpelling = (draws: Draws, firstName: string): string => {
  const [one = '', two = ''] = firstName.split('-');
  return draws.pick([`${one} ${two}`, `${one.charAt(0)}${two.charAt(0)}`, `${one.charAt(0)}.-${two}`, one, one + two]);
};

const particleSpelling = (draws: Draws, lastName: string): string => {
  const match = /^((?:de La|de la|de|du|d'|D'|De|Le|La|L'|Des|Da|Dos|El|Ben|Van den) ?)(.+)$/.exec(lastName);
  const [particle, core] = [match?.[1]?.trim() ?? '', match?.[2] ?? lastName];
  return draws.pick([`${core} (${particle})`, capitalised(folded(particle + core).replace(/[' ]/g, '')), core]);
};

type NameChange = { readonly firstName?: string; readonly lastName?: string };

const NAME_CHANGES: Readonly<Partial<Record<DuplicateKind, (draws: Draws, person: Person) => NameChange>>> = {
  typo: (draws, person) =>
    draws.chance(0.6) ? { lastName: typoIn(draws, person.lastName) } : { firstName: typoIn(draws, person.firstName) },
  'accents-lost': (_, { firstName, lastName }) => ({
    firstName: withoutAccents(firstName),
    lastName: withoutAccents(lastName),
  }),
  mojibake: (_, { firstName, lastName }) => ({ firstName: garbled(firstName), lastName: garbled(lastName) }),
  capitals: (_, { firstName, lastName }) => ({
    firstName: withoutAccents(firstName).toUpperCase(),
    lastName: withoutAccents(lastName).toUpperCase(),
  }),
  'swapped-names': (_, { firstName, lastName }) => ({ firstName: lastName.slice(0, 40), lastName: firstName }),
  'married-name': (_, { birthName, lastName }) => ({ lastName: birthName ?? lastName }),
  'double-name': (_, { birthName, lastName }) => ({ lastName: `${birthName ?? ''}-${lastName}` }),
  'compound-first-name': (draws, { firstName }) => ({ firstName: compoundSpelling(draws, firstName) }),
  nickname: (_, { firstName }) => ({ firstName: nicknames[firstName] ?? firstName }),
  initial: (_, { firstName }) => ({ firstName: `${firstName.charAt(0)}.` }),
  particle: (draws, { lastName }) => ({ lastName: particleSpelling(draws, lastName) }),
  'title-in-name': (_, { sex, firstName }) => ({ firstName: `${sex === 'F' ? 'Mme' : 'M.'} ${firstName}` }),
};

const possibleKinds = (world: World, person: Person): readonly (readonly [DuplicateKind, number])[] => {
  const { firstName, lastName, birthName, email, sharesEmail } = person;
  const accented = withoutAccents(firstName + lastName) !== firstName + lastName;
  const married = birthName !== undefined && birthName !== lastName && !lastName.includes('-');
  const particle = /^(de|du|d'|D'|De|Le|La|L'|Des|Da|Dos|El|Ben|Van) ?/.test(lastName) && /[ ']/.test(lastName);
  const when = (
    condition: boolean,
    kind: DuplicateKind,
    weight: number,
  ): readonly (readonly [DuplicateKind, number])[] => (condition ? [[kind, weight]] : []);
  return [
    ['typo', 14],
    ['capitals', 7],
    ['swapped-names', 6],
    ['moved', 10],
    ['initial', 4],
    ['title-in-name', 3],
    ['cedex', 3],
    ['birth-date-slip', 6],
    ...when(ageOf(world, person) >= 18, 'lead-and-contact', 9),
    ...when(accented, 'accents-lost', 12),
    ...when(accented, 'mojibake', 6),
    ...when(married, 'married-name', 22),
    ...when(married, 'double-name', 10),
    ...when(firstName.includes('-'), 'compound-first-name', 30),
    ...when(nicknames[firstName] !== undefined, 'nickname', 14),
    ...when(particle, 'particle', 25),
    ...when(email !== undefined, 'other-email', 6),
    ...when(sharesEmail, 'family-mailbox', 12),
  ];
};

const slippedBirth = (draws: Draws, date: string): string => {
  const [year = '', month = '', day = ''] = date.split('-');
  if (Number(day) <= 12 && day !== month) return `${year}-${day}-${month}`;
  const slip = draws.chance(0.5) ? -10 : -1;
  const earlier = `${Number(year) + slip}-${month}-${day}`;
  return day === '29' && month === '02' ? `${Number(year) - 4}-${month}-${day}` : earlier;
};

const birthFor = (draws: Draws, kind: DuplicateKind, person: Person): string | undefined => {
  const date = dateOf(person.born);
  if (kind === 'birth-date-slip') return slippedBirth(draws, date);
  const alwaysKnown = kind === 'married-name' || kind === 'moved' || kind === 'swapped-names' || kind === 'initial';
  return alwaysKnown || draws.chance(0.5) ? date : undefined;
};

const emailFor = (draws: Draws, kind: DuplicateKind, person: Person): string | undefined => {
  if (kind === 'other-email') return emailOf(draws, person.firstName, person.lastName, person.ordinal + 5_000);
  if (person.email === undefined || kind === 'family-mailbox') return person.email;
  if (draws.chance(0.08)) return brokenEmail(draws, person.email);
  return draws.chance(0.75) ? person.email : undefined;
};

const addressFor = (draws: Draws, kind: DuplicateKind, person: Person): Address => {
  if (kind === 'moved') return addressOf(draws);
  if (kind === 'cedex') return cedexAddress(draws, person.address);
  return draws.chance(0.4) ? rewrittenAddress(draws, person.address) : person.address;
};

/** How many people have a second record: one in twelve contacts. */
const SHARE = 0.085;

const namesFor = (draws: Draws, kind: DuplicateKind, person: Person): Required<NameChange> => ({
  firstName: person.firstName,
  lastName: person.lastName,
  ...NAME_CHANGES[kind]?.(draws, person),
});

const duplicateFrom = (world: World, person: Person, fate: Fate, ordinal: number): Duplicate => {
  const draws = world.draws(`duplicate ${ordinal}`, person.index);
  const kind = draws.weighted(possibleKinds(world, person));
  const object = kind === 'lead-and-contact' ? 'Lead' : 'Contact';
  const names = namesFor(draws, kind, person);
  const email = emailFor(draws, kind, person);
  const birthDate = birthFor(draws, kind, person);
  const stem = person.key.slice(person.key.indexOf('-'));
  return {
    key: `${object === 'Lead' ? 'L' : 'C'}${stem}-D${ordinal}`,
    kind,
    object,
    ordinal,
    ...names,
    keepsMobile: email !== person.email || draws.chance(0.6),
    address: addressFor(draws, kind, person),
    created: world.now - draws.whole(10, Math.max(10, world.now - fate.created)),
    optedOutOfEmail: draws.chance(fate.optedOutOfEmail ? 0.4 : 0.06),
    sameHousehold: kind !== 'moved' && draws.chance(0.35),
    ...(email === undefined ? {} : { email }),
    ...(birthDate === undefined || object === 'Lead' ? {} : { birthDate }),
  };
};

/** The further records of one person: none for most, one for one in twelve, two for a few; from (seed, person) alone. */
export const duplicatesOf = (
  world: World,
  person: Person,
  fate: Fate = fateOf(world, person),
): readonly Duplicate[] => {
  const draws = world.draws('duplicates', person.index);
  if (person.kind === 'lead' || !draws.chance(SHARE)) return [];
  const count = draws.chance(0.12) ? 2 : 1;
  return Array.from({ length: count }, (_, i) => duplicateFrom(world, person, fate, i + 1));
};
