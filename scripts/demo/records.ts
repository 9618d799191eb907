import { brokenEmail, brokenPhone, workEmailOf, writtenPhone } from './contactPoints.ts';
import { duplicatesOf, type Duplicate } from './duplicates.ts';
import { fateOf, type Fate } from './fates.ts';
import { collectionDay, giftsOf } from './gifts.ts';
import { accountKey, relatedKey } from './keys.ts';
import { noteAbout, type Note } from './notes.ts';
import { ageOf, keepingLast, type Person } from './people.ts';
import { brokenAddress, type Address } from './places.ts';
import type { Draws } from './random.ts';
import { dateOf, type World } from './world.ts';

export type Broken = 'email' | 'phone' | 'address';

/** One Contact or Lead as it stands in the org: a person's first record, a further one, or one somebody deleted. */
export type PersonRecord = {
  readonly key: string;
  readonly object: 'Contact' | 'Lead';
  readonly standing: 'live' | 'duplicate' | 'in-bin';
  readonly person: Person;
  readonly fate: Fate;
  readonly accountKey: string | null;
  readonly firstName: string;
  readonly lastName: string;
  readonly birthDate: string | null;
  readonly email: string | null;
  readonly workEmail: string | null;
  readonly bounced: boolean;
  readonly mobile: string | null;
  readonly landline: string | null;
  readonly address: Address;
  readonly broken: readonly Broken[];
  readonly note: Note | null;
  /** Day numbers. */
  readonly created: number;
  readonly modified: number;
  readonly optedOutOfEmail: boolean;
  readonly doNotCall: boolean;
  readonly doNotContact: boolean;
  readonly deceased: boolean;
};

type Reach = Pick<PersonRecord, 'email' | 'mobile' | 'landline' | 'address' | 'bounced' | 'broken'>;

const reachOf = (draws: Draws, person: Person): Reach => {
  const { email, mobile, landline } = person;
  const emailBroken = email !== undefined && draws.chance(0.035);
  const phoneBroken = mobile !== undefined && draws.chance(0.03);
  const addressBroken = draws.chance(0.03);
  const broken: readonly (readonly [boolean, Broken])[] = [
    [emailBroken, 'email'],
    [phoneBroken, 'phone'],
    [addressBroken, 'address'],
  ];
  const writtenMobile = mobile === undefined ? null : writtenPhone(draws, mobile);
  return {
    email: email === undefined ? null : emailBroken ? brokenEmail(draws, email) : email,
    bounced: emailBroken && draws.chance(0.6),
    mobile: phoneBroken ? brokenPhone(draws, mobile) : writtenMobile,
    landline: landline === undefined ? null : writtenPhone(draws, landline),
    address: addressBroken ? brokenAddress(draws, person.address) : person.address,
    broken: broken.filter(([is]) => is).map(([, what]) => what),
  };
};

/** Day of the last edit: lately, by a machine, for those whose record makes noise. */
const modifiedOn = (draws: Draws, world: World, fate: Fate, created: number): number =>
  fate.noise ? world.now - draws.whole(1, 200) : Math.min(world.now, created + draws.whole(0, 30));

const firstRecord = (world: World, person: Person, fate: Fate): PersonRecord => {
  const draws = world.draws('record', person.index);
  const created = collectionDay(person, fate, giftsOf(world, person, fate));
  const works = person.kind === 'contact' && ageOf(world, person) >= 22 && draws.chance(0.05);
  return {
    key: person.key,
    object: person.kind === 'lead' ? 'Lead' : 'Contact',
    standing: 'live',
    person,
    fate,
    accountKey: person.kind === 'lead' ? null : accountKey(person.unit),
    firstName: person.firstName,
    lastName: person.lastName,
    birthDate:
      person.place === 'child' || person.likeness !== undefined || draws.chance(0.7) ? dateOf(person.born) : null,
    ...reachOf(draws, person),
    workEmail: works ? workEmailOf(person.firstName, person.lastName, person.address.city) : null,
    note: draws.chance(0.28) ? noteAbout(draws, person) : null,
    created,
    modified: Math.max(created, modifiedOn(draws, world, fate, created)),
    optedOutOfEmail: fate.optedOutOfEmail,
    doNotCall: fate.doNotCall,
    doNotContact: person.kind === 'contact' && fate.doNotContact,
    deceased: fate.deceased,
  };
};

const furtherRecord = (world: World, first: PersonRecord, duplicate: Duplicate): PersonRecord => {
  const { person, fate } = first;
  const draws = world.draws(`record ${duplicate.ordinal}`, person.index);
  const own = duplicate.sameHousehold ? accountKey(person.unit) : relatedKey('A', duplicate.key);
  const { key, object, firstName, lastName, address, created } = duplicate;
  return {
    ...{ key, object, standing: 'duplicate', person, fate, firstName, lastName, address, created },
    accountKey: object === 'Lead' ? null : own,
    birthDate: duplicate.birthDate ?? null,
    email: duplicate.email ?? null,
    workEmail: null,
    bounced: false,
    mobile: duplicate.keepsMobile && person.mobile !== undefined ? writtenPhone(draws, person.mobile) : null,
    landline: person.landline === undefined || draws.chance(0.6) ? null : writtenPhone(draws, person.landline),
    broken: [],
    note: draws.chance(0.15) ? noteAbout(draws, person) : null,
    modified: Math.min(world.now, created + draws.whole(0, 400)),
    optedOutOfEmail: duplicate.optedOutOfEmail,
    doNotCall: false,
    doNotContact: false,
    deceased: false,
  };
};

/** An older copy of the record that somebody has put into the bin. */
const binnedRecord = (first: PersonRecord): PersonRecord => ({
  ...first,
  key: `${first.key}-B1`,
  standing: 'in-bin',
  lastName: first.lastName.toUpperCase(),
  workEmail: null,
  landline: null,
  broken: [],
});

const recordsFrom = (world: World, person: Person): readonly PersonRecord[] => {
  const fate = fateOf(world, person);
  const first = firstRecord(world, person, fate);
  const further = duplicatesOf(world, person, fate).map((duplicate) => furtherRecord(world, first, duplicate));
  const binned = world.draws('bin', person.index).chance(0.006) ? [binnedRecord(first)] : [];
  return [first, ...further, ...binned];
};

/** All records of a person, the first one first; from (seed, person) alone. */
export const recordsOf = keepingLast(recordsFrom);

/** The live record that activities, gifts and files hang on. */
export const firstRecordOf = (world: World, person: Person): PersonRecord => {
  const [first] = recordsOf(world, person);
  if (first === undefined) throw new RangeError('a person has a record');
  return first;
};
