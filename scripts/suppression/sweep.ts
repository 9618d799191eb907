import type { RecordId } from '../kernel/recordId.ts';
import { soqlName, soqlString } from '../kernel/soql.ts';
import { filterToSoql } from '../model/filterSoql.ts';
import type { ModelField, OrgModel } from '../model/orgModel.ts';
import type { PeopleObject } from '../model/pack.ts';
import type { Org } from '../org/port.ts';
import type { Candidate } from './check.ts';
import { addressesAmong, marksOfRow, textIn, type AddressFields } from './marksOfRow.ts';

/** A record that was compared: place of a candidate in an org. */
export type SweptRecord = { readonly object: string; readonly id: string };

const STAFF = 'User';

const addressesOf = (fields: readonly ModelField[]): readonly AddressFields[] =>
  addressesAmong(fields.filter(({ category }) => category?.thirdParty !== true).map(({ name }) => name));

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
    yield { place: { object: person.object, id: textIn(row, 'Id') }, marks: marksOfRow(person, row, addresses) };
  }
};
