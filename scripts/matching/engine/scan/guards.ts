import { GUARDS } from '../../model/contract.ts';
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
} from '../contract.ts';
import type { Data } from '../compare/contract.ts';
import { byteAt, intAt } from '../kernels/at.ts';
import { dayBits, yearOf } from '../kernels/digits.ts';
import { generationsDiffer, TWO_NAMES, twoNamesOf } from './twoPeople.ts';

export type GuardsOf = (a: number, b: number, levels: Uint8Array) => number;

const A_GENERATION = 15;

const dateGuards = (data: Data): ((a: number, b: number) => { readonly complete: boolean; readonly years: number }) => {
  const { records, layout } = data;
  const slot = layout.slot('birthDate0');
  const date = (row: number): number => (slot < 0 ? 0 : intAt(records, row * layout.stride + slot));
  return (a, b) => {
    const left = date(a);
    const right = date(b);
    const known = left !== 0 && right !== 0;
    return {
      complete: known && dayBits(left) !== 0 && dayBits(right) !== 0,
      years: known ? Math.abs(yearOf(left) - yearOf(right)) : 0,
    };
  };
};

/** Levels of one pair by what they are of; 0 where the run does not compare it. */
const levelReaders = (data: Data) => {
  const names = data.plan.comparisons.map(({ name }) => name);
  const reader = (name: string) => {
    const at = names.indexOf(name);
    return (levels: Uint8Array): number => (at < 0 ? 0 : byteAt(levels, at));
  };
  const identifiers = names.flatMap((name, i) => (name.startsWith('identifier:') ? [i] : []));
  return {
    given: reader('given-name'),
    family: reader('family-name'),
    birth: reader('birth-date'),
    birthPlace: reader('birth-place'),
    email: reader('email'),
    phone: reader('phone'),
    address: reader('address'),
    organisation: reader('organisation-name'),
    identifier: (levels: Uint8Array, level: number): boolean => identifiers.some((i) => levels[i] === level),
  };
};
type Levels = ReturnType<typeof levelReaders>;

const atOneHome = (of: Levels, levels: Uint8Array): boolean =>
  of.address(levels) >= ADDRESS.street || of.phone(levels) >= PHONE.line;

const oneNumber = (of: Levels, levels: Uint8Array): boolean =>
  of.identifier(levels, IDENTIFIER.exact) || of.identifier(levels, IDENTIFIER.close);

/** Of two people's given names: whether they differ, and whether they make two people of one home. */
const givenNames = (data: Data, of: Levels): GuardsOf => {
  const twoNames = twoNamesOf(data);
  const two: GuardsOf = (a, b, levels) => {
    const how = twoNames(a, b);
    if (how === TWO_NAMES.no) return 0;
    const named = of.email(levels) === EMAIL.exact;
    // a letter apart may be a slip, and is one when the mailbox they share is written with the name
    if (how === TWO_NAMES.letterApart) return named ? 0 : GUARDS.givenName;
    const together = atOneHome(of, levels) || of.email(levels) === EMAIL.shared;
    const siblings = together && of.family(levels) >= FAMILY.half && !oneNumber(of, levels);
    return siblings ? GUARDS.givenName | GUARDS.siblings : GUARDS.givenName;
  };
  return (a, b, levels) => {
    const level = of.given(levels);
    if (level === GIVEN.missing || level === GIVEN.exact) return 0;
    const different = level <= GIVEN.conflict ? GUARDS.givenName : 0;
    return level === GIVEN.initials ? 0 : different | two(a, b, levels);
  };
};

/** Birth dates a generation apart under one name and roof, or marks that tell one generation from the other. */
const generations = (data: Data, of: Levels): GuardsOf => {
  const dates = dateGuards(data);
  const marksDiffer = generationsDiffer(data);
  return (a, b, levels) => {
    const [given, family] = [of.given(levels), of.family(levels)];
    if (given < GIVEN.initials || family < FAMILY.half || oneNumber(of, levels)) return 0;
    const sameName = given >= GIVEN.close && family >= FAMILY.close;
    const far = sameName && of.birth(levels) === BIRTH_DATE.far && dates(a, b).years >= A_GENERATION;
    return (far && atOneHome(of, levels)) || marksDiffer(a, b) ? GUARDS.generation : 0;
  };
};

const births = (data: Data, of: Levels): GuardsOf => {
  const dates = dateGuards(data);
  return (a, b, levels) => {
    const [level, given] = [of.birth(levels), of.given(levels)];
    if (level === BIRTH_DATE.missing || level >= BIRTH_DATE.close) return 0;
    const otherName = given === GIVEN.different || given === GIVEN.conflict;
    return otherName && dates(a, b).complete ? GUARDS.birthAndName : 0;
  };
};

/** What agrees of two people when nothing does that is a person's own: a name alike and the home, or less. */
const nothingOwn = (of: Levels): GuardsOf => {
  const isReachedAlone = (levels: Uint8Array): boolean => {
    const email = of.email(levels);
    const own = email >= EMAIL.user && email !== EMAIL.shared;
    return own || of.phone(levels) === PHONE.exact;
  };
  const nearName = (levels: Uint8Array): number => {
    const given = of.given(levels);
    const differ = given < GIVEN.exact || of.family(levels) === FAMILY.different;
    return given !== GIVEN.missing && differ ? GUARDS.nearNames : 0;
  };
  return (_a, _b, levels) => {
    // of organisations names and places are all there is
    if (of.organisation(levels) !== ORGANISATION.missing || of.birth(levels) >= BIRTH_DATE.parts) return 0;
    if (oneNumber(of, levels) || isReachedAlone(levels)) return 0;
    const reached = of.phone(levels) >= PHONE.close || of.email(levels) === EMAIL.shared;
    if (reached || of.address(levels) >= ADDRESS.street) return nearName(levels);
    // families stay where they were born: a birth place is a person's own only away from the common home
    if (of.birthPlace(levels) === BIRTH_PLACE.exact) return 0;
    return of.address(levels) >= ADDRESS.postcode ? nearName(levels) : GUARDS.nothingPersonal;
  };
};

/** Organisations: sections of one, or neighbours who share an address and its telephone. */
const organisations = (of: Levels, levels: Uint8Array): number => {
  const level = of.organisation(levels);
  if (level === ORGANISATION.section) return GUARDS.section;
  const sharing = of.address(levels) >= ADDRESS.street && of.phone(levels) >= PHONE.line;
  const neighbours = level === ORGANISATION.different && sharing && of.given(levels) === GIVEN.missing;
  return neighbours && of.email(levels) < EMAIL.user && !oneNumber(of, levels) ? GUARDS.section | GUARDS.siblings : 0;
};

/** Facts about a pair that forbid doing anything automatically (GUARDS). */
export const guardsFor = (data: Data): GuardsOf => {
  const of = levelReaders(data);
  const names = givenNames(data, of);
  const dates = births(data, of);
  const ages = generations(data, of);
  const own = nothingOwn(of);
  return (a, b, levels) => {
    const identifier = of.identifier(levels, IDENTIFIER.different) ? GUARDS.identifier : 0;
    const people = names(a, b, levels) | dates(a, b, levels) | ages(a, b, levels) | own(a, b, levels);
    return people | organisations(of, levels) | identifier;
  };
};
