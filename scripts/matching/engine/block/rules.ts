import {
  ADDRESS,
  BIRTH_DATE,
  BIRTH_PLACE,
  EMAIL,
  FAMILY,
  GIVEN,
  IDENTIFIER,
  ORGANISATION,
  PHONE,
  SEX,
} from '../contract.ts';
import type { Plan } from '../plan.ts';
import type { PartName, Rule, Settled } from './contract.ts';

const rule = (parts: readonly PartName[], narrow: readonly PartName[]): Rule => ({
  name: parts.join('+'),
  parts,
  narrow,
});

/**
 * Wide rules first tried as they are: each narrows itself where its blocks outgrow the pair budget. Several of them look at
 * parts only (heads, ends, sounds, digits), so that one corrupted field or half of one does not keep duplicates apart.
 */
export const RULES: readonly Rule[] = [
  rule(['email'], ['given-initial', 'family-sound', 'birth-date']),
  rule(['phone'], ['given-initial', 'family-sound', 'birth-date']),
  rule(['identifier'], ['family-initial', 'birth-year']),
  rule(['given-root', 'birth-date'], ['family-initial', 'area']),
  rule(['family-part', 'birth-date'], ['given-initial', 'area']),
  rule(['names'], ['birth-year', 'area', 'city', 'street', 'birth-date']),
  rule(['name-sounds', 'birth-year'], ['area', 'birth-month', 'city']),
  rule(['postcode', 'family-sound'], ['given-initial', 'birth-year', 'street']),
  rule(['birth-date', 'area'], ['family-initial', 'given-initial']),
  rule(['birth-date'], ['given-initial', 'family-initial', 'region', 'city']),
  rule(['birth-date-digits', 'family-head'], ['given-initial', 'area']),
  rule(['street', 'house-number'], ['given-initial', 'family-head', 'city']),
  rule(['street', 'given-root'], ['family-initial', 'postcode', 'birth-year']),
  rule(['postcode', 'given-root'], ['family-head', 'birth-year', 'street']),
  rule(['email-user'], ['given-initial', 'family-initial', 'birth-year']),
  rule(['family-part', 'given-initial'], ['birth-year', 'area', 'birth-day']),
  rule(['given-root', 'family-head'], ['birth-year', 'area', 'birth-day']),
  rule(['given-root', 'family-end'], ['birth-year', 'area', 'birth-day']),
  rule(['city', 'given-root'], ['family-initial', 'birth-year', 'family-head']),
  rule(['city', 'family-sound'], ['given-initial', 'birth-year', 'street']),
  rule(['birth-place', 'birth-year', 'family-initial'], ['given-initial', 'birth-month']),
  rule(['phone-end', 'given-initial'], ['family-initial', 'area']),
  rule(['organisation'], ['city', 'area', 'street']),
  rule(['organisation-sound'], ['city', 'area', 'street']),
  rule(['organisation-acronym'], ['area', 'city', 'street']),
  rule(['organisation-word', 'area'], ['city', 'street']),
  rule(['organisation-word'], ['city', 'organisation-head', 'street']),
  rule(['organisation-head', 'city'], ['street']),
];

/** Which fields of the plan a part needs (all of one list). */
export const FIELDS_OF_PART: Readonly<Record<PartName, readonly string[]>> = {
  email: ['email'],
  'email-user': ['email'],
  phone: ['phone'],
  'phone-end': ['phone'],
  identifier: [],
  given: ['given'],
  'given-root': ['given'],
  'given-sound': ['given'],
  'given-head': ['given'],
  'given-initial': ['given'],
  family: ['family'],
  'family-part': ['family'],
  'family-sound': ['family'],
  'family-head': ['family'],
  'family-end': ['family'],
  'family-initial': ['family'],
  names: ['given', 'family'],
  'name-sounds': ['given', 'family'],
  'birth-date': ['birthDate'],
  'birth-date-digits': ['birthDate'],
  'birth-year': ['birthDate'],
  'birth-day': ['birthDate'],
  'birth-month': ['birthDate'],
  'birth-place': ['birthPlace'],
  postcode: ['postcode'],
  area: ['postcode'],
  city: ['city'],
  region: ['region'],
  street: ['street'],
  'house-number': ['number'],
  sex: ['sex'],
  organisation: ['organisation'],
  'organisation-sound': ['organisation'],
  'organisation-acronym': ['organisation'],
  'organisation-word': ['organisation'],
  'organisation-head': ['organisation'],
};

const available = (plan: Plan, part: PartName): boolean =>
  part === 'identifier' ? plan.schemes.length > 0 : FIELDS_OF_PART[part].every((field) => (plan.width[field] ?? 0) > 0);

/** The rules that the columns allow, narrowing only by what there is. */
export const rulesFor = (plan: Plan): readonly Rule[] =>
  RULES.filter(({ parts }) => parts.every((part) => available(plan, part))).map((one) => ({
    ...one,
    narrow: one.narrow.filter((part) => available(plan, part)),
  }));

const exactly = (comparison: Settled['comparison'], level: number): readonly Settled[] => [{ comparison, level }];
const about = (comparison: Settled['comparison'], level: number): readonly Settled[] => [
  { comparison, level, about: true },
];

/**
 * What agreeing on a part settles: every comparison it touches must be here, for inside the rule that comparison says nothing.
 * `about`: the part is coarser than the level that is nearest to it.
 */
export const SETTLED: Readonly<Record<PartName, readonly Settled[]>> = {
  email: exactly('email', EMAIL.shared),
  'email-user': about('email', EMAIL.user),
  phone: exactly('phone', PHONE.line),
  'phone-end': about('phone', PHONE.close),
  identifier: exactly('identifier', IDENTIFIER.exact),
  given: exactly('given-name', GIVEN.exact),
  'given-root': exactly('given-name', GIVEN.similar),
  'given-sound': exactly('given-name', GIVEN.similar),
  'given-head': about('given-name', GIVEN.similar),
  'given-initial': about('given-name', GIVEN.initials),
  family: exactly('family-name', FAMILY.exact),
  'family-part': exactly('family-name', FAMILY.half),
  'family-sound': exactly('family-name', FAMILY.half),
  'family-head': about('family-name', FAMILY.similar),
  'family-end': about('family-name', FAMILY.similar),
  'family-initial': about('family-name', FAMILY.similar),
  names: [...exactly('given-name', GIVEN.exact), ...exactly('family-name', FAMILY.exact)],
  'name-sounds': [...exactly('given-name', GIVEN.similar), ...exactly('family-name', FAMILY.similar)],
  'birth-date': exactly('birth-date', BIRTH_DATE.exact),
  'birth-date-digits': about('birth-date', BIRTH_DATE.close),
  'birth-year': exactly('birth-date', BIRTH_DATE.year),
  'birth-month': about('birth-date', BIRTH_DATE.year),
  'birth-day': about('birth-date', BIRTH_DATE.year),
  'birth-place': exactly('birth-place', BIRTH_PLACE.exact),
  postcode: exactly('address', ADDRESS.postcode),
  area: exactly('address', ADDRESS.area),
  region: about('address', ADDRESS.area),
  city: exactly('address', ADDRESS.city),
  street: about('address', ADDRESS.street),
  'house-number': about('address', ADDRESS.area),
  sex: exactly('sex', SEX.same),
  organisation: exactly('organisation-name', ORGANISATION.close),
  'organisation-sound': about('organisation-name', ORGANISATION.close),
  'organisation-acronym': about('organisation-name', ORGANISATION.part),
  'organisation-word': about('organisation-name', ORGANISATION.overlap),
  'organisation-head': about('organisation-name', ORGANISATION.overlap),
};
