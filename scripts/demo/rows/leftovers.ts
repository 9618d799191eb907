import { bulk, perUnit, type DemoRow, type RowsOfUnit, type Stage } from '../batches.ts';
import type { Person } from '../people.ts';
import { firstRecordOf, type PersonRecord } from '../records.ts';
import { instantOf, type World } from '../world.ts';

export type Leftover = { readonly imported: boolean; readonly record: PersonRecord };

/** The staging copy of a person's first entry, untouched since: the place purges forget. */
export const stagingCopyOf = (world: World, person: Person): Leftover | undefined => {
  const draws = world.draws('staging', person.index);
  if (person.kind === 'lead' || !draws.chance(0.022)) return undefined;
  return { imported: draws.chance(0.7), record: firstRecordOf(world, person) };
};

const failure = ({ firstName, lastName, email }: PersonRecord): string =>
  `Unable to insert contact ${firstName} ${lastName} (${email ?? 'no email'}): DUPLICATES_DETECTED`;

const stagingRow = ({ imported, record }: Leftover): DemoRow => ({
  'npsp__Contact1Imported__r.Demo_Key__c': imported ? record.key : null,
  'npsp__HouseholdAccountImported__r.Demo_Key__c': imported ? record.accountKey : null,
  npsp__Status__c: imported ? 'Imported' : 'Failed',
  npsp__FailureInformation__c: imported ? null : failure(record),
  npsp__Contact1_Firstname__c: record.firstName.slice(0, 40),
  npsp__Contact1_Lastname__c: record.lastName.slice(0, 80),
  npsp__Contact1_Birthdate__c: record.birthDate,
  npsp__Contact1_Personal_Email__c: record.email,
  npsp__Contact1_Mobile_Phone__c: record.mobile,
  npsp__Home_Street__c: record.address.street || null,
  npsp__Home_Zip_Postal_Code__c: record.address.postalCode || null,
  npsp__Home_City__c: record.address.city || null,
  npsp__Contact1_Consent_Message__c: "J'accepte de recevoir la lettre d'information.",
  npsp__Contact1_Consent_Opt_In__c: !record.optedOutOfEmail,
  npsp__ImportedDate__c: imported ? instantOf(record.created) : null,
  CreatedDate: instantOf(record.created),
});

/** True when an error log quotes this person. */
export const isQuotedInErrors = (world: World, person: Person): boolean =>
  person.kind === 'contact' && world.draws('errors', person.index).chance(0.006);

const errorRow = (world: World, record: PersonRecord): DemoRow => {
  const day = world.draws('error day', record.person.index).whole(record.created, world.now);
  return {
    npsp__Error_Type__c: 'System.DmlException',
    npsp__Object_Type__c: 'Contact',
    npsp__Context_Type__c: 'RDO',
    npsp__Datetime__c: instantOf(day),
    npsp__Full_Message__c: `Update failed. First exception on row 0; first error: FIELD_CUSTOM_VALIDATION_EXCEPTION, ${record.firstName} ${record.lastName} (${record.email ?? record.mobile ?? 'sans contact'}): adresse invalide`,
    npsp__Stack_Trace__c: `Class.npsp.CON_Save: line 214, ${record.lastName}`,
    CreatedDate: instantOf(day),
  };
};

const stagingRows: RowsOfUnit = (world, unit) =>
  unit.people.flatMap((person) => {
    const copy = stagingCopyOf(world, person);
    return copy === undefined ? [] : [stagingRow(copy)];
  });

const errorRows: RowsOfUnit = (world, unit) =>
  unit.people
    .filter((person) => isQuotedInErrors(world, person))
    .map((person) => errorRow(world, firstRecordOf(world, person)));

export const leftoverStages: readonly Stage[] = [
  bulk('npsp__DataImport__c', perUnit(stagingRows)),
  bulk('npsp__Error__c', perUnit(errorRows)),
];
