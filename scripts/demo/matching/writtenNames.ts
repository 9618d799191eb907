import { gazetteer } from '../gazetteer.ts';
import type { Draws } from '../random.ts';
import type { Member } from './households.ts';
import { noted, type PersonRecord } from './personRecord.ts';
import { givenNameOf } from './names.ts';
import { compoundElsewhere, garbled, mistyped, withoutAccents, withParticleElsewhere } from './slips.ts';
import type { SourceNoise } from './words.ts';

const { nicknames } = gazetteer.variants;

type Names = Pick<PersonRecord, 'given' | 'family' | 'birthName' | 'changes'>;

const firstPart = (name: string): string => {
  const hyphen = name.indexOf('-');
  return hyphen < 1 ? name : name.slice(0, hyphen);
};

/** The second forename of civil status, of the time of the grandparents. */
const furtherName = (draws: Draws, { sex, year }: Member): string => givenNameOf(draws, sex, year - 40);

const writeGiven = (draws: Draws, { given }: SourceNoise, member: Member, record: Names): void => {
  const name = member.given;
  let written = name;
  const how = draws.next();
  let limit = given.nickname;
  if (how < limit) written = nicknames[name] ?? name;
  else if (how < (limit += given.initial)) written = `${name.charAt(0)}.`;
  else if (how < (limit += given.firstPart)) written = firstPart(name);
  else if (how < (limit += given.further)) written = `${name} ${furtherName(draws, member)}`;
  else if (how < limit + given.spelling) written = compoundElsewhere(draws, name);
  if (written !== name) noted(record, how < given.nickname ? 'nickname' : 'given-form');
  if (draws.chance(given.typo)) {
    written = mistyped(draws, written);
    noted(record, 'given-typo');
  }
  if (draws.chance(given.title)) written = `${member.sex === 'F' ? 'Mme' : 'M.'} ${written}`;
  record.given = written;
};

const halfOf = (draws: Draws, name: string): string => {
  const hyphen = name.indexOf('-');
  if (hyphen < 1) return name;
  return draws.chance(0.5) ? name.slice(0, hyphen) : name.slice(hyphen + 1);
};

/** Under the name at birth, a double one or one of its halves, or the usual one. */
const familyForm = (draws: Draws, { family }: SourceNoise, member: Member): string => {
  const usual = member.usage === '' ? member.family : member.usage;
  const how = draws.next();
  if (member.usage !== '' && how < family.birthName * 3) return member.family;
  if (member.usage !== '' && !usual.includes('-') && how > 1 - family.double * 2) return `${member.family}-${usual}`;
  return usual.includes('-') && draws.chance(family.half * 3) ? halfOf(draws, usual) : usual;
};

const writeFamily = (draws: Draws, source: SourceNoise, member: Member, record: Names): void => {
  const { family, missing } = source;
  const usual = member.usage === '' ? member.family : member.usage;
  let written = familyForm(draws, source, member);
  if (written !== usual) noted(record, written === member.family ? 'birth-name' : 'double-name');
  if (member.usage !== '' && !draws.chance(missing.birthName)) record.birthName = member.family;
  if (draws.chance(family.particle)) {
    const elsewhere = withParticleElsewhere(draws, written);
    if (elsewhere !== written) noted(record, 'particle');
    written = elsewhere;
  }
  if (draws.chance(family.typo)) {
    written = mistyped(draws, written);
    noted(record, 'family-typo');
  }
  record.family = written;
};

const eachName = (record: Names, write: (text: string) => string): void => {
  record.given = write(record.given);
  record.family = write(record.family);
  record.birthName = write(record.birthName);
};

const upper = (text: string): string => withoutAccents(text).toUpperCase();

const writeLetters = (draws: Draws, { letters }: SourceNoise, record: Names): void => {
  const how = draws.next();
  const before = record.given + record.family;
  if (how < letters.capitals) eachName(record, upper);
  else if (how < letters.capitals + letters.unaccented) eachName(record, withoutAccents);
  else if (how < letters.capitals + letters.unaccented + letters.mojibake) eachName(record, garbled);
  else if (how > 0.75) record.family = record.family.toUpperCase();
  if (how < letters.capitals) return;
  if (how < letters.capitals + letters.unaccented) {
    if (before !== record.given + record.family) noted(record, 'accents-lost');
  } else if (how <= 0.75 && before !== record.given + record.family) noted(record, 'mojibake');
};

/** Fills in the names of the record as that source writes them. */
export const writtenNames = (draws: Draws, source: SourceNoise, member: Member, record: PersonRecord): void => {
  writeGiven(draws, source, member, record);
  writeFamily(draws, source, member, record);
  writeLetters(draws, source, record);
  if (draws.chance(source.swapped)) {
    const { given, family } = record;
    record.given = family;
    record.family = given;
    noted(record, 'swapped-names');
  }
};
