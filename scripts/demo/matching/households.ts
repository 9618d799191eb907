import { gazetteer } from '../gazetteer.ts';
import type { Sex } from '../names.ts';
import { reusableDraws, type Draws } from '../random.ts';
import { familyNameOf, givenNameOf } from './names.ts';
import { homeOf, type Home } from './places.ts';
import { aliasTable } from './tables.ts';

/** Why two people of one household could be taken for one; `none` for everybody else. */
export type Likeness = 'none' | 'parent-and-child' | 'twins' | 'near-name' | 'same-initial';

export type Member = {
  /** Own among all people of the file. */
  number: number;
  household: number;
  place: 'head' | 'partner' | 'child' | 'flatmate';
  likeness: Likeness;
  sex: Sex;
  given: string;
  /** At birth. */
  family: string;
  /** In use after marriage, when it differs from the one at birth; '' otherwise. */
  usage: string;
  year: number;
  month: number;
  day: number;
  /** The file knows them at another address too. */
  moved: boolean;
};

export type Household = {
  readonly number: number;
  readonly home: Home;
  readonly members: readonly Readonly<Member>[];
  /** More than one of them reads the mailbox of the family. */
  readonly sharesMailbox: boolean;
};

/** Members have numbers of their own: household × SLOTS + slot. */
export const SLOTS = 8;
/** The day the file is looked at falls into this year. */
const THIS_YEAR = 2026;

type Shape = 'single' | 'couple' | 'family' | 'lone parent' | 'grown child' | 'namesakes' | 'flatmates';

const shapeOf = aliasTable<Shape>([
  ['single', 42],
  ['couple', 30],
  ['family', 15],
  ['lone parent', 5],
  ['grown child', 5],
  ['namesakes', 0.12],
  ['flatmates', 2.6],
]);
const ageOfHead = aliasTable([
  [20, 9],
  [30, 15],
  [40, 18],
  [50, 19],
  [60, 19],
  [70, 13],
  [80, 7],
] as const);
const likenessOfChild = aliasTable<Likeness>([
  ['none', 95],
  ['twins', 2],
  ['near-name', 1],
  ['same-initial', 2],
]);
/** Shares of partners and of children that the file knows; heads it knows always. */
const KNOWN_PARTNERS = 0.6;
const KNOWN_CHILDREN = 0.35;
const MONTH_LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const { lookalikes } = gazetteer.variants;

const bornIn = (draws: Draws, member: Member, year: number): void => {
  member.year = Math.min(THIS_YEAR - 3, year);
  member.month = draws.whole(1, 12);
  member.day = draws.whole(1, MONTH_LENGTHS[member.month - 1] ?? 28);
};

const someone = (draws: Draws, sex: Sex, year: number, place: Member['place']): Member => {
  const member: Member = {
    number: 0,
    household: 0,
    place,
    likeness: 'none',
    sex,
    given: givenNameOf(draws, sex, year),
    family: '',
    usage: '',
    year,
    month: 0,
    day: 0,
    moved: false,
  };
  bornIn(draws, member, year);
  return member;
};

const named = (draws: Draws, member: Member): Member => {
  member.family = familyNameOf(draws);
  return member;
};

/** Usage names after marriage: the partner's for most women, both for some, the own for the rest. */
const marriedName = (draws: Draws, one: Member, partner: Member): string => {
  const how = draws.next();
  const [own, other] = [one.family, partner.family];
  if (own === other || own.includes('-') || other.includes('-')) return '';
  if (one.sex === 'F' ? how < 0.62 : how < 0.01) return other;
  if (one.sex === 'F' ? how < 0.76 : how < 0.03) return one.sex === 'F' ? `${own}-${other}` : `${other}-${own}`;
  return '';
};

const partnerOf = (draws: Draws, head: Member): Member => {
  const sex: Sex = (head.sex === 'M') === draws.chance(0.97) ? 'F' : 'M';
  const partner = named(draws, someone(draws, sex, head.year + draws.whole(-8, 8), 'partner'));
  head.usage = marriedName(draws, head, partner);
  partner.usage = marriedName(draws, partner, head);
  return partner;
};

const childOf = (draws: Draws, parent: Member, family: string): Member => {
  const year = Math.min(THIS_YEAR - 3, parent.year + draws.whole(20, 38));
  const child = someone(draws, draws.chance(0.5) ? 'F' : 'M', year, 'child');
  child.family = family;
  return child;
};

const otherOfSameInitial = (draws: Draws, { given, sex, year }: Member): string => {
  for (let i = 0; i < 40; i += 1) {
    const other = givenNameOf(draws, sex, year);
    if (other !== given && other.startsWith(given.charAt(0))) return other;
  }
  return givenNameOf(draws, sex, year);
};

const siblingOf = (draws: Draws, child: Member, likeness: Likeness): Member => {
  const sibling: Member = { ...child, likeness };
  const near = lookalikes[child.given];
  if (likeness === 'near-name' && near !== undefined) [sibling.given, sibling.sex] = near;
  else if (likeness === 'twins') sibling.given = givenNameOf(draws, child.sex, child.year);
  else sibling.given = otherOfSameInitial(draws, child);
  if (likeness !== 'twins') bornIn(draws, sibling, child.year + draws.whole(1, 4));
  return sibling;
};

const addChildren = (draws: Draws, members: Member[], parent: Member, family: string): void => {
  for (let count = draws.whole(1, 3); count > 0 && members.length < SLOTS - 1; count -= 1) {
    const likeness = likenessOfChild(draws);
    if (likeness === 'none') {
      if (draws.chance(KNOWN_CHILDREN)) members.push(childOf(draws, parent, family));
    } else {
      const child = childOf(draws, parent, family);
      const sibling = siblingOf(draws, child, likeness);
      if (sibling.given !== child.given) {
        child.likeness = likeness;
        members.push(child, sibling);
      }
    }
  }
};

/** Parent and grown child of one name under one roof: all that tells them apart is the date of birth. */
const namesakeOf = (draws: Draws, parent: Member): Member => {
  if (parent.year > THIS_YEAR - 45) bornIn(draws, parent, THIS_YEAR - 45);
  parent.likeness = 'parent-and-child';
  const child: Member = { ...parent, place: 'child' };
  bornIn(draws, child, parent.year + draws.whole(20, 38));
  return child;
};

const coupleOf = (draws: Draws, head: Member, members: Member[]): Member => {
  const partner = partnerOf(draws, head);
  if (draws.chance(KNOWN_PARTNERS)) members.push(partner);
  return head.sex === 'M' ? head : partner;
};

const addFlatmates = (draws: Draws, members: Member[], year: number): void => {
  for (let count = draws.whole(1, 3); count > 0; count -= 1) {
    const sex = draws.chance(0.5) ? 'F' : 'M';
    members.push(named(draws, someone(draws, sex, year + draws.whole(-4, 4), 'flatmate')));
  }
};

const peopleOf = (draws: Draws, shape: Shape): Member[] => {
  const year = THIS_YEAR - ageOfHead(draws) - draws.whole(0, 9);
  const head = named(draws, someone(draws, draws.chance(0.54) ? 'F' : 'M', year, 'head'));
  const members = [head];
  switch (shape) {
    case 'single':
      if (head.sex === 'F' && draws.chance(0.15)) head.usage = familyNameOf(draws);
      break;
    case 'couple':
      coupleOf(draws, head, members);
      break;
    case 'family':
      addChildren(draws, members, head, coupleOf(draws, head, members).family);
      break;
    case 'lone parent':
      addChildren(draws, members, head, head.family);
      break;
    case 'grown child':
      if (head.year > THIS_YEAR - 45) bornIn(draws, head, THIS_YEAR - 45);
      members.push(childOf(draws, head, head.family));
      break;
    case 'namesakes':
      members.push(namesakeOf(draws, head));
      break;
    case 'flatmates':
      addFlatmates(draws, members, year);
  }
  return members;
};

/** Makes households of one seed, each from its number alone: the people the file knows of them. */
export const householdMaker = (seed: number): ((number: number) => Household) => {
  const draws = reusableDraws(seed, 'household');
  return (number) => {
    draws.at(number);
    const home = homeOf(draws);
    const members = peopleOf(draws, shapeOf(draws));
    let own = number * SLOTS;
    for (const member of members) {
      member.number = own;
      member.household = number;
      member.moved = draws.chance(0.1);
      own += 1;
    }
    return { number, home, members, sharesMailbox: members.length > 1 && draws.chance(0.2) };
  };
};
