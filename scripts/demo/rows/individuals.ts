import { bulk, perUnit, type DemoRow, type RowsOfUnit, type Stage } from '../batches.ts';
import { fateOf } from '../fates.ts';
import { relatedKey } from '../keys.ts';
import type { Person } from '../people.ts';
import { firstRecordOf } from '../records.ts';
import { choicesOf, type ConsentChoice, type Purpose } from '../standing.ts';
import { dateOf, instantOf, type World } from '../world.ts';

export const individualKey = (person: Person): string => relatedKey('I', person.key);

/** The association turned data privacy records on late: who chose something on line has one. */
export const hasIndividual = (world: World, person: Person): boolean =>
  choicesOf(world, person).some((choice) => choice.source === 'web');

const PURPOSES: readonly (readonly [Purpose, string])[] = [
  ['newsletter', "Lettre d'information"],
  ['appeals', 'Appels à la générosité'],
  ['partners', 'Partage avec des associations partenaires'],
];

const purposeKey = (purpose: Purpose): string => `PU-${purpose}`;

const purposeRows = (): readonly DemoRow[] =>
  PURPOSES.map(([purpose, name]) => ({ Demo_Key__c: purposeKey(purpose), Name: name, CanDataSubjectOptOut: true }));

const withIndividual = (world: World, people: readonly Person[]): readonly Person[] =>
  people.filter((person) => hasIndividual(world, person));

const individualRows: RowsOfUnit = (world, unit) =>
  withIndividual(world, unit.people).map((person) => {
    const fate = fateOf(world, person);
    return {
      Demo_Key__c: individualKey(person),
      Salutation: person.sex === 'F' ? 'Mme' : 'M.',
      FirstName: person.firstName,
      LastName: person.lastName,
      BirthDate: dateOf(person.born),
      DeathDate: fate.deceased ? dateOf(world.now - 200) : null,
      HasOptedOutSolicit: fate.doNotContact,
    };
  });

const CHANNEL: Readonly<Record<ConsentChoice['channel'], string>> = {
  Email: 'Email',
  Phone: 'Phone',
  Mail: 'MailingAddress',
};

const consentRow = (person: Person, choice: ConsentChoice): DemoRow => ({
  Name: `${choice.purpose} ${choice.channel} ${person.firstName} ${person.lastName}`.slice(0, 255),
  'Party.Demo_Key__c': individualKey(person),
  'DataUsePurpose.Demo_Key__c': purposeKey(choice.purpose),
  ContactPointType: CHANNEL[choice.channel],
  CaptureContactPointType: choice.source === 'web' ? 'Web' : choice.source === 'phone' ? 'Phone' : 'MailingAddress',
  CaptureSource:
    choice.source === 'paper' ? 'Bulletin papier' : choice.source === 'web' ? 'Formulaire du site' : 'Appel',
  CaptureDate: instantOf(choice.day, choice.ordinal),
  EffectiveFrom: instantOf(choice.day, choice.ordinal),
  PrivacyConsentStatus: choice.given ? 'OptIn' : 'OptOut',
});

const consentRows: RowsOfUnit = (world, unit) =>
  withIndividual(world, unit.people).flatMap((person) =>
    choicesOf(world, person).map((choice) => consentRow(person, choice)),
  );

const emailPointRows: RowsOfUnit = (world, unit) =>
  withIndividual(world, unit.people).flatMap((person) => {
    const { email } = firstRecordOf(world, person);
    return email === null
      ? []
      : [{ ParentIdKey: individualKey(person), EmailAddress: email, IsPrimary: true, UsageType: 'Home' }];
  });

const phonePointRows: RowsOfUnit = (world, unit) =>
  withIndividual(world, unit.people).flatMap((person) => {
    const { mobile } = firstRecordOf(world, person);
    return mobile === null ? [] : [{ ParentIdKey: individualKey(person), TelephoneNumber: mobile, IsPrimary: true }];
  });

/** Individuals come before contacts, which refer to them. */
export const individualStages: readonly Stage[] = [
  bulk('DataUsePurpose', purposeRows),
  bulk('Individual', perUnit(individualRows)),
  bulk('ContactPointEmail', perUnit(emailPointRows)),
  bulk('ContactPointPhone', perUnit(phonePointRows)),
  bulk('ContactPointTypeConsent', perUnit(consentRows)),
];
