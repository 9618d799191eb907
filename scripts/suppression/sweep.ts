import type { RecordId } from '../kernel/recordId.ts';
import { soqlName, soqlString } from '../kernel/soql.ts';
import { filterToSoql } from '../model/filterSoql.ts';
import type { ModelField, OrgModel } from '../model/orgModel.ts';
import type { PeopleObject } from '../model/pack.ts';
import type { Org, OrgRow } from '../org/port.ts';
import type { Candidate } from './check.ts';

/** A record that was compared: place of a candidate in an org. */
export type SweptRecord = { readonly object: string; readonly id: string };

const STAFF = 'User';

const textIn = (row: OrgRow, field: string): string => {
  const value = row[field];
  return typeof value === 'string' ? value.trim() : '';
};
const texts = (row: OrgRow, fields: readonly string[]): readonly string[] =>
  fields.map((field) => textIn(row, field)).filter((text) => text !== '');

type Address = { readonly street: string; readonly postcode: string | undefined };

/** Streets with the postcode of the same address: `MailingStreet` and `MailingPostalCode`. */
const addressesOf = (fields: readonly ModelField[]): readonly Address[] =>
  fields
    .filter(({ name, category }) => /Street(__c)?$/i.test(name) && category?.thirdParty !== true)
    .map(({ name }) => ({
      street: name,
      postcode: fields.find((one) => one.name.toLowerCase() === name.replace(/Street/i, 'PostalCode').toLowerCase())
        ?.name,
    }));

/**
 * People of an org that were made or changed since `since` (all of them without it), as candidates. Restored rows keep
 * SystemModstamp, so that a restored backup needs a whole sweep.
 */
export const changedPeople = async function* (
  org: Pick<Org, 'query'>,
  model: OrgModel,
  since: string | undefined,
): AsyncGenerator<Candidate<SweptRecord>> {
  const conditions = since === undefined ? [] : [`SystemModstamp >= ${since}`];
  for (const person of model.people.filter(({ object }) => object !== STAFF)) {
    yield* peopleOf(org, person, { fields: model.objects.get(person.object)?.fields ?? [], conditions });
  }
};

/** One person of an org by record id, as a candidate; undefined when no object of people has it. */
export const personById = async (
  org: Pick<Org, 'query'>,
  model: OrgModel,
  id: RecordId,
): Promise<Candidate<SweptRecord> | undefined> => {
  const conditions = [`Id = ${soqlString(id)}`];
  for (const person of model.people.filter(({ object }) => object !== STAFF)) {
    const fields = model.objects.get(person.object)?.fields ?? [];
    for await (const candidate of peopleOf(org, person, { fields, conditions })) return candidate;
  }
  return undefined;
};

const peopleOf = async function* (
  org: Pick<Org, 'query'>,
  person: PeopleObject,
  { fields, conditions: wanted }: { readonly fields: readonly ModelField[]; readonly conditions: readonly string[] },
): AsyncGenerator<Candidate<SweptRecord>> {
  const addresses = addressesOf(fields);
  const names = [...person.givenName, ...person.familyName, person.fullName, ...person.emails, ...person.phones];
  const more = [
    ...(person.birthDate === undefined ? [] : [person.birthDate]),
    ...addresses.flatMap(({ street, postcode }) => [street, ...(postcode === undefined ? [] : [postcode])]),
  ];
  const known = new Set(fields.map(({ name }) => name));
  const select = [...new Set(['Id', ...[...names, ...more].filter((name) => known.has(name))])]
    .map(soqlName)
    .join(', ');
  const conditions = [filterToSoql(person.where), ...wanted].filter((one) => one !== '');
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  for await (const row of org.query(`SELECT ${select} FROM ${soqlName(person.object)}${where}`)) {
    const born = person.birthDate === undefined ? '' : textIn(row, person.birthDate);
    yield {
      place: { object: person.object, id: textIn(row, 'Id') },
      marks: {
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
      },
    };
  }
};
