import type { Needles, PersonName } from '../subject/needles/contract.ts';

/** What a person is recognised by when they come back: texts as written. */
export type PersonMarks = {
  readonly names: readonly Pick<PersonName, 'full' | 'given' | 'family'>[];
  readonly emails: readonly string[];
  readonly phones: readonly string[];
  /** `1957-03-14`. */
  readonly birthDates: readonly string[];
  readonly addresses: readonly { readonly street: string; readonly postcode: string }[];
};

/** The marks of an erased person; those shared with others are left out, they would catch the others. */
export const marksOfNeedles = ({ names, emails, phones, birthDates, addresses }: Needles): PersonMarks => ({
  names: names.map(({ full, given, family }) => ({ full, given, family })),
  ...{ emails, phones, birthDates },
  addresses: addresses.map(({ street, postcode }) => ({ street, postcode })),
});

/** Nothing to be told by. */
export const isEmpty = ({ names, emails, phones }: PersonMarks): boolean =>
  names.length === 0 && emails.length === 0 && phones.length === 0;
