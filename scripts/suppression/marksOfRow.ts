import type { PeopleObject } from '../model/pack.ts';
import type { OrgRow } from '../org/port.ts';
import type { PersonMarks } from './marks.ts';

/** A field's text without blanks around it; empty where it has none. */
export const textIn = (row: OrgRow, field: string): string => {
  const value = row[field];
  return typeof value === 'string' ? value.trim() : '';
};

/** Texts of fields that are not empty. */
export const texts = (row: OrgRow, fields: readonly string[]): readonly string[] =>
  fields.map((field) => textIn(row, field)).filter((text) => text !== '');

/** A street field with the postcode field of the same address. */
export type AddressFields = { readonly street: string; readonly postcode: string | undefined };

/** `MailingStreet` and `MailingPostalCode` among the fields of an object. */
export const addressesAmong = (fields: readonly string[]): readonly AddressFields[] =>
  fields
    .filter((name) => /Street(__c)?$/i.test(name))
    .map((street) => ({
      street,
      postcode: fields.find((one) => one.toLowerCase() === street.replace(/Street/i, 'PostalCode').toLowerCase()),
    }));

/** What a row of a people object says of who it is, texts as written. */
export const marksOfRow = (
  person: PeopleObject,
  row: OrgRow,
  addresses: readonly AddressFields[] = addressesAmong(Object.keys(row)),
): PersonMarks => {
  const born = person.birthDate === undefined ? '' : textIn(row, person.birthDate);
  return {
    names: [
      {
        full: textIn(row, person.fullName),
        given: texts(row, person.givenName),
        family: texts(row, person.familyName),
      },
    ],
    emails: texts(row, person.emails),
    phones: texts(row, person.phones),
    birthDates: /^\d{4}-\d{2}-\d{2}$/.test(born) ? [born] : [],
    addresses: addresses
      .map(({ street, postcode }) => ({
        street: textIn(row, street),
        postcode: postcode === undefined ? '' : textIn(row, postcode),
      }))
      .filter(({ street, postcode }) => street !== '' || postcode !== ''),
  };
};
