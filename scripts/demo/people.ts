import { contactKey, leadKey } from './keys.ts';
import { emailOf, familyEmailOf, landlineOf, mobileOf } from './contactPoints.ts';
import { gazetteer } from './gazetteer.ts';
import { firstNameOf, surnameOf, type Sex } from './names.ts';
import { addressOf, type Address } from './places.ts';
import type { Draws } from './random.ts';
import { dateOf, YEAR, yearOf, type World } from './world.ts';

/** Why people of one household look alike although they are not the same person. */
export type Likeness = 'father-and-son' | 'twins' | 'namesake' | 'near-name';

export type Person = {
  readonly key: string;
  readonly unit: number;
  readonly slot: number;
  /** A number of its own for draws about this person. */
  readonly index: number;
  /** Position among all people: contact points are dealt out by it. */
  readonly ordinal: number;
  readonly kind: 'contact' | 'lead';
  readonly sex: Sex;
  readonly firstName: string;
  /** The name in use. */
  readonly lastName: string;
  /** The name at birth, when marriage changed the one in use. */
  readonly birthName?: string;
  /** Day number. */
  readonly born: number;
  readonly place: 'head' | 'partner' | 'child' | 'parent';
  readonly email?: string;
  readonly sharesEmail: boolean;
  readonly mobile?: string;
  readonly landline?: string;
  readonly address: Address;
  readonly likeness?: Likeness;
};

/** A household with its people, or a single prospect kept as a Lead. */
export type Unit = {
  readonly number: number;
  readonly kind: 'household' | 'lead';
  readonly people: readonly Person[];
  readonly address: Address;
};

type Sketch = Pick<Person, 'sex' | 'firstName' | 'lastName' | 'born' | 'place'> & {
  readonly birthName?: string;
  readonly likeness?: Likeness;
};

const { lookalikes } = gazetteer.variants;
const MEMBERS = 8;

const born = (draws: Draws, world: World, from: number, to: number): number =>
  Math.round(world.now - (from + draws.next() * (to - from)) * YEAR);

const adultBirth = (draws: Draws, world: World): number => {
  const [from, to] = draws.weighted([
    [[18, 35], 14],
    [[35, 50], 22],
    [[50, 65], 28],
    [[65, 80], 26],
    [[80, 97], 10],
  ] as const);
  return born(draws, world, from, to);
};

const head = (draws: Draws, world: World): Sketch => {
  const sex: Sex = draws.chance(0.55) ? 'F' : 'M';
  const birth = adultBirth(draws, world);
  const lastName = surnameOf(draws);
  const married = sex === 'F' && draws.chance(0.45);
  return {
    sex,
    firstName: firstNameOf(draws, sex, yearOf(birth)),
    lastName,
    born: birth,
    place: 'head',
    ...(married ? { birthName: surnameOf(draws) } : {}),
  };
};

const partnerOf = (draws: Draws, world: World, first: Sketch): Sketch => {
  const sex: Sex = draws.chance(0.95) ? (first.sex === 'F' ? 'M' : 'F') : first.sex;
  const birth = Math.min(first.born + Math.round((draws.next() - 0.5) * 10 * YEAR), Math.round(world.now - 18 * YEAR));
  const own = surnameOf(draws);
  const naming = draws.next();
  const [lastName, birthName] =
    naming < 0.68 ? [first.lastName, own] : naming < 0.76 ? [`${own}-${first.lastName}`, own] : [own, undefined];
  return {
    sex,
    firstName: firstNameOf(draws, sex, yearOf(birth)),
    lastName,
    born: birth,
    place: 'partner',
    ...(birthName === undefined || sex === 'M' ? {} : { birthName }),
  };
};

/** A parent living with a grown child of the same first and last name: never a duplicate, though it looks like one. */
const fatherOf = (draws: Draws, world: World, son: Sketch): Sketch => ({
  sex: 'M',
  firstName: son.firstName,
  lastName: son.lastName,
  born: Math.max(Math.round(son.born - (21 + draws.next() * 15) * YEAR), Math.round(world.now - 99 * YEAR)),
  place: 'parent',
  likeness: 'father-and-son',
});

const childOf = (draws: Draws, world: World, parent: Sketch, twin: Sketch | undefined): Sketch => {
  const sex: Sex = draws.chance(0.5) ? 'F' : 'M';
  const oldest = Math.min(25, (world.now - parent.born) / YEAR - 20);
  const birth = twin?.born ?? born(draws, world, 0.2, Math.max(1, oldest));
  const firstName = firstNameOf(draws, sex, yearOf(birth));
  return {
    sex,
    firstName: firstName === twin?.firstName ? `${firstName}-${sex === 'F' ? 'Rose' : 'Marie'}` : firstName,
    lastName: parent.lastName,
    born: birth,
    place: 'child',
    ...(twin === undefined ? {} : { likeness: 'twins' as const }),
  };
};

/** Michel and Michèle, Dominique and Dominique, Jean-Pierre and his brother Jean-Paul under one roof. */
const lookalikeOf = (draws: Draws, world: World, first: Sketch): Sketch | undefined => {
  const other = lookalikes[first.firstName];
  if (other === undefined || !draws.chance(0.3)) return undefined;
  const [firstName, sex] = other;
  const age = Math.round((draws.next() - 0.5) * 8 * YEAR);
  const birth = Math.min(first.born + age, Math.round(world.now - 18 * YEAR));
  return { sex, firstName, lastName: first.lastName, born: birth, place: 'partner', likeness: 'near-name' };
};

const secondMember = (draws: Draws, world: World, first: Sketch): Sketch => {
  const ageOfFirst = (world.now - first.born) / YEAR;
  if (first.sex === 'M' && ageOfFirst < 72 && draws.chance(0.06)) return fatherOf(draws, world, first);
  return lookalikeOf(draws, world, first) ?? partnerOf(draws, world, first);
};

const sizeOf = (draws: Draws): number =>
  draws.weighted([
    [1, 58],
    [2, 27],
    [3, 8],
    [4, 5],
    [5, 2],
  ] as const);

/** The head alone, without what it may borrow from a neighbour. */
const ownHead = (world: World, unit: number): Sketch => head(world.draws('head', unit), world);

const headOf = (world: World, unit: number, draws: Draws): Sketch => {
  const own = ownHead(world, unit);
  if (unit === 0 || !draws.chance(0.012)) return own;
  const other = ownHead(world, unit - 1);
  const years = 6 + draws.whole(0, 30);
  return {
    ...other,
    born: Math.max(other.born - Math.round(years * YEAR), Math.round(world.now - 99 * YEAR)),
    likeness: 'namesake',
  };
};

const sketches = (world: World, unit: number, isLead: boolean): readonly Sketch[] => {
  const draws = world.draws('household', unit);
  const first = headOf(world, unit, draws);
  const size = isLead ? 1 : sizeOf(draws);
  const made: Sketch[] = [first];
  const youngEnough = (world.now - first.born) / YEAR > 22;
  while (made.length < size) {
    const last = made[made.length - 1];
    if (made.length === 1 && (size === 2 || draws.chance(0.8))) made.push(secondMember(draws, world, first));
    else if (!youngEnough) made.push(partnerOf(draws, world, first));
    else made.push(childOf(draws, world, first, last?.place === 'child' && draws.chance(0.2) ? last : undefined));
  }
  return made;
};

type Setting = {
  readonly world: World;
  readonly unit: number;
  readonly kind: Unit['kind'];
  readonly firstOrdinal: number;
  readonly address: Address;
  readonly familyEmail: string | undefined;
};

const emailFor = (draws: Draws, sketch: Sketch, age: number, setting: Setting): string | undefined => {
  if (age < 14 || !draws.chance(age > 78 ? 0.45 : 0.83)) return undefined;
  if (setting.familyEmail !== undefined && sketch.place !== 'child') return setting.familyEmail;
  return emailOf(draws, sketch.firstName, sketch.lastName, setting.firstOrdinal + age);
};

const personFrom = (sketch: Sketch, slot: number, setting: Setting): Person => {
  const { world, unit, kind, address } = setting;
  const index = unit * MEMBERS + slot;
  const draws = world.draws('reach', index);
  const ordinal = setting.firstOrdinal + slot - 1;
  const age = Math.floor((world.now - sketch.born) / YEAR);
  const email = emailFor(draws, sketch, age, setting);
  return {
    ...sketch,
    key: kind === 'lead' ? leadKey(unit) : contactKey(unit, slot),
    kind: kind === 'lead' ? 'lead' : 'contact',
    unit,
    slot,
    index,
    ordinal,
    address,
    sharesEmail: email !== undefined && email === setting.familyEmail,
    ...(email === undefined ? {} : { email }),
    ...(age >= 12 && draws.chance(age > 80 ? 0.45 : 0.78) ? { mobile: mobileOf(ordinal) } : {}),
    ...(sketch.place !== 'child' && draws.chance(0.4) ? { landline: landlineOf(unit, address.postalCode) } : {}),
  };
};

const unitOf = (world: World, number: number, firstOrdinal: number): Unit => {
  const draws = world.draws('unit', number);
  const kind = draws.chance(0.0625) ? 'lead' : 'household';
  const address = addressOf(draws);
  const drawn = sketches(world, number, kind === 'lead').slice(0, world.people - firstOrdinal);
  const shared = drawn.length > 1 && draws.chance(0.16);
  const familyEmail = shared ? familyEmailOf(draws, drawn[0]?.lastName ?? '', number) : undefined;
  const setting: Setting = { world, unit: number, kind, firstOrdinal, address, familyEmail };
  return { number, kind, address, people: drawn.map((sketch, i) => personFrom(sketch, i + 1, setting)) };
};

/** Every unit in order, each made from (seed, its number) alone; the last one is cut to the number of people asked for. */
export function* unitsOf(world: World): Generator<Unit> {
  let made = 0;
  for (let number = 0; made < world.people; number += 1) {
    const unit = unitOf(world, number, made);
    made += unit.people.length;
    yield unit;
  }
}

/** Whole years on the world's day; a birthday on 29 February is kept on 1 March. */
export const ageOf = (world: World, person: Pick<Person, 'born'>): number => {
  const years = yearOf(world.now) - yearOf(person.born);
  return dateOf(world.now).slice(5) < dateOf(person.born).slice(5) ? years - 1 : years;
};

/**
 * The last answer, kept: one stage asks for the same person's story several times in a row. One slot, because a map of
 * millions of people costs more than making the story again.
 */
export const keepingLast = <T>(make: (world: World, person: Person) => T): ((world: World, person: Person) => T) => {
  let last: { readonly person: Person; readonly made: T } | undefined;
  return (world, person) => {
    if (last?.person !== person) last = { person, made: make(world, person) };
    return last.made;
  };
};
