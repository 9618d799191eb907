import { bulk, perUnit, type DemoRow, type RowsOfUnit, type Stage } from '../batches.ts';
import { duplicatesOf, type Duplicate } from '../duplicates.ts';
import { fateOf } from '../fates.ts';
import { gazetteer } from '../gazetteer.ts';
import { sirenOf } from '../identifiers.ts';
import { accountKey, organisationKey, relatedKey } from '../keys.ts';
import { landlineOf, writtenPhone } from '../contactPoints.ts';
import { folded } from '../names.ts';
import type { Person, Unit } from '../people.ts';
import { addressOf, rewrittenAddress, type Address } from '../places.ts';
import { instantOf, type World } from '../world.ts';

const { texts } = gazetteer;

type AccountFacts = {
  readonly key: string;
  readonly name: string;
  readonly household: boolean;
  readonly address: Address;
  readonly phone: string | null;
  readonly created: number;
  readonly members: readonly Pick<Person, 'firstName' | 'lastName' | 'sex'>[];
  readonly siren: string | null;
  readonly parent: string | null;
};

const greeting = (members: AccountFacts['members'], formal: boolean): string | null =>
  members.length === 0
    ? null
    : members
        .map(({ sex, firstName, lastName }) =>
          formal ? `${sex === 'F' ? 'Mme' : 'M.'} ${firstName} ${lastName}` : firstName,
        )
        .join(' et ')
        .slice(0, 255);

const accountRow = (facts: AccountFacts): DemoRow => ({
  Demo_Key__c: facts.key,
  Name: facts.name.slice(0, 255),
  npe01__SYSTEM_AccountType__c: facts.household ? 'Household Account' : null,
  npe01__SYSTEMIsIndividual__c: facts.household,
  npo02__Formal_Greeting__c: greeting(facts.members, true),
  npo02__Informal_Greeting__c: greeting(facts.members, false),
  npsp__Number_of_Household_Members__c: facts.household ? facts.members.length : null,
  npo02__HouseholdPhone__c: facts.household ? facts.phone : null,
  Phone: facts.household ? null : facts.phone,
  BillingStreet: facts.address.street,
  BillingPostalCode: facts.address.postalCode,
  BillingCity: facts.address.city,
  BillingCountry: 'France',
  SIREN__c: facts.siren,
  'Parent.Demo_Key__c': facts.parent,
  CreatedDate: instantOf(facts.created, facts.key.length),
});

/** Day on which the household's first person was collected. */
export const unitCreated = (world: World, unit: Unit): number =>
  Math.min(...unit.people.map((person) => fateOf(world, person).created));

const householdAccount = (world: World, unit: Unit): AccountFacts => {
  const [first] = unit.people;
  const phone = unit.people.find((person) => person.landline !== undefined)?.landline;
  const others = unit.people.map((person) => person.lastName).filter((name) => name !== first?.lastName);
  return {
    key: accountKey(unit.number),
    name: `Foyer ${[...new Set([first?.lastName ?? '', ...others])].join(' et ')}`,
    household: true,
    address: unit.address,
    phone: phone === undefined ? null : writtenPhone(world.draws('household phone', unit.number), phone),
    created: unitCreated(world, unit),
    members: unit.people,
    siren: null,
    parent: null,
  };
};

/** The account of a second record that was entered as a new household. */
export const duplicateAccountKey = (person: Person, duplicate: Duplicate): string =>
  duplicate.sameHousehold ? accountKey(person.unit) : relatedKey('A', duplicate.key);

const duplicateAccounts = (world: World, person: Person): readonly AccountFacts[] =>
  duplicatesOf(world, person)
    .filter((duplicate) => duplicate.object === 'Contact' && !duplicate.sameHousehold)
    .map((duplicate) => ({
      key: duplicateAccountKey(person, duplicate),
      name: `Foyer ${duplicate.lastName}`,
      household: true,
      address: duplicate.address,
      phone: null,
      created: duplicate.created,
      members: [{ ...duplicate, sex: person.sex }],
      siren: null,
      parent: null,
    }));

const householdRows: RowsOfUnit = (world, unit) =>
  unit.kind === 'lead'
    ? []
    : [householdAccount(world, unit), ...unit.people.flatMap((person) => duplicateAccounts(world, person))].map(
        accountRow,
      );

/** Odd ones out among organisations: a second spelling of the one before, or its local section (no duplicate). */
export type OrganisationKind = 'own' | 'second-record' | 'section';

export const organisationKind = (world: World, index: number): OrganisationKind => {
  if (index % 12 === 5) return 'second-record';
  return index % 12 === 8 && world.organisations > 8 ? 'section' : 'own';
};

const ownOrganisation = (world: World, index: number): AccountFacts => {
  const draws = world.draws('organisation', index);
  const address = addressOf(draws);
  return {
    key: organisationKey(index),
    name: `${draws.pick(texts.organisations)} ${address.city}`,
    household: false,
    address,
    phone: landlineOf(9_000 + index, address.postalCode),
    created: world.now - draws.whole(1_000, 3_600),
    members: [],
    siren: draws.chance(0.7) ? sirenOf(draws) : null,
    parent: null,
  };
};

const respelled = (name: string): string =>
  name
    .replace('Association des', 'ASSO.')
    .replace('Fondation', 'FOND.')
    .replace('Entreprise', 'SARL')
    .replace(/^/, name.startsWith('Association') || name.startsWith('Fondation') ? '' : 'S.A. ');

const organisation = (world: World, index: number): AccountFacts => {
  const kind = organisationKind(world, index);
  if (kind === 'own') return ownOrganisation(world, index);
  const original = ownOrganisation(world, index - 1);
  const draws = world.draws('organisation variant', index);
  if (kind === 'section')
    return { ...ownOrganisation(world, index), name: `${original.name} - section locale`, parent: original.key };
  return {
    ...original,
    key: organisationKey(index),
    name: draws.chance(0.5) ? respelled(original.name) : folded(original.name).toUpperCase(),
    address: rewrittenAddress(draws, original.address),
    created: original.created + draws.whole(10, 900),
  };
};

function* organisationRows(world: World): Generator<DemoRow> {
  for (let index = 0; index < world.organisations; index += 1) {
    if (organisationKind(world, index) !== 'section') yield accountRow(organisation(world, index));
  }
}

function* sectionRows(world: World): Generator<DemoRow> {
  for (let index = 0; index < world.organisations; index += 1) {
    if (organisationKind(world, index) === 'section') yield accountRow(organisation(world, index));
  }
}

const addressRows: RowsOfUnit = (world, unit) => {
  if (unit.kind === 'lead') return [];
  const draws = world.draws('addresses', unit.number);
  const created = unitCreated(world, unit);
  const row = (key: string, address: Address, current: boolean, from: number): DemoRow => ({
    Demo_Key__c: key,
    'npsp__Household_Account__r.Demo_Key__c': accountKey(unit.number),
    npsp__MailingStreet__c: address.street,
    npsp__MailingPostalCode__c: address.postalCode,
    npsp__MailingCity__c: address.city,
    npsp__MailingCountry__c: 'France',
    npsp__Address_Type__c: 'Home',
    npsp__Default_Address__c: current,
    npsp__Latest_Start_Date__c: instantOf(from).slice(0, 10),
    CreatedDate: instantOf(from),
  });
  const key = relatedKey('AD', accountKey(unit.number));
  const former = draws.chance(0.12) ? [row(`${key}-OLD`, addressOf(draws), false, created)] : [];
  return [...former, row(key, unit.address, true, created)];
};

function* sectionAndHouseholdRows(world: World): Generator<DemoRow> {
  yield* sectionRows(world);
  yield* perUnit(householdRows)(world);
}

export const organisationStages: readonly Stage[] = [bulk('Account', organisationRows)];

/** Local sections, which refer to organisations, and households with their addresses. */
export const accountStages: readonly Stage[] = [
  bulk('Account', sectionAndHouseholdRows),
  bulk('npsp__Address__c', perUnit(addressRows)),
];
