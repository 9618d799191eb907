import { birthDateComparison } from '../../compare/birthDate.ts';
import { type Comparison, type Data, OPEN } from '../../compare/contract.ts';
import { digitComparison } from '../../compare/digitComparison.ts';
import { MailboxGlance } from '../../compare/emailLevel.ts';
import { NOTHING_TO_COMPARE } from '../../compare/nameComparisons.ts';
import { EMAIL, FAMILY, GIVEN, ORGANISATION, PHONE } from '../../contract.ts';
import type { Reach } from '../reach.ts';
import { ADDRESS_LEVELS, AddressGlimpse } from './addressGlimpse.ts';
import { NameGlimpses } from './nameGlimpses.ts';

/** Where the state of each comparison lies in a glimpse's bits. */
const GIVEN_APART = 1;
const FAMILY_APART = 2;
const ORGANISATIONS_APART = 4;
const DATE_AT = 3;
const EMAIL_AT = 6;
const PHONE_AT = 8;
const ADDRESS_AT = 10;
const BIRTH_DATE_BITS = 7;
/** So many bits has a glimpse. */
export const GLIMPSE_BITS = 14;

const bit = (level: number): Reach => 1 << level;
const ANY: Reach = -1;

/** States of mailboxes by what is seen of them: 0 for any level. */
const EMAIL_STATES: readonly number[] = [EMAIL.missing, EMAIL.different, EMAIL.user];
/** One that is the same before the at sign may say no more than the names (compare/refinedLevels.ts). */
const EMAIL_LEVELS: readonly Reach[] = [
  ANY,
  bit(EMAIL.missing),
  bit(EMAIL.different),
  bit(EMAIL.different) | bit(EMAIL.similar) | bit(EMAIL.user),
];
const PHONE_STATES: readonly number[] = [PHONE.missing, PHONE.different, PHONE.close];
const PHONE_LEVELS: readonly Reach[] = [
  ANY,
  bit(PHONE.missing),
  bit(PHONE.different) | bit(PHONE.apart),
  bit(PHONE.close),
];

const stateOf = (states: readonly number[], levels: number): Int32Array =>
  Int32Array.from({ length: levels }, (_, level) => 1 + states.indexOf(level));

/**
 * What the records of two rows tell of each comparison without letters or knowledge: a state each, in the bits of one number.
 * Comparisons that it knows nothing of are left as facts leave them.
 */
export class Glimpses {
  private readonly stride: number;
  private readonly names: NameGlimpses;
  private readonly address: AddressGlimpse;
  private readonly dates: Comparison;
  private readonly phones: Comparison;
  private readonly mailboxes: MailboxGlance;
  private readonly emailStates = stateOf(EMAIL_STATES, OPEN + 1);
  private readonly phoneStates = stateOf(PHONE_STATES, PHONE.exact + 1);

  constructor(data: Data) {
    const phones = Array.from({ length: data.plan.width['phone'] ?? 0 }, (_, i) => `phone${i}`);
    this.stride = data.layout.stride;
    this.names = new NameGlimpses(data);
    this.address = new AddressGlimpse(data);
    this.dates = (data.plan.width['birthDate'] ?? 0) > 0 ? birthDateComparison(data) : NOTHING_TO_COMPARE;
    this.phones = phones.length > 0 ? digitComparison(data, phones, PHONE) : NOTHING_TO_COMPARE;
    this.mailboxes = new MailboxGlance(data);
  }

  /** The glimpse of two rows. */
  of(a: number, b: number): number {
    const one = a * this.stride;
    const other = b * this.stride;
    return (
      this.namesOf(one, other) |
      (this.dates.of(a, b) << DATE_AT) |
      ((this.emailStates[this.mailboxes.seen(a, b)] ?? 0) << EMAIL_AT) |
      ((this.phoneStates[this.phones.of(a, b)] ?? 0) << PHONE_AT) |
      (this.address.state(one, other) << ADDRESS_AT)
    );
  }

  /** Names that stand in each other's place may have any level. */
  private namesOf(one: number, other: number): number {
    const { names } = this;
    const apart =
      (names.givenApart(one, other) ? GIVEN_APART : 0) |
      (names.familyApart(one, other) ? FAMILY_APART : 0) |
      (names.organisationsApart(one, other) ? ORGANISATIONS_APART : 0);
    return apart !== 0 && names.maySwap(one, other) ? apart & ORGANISATIONS_APART : apart;
  }
}

type ReachIn = (glimpse: number) => Reach;

const REACH: Readonly<Record<string, ReachIn>> = {
  'given-name': (glimpse) => ((glimpse & GIVEN_APART) === 0 ? ANY : bit(GIVEN.different)),
  'family-name': (glimpse) => ((glimpse & FAMILY_APART) === 0 ? ANY : bit(FAMILY.different)),
  'organisation-name': (glimpse) => ((glimpse & ORGANISATIONS_APART) === 0 ? ANY : bit(ORGANISATION.different)),
  'birth-date': (glimpse) => bit((glimpse >>> DATE_AT) & BIRTH_DATE_BITS),
  email: (glimpse) => EMAIL_LEVELS[(glimpse >>> EMAIL_AT) & 3] ?? ANY,
  phone: (glimpse) => PHONE_LEVELS[(glimpse >>> PHONE_AT) & 3] ?? ANY,
  address: (glimpse) => ADDRESS_LEVELS[glimpse >>> ADDRESS_AT] ?? ANY,
};

/** Which levels of a comparison a glimpse leaves open, where facts leave `reach`. */
export const narrowed = (name: string, reach: Reach, glimpse: number): Reach => {
  const left = reach & (REACH[name]?.(glimpse) ?? ANY);
  // a comparison that one row has nothing for
  return left === 0 ? reach : left;
};
