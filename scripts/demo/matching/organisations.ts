import { reusableDraws, type Draws } from '../random.ts';
import { landlineOf, writtenPhone } from './contacts.ts';
import { slugOf } from './names.ts';
import { noted } from './personRecord.ts';
import { communeOf, homeOf, type Home } from './places.ts';
import { mistyped, withoutAccents } from './slips.ts';
import { aliasTable } from './tables.ts';
import { words, type SourceNoise } from './words.ts';
import { writtenHome } from './writtenHome.ts';

/** A parent or a local section of one: entities of their own, whatever name and number they share. */
export type Organisation = {
  readonly number: number;
  /** Parent and sections have the same one. */
  readonly family: number;
  /** Name as [kind, its short form, rest]. */
  readonly name: readonly [string, string, string];
  readonly section: string;
  /** Nine digits that check (Luhn) and begin with 0, as none that INSEE gave out does. */
  readonly siren: string;
  readonly home: Home;
};

export type OrganisationRecord = {
  name: string;
  siren: string;
  email: string;
  phone: string;
  address: string;
  postcode: string;
  city: string;
  changes: string;
};

const { kinds, themes, sections } = words.organisations;
const kindOf = aliasTable(kinds.map(([kind, short, weight]) => [[kind, short] as const, weight] as const));
const SLOTS = 8;

const luhn = (digits: string): number => {
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) {
    const doubled = Number(digits.charAt(digits.length - 1 - i)) * (i % 2 === 0 ? 2 : 1);
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return (10 - (sum % 10)) % 10;
};

const sirenOf = (number: number): string => {
  const digits = `0${String((number * 7919 + 104_729) % 10_000_000).padStart(7, '0')}`;
  return digits + String(luhn(digits));
};

/** `de Nantes`, `d'Angers`, `du Mans`. */
const ofPlace = (place: string): string => {
  if (place.startsWith('Le ')) return `du ${place.slice(3)}`;
  return /^[AEIOUÉÈÎH]/.test(place) ? `d'${place}` : `de ${place}`;
};

const sectionsOf = (draws: Draws, parent: Organisation): readonly Organisation[] =>
  Array.from({ length: draws.whole(1, 5) }, (_, i) => {
    const home = homeOf(draws);
    const number = parent.number + i + 1;
    const word = draws.pick(sections);
    const section = word.endsWith(' de')
      ? `${word.slice(0, -3)} ${ofPlace(home.commune.name)}`
      : `${word} ${home.commune.name}`;
    const siren = draws.chance(0.4) ? parent.siren : sirenOf(number);
    return { ...parent, number, section, siren, home };
  });

/** Makes a parent with its sections from its number alone. */
export const organisationMaker = (seed: number): ((family: number) => readonly Organisation[]) => {
  const draws = reusableDraws(seed, 'organisation');
  return (family) => {
    draws.at(family);
    const home = homeOf(draws);
    const [kind, short] = kindOf(draws);
    const place = draws.chance(0.75) ? ` ${ofPlace((draws.chance(0.8) ? home.commune : communeOf(draws)).name)}` : '';
    const name = [kind, short, `${draws.pick(themes)}${place}`] as const;
    const number = family * SLOTS;
    const parent = { number, family, name, section: '', siren: sirenOf(number), home };
    return draws.chance(0.15) ? [parent, ...sectionsOf(draws, parent)] : [parent];
  };
};

const writtenName = (
  draws: Draws,
  source: SourceNoise,
  organisation: Organisation,
  record: OrganisationRecord,
): string => {
  const [kind, short, rest] = organisation.name;
  const how = draws.next();
  let name = `${kind} ${rest}`;
  if (how < 0.12) name = `${short} ${rest}`;
  else if (how < 0.18) name = `${rest} (${kind.toLowerCase()})`;
  else if (how < 0.22 && organisation.section === '') name = rest;
  if (how < 0.22) noted(record, 'legal-form');
  if (organisation.section !== '')
    name += draws.pick([` - ${organisation.section}`, ` ${organisation.section}`, `, ${organisation.section}`]);
  if (draws.chance(source.family.typo)) {
    name = mistyped(draws, name);
    noted(record, 'name-typo');
  }
  if (draws.chance(source.letters.unaccented)) name = withoutAccents(name);
  return draws.chance(source.letters.capitals) ? withoutAccents(name).toUpperCase() : name;
};

const inThrees = (digits: string): string => `${digits.slice(0, 3)} ${digits.slice(3, 6)} ${digits.slice(6)}`;

/** A record of that organisation as one source would hold it. */
export const organisationRecordOf = (
  draws: Draws,
  source: SourceNoise,
  organisation: Organisation,
): OrganisationRecord => {
  const { siren, home, family, number } = organisation;
  const record = { name: '', siren: '', email: '', phone: '', address: '', postcode: '', city: '', changes: '' };
  record.name = writtenName(draws, source, organisation, record);
  if (!draws.chance(0.45)) record.siren = draws.chance(0.4) ? inThrees(siren) : siren;
  if (!draws.chance(source.missing.email)) {
    const box = draws.pick(['contact', 'info', 'accueil', 'secretariat']);
    record.email = `${box}@${slugOf(organisation.name[2]).slice(0, 24)}${family}.example`;
  }
  if (!draws.chance(source.missing.phone)) record.phone = writtenPhone(draws, landlineOf(5_000_011 + number));
  if (!draws.chance(source.missing.address)) writtenHome(draws, source, home, record);
  return record;
};
