import { gazetteer } from '../gazetteer.ts';
import { reusableDraws, type Draws } from '../random.ts';
import { familyMailboxOf, landlineOf, mailboxOf, mobileOf, writtenPhone } from './contacts.ts';
import type { Household, Member } from './households.ts';
import { noted, type PersonRecord } from './personRecord.ts';
import { communeOf, homeOf, type Home } from './places.ts';
import { mistyped, otherDigit, swappedDigits } from './slips.ts';
import { aliasTable } from './tables.ts';
import { noise, type SourceNoise } from './words.ts';
import { writtenHome } from './writtenHome.ts';
import { writtenNames } from './writtenNames.ts';

const { emailDomainTypos } = gazetteer.variants;

/** RangeError when there is no such mix in noise.json. */
export const sourceTable = (mix: string): ((draws: Draws) => SourceNoise) => {
  const shares = noise.mixes[mix];
  if (shares === undefined) throw new RangeError(`profile: one of ${Object.keys(noise.mixes).join(', ')}`);
  return aliasTable(
    Object.entries(shares).map(([name, weight]) => {
      const source = noise.sources[name];
      if (source === undefined) throw new RangeError(`noise.json: no source ${name}`);
      return [source, weight] as const;
    }),
  );
};

const pad = (value: number): string => (value < 10 ? `0${value}` : String(value));

const writeBirth = (draws: Draws, { birthDate }: SourceNoise, member: Member, record: PersonRecord): void => {
  const { year, month, day } = member;
  let written = `${year}-${pad(month)}-${pad(day)}`;
  const how = draws.next();
  let limit = birthDate.dayMonth;
  if (how < limit && day <= 12 && day !== month) {
    written = `${year}-${pad(day)}-${pad(month)}`;
    noted(record, 'day-month');
  } else if (how >= limit && how < (limit += birthDate.digit)) {
    written = `${year}-${pad(month)}-${pad(Math.max(1, Math.min(28, day + draws.pick([-10, -1, 1, 10]))))}`;
    noted(record, 'birth-digit');
  } else if (how >= limit && how < (limit += birthDate.year)) {
    written = `${year + draws.pick([-10, -1, 1, 10])}-${pad(month)}-${pad(day)}`;
    noted(record, 'birth-year');
  } else if (how >= limit && how < limit + birthDate.firstOfJanuary) {
    written = `${year}-01-01`;
    noted(record, 'first-of-january');
  }
  record.birthDate = written;
};

const writePhone = (draws: Draws, { phone }: SourceNoise, member: Member, record: PersonRecord): void => {
  const home = draws.chance(phone.landline);
  let digits = home ? landlineOf(member.household) : mobileOf(member.number);
  if (!home && draws.chance(0.08)) {
    digits = mobileOf(member.number + 3_000_017);
    noted(record, 'other-phone');
  }
  const how = draws.next();
  if (how < phone.digit) {
    digits = otherDigit(draws, digits, 2);
    noted(record, 'phone-digit');
  } else if (how < phone.digit + phone.swapped) {
    digits = swappedDigits(draws, digits, 2);
    noted(record, 'phone-swap');
  }
  if (draws.chance(phone.lost)) {
    record.phone = digits.slice(1);
    noted(record, 'phone-zero-lost');
  } else record.phone = writtenPhone(draws, digits);
};

/** What a maker of records keeps at hand: streams of draws that are used again for each person. */
export type RecordStreams = {
  readonly mailbox: ReturnType<typeof reusableDraws>;
  readonly elsewhere: ReturnType<typeof reusableDraws>;
};

const writeEmail = (
  draws: Draws,
  { email }: SourceNoise,
  { household, member, streams }: Subject,
  record: PersonRecord,
): void => {
  const version = draws.chance(email.other) ? 1 : 0;
  if (household.sharesMailbox && draws.chance(0.5)) {
    streams.mailbox.at(-1 - household.number);
    record.email = familyMailboxOf(streams.mailbox, household);
    noted(record, 'family-mailbox');
  } else {
    streams.mailbox.at(member.number * 2 + version);
    record.email = mailboxOf(streams.mailbox, member, version);
    if (version > 0) noted(record, 'other-email');
  }
  const how = draws.next();
  const at = record.email.indexOf('@');
  const [user, domain] = [record.email.slice(0, at), record.email.slice(at + 1)];
  if (how < email.local) {
    record.email = `${mistyped(draws, user)}@${domain}`;
    noted(record, 'email-typo');
  } else if (how < email.local + email.domain) {
    record.email = `${user}@${draws.pick(emailDomainTypos[domain] ?? [domain])}`;
    noted(record, 'email-domain');
  }
};

export type Subject = { readonly household: Household; readonly member: Member; readonly streams: RecordStreams };

const birthPlaceOf = ({ household, member, streams }: Subject): string => {
  streams.elsewhere.at(-1 - member.number);
  return (streams.elsewhere.chance(0.4) ? household.home.commune : communeOf(streams.elsewhere)).name;
};

const homeFor = (draws: Draws, { household, member, streams }: Subject): readonly [Home, string] => {
  if (!member.moved || draws.chance(0.5)) return [household.home, `${household.number}`];
  streams.elsewhere.at(member.number);
  return [homeOf(streams.elsewhere), `${household.number}-${member.number}`];
};

/** Without the date of birth a parent and a child of one name, or somebody at another address, could be anybody. */
const needsBirth = ({ likeness }: Member, livesAt: string): boolean =>
  likeness === 'parent-and-child' || livesAt.includes('-');

const filled = (record: PersonRecord): number =>
  (record.birthDate === '' ? 0 : 1) +
  (record.email === '' ? 0 : 1) +
  (record.phone === '' ? 0 : 1) +
  (record.address === '' ? 0 : 1);

/** With less than two nobody, person or program, could tell whose the record is. */
const fillUp = (
  draws: Draws,
  source: SourceNoise,
  { subject, home }: { subject: Subject; home: Home },
  record: PersonRecord,
): void => {
  if (filled(record) < 2 && record.birthDate === '') writeBirth(draws, source, subject.member, record);
  if (filled(record) < 2 && record.address === '') writtenHome(draws, source, home, record);
};

const civilityOf = (draws: Draws, chance: number, { sex }: Member): string =>
  draws.chance(chance) ? '' : sex === 'F' ? 'Mme' : 'M.';

/**
 * A record of that person as one source would hold it. At least two of birth date, e-mail, telephone and address are filled.
 */
export const recordOf = (draws: Draws, source: SourceNoise, subject: Subject): PersonRecord => {
  const { member } = subject;
  const { missing } = source;
  const [home, livesAt] = homeFor(draws, subject);
  const record: PersonRecord = {
    civility: civilityOf(draws, missing.civility, member),
    given: '',
    family: '',
    birthName: '',
    birthDate: '',
    birthPlace: '',
    email: '',
    phone: '',
    address: '',
    postcode: '',
    city: '',
    livesAt,
    changes: '',
  };
  if (livesAt.includes('-')) noted(record, 'moved');
  writtenNames(draws, source, member, record);
  if (needsBirth(member, livesAt) || !draws.chance(missing.birthDate)) writeBirth(draws, source, member, record);
  if (!draws.chance(missing.birthPlace)) record.birthPlace = birthPlaceOf(subject);
  if (!draws.chance(missing.email)) writeEmail(draws, source, subject, record);
  if (!draws.chance(missing.phone)) writePhone(draws, source, member, record);
  if (!draws.chance(missing.address)) writtenHome(draws, source, home, record);
  fillUp(draws, source, { subject, home }, record);
  return record;
};
