import { bulk, perUnit, type DemoRow, type RowsOfUnit, type Stage } from '../batches.ts';
import { individualKey, hasIndividual } from './individuals.ts';
import { accountKey, organisationKey, relatedKey } from '../keys.ts';
import { ageOf } from '../people.ts';
import { recordsOf, type PersonRecord } from '../records.ts';
import { membershipsOf } from '../standing.ts';
import { dateOf, instantOf, type World } from '../world.ts';

const salutationOf = ({ person }: PersonRecord): string => (person.sex === 'F' ? 'Mme' : 'M.');

const addressColumns = ({ address }: PersonRecord, prefix: string): DemoRow => ({
  [`${prefix}Street`]: address.street || null,
  [`${prefix}PostalCode`]: address.postalCode || null,
  [`${prefix}City`]: address.city || null,
  [`${prefix}Country`]: 'France',
});

const specialColumns = (world: World, record: PersonRecord): DemoRow => {
  const draws = world.draws('special', record.person.index);
  const first = record.standing === 'live';
  const religion = draws.chance(0.04)
    ? draws.pick(['Catholique', 'Musulmane', 'Juive', 'Protestante', 'Bouddhiste'])
    : null;
  const diet = draws.chance(0.05)
    ? draws.pick(['Halal', 'Casher', 'Sans gluten (cœliaque)', 'Végétarien', 'Diabétique'])
    : null;
  return { Religion__c: first ? religion : null, Dietary_Needs__c: first ? diet : null };
};

const membershipColumns = (world: World, record: PersonRecord): DemoRow => {
  const all = record.standing === 'live' ? membershipsOf(world, record.person, record.fate) : [];
  const [first, last] = [all.at(0), all.at(-1)];
  return {
    Member_Since__c: first === undefined ? null : dateOf(first.from),
    Membership_End__c: last === undefined ? null : dateOf(last.to),
    Is_Volunteer__c: record.standing === 'live' && record.fate.role === 'volunteer',
  };
};

const linkColumns = (world: World, record: PersonRecord): DemoRow => {
  const { person } = record;
  const draws = world.draws('links', person.index);
  const employer = ageOf(world, person) >= 22 && draws.chance(0.06) ? draws.whole(0, world.organisations - 1) : null;
  const current = record.standing === 'live';
  return {
    'Account.Demo_Key__c': record.accountKey,
    'npsp__Primary_Affiliation__r.Demo_Key__c': current && employer !== null ? organisationKey(employer) : null,
    'npsp__Current_Address__r.Demo_Key__c': current ? relatedKey('AD', accountKey(person.unit)) : null,
    'Individual.Demo_Key__c': current && hasIndividual(world, person) ? individualKey(person) : null,
  };
};

const bounceColumns = (record: PersonRecord): DemoRow => ({
  EmailBouncedDate: record.bounced ? instantOf(record.modified) : null,
  EmailBouncedReason: record.bounced ? '550 5.1.1 user unknown' : null,
});

const contactRow = (world: World, record: PersonRecord): DemoRow => ({
  Demo_Key__c: record.key,
  ...linkColumns(world, record),
  Salutation: salutationOf(record),
  FirstName: record.firstName.slice(0, 40),
  LastName: record.lastName.slice(0, 80),
  Birthdate: record.birthDate,
  Email: record.email,
  npe01__HomeEmail__c: record.email,
  npe01__WorkEmail__c: record.workEmail,
  npe01__Preferred_Email__c: record.email === null && record.workEmail === null ? null : 'Personal',
  MobilePhone: record.mobile,
  HomePhone: record.landline,
  ...addressColumns(record, 'Mailing'),
  npsp__Undeliverable_Address__c: record.broken.includes('address'),
  ...bounceColumns(record),
  HasOptedOutOfEmail: record.optedOutOfEmail,
  DoNotCall: record.doNotCall,
  npsp__Do_Not_Contact__c: record.doNotContact,
  npsp__Deceased__c: record.deceased,
  Description: record.note?.text ?? null,
  ...specialColumns(world, record),
  ...membershipColumns(world, record),
  CreatedDate: instantOf(record.created, record.person.index),
  LastModifiedDate: instantOf(Math.max(record.modified, record.created), record.person.index),
});

const leadRow = (world: World, record: PersonRecord): DemoRow => ({
  Demo_Key__c: record.key,
  Salutation: salutationOf(record),
  FirstName: record.firstName.slice(0, 40),
  LastName: record.lastName.slice(0, 80),
  Company: 'Particulier',
  Status: world.draws('lead', record.person.index).pick(['Open - Not Contacted', 'Working - Contacted']),
  LeadSource: world.draws('lead source', record.person.index).pick(['Web', 'Phone Inquiry', 'Other', 'Purchased List']),
  Email: record.email,
  Phone: record.landline,
  MobilePhone: record.mobile,
  ...addressColumns(record, ''),
  HasOptedOutOfEmail: record.optedOutOfEmail,
  DoNotCall: record.doNotCall,
  Description: record.note?.text ?? null,
  CreatedDate: instantOf(record.created, record.person.index),
  LastModifiedDate: instantOf(Math.max(record.modified, record.created), record.person.index),
});

const rowsOfObject =
  (object: PersonRecord['object'], row: (world: World, record: PersonRecord) => DemoRow): RowsOfUnit =>
  (world, unit) =>
    unit.people
      .flatMap((person) => recordsOf(world, person))
      .filter((record) => record.object === object)
      .map((record) => row(world, record));

export const peopleStages: readonly Stage[] = [
  bulk('Contact', perUnit(rowsOfObject('Contact', contactRow))),
  bulk('Lead', perUnit(rowsOfObject('Lead', leadRow))),
];

/** Records in the bin: put there last, when all their children are in. */
export const binStages: readonly Stage[] = (['Contact', 'Lead'] as const).map((object) => ({
  object,
  via: 'bulk',
  operation: 'delete',
  rows: perUnit((world, unit) =>
    unit.people
      .flatMap((person) => recordsOf(world, person))
      .filter((record) => record.object === object && record.standing === 'in-bin')
      .map((record) => ({ IdKey: record.key })),
  ),
}));
