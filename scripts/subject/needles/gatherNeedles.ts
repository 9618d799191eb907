import type { ModelField, ModelObject, OrgModel } from '../../model/orgModel.ts';
import type { PeopleObject } from '../../model/pack.ts';
import type { OrgRow } from '../../org/port.ts';
import { rowText } from '../rowText.ts';
import type { RecordReference } from '../graph.ts';
import type { Needles, PersonName, PostalAddress } from './contract.ts';

/** A row of the person's graph; `shared`: it tells about others too (a household), so its marks are not theirs alone. */
export type NeedleRow = RecordReference & { readonly shared: boolean; readonly row: OrgRow };

type Gathering = {
  readonly names: Map<string, PersonName>;
  readonly emails: Set<string>;
  readonly sharedEmails: Set<string>;
  readonly phones: Set<string>;
  readonly sharedPhones: Set<string>;
  readonly birthDates: Set<string>;
  readonly addresses: Map<string, PostalAddress>;
  readonly identifiers: Set<string>;
};

const textsOf = (row: OrgRow, fields: readonly string[]): readonly string[] =>
  fields.map((field) => rowText(row, field).trim()).filter((text) => text !== '');

const holds = (field: ModelField, ...keys: readonly string[]): boolean =>
  field.category !== undefined &&
  !field.category.thirdParty &&
  !field.freeText &&
  field.category.categories.some((category) => keys.some((key) => category === key || category.startsWith(`${key}.`)));

const namesOf = (object: ModelObject, holder: (field: ModelField) => boolean): readonly string[] =>
  object.fields.filter(holder).map((field) => field.name);

/** A message names its sender and its addressees: of several addresses in one row none is known to be the person's. */
const ownFields = (object: ModelObject, key: string): readonly string[] => {
  const fields = namesOf(object, (field) => holds(field, key));
  return object.kind === 'person' || fields.length < 2 ? fields : [];
};

const addName = (gathering: Gathering, person: PeopleObject, object: ModelObject, row: OrgRow): void => {
  const full = rowText(row, person.fullName).trim();
  const given = [
    ...new Set([
      ...textsOf(row, person.givenName),
      ...textsOf(
        row,
        namesOf(object, (f) => holds(f, 'user.name.first') && !/middle/i.test(f.name)),
      ),
    ]),
  ];
  const family = [
    ...new Set([
      ...textsOf(row, person.familyName),
      ...textsOf(
        row,
        namesOf(object, (f) => holds(f, 'user.name.last') && f.name !== 'Suffix'),
      ),
    ]),
  ];
  if (full === '' && family.length === 0) return;
  const name = { full, given, family, namesakes: 'unknown', familyBearers: 'unknown' } as const;
  gathering.names.set(JSON.stringify([full, given, family]), name);
};

const PART_OF_ADDRESS = /(Street|City|PostalCode|Postal_Code|Zip|StateCode|State|CountryCode|Country)(__c)?$/i;

const addAddresses = (gathering: Gathering, object: ModelObject, row: OrgRow): void => {
  const groups = new Map<string, ModelField[]>();
  for (const field of object.fields) {
    if (!holds(field, 'user.contact.address') || field.type === 'address') continue;
    const group = field.compoundFieldName ?? field.name.replace(PART_OF_ADDRESS, '');
    groups.set(group, [...(groups.get(group) ?? []), field]);
  }
  const part = (fields: readonly ModelField[], what: RegExp): string =>
    fields.filter((field) => what.test(field.name)).flatMap((field) => textsOf(row, [field.name]))[0] ?? '';
  for (const fields of groups.values()) {
    const address = {
      street: part(fields, /street/i),
      postcode: part(fields, /postal|zip/i),
      city: part(fields, /city/i),
    };
    if (address.street !== '') gathering.addresses.set(JSON.stringify(address), address);
  }
};

const FEWEST_CHARACTERS = 6;
const isIdentifier = (text: string): boolean => text.replace(/[^\p{L}\p{N}]/gu, '').length >= FEWEST_CHARACTERS;

/** Numbers that others issued for the person; keys that only mean something inside the org are its record ids. */
const addIdentifiers = (gathering: Gathering, object: ModelObject, row: OrgRow): void => {
  const keys = ['user.financial.account_number', 'user.financial.credit_card', 'user.government_id'];
  const more = object.kind === 'person' ? ['user.unique_id', 'user.account.username', 'user.financial'] : [];
  const fields = namesOf(
    object,
    (field) => holds(field, ...keys, ...more) && ['string', 'encryptedstring', 'textarea'].includes(field.type),
  );
  for (const text of textsOf(row, fields)) {
    // a score or a single plain word is no number
    if (isIdentifier(text) && /\d/.test(text)) gathering.identifiers.add(text);
  }
};

const addRow = (gathering: Gathering, one: NeedleRow, model: OrgModel): void => {
  const object = model.objects.get(one.object);
  if (object === undefined) return;
  const { row, shared } = one;
  const emails = textsOf(row, ownFields(object, 'user.contact.email')).filter((text) => /^\S+@\S+\.\S+$/.test(text));
  for (const email of emails) (shared ? gathering.sharedEmails : gathering.emails).add(email);
  const phones = [...ownPhones(object)];
  for (const phone of textsOf(row, phones)) (shared ? gathering.sharedPhones : gathering.phones).add(phone);
  addAddresses(gathering, object, row);
  if (shared) return;
  addIdentifiers(gathering, object, row);
  for (const person of model.people.filter((people) => people.object === one.object)) {
    addName(gathering, person, object, row);
    for (const email of textsOf(row, person.emails)) gathering.emails.add(email);
    for (const phone of textsOf(row, person.phones)) gathering.phones.add(phone);
    const born = person.birthDate === undefined ? '' : rowText(row, person.birthDate);
    if (/^\d{4}-\d{2}-\d{2}$/.test(born)) gathering.birthDates.add(born);
  }
};

function ownPhones(object: ModelObject): readonly string[] {
  return namesOf(
    object,
    (field) => holds(field, 'user.contact.phone_number', 'user.contact.fax_number') && field.type === 'phone',
  );
}

/**
 * What identifies one person, from the rows of their graph by what packs, charter and describe say of each field. Pure.
 * Whether others bear the name, or hold the same address, only the org knows: `measureNeedles` asks it; until then names
 * count as shared with others.
 */
export const gatherNeedles = (
  rows: readonly NeedleRow[],
  roots: readonly RecordReference[],
  { model, country }: { readonly model: OrgModel; readonly country: string },
): Needles => {
  const gathering: Gathering = {
    ...{ names: new Map(), addresses: new Map(), identifiers: new Set(), birthDates: new Set() },
    ...{ emails: new Set(), sharedEmails: new Set(), phones: new Set(), sharedPhones: new Set() },
  };
  for (const one of rows) addRow(gathering, one, model);
  const { emails, phones } = gathering;
  return {
    version: 1,
    country,
    roots: roots.map(({ object, id }) => ({ object, id })),
    names: [...gathering.names.values()],
    emails: [...emails].sort(),
    sharedEmails: [...gathering.sharedEmails].filter((email) => !emails.has(email)).sort(),
    phones: [...phones].sort(),
    sharedPhones: [...gathering.sharedPhones].filter((phone) => !phones.has(phone)).sort(),
    birthDates: [...gathering.birthDates].sort(),
    addresses: [...gathering.addresses.values()],
    identifiers: [...gathering.identifiers].sort(),
    recordIds: rows.filter(({ shared }) => !shared).map(({ id }) => id),
  };
};
